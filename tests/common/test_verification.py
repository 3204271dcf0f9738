"""`manage.py verify` and the night run every check, whatever becomes of one of them."""

from collections.abc import Iterator

from django.db import DatabaseError

from common.verification import Check, findings_of


def test_a_database_that_cannot_be_read_is_a_finding_after_those_found_before() -> None:
    def run(_resume: bool) -> Iterator[str]:
        yield "row 3 is not what it was"
        raise DatabaseError("database disk image is malformed")

    assert list(findings_of(Check("Trail", run), resume=False)) == [
        "row 3 is not what it was",
        "the database cannot be read: database disk image is malformed",
    ]


def test_a_check_is_told_whether_to_resume() -> None:
    told: list[bool] = []

    def run(resume: bool) -> list[str]:
        told.append(resume)
        return []

    assert list(findings_of(Check("Trail", run), resume=True)) == []
    assert list(findings_of(Check("Trail", run), resume=False)) == []
    assert told == [True, False]
