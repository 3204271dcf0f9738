"""Tell people of what became theirs and of what waits for them: what happened, and whom it concerns.

The act writes one row, in its transaction; whom it concerns is found by the next round of sending.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from accounts.models import User
from common import clock
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur
from phases.models import Contributor, PhaseActivity
from phases.selectors.whom import users_of, verifiers_of
from projects.models import Project

ASSIGNMENT, VERIFICATION = "assignment", "verification"
# Who gets more rows by one act is told how many there are, not of each.
EACH_UP_TO = 25


def tell_given(project: Project, acting_user: User | None, given: Mapping[int, Collection[int]]) -> None:
    """Let those who stand behind the parties of `given` (by the id of a row) know that the row is theirs to do."""
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, its in given.items():
        for party in its:
            rows_of[party].append(row)
    if rows_of:
        occur(project, ASSIGNMENT, acting_user=acting_user, facts={"given": sorted(rows_of.items())})


def tell_new_rows(project: Project, acting_user: User | None, rows: Iterable[PhaseActivity]) -> None:
    """Let whoever has a part in `rows`, which a running plan has just got, know of them. Two queries."""
    given = {row.pk: {row.accountable_id} if row.accountable_id is not None else set() for row in rows}
    for row, party in Contributor.objects.filter(project=project, phase_activity__in=given).values_list(
        "phase_activity_id", "party_id"
    ):
        given[row].add(party)
    tell_given(project, acting_user, given)


def tell_done(project: Project, acting_user: User | None, rows: Sequence[PhaseActivity]) -> None:
    """Ask for the verification of `rows`, which `acting_user` has just reported done."""
    facts = {"rows": [row.pk for row in rows], "done_at": rows[0].done_at.isoformat() if rows[0].done_at else ""}
    occur(project, VERIFICATION, acting_user=acting_user, facts=facts)


def news_of_given(occasion: Occasion) -> list[News]:
    """Who got which rows. A row is told to a person once a day at most; many are told by their number. One query."""
    given: dict[int, list[int]] = dict(occasion.facts["given"])
    rows_of: dict[int, set[int]] = defaultdict(set)
    for party, users in users_of(given).items():
        for user in users:
            rows_of[user] |= set(given[party])
    project = occasion.project
    day = clock.day_of(occasion.at, project.time_zone).isoformat()
    news: list[News] = []
    for user, rows in rows_of.items():
        if len(rows) > EACH_UP_TO:
            news.append(News(user, ASSIGNMENT, f"many in {project.pk} {day}", project.pk, project.pk, {"many": True}))
        else:
            news += [News(user, ASSIGNMENT, f"row {row} {day}", project.pk, row) for row in sorted(rows)]
    return news


def news_of_done(occasion: Occasion) -> list[News]:
    """Who is asked to verify which rows. Done again, a row is another thing. Four queries at most."""
    project, done_at = occasion.project, occasion.facts["done_at"]
    rows = PhaseActivity.objects.filter(project=project, pk__in=occasion.facts["rows"]).select_related("activity")
    asked = verifiers_of(project, list(rows), occasion.actor)
    return [
        News(user, VERIFICATION, f"row {row} {done_at}", project.pk, row, {"done_at": done_at})
        for row, users in asked.items()
        for user in sorted(users)
    ]
