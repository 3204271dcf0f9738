"""An internal audit from its programme to its report."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audits.choices import AuditState, CheckResult, ProgrammeState
from audits.gates_internal import whole_system_audited
from audits.models import Audit, AuditClause, AuditFinding, CheckItem, Programme, Sample
from audits.selectors.audit_commitment import programmes_agreed
from audits.selectors.audits_told import ahead_lines, people_told, reported_lines
from audits.selectors.impartiality import candidates
from audits.selectors.internal import full_audit
from audits.services.audit_findings import raise_at_point
from audits.services.audit_reminders import note_audits_ahead
from audits.services.audits import (
    AuditFacts,
    Auditor,
    begin_audit,
    cancel_audit,
    change_audit,
    name_auditors,
    plan_audit,
)
from audits.services.checklists import (
    Picked,
    add_point,
    draw_sample,
    fill_checklist,
    save_point,
    take_sample,
)
from audits.services.findings import FindingFacts
from audits.services.programmes import (
    ProgrammeFacts,
    agree_programme,
    begin_programme,
    change_programme,
    propose_audits,
)
from audits.services.reporting import report_audit
from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.models import Author
from documents.selectors import newest_text
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem
from evidence.services.records import pin_record
from gapanalysis.services.questionnaires import load_questionnaire
from governance.registries import Asked
from governance.selectors.commitment import leaders_of
from notifications.models import Notice
from phases.models import PhaseActivity
from projects.models import Party
from projects.permissions import access_to
from tests.cast import Cast
from tests.gapanalysis.conftest import PACK

HELD = {"starts_on": date(2026, 3, 9), "ends_on": date(2026, 3, 12)}
CHANGE = ["8.5.1"]


def plan(cast: Cast, clauses: list[str] = CHANGE, **facts: Any) -> Audit:
    """An audit that Mara plans."""
    said = {"title": "Changes", "edition": "2018", "clauses": clauses, **HELD, **facts}
    return plan_audit(acting_user=cast.mara, project=cast.project, facts=AuditFacts(**said))


def version(audit: Audit) -> int:
    """The version of `audit` now."""
    return Audit.objects.values_list("version", flat=True).get(pk=audit.pk)


def name(cast: Cast, audit: Audit, who: str = "audra") -> Audit:
    """Mara lets somebody lead the audit."""
    return name_auditors(
        acting_user=cast.mara,
        project=cast.project,
        ref=audit.ref,
        version=version(audit),
        auditors=[
            Auditor(person, is_lead=True, competence="Trained auditor")
            for person in candidates(cast.project)
            if person.user == cast.people[who]
        ],
    )


def begin(cast: Cast, audit: Audit) -> list[CheckItem]:
    """Audra leads it, with two points of her own, and begins."""
    name(cast, audit)
    for text in ("Are changes assessed?", "Are failed changes looked at?"):
        add_point(acting_user=cast.audra, project=cast.project, ref=audit.ref, clause=CHANGE[0], text=text)
    begin_audit(acting_user=cast.audra, project=cast.project, ref=audit.ref, version=version(audit))
    return list(CheckItem.objects.filter(audit=audit))


def save(cast: Cast, audit: Audit, item: CheckItem, result: str, notes: str = "", who: str = "audra") -> CheckItem:
    """Somebody keeps a result at a point."""
    now = CheckItem.objects.get(pk=item.pk)
    return save_point(
        acting_user=cast.people[who],
        project=cast.project,
        ref=audit.ref,
        point=item.pk,
        version=now.version,
        result=result,
        notes=notes,
    )


def own(cast: Cast, ref: str, who: str) -> None:
    """Make somebody responsible for an activity."""
    party = Party.objects.get(project=cast.project, user=cast.people[who])
    PhaseActivity.objects.filter(project=cast.project, activity__ref=ref).update(accountable=party)


def last_words(cast: Cast) -> str:
    """What the trail said last."""
    return sentence(Event.objects.filter(stream=cast.project.uuid).latest("seq")).text


@pytest.mark.django_db
def test_a_programme_is_spread_over_audits_and_agreed_once_no_clause_is_left(cast: Cast) -> None:
    """Four audits hold every clause once; before that nobody can agree, and a change undoes the agreement."""
    facts = ProgrammeFacts("Audits 2026", "2018", date(2026, 3, 2), date(2027, 2, 26))
    programme = begin_programme(acting_user=cast.mara, project=cast.project, facts=facts)
    with pytest.raises(RuleBroken, match=r"No audit looks at 4\.1"):
        agree_programme(acting_user=cast.toma, project=cast.project, programme=programme, version=1)
    made = propose_audits(acting_user=cast.mara, project=cast.project, programme=programme, count=4, version=1)
    wanted, _left = full_audit(cast.project)
    assert sorted(AuditClause.objects.values_list("clause", flat=True)) == sorted(wanted)
    assert [audit.ref for audit in made] == ["IA-01", "IA-02", "IA-03", "IA-04"]
    assert all(date(2026, 3, 2) <= audit.starts_on <= audit.ends_on <= date(2027, 2, 26) for audit in made)
    with pytest.raises(RuleBroken, match="Every clause is in an audit"):
        propose_audits(acting_user=cast.mara, project=cast.project, programme=programme, count=2, version=2)
    with pytest.raises(NotPermitted, match="Top management"):
        agree_programme(acting_user=cast.audra, project=cast.project, programme=programme, version=2)
    agreed = agree_programme(acting_user=cast.toma, project=cast.project, programme=programme, version=2)
    assert (agreed.state, agreed.agreed_by) == (ProgrammeState.AGREED, cast.toma)
    changed = ProgrammeFacts("Audits 2026", "2018", date(2026, 3, 2), date(2027, 3, 26))
    change_programme(acting_user=cast.mara, project=cast.project, programme=programme, version=3, facts=changed)
    again = Programme.objects.get()
    assert (again.state, again.agreed_by) == (ProgrammeState.DRAFT, None)


@pytest.mark.django_db
def test_nobody_audits_their_own_work_and_is_told_of_which_clause(cast: Cast) -> None:
    """Petra answers for CH.i, so she cannot audit change management; Audra can."""
    own(cast, "CH.i", "petra")
    audit = plan(cast)
    with pytest.raises(RuleBroken) as refused:
        name(cast, audit, "petra")
    assert str(refused.value) == (
        "Petra Pohl cannot audit here, because nobody audits their own work: is responsible for CH.i (clause 8.5.1)."
    )
    name(cast, audit)
    assert last_words(cast) == "Mara Moss named the auditors of IA-01 Changes: Audra Ames (lead)"


@pytest.mark.django_db
def test_impartiality_is_looked_at_again_when_clauses_change_and_when_it_begins(cast: Cast) -> None:
    """Petra may audit clause 9.3 and no more; who got the work meanwhile cannot begin."""
    own(cast, "CH.i", "petra")
    audit = plan(cast, ["9.3"])
    name(cast, audit, "petra")
    wider = AuditFacts("Changes", "2018", HELD["starts_on"], HELD["ends_on"], ["9.3", "8.5.1"])
    with pytest.raises(RuleBroken, match=r"Petra Pohl cannot audit here"):
        change_audit(acting_user=cast.mara, project=cast.project, ref=audit.ref, version=version(audit), facts=wider)
    other = plan(cast)
    begin_with = name(cast, other)
    add_point(acting_user=cast.audra, project=cast.project, ref=other.ref, clause="8.5.1", text="Look")
    own(cast, "CH.i", "audra")
    with pytest.raises(RuleBroken, match=r"Audra Ames cannot audit here.*CH\.i"):
        begin_audit(acting_user=cast.mara, project=cast.project, ref=other.ref, version=begin_with.version)


@pytest.mark.django_db
def test_the_checklist_takes_the_questions_of_its_clauses_once(cast: Cast) -> None:
    """Each stands at a clause of the audit, with what to look for; a second time nothing is new."""
    load_questionnaire(folder=PACK)
    audit = plan(cast)
    made = fill_checklist(acting_user=cast.mara, project=cast.project, ref=audit.ref)
    items = list(CheckItem.objects.filter(audit=audit))
    assert made == len(items) > 0
    assert {item.clause[:5] for item in items} == {"8.5.1"}
    assert all(item.question and item.text and item.look_for for item in items)
    assert fill_checklist(acting_user=cast.mara, project=cast.project, ref=audit.ref) == 0
    assert CheckItem.objects.filter(audit=audit).count() == made


@pytest.mark.django_db
def test_only_the_auditors_of_an_audit_work_on_it(cast: Cast) -> None:
    """A manager who is not named does not; neither does the auditor before it begins; two at once is told."""
    audit = plan(cast)
    items = begin(cast, audit)
    with pytest.raises(NotPermitted, match="auditors of this audit"):
        save(cast, audit, items[0], CheckResult.CONFORMS, who="mara")
    with pytest.raises(RuleBroken, match="what you saw"):
        save(cast, audit, items[0], CheckResult.LEFT)
    save(cast, audit, items[0], CheckResult.CONFORMS, "Ten changes, all assessed.")
    with pytest.raises(StaleWrite):
        save_point(
            acting_user=cast.audra,
            project=cast.project,
            ref=audit.ref,
            point=items[0].pk,
            version=1,
            result=CheckResult.NO_CASE,
            notes="None",
        )
    waiting = plan(cast, ["9.3"])
    name(cast, waiting)
    point = add_point(acting_user=cast.audra, project=cast.project, ref=waiting.ref, clause="9.3", text="Held?")
    with pytest.raises(RuleBroken, match="Begin the audit first"):
        save(cast, waiting, point, CheckResult.CONFORMS)


@pytest.mark.django_db
def test_a_sample_is_drawn_at_random_and_says_how_to_draw_it_again(cast: Cast) -> None:
    """Of the evidence that hangs on the clause of the point; what was drawn is not drawn twice."""
    for number in range(5):
        pin_record(
            acting_user=cast.mara,
            project=cast.project,
            kind="note",
            key=f"{number}",
            content={"n": number},
            title=f"Change {number}",
            refs=["CH.i"],
        )
    audit = plan(cast)
    item = begin(cast, audit)[0]
    drawn = draw_sample(acting_user=cast.audra, project=cast.project, ref=audit.ref, point=item.pk, count=2, seed=4711)
    assert [each.words for each in drawn] == ["Drawn at random: 2 of 5, seed 4711"] * 2
    more = draw_sample(acting_user=cast.audra, project=cast.project, ref=audit.ref, point=item.pk, count=9)
    assert len(more) == 3
    assert len({each.evidence_id for each in [*drawn, *more]}) == 5
    with pytest.raises(RuleBroken, match="Nothing is left to draw from"):
        draw_sample(acting_user=cast.audra, project=cast.project, ref=audit.ref, point=item.pk, count=1)
    assert ActivityEvidence.objects.count() == 5


@pytest.mark.django_db
def test_an_audit_is_reported_once_every_point_has_a_result(cast: Cast) -> None:
    """Its report becomes a draft document that its lead wrote, what was looked at is kept, the clause counts."""
    own(cast, "CH.i", "petra")
    audit = plan(cast)
    items = begin(cast, audit)
    said = {"summary": "Changes are [assessed] | mostly.", "conclusion": "It conforms but for one point."}

    def report(who: str = "audra") -> Audit:
        return report_audit(
            acting_user=cast.people[who], project=cast.project, ref=audit.ref, version=version(audit), **said
        )

    with pytest.raises(RuleBroken, match=r"2 points have no result yet, the first at clause 8\.5\.1"):
        report()
    save(cast, audit, items[0], CheckResult.CONFORMS, "Ten changes.")
    take_sample(
        acting_user=cast.audra, project=cast.project, ref=audit.ref, point=items[0].pk, picked=Picked("Talk with Tim")
    )
    save(cast, audit, items[1], CheckResult.FINDING, "Nobody looks at failed changes.")
    with pytest.raises(RuleBroken, match="no finding is on the register"):
        report()
    finding = raise_at_point(
        acting_user=cast.audra,
        project=cast.project,
        ref=audit.ref,
        point=items[1].pk,
        version=2,
        facts=FindingFacts("Failed changes", "Three failed and were not looked at.", "minor"),
    )
    assert (finding.audit, finding.check_item_id, finding.clauses) == (audit, items[1].pk, ["8.5.1"])
    with pytest.raises(NotPermitted, match="leads this audit"):
        report("mara")
    done = report()
    assert done.state == AuditState.REPORTED
    document = done.report
    assert document is not None
    assert (document.number, document.clauses_2018, document.clauses_2011) == ("REC-01", ["9.2"], ["4.5.4.2"])
    assert document.owner == cast.parties["mara"]
    draft = newest_text(document)
    assert draft is not None
    assert "Changes are \\[assessed\\] \\| mostly." in draft.body
    assert f"| {finding.ref} | Minor nonconformity | 8.5.1 | Failed changes |" in draft.body
    assert "Talk with Tim" in draft.body
    assert "| 8.5.1 Change management | 2 points, 1 conform, one with a finding |" in draft.body
    assert Author.objects.get(document_version=draft).user == cast.audra
    kept = EvidenceItem.objects.get(title="Internal audit IA-01: what was looked at")
    assert ClauseEvidence.objects.get(item=kept).clause == "9.2"
    wanted, left = full_audit(cast.project)
    assert set(wanted) - set(left) == {"8.5.1"}
    assert not whole_system_audited(cast.project, 3, None, date(2026, 3, 12)).met
    told = set(people_told(audit.pk))
    assert {cast.petra.pk, cast.mara.pk, cast.toma.pk} <= told
    assert cast.audra.pk not in told
    notice = Notice(pk=7, project=cast.project, subject=audit.pk)
    assert reported_lines(cast.petra, [notice])[7].subject == "Audit report: IA-01 Changes"
    assert reported_lines(cast.tim, [notice]) == {}
    assert last_words(cast) == "Audra Ames reported audit IA-01 Changes as document REC-01"
    with pytest.raises(RuleBroken, match="over"):
        report()


@pytest.mark.django_db
def test_a_cancelled_audit_leaves_its_clauses_to_others(cast: Cast) -> None:
    """Words are needed, and they stay with it."""
    audit = plan(cast)
    with pytest.raises(RuleBroken, match="why it is not held"):
        cancel_audit(acting_user=cast.mara, project=cast.project, ref=audit.ref, version=1, why=" ")
    cancel_audit(acting_user=cast.mara, project=cast.project, ref=audit.ref, version=1, why="The auditor is ill")
    gone = Audit.objects.get()
    assert (gone.state, gone.state_reason) == (AuditState.CANCELLED, "The auditor is ill")
    assert not Sample.objects.exists()
    assert not AuditFinding.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"clauses": []}, "at least one clause"),
        ({"clauses": ["99.1"]}, "no clause 99.1"),
        ({"ends_on": date(2026, 3, 1)}, "before the beginning"),
        ({"starts_on": None}, "when it begins"),
        ({"title": " "}, "a name"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(cast: Cast, facts: dict[str, Any], said: str) -> None:
    """At the field that is wrong, and nothing is kept."""
    with pytest.raises(RuleBroken, match=said):
        plan(cast, **facts)
    assert not Audit.objects.exists()


@pytest.mark.django_db
def test_gate_3_passes_once_reported_audits_looked_at_every_clause(cast: Cast) -> None:
    """A clause above counts for all below it; what is only planned does not count."""
    audit = plan(cast, ["4", "5", "6", "7", "8", "9", "10"])
    assert whole_system_audited(cast.project, 3, None, date(2026, 3, 12)).value == "0 of 50 clauses"
    Audit.objects.filter(pk=audit.pk).update(state=AuditState.REPORTED)
    reading = whole_system_audited(cast.project, 3, None, date(2026, 3, 12))
    assert (reading.met, reading.value, reading.detail) == (True, "50 of 50 clauses", "")


@pytest.mark.django_db
def test_agreeing_to_a_programme_shows_commitment_of_top_management_alone(cast: Cast) -> None:
    """Toma's word counts, Mara's does not."""
    for who in ("mara", "toma"):
        facts = ProgrammeFacts(f"Audits of {who}", "2018", date(2026, 3, 2), date(2027, 2, 26))
        made = begin_programme(acting_user=cast.mara, project=cast.project, facts=facts)
        propose_audits(acting_user=cast.mara, project=cast.project, programme=made, count=1, version=1)
        agree_programme(acting_user=cast.people[who], project=cast.project, programme=made, version=2)
    asked = Asked(cast.project, access_to(cast.project, cast.mara), leaders_of(cast.project))
    proofs = programmes_agreed(asked)["4.1.1.1-a"]
    assert [proof.title for proof in proofs] == ["Agreed to the audit programme “Audits of toma”"]


@pytest.mark.django_db
def test_who_is_audited_hears_of_it_once_two_weeks_ahead_and_again_where_its_day_moves(cast: Cast) -> None:
    own(cast, "CH.i", "petra")
    audit = plan(cast)
    name(cast, audit)
    begins = datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert audit.starts_on == begins.date()
    with clock.moved_to(begins - timedelta(days=15)):
        note_audits_ahead()
        assert not Notice.objects.exists()
    with clock.moved_to(begins - timedelta(days=14)):
        note_audits_ahead()
        note_audits_ahead()
        told = list(Notice.objects.filter(kind="audit ahead").values_list("person__name", flat=True))
        assert "Petra Pohl" in told
        assert "Audra Ames" not in told
        assert len(told) == len(set(told))
        notice = Notice.objects.get(kind="audit ahead", person=cast.petra)
        line = ahead_lines(cast.petra, [notice])[notice.pk]
        assert line.subject == "Internal audit of your work from Mon 9 Mar 2026: IA-01 Changes"
        Audit.objects.update(starts_on=date(2026, 3, 8))
        assert ahead_lines(cast.petra, [notice]) == {}
        note_audits_ahead()
        assert Notice.objects.filter(kind="audit ahead", person=cast.petra).count() == 2
        Audit.objects.update(state=AuditState.UNDERWAY)
        assert ahead_lines(cast.petra, Notice.objects.filter(person=cast.petra)) == {}
