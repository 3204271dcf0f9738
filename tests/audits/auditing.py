"""An internal audit of Alder's project that is under way."""

from datetime import date

from audits.choices import AuditState
from audits.models import Audit, AuditTeam, CheckItem, Programme, Sample
from audits.selectors.impartiality import candidates
from audits.services.audits import AuditFacts, Auditor, name_auditors, plan_audit
from audits.services.checklists import add_point
from audits.services.programmes import ProgrammeFacts, begin_programme
from projects.models import Party
from tests.cast import Cast


def auditing(cast: Cast) -> Audit:
    """A programme, and in it an audit of change management that Audra leads, with Mara and Olga, with a sample.

    The rows that addresses name by their id have the id 1.
    """
    facts = ProgrammeFacts("Audits 2026", "2018", date(2026, 1, 12), date(2027, 1, 8))
    made = begin_programme(acting_user=cast.mara, project=cast.project, facts=facts)
    Programme.objects.filter(pk=made.pk).update(id=1)
    plan = AuditFacts(
        "Changes", "2018", date(2026, 3, 9), date(2026, 3, 12), ["8.5.1"], programme=Programme.objects.get()
    )
    audit = plan_audit(acting_user=cast.mara, project=cast.project, facts=plan)
    audra = next(each for each in candidates(cast.project) if each.user == cast.audra)
    lead = Auditor(audra, is_lead=True, competence="Trained auditor")
    name_auditors(acting_user=cast.mara, project=cast.project, ref=audit.ref, version=1, auditors=[lead])
    olga, _made = Party.objects.get_or_create(project=cast.project, user=cast.olga, defaults={"name": "Olga Alder"})
    for party in (cast.parties["mara"], olga):
        AuditTeam.objects.create(project=cast.project, audit=audit, party=party)
    for text in ("Are changes assessed before they are built?", "Are failed changes looked at?"):
        add_point(acting_user=cast.audra, project=cast.project, ref=audit.ref, clause="8.5.1", text=text)
    item = CheckItem.objects.filter(audit=audit)[0]
    CheckItem.objects.filter(pk=item.pk).update(id=1, look_for=["Ten changes of the last month"])
    made_sample = Sample.objects.create(
        project=cast.project, check_item_id=1, words="Talk with Tim", taken_by=cast.audra
    )
    Sample.objects.filter(pk=made_sample.pk).update(id=1)
    Audit.objects.filter(pk=audit.pk).update(state=AuditState.UNDERWAY)
    return Audit.objects.get()
