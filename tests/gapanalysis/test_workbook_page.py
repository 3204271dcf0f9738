"""An assessment as a file in the browser: what would change is shown first, conflicts side by side, all or nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audittrail.models import Event
from common import clock
from gapanalysis.models import AnswerPreview, Assessment
from gapanalysis.services.assessments import set_assessors
from tests.cast import NOW, Cast
from tests.gapanalysis.conftest import answer_of, give, make, move
from tests.gapanalysis.files import Rows, as_csv, book_of, exported, line_of, row_of, saved, standing

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/gap/baseline/import/"


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.mara)


def send(client: Client, content: bytes, name: str = "answers.csv", page: str = PAGE) -> Any:
    return client.post(page, {"file": SimpleUploadedFile(name, content)})


def preview_of(client: Client, content: bytes, name: str = "answers.csv") -> str:
    """The address of the preview of a sound file."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def conflict(cast: Cast, baseline: Assessment, *refs: str) -> Rows:
    """Rows of a file that say minor gap where Mara has said major gap meanwhile."""
    rows = exported()
    for ref in refs:
        give(cast, baseline, ref, "major gap", note=f"Seen at {ref}.")
        row_of(rows, ref)["answer"] = "minor gap"
    return rows


def side(baseline: Assessment, ref: str) -> str:
    return f"side-{answer_of(baseline, ref).pk}:answer"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_it_gives_changes_nothing_when_it_comes_back(
    cast: Cast, client: Client, baseline: Assessment, form: str
) -> None:
    answer = client.get(f"/projects/alder/gap/baseline/workbook/?format={form}")
    assert answer["Content-Disposition"] == f'attachment; filename="alder-baseline.{form}"'
    before = standing()
    answer = send(client, answer.content, f"answers.{form}")
    assert "The file changes nothing: its 12 rows say what stands here" in said(client.get(answer["Location"]))
    assert (standing(), AnswerPreview.objects.count()) == (before, 0)


def test_it_shows_each_answer_and_takes_them_once_they_are_confirmed(
    cast: Cast, client: Client, baseline: Assessment, tmp_path: Path
) -> None:
    book = book_of(tmp_path)
    line_of(book, "Q-8.6.1-01")["answer"].value = "excluded"
    line_of(book, "L-01")["answer"].value = "none"
    line_of(book, "SV-a")["note"].value = "Two systems run here."
    before = standing()
    path = preview_of(client, saved(book), "Alder.xlsx")
    assert standing() == before
    page = said(client.get(path))
    for words in (
        "Alder.xlsx. Nothing is changed yet.",
        "Show me what Q-8.6.1-01 asks for.",
        "Chapter 8, row",
        "<span>Unanswered</span>",
        "<span>Excluded: conformity cannot be claimed</span>",
        "<span>no rung</span>",
        "<span>Two systems run here.</span>",
    ):
        assert words in page
    answer = client.post(path, {"do": "import"}, follow=True)
    assert "3 answers were taken from the file." in said(answer)
    given = answer_of(baseline, "Q-8.6.1-01")
    assert (given.value, given.answered_by) == ("excluded", cast.mara)
    events = Event.objects.filter(action="answer question")
    assert {(event.content["via"], event.actor_id) for event in events} == {("import", cast.mara.pk)}


def test_bad_cells_are_listed_with_what_to_do(cast: Cast, client: Client, baseline: Assessment) -> None:
    before = standing()
    answer = send(client, b"ref,answer\nQ-4.1-01,not applicable\nQ-99,conforms\nL-01,flown\nRF-a,9\nSV-a,yes\n")
    assert answer.status_code == 422
    page = said(answer)
    for words in (
        "5 rows to mend",
        "Not an answer. Use conforms, minor gap",
        "No question of this assessment.",
        "Not a rung. Use defined",
        "Not a rating.",
        "A survey point takes a note alone.",
    ):
        assert words in page
    assert (standing(), AnswerPreview.objects.count()) == (before, 0)


def test_an_unread_sheet_is_named_on_the_preview(
    cast: Cast, client: Client, baseline: Assessment, tmp_path: Path
) -> None:
    book = book_of(tmp_path)
    line_of(book, "Q-4.1-01")["answer"].value = "conforms"
    book.create_sheet("Thoughts")["A1"] = "Ask Petra."
    assert "<b>Not read: Thoughts</b>" in said(client.get(preview_of(client, saved(book), "answers.xlsx")))


# --- two answers to one question -------------------------------------------------------------------------------------


