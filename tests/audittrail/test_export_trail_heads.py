"""`manage.py export_trail_heads`."""

import json

import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Checkpoint, Event, Stream
from common import clock
from tests.audittrail.streams import STREAM, lifted, small_stream
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_it_prints_the_head_of_every_stream(capsys) -> None:
    stream = small_stream(4)
    with clock.moved_to(NOW):
        call_command("export_trail_heads")
    said = json.loads(capsys.readouterr().out)
    assert said["at"] == NOW.isoformat()
    assert len(said["heads"]) == Stream.objects.count()
    assert {
        "stream": str(STREAM),
        "kind": "project",
        "label": "Small",
        "seq": 4,
        "hash": stream.head_hash,
    } in said["heads"]


def test_it_writes_to_a_file(tmp_path, capsys) -> None:
    small_stream(1)
    target = tmp_path / "heads.json"
    call_command("export_trail_heads", output=str(target))
    heads = json.loads(target.read_text(encoding="utf-8"))["heads"]
    assert [head["seq"] for head in heads if head["stream"] == str(STREAM)] == [1]
    assert capsys.readouterr().out == ""


def test_verify_against_heads_kept_elsewhere_finds_an_end_that_was_cut_off(db, tmp_path, capsys) -> None:
    small_stream(3)
    kept = tmp_path / "heads.json"
    call_command("export_trail_heads", output=str(kept))
    call_command("verify", heads=str(kept))
    assert "Kept heads: hold" in capsys.readouterr().out
    with lifted():
        last = Event.objects.get(stream_id=STREAM, seq=3)
        Event.objects.filter(pk=last.pk).delete()
        Stream.objects.filter(pk=STREAM).update(head_seq=2, head_hash=last.prev_hash)
        Checkpoint.objects.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", heads=str(kept))
    assert ended.value.code == 1
    assert "Kept heads: project Small: event 3" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_or_read_is_one_line(db, tmp_path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_trail_heads", output=str(tmp_path / "no" / "such.json"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify", heads=str(tmp_path / "none.json"))
