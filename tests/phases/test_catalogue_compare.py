"""Two versions side by side."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from phases.models import Catalogue
from phases.selectors.catalogue import texts_of
from phases.selectors.catalogue_versions import compare_texts, items_of, loaded_versions, sections_of
from tests.cast import Cast
from tests.phases.packs import change_much, load_version

URL = "/catalogues/compare/"
FIRST, SECOND = "tr20000-5-2010/1.0", "tr20000-5-2010/1.1"


@pytest.fixture
def newer(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    return load_version(tmp_path, change_much)


@pytest.fixture
def nina(cast: Cast, sign_in) -> Client:
    return sign_in(cast.nina)


def test_it_compares_everything_a_version_speaks_of(catalogue: Catalogue) -> None:
    items = list(items_of(texts_of(catalogue)))
    counts = {section: sum(item.section == section for item in items) for section in {i.section for i in items}}
    assert counts == {
        "activity": 287,
        "heading": 14,
        "component": 22,
        "role": 25,
        "criterion": 5,
        "outcome": 13,
        "case": 1,
    }


def test_it_finds_what_was_added_removed_and_changed(catalogue: Catalogue, newer: Catalogue) -> None:
    found = compare_texts(texts_of(catalogue), texts_of(newer))
    assert [item.key for item in found.added] == ["CH.r"]
    assert sorted(item.key for item in found.removed) == ["CH.p", "CH.q"]
    changed = {change.item.key: [field.name for field in change.fields] for change in found.changed}
    assert changed == {
        "CH.a": ["phases", "note 2"],
        "CH.d": ["phases", "note 3"],
        "CH.i": ["nature", "guidance"],
    }
    assert found.unchanged == 367 - 2 - 3


def test_both_texts_stand_side_by_side_with_what_differs(nina: Client, newer: Catalogue) -> None:
    text = nina.get(URL, {"a": FIRST, "b": SECOND}).content.decode()
    assert "<ins> Try it once a quarter.</ins>" in text
    assert "<del>Operate</del>" in text
    assert "<ins>Establish</ins>" in text
    assert "Ask a customer before each freeze" in text
    assert "<b>362</b> unchanged" in text


def test_a_version_and_itself_do_not_differ(nina: Client, catalogue: Catalogue) -> None:
    text = nina.get(URL, {"a": FIRST, "b": FIRST}).content.decode()
    assert "Nothing differs" in text


def test_two_catalogues_share_nothing(nina: Client, catalogue: Catalogue, supplement: Catalogue) -> None:
    found = compare_texts(texts_of(catalogue), texts_of(supplement))
    assert (found.unchanged, found.changed) == (0, ())
    assert len([item for item in found.added if item.section == "activity"]) == 34
    answer = nina.get(URL, {"a": FIRST, "b": "sms-2018-supplement/1.0"})
    assert "two different catalogues" in answer.content.decode()


def test_sections_leave_out_what_does_not_differ(catalogue: Catalogue, newer: Catalogue) -> None:
    found = sections_of(compare_texts(texts_of(catalogue), texts_of(newer)))
    assert [section.key for section in found] == ["activity"]


def test_it_asks_for_two_versions_first(nina: Client, newer: Catalogue) -> None:
    text = nina.get(URL).content.decode()
    assert "Choose two versions" in text
    assert f'value="{SECOND}"' in text


def test_it_says_when_there_is_only_one(nina: Client, catalogue: Catalogue) -> None:
    assert "Only one version is loaded" in nina.get(URL).content.decode()


def test_versions_are_offered_newest_first(newer: Catalogue, supplement: Catalogue, tmp_path: Path) -> None:
    load_version(tmp_path, lambda rows: None, version="1.10")
    assert [(each.pack, each.version) for each in loaded_versions()] == [
        ("sms-2018-supplement", "1.0"),
        ("tr20000-5-2010", "1.10"),
        ("tr20000-5-2010", "1.1"),
        ("tr20000-5-2010", "1.0"),
    ]


@pytest.mark.parametrize("query", ["a=none/1.0", "a=tr20000-5-2010/9.9", f"a={FIRST}&a={FIRST}", "c=1", "b=x"])
def test_it_refuses_what_is_not_loaded(nina: Client, catalogue: Catalogue, query: str) -> None:
    assert nina.get(f"{URL}?{query}").status_code == 400


def test_it_takes_few_queries(nina: Client, newer: Catalogue, django_assert_max_num_queries) -> None:
    nina.get(URL, {"a": FIRST, "b": SECOND})
    with django_assert_max_num_queries(4):
        nina.get(URL, {"a": FIRST, "b": SECOND})


def test_the_list_of_catalogues_leads_here(nina: Client, newer: Catalogue) -> None:
    assert reverse("catalogue_compare") in nina.get(reverse("catalogues")).content.decode()
