"""A baseline: taken once, never changed, found by verify when somebody did, and what figures are measured against."""

from datetime import date, timedelta
from typing import Any

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.canonical import sha256_of
from common.exceptions import NotPermitted, RuleBroken
from phases.domain.baselines import What
from phases.models import Baseline, Package, Phase, PhaseActivity, ProjectActivity
from phases.selectors.baseline_compare import DiffQuery, PlanDiff, diff_of
from phases.selectors.baselines import baselines_page, plan_content, side_now
from phases.selectors.standing import reference_from, standing_of, standings_of
from phases.services.baselines import take_baseline
from phases.services.rows import assign_party, change_status, set_due
from phases.verification import check_baselines
from projects.calendars import NamedDay
from projects.models import Party
from projects.services.calendar import add_holidays
from tests.cast import NOW, Cast


def take(cast: Cast, name: str = "Start", note: str = "", who: str = "mara") -> Baseline:
    return take_baseline(acting_user=cast.people[who], project=cast.project, name=name, note=note)


def events(cast: Cast) -> list[Event]:
    return list(Event.objects.filter(stream_id=cast.project.uuid, kind="baseline").order_by("seq"))


def due(cast: Cast, day: date | None, ref: str = "CH.i", phase: int = 2) -> None:
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], due=day)


def leave_out(cast: Cast, ref: str = "CH.i", phase: int = 2) -> None:
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target(ref, phase)],
        status="not applicable",
        text="We have no such thing",
    )


def diff(cast: Cast, first: Baseline, second: Baseline | None = None, **asked: Any) -> PlanDiff:
    return diff_of(cast.project, first, second, DiffQuery(**asked))


# --- taking one --------------------------------------------------------------------------------------------------


def test_it_holds_the_whole_plan_under_a_hash_and_is_told(cast: Cast) -> None:
    baseline = take(cast, "  Start of\nphase 1 ", "Agreed by all.\r\nReally.")
    assert (str(baseline), baseline.note, baseline.taken_by) == (
        "B1 Start of phase 1",
        "Agreed by all.\nReally.",
        cast.mara,
    )
    stored = Baseline.objects.get()
    assert stored.content == plan_content(cast.project)
    assert stored.sha256 == sha256_of(stored.content) == baseline.sha256
    assert len(stored.content["rows"]) == PhaseActivity.objects.filter(project=cast.project).count()
    assert len(stored.content["packages"]) == Package.objects.filter(project=cast.project).count() > 0
    assert [phase["number"] for phase in stored.content["phases"]] == [0, 1, 2, 3, 4]
    (event,) = events(cast)
    count = len(stored.content["rows"])
    assert sentence(event).text == f"Mara Moss took the baseline B1 Start of phase 1 of {count} activities"
    assert event.content["changes"]["content sha256"] == [None, stored.sha256]


def test_it_keeps_why_something_is_left_out_and_the_names_it_uses(cast: Cast) -> None:
    leave_out(cast)
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 2)], party=cast.parties["petra"]
    )
    content = plan_content(cast.project)
    rows = {(row["ref"], row["phase"]): row for row in content["rows"]}
    assert rows["CH.i", 2]["why"] == "We have no such thing"
    assert content["parties"][str(rows["CH.j", 2]["party"])] == "Petra Pohl"
    assert str(cast.parties["tim"].pk) not in content["parties"]
    assert content["titles"]["CH.i"]


def test_what_is_done_on_the_plan_later_does_not_change_it(cast: Cast) -> None:
    before = take(cast).content
    due(cast, date(2026, 9, 1))
    leave_out(cast)
    assert Baseline.objects.get().content == before
    assert list(check_baselines(False)) == []


@pytest.mark.parametrize(
    ("name", "note", "field"),
    [
        ("", "", "name"),
        (" \u200b\n", "", "name"),
        ("x" * 81, "", "name"),
        ("Other", "x" * 1001, "note"),
        ("START", "", "name"),
        ("Start", "another note", "name"),
    ],
)
def test_bad_names_and_notes_take_none(cast: Cast, name: str, note: str, field: str) -> None:
    take(cast, "Start")
    with pytest.raises(RuleBroken) as caught:
        take(cast, name, note)
    assert caught.value.field == field
    assert (Baseline.objects.count(), len(events(cast))) == (1, 1)


def test_sent_twice_it_is_taken_once(cast: Cast) -> None:
    assert take(cast, "Start", "Why") == take(cast, "Start", "Why")
    assert (Baseline.objects.count(), len(events(cast))) == (1, 1)


