"""The pages of the clause view."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.choices import FindingSource, Grade
from audits.domain.chain import Gap
from audits.models import AuditFinding, AuditRequest
from audits.selectors.clause_chain import chains_of
from audits.selectors.clause_page import months_shown, rows_of
from evidence.choices import Classification
from phases.models import PhaseActivity
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import add

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/clauses/2018/8.5.1/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_the_list_says_how_many_gaps_and_switches_the_edition(cast: Cast, sign_in) -> None:
    client = sign_in(cast.audra)
    page = client.get("/projects/alder/clauses/").content.decode()
    gaps = chains_of(cast.project, access_to(cast.project, cast.audra), "2018").gaps
    assert f"{gaps} gaps" in page
    assert "<b>0 of 57 clauses</b>" in page
    assert '<tr id="c-8.5.1.3"' in page
    older = client.get("/projects/alder/clauses/?edition=2011").content.decode()
    assert "/clauses/2011/9.2/" in older
    assert "8.5.1.3" not in older
    assert client.get("/projects/alder/clauses/?edition=2022").status_code == 400


def test_a_clause_leads_from_its_activities_to_its_records(cast: Cast, sign_in) -> None:
    chain = chains_of(cast.project, access_to(cast.project, cast.audra), "2018").of["8.5.1.3"]
    ref = next(each.ref for each in chain.activities if each.operates)
    PhaseActivity.objects.filter(project=cast.project, activity__ref=ref).update(operating_since=date(2025, 12, 1))
    add(cast, refs=(ref,), title="Changes of January", collected_on=date(2026, 1, 30))
    secret = add(
        cast,
        content=b"%PDF-1.7 secret %%EOF",
        refs=(ref,),
        title="Salaries of the board",
        classification=Classification.CONFIDENTIAL,
    )
    AuditRequest.objects.create(
        project=cast.project,
        ref="Q-01",
        edition="2018",
        clause="8.5.1.2",
        text="Minutes of February",
        due=date(2026, 3, 1),
    )
    AuditFinding.objects.create(
        project=cast.project,
        ref="F-01",
        grade=Grade.MINOR,
        source=FindingSource.AUDITOR,
        edition="2018",
        clauses=["8.5.1.3"],
        title="Standard changes lack a way back",
        found="None of three had one",
        seen_on=date(2026, 3, 1),
    )
    page = sign_in(cast.audra).get(f"{PAGE}?part=8.5.1.3").content.decode()
    for words in ("Auditor, read only", "8.5.1.3, thing by thing", "Changes of January", secret.title):
        assert words in page
    assert "Minutes of February" in page
    assert "Late" in page
    assert "Standard changes lack a way back" in page
    assert page.count('class="rc rc-gap"') == 2, "December and February"
    hidden = sign_in(cast.petra).get(f"{PAGE}?part=8.5.1.3").content.decode()
    assert secret.title not in hidden
    assert "Changes of January" in hidden
    export = sign_in(cast.petra).get(f"{PAGE}export/?part=8.5.1.3").content.decode()
    assert "Changes of January" in export
    assert secret.title not in export
    assert "2018" not in export.splitlines()[0]


def test_pages_of_clauses_that_are_not_there_and_of_another_client_are_not_found(cast: Cast, sign_in) -> None:
    client = sign_in(cast.audra)
    assert client.get("/projects/alder/clauses/2018/8.9/").status_code == 404
    assert client.get("/projects/alder/clauses/2022/8.5.1/").status_code == 404
    assert client.get("/projects/birch/clauses/2018/8.5.1/").status_code == 404
    assert client.get(f"{PAGE}?part=9.1").status_code == 400
    assert client.get(f"{PAGE}export/?part=9.1").status_code == 400
    assert sign_in(cast.tim).get(PAGE).status_code == 403


def test_a_page_takes_as_many_queries_whatever_hangs_on_the_clause(cast: Cast, sign_in) -> None:
    client = sign_in(cast.audra)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE).status_code == 200
        return len(caught)

    chain = chains_of(cast.project, access_to(cast.project, cast.audra), "2018").of["8.5.1.3"]
    refs = [each.ref for each in chain.activities]
    PhaseActivity.objects.filter(project=cast.project, activity__ref__in=refs).update(
        operating_since=date(2025, 12, 1), accountable=cast.parties["petra"]
    )
    add(cast, refs=refs[:1])
    queries()  # the first look of the day is written down
    before = queries()
    for ref in refs[1:5]:
        add(cast, content=f"%PDF-1.7 {ref} %%EOF".encode(), refs=(ref,))
    assert queries() == before <= 25


def test_a_clause_that_is_divided_shows_its_parts_and_what_hangs_on_it_as_a_whole(cast: Cast) -> None:
    chains = chains_of(cast.project, access_to(cast.project, cast.audra), "2018")
    assert [(row.number, row.is_own) for row in rows_of(chains, "8.5.1")] == [
        ("8.5.1", True),
        ("8.5.1.1", False),
        ("8.5.1.2", False),
        ("8.5.1.3", False),
    ]
    assert [row.number for row in rows_of(chains, "8.5")] == ["8.5.1", "8.5.2", "8.5.3"]
    assert [row.number for row in rows_of(chains, "9.1")] == ["9.1"]
    whole = rows_of(chains, "8.5")[0]
    assert whole.gaps == chains.gap_counts["8.5.1"]
    assert Gap.DOCUMENT in whole.chains[0].gaps


def test_the_table_of_records_ends_with_this_month() -> None:
    shown = months_shown(date(2026, 3, 2))
    assert shown[0] == date(2025, 9, 1)
    assert shown[-1] == date(2026, 3, 1)
    assert len(set(shown)) == 7
