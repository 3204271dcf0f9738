"""The library of challenges: what the pack may say, what the page shows of a project."""

import shutil
from pathlib import Path

import pytest

from gapanalysis.content import read_questionnaire
from gapanalysis.exceptions import QuestionnaireError
from gapanalysis.models import Assessment, Questionnaire
from gapanalysis.selectors import free_key
from gapanalysis.selectors.challenges import Point, challenges_of
from gapanalysis.services.questionnaires import load_questionnaire
from phases.choices import Status
from phases.models import PhaseActivity
from tests.cast import Cast
from tests.gapanalysis.conftest import PACK, give, make, move

URL = "/projects/alder/gap/challenges/"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack of the tests, to be spoiled."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def spoil(pack: Path, before: str, after: str) -> None:
    path = pack / "challenges.yaml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


# --- content ---------------------------------------------------------------------------------------------------------


def test_they_are_loaded_as_the_pack_has_them_and_their_hash_is_pinned(questionnaire: Questionnaire) -> None:
    assert [row["ref"] for row in questionnaire.challenges] == ["C-01", "C-02"]
    assert questionnaire.challenges[0]["signs"] == [
        "The calendar of changes is empty",
        "Engineers learn of it from customers",
    ]
    assert "challenges.yaml" in questionnaire.files


def test_a_released_version_keeps_its_challenges(questionnaire: Questionnaire, pack: Path) -> None:
    spoil(pack, "Put the telephone", "Throw the telephone")
    with pytest.raises(QuestionnaireError, match=r"was released and loaded; challenges\.yaml differ"):
        load_questionnaire(folder=pack)


def test_a_pack_may_hold_none(pack: Path) -> None:
    (pack / "challenges.yaml").unlink()
    assert read_questionnaire(pack).challenges == ()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("- ref: C-02\n", "- ref: C-01\n", "C-01 stand there twice"),
        ("- ref: C-02\n", "- ref:\n", "row 2: it has no ref"),
        (
            "  counter: Put the telephone beside the form.\n",
            "",
            "C-01: its keys are ref, title, signs, conseq",
        ),
        ("  title: Change by telephone\n", "  title: ''\n", "C-01: title must be a text"),
        ("  - Engineers learn of it from customers\n", "", "C-01: signs needs two to four"),
        ("[CH.i, ZZ.a]", "[]", "C-01: activities must be a list of texts, one at least"),
        ("[CH.i, ZZ.a]", "CH.i", "C-01: activities must be a list of texts"),
        ("[SV-a]", "[SV-a, SV-z]", "C-01: the survey has no point SV-z"),
        ("- ref: C-01\n", "- C-00\n- ref: C-01\n", "row 1: it has no ref"),
    ],
)
def test_it_names_what_is_wrong_with_a_row(pack: Path, before: str, after: str, words: str) -> None:
    spoil(pack, before, after)
    with pytest.raises(QuestionnaireError, match=words):
        read_questionnaire(pack)


def test_it_says_where_the_file_is_no_list(pack: Path) -> None:
    (pack / "challenges.yaml").write_text("challenges: []\n")
    with pytest.raises(QuestionnaireError, match="it is a list of challenges"):
        read_questionnaire(pack)


# --- beside the project ----------------------------------------------------------------------------------------------


def point(cast: Cast) -> Point:
    return challenges_of(cast.project).challenges[0].points[0]


def test_a_point_shows_the_newest_word_and_where_it_stands(cast: Cast, baseline: Assessment) -> None:
    assert point(cast) == Point("SV-a", "What is there", "", "Baseline", "baseline")
    give(cast, baseline, "SV-a", "unanswered", note="Two binders.")
    assert point(cast) == Point("SV-a", "What is there", "Two binders.", "Baseline", "baseline")
    give(cast, baseline, "Q-5.2.1-01", "conforms", note="Signed in February.")
    move(cast, baseline, "in review", "locked")
    later = move(cast, make(cast, "ad hoc", title="Later"), "in progress")
    assert point(cast).note == "Two binders."
    give(cast, later, "SV-a", "unanswered", note="Three binders.")
    assert point(cast) == Point("SV-a", "What is there", "Three binders.", "Later", "later")


