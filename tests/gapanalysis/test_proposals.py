"""From gap to plan: what is proposed when an assessment is locked, and what comes of accepting it."""

from datetime import date, timedelta

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken
from gapanalysis.domain.answers import Value
from gapanalysis.domain.proposals import Proposal as Found
from gapanalysis.domain.proposals import Proposed, moved_due, settled
from gapanalysis.models import Assessment, Finding, Proposal
from gapanalysis.selectors.proposals import done_with_gap, lines_of
from gapanalysis.services.proposals import Choice, accept_proposals, dismiss_proposals, make_proposals
from phases.models import Phase, PhaseActivity, ProjectActivity
from phases.selectors.as_of import replayed
from phases.services.rows import RowsRefused, change_status
from tests.cast import Cast
from tests.gapanalysis.conftest import answer_of, give, make, move
from tests.phases.test_wording import said

D = date(2026, 5, 1)


def places(assessment: Assessment, **asked) -> set[tuple[str, int, str]]:
    return set(Proposal.objects.filter(assessment=assessment, **asked).values_list("ref", "phase_number", "what"))


def choices(assessment: Assessment, *, what: str = "", ref: str = "") -> list[Choice]:
    return [
        Choice(line.proposal.pk, line.row.version)
        for line in lines_of(assessment)
        if (not what or line.proposal.what == what) and (not ref or line.proposal.ref == ref)
    ]


def accept(cast: Cast, assessment: Assessment, who: str = "mara", **asked) -> int:
    return accept_proposals(
        acting_user=cast.people[who],
        project=cast.project,
        assessment=assessment,
        chosen=choices(assessment, **asked),
    )


def do(cast: Cast, ref: str, phase: int, *statuses: str) -> None:
    for status in statuses:
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], status=status)


def last(cast: Cast, kind: str) -> Event:
    return Event.objects.filter(stream_id=cast.project.uuid, kind=kind).order_by("-seq")[0]


# --- several answers, one row ----------------------------------------------------------------------------------------
def test_a_row_is_met_only_where_every_answer_conforms() -> None:
    met = Found("CH.i", 1, Proposed.ALREADY_MET, "Q-1", Value.CONFORMS)
    assert settled([met], {"CH.i": [Value.CONFORMS, Value.CONFORMS]}) == [met]
    assert settled([met], {"CH.i": [Value.CONFORMS, Value.MINOR]}) == []
    assert settled([met], {"CH.i": [Value.CONFORMS, Value.UNANSWERED]}) == []
    assert settled([met], {"CH.i": [Value.CONFORMS, Value.NO_CASE]}) == []


def test_the_worst_answer_gives_the_reason_then_the_first() -> None:
    minor = Found("CH.i", 1, Proposed.REOPEN, "Q-1", Value.MINOR)
    major = Found("CH.i", 1, Proposed.REOPEN, "Q-2", Value.MAJOR)
    again = Found("CH.i", 1, Proposed.REOPEN, "Q-3", Value.MAJOR)
    assert settled([minor, major, again], {"CH.i": [Value.MINOR, Value.MAJOR]}) == [major]


def test_a_date_moves_four_weeks_and_never_out_of_its_phase() -> None:
    start, end = D - timedelta(days=10), D + timedelta(days=40)
    assert moved_due(Proposed.MORE_TIME, D, start, end) == D + timedelta(days=28)
    assert moved_due(Proposed.MORE_TIME, D + timedelta(days=20), start, end) == end
    assert moved_due(Proposed.MORE_TIME, end, start, end) is None
    assert moved_due(Proposed.START_EARLIER, D, start, end) == start
    assert moved_due(Proposed.START_EARLIER, start, start, end) is None
    assert moved_due(Proposed.START_EARLIER, None, start, end) is None
    assert moved_due(Proposed.KEY, D, start, end) is None


