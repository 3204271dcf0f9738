"""The gap analyses of the demo fit the questions that are loaded."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings

from gapanalysis.choices import AnswerValue
from gapanalysis.content import read_questionnaire
from gapanalysis.domain.ladder import RUNGS
from smsplan.demo.gap import read_gap_story

LOOKS = [pytest.param(look, id=look["key"]) for look in read_gap_story()["assessments"]]


@pytest.fixture(scope="module")
def instruments() -> dict[str, str]:
    """The kind of each question by its ref."""
    pack = read_questionnaire(settings.CONTENT_DIR / "questionnaires" / "iso20000-1")
    return {entry.ref: entry.instrument for entry in pack.entries}


@pytest.mark.parametrize("look", LOOKS)
def test_each_answer_belongs_to_a_question_and_says_what_it_may(
    look: Mapping[str, Any], instruments: Mapping[str, str]
) -> None:
    refs = [entry["ref"] for entry in look["answers"]]
    assert len(refs) == len(set(refs))
    named = [
        *refs,
        *look.get("unanswered", ()),
        *look.get("later", ()),
        *(one["ref"] for one in look.get("comments", ())),
    ]
    assert [ref for ref in named if instruments.get(ref) != "requirement"] == []
    for kind, part in (("ladder", "ladders"), ("survey", "survey"), ("readiness", "readiness")):
        assert [ref for ref in look.get(part, ()) if instruments.get(ref) != kind] == []
    known = {rung.value for rung in RUNGS}
    assert [ref for ref, rungs in look["ladders"].items() if set(rungs) - known] == []


@pytest.mark.parametrize("look", LOOKS)
def test_no_note_was_cut_by_a_comma(look: Mapping[str, Any]) -> None:
    for entry in look["answers"]:
        assert set(entry) <= {"ref", "value", "note", "evidence", "finding"}, entry["ref"]
        assert entry["value"] in AnswerValue.values
        assert entry["note"][-1] in '.!?"', entry["note"]
        finding = entry.get("finding")
        assert finding is None or set(finding) == {"gap", "impact", "recommendation", "owner"}