def test_both_answers_stand_side_by_side_and_wait_for_a_choice(
    cast: Cast, client: Client, baseline: Assessment
) -> None:
    give(cast, baseline, "Q-8.6.1-01", "no case yet")
    path = preview_of(client, as_csv(conflict(cast, baseline, "Q-8.6.1-01")))
    page = said(client.get(path))
    for words in (
        "No case yet",
        "Keep what stands here",
        "Mara Moss, 2 Mar 2026",
        "Major gap",
        "Take the file",
        "Minor gap",
    ):
        assert words in page
    answer = client.post(path, {"do": "import"})
    assert answer.status_code == 422
    assert "Choose first what holds in each conflict: 1 wait." in said(answer)
    assert answer_of(baseline, "Q-8.6.1-01").value == "major gap"


@pytest.mark.parametrize(("chosen", "value"), [("keep", "major gap"), ("file", "minor gap")])
def test_a_conflict_is_chosen_by_itself(
    cast: Cast, client: Client, baseline: Assessment, chosen: str, value: str
) -> None:
    path = preview_of(client, as_csv(conflict(cast, baseline, "Q-8.6.1-01", "Q-9.2-01")))
    sides = {side(baseline, "Q-8.6.1-01"): chosen, side(baseline, "Q-9.2-01"): "keep"}
    client.post(path, {"do": "import", **sides})
    assert [answer_of(baseline, ref).value for ref in ("Q-8.6.1-01", "Q-9.2-01")] == [value, "major gap"]


@pytest.mark.parametrize(("act", "value"), [("all-keep", "major gap"), ("all-file", "minor gap")])
def test_conflicts_are_chosen_all_at_once(
    cast: Cast, client: Client, baseline: Assessment, act: str, value: str
) -> None:
    refs = ("Q-8.6.1-01", "Q-9.2-01", "Q-4.1-01")
    path = preview_of(client, as_csv(conflict(cast, baseline, *refs)))
    answer = client.post(path, {"do": act}, follow=True)
    assert "Your choices are kept. Nothing is changed in the assessment yet." in said(answer)
    client.post(path, {"do": "import"})
    assert {answer_of(baseline, ref).value for ref in refs} == {value}


@pytest.mark.parametrize(
    "sent", [{"do": "import", "side-0:answer": "file"}, {"do": "all-mine"}, {"do": "import", "colour": "red"}]
)
def test_choices_that_the_page_does_not_have_change_nothing(
    cast: Cast, client: Client, baseline: Assessment, sent: dict[str, str]
) -> None:
    path = preview_of(client, as_csv(conflict(cast, baseline, "Q-8.6.1-01")))
    before = standing()
    assert client.post(path, sent).status_code in (400, 422)
    assert standing() == before


# --- bound to its person, its file, and what it showed ---------------------------------------------------------------


def test_a_preview_is_for_one_use(cast: Cast, client: Client, baseline: Assessment) -> None:
    path = preview_of(client, b"ref,answer\nQ-4.1-01,conforms\n")
    client.post(path, {"do": "import"})
    before = standing()
    answer = client.post(path, {"do": "import"})
    assert answer.status_code == 409
    assert "This file was imported already." in said(answer)
    assert standing() == before


def test_a_preview_is_for_its_person(cast: Cast, client: Client, baseline: Assessment, sign_in: Any) -> None:
    path = preview_of(client, b"ref,answer\nQ-4.1-01,conforms\n")
    for method in ("get", "post"):
        answer = getattr(sign_in(cast.olga), method)(path, {"do": "import"} if method == "post" else {})
        assert answer.status_code == 409
        assert "somebody else" in said(answer)
    assert answer_of(baseline, "Q-4.1-01").value == "unanswered"


def test_a_preview_is_for_a_day(cast: Cast, client: Client, baseline: Assessment) -> None:
    path = preview_of(client, b"ref,answer\nQ-4.1-01,conforms\n")
    AnswerPreview.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert client.post(path, {"do": "import"}).status_code == 409


def test_a_preview_shows_what_moved_on_and_takes_nothing(cast: Cast, client: Client, baseline: Assessment) -> None:
    path = preview_of(client, b"ref,answer\nQ-4.1-01,conforms\nQ-9.2-01,conforms\n")
    give(cast, baseline, "Q-4.1-01", "major gap")
    before = standing()
    for answer in (client.get(path), client.post(path, {"do": "import"})):
        assert answer.status_code == 409
        page = said(answer)
        assert "1 of its answers changed after this preview was made. Send the file again." in page
        assert "answer: major gap" in page
        assert "answer: unanswered → conforms" in page
    assert standing() == before


