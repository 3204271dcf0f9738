"""Figures that a night kept and figures that the trail tells agree, whatever happened and however much later."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audittrail.models import Event
from common import clock
from common.exceptions import ServiceError
from phases.models import Package, PhaseActivity, Snapshot
from phases.selectors.as_of import content_of, plan_at, replayed
from phases.selectors.figures import contract_of, figures_of
from phases.selectors.wishes import PackageWish, PhaseWish, RowWish
from phases.services.approach import change_approach
from phases.services.lifecycle import close_phase, resume_phase, review_phase, start_phase
from phases.services.operation import finish_round, set_rhythm
from phases.services.packages import set_packages
from phases.services.phase_dates import set_phase_dates
from phases.services.placing import WayOfWorking
from phases.services.role_map import set_role_map
from phases.services.rows import Target
from phases.services.schedule import move_rows, recompute_plan
from phases.services.snapshots import keep_yesterday, take_snapshot
from phases.services.supplement import add_supplement
from phases.services.work import report_work, undo_report
from phases.verification import check_snapshots_against_trail, difference
from tests.cast import NOW, Cast
from tests.phases.test_as_of import some_act, tailor

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEVELS = WayOfWorking("levels")
NEEDED = {
    "add supplement",
    "assign",
    "carry over",
    "change approach",
    "change status",
    "close phase",
    "finish round",
    "move by approach",
    "move phase",
    "recompute",
    "reschedule",
    "resume phase",
    "review phase",
    "set package",
    "set role",
    "split",
    "start phase",
}


def some_row(cast: Cast, dice: random.Random, **conditions: Any) -> PhaseActivity:
    return dice.choice(list(PhaseActivity.objects.filter(project=cast.project, **conditions).order_by("pk")))


def by_mara(cast: Cast) -> dict[str, Any]:
    return {"acting_user": cast.mara, "project": cast.project}


def move_a_package(cast: Cast, dice: random.Random) -> None:
    package = dice.choice(list(Package.objects.filter(project=cast.project, phase_number=1).order_by("pk")))
    start = clock.today() + timedelta(days=dice.randrange(5, 40))
    owner = dice.choice([*cast.parties.values(), None])
    wish = PackageWish(package.component, 1, package.version, start, start + timedelta(days=30), owner)
    set_packages(**by_mara(cast), wishes=[wish])


def move_a_phase(cast: Cast, dice: random.Random) -> None:
    phase = cast.project.phases.get(number=2)
    by = timedelta(days=dice.randrange(5, 15))
    set_phase_dates(**by_mara(cast), wish=PhaseWish(2, phase.version, phase.start + by, phase.end + by), reason="Late")


def move_a_row(cast: Cast, dice: random.Random) -> None:
    row = some_row(cast, dice, phase_number=1)
    day = clock.today() + timedelta(days=dice.randrange(5, 40))
    move_rows(**by_mara(cast), wishes=[RowWish(row.pk, row.version, day)], seen="")


def recompute(cast: Cast, _dice: random.Random) -> None:
    recompute_plan(**by_mara(cast), seen="", late=True)


def map_roles(cast: Cast, dice: random.Random) -> None:
    party = dice.choice(list(cast.parties.values()))
    set_role_map(**by_mara(cast), entries={("Process owner", ""): party, ("Project (or team member)", "CH"): party})


def report_and_undo(cast: Cast, dice: random.Random) -> None:
    row = some_row(cast, dice, phase_number=1, accountable__user__isnull=False)
    status = dice.choice(["in progress", "done"])
    done = report_work(**by_mara(cast), target=Target(row.pk, row.version), status=status)
    if dice.random() < 0.5:
        undo_report(**by_mara(cast), pk=row.pk, token=done.undo)


def change_way(cast: Cast, dice: random.Random) -> None:
    change_approach(**by_mara(cast), way=dice.choice([LEVELS, WayOfWorking()]))


def review_and_resume(cast: Cast, _dice: random.Random) -> None:
    active = cast.project.phases.filter(state="active").last()
    review_phase(**by_mara(cast), number=active.number)
    resume_phase(**by_mara(cast), number=active.number, reason="Too early")


ACTS: list[Callable[[Cast, random.Random], None]] = [
    move_a_package,
    move_a_phase,
    move_a_row,
    recompute,
    map_roles,
    report_and_undo,
    change_way,
    review_and_resume,
]


def on_to_the_next_phase(cast: Cast) -> None:
    active = cast.project.phases.filter(state="active", number__lt=4).last()
    if active is None:
        return
    close_phase(**by_mara(cast), number=active.number, reason="Time is up")
    start_phase(**by_mara(cast), number=active.number + 1)


def in_operation(cast: Cast, dice: random.Random) -> None:
    rows = PhaseActivity.objects.filter(project=cast.project, phase_number=4).exclude(status="not applicable")
    if (row := rows.order_by("pk").first()) is None:
        return
    (row,) = set_rhythm(
        **by_mara(cast), targets=[Target(row.pk, row.version)], rhythm=dice.choice(["monthly", "yearly"])
    )
    finish_round(**by_mara(cast), target=Target(row.pk, row.version), done_on=clock.today())


@pytest.mark.slow
def test_what_nights_kept_is_what_the_trail_tells_after_all_kinds_of_acts(cast: Cast, supplement) -> None:
    dice = random.Random(1)
    evenings = {}
    acts = list(ACTS)
    for number in range(36):
        with clock.moved_to(FIRST + timedelta(days=number, minutes=dice.randrange(800))):
            # Each kind of act early on, while nothing forbids it, then whatever comes.
            chosen = [acts.pop(0)] if acts else [dice.choice(ACTS)]
            for act in (*chosen, some_act, tailor, some_act):
                with suppress(ServiceError):
                    act(cast, dice)
            if number == 9:
                add_supplement(acting_user=cast.mara, project=cast.project)
            if number in (12, 18, 24, 28):
                on_to_the_next_phase(cast)
            if number > 28:
                with suppress(ServiceError):
                    in_operation(cast, dice)
            evenings[clock.today()] = contract_of(figures_of(cast.project))
        with clock.moved_to(FIRST.replace(hour=1, minute=30) + timedelta(days=number + 1)):
            assert keep_yesterday().failed == ()

    done = set(Event.objects.filter(stream_id=cast.project.uuid).values_list("action", flat=True))
    assert done > NEEDED
    with clock.moved_to(FIRST + timedelta(days=60)):
        phases = list(cast.project.phases.all())
        kept = {snapshot.day: snapshot.content for snapshot in Snapshot.objects.filter(project=cast.project)}
        assert kept.keys() >= evenings.keys()
        for day in evenings:
            assert difference(kept[day], content_of(replayed(cast.project, day, phases))) == "", day
        from_kept = {day: contract_of(figures_of(cast.project, day=day)) for day in evenings}
        assert list(check_snapshots_against_trail(False)) == []
        Snapshot.objects.all().delete()
        for day, then in evenings.items():
            assert plan_at(cast.project, day).source == "trail"
            assert contract_of(figures_of(cast.project, day=day)) == from_kept[day] == then, day


def test_a_snapshot_that_the_trail_tells_otherwise_is_found(cast: Cast) -> None:
    with clock.moved_to(NOW + timedelta(days=40)):
        newest = take_snapshot(project=cast.project, day=(NOW + timedelta(days=39)).date())
        older = take_snapshot(project=cast.project, day=NOW.date())
        between = take_snapshot(project=cast.project, day=(NOW + timedelta(days=20)).date())
        assert list(check_snapshots_against_trail(False)) == []
        for snapshot in (newest, older, between):
            for row in snapshot.content["rows"][:7]:
                row["status"] = "verified"
            snapshot.save()
        first = f"{newest.content['rows'][0]['ref']}@{newest.content['rows'][0]['phase']}"
        found = list(check_snapshots_against_trail(False))
        assert [sentence.partition(" is not")[0] for sentence in found] == [
            "the snapshot of alder of 2026-04-10",
            "the snapshot of alder of 2026-03-02",
        ]
        assert found[0].endswith("and 2 more")
        assert first in found[0]


def test_on_a_resumed_check_each_project_has_its_day(cast: Cast) -> None:
    found = []
    for day in range(7):
        with clock.moved_to(NOW + timedelta(days=10 + day)):
            snapshot = take_snapshot(project=cast.project, day=NOW.date())
            snapshot.content["rows"][0]["status"] = "verified"
            snapshot.save()
            found += list(check_snapshots_against_trail(True))
    assert len(found) == 1


def test_a_difference_is_told_by_name() -> None:
    kept = {"rows": [{"ref": "CH.a", "phase": 1, "status": "done"}], "phases": [{"number": 1, "state": "active"}]}
    told = {"rows": [{"ref": "CH.b", "phase": 1, "status": "done"}], "phases": [{"number": 1, "state": "closed"}]}
    assert difference(kept, kept) == ""
    assert difference(kept, told) == "CH.a@1, CH.b@1, phase 1"
