"""Reading and loading questionnaire packs."""

import shutil
from pathlib import Path

import pytest

from gapanalysis.content import component_of, read_questionnaire, section_of
from gapanalysis.exceptions import QuestionnaireError
from gapanalysis.models import Question
from gapanalysis.services.questionnaires import load_questionnaire
from tests.gapanalysis.conftest import PACK


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack of the tests, to be spoiled."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_it_loads_once(questionnaire) -> None:
    assert load_questionnaire(folder=PACK) == (questionnaire, False)
    assert Question.objects.filter(questionnaire=questionnaire).count() == 12


def test_a_released_version_does_not_change(questionnaire, pack: Path) -> None:
    spoil(pack / "questions.yaml", "Customers feel it.", "Nobody feels it.")
    with pytest.raises(QuestionnaireError, match=r"was released and loaded; questions\.yaml differ"):
        load_questionnaire(folder=pack)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("- 8.6.1\n", "- 8.6\n", "quoted numbers"),
        ("ref: Q-8.6.1-01", "ref: Q-4.1-01", "stand there twice"),
        ("  small: true\n", "  small: often\n", "true or false"),
        ("  - A date\n", "", "two to four"),
        ("  why: Customers feel it.\n", "", "its keys are"),
        ("  - S.CX.a\n", "", "a row lacks|reaches no activity"),
    ],
)
def test_it_names_what_is_wrong_with_a_row(pack: Path, before: str, after: str, words: str) -> None:
    spoil(pack / "questions.yaml", before, after)
    with pytest.raises(QuestionnaireError, match=words):
        read_questionnaire(pack)


def test_a_ladder_has_seven_rungs(pack: Path) -> None:
    spoil(pack / "ladders.yaml", "    measured: Changes are measured.\n", "")
    with pytest.raises(QuestionnaireError, match="its rungs are"):
        read_questionnaire(pack)


@pytest.mark.parametrize(
    ("clauses_2018", "clauses_2011", "section"),
    [
        (["4.1"], [], "4"),
        (["8.5.1.3"], [], "8.5.1"),
        (["8.6.1", "8.6.2"], [], "8.6"),
        (["9.2"], [], "9"),
        ([], ["4.1.4"], "2011 4"),
    ],
)
def test_a_section_is_what_one_person_answers_in_one_sitting(
    clauses_2018: list[str], clauses_2011: list[str], section: str
) -> None:
    assert section_of(clauses_2018, clauses_2011) == section


def test_a_component_stands_in_the_ref() -> None:
    assert [component_of(ref) for ref in ("CH.i", "MR.b.1", "S.CX.a")] == ["CH", "MR", "S.CX"]