# --- what locking proposes -------------------------------------------------------------------------------------------
def test_locking_proposes_and_changes_nothing(cast: Cast, baseline: Assessment) -> None:
    rows = list(PhaseActivity.objects.filter(project=cast.project).order_by("pk").values())
    give(cast, baseline, "Q-5.2.1-01", "conforms")
    give(cast, baseline, "Q-5.2.1-02", "conforms")
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    locked = move(cast, baseline, "in review", "locked")
    phases = {
        ref: list(
            PhaseActivity.objects.filter(project=cast.project, activity__ref=ref)
            .order_by("phase_number")
            .values_list("phase_number", flat=True)
        )
        for ref in ("MR.a", "MR.b.1", "IN.a")
    }
    wanted = {
        (ref, number, "already met" if number == 1 else "improve only")
        for ref in ("MR.a", "MR.b.1")
        for number in phases[ref]
    }
    first = phases["IN.a"][0]
    wanted.add(("IN.a", first, "needs more time" if first == 1 else "start earlier"))
    if not ProjectActivity.objects.get(project=cast.project, ref="IN.a").is_key:
        wanted.add(("IN.a", first, "key"))
    assert places(locked) == wanted
    assert list(PhaseActivity.objects.filter(project=cast.project).order_by("pk").values()) == rows
    assert last(cast, "assessment").content["changes"]["proposals"] == [None, len(wanted)]


def test_the_chair_locks_without_managing_the_plan(cast: Cast, baseline: Assessment) -> None:
    from gapanalysis.services.assessments import move_assessment

    give(cast, baseline, "Q-5.2.1-02", "conforms")
    give(cast, baseline, "Q-5.2.1-01", "conforms")
    review = move(cast, baseline, "in review")
    move_assessment(
        acting_user=cast.chen, project=cast.project, assessment=review, version=review.version, state="locked"
    )
    assert places(baseline, what="already met")
    with pytest.raises(NotPermitted):
        accept(cast, baseline, "chen", what="already met")


def test_working_it_out_again_changes_nothing_until_the_plan_moves(cast: Cast, locked: Assessment) -> None:
    before = places(locked)
    events = Event.objects.count()
    assert make_proposals(acting_user=cast.mara, project=cast.project, assessment=locked) == len(before)
    assert (places(locked), Event.objects.count()) == (before, events)
    do(cast, "CH.i", 1, "in progress", "done")
    make_proposals(acting_user=cast.mara, project=cast.project, assessment=locked)
    assert places(locked) - before == {("CH.i", 1, "reopen")}
    assert said(cast) == "Mara Moss worked out anew what Baseline proposes for the plan"


def test_only_what_is_locked_proposes(cast: Cast, baseline: Assessment) -> None:
    with pytest.raises(RuleBroken, match="Lock the assessment first"):
        make_proposals(acting_user=cast.mara, project=cast.project, assessment=baseline)


# --- accepting -------------------------------------------------------------------------------------------------------
def test_what_is_met_is_done_by_who_accepts_and_verified_by_another(cast: Cast, locked: Assessment) -> None:
    assert accept(cast, locked, what="already met", ref="MR.a") == 1
    row = cast.row("MR.a", 1)
    assert (row.status, row.done_by, row.reason) == ("done", cast.mara, "met according to baseline Q-5.2.1-01")
    assert last(cast, "phase activity").content["reason"] == "met according to baseline Q-5.2.1-01"
    with pytest.raises(RowsRefused):
        do(cast, "MR.a", 1, "verified")
    change_status(acting_user=cast.toma, project=cast.project, targets=[cast.target("MR.a", 1)], status="verified")
    assert cast.row("MR.a", 1).status == "verified"


def test_the_past_stays_as_it_was_whatever_is_accepted(cast: Cast, locked: Assessment) -> None:
    ProjectActivity.objects.filter(project=cast.project, ref="IN.a").update(is_key=False)
    make_proposals(acting_user=cast.mara, project=cast.project, assessment=locked)
    phases = list(Phase.objects.filter(project=cast.project))
    before = replayed(cast.project, cast.project.start_date, phases)
    assert accept(cast, locked) == Proposal.objects.filter(assessment=locked).count()
    after = replayed(cast.project, cast.project.start_date, phases)
    assert set(after.rows) == set(before.rows)


