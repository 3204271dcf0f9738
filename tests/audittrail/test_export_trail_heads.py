"""`manage.py export_trail_heads`."""

import json

import pytest
from django.core.management import call_command

from audittrail.models import Stream
from common import clock
from tests.audittrail.streams import STREAM, small_stream
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
