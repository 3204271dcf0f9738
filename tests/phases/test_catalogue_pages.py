"""The catalogue as a place to learn: by component, phase, clause, role and kind of work, before phase 1, on paper."""

import pytest
from django.test import Client
from django.urls import reverse

from phases.models import Catalogue
from phases.selectors.catalogue import CatalogueTexts, texts_of
from phases.selectors.catalogue_clauses import clause_tree
from phases.selectors.catalogue_components import component_lines, component_page
from phases.selectors.catalogue_phases import initiation_of, nature_views, outcomes_of, phase_page
from phases.selectors.catalogue_print import printed
from phases.selectors.catalogue_roles import role_lines, role_page
from tests.cast import Cast

LISTS = (
    "catalogue",
    "catalogue_components",
    "catalogue_phases",
    "catalogue_clauses",
    "catalogue_roles",
    "catalogue_natures",
)
OWN_LISTS = ("catalogue_initiation", "catalogue_outcomes")


@pytest.fixture
def texts(catalogue: Catalogue) -> CatalogueTexts:
    return texts_of(catalogue)


@pytest.fixture
def nina(cast: Cast, sign_in) -> Client:
    """Somebody who is signed in and belongs to no project."""
    return sign_in(cast.nina)


def page(client: Client, name: str, catalogue: Catalogue, *key: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=[catalogue.pack, catalogue.version, *key]) + query)
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_a_component_says_what_it_needs_and_gives_with_links(nina: Client, catalogue: Catalogue) -> None:
    text = page(nina, "catalogue_component", catalogue, "CH")
    assert "Lets changes through quickly when they are safe" in text
    assert reverse("catalogue_component", args=[catalogue.pack, catalogue.version, "CF"]) in text
    assert "Early notice of large changes on their way" in text
    assert "A third of all changes are emergencies because that form is shorter." in text
    assert "No outcome is stated for this phase." in text


def test_a_component_lists_its_activities_under_each_of_their_phases(texts: CatalogueTexts) -> None:
    found = component_page(texts, "CH")
    assert found is not None
    for phase in found.phases:
        assert all(phase.number in row.phases and not row.is_heading for row in phase.activities)
    assert [len(phase.activities) for phase in found.phases] == [5, 11, 14]
    assert [bool(phase.outcome) for phase in found.phases] == [True, True, False]
    assert found.previous is not None
    assert found.following is not None
    assert (found.previous.code, found.following.code) == ("CF", "RE")


def test_the_first_component_has_none_before_it_and_initiation_is_none(texts: CatalogueTexts) -> None:
    first = component_page(texts, "MR")
    assert first is not None
    assert first.previous is None
    assert component_page(texts, "A") is None


def test_the_list_of_components_adds_up_to_279_and_471(texts: CatalogueTexts) -> None:
    lines = component_lines(texts)
    assert (len(lines), sum(line.activities for line in lines)) == (21, 279)
    assert sum(count for line in lines for _phase, count in line.by_phase) == 471


@pytest.mark.parametrize(("number", "packages", "activities"), [(1, 14, 76), (2, 20, 172), (3, 21, 223)])
def test_a_phase_has_its_packages(texts: CatalogueTexts, number: int, packages: int, activities: int) -> None:
    found = phase_page(texts, number)
    assert (len(found.packages), found.activities) == (packages, activities)
    assert sum(package.activities for package in found.packages) == activities
    assert sum(package.key for package in found.packages) == len(found.key)
    assert found.begun + found.carried == activities


def test_a_phase_says_what_it_is_for_and_what_it_asks_of_key_activities(nina: Client, catalogue: Catalogue) -> None:
    text = page(nina, "catalogue_phase", catalogue, 2)
    assert "See trouble coming and become dependable." in text
    assert "No approval without it, standard changes included" in text
    assert "20 packages" in text


def test_every_clause_is_there_and_those_that_nothing_serves_are_said(
    texts: CatalogueTexts, supplement: Catalogue
) -> None:
    alone = clause_tree(texts, "2018")
    assert [clause.number for clause in alone.bare] == ["8.3.1", "8.3.4.2"]
    beside = clause_tree(texts, "2018", texts_of(supplement))
    assert [clause.number for clause in beside.bare] == ["8.3.1"]
    assert [clause.number for clause in beside.only_others] == ["8.3.4.2"]
    assert clause_tree(texts, "2011").bare == ()
    assert (len(alone.lines), len(clause_tree(texts, "2011").lines)) == (77, 53)


