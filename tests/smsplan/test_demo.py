"""The demo is believable, reproducible, and made through the services."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.conf import settings

from accounts.models import User
from audits.choices import FindingState, Grade, ImprovementState, RequestState
from audits.models import Audit, AuditFinding, AuditRequest, EvidencePack, Improvement, SmsRisk, Visit
from audits.selectors.certification import way_page
from audits.selectors.cycle import entry_lines
from audits.selectors.service_changes import change_lines
from audittrail.models import Event
from audittrail.verification import check_streams
from businesscase.domain.completeness import states_of
from businesscase.domain.content import Scenario, content_from_plain
from businesscase.domain.figures import figures_by_scenario
from businesscase.domain.money import total
from businesscase.domain.parts import by_phase
from businesscase.models import ActualBenefit, ActualCost, BenefitLine, Condition, PhaseMoney, Risk
from businesscase.selectors import approved_version, cases_of, versions_of
from businesscase.selectors.content import content_of
from common import clock
from documents.selectors import version_in_force
from evidence.models import EvidenceItem, Revision
from evidence.verification import check_files
from gapanalysis.domain.answers import Value
from gapanalysis.models import Answer, Assessment, Finding
from gapanalysis.selectors.progress import progress_by_assessment, values_by_assessment
from gapanalysis.services.questionnaires import load_questionnaire
from gapanalysis.verification import check_locked
from governance.domain.commitment import Strength
from governance.models import (
    Action,
    BoardSnapshot,
    Decision,
    Gate,
    Lesson,
    Meeting,
    OutcomeReport,
    Oversight,
    Seat,
)
from governance.selectors import gate_decisions
from governance.selectors.commitment import commitment_of
from governance.selectors.gates import gate_standing
from governance.verification_decisions import check_decisions
from governance.verification_meetings import check_meetings
from notifications.models import Comment, Notice, Occasion
from phases.selectors.board import rows_of
from phases.selectors.figures import figures_of
from phases.selectors.standing import standing_of
from phases.verification import check_baselines
from projects.models import Project
from projects.permissions import access_to
from smsplan.demo.acts import plan_acts
from smsplan.demo.build import build_demo, read_story
from tests.cast import START, Cast

DAY = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def demo(supplement) -> Project:
    """A demo made on a Wednesday in September 2026."""
    load_questionnaire(folder=settings.CONTENT_DIR / "questionnaires" / "iso20000-1")
    with clock.moved_to(DAY):
        build_demo(say=lambda _line: None)
    return Project.objects.get(slug="demo")


@pytest.mark.slow
def test_the_demo_is_believable(demo: Project) -> None:
    with clock.moved_to(DAY):
        figures = figures_of(demo)
        phases, extra = figures.phases, figures.supplement
        seen_by_outsider = Project.objects.visible_to(User.objects.get(email="outsider@demo.localhost"))
        assert set(seen_by_outsider.values_list("name", flat=True)) == {"Fjord SMS", "Reefer monitoring SMS"}

    # It is history: nobody is mailed about it.
    assert not Occasion.objects.exists()
    assert not Notice.objects.exists()
    # It stands in the middle of phase 2, phase 1 closed late.
    states = dict(demo.phases.values_list("number", "state"))
    assert states == {0: "closed", 1: "closed", 2: "active", 3: "planned", 4: "planned"}
    closed = demo.phases.get(number=1)
    assert closed.closed_on > closed.end
    assert (phases[1].total, phases[2].total, phases[3].total) == (76, 172, 223)
    assert phases[1].finished == phases[1].applicable - 2  # two went on in phase 2
    assert set(demo.phase_activities.filter(carried_from__isnull=False).values_list("activity__ref", flat=True)) == {
        "CA.d",
        "DR.d.5",
    }
    assert 30 <= phases[2].finished <= 120
    assert phases[2].overdue >= 5
    assert phases[2].blocked == 6
    assert phases[2].unassigned > 0
    assert phases[2].not_applicable == 4
    # What was done is shown: files of several kinds, some by now too old, some with a newer revision.
    items = EvidenceItem.objects.filter(project=demo)
    assert items.count() >= 110
    assert items.filter(valid_until__lt=DAY.date()).exists()
    assert items.filter(revision__number=2).exists()
    assert set(items.values_list("kind", flat=True)) == {"file", "link", "record"}
    assert len(set(Revision.objects.filter(item__project=demo).values_list("content_type", flat=True))) >= 5
    assert list(check_files(False)) == []

    # It takes the supplement, counted apart; the second client left it out in one project, with a reason.
    assert extra is not None
    assert {number: tally.total for number, tally in extra.phases.items()} == {1: 14, 2: 28, 3: 28}
    assert 0 < extra.phases[2].finished < extra.phases[2].applicable
    fjord = Project.objects.get(name="Fjord SMS")
    assert (fjord.supplement_pack, "ISO 9001" in fjord.supplement_declined) == ("", True)
    assert Project.objects.get(name="Reefer monitoring SMS").supplement_pack == "sms-2018-supplement"

    # A baseline was taken when each phase started, and health is measured against the newest.
    assert [str(baseline) for baseline in demo.baselines.all()] == ["B1 Start of phase 1", "B2 Start of phase 2"]
    assert list(check_baselines(False)) == []
    with clock.moved_to(DAY):
        assert standing_of(demo).reference.name == "B2"
    # Three looks at the gap: two locked, each with its hash, one that people are answering.
    looks = list(Assessment.objects.filter(project=demo))
    assert [(look.key, look.state) for look in looks] == [
        ("baseline", "locked"),
        ("end-of-phase-1", "locked"),
        ("interim", "in progress"),
    ]
    assert list(check_locked(False)) == []
    found, said = progress_by_assessment(looks), values_by_assessment(looks)
    first, second, third = (look.pk for look in looks)
    assert found[first].asked - found[first].answered == 13
    assert said[first].of(Value.CONFORMS) < said[second].of(Value.CONFORMS)
    assert said[first].of(Value.MAJOR) > said[second].of(Value.MAJOR)
    assert 40 <= found[third].percent <= 60
    assert Answer.objects.filter(assessment=first).exclude(note="").count() >= 60
    assert Answer.objects.filter(assessment=second, reading="regressed").count() == 4
    assert Finding.objects.filter(project=demo).count() == 17
    # What phase 1 was closed with was there: its achievement analysis came before.
    closing = Event.objects.get(stream_id=demo.uuid, action="close phase", key="1")
    # Not all of its documents were in force, and the reason stands beside it.
    without = str(closing.content["changes"].get("closed without", ""))
    assert "chievement" not in without
    assert closing.content["reason"]
    _the_case_is_believable(demo)
    _the_committee_is_believable(demo)
    _its_audits_are_believable(demo)
    # Its organization knows its holidays.
    assert demo.organization.holidays.filter(name="King's Day", day__year=2026).count() == 1

    # Its history spans eleven months up to the day it is made, in order, and no further.
    times = list(Event.objects.filter(stream_id=demo.uuid).order_by("seq").values_list("at", flat=True))
    assert (DAY - times[0]).days >= 330
    assert times == sorted(times)
    assert times[-1] <= DAY
    assert not Comment.objects.filter(project=demo, at__gt=DAY).exists()
    assert list(check_streams(False)) == []


def _the_committee_is_believable(demo: Project) -> None:
    """It decided two gates, the second late, looks ahead to the third, and its record stands as it was made."""
    gates = gate_decisions(demo)
    assert {number: row.outcome for number, row in gates.items()} == {0: "go with conditions", 1: "go with conditions"}
    [deputies] = gates[0].actions.all()
    assert (deputies.state, deputies.done_on > deputies.due) == ("done", True)
    against = Seat.objects.get(decision=gates[1], choice="against")
    assert "carriers" in against.words
    assert gates[1].decided_on > Gate.objects.get(project=demo, number=1).planned_on
    assert list(check_decisions(False)) == list(check_meetings(False)) == []
    terms = Oversight.objects.select_related("terms").get(project=demo).terms
    assert (terms.key, version_in_force(terms) is not None) == ("steering-committee-terms", True)
    with clock.moved_to(DAY):
        ahead = gate_standing(demo, 2)
        record = commitment_of(demo, access_to(demo, None))
    assert (ahead.decision, ahead.may_go, ahead.met > 0, len(ahead.open) >= 3) == (None, False, True, True)
    states = Counter(Decision.objects.filter(project=demo).values_list("state", flat=True))
    assert states == {"decided": 3, "asked": 2, "withdrawn": 1}
    assert Seat.objects.filter(decision__state="asked").exclude(choice="").count() == 3
    meetings = Meeting.objects.filter(project=demo)
    assert Counter(meetings.values_list("state", flat=True)) == {"held": 8, "planned": 1}
    assert meetings.filter(minutes_approved_at__isnull=False).count() == 7
    assert BoardSnapshot.objects.filter(project=demo).count() == 8
    actions = Counter(Action.objects.filter(project=demo).values_list("state", flat=True))
    assert actions["dropped"] == 1
    assert actions["open"] >= 5
    assert set(Lesson.objects.filter(project=demo).values_list("state", flat=True)) == {"open", "applied", "noted"}
    confirmed = OutcomeReport.objects.filter(project=demo, confirmed_at__isnull=False)
    assert (
        confirmed.filter(phase_number=1).count() == OutcomeReport.objects.filter(project=demo, phase_number=1).count()
    )
    assert 0 < confirmed.filter(phase_number=2).count() < 5
    # Top management shows its commitment, not yet everywhere.
    assert record.count(Strength.FRESH) >= 8
    assert sum(point.words is not None for point in record.points) == 3


def _its_audits_are_believable(demo: Project) -> None:
    """One audit is reported, one under way, more are planned; findings and requests stand in every state."""
    audits = Counter(Audit.objects.filter(project=demo).values_list("state", flat=True))
    assert (audits["reported"], audits["underway"], audits["planned"]) == (1, 1, 3)
    reported = Audit.objects.get(project=demo, state="reported")
    assert reported.report is not None
    findings = AuditFinding.objects.filter(project=demo)
    assert set(findings.values_list("state", flat=True)) == set(FindingState.values)
    assert set(findings.values_list("grade", flat=True)) == set(Grade.values)
    assert set(AuditRequest.objects.filter(project=demo).values_list("state", flat=True)) == set(RequestState.values)
    seen = Visit.objects.filter(project=demo)
    assert set(seen.values_list("user__email", flat=True)) == {"auditor@demo.localhost"}
    assert seen.values("on").distinct().count() > 3
    improved = Improvement.objects.filter(project=demo).values_list("state", flat=True)
    assert set(improved) == set(ImprovementState.values)
    # Its job waits for a worker: the command that makes the demo does not leave it at that.
    assert list(EvidencePack.objects.filter(project=demo).values_list("ref", "state")) == [("P-01", "waiting")]
    assert SmsRisk.objects.filter(project=demo, accepted_at__isnull=False).count() == 1
    with clock.moved_to(DAY):
        way = way_page(demo)
        cycle = entry_lines(demo)
    assert Counter(quote.body.state for quote in way.quotes) == {"chosen": 1, "asked": 1, "declined": 1}
    assert [line.audit.state for line in way.audits] == ["held"] + ["planned"] * 5
    assert way.late == 0
    assert 3 <= way.done < len(way.steps)
    assert (sum(line.last is not None for line in cycle), sum(bool(line.days_late) for line in cycle)) == (2, 1)
    assert [(line.change.service, line.done) for line in change_lines(demo, "live")] == [
        ("Self-service portal for workplace requests", 8)
    ]


def _the_case_is_believable(demo: Project) -> None:
    """Both cases are approved, the draft moved on, and money was spent and came back."""
    cases = cases_of(demo)
    small, case = cases["gap analysis"], cases["implementation"]
    assert [(each.number, each.state) for each in versions_of(small)] == [(1, "approved")]
    version = approved_version(case)
    assert version is not None
    assert (version.number, version.state) == (1, "approved with conditions")
    # It was decided before phase 1 began, with all its points complete.
    assert version.decided_at < Event.objects.get(stream_id=demo.uuid, action="start phase", key="1").at
    approved = content_from_plain(version.content)
    assert all(each.complete for each in states_of(approved))
    assert [each.cost for each in by_phase(approved)][:4] == [D(40_000), D(182_000), D(264_000), D(310_000)]
    met = Condition.objects.filter(project=demo).values_list("met_on", flat=True)
    assert sorted(each is not None for each in met) == [False, False, True]
    # The case pays in about four years, the cautious one never, the draft less well than what was approved.
    draft = content_of(case)
    then, now = figures_by_scenario(approved), figures_by_scenario(draft)
    assert D(200_000) < now[Scenario.LIKELY].npv < then[Scenario.LIKELY].npv < D(320_000)
    assert now[Scenario.LOW].npv < 0
    assert 40 <= now[Scenario.LIKELY].payback_month <= 54
    assert {each.code for state in states_of(draft) for each in state.missing} == {"unowned"}
    # Phases 0 and 1 are closed in money as in work; phase 1 cost a little more, and somebody said why.
    spent = {
        number: total(ActualCost.objects.filter(case=case, phase_number=number).values_list("amount", flat=True))
        for number in range(5)
    }
    assert D(36_000) < spent[0] <= D(40_000)
    assert D(182_000) < spent[1] < D(182_000) * D("1.10")
    assert 0 < spent[2] < D(264_000)
    assert (spent[3], spent[4]) == (D(0), D(0))
    assert PhaseMoney.objects.get(case=case, phase_number=1).reason
    assert case.actual_until == date(2026, 8, 1)
    # Confirmed by those who were named; one month waits for the change manager.
    assert ActualBenefit.objects.filter(project=demo, amount__gt=0).count() >= 4
    waits = BenefitLine.objects.get(case=case, title__startswith="Overtime")
    assert not ActualBenefit.objects.filter(benefit_line=waits, month=date(2026, 8, 1)).exists()
    assert Risk.objects.filter(project=demo).count() == 17
    assert set(Risk.objects.filter(project=demo).values_list("state", flat=True)) == {"open", "closed", "happened"}


def test_the_same_plan_gives_the_same_acts(cast: Cast) -> None:
    rows = rows_of(cast.project)
    today = START + timedelta(weeks=48)
    first = plan_acts(rows, story=read_story(), start=START, today=today)
    assert first == plan_acts(rows, story=read_story(), start=START, today=today)
    assert [act.at for act in first] == sorted(act.at for act in first)
    assert first[-1].at.date() < today