def test_improving_only_is_a_mark_on_the_row(cast: Cast, locked: Assessment) -> None:
    count = accept(cast, locked, what="improve only")
    marked = PhaseActivity.objects.filter(project=cast.project, is_improve_only=True)
    assert count == marked.count() > 0
    assert {row.status for row in marked} == {"not started"}
    event = last(cast, "phase activity")
    assert (event.action, event.content["changes"]) == ("set improve only", {"improve only": [False, True]})
    assert event.content["reason"] == "Conforms in baseline Q-5.2.1-01"
    assert places(locked, state="accepted") == places(locked, what="improve only")


def test_a_done_row_is_reopened_with_the_finding_as_reason(cast: Cast, baseline: Assessment) -> None:
    do(cast, "CH.i", 1, "in progress", "done")
    answer = give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note="Seen on Monday.")
    Finding.objects.create(project=cast.project, answer=answer, gap="Standard changes carry no way back.")
    locked = move(cast, baseline, "in review", "locked")
    assert places(locked) == {("CH.i", 1, "reopen")}
    accept(cast, locked)
    row = cast.row("CH.i", 1)
    assert (row.status, row.done_by) == ("in progress", None)
    assert row.reason == "Standard changes carry no way back. (baseline Q-8.5.1.3-01)"
    assert said(cast) == "Mara Moss accepted 1 proposal of Baseline"
    assert last(cast, "assessment").content["changes"]["proposals"] == [None, ["CH.i@1: reopen (Q-8.5.1.3-01)"]]


def test_a_major_gap_becomes_key_and_gets_another_date(cast: Cast, locked: Assessment) -> None:
    ProjectActivity.objects.filter(project=cast.project, ref="IN.a").update(is_key=False)
    make_proposals(acting_user=cast.mara, project=cast.project, assessment=locked)
    (moving,) = [line for line in lines_of(locked) if line.proposal.what in ("needs more time", "start earlier")]
    assert moving.due_after is not None
    assert moving.due_after != moving.row.due
    accept(cast, locked, ref="IN.a")
    row = PhaseActivity.objects.get(pk=moving.row.pk)
    assert (row.due, row.due_is_own) == (moving.due_after, True)
    assert ProjectActivity.objects.get(project=cast.project, ref="IN.a").is_key
    key = last(cast, "activity").content
    assert (key["changes"], key["reason"]) == ({"key": [False, True]}, "Major gap in baseline Q-8.6.1-01")


def test_accepting_twice_changes_once(cast: Cast, locked: Assessment) -> None:
    chosen = choices(locked, what="already met", ref="MR.a")
    asked = {"acting_user": cast.mara, "project": cast.project, "assessment": locked, "chosen": chosen}
    assert accept_proposals(**asked) == 1
    events = Event.objects.count()
    assert accept_proposals(**asked) == 0
    assert Event.objects.count() == events
    with pytest.raises(RuleBroken, match=r"MR.a in phase 1 was accepted meanwhile"):
        dismiss_proposals(**asked, why_not="Not now")


def test_nothing_is_done_where_one_row_has_moved_on(cast: Cast, locked: Assessment) -> None:
    chosen = choices(locked, what="already met")
    assert len(chosen) == 2
    do(cast, "MR.b.1", 1, "in progress")
    with pytest.raises(RowsRefused) as refused:
        accept_proposals(acting_user=cast.mara, project=cast.project, assessment=locked, chosen=chosen)
    assert [(each.ref, each.reason) for each in refused.value.refusals] == [
        ("MR.b.1", "It has changed since you saw it. Look at it again.")
    ]
    assert cast.row("MR.a", 1).status == "not started"
    do(cast, "MR.b.1", 1, "done")
    with pytest.raises(RowsRefused) as refused:
        accept(cast, locked, what="already met")
    assert refused.value.refusals[0].reason == "It is done by now."
    assert places(locked, state="accepted") == set()