def test_a_clause_counts_what_serves_it_or_a_part_of_it_once(texts: CatalogueTexts) -> None:
    lines = {line.clause.number: line for line in clause_tree(texts, "2018").lines}
    below = {row.ref for key in ("8.5.1.1", "8.5.1.2", "8.5.1.3") for row in lines[key].activities}
    assert lines["8.5.1"].within == len(below | {row.ref for row in lines["8.5.1"].activities})
    assert "CH.i" in {row.ref for row in lines["8.5.1.3"].activities}


def test_the_page_of_clauses_shows_either_edition(nina: Client, catalogue: Catalogue, supplement: Catalogue) -> None:
    text = page(nina, "catalogue_clauses", catalogue)
    assert "Management of internal suppliers and customers acting as a supplier" in text
    assert "Only our supplement serves:" in text
    assert reverse("catalogue_activity", args=[supplement.pack, supplement.version, "S.CX.a"]) in text
    older = page(nina, "catalogue_clauses", catalogue, query="?edition=2011")
    assert "Governance of processes operated by other parties" in older
    assert "S.CX.a" not in older


def test_the_page_of_clauses_says_which_nothing_serves_without_the_supplement(
    nina: Client, catalogue: Catalogue
) -> None:
    text = page(nina, "catalogue_clauses", catalogue)
    assert "Nothing serves:" in text
    assert "Only our supplement serves:" not in text


def test_roles_add_up_to_all_activities(texts: CatalogueTexts) -> None:
    lines = role_lines(texts)
    assert (len(lines), sum(line.accountable for line in lines)) == (25, 287)
    assert len({line.slug for line in lines}) == 25


def test_audit_comes_with_our_proposal(nina: Client, catalogue: Catalogue) -> None:
    text = page(nina, "catalogue_role", catalogue, "audit")
    assert "Keep decisions away from the auditor" in text
    assert "our proposal, for impartiality" in text
    assert "Nobody can audit a process they own." in text
    assert "In a small provider" in text
    for ref in ("MR.h.3", "MM.d", "MM.e", "MM.f"):
        assert reverse("catalogue_activity", args=[catalogue.pack, catalogue.version, ref]) in text


def test_other_roles_have_no_proposal(texts: CatalogueTexts) -> None:
    assert [line.name for line in role_lines(texts) if getattr(role_page(texts, line.slug), "proposal", None)] == [
        "Audit"
    ]


def test_a_role_that_is_none_of_the_catalogues_is_named_without_a_link(texts: CatalogueTexts) -> None:
    found = role_page(texts, "documentation-management")
    assert found is not None
    assert [(conflict.role, conflict.slug) for conflict in found.conflicts] == [("Approver of documents", "")]


def test_kinds_of_work_say_by_when_they_are_due(texts: CatalogueTexts) -> None:
    views = nature_views(texts)
    assert [(view.nature, view.due_percent) for view in views] == [
        ("define", 30),
        ("establish", 55),
        ("operate", 80),
        ("review", 90),
    ]
    assert sum(view.activities for view in views) == 279


def test_before_phase_1_shows_points_criteria_and_the_small_case(nina: Client, catalogue: Catalogue) -> None:
    text = page(nina, "catalogue_initiation", catalogue)
    for said in (
        "A.d.11",
        "Learn from providers like you that have done it",
        "Money and people are released, not only promised",
        "Budget line with its number and holder",
        "Small business case for the gap analysis",
        "What this does not decide",
    ):
        assert said in text


def test_outcomes_by_clause_are_marked_where_to_check(
    nina: Client, catalogue: Catalogue, texts: CatalogueTexts
) -> None:
    assert [row.clause for row in outcomes_of(texts) if row.check] == ["5.1", "6.1", "6.4"]
    text = page(nina, "catalogue_outcomes", catalogue)
    assert text.count("Check against your copy") == 3


@pytest.mark.parametrize("name", [*LISTS, *OWN_LISTS])
def test_every_page_says_what_is_isos_and_what_is_ours(nina: Client, catalogue: Catalogue, name: str) -> None:
    text = page(nina, name, catalogue)
    assert "ISO&#x27;s:" in text or "ISO's:" in text
    assert "Our own guidance:" in text
    assert "doing all of it is not yet conformity to 2018" in text


@pytest.mark.parametrize("name", LISTS)
def test_every_page_of_the_supplement_says_that_it_is_ours_alone(
    nina: Client, supplement: Catalogue, name: str
) -> None:
    text = page(nina, name, supplement)
    assert "All of this is our own guidance." in text
    assert "Our supplement" in text
    assert "phases and roles follow ISO" not in text


