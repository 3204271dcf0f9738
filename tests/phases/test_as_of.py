"""A plan as it stood on a past day equals what was shown then, whatever happened since."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from audittrail.models import Event
from common import clock
from common.exceptions import ServiceError
from phases.domain.transitions import STATUSES
from phases.models import Phase, PhaseActivity, ProjectActivity, Snapshot
from phases.selectors.as_of import content_of, first_day, plan_at, replayed
from phases.selectors.figures import contract_of, figure_rows, figures_of
from phases.services.lifecycle import close_phase, start_phase
from phases.services.rows import Target, assign_party, change_status, set_due
from phases.services.snapshots import take_snapshot
from phases.services.supplement import add_supplement, decline_supplement
from phases.services.tailoring.leave_out import leave_out
from phases.services.tailoring.own import OwnActivity, add_own, change_own
from phases.services.tailoring.places import add_to_phase, move_to_phase
from phases.services.tailoring.split import join, split
from phases.services.tailoring.undo import undo
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def shown(cast: Cast, day: date | None = None) -> dict:
    """Everything that figures are made of, and the figures."""
    plan = plan_at(cast.project, day or clock.today(cast.project.time_zone))
    rows = figure_rows(plan.rows, plan.phases, cast.project.time_zone)
    return {
        "figures": contract_of(figures_of(cast.project, day=day)),
        "rows": sorted(rows, key=repr),
        "phases": plan.phases,
    }


def some_act(cast: Cast, dice: random.Random) -> None:
    """One act on a few rows, or on a phase; what a rule refuses did not happen."""
    phase = dice.choice([1, 1, 1, 2, 3])
    rows = list(PhaseActivity.objects.filter(project=cast.project, phase_number=phase).order_by("pk"))
    chosen = [Target(row.pk, row.version) for row in dice.sample(rows, 3)]
    act = dice.randrange(12)
    try:
        if act < 7:
            change_status(
                acting_user=cast.mara if act < 5 else cast.olga,
                project=cast.project,
                targets=chosen[:1],
                status=dice.choice(STATUSES),
                text="Because",
            )
        elif act < 9:
            party = dice.choice([*cast.parties.values(), None])
            assign_party(acting_user=cast.mara, project=cast.project, targets=chosen, party=party)
        elif act < 11:
            due = clock.today() + timedelta(days=dice.randrange(-40, 200))
            set_due(acting_user=cast.mara, project=cast.project, targets=chosen, due=due)
        else:
            active = Phase.objects.filter(project=cast.project, state="active").last()
            if active is not None and active.number < 4:
                close_phase(acting_user=cast.mara, project=cast.project, number=active.number, reason="Time is up")
                start_phase(acting_user=cast.mara, project=cast.project, number=active.number + 1)
    except ServiceError:
        return


def tailor(cast: Cast, dice: random.Random) -> None:
    """One act of tailoring, undoing among them; what a rule refuses did not happen."""
    common = {"acting_user": cast.mara, "project": cast.project, "reason": "Because"}
    rows = list(PhaseActivity.objects.filter(project=cast.project).select_related("activity").order_by("pk"))
    row = dice.choice(
        [row for row in rows if row.origin or row.activity.part_of_id] or rows if dice.random() < 0.4 else rows
    )
    target, phase = Target(row.pk, row.version), dice.choice([1, 2, 3, 4])
    act = dice.randrange(9)
    with suppress(ServiceError):
        if act == 0:
            leave_out(**common, targets=[target])
        elif act == 1:
            move_to_phase(**common, target=target, phase=phase)
        elif act == 2:
            add_to_phase(**common, activity=row.activity, phase=phase)
        elif act == 3:
            split(**common, activity=row.activity, names=["Graz", "Vienna"])
        elif act == 4:
            join(**common, activity=row.activity.part_of or row.activity)
        elif act == 5:
            said = OwnActivity("Hear the council", dice.choice(["CH", "SU"]), "define", ["Top management"])
            add_own(**common, said=said, phases=dice.sample([1, 2, 3, 4], 2))
        elif act == 6:
            own = ProjectActivity.objects.filter(project=cast.project, catalogue_activity=None, part_of=None).last()
            if own is not None:
                said = OwnActivity("Hear them", own.component, "define", ["Audit"], is_key=not own.is_key)
                change_own(acting_user=cast.mara, project=cast.project, activity=own, version=own.version, said=said)
        else:
            acts = ("move row", "add phase", "add own row", "create own", "split", "change status")
            events = Event.objects.filter(stream_id=cast.project.uuid, action__in=acts).order_by("-seq")
            event = dice.choice(list(events[:12]) or [None])
            if event is not None:
                undo(acting_user=cast.mara, project=cast.project, seq=event.seq)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_random_history_of_a_tailored_plan_is_shown_again_as_it_was(cast: Cast, seed: int):
    dice = random.Random(seed)
    recorded = {}
    for number in range(20):
        with clock.moved_to(FIRST + timedelta(days=number, minutes=dice.randrange(900))):
            for _ in range(5):
                tailor(cast, dice)
            some_act(cast, dice)
            recorded[clock.today()] = shown(cast)
    done = set(Event.objects.filter(stream_id=cast.project.uuid).values_list("action", flat=True))
    assert {"move row", "add phase", "split", "create own"} <= done
    with clock.moved_to(FIRST + timedelta(days=30)):
        for day, then in recorded.items():
            assert shown(cast, day) == then, day


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_random_history_is_shown_again_as_it_was(cast: Cast, supplement, seed: int):
    dice = random.Random(seed)
    recorded = {}
    for number in range(24):
        with clock.moved_to(FIRST + timedelta(days=number, minutes=dice.randrange(900))):
            for _ in range(4):
                some_act(cast, dice)
            if number == 8:
                add_supplement(acting_user=cast.mara, project=cast.project)
            if number == 12 and seed % 2:
                with suppress(ServiceError):
                    decline_supplement(acting_user=cast.mara, project=cast.project, reason="Not this year")
            recorded[clock.today()] = shown(cast)
    with clock.moved_to(FIRST + timedelta(days=30)):
        for day, then in recorded.items():
            assert shown(cast, day) == then, day


def test_a_snapshot_and_the_trail_tell_the_same(cast: Cast):
    dice = random.Random(7)
    for _ in range(20):
        some_act(cast, dice)
    with clock.moved_to(NOW + timedelta(days=5)):
        take_snapshot(project=cast.project, day=NOW.date())
        for _ in range(20):
            some_act(cast, dice)
        day = NOW.date()
        from_snapshot = plan_at(cast.project, day)
        from_trail = replayed(cast.project, day, list(Phase.objects.filter(project=cast.project)))
        assert (from_snapshot.source, from_trail.source) == ("snapshot", "trail")
        assert content_of(from_snapshot) == content_of(from_trail)


def test_a_snapshot_that_was_tampered_with_is_not_believed(cast: Cast):
    with clock.moved_to(NOW + timedelta(days=1)):
        snapshot = take_snapshot(project=cast.project, day=NOW.date())
        snapshot.content["rows"] = snapshot.content["rows"][:3]
        snapshot.save()
        assert plan_at(cast.project, NOW.date()).source == "trail"


def test_a_day_that_is_not_over_cannot_be_kept(cast: Cast):
    with pytest.raises(ValueError, match="not over"):
        take_snapshot(project=cast.project, day=NOW.date())


def test_it_reaches_back_to_the_first_day_and_not_further(cast: Cast):
    first = first_day(cast.project)
    assert first == date(2026, 1, 12)
    assert len(plan_at(cast.project, first).rows) == PhaseActivity.objects.filter(project=cast.project).count()
    with pytest.raises(ValueError, match="before the project"):
        plan_at(cast.project, first - timedelta(days=1))


def test_it_knows_nothing_of_tomorrow(cast: Cast):
    with pytest.raises(ValueError, match="not come yet"):
        plan_at(cast.project, clock.today() + timedelta(days=1))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Vienna"])
def test_a_day_ends_at_midnight_of_the_project(cast: Cast, zone: str):
    cast.project.time_zone = zone
    cast.project.save()
    # In Vienna 29 March 2026 has 23 hours.
    day = date(2026, 3, 29)
    before, after = clock.end_of(day, zone) - timedelta(minutes=1), clock.end_of(day, zone)
    with clock.moved_to(before):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status="in progress")
    with clock.moved_to(after):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status="done")
    with clock.moved_to(after + timedelta(days=3)):
        (row,) = [row for row in plan_at(cast.project, day).rows if row.name == "DR.a@1"]
        assert row.status == "in progress"
        (row,) = [row for row in plan_at(cast.project, day + timedelta(days=1)).rows if row.name == "DR.a@1"]
        assert row.status == "done"


def test_its_queries_do_not_grow_with_the_history(cast: Cast, django_assert_num_queries):
    with clock.moved_to(NOW + timedelta(days=3)), django_assert_num_queries(4):
        figures_of(cast.project, day=NOW.date())


def test_the_nightly_command_keeps_yesterday_and_computes_figures(cast: Cast, capsys):
    call_command("take_snapshots")
    assert "Kept 2 project(s) as of yesterday; computed the figures of 2." in capsys.readouterr().out
    assert set(Snapshot.objects.values_list("day", flat=True)) == {date(2026, 3, 1)}
    call_command("take_snapshots")
    assert Snapshot.objects.count() == 2
