"""Twenty processes write into one database at the same time: no error, nothing lost, the trail is whole."""

import json

import pytest

from tests.faults.installation import Installation

WRITERS = 20


def all_is_kept(where: Installation, seconds: int) -> None:
    """Whatever was acknowledged is there, once."""
    events = "SELECT count(*) FROM audittrail_event"
    before = where.inside("read", events)[0][0]
    versions = {row: where.inside("note_of", row)[0] for row in where.inside("rows_of_plan")[:WRITERS]}
    ran = where.run("tests.faults.writers", str(WRITERS), str(seconds))
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert [each["error"] for each in said] == [""] * WRITERS
    # Nobody was left out.
    assert all(each["done"] > 0 for each in said)
    for each in said:
        assert where.inside("note_of", each["row"]) == [versions[each["row"]] + each["done"], each["text"]]
    assert where.inside("read", events)[0][0] == before + sum(each["done"] for each in said)
    where.verify()


@pytest.mark.processes
def test_twenty_writers_lose_nothing(installation: Installation) -> None:
    all_is_kept(installation, 5)


@pytest.mark.faults
def test_twenty_writers_lose_nothing_in_a_minute(installation: Installation) -> None:
    all_is_kept(installation, 60)
