"""A request and a finding of the cast's auditor."""

from datetime import timedelta

from audits.choices import FindingSource, Grade
from audits.models import AuditFinding, AuditRequest
from audits.services.asking import Wanted, ask
from audits.services.finding_steps import StepWish, add_step
from audits.services.findings import FindingFacts, raise_finding
from common import clock
from tests.cast import Cast


def asked(cast: Cast, of: str = "tim", *, days: int = 7, **more: object) -> AuditRequest:
    """Audra asks `of` for something within `days`."""
    values = {"edition": "2018", "clause": "9.2"} | more
    wanted = Wanted(
        "The programme of audits, and who audits what.",
        clock.today(cast.project.time_zone) + timedelta(days=days),
        cast.parties[of],
        **values,
    )
    return ask(acting_user=cast.audra, project=cast.project, wanted=wanted)


def found(cast: Cast, grade: str = Grade.MAJOR, who: str = "audra", **more: object) -> AuditFinding:
    """`who` raises a finding, which Petra is to correct."""
    values = {"clauses": ("8.5.1",), "source": FindingSource.AUDITOR, "owner": cast.parties["petra"]} | more
    facts = FindingFacts(
        title="Changes go live without approval",
        found="Four of nine changes of February have no approval.",
        grade=grade,
        **values,
    )
    return raise_finding(acting_user=getattr(cast, who), project=cast.project, facts=facts)


def asking(cast: Cast) -> tuple[AuditRequest, AuditFinding]:
    """A request of Tim, and a finding with one action of Tim's."""
    request, finding = asked(cast), found(cast)
    wish = StepWish(
        "Name an approver for each kind of change",
        cast.parties["tim"],
        clock.today(cast.project.time_zone) + timedelta(days=20),
    )
    add_step(acting_user=cast.petra, finding=finding, wish=wish)
    return request, finding