def test_dismissing_needs_a_reason_and_leaves_the_plan(cast: Cast, locked: Assessment) -> None:
    rows = list(PhaseActivity.objects.filter(project=cast.project).order_by("pk").values())
    asked = {"acting_user": cast.mara, "project": cast.project, "assessment": locked}
    with pytest.raises(RuleBroken, match="Say why in a line"):
        dismiss_proposals(**asked, chosen=choices(locked), why_not=" ")
    count = dismiss_proposals(**asked, chosen=choices(locked), why_not="We rebuild it anyway")
    assert places(locked, state="dismissed", why_not="We rebuild it anyway") == places(locked)
    assert list(PhaseActivity.objects.filter(project=cast.project).order_by("pk").values()) == rows
    assert said(cast) == f"Mara Moss dismissed {count} proposals of Baseline"
    make_proposals(**asked)
    assert places(locked, state="open") == set()


def test_others_decide_nothing(cast: Cast, locked: Assessment) -> None:
    for who in ("petra", "chen", "audra"):
        with pytest.raises(NotPermitted):
            accept(cast, locked, who)
        with pytest.raises(NotPermitted):
            dismiss_proposals(
                acting_user=cast.people[who],
                project=cast.project,
                assessment=locked,
                chosen=choices(locked),
                why_not="Not now",
            )
        with pytest.raises(NotPermitted):
            make_proposals(acting_user=cast.people[who], project=cast.project, assessment=locked)


def test_another_projects_proposals_are_not_found(cast: Cast, locked: Assessment) -> None:
    with pytest.raises(Assessment.DoesNotExist):
        accept_proposals(acting_user=cast.bruno, project=cast.other, assessment=locked, chosen=choices(locked))
    other = make(cast, "ad hoc", title="Interim")
    with pytest.raises(Proposal.DoesNotExist):
        accept_proposals(acting_user=cast.mara, project=cast.project, assessment=other, chosen=choices(locked))


def test_a_later_word_on_a_question_takes_the_place_of_an_earlier_one(cast: Cast, locked: Assessment) -> None:
    assert ("MR.a", 1, "already met") in places(locked)
    later = move(cast, make(cast, "ad hoc", title="Interim"), "in progress")
    give(cast, later, "Q-5.2.1-02", "minor gap")
    later = move(cast, later, "in review", "locked")
    assert places(later) == set()
    make_proposals(acting_user=cast.mara, project=cast.project, assessment=locked)
    assert not places(locked) & {("MR.a", 1, "already met"), ("MR.a", 2, "improve only")}
    assert ("MR.b.1", 1, "already met") in places(locked)
    again = move(cast, make(cast, "ad hoc", title="Third"), "in progress")
    give(cast, again, "Q-8.6.1-01", "conforms")
    move(cast, again, "in review", "locked")
    assert not [place for place in places(locked) if place[0] == "IN.a"]


# --- the other way round ---------------------------------------------------------------------------------------------
def test_done_work_whose_question_shows_a_gap_is_found(cast: Cast, baseline: Assessment) -> None:
    do(cast, "CH.i", 1, "in progress", "done")
    do(cast, "MR.a", 1, "in progress", "done")
    give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note="No way back.")
    give(cast, baseline, "Q-8.5.1.3-02", "major gap", note="No calendar.")
    give(cast, baseline, "Q-5.2.1-01", "conforms")
    locked = move(cast, baseline, "in review", "locked")
    (late,) = done_with_gap(locked)
    assert (late.row, late.answer, late.said) == (
        cast.row("CH.i", 1),
        answer_of(locked, "Q-8.5.1.3-02"),
        "No calendar.",
    )
    assert late.is_proposed
    later = move(cast, make(cast, "ad hoc", title="Interim"), "in progress")
    give(cast, later, "Q-8.5.1.3-02", "conforms")
    move(cast, later, "in review", "locked")
    assert [each.said for each in done_with_gap(locked)] == ["No way back."]
