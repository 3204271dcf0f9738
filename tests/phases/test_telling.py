"""Who is told when work changes hands, is done, comes due or is late."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from notifications.models import Notice, Occasion
from notifications.selectors.letters import letter_to
from notifications.services.notices import nobody_is_told, note_occasions
from phases.models import PhaseActivity, PlanRules
from phases.selectors.catalogue import texts_for
from phases.selectors.whom import verifiers_of
from phases.selectors.wishes import PackageWish
from phases.services.contributors import set_row_contributors
from phases.services.packages import set_packages
from phases.services.reminders import note_reminders
from phases.services.role_map import set_role_map
from phases.services.rows import Target, assign_party, change_status, set_due
from phases.services.start import ProjectPlan, start_project
from phases.services.tailoring.places import add_to_phase
from projects.choices import ProjectRole
from projects.models import Party
from projects.services.team import change_party, create_party
from tests.cast import NOW, Cast


def told() -> dict[str, set[tuple[str, int]]]:
    """What stands in the outbox: by person the kinds, and the rows (or the project, for many)."""
    note_occasions()
    found: dict[str, set[tuple[str, int]]] = {}
    for notice in Notice.objects.select_related("person"):
        found.setdefault(notice.person.email.partition("@")[0], set()).add((notice.kind, notice.subject))
    return found


def give(cast: Cast, party: Party | None, *refs: str) -> None:
    targets = [cast.target(ref) for ref in refs or ("CH.i",)]
    assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=party)


def finish(cast: Cast, who: User, ref: str = "CH.i") -> None:
    for status in ("in progress", "done"):
        change_status(acting_user=who, project=cast.project, targets=[cast.target(ref)], status=status)


def group(cast: Cast, *keys: str) -> Party:
    members = [cast.parties[key] for key in keys]
    return create_party(acting_user=cast.mara, project=cast.project, name="Desk", kind="group", members=members)


def test_whoever_gets_a_row_is_told_and_whoever_loses_it_is_not(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["petra"])
    give(cast, cast.parties["tim"])
    assert told() == {"tim": {("assignment", cast.row().pk)}}


def test_a_group_is_told_member_by_member_but_who_gave_it(cast: Cast) -> None:
    give(cast, group(cast, "tim", "petra", "mara"))
    assert told() == {"tim": {("assignment", cast.row().pk)}, "petra": {("assignment", cast.row().pk)}}


def test_a_party_without_an_account_is_told_nothing(cast: Cast) -> None:
    party = create_party(acting_user=cast.mara, project=cast.project, name="Supplier", kind="person")
    give(cast, party)
    assert told() == {}


def test_a_contributor_is_told_of_what_is_new_to_them(cast: Cast) -> None:
    for refs in (("CH.i",), ("CH.i", "CH.d")):
        set_row_contributors(
            acting_user=cast.mara,
            project=cast.project,
            targets=[cast.target(ref) for ref in refs],
            parties=[cast.parties["tim"]],
        )
    assert told() == {"tim": {("assignment", cast.row("CH.i").pk), ("assignment", cast.row("CH.d").pk)}}
    note_occasions()
    letter = letter_to(cast.tim, list(Notice.objects.all()), is_digest=False)
    assert {line.line.said.partition(":")[0] for line in letter.parts[0].lines} == {"You help with it"}


def test_a_role_that_brings_much_is_told_by_its_number(cast: Cast) -> None:
    set_role_map(
        acting_user=cast.mara,
        project=cast.project,
        entries={("Project (or team member)", ""): cast.parties["tim"]},
    )
    assert told() == {"tim": {("assignment", cast.project.pk)}}
    letter = letter_to(cast.tim, list(Notice.objects.all()), is_digest=True)
    count = PhaseActivity.objects.filter(accountable=cast.parties["tim"]).count()
    assert count > 100
    assert letter.subject == f"Alder SMS: {count} activities are yours to do"


def test_the_owner_of_a_package_is_told_of_its_rows(cast: Cast) -> None:
    package = cast.project.packages.get(component="CH", phase_number=1)
    set_packages(
        acting_user=cast.mara,
        project=cast.project,
        wishes=[PackageWish("CH", 1, package.version, None, None, cast.parties["tim"])],
    )
    rows = cast.project.phase_activities.filter(activity__component="CH", phase_number=1)
    assert told()["tim"] == {("assignment", row.pk) for row in rows}


def test_a_row_that_comes_into_the_plan_is_told_to_whom_it_falls(cast: Cast) -> None:
    with nobody_is_told():
        activity = cast.row("CH.b").activity
        role = texts_for(cast.project).activities["CH.b"].roles[0]
        set_role_map(acting_user=cast.mara, project=cast.project, entries={(role, ""): cast.parties["tim"]})
    row = add_to_phase(
        acting_user=cast.mara, project=cast.project, activity=activity, phase=2, reason="It comes again in phase 2."
    )
    assert told() == {"tim": {("assignment", row.pk)}}


def test_a_new_project_tells_nobody(cast: Cast) -> None:
    start_project(
        acting_user=cast.carl,
        organization=cast.alder,
        plan=ProjectPlan(name="Another", start=date(2026, 3, 2), scope_statement="Mail."),
    )
    assert not Occasion.objects.exists()


# --- verification --------------------------------------------------------------------------------------------------
def asked(cast: Cast, doer: User | None) -> set[str]:
    row = cast.row()
    found = verifiers_of(cast.project, [row], doer)[row.pk]
    return {user.email.partition("@")[0] for user in User.objects.filter(pk__in=found)}


def test_managers_are_asked_to_verify(cast: Cast) -> None:
    assert asked(cast, cast.tim) == {"mara"}


def test_what_the_manager_did_others_are_asked_to_verify(cast: Cast) -> None:
    assert asked(cast, cast.mara) == {"toma", "chen", "petra"}


def test_the_owner_of_the_package_is_asked_first_if_they_may(cast: Cast) -> None:
    package = cast.project.packages.get(component="CH", phase_number=1)
    package.owner = cast.parties["petra"]
    package.save()
    assert asked(cast, cast.tim) == {"petra"}
    assert asked(cast, cast.petra) == {"mara"}
    package.owner = cast.parties["tim"]
    package.save()
    assert asked(cast, cast.mara) == {"toma", "chen", "petra"}


def test_where_nobody_else_may_the_owners_of_the_organization_are_asked(cast: Cast) -> None:
    cast.project.memberships.exclude(role__in=[ProjectRole.MANAGER, ProjectRole.TEAM]).delete()
    assert asked(cast, cast.mara) == {"olga"}


def test_done_again_is_another_thing_to_verify(cast: Cast) -> None:
    finish(cast, cast.mara)
    assert told()["petra"] == {("verification", cast.row().pk)}
    change_status(
        acting_user=cast.petra, project=cast.project, targets=[cast.target()], status="in progress", text="Not all."
    )
    with clock.moved_to(NOW + timedelta(hours=1)):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target()], status="done")
        note_occasions()
        notices = list(Notice.objects.filter(person=cast.petra).order_by("pk"))
        assert len(notices) == 2
        letter = letter_to(cast.petra, notices, is_digest=False)
    assert list(letter.dropped) == [notices[0].pk]
    assert letter.lines == 1


def test_whoever_lost_the_right_to_verify_is_no_longer_asked(cast: Cast) -> None:
    finish(cast, cast.mara)
    note_occasions()
    notices = list(Notice.objects.filter(person=cast.petra))
    cast.project.memberships.filter(user=cast.petra).update(role=ProjectRole.TEAM)
    assert letter_to(cast.petra, notices, is_digest=False).lines == 0


# --- reminders -----------------------------------------------------------------------------------------------------
def put_due(cast: Cast, days: int, ref: str = "CH.i") -> None:
    set_due(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target(ref)],
        due=NOW.date() + timedelta(days=days),
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (8, None),
        (7, "7"),
        (2, "7"),
        (1, "1"),
        (0, "1"),
        (-1, "overdue"),
        (-14, "overdue"),
        (-15, None),
    ],
)
def test_what_is_told_depends_on_the_days_that_are_left(cast: Cast, days: int, expected: str | None) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"])
        put_due(cast, days)
    note_reminders()
    row = cast.row()
    keys = [
        ("overdue" if notice.kind == "overdue" else notice.key.partition(" ")[0])
        for notice in Notice.objects.filter(person=cast.tim, subject=row.pk)
    ]
    assert keys == ([expected] if expected else [])


def test_today_is_that_of_the_project(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"])
        put_due(cast, -1)
    cast.project.time_zone = "Pacific/Pago_Pago"
    cast.project.save()
    with clock.moved_to(NOW.replace(hour=6)):
        note_reminders()
    assert Notice.objects.get(person=cast.tim).kind == "due soon"


def test_finished_rows_and_closed_phases_remind_nobody(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"])
        put_due(cast, -1)
        finish(cast, cast.tim)
        give(cast, cast.parties["tim"], "CH.d")
        put_due(cast, 1, "CH.d")
    cast.project.phases.filter(number=1).update(state="closed")
    note_reminders()
    assert not Notice.objects.filter(person=cast.tim).exists()


def test_a_contributor_is_reminded_too_and_told_that_they_help(cast: Cast) -> None:
    with nobody_is_told():
        set_row_contributors(
            acting_user=cast.mara, project=cast.project, targets=[cast.target()], parties=[cast.parties["tim"]]
        )
        put_due(cast, 3)
    note_reminders()
    letter = letter_to(cast.tim, list(Notice.objects.filter(person=cast.tim)), is_digest=True)
    assert letter.parts[0].lines[0].line.said == "due on Thu 5 Mar 2026, in 3 days; you help with it"


def _queries(function: Any, *args: Any, **kwargs: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        function(*args, **kwargs)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_reminders_cost_the_same_for_many_rows_and_projects(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"])
        put_due(cast, 3)
    few = _queries(note_reminders)
    with nobody_is_told():
        rows = cast.project.phase_activities.filter(phase_number=2)[:60]
        targets = [Target(row.pk, row.version) for row in rows]
        assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties["petra"])
        PhaseActivity.objects.filter(pk__in=[row.pk for row in rows]).update(due=NOW.date() + timedelta(days=5))
        for number in range(3):
            project = start_project(
                acting_user=cast.carl,
                organization=cast.alder,
                plan=ProjectPlan(name=f"Another {number}", start=date(2026, 1, 5), scope_statement="Mail."),
            )
            party = Party.objects.get(project=project, user=cast.carl)
            PhaseActivity.objects.filter(project=project, phase_number=1).update(accountable=party, due=NOW.date())
    many = _queries(note_reminders)
    assert Notice.objects.filter(person=cast.carl).exists()
    assert few == 5
    # SQLite takes so many values at once, so that many notices go in a few statements.
    statements = 1 + Notice.objects.count() // 90
    assert many <= 4 + statements


def test_a_letter_costs_the_same_for_many_lines(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"], "CH.i", "CH.d", "CH.e", "CH.b", "CH.h")
        for place, ref in enumerate(("CH.i", "CH.d", "CH.e", "CH.b", "CH.h")):
            put_due(cast, place - 2, ref)
    note_reminders()
    notices = list(Notice.objects.filter(person=cast.tim))
    assert len(notices) > 4
    one = [next(notice for notice in notices if notice.kind == kind) for kind in ("overdue", "due soon")]
    few = _queries(letter_to, cast.tim, one, is_digest=True)
    assert _queries(letter_to, cast.tim, notices, is_digest=True) == few == 5


def test_forty_lines_are_shown_and_the_rest_counted(cast: Cast) -> None:
    with nobody_is_told():
        rows = list(cast.project.phase_activities.filter(phase_number=2)[:60])
        targets = [Target(row.pk, row.version) for row in rows]
        assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties["tim"])
        PhaseActivity.objects.filter(pk__in=[row.pk for row in rows]).update(due=NOW.date() - timedelta(days=2))
    note_reminders()
    letter = letter_to(cast.tim, list(Notice.objects.filter(person=cast.tim)), is_digest=True)
    (part,) = letter.parts
    assert (len(part.lines), part.more, letter.lines) == (40, 20, 60)
    assert letter.subject == "Alder SMS: 60 overdue"


def test_a_very_small_entity_asks_nobody_to_verify_their_own_work(cast: Cast) -> None:
    PlanRules.objects.filter(project=cast.project).update(very_small=True)
    finish(cast, cast.mara)
    assert "mara" not in told()


def test_a_person_whose_party_was_closed_is_still_told_of_what_is_theirs(cast: Cast) -> None:
    with nobody_is_told():
        give(cast, cast.parties["tim"])
        put_due(cast, 3)
    party = cast.parties["tim"]
    change_party(
        acting_user=cast.mara,
        project=cast.project,
        party=party,
        version=party.version,
        name=party.name,
        function="",
        email=party.email,
        is_active=False,
        members=[],
    )
    note_reminders()
    assert Notice.objects.filter(person=cast.tim, kind="due soon").count() == 1
