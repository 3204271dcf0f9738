"""The board paper as a file and as a page: summary first, nothing of another client, nothing that people typed runs."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from businesscase.board_paper import paper_html, write_board_paper
from businesscase.models import BusinessCase, CaseVersion
from businesscase.paper import paper_of
from businesscase.services.cases import start_case, write_section
from common.exceptions import RuleBroken
from common.pdf.exceptions import PdfFailed, Why
from jobs.models import Job
from tests.businesscase.conftest import add, say, submit
from tests.cast import CANARY, Cast
from tests.common.pdf.reading import bookmarks, fonts, is_tagged, language, texts

PRINT = "/projects/alder/business-case/print/"
PDF = "/projects/alder/business-case/pdf/"


def write(cast: Cast, case: BusinessCase, point: str, text: str) -> None:
    write_section(acting_user=cast.mara, case=case, point=point, version=0, text=text)


def test_a_version_as_pdf_has_summary_contents_points_and_its_hash(
    cast: Cast, case: BusinessCase, tmp_path: Path
) -> None:
    write(cast, case, "a", "Calls wait **too long**, say Łukasz and Żółć; 19 major incidents in a year are too many.")
    version = say(cast, submit(cast, case))
    facts = write_board_paper(cast.project, version, tmp_path / "a.pdf")
    pages = texts(tmp_path / "a.pdf")
    assert facts.pages == len(pages)
    assert "Net present value" in pages[0]
    assert "Payback" in pages[0]
    assert "Contents" in pages[1]
    assert "Calls wait too long, say Łukasz and Żółć" in " ".join(pages)
    assert all(version.sha256 in page.replace(" ", "") for page in pages)
    assert not any("Draft" in page for page in pages)
    assert is_tagged(tmp_path / "a.pdf")
    assert language(tmp_path / "a.pdf").startswith("en")
    assert all(name.startswith("Doc-") for name in fonts(tmp_path / "a.pdf"))
    titles = [words for _level, words in bookmarks(tmp_path / "a.pdf")]
    assert [each for each in titles if "Need and objectives" in each or each == "Approval"] == [
        "a Need and objectives",
        "Approval",
    ]


def test_a_draft_says_so_on_every_page_and_has_no_hash(cast: Cast, case: BusinessCase, tmp_path: Path) -> None:
    write_board_paper(cast.project, None, tmp_path / "a.pdf")
    pages = texts(tmp_path / "a.pdf")
    assert all("Draft" in page for page in pages)
    assert not any("SHA-256" in page for page in pages)


def test_the_draft_names_the_version_in_force(cast: Cast, case: BusinessCase, approved: CaseVersion) -> None:
    found = paper_of(cast.project, "implementation")
    assert found is not None
    assert "Version 1 is in force." in paper_html(found)


def test_a_version_stays_as_it_was_when_the_draft_goes_on(
    cast: Cast, case: BusinessCase, approved: CaseVersion
) -> None:
    before = paper_of(cast.project, "implementation", approved)
    add(cast, case, "cost", {**_COST, "title": "A later cost"})
    after = paper_of(cast.project, "implementation", approved)
    draft = paper_of(cast.project, "implementation")
    assert before is not None
    assert after is not None
    assert draft is not None
    assert after.content == before.content
    assert after.figures == before.figures
    assert "A later cost" not in paper_html(after)
    assert "A later cost" in paper_html(draft)


_COST = {
    "category": "other",
    "phase_number": 2,
    "rhythm": "once",
    "likely": Decimal(700),
    "source": "Guess",
    "first_month": date(2026, 5, 1),
}


def test_markup_that_people_typed_is_text_or_gone(cast: Cast, case: BusinessCase, tmp_path: Path) -> None:
    attack = (
        'Before <script>alert(1)</script> <img src="http://169.254.169.254/"> ![x](http://elsewhere.example/x.png) '
        "[go](javascript:alert(1)) {{ paper.project }} {% load x %} after"
    )
    write(cast, case, "k", attack)
    add(cast, case, "cost", {**_COST, "title": "<img src=file:///etc/passwd> & {{ x }}"})
    found = paper_of(cast.project, "implementation")
    assert found is not None
    html = paper_html(found)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    write_board_paper(cast.project, None, tmp_path / "a.pdf")
    said = " ".join(texts(tmp_path / "a.pdf"))
    assert "{{ paper.project }} {% load x %} after" in said
    assert "<img src=file:///etc/passwd> & {{ x }}" in said


def test_deep_nesting_in_a_text_fails_in_words(cast: Cast, case: BusinessCase, tmp_path: Path) -> None:
    write(cast, case, "k", "> " * 400 + "deep")
    try:
        write_board_paper(cast.project, None, tmp_path / "a.pdf")
    except PdfFailed as error:
        assert error.why in (Why.NESTING, Why.MEMORY)  # noqa: PT017 (the parser may also flatten it)
        assert list(tmp_path.iterdir()) == []


def test_the_small_case_has_two_pages_at_most(cast: Cast, tmp_path: Path) -> None:
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    for point in ("purpose", "cost", "approval"):
        write(cast, small, point, "A sentence that says what it is about, with all that is needed. " * 9)
    for number in range(8):
        add(cast, small, "cost", {**_COST, "phase_number": 0, "title": f"Line {number}"})
    facts = write_board_paper(cast.project, None, tmp_path / "a.pdf", kind="gap analysis")
    assert facts.pages <= 2
    assert "Approve the gap analysis for 5 600" in texts(tmp_path / "a.pdf")[0].replace("\u202f", " ")


def test_without_a_case_there_is_no_paper(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken):
        write_board_paper(cast.project, None, tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_page_shows_draft_and_versions(cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in) -> None:
    client = sign_in(cast.cora)
    draft = client.get(PRINT).content.decode()
    assert "Draft of " in draft
    version = client.get(PRINT, {"version": "1"}).content.decode()
    assert approved.sha256[:32] in version
    assert "Draft of" not in version
    assert CANARY not in draft + version
    assert client.get(PRINT, {"version": "2"}).status_code == 404
    assert client.get(PRINT, {"version": "x"}).status_code == 400
    assert client.get(PRINT, {"other": "1"}).status_code == 400


def test_the_page_needs_few_queries(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    client.get(PRINT)
    with django_assert_max_num_queries(30):
        client.get(PRINT)
    with django_assert_max_num_queries(15):
        client.get(PRINT, {"version": "1"})


def test_before_the_case_is_begun_the_page_leads_to_its_beginning(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.mara).get(PRINT)
    assert answer["Location"] == "/projects/alder/business-case/points/"


def test_the_pdf_is_a_job_and_one_form_makes_one(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in, django_capture_on_commit_callbacks
) -> None:
    client: Client = sign_in(cast.audra)
    form = {"nonce": "8f14e45f-ceea-467f-a9d3-0c3a1a5d3f10", "version": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PDF, form)
    client.post(PDF, form)
    job = Job.objects.get(kind="business-case-pdf")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("succeeded", "alder-business-case-version-1.pdf")
    result = client.get(f"/jobs/{job.pk}/result/")
    assert result["Content-Type"] == "application/pdf"
    assert result["Content-Disposition"].startswith("attachment")
    assert b"".join(result.streaming_content).startswith(b"%PDF-1.7")


def test_a_pdf_that_cannot_be_made_is_a_failed_job_in_words(
    cast: Cast, case: BusinessCase, sign_in, settings, django_capture_on_commit_callbacks
) -> None:
    settings.PDF_CPU_SECONDS = 0
    settings.PDF_SECONDS = 1
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.mara).post(PDF, {})
    job = Job.objects.get(kind="business-case-pdf")
    assert job.state == "failed"
    assert "took too long" in job.error


@pytest.mark.parametrize("values", [{"nonce": "x"}, {"version": "one"}, {"kind": "gap"}])
def test_bad_input_asks_for_no_job(cast: Cast, case: BusinessCase, sign_in, values: dict[str, str]) -> None:
    assert sign_in(cast.mara).post(PDF, values).status_code == 400
    assert not Job.objects.filter(kind="business-case-pdf").exists()