def test_the_supplement_has_groups_and_borrows_the_words_for_roles(
    nina: Client, catalogue: Catalogue, supplement: Catalogue
) -> None:
    assert "Settles what surrounds the SMS" in page(nina, "catalogue_component", supplement, "S.CX")
    text = page(nina, "catalogue_role", supplement, "top-management")
    assert "Decides on scope, policies, money" in text
    assert reverse("catalogue_role", args=[catalogue.pack, catalogue.version, "top-management"]) in text


@pytest.mark.parametrize("name", OWN_LISTS)
def test_what_the_supplement_lacks_is_not_found(nina: Client, supplement: Catalogue, name: str) -> None:
    assert nina.get(reverse(name, args=[supplement.pack, supplement.version])).status_code == 404
    assert reverse(name, args=[supplement.pack, supplement.version]) not in page(nina, "catalogue", supplement)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("catalogue_component", "ZZ"),
        ("catalogue_component", "A"),
        ("catalogue_phase", 0),
        ("catalogue_phase", 4),
        ("catalogue_role", "king"),
    ],
)
def test_what_is_not_there_is_not_found(nina: Client, catalogue: Catalogue, name: str, key: object) -> None:
    assert nina.get(reverse(name, args=[catalogue.pack, catalogue.version, key])).status_code == 404


@pytest.mark.parametrize("name", [*LISTS, *OWN_LISTS, "catalogue_print"])
def test_no_page_takes_what_it_does_not_know(nina: Client, catalogue: Catalogue, name: str) -> None:
    address = reverse(name, args=[catalogue.pack, catalogue.version])
    assert nina.get(f"{address}?order=ref").status_code == 400
    assert nina.get(reverse(name, args=[catalogue.pack, "9.9"])).status_code == 404


def test_there_are_two_editions_and_no_third(nina: Client, catalogue: Catalogue) -> None:
    address = reverse("catalogue_clauses", args=[catalogue.pack, catalogue.version])
    assert nina.get(f"{address}?edition=2005").status_code == 400


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *((name, ()) for name in (*LISTS, *OWN_LISTS, "catalogue_print")),
        ("catalogue_component", ("CH",)),
        ("catalogue_phase", (3,)),
        ("catalogue_role", ("audit",)),
    ],
)
def test_no_page_takes_more_than_five_queries(
    nina: Client, catalogue: Catalogue, name: str, key: tuple[object, ...], django_assert_max_num_queries
) -> None:
    page(nina, name, catalogue, *key)
    with django_assert_max_num_queries(5):
        page(nina, name, catalogue, *key)


@pytest.mark.slow
def test_on_paper_everything_is_there_once_without_navigation(
    nina: Client, catalogue: Catalogue, texts: CatalogueTexts
) -> None:
    text = page(nina, "catalogue_print", catalogue)
    assert "<script" not in text
    assert 'class="side"' not in text
    for row in texts.activities.values():
        assert text.count(f'id="{row.ref.lower().replace(".", "-")}"') == 1, row.ref
    assert "Restoring today always outranks finding the cause" in text
    assert "Decision asked for" in text
    assert catalogue.sha256[:32] in text


def test_the_document_has_all_chapters_in_order(texts: CatalogueTexts) -> None:
    book = printed(texts)
    assert [chapter.page.component.number for chapter in book.chapters] == list(range(1, 22))
    assert sum(chapter.count for chapter in book.chapters) == book.activities == 279
    assert (len(book.initiation_rows), len(book.roles), len(book.outcomes)) == (8, 25, 13)


def test_contents_lead_to_places_that_exist(nina: Client, catalogue: Catalogue) -> None:
    text = page(nina, "catalogue_print", catalogue)
    anchors = [part.partition('"')[0] for part in text.split('href="#')[1:]]
    assert len(anchors) == 25
    assert all(f'id="{anchor}"' in text for anchor in anchors)


def test_a_version_without_initiation_says_nothing_of_it(supplement: Catalogue) -> None:
    assert initiation_of(texts_of(supplement)) is None
    assert printed(texts_of(supplement)).roles == ()


def test_an_activity_of_a_project_leads_to_its_component_and_roles(cast: Cast, sign_in, catalogue: Catalogue) -> None:
    text = sign_in(cast.petra).get(reverse("activity", args=["alder", "CH.i"])).content.decode()
    assert reverse("catalogue_component", args=[catalogue.pack, catalogue.version, "CH"]) in text
    assert reverse("catalogue_role", args=[catalogue.pack, catalogue.version, "change-management"]) in text
