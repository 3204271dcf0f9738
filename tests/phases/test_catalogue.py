"""The catalogue pages."""

import pytest
from django.urls import reverse

from phases.models import Catalogue
from phases.selectors.catalogue import CatalogueTexts, texts_of
from phases.selectors.catalogue_search import CatalogueQuery, choices_of, list_catalogue, summaries
from phases.selectors.clauses import parse_clause
from tests.cast import Cast


@pytest.fixture
def texts(catalogue: Catalogue) -> CatalogueTexts:
    return texts_of(catalogue)


def refs(texts: CatalogueTexts, **query) -> list[str]:
    return [line.row.ref for group in list_catalogue(texts, CatalogueQuery(**query)) for line in group.lines]


def url(catalogue: Catalogue) -> str:
    return reverse("catalogue", args=[catalogue.pack, catalogue.version])


def test_it_lists_the_loaded_versions_with_their_size(catalogue: Catalogue) -> None:
    (summary,) = [summary for summary in summaries() if summary.catalogue == catalogue]
    assert (summary.activities, summary.components, summary.is_newest) == (279, 21, True)
    assert summary.by_phase == ((0, 8), (1, 76), (2, 172), (3, 223))


def test_it_lists_everything_by_component_in_catalogue_order(texts: CatalogueTexts) -> None:
    groups = list_catalogue(texts, CatalogueQuery())
    assert len(groups) == 22
    assert sum(group.count for group in groups) == 287
    assert [line.row.ref for line in groups[1].lines[:3]] == ["MR.a", "MR.b", "MR.b.1"]


def test_it_filters_by_phase_role_nature_component_and_key(texts: CatalogueTexts) -> None:
    rows = texts.activities
    found = [
        ref
        for ref in refs(texts, phase=2, role="Change management", nature="operate", component="CH", key_only=True)
        if not rows[ref].is_heading
    ]
    assert found
    for ref in found:
        row = rows[ref]
        assert (2 in row.phases, "Change management" in row.roles, row.nature) == (True, True, "operate")
        assert (row.component, row.is_key) == ("CH", True)


def test_it_counts_76_172_and_223_by_phase(texts: CatalogueTexts) -> None:
    counts = [
        sum(group.count for group in list_catalogue(texts, CatalogueQuery(phase=phase))) for phase in (0, 1, 2, 3)
    ]
    assert counts == [8, 76, 172, 223]


def test_it_finds_what_serves_a_clause_or_one_below_it(texts: CatalogueTexts) -> None:
    found = refs(texts, clause=parse_clause("2018:8.5.1"))
    assert "CH.i" in found
    assert "CH.i" in refs(texts, clause=parse_clause("2018:8.5.1.3"))
    assert "CH.i" in refs(texts, clause=parse_clause("2011:9.2"))
    assert "CH.i" not in refs(texts, clause=parse_clause("2018:8.5.2"))
    # The same number means incidents in one edition and operation in the other.
    assert refs(texts, clause=parse_clause("2011:8.1")) != refs(texts, clause=parse_clause("2018:8.1"))


def test_it_keeps_a_heading_only_over_rows_that_stay(texts: CatalogueTexts) -> None:
    found = refs(texts, text="MR.b.2")
    assert found == ["MR.b", "MR.b.2"]


def test_it_searches_guidance_and_evidence_and_shows_where(texts: CatalogueTexts) -> None:
    groups = list_catalogue(texts, CatalogueQuery(text="Way BACK"))
    lines = {line.row.ref: line for group in groups for line in group.lines}
    assert "<mark>way</mark> <mark>back</mark>" in (lines["CH.i"].found or "")
    assert "<mark>way</mark> <mark>back</mark>" in lines["RE.k"].title
    assert lines["RE.k"].found is None


def test_it_offers_every_role_and_component(texts: CatalogueTexts) -> None:
    choices = choices_of(texts)
    assert (len(choices.components), len(choices.roles)) == (22, 25)
    assert [edition for edition, _clauses in choices.clauses] == ["2018", "2011"]


def test_everybody_who_is_signed_in_may_read_it(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    client = sign_in(cast.nina)
    assert client.get(reverse("catalogues")).status_code == 200
    page = client.get(url(catalogue)).content.decode()
    assert "287 of 287 activities" in page
    assert "Plan how a failed change is undone" in page
    assert "No wording of the standard stands here." in page
    assert "The decision to build an SMS" in page


def test_who_is_not_signed_in_is_sent_to_the_door(client, catalogue: Catalogue) -> None:
    assert client.get(url(catalogue))["Location"].startswith(reverse("account_login"))


def test_it_says_what_to_do_when_nothing_fits(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    page = sign_in(cast.mara).get(f"{url(catalogue)}?q=zebra").content.decode()
    assert "No activity fits these filters" in page
    assert "Show all activities" in page


def test_it_escapes_what_was_searched_for(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    page = sign_in(cast.mara).get(url(catalogue), {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query",
    [
        "phase=9",
        "component=ZZ",
        "role=King",
        "nature=dance",
        "clause=2018:99",
        "key=yes",
        "q=a&q=b",
        "order=ref",
        "catalogue__pk=1",
        "q=" + "x" * 201,
    ],
)
def test_it_refuses_an_address_it_does_not_know(cast: Cast, sign_in, catalogue: Catalogue, query: str) -> None:
    assert sign_in(cast.mara).get(f"{url(catalogue)}?{query}").status_code == 400


def test_blank_filters_are_no_filters(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    answer = sign_in(cast.mara).get(f"{url(catalogue)}?q=&component=&phase=&role=&nature=&clause=")
    assert "287 of 287 activities" in answer.content.decode()


def test_an_unknown_version_or_row_is_not_found(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    client = sign_in(cast.mara)
    assert client.get(reverse("catalogue", args=[catalogue.pack, "0.9"])).status_code == 404
    assert client.get(reverse("catalogue_activity", args=[catalogue.pack, catalogue.version, "ZZ"])).status_code == 404


def test_the_page_of_an_activity_shows_what_each_phase_asks(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    page = sign_in(cast.nina).get(reverse("catalogue_activity", args=[catalogue.pack, catalogue.version, "IN.b"]))
    text = page.content.decode()
    assert "Not asked for." in text
    assert "Incident management" in text
    assert reverse("catalogue_activity", args=[catalogue.pack, catalogue.version, "IN.a"]) in text


def test_the_page_of_a_heading_lists_the_rows_below_it(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    page = sign_in(cast.nina).get(reverse("catalogue_activity", args=[catalogue.pack, catalogue.version, "MR.b"]))
    text = page.content.decode()
    assert all(f"MR.b.{number}" in text for number in (1, 2, 3, 4))
    assert "Clauses it serves" not in text


def test_it_needs_few_queries(cast: Cast, sign_in, catalogue: Catalogue, django_assert_max_num_queries) -> None:
    client = sign_in(cast.nina)
    client.get(url(catalogue))
    with django_assert_max_num_queries(4):
        client.get(url(catalogue))