def test_the_same_name_is_refused_to_somebody_else_and_once_the_plan_moved_on(cast: Cast) -> None:
    take(cast)
    with pytest.raises(RuleBroken, match="B1 has this name"):
        take(cast, who="olga")
    due(cast, date(2026, 9, 1))
    with pytest.raises(RuleBroken, match="B1 has this name"):
        take(cast)


def test_the_same_plan_may_stand_under_two_names(cast: Cast) -> None:
    assert [take(cast, "One").number, take(cast, "Two").number] == [1, 2]


@pytest.mark.parametrize("who", ["tim", "audra", "petra", "carl", "bruno", "nina"])
def test_only_who_sets_dates_takes_one(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        take(cast, who=who)
    assert not Baseline.objects.exists()


def test_numbers_begin_anew_in_each_project(cast: Cast) -> None:
    take(cast)
    other = take_baseline(acting_user=cast.bruno, project=cast.other, name="Start")
    assert other.number == 1
    assert Party.objects.filter(pk__in=map(int, other.content["parties"])).exclude(project=cast.other).count() == 0


# --- kept for good -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["content", "hash too", "name", "note", "time"])
def test_verify_finds_an_altered_one(cast: Cast, change: str) -> None:
    baseline = take(cast, "Start", "Why")
    take(cast, "Whole")
    content = {**baseline.content, "rows": baseline.content["rows"][1:]}
    values = {
        "content": {"content": content},
        "hash too": {"content": content, "sha256": sha256_of(content)},
        "name": {"name": "Other"},
        "note": {"note": ""},
        "time": {"taken_at": baseline.taken_at - timedelta(days=1)},
    }[change]
    Baseline.objects.filter(pk=baseline.pk).update(**values)
    assert list(check_baselines(False)) == ["the baseline B1 of alder is not what was taken"]


def test_verify_finds_one_that_is_gone_and_one_that_was_never_taken(cast: Cast) -> None:
    baseline = take(cast)
    baseline.delete()
    Baseline.objects.create(
        project=cast.other, number=7, name="Smuggled", content=baseline.content, sha256=baseline.sha256
    )
    assert list(check_baselines(False)) == [
        "the baseline B1 of alder is gone",
        "the baseline B7 of birch is not what was taken",
    ]


# --- what is measured against it ---------------------------------------------------------------------------------


def test_figures_are_measured_against_the_newest_one(cast: Cast) -> None:
    take(cast, "One")
    due(cast, date(2026, 9, 1))
    second = take(cast, "Two")
    due(cast, date(2026, 10, 1))
    for standing in (standing_of(cast.project), standings_of([cast.project, cast.other])[cast.project.pk]):
        assert standing.reference.name == "B2"
        assert standing.reference == reference_from("B2", second.content)
        assert date(2026, 9, 1) in standing.reference.dues[2]
    phase = Phase.objects.get(project=cast.project, number=2)
    assert standing_of(cast.project).reference.ends[2] == phase.end
    assert standings_of([cast.other])[cast.other.pk].reference.name == ""


def test_a_past_day_is_measured_against_what_was_newest_then(cast: Cast) -> None:
    take(cast, "One")
    with clock.moved_to(NOW + timedelta(days=7)):
        take(cast, "Two")
    with clock.moved_to(NOW + timedelta(days=9)):
        names = [standing_of(cast.project, NOW.date() + timedelta(days=n)).reference.name for n in (-1, 0, 6, 7)]
    assert names == ["", "B1", "B1", "B2"]


# --- compared ----------------------------------------------------------------------------------------------------


def test_a_plan_that_nobody_touched_is_the_same_now(cast: Cast) -> None:
    baseline = take(cast)
    found = diff(cast, baseline)
    assert found.found.is_same
    assert found.unchanged == found.first.rows
    (line,) = baselines_page(cast.project, 1)[1]
    assert line.is_same


def test_it_says_what_moved_who_took_over_and_what_was_left_out(cast: Cast) -> None:
    due(cast, date(2026, 8, 31))
    baseline = take(cast)
    add_holidays(
        acting_user=None,
        organization=cast.alder,
        version=cast.alder.version,
        days=[NamedDay(date(2026, 9, 2), "Founders' day")],
    )
    due(cast, date(2026, 9, 4))
    leave_out(cast, "IN.a", 1)
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 2)], party=cast.parties["tim"]
    )
    found = diff(cast, baseline)
    said = {(change.row.ref, change.row.phase): (change.what, change.days) for change in found.found.rows}
    # Monday to Friday with a holiday between.
    assert said == {
        ("CH.i", 2): ((What.LATER,), 3),
        ("CH.j", 2): ((What.PARTY,), None),
        ("IN.a", 1): ((What.LEFT_OUT,), None),
    }
    assert found.shown == 3
    lines = {line.ref: line for phase in found.phases for group in phase.groups for line in group.lines}
    assert (lines["CH.j"].party_before, lines["CH.j"].party_after) == ("", "Tim Tully")
    assert lines["IN.a"].why == "We have no such thing"
    assert [(each.code, each.totals.changed) for each in found.components] == [("IN", 1), ("CH", 2)]
    assert [phase.totals.changed for phase in found.phases] == [0, 1, 2, 0, 0]
    assert found.unchanged + 3 == found.second.rows