def test_a_preview_belongs_to_one_assessment(cast: Cast, client: Client, locked: Assessment) -> None:
    move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    page = "/projects/alder/gap/interim/import/"
    path = send(client, b"ref,answer\nQ-4.1-01,conforms\n", page=page)["Location"]
    assert client.get(path).status_code == 200
    assert client.get(path.replace("interim", "baseline")).status_code == 404


# --- who may, and when -----------------------------------------------------------------------------------------------


def test_a_locked_assessment_offers_the_file_and_takes_none(cast: Cast, client: Client, locked: Assessment) -> None:
    page = said(client.get(PAGE))
    assert "This assessment is locked. What it says never changes again." in page
    assert 'type="file"' not in page
    before = standing()
    assert send(client, b"ref,answer\nQ-4.1-01,conforms\n").status_code == 403
    assert standing() == before


def test_an_assessment_locked_after_the_preview_takes_nothing(cast: Cast, client: Client, baseline: Assessment) -> None:
    give(cast, baseline, "Q-8.6.1-01", "conforms")
    path = preview_of(client, b"ref,answer\nQ-4.1-01,conforms\n")
    move(cast, baseline, "in review", "locked")
    before = standing()
    assert client.post(path, {"do": "import"}).status_code == 403
    assert standing() == before


def test_an_assessor_sends_answers_to_the_own_sections(
    cast: Cast, baseline: Assessment, sign_in: Any, tmp_path: Path
) -> None:
    set_assessors(
        acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["8.6"]}
    )
    client = sign_in(cast.tim)
    assert "Yours to fill in: 8.6" in said(client.get(PAGE))
    answer = send(client, b"ref,answer\nQ-8.6.1-01,conforms\nQ-4.1-01,conforms\n")
    assert "This section was given to somebody else." in said(answer)
    client.post(preview_of(client, b"ref,answer\nQ-8.6.1-01,conforms\n"), {"do": "import"})
    assert answer_of(baseline, "Q-8.6.1-01").answered_by == cast.tim


def test_a_section_taken_away_after_the_preview_takes_nothing(cast: Cast, baseline: Assessment, sign_in: Any) -> None:
    parties = cast.parties
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given={parties["tim"]: ["8.6"]})
    client = sign_in(cast.tim)
    path = preview_of(client, b"ref,answer\nQ-8.6.1-01,conforms\n")
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given={parties["tim"]: ["4"]})
    before = standing()
    assert client.post(path, {"do": "import"}).status_code == 403
    assert standing() == before


def test_the_page_of_a_person_who_is_no_assessor_says_so(cast: Cast, baseline: Assessment, sign_in: Any) -> None:
    page = said(sign_in(cast.audra).get(PAGE))
    assert "Download XLSX" in page
    assert 'type="file"' not in page
    assert "You are no assessor of this assessment." in said(sign_in(cast.tim).get(PAGE))


@pytest.mark.parametrize("path", ["workbook/?format=pdf", "workbook/?colour=red", "import/?page=1"])
def test_addresses_are_strict(cast: Cast, client: Client, baseline: Assessment, path: str) -> None:
    assert client.get(f"/projects/alder/gap/baseline/{path}").status_code == 400
    assert client.get("/projects/alder/gap/none/import/").status_code == 404


# --- queries ---------------------------------------------------------------------------------------------------------


def test_pages_and_files_need_few_queries_whatever_they_hold(
    cast: Cast, client: Client, baseline: Assessment, django_assert_max_num_queries: Any, tmp_path: Path
) -> None:
    rows = exported()
    for row in rows:
        if row["ref"].startswith("Q-"):
            row["answer"] = "conforms"
    path = preview_of(client, as_csv(rows))
    for address in (PAGE, path, "/projects/alder/gap/baseline/workbook/"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_answers_say_when_they_were_given(cast: Cast, client: Client, baseline: Assessment) -> None:
    client.post(preview_of(client, b"ref,answer\nQ-4.1-01,conforms\n"), {"do": "import"})
    assert answer_of(baseline, "Q-4.1-01").answered_at == NOW


def test_a_workbook_opens_as_it_was_written(cast: Cast, client: Client, baseline: Assessment, tmp_path: Path) -> None:
    content = client.get("/projects/alder/gap/baseline/workbook/").content
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert openpyxl.load_workbook(path)["Chapter 4"]["A2"].value == "Q-4.1-01"
