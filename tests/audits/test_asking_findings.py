"""Findings: raised, corrected, looked at by somebody else, closed."""

from datetime import date, timedelta

import pytest

from audits.choices import FindingSource, FindingState, Grade
from audits.models import AuditFinding, CorrectiveAction
from audits.services.finding_steps import (
    StepWish,
    add_step,
    await_effect,
    check_effect,
    close_finding,
    finish_step,
    reopen_finding,
)
from audits.services.findings import (
    FindingFacts,
    Treatment,
    describe_finding,
    grade_finding,
    raise_finding,
    treat_finding,
    withdraw_finding,
)
from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.models import Occasion
from tests.cast import NOW, Cast

TODAY = NOW.date()
FACTS = FindingFacts(
    title="Changes go live without approval",
    found="Four of nine changes of March have no approval.",
    grade=Grade.MAJOR,
    source=FindingSource.AUDITOR,
    clauses=("9.2", "8.5.1"),
    edition="2018",
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


def raised(cast: Cast, who: str = "audra", **more: object) -> AuditFinding:
    """A finding of the cast's project."""
    facts = FindingFacts(**{name: getattr(FACTS, name) for name in FACTS.__slots__} | more)
    return raise_finding(acting_user=getattr(cast, who), project=cast.project, facts=facts)


def fresh(finding: AuditFinding) -> AuditFinding:
    """The finding as the database has it."""
    return AuditFinding.objects.select_related("project").get(pk=finding.pk)


def acted_on(cast: Cast, finding: AuditFinding, doer: str = "tim") -> AuditFinding:
    """The finding with Petra as its owner, a cause, and an action that `doer` did; its effect is awaited."""
    said = Treatment(owner=cast.parties["petra"], cause="Nobody knew who approves.", due=TODAY + timedelta(30))
    treat_finding(acting_user=cast.petra, finding=finding, version=finding.version, said=said)
    wish = StepWish("Name an approver for each kind of change", cast.parties[doer], TODAY + timedelta(20))
    step = add_step(acting_user=cast.petra, finding=finding, wish=wish)
    finish_step(
        acting_user=getattr(cast, doer), finding=finding, number=step.number, version=step.version, note="Named."
    )
    return await_effect(acting_user=cast.petra, finding=finding, version=fresh(finding).version)


def test_an_auditor_raises_a_finding_and_the_trail_says_so(cast: Cast) -> None:
    finding = raised(cast, owner=cast.parties["petra"])
    assert (finding.ref, finding.state, finding.clauses) == ("F-01", FindingState.OPEN, ["8.5.1", "9.2"])
    event = Event.objects.filter(kind="audit finding").order_by("-seq").first()
    assert event is not None
    assert (event.action, event.key) == ("raise", "F-01")
    assert Occasion.objects.get(kind="finding yours").facts["people"] == [cast.petra.pk]


@pytest.mark.parametrize(
    ("who", "more", "field"),
    [
        ("audra", {"clauses": ("8.5.1", "99.1")}, "clauses"),
        ("audra", {"title": " \u200b "}, "title"),
        ("audra", {"seen_on": TODAY + timedelta(1)}, "seen_on"),
        ("audra", {"items": ("E-9999",)}, "items"),
        ("audra", {"grade": "awful"}, "grade"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(cast: Cast, who: str, more: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        raised(cast, who, **more)
    assert refused.value.field == field
    assert not AuditFinding.objects.exists()


def test_the_team_and_the_committee_raise_none(cast: Cast) -> None:
    for who in ("tim", "cora", "bruno"):
        with pytest.raises(NotPermitted):
            raised(cast, who)


def test_whoever_corrects_a_finding_does_not_rewrite_or_regrade_it(cast: Cast) -> None:
    finding = raised(cast, owner=cast.parties["petra"])
    with pytest.raises(NotPermitted, match="Audra Ames"):
        describe_finding(acting_user=cast.mara, finding=finding, version=1, facts=FACTS)
    with pytest.raises(NotPermitted):
        grade_finding(acting_user=cast.petra, finding=finding, version=1, grade=Grade.OBSERVATION, reason="Not so bad")
    with pytest.raises(RuleBroken) as refused:
        grade_finding(acting_user=cast.audra, finding=finding, version=1, grade=Grade.MINOR, reason=" ")
    assert refused.value.field == "reason"
    graded = grade_finding(acting_user=cast.audra, finding=finding, version=1, grade=Grade.MINOR, reason="Few cases")
    assert (graded.grade, graded.version) == (Grade.MINOR, 2)


def test_a_nonconformity_needs_a_cause_and_an_action_that_is_done(cast: Cast) -> None:
    finding = raised(cast)
    with pytest.raises(RuleBroken) as refused:
        await_effect(acting_user=cast.petra, finding=finding, version=1)
    assert refused.value.field == "cause"
    treated = treat_finding(acting_user=cast.petra, finding=finding, version=1, said=Treatment(cause="Haste"))
    assert treated.state == FindingState.ACTING
    with pytest.raises(RuleBroken, match="at least one action"):
        await_effect(acting_user=cast.petra, finding=finding, version=2)
    add_step(acting_user=cast.petra, finding=finding, wish=StepWish("Teach", cast.parties["tim"], TODAY))
    with pytest.raises(RuleBroken, match="still open"):
        await_effect(acting_user=cast.petra, finding=finding, version=2)


def test_nobody_says_of_their_own_actions_that_they_work(cast: Cast) -> None:
    finding = acted_on(cast, raised(cast), doer="mara")
    later = NOW + timedelta(days=31)
    with clock.moved_to(later):
        for who in ("petra", "mara"):
            with pytest.raises(NotPermitted, match="somebody else"):
                check_effect(
                    acting_user=getattr(cast, who), finding=finding, version=finding.version, holds=True, words="Fine"
                )
        check_effect(acting_user=cast.audra, finding=finding, version=finding.version, holds=True, words="Nine of nine")
    assert fresh(finding).state == FindingState.CLOSED
    assert fresh(finding).closed_at == later


def test_that_it_works_is_said_after_a_month_that_it_does_not_at_once(cast: Cast) -> None:
    finding = acted_on(cast, raised(cast))
    with pytest.raises(RuleBroken, match="1 April 2026"):
        check_effect(acting_user=cast.audra, finding=finding, version=finding.version, holds=True, words="Seen")
    check_effect(acting_user=cast.audra, finding=finding, version=finding.version, holds=False, words="Two again")
    again = fresh(finding)
    assert (again.state, again.closed_at) == (FindingState.ACTING, None)
    assert again.effect_checks.get().words == "Two again"


def test_an_observation_closes_with_words_a_nonconformity_does_not(cast: Cast) -> None:
    major, seen = raised(cast), raised(cast, grade=Grade.OBSERVATION)
    with pytest.raises(RuleBroken, match="somebody else"):
        close_finding(acting_user=cast.petra, finding=major, version=1, words="Done")
    closed = close_finding(acting_user=cast.petra, finding=seen, version=1, words="Written into the procedure")
    assert (closed.state, closed.state_reason) == (FindingState.CLOSED, "Written into the procedure")
    again = reopen_finding(acting_user=cast.audra, finding=seen, version=2, reason="It came back")
    assert (again.state, again.closed_at, again.state_reason) == (FindingState.OPEN, None, "")


def test_of_two_people_at_once_one_writes(cast: Cast) -> None:
    finding = raised(cast)
    treat_finding(acting_user=cast.petra, finding=finding, version=1, said=Treatment(cause="Haste"))
    with pytest.raises(StaleWrite):
        treat_finding(acting_user=cast.mara, finding=finding, version=1, said=Treatment(cause="Greed"))
    with pytest.raises(StaleWrite):
        withdraw_finding(acting_user=cast.audra, finding=finding, version=1, reason="An error of mine")
    assert fresh(finding).cause == "Haste"


def test_the_owner_of_an_action_says_that_it_is_done_and_nobody_else_of_the_team(cast: Cast) -> None:
    finding = raised(cast)
    step = add_step(
        acting_user=cast.petra, finding=finding, wish=StepWish("Teach", cast.parties["tim"], date(2026, 3, 20))
    )
    with pytest.raises(NotPermitted):
        finish_step(acting_user=cast.cora, finding=finding, number=1, version=step.version, note="Taught")
    finish_step(acting_user=cast.tim, finding=finding, number=1, version=step.version, note="Taught")
    done = CorrectiveAction.objects.get(finding=finding)
    assert (done.state, done.done_on, done.done_by) == ("done", TODAY, cast.tim)