def test_a_draft_says_nothing(cast: Cast, questionnaire: Questionnaire) -> None:
    make(cast)
    assert point(cast) == Point("SV-a", "What is there")


def test_what_another_client_said_is_not_shown(cast: Cast, baseline: Assessment) -> None:
    give(cast, baseline, "SV-a", "unanswered", note="Two binders.")
    other = challenges_of(cast.other)
    assert other.total == 2
    assert other.challenges[0].points == (Point("SV-a", "What is there"),)


def test_activities_stand_there_with_their_status_and_missing_ones_by_name(
    cast: Cast, questionnaire: Questionnaire
) -> None:
    PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.i").update(status=Status.DONE)
    first, second = challenges_of(cast.project).challenges
    assert [(one.ref, one.row.status) for one in first.served] == [("CH.i", "done")]
    assert first.missing == (("ZZ.a", ""),)
    assert [one.ref for one in second.served] == ["MR.b.1"]
    assert second.missing == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["C-01", "C-02"]),
        ("TELEPHONE", ["C-01"]),
        ("policy aloud", ["C-02"]),
        ("policy telephone", []),
        ("mr.b.1", ["C-02"]),
        ("binders", ["C-01", "C-02"]),
    ],
)
def test_all_words_must_stand_in_a_challenge(cast: Cast, baseline: Assessment, text: str, found: list[str]) -> None:
    give(cast, baseline, "SV-a", "unanswered", note="Two binders.")
    library = challenges_of(cast.project, text)
    assert [one.ref for one in library.challenges] == found
    assert library.total == 2


def test_no_assessment_takes_the_address_of_the_library(cast: Cast) -> None:
    assert free_key(cast.project, "Challenges") == "challenges-2"


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_all_and_links_answer_and_activity(cast: Cast, baseline: Assessment, sign_in) -> None:
    give(cast, baseline, "SV-a", "unanswered", note="Two <binders>.")
    page = sign_in(cast.tim).get(URL).content.decode()
    for text in ("Change by telephone", "Engineers learn of it from customers", "Put the telephone beside the form."):
        assert text in page
    assert "Two &lt;binders&gt;." in page
    assert 'href="/projects/alder/gap/baseline/answer/SV-a/"' in page
    assert 'href="/projects/alder/activities/CH.i/"' in page
    assert "not in the plan" in page


def test_few_hits_of_a_search_stand_open_and_none_says_what_to_do(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.tim)
    assert 'id="C-01" open' not in client.get(URL).content.decode()
    found = client.get(URL, {"q": "telephone"}).content.decode()
    assert 'id="C-01" open' in found
    assert "Nobody reads the policy" not in found
    assert "No challenge holds these words" in client.get(URL, {"q": "zebra"}).content.decode()


def test_the_page_says_where_nothing_is_loaded(cast: Cast, sign_in) -> None:
    assert "No challenges are loaded" in sign_in(cast.tim).get(URL).content.decode()


def test_a_name_that_the_page_does_not_know_is_a_bad_request(cast: Cast, sign_in) -> None:
    assert sign_in(cast.tim).get(URL, {"word": "x"}).status_code == 400


def test_the_list_of_assessments_links_the_page(cast: Cast, sign_in) -> None:
    assert f'href="{URL}"' in sign_in(cast.tim).get("/projects/alder/gap/").content.decode()


def test_the_page_needs_the_same_few_queries_whatever_was_said(
    cast: Cast, baseline: Assessment, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    client.get(URL)
    with django_assert_max_num_queries(15) as few:
        client.get(URL)
    give(cast, baseline, "SV-a", "unanswered", note="Two binders.")
    for title in ("One", "Two"):
        move(cast, make(cast, "ad hoc", title=title), "in progress")
    with django_assert_max_num_queries(15) as more:
        client.get(URL)
    assert len(more) == len(few)
