"""What My work shows, and with how many queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from notifications.models import Comment, Mention
from phases.models import Contributor, Phase, PhaseActivity
from phases.selectors.work_asked import asked_of
from phases.selectors.work_list import WorkList, work_list
from phases.selectors.work_projects import work_projects
from phases.services.start import ProjectPlan, start_project
from projects.choices import PartyKind, ProjectRole
from projects.models import Project
from projects.permissions import access_to
from projects.registries import work_panels
from projects.services.team import create_party, grant_role
from tests.cast import CANARY, START, Cast

TODAY = date(2026, 3, 2)  # a Monday


def listed(user: User, whole: str = "") -> WorkList:
    return work_list(user, work_projects(user), whole=whole)


def shown(user: User) -> dict[str, list[str]]:
    return {key: [card.ref for card in part.cards] for key, part in listed(user).sections.items() if part.total}


def give(project: Project, user: User, *refs: str, phase: int = 1, **values) -> None:
    party = project.parties.get(user=user)
    PhaseActivity.objects.filter(project=project, activity__ref__in=refs, phase_number=phase).update(
        accountable=party, **values
    )


def another(cast: Cast, name: str, *, zone: str = "UTC", who: str = "petra") -> Project:
    with clock.moved_to(datetime(2026, 2, 1, tzinfo=UTC)):
        made = start_project(
            acting_user=None,
            organization=cast.alder,
            plan=ProjectPlan(name=name, start=START, scope_statement="x", time_zone=zone),
        )
        grant_role(acting_user=None, project=made, user=cast.people[who], role=ProjectRole.PROCESS_OWNER)
    return made


# --- sections ------------------------------------------------------------------------------------------------------
def test_own_rows_stand_by_their_day(cast: Cast) -> None:
    days = {"MR.a": -1, "MR.c": 0, "MR.d": 1, "MR.e": 6, "MR.f": 7}
    for ref, away in days.items():
        give(cast.project, cast.petra, ref, due=TODAY + timedelta(days=away))
    give(cast.project, cast.petra, "MR.g", due=None)
    give(cast.project, cast.petra, "MR.i", due=TODAY, status="verified")
    assert shown(cast.petra) == {
        "late": ["MR.a"],
        "today": ["MR.c"],
        "week": ["MR.d", "MR.e"],
        "later": ["MR.f", "MR.g"],
    }


def test_what_is_a_groups_is_its_members_and_what_one_helps_with_stands_apart(cast: Cast) -> None:
    board = create_party(
        acting_user=None, project=cast.project, name="Board", kind=PartyKind.GROUP, members=[cast.parties["tim"]]
    )
    PhaseActivity.objects.filter(pk=cast.row("MR.a").pk).update(accountable=board, due=TODAY)
    give(cast.project, cast.petra, "MR.c", "MR.d", due=TODAY - timedelta(days=9))
    for ref, party in (("MR.c", board), ("MR.d", cast.parties["tim"])):
        Contributor.objects.create(project=cast.project, phase_activity=cast.row(ref), party=party)
    assert shown(cast.tim) == {"today": ["MR.a"], "help": ["MR.c", "MR.d"]}


def test_unassigned_rows_are_nobodys_work(cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project).update(due=TODAY, accountable=None)
    assert shown(cast.petra) == {}


def test_rows_of_a_closed_phase_wait_for_nobody(cast: Cast) -> None:
    give(cast.project, cast.petra, "MR.a", due=TODAY)
    give(cast.project, cast.tim, "MR.c", status="done", done_by=cast.tim)
    assert shown(cast.petra) == {"today": ["MR.a"], "verify": ["MR.c"]}
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    assert shown(cast.petra) == {}


@pytest.mark.parametrize(
    ("zone", "hour", "section"),
    [
        # Due on Monday 2 March. UTC+14 begins it at 10:00 UTC on Sunday; UTC-11 ends it at 11:00 UTC on Tuesday.
        ("Pacific/Kiritimati", datetime(2026, 3, 1, 9, 59, tzinfo=UTC), "later"),  # Sunday there: the week is over
        ("Pacific/Kiritimati", datetime(2026, 3, 1, 10, 0, tzinfo=UTC), "today"),
        ("Pacific/Kiritimati", datetime(2026, 3, 2, 9, 59, tzinfo=UTC), "today"),
        ("Pacific/Kiritimati", datetime(2026, 3, 2, 10, 0, tzinfo=UTC), "late"),
        ("Pacific/Niue", datetime(2026, 3, 2, 10, 59, tzinfo=UTC), "later"),
        ("Pacific/Niue", datetime(2026, 3, 2, 11, 0, tzinfo=UTC), "today"),
        ("Pacific/Niue", datetime(2026, 3, 3, 10, 59, tzinfo=UTC), "today"),
        ("Pacific/Niue", datetime(2026, 3, 3, 11, 0, tzinfo=UTC), "late"),
    ],
)
def test_a_day_begins_when_it_begins_in_the_zone_of_the_project(
    cast: Cast, zone: str, hour: datetime, section: str
) -> None:
    there = another(cast, "There", zone=zone)
    give(there, cast.petra, "MR.a", due=TODAY)
    with clock.moved_to(hour):
        assert shown(cast.petra) == {section: ["MR.a"]}


def test_two_zones_at_once_have_a_today_each(cast: Cast) -> None:
    east, west = another(cast, "East", zone="Pacific/Kiritimati"), another(cast, "West", zone="Pacific/Niue")
    with clock.moved_to(datetime(2026, 3, 3, 10, 30, tzinfo=UTC)):  # 4 March in the east, still 2 March in the west
        give(east, cast.petra, "MR.a", due=date(2026, 3, 4))
        give(west, cast.petra, "MR.c", due=date(2026, 3, 2))
        give(east, cast.petra, "MR.d", due=date(2026, 3, 3))
        give(west, cast.petra, "MR.e", due=date(2026, 3, 3))
        found = listed(cast.petra).sections
    assert {(card.project, card.ref) for card in found["today"].cards} == {("East", "MR.a"), ("West", "MR.c")}
    assert [(card.project, card.ref, card.days_late) for card in found["late"].cards] == [("East", "MR.d", 1)]
    assert [(card.project, card.ref) for card in found["week"].cards] == [("West", "MR.e")]


# --- verify --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "refs"),
    [
        ("mara", ["MR.a", "MR.c"]),
        ("chen", ["MR.a", "MR.c"]),
        ("toma", ["MR.a", "MR.c"]),
        ("olga", ["MR.a", "MR.c"]),
        ("petra", ["MR.c"]),  # never what one reported oneself
        ("tim", []),
        ("cora", []),
        ("audra", []),
        ("carl", []),
        ("bruno", []),
    ],
)
def test_what_others_did_waits_for_who_may_verify_it(cast: Cast, who: str, refs: list[str]) -> None:
    give(cast.project, cast.petra, "MR.a", status="done", done_by=cast.petra)
    give(cast.project, cast.tim, "MR.c", status="done", done_by=cast.tim)
    found = listed(cast.people[who]).sections["verify"]
    assert sorted(card.ref for card in found.cards) == refs
    assert all(card.may_verify for card in found.cards)


def test_rights_read_for_many_projects_are_those_read_for_one(cast: Cast) -> None:
    another(cast, "Second", who="tim")
    for user in cast.people.values():
        for found in work_projects(user).values():
            assert found.access == access_to(found.project, user)


# --- bounds --------------------------------------------------------------------------------------------------------
def test_a_long_section_shows_its_first_rows_and_counts_all(cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=1).update(
        accountable=cast.parties["petra"], due=TODAY - timedelta(days=1)
    )
    late = listed(cast.petra).sections["late"]
    assert (late.total, len(late.cards), late.left_off) == (76, 20, 56)
    whole = listed(cast.petra, whole="late").sections["late"]
    assert (whole.total, len(whole.cards), whole.left_off) == (76, 76, 0)


def test_what_one_finished_lately_is_told_newest_first(cast: Cast) -> None:
    for ref, ago in (("MR.a", 40), ("MR.c", 20), ("MR.d", 1)):
        give(cast.project, cast.petra, ref, status="done", done_by=cast.petra)
        PhaseActivity.objects.filter(pk=cast.row(ref).pk).update(done_at=clock.now() - timedelta(days=ago))
    found = listed(cast.petra)
    assert ([card.ref for card in found.finished], found.finished_total) == (["MR.d", "MR.c"], 2)


# --- asked ---------------------------------------------------------------------------------------------------------
def ask(cast: Cast, body: str, *, project: Project | None = None, by: User | None = None, **values) -> Comment:
    return Comment.objects.create(
        project=project or cast.project, kind="activity", key="MR.a", author=by or cast.mara, body=body, **values
    )


def test_open_questions_come_first_then_mentions_not_yet_read(cast: Cast) -> None:
    ask(cast, "Answered?", asked=cast.petra, answered_at=clock.now())
    ask(cast, "To another?", asked=cast.tim)
    question = ask(cast, "Who keeps the records?", asked=cast.petra)
    both = ask(cast, "Asked and named", asked=cast.petra)
    named, read = ask(cast, "See this, Petra"), ask(cast, "Seen")
    for comment, seen in ((both, None), (named, None), (read, clock.now())):
        Mention.objects.create(project=cast.project, comment=comment, user=cast.petra, seen_at=seen)
    found = asked_of(cast.petra, work_projects(cast.petra))
    assert [(item.comment, item.is_question) for item in found.items] == [
        (question.pk, True),
        (both.pk, True),
        (named.pk, False),
    ]
    assert (found.total, found.left_off) == (3, 0)


def test_nobody_is_asked_from_a_project_that_they_cannot_see(cast: Cast) -> None:
    ask(cast, CANARY, project=cast.other, by=cast.bruno, asked=cast.petra)
    assert asked_of(cast.petra, work_projects(cast.petra)).items == ()


# --- queries -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_twenty_projects_take_as_many_queries_as_one(cast: Cast, sign_in) -> None:
    give(cast.project, cast.petra, "MR.a", "MR.c", due=TODAY)
    give(cast.project, cast.tim, "MR.d", status="done", done_by=cast.tim)
    ask(cast, "Who?", asked=cast.petra)
    client = sign_in(cast.petra)
    client.get("/work/")
    with CaptureQueriesContext(connection) as one:
        client.get("/work/")
    for number in range(19):
        more = another(cast, f"More {number:02}", zone=("UTC", "Pacific/Kiritimati", "Pacific/Niue")[number % 3])
        give(more, cast.petra, "MR.a", "MR.c", "MR.e", due=TODAY)
        PhaseActivity.objects.filter(project=more, activity__ref="MR.d").update(status="done", done_by=cast.tim)
        ask(cast, "Who?", project=more, asked=cast.petra)
    with CaptureQueriesContext(connection) as twenty:
        page = client.get("/work/").content.decode()
    assert "More 18" in page
    # The page itself has twelve, each panel of a higher app two at most.
    assert len(one) == len(twenty) <= 12 + 2 * len(list(work_panels)), [len(one), len(twenty)]
