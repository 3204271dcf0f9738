"""The newest migrations, back and forth over 120,000 rows: nothing is lost, and the chain of the trail holds."""

from typing import Any

import pytest

from tests.faults.installation import Installation

pytestmark = pytest.mark.faults
ROWS = 120_000
# What Django keeps of its own: on the way it also learns of models that were there once.
KEPT_BY_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}


def counts(where: Installation) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: where.inside("read", f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 (a table of ours)
        for table in where.inside("tables")
        if table not in KEPT_BY_DJANGO
    }


def chain(where: Installation) -> list[Any]:
    """The ends of all streams, and what all hashes of all events are together."""
    heads = where.inside("read", "SELECT id, head_seq, head_hash FROM audittrail_stream ORDER BY id")
    return [heads, where.inside("hash_of_events")]


@pytest.mark.parametrize("place", ["installation", "on_postgresql"])
def test_the_newest_migrations_lose_nothing(place: str, request: pytest.FixtureRequest) -> None:
    where: Installation = request.getfixturevalue(place)
    where.inside("fill", ROWS)
    before, hashes = counts(where), chain(where)
    assert before["audittrail_event"] >= ROWS
    assert before["jobs_job"] >= ROWS
    assert before["phases_phaseactivity"] > 0
    steps = where.inside("newest_migrations")
    # Where a newest migration makes a table, the way back takes it away with its rows: those are made again, empty.
    made = {table for step in steps for table in step["makes"]}
    where.inside("go_back", [(step["app"], step["before"]) for step in steps if step["reversible"]])
    forth = where.manage("migrate")
    assert forth.returncode == 0, forth.stderr
    after = counts(where)
    assert {table: count for table, count in after.items() if table not in made} == {
        table: count for table, count in before.items() if table not in made
    }
    assert chain(where) == hashes
    # The trail's chain and its triggers are among what it looks at.
    where.verify()
