"""The status report and the catalogue as PDFs: asked for on their pages, made by a job."""

from pathlib import Path

import pytest

from common.paper.pages import paper_html
from jobs.models import Job
from phases import papers_job
from phases.catalogue_paper import catalogue_paper
from phases.models import Catalogue
from tests.cast import CANARY, Cast
from tests.common.pdf.reading import is_tagged, texts


def test_the_status_report_says_where_the_project_stands(
    cast: Cast, sign_in, django_capture_on_commit_callbacks, tmp_path: Path
) -> None:
    client = sign_in(cast.cora)
    assert 'action="/projects/alder/report/pdf/"' in client.get("/projects/alder/report/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/projects/alder/report/pdf/", {"as_of": ""})
    job = Job.objects.get()
    assert (job.state, job.parameters) == ("succeeded", {"day": None})
    target = tmp_path / "a.pdf"
    target.write_bytes(b"".join(client.get(f"/jobs/{job.pk}/result/").streaming_content))
    said = " ".join(texts(target))
    assert is_tagged(target)
    assert said.index("Where it stands") < said.index("What needs attention")
    assert cast.project.name in said
    assert CANARY not in said


def test_a_day_that_cannot_be_shown_is_refused(cast: Cast, sign_in) -> None:
    assert sign_in(cast.cora).post("/projects/alder/report/pdf/", {"as_of": "2999-01-01"}).status_code == 400
    assert not Job.objects.exists()


def test_a_catalogue_is_made_for_those_who_use_it(
    cast: Cast, sign_in, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers_job, "write_paper", lambda paper, target, base_url: target.write_text(paper.title))
    address = f"/catalogues/{cast.project.catalogue_pack}/{cast.project.catalogue_version}/"
    client = sign_in(cast.cora)
    assert f'action="{address}pdf/"' in client.get(f"{address}print/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{address}pdf/")
    job = Job.objects.get()
    assert (job.state, job.project) == ("succeeded", cast.project)


def test_whoever_uses_no_catalogue_hears_what_to_do(cast: Cast, sign_in) -> None:
    address = f"/catalogues/{cast.project.catalogue_pack}/{cast.project.catalogue_version}/"
    client = sign_in(cast.nina)
    assert "Make the PDF" not in client.get(f"{address}print/").content.decode()
    assert client.post(f"{address}pdf/").status_code == 422
    assert not Job.objects.exists()


def test_every_section_of_the_catalogue_is_in_its_contents(cast: Cast) -> None:
    paper = catalogue_paper(Catalogue.objects.get(pack=cast.project.catalogue_pack))
    html = paper_html(paper)
    assert len(paper.headings) > 20
    for heading in paper.headings:
        assert html.count(f'id="{heading.anchor}"') == 1, heading.anchor
        assert f'href="#{heading.anchor}"' in html
