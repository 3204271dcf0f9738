"""Rows on the way to the certificate, of what comes round, and of services, for the cast."""

from datetime import date

from audits.models import CertificationBody, CycleEntry, ExternalAudit, ServiceChange
from audits.services.certification import WayFacts, choose_way
from audits.services.external_audits import ExternalFacts, add_external_audit
from audits.services.service_changes import ChangeFacts, begin_service_change
from tests.cast import Cast

STAGE_1 = date(2027, 3, 1)


def on_the_way(cast: Cast, way: str = "certificate") -> None:
    """Alder chose a way, asked a body (pk 1) and planned stage 1 (X-01); something comes round (pk 1), of Petra."""
    facts = WayFacts(way, "2018", "A tender asks for it.", "Hosting at two sites")
    choose_way(acting_user=cast.mara, project=cast.project, version=0, facts=facts)
    CertificationBody.objects.bulk_create(
        [CertificationBody(pk=1, project=cast.project, name="Norm and Lind", amount=9000, state="quoted")]
    )
    CycleEntry.objects.bulk_create(
        [
            CycleEntry(
                pk=1,
                project=cast.project,
                part="check",
                title="Ask customers",
                clauses=["8.3.2"],
                months=6,
                next_on=date(2026, 1, 15),
                owner=cast.parties["petra"],
            )
        ]
    )
    stage(cast)
    new_service(cast)


def stage(cast: Cast, kind: str = "stage 1", day: date = STAGE_1) -> ExternalAudit:
    """An audit by others is planned for `day`."""
    facts = ExternalFacts(kind, day, None)
    return add_external_audit(acting_user=cast.mara, project=cast.project, facts=facts)


def new_service(cast: Cast, kind: str = "new") -> ServiceChange:
    """A service begins (S-01)."""
    facts = ChangeFacts(kind, "Backup for branches", "They lose a day.", cast.parties["petra"])
    return begin_service_change(acting_user=cast.petra, project=cast.project, facts=facts)
