"""`verify` finds whatever was done to a trail behind the application's back."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from audittrail.domain import GENESIS, link_hash, link_mac, payload_hash
from audittrail.models import Checkpoint, Event, Stream
from audittrail.services import Draft, record_event
from audittrail.verification import check_stream, check_streams
from common import clock
from tests.audittrail.streams import STREAM, alter, events, lifted, small_stream
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def found(*, resume: bool = False) -> list[str]:
    """What the check of the small stream says, without the name of the stream."""
    stream = Stream.objects.get(pk=STREAM)
    return [said.removeprefix("project Small: ") for said in check_stream(stream, resume=resume)]


def test_a_whole_stream_has_no_fault_and_gets_a_checkpoint() -> None:
    stream = small_stream()
    with clock.moved_to(NOW):
        assert found() == []
    checkpoint = Checkpoint.objects.get(stream_id=STREAM)
    assert (checkpoint.stream_id, checkpoint.seq, checkpoint.hash, checkpoint.at) == (STREAM, 5, stream.head_hash, NOW)


def test_an_empty_stream_has_no_fault_and_no_checkpoint() -> None:
    small_stream(0)
    assert found() == []
    assert not Checkpoint.objects.filter(stream_id=STREAM).exists()


def test_it_finds_an_altered_payload() -> None:
    small_stream()
    content = events().get(seq=3).content
    content["changes"]["size"] = [3, 99]
    alter(3, payload=json.dumps(content))
    assert found() == ["event 3 was altered: its content does not match its hash"]
    assert not Checkpoint.objects.filter(stream_id=STREAM).exists()


@pytest.mark.parametrize(("column", "value"), [("action", "read"), ("kind", "other"), ("key", "T9"), ("actor_id", 12)])
def test_it_finds_an_altered_column_that_lists_filter_by(column: str, value: object) -> None:
    small_stream()
    alter(3, **{column: value})
    assert found() == ["event 3 was altered: its columns differ from its content"]


def test_it_finds_an_event_that_was_removed() -> None:
    small_stream()
    with lifted():
        events().filter(seq=3).delete()
    assert found() == ["event 3 is missing, 4 follows", "event 4 does not continue the one before it"]


def test_it_finds_a_tail_that_was_cut_off_by_the_head() -> None:
    small_stream()
    with lifted():
        events().filter(seq__gt=3).delete()
    assert found() == ["ends at event 3, its head says 5"]


def test_a_tail_cut_off_together_with_its_head_shows_only_against_an_exported_head() -> None:
    before = small_stream()
    with lifted():
        events().filter(seq__gt=3).delete()
    Stream.objects.filter(pk=STREAM).update(head_seq=3, head_hash=events().get(seq=3).hash)
    assert found() == []
    assert not events().filter(seq=before.head_seq, hash=before.head_hash).exists()


def test_it_finds_a_chain_that_was_written_anew_without_the_key() -> None:
    small_stream(1)
    payload = events().get().payload.replace("Thing 1", "Thing 2")
    digest = payload_hash("00", payload)
    forged = link_hash(1, GENESIS, digest)
    alter(1, payload=payload, salt="00", payload_sha256=digest, hash=forged, mac=link_mac("guessed", forged))
    Stream.objects.filter(pk=STREAM).update(head_hash=forged)
    assert found() == ["event 1 was not written with this installation's trail key"]


def test_it_finds_that_the_key_is_another(settings) -> None:
    small_stream(2)
    settings.TRAIL_KEYS = {settings.TRAIL_KEY_ID: "another key"}
    assert found() == [f"event {seq} was not written with this installation's trail key" for seq in (1, 2)]


def test_an_event_under_a_key_of_the_past_is_checked_with_that_key(settings) -> None:
    small_stream(2)
    settings.TRAIL_KEYS = {settings.TRAIL_KEY_ID: settings.TRAIL_KEY, "2": "the next key"}
    settings.TRAIL_KEY, settings.TRAIL_KEY_ID = "the next key", "2"
    record_event(stream_id=STREAM, acting_user=None, draft=Draft("change", "thing", "T9"))
    assert found() == []


def test_it_finds_that_the_time_of_an_event_was_altered() -> None:
    small_stream(2)
    alter(2, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert found() == ["event 2 was altered: its columns differ from its content"]


def test_it_finds_that_the_end_was_cut_off_behind_the_last_check() -> None:
    small_stream(3)
    assert found() == []
    with lifted():
        last = Event.objects.get(stream_id=STREAM, seq=3)
        Event.objects.filter(pk=last.pk).delete()
        Stream.objects.filter(pk=STREAM).update(head_seq=2, head_hash=last.prev_hash)
    assert found() == ["event 3 is not what it was at the last check"]


def test_a_payload_that_was_lawfully_disposed_of_leaves_the_chain_whole() -> None:
    small_stream()
    alter(3, payload=None)
    assert found() == ["event 3 has lost its content, and no event says that it was disposed of"]
    record_event(stream_id=STREAM, acting_user=None, draft=Draft("dispose", "trail event", "3", reason="retention"))
    assert found() == []


def test_a_check_that_resumes_reads_only_what_came_since() -> None:
    small_stream(3)
    assert found() == []
    alter(1, payload="{}")
    record_event(stream_id=STREAM, acting_user=None, draft=Draft("change", "thing", "T4"))
    assert found(resume=True) == []
    assert Checkpoint.objects.get(stream_id=STREAM).seq == 4
    assert found() == ["event 1 was altered: its content does not match its hash"]


def test_a_check_that_resumes_finds_a_fault_behind_the_checkpoint() -> None:
    small_stream(3)
    assert found() == []
    record_event(stream_id=STREAM, acting_user=None, draft=Draft("change", "thing", "T4"))
    alter(4, key="T5")
    assert found(resume=True) == ["event 4 was altered: its columns differ from its content"]
    assert Checkpoint.objects.get(stream_id=STREAM).seq == 3


def test_a_check_that_resumes_notices_that_its_checkpoint_is_gone() -> None:
    small_stream(3)
    assert found() == []
    with lifted():
        events().filter(seq=3).delete()
    assert found(resume=True)[0] == "event 3 is not what it was at the last check"


def test_all_streams_are_checked() -> None:
    small_stream(2)
    alter(2, payload="{}")
    assert list(check_streams(False)) == ["project Small: event 2 was altered: its content does not match its hash"]


def test_the_command_says_that_all_holds(capsys) -> None:
    small_stream()
    call_command("verify")
    assert capsys.readouterr().out.splitlines()[-1] == "verify: everything holds"


def test_the_command_lists_the_faults_and_fails(capsys) -> None:
    small_stream()
    alter(3, payload="{}")
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    said = capsys.readouterr().out.splitlines()
    assert "Trail: project Small: event 3 was altered: its content does not match its hash" in said
    assert said[-1] == "1 finding(s)"
