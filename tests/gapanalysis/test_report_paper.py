"""The report of an assessment as a PDF: asked for on its page, made by a job, with what the page shows."""

from pathlib import Path

import pytest

from gapanalysis.models import Assessment
from jobs.models import Job
from tests.cast import CANARY, Cast
from tests.common.pdf.reading import is_tagged, texts, title
from tests.gapanalysis.conftest import give, make, move

GAP = "/projects/alder/gap/"


@pytest.fixture
def interim(cast: Cast, locked: Assessment) -> Assessment:
    found = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    give(cast, found, "Q-5.2.1-01", "minor gap", note="Nobody signs it any more.")
    give(cast, found, "Q-8.6.1-01", "major gap")
    return found


def test_the_report_is_made_with_gaps_clauses_and_how_to_read_it(
    cast: Cast, interim: Assessment, sign_in, django_capture_on_commit_callbacks, tmp_path: Path
) -> None:
    client = sign_in(cast.cora)
    assert f'action="{GAP}interim/results/pdf/"' in client.get(f"{GAP}interim/results/print/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{GAP}interim/results/pdf/", {"edition": "2018", "against": "baseline"})
    job = Job.objects.get()
    assert (job.state, job.parameters) == (
        "succeeded",
        {"assessment": "interim", "edition": "2018", "against": "baseline"},
    )
    result = client.get(f"/jobs/{job.pk}/result/")
    target = tmp_path / "a.pdf"
    target.write_bytes(b"".join(result.streaming_content))
    said = " ".join(texts(target))
    assert title(target) == "Gap analysis: Interim"
    assert is_tagged(target)
    assert "Nobody signs it any more." in said
    assert "5.2 Policy" in said
    assert "NOT LOCKED" in said
    assert "What nobody has looked at does not conform." in said
    assert CANARY not in said


def test_what_is_no_earlier_assessment_is_refused(cast: Cast, interim: Assessment, sign_in) -> None:
    client = sign_in(cast.cora)
    assert client.post(f"{GAP}interim/results/pdf/", {"against": "interim"}).status_code == 400
    assert client.post(f"{GAP}interim/results/pdf/", {"edition": "2030"}).status_code == 400
    assert client.post(f"{GAP}nothing/results/pdf/").status_code == 404
    assert not Job.objects.exists()
