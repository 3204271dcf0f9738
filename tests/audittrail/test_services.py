"""Writing the trail."""

import threading
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audittrail.context import acting_via
from audittrail.domain import GENESIS
from audittrail.models import Event, Stream
from audittrail.services import (
    INSTALLATION_STREAM,
    Draft,
    open_stream,
    record_event,
    record_events,
    record_installation_event,
)
from audittrail.verification import check_stream
from common import clock
from tests.audittrail.streams import STREAM, events, small_stream

pytestmark = pytest.mark.django_db


def test_it_numbers_events_from_one_without_gaps() -> None:
    small_stream(3)
    record_events(
        stream_id=STREAM, acting_user=None, drafts=[Draft("change", "thing", "A"), Draft("change", "thing", "B")]
    )
    assert list(events().order_by("seq").values_list("seq", "key")) == [
        (1, "T1"),
        (2, "T2"),
        (3, "T3"),
        (4, "A"),
        (5, "B"),
    ]


def test_each_event_continues_the_one_before_and_the_head_says_the_last() -> None:
    stream = small_stream(3)
    first, second, third = events().order_by("seq")
    assert [first.prev_hash, second.prev_hash, third.prev_hash] == [GENESIS, first.hash, second.hash]
    assert (stream.head_seq, stream.head_hash) == (3, third.hash)


def test_it_records_who_when_by_which_door_and_why() -> None:
    user = User.objects.create_user("maja@small.example", name="Mara Moss")
    correlation = uuid4()
    open_stream(stream_id=STREAM, kind="project", label="Small")
    instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    with clock.moved_to(instant), acting_via("import", correlation):
        event = record_event(
            stream_id=STREAM,
            acting_user=user,
            draft=Draft("change", "thing", "T1", "Thing 1", {"size": [1, 2]}, "it grew"),
        )
    assert (event.at, event.actor_id, event.action, event.kind, event.key) == (
        instant,
        user.pk,
        "change",
        "thing",
        "T1",
    )
    assert event.content == {
        "at": "2026-03-02T09:00:00.000000Z",
        "actor_id": user.pk,
        "actor": "Mara Moss",
        "via": "import",
        "action": "change",
        "kind": "thing",
        "key": "T1",
        "label": "Thing 1",
        "changes": {"size": [1, 2]},
        "reason": "it grew",
        "correlation_id": str(correlation),
        "schema_version": 1,
    }


def test_the_application_itself_is_called_system() -> None:
    small_stream(1)
    event = events().get()
    assert (event.actor_id, event.content["actor"], event.content["via"]) == (None, "system", "command")


def test_two_events_of_the_same_content_have_different_hashes() -> None:
    open_stream(stream_id=STREAM, kind="project", label="Small")
    draft = Draft("change", "thing", "T1")
    first, second = record_events(stream_id=STREAM, acting_user=None, drafts=[draft, draft])
    assert first.salt != second.salt
    assert first.payload == second.payload
    assert first.payload_sha256 != second.payload_sha256


def test_opening_a_stream_twice_gives_the_same_one() -> None:
    first = open_stream(stream_id=STREAM, kind="project", label="Small")
    record_event(stream_id=STREAM, acting_user=None, draft=Draft("change", "thing", "T1"))
    assert open_stream(stream_id=STREAM, kind="other", label="Other") == first
    assert Stream.objects.get(pk=STREAM).head_seq == 1


def test_it_refuses_a_stream_that_was_never_opened() -> None:
    with pytest.raises(Stream.DoesNotExist):
        record_event(stream_id=UUID(int=7), acting_user=None, draft=Draft("change", "thing", "T1"))


def test_nothing_to_record_touches_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):  # the savepoint alone
        assert record_events(stream_id=STREAM, acting_user=None, drafts=[]) == []


def test_the_installation_has_a_stream_that_opens_itself() -> None:
    record_installation_event(acting_user=None, draft=Draft("load", "catalogue", "x 1.0"))
    assert Event.objects.filter(stream_id=INSTALLATION_STREAM, key="x 1.0").count() == 1


@pytest.mark.db
def test_a_bulk_edit_takes_the_lock_once_and_inserts_once() -> None:
    open_stream(stream_id=STREAM, kind="project", label="Small")
    drafts = [Draft("change", "thing", f"T{number}") for number in range(200)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        record_events(stream_id=STREAM, acting_user=None, drafts=drafts)
    verbs = [query["sql"].split(" ", 1)[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert verbs.count("SELECT") == 1
    assert verbs.count("UPDATE") == 1
    # PostgreSQL takes all in one statement; SQLite binds a limited number of values in one.
    assert verbs.count("INSERT") <= 5
    if connection.vendor == "postgresql":
        assert any("FOR UPDATE" in query["sql"] for query in queries)


@pytest.mark.db
def test_the_same_place_in_a_stream_is_taken_once() -> None:
    small_stream(2)
    twin = events().get(seq=2)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_leave_one_whole_chain() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; its tests run in memory, where no second one can wait")
    open_stream(stream_id=STREAM, kind="project", label="Small")
    ready = threading.Barrier(4)

    def write() -> None:
        try:
            ready.wait(timeout=10)
            for number in range(10):
                record_events(stream_id=STREAM, acting_user=None, drafts=[Draft("change", "thing", f"T{number}")] * 2)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert list(events().order_by("seq").values_list("seq", flat=True)) == list(range(1, 81))
    assert list(check_stream(Stream.objects.get(pk=STREAM))) == []


def test_a_transaction_that_fails_leaves_no_event() -> None:
    small_stream(2)

    @transaction.atomic
    def fail() -> None:
        record_event(stream_id=STREAM, acting_user=None, draft=Draft("change", "thing", "T3"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Stream.objects.get(pk=STREAM).head_seq == 2
    assert events().count() == 2
