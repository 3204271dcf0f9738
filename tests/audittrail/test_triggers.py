"""The database itself refuses to change or remove an event."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audittrail import triggers
from audittrail.verification import check_triggers
from tests.audittrail.streams import events, lifted, small_stream

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def test_it_refuses_to_change_an_event() -> None:
    small_stream(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        events().filter(seq=1).update(action="nothing")
    assert events().get(seq=1).action == "change"


def test_it_refuses_to_save_an_event_again() -> None:
    small_stream(1)
    event = events().get()
    event.payload = "{}"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()


def test_it_refuses_to_remove_an_event() -> None:
    small_stream(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        events().filter(seq=2).delete()
    assert events().count() == 2


def test_it_refuses_plain_sql_too() -> None:
    small_stream(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audittrail_event")


def test_it_refuses_to_empty_the_table_at_once() -> None:
    small_stream(1)
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused above")
    connection.check_constraints()  # else the foreign keys, which are checked at the end, refuse before the trigger
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audittrail_event")


def test_none_is_missing_after_migrating() -> None:
    assert triggers.missing(connection) == []
    assert list(check_triggers(False)) == []


def test_verification_names_a_trigger_that_was_dropped() -> None:
    triggers.remove(connection)
    assert list(check_triggers(False)) == [
        f"the trigger {name} is missing or altered; run manage.py migrate to make it again"
        for name in triggers.expected(connection)
    ]


def test_migrating_makes_them_again() -> None:
    triggers.remove(connection)
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []


def test_they_stand_again_after_a_block_without_them_even_when_it_fails() -> None:

    def fail() -> None:
        with lifted():
            assert triggers.missing(connection) == triggers.expected(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert triggers.missing(connection) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces a row without asking on delete")
def test_sqlite_does_not_replace_an_event_either() -> None:
    small_stream(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO audittrail_event SELECT id, seq, at, actor_id, 'forged', kind, key, payload, salt, "
            "payload_sha256, prev_hash, hash, mac, mac_key_id, stream_id FROM audittrail_event WHERE seq = 1"
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the body in a function")
def test_a_trigger_of_the_same_name_that_does_nothing_is_found_and_made_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {triggers.NAMES[0]}")
        cursor.execute(f"CREATE TRIGGER {triggers.NAMES[0]} BEFORE UPDATE ON {triggers.TABLE} BEGIN SELECT 1; END")
    assert triggers.missing(connection) == [triggers.NAMES[0]]
    triggers.install(connection)
    assert triggers.missing(connection) == []