def test_packages_and_phases_with_other_dates_are_named(cast: Cast) -> None:
    baseline = take(cast)
    package = Package.objects.get(project=cast.project, component="CH", phase_number=2)
    phase = Phase.objects.get(project=cast.project, number=2)
    Package.objects.filter(pk=package.pk).update(start=phase.start, end=phase.end, owner=cast.parties["petra"])
    Phase.objects.filter(pk=phase.pk).update(end=phase.end + timedelta(days=7))
    found = diff(cast, baseline)
    assert not found.found.rows
    (group,) = found.phases[2].groups
    assert group.package is not None
    assert (group.component, group.package.owner_before, group.package.owner_after) == ("CH", "", "Petra Pohl")
    assert found.phases[2].change is not None
    assert found.phases[2].change.end.days == 5
    assert diff(cast, baseline, what=What.PARTY).phases[2].groups[0].package is not None
    assert diff(cast, baseline, what=What.LATER).phases[2].groups == []


def test_an_activity_of_the_plans_own_keeps_its_title_in_the_baseline(cast: Cast) -> None:
    own = ProjectActivity.objects.create(
        project=cast.project, ref="OWN.1", component="CH", position=9000, title="Ask the night shift", nature="define"
    )
    PhaseActivity.objects.create(project=cast.project, activity=own, phase_number=2)
    baseline = take(cast)
    PhaseActivity.objects.filter(activity=own).delete()
    own.delete()
    found = diff(cast, baseline)
    (line,) = (line for group in found.phases[2].groups for line in group.lines)
    assert (line.ref, line.title, line.change.what) == ("OWN.1", "Ask the night shift", (What.REMOVED,))
    assert found.second.rows + 1 == found.first.rows
    assert found.unchanged == found.second.rows


def test_filters_narrow_what_is_shown_and_leave_the_counts(cast: Cast) -> None:
    baseline = take(cast)
    due(cast, date(2026, 9, 1), "CH.i", 2)
    due(cast, date(2027, 4, 1), "CH.i", 3)
    leave_out(cast, "IN.a", 1)
    shown = {
        name: diff(cast, baseline, **asked).shown
        for name, asked in {
            "all": {},
            "phase": {"phase": 2},
            "component": {"component": "CH"},
            "what": {"what": What.LEFT_OUT},
            "none": {"component": "CH", "what": What.LEFT_OUT},
        }.items()
    }
    assert shown == {"all": 3, "phase": 1, "component": 2, "what": 1, "none": 0}
    assert diff(cast, baseline, phase=2).totals.changed == 3


def test_the_supplement_is_counted_apart(cast: Cast) -> None:
    row = cast.row("CH.i", 2)
    ProjectActivity.objects.filter(pk=row.activity_id).update(is_supplement=True)
    baseline = take(cast)
    due(cast, date(2026, 9, 1))
    found = diff(cast, baseline)
    assert (found.totals.changed, found.supplement.changed) == (0, 1)
    assert [(each.code, each.supplement) for each in found.components] == [("CH", True)]
    (line,) = baselines_page(cast.project, 1)[1]
    assert (line.totals.changed, line.supplement.changed, line.is_same) == (0, 1, False)
    assert side_now(cast.project).supplement == 3


def test_two_baselines_are_compared_in_either_order(cast: Cast) -> None:
    first = take(cast, "One")
    due(cast, date(2026, 9, 1))
    second = take(cast, "Two")
    due(cast, date(2026, 12, 1))
    there, back = diff(cast, first, second).found, diff(cast, second, first).found
    assert len(there.rows) == 1
    assert back == there.mirrored()
