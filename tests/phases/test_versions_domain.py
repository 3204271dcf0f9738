"""Comparing versions and texts, without a database."""

import pytest

from phases.domain.versions import Asked, FieldChange, Item, compare, plan_change, version_key, word_diff


def item(key: str, section: str = "activity", **fields: str) -> Item:
    return Item(section, key, f"Title of {key}", fields)


def test_it_tells_added_removed_changed_and_unchanged_apart() -> None:
    old = [item("A", text="one"), item("B", text="two"), item("C", text="three")]
    new = [item("C", text="three"), item("B", text="2"), item("D", text="four")]
    found = compare(old, new)
    assert [each.key for each in found.added] == ["D"]
    assert [each.key for each in found.removed] == ["A"]
    assert [(each.item.key, each.fields) for each in found.changed] == [("B", (FieldChange("text", "two", "2"),))]
    assert found.unchanged == 1
    assert not found.is_same


def test_every_item_is_counted_once() -> None:
    old = [item(key, text=key) for key in "ABCDE"]
    new = [item(key, text=key.lower() if key == "B" else key) for key in "BCDEFG"]
    found = compare(old, new)
    assert len(found.added) + len(found.removed) + len(found.changed) + found.unchanged == 7


def test_the_same_key_in_another_section_is_another_item() -> None:
    found = compare([item("A", "role")], [item("A", "component")])
    assert ([each.section for each in found.added], [each.section for each in found.removed]) == (
        ["component"],
        ["role"],
    )


def test_a_field_that_comes_or_goes_is_a_change() -> None:
    found = compare([item("A", kept="x", gone="y")], [item("A", kept="x", new="z")])
    assert found.changed[0].fields == (FieldChange("new", "", "z"), FieldChange("gone", "y", ""))


def test_a_version_compared_with_itself_is_the_same() -> None:
    rows = [item("A", text="one"), item("B", text="two")]
    found = compare(rows, list(rows))
    assert (found.is_same, found.unchanged) == (True, 2)


def test_word_by_word_both_texts_can_be_put_together_again() -> None:
    before, after = "Write down the way back, twice.", "Write down each way back: once."
    left, right = word_diff(before, after)
    assert ("".join(run.text for run in left), "".join(run.text for run in right)) == (before, after)
    assert next(run.text for run in left if run.differs) == "the"
    assert next(run.text for run in right if run.differs) == "each"


def test_in_a_list_of_numbers_only_the_new_one_differs() -> None:
    _left, right = word_diff("1, 2", "1, 2, 3")
    assert "".join(run.text for run in right if not run.differs) == "1, 2"


def test_an_empty_text_has_no_runs() -> None:
    left, right = word_diff("", "new")
    assert left == ()
    assert [(run.text, run.differs) for run in right] == [("new", True)]


@pytest.mark.parametrize(
    ("lower", "higher"), [("1.0", "1.1"), ("1.9", "1.10"), ("1.1-beta", "1.1"), ("1.1", "1.1.1"), ("9", "10.0")]
)
def test_versions_follow_their_numbers(lower: str, higher: str) -> None:
    assert version_key(lower) < version_key(higher)


def test_a_plan_learns_what_is_new_gone_and_asked_elsewhere() -> None:
    old = [Asked("A", (1, 2)), Asked("B", (1,)), Asked("C", (2, 3))]
    new = [Asked("A", (1, 2, 3)), Asked("C", (3,)), Asked("D", (1,))]
    plan = {"A": frozenset({1, 2}), "B": frozenset({1}), "C": frozenset({2, 3})}
    found = plan_change(old, new, plan)
    assert (found.added, found.removed) == (("D",), ("B",))
    assert (found.marks_added, found.marks_removed) == ((("A", 3),), (("C", 2),))


def test_what_a_plan_left_once_is_offered_again() -> None:
    rows = [Asked("A", (1,)), Asked("B", (1,))]
    found = plan_change(rows, rows, {"A": frozenset({1})})
    assert (found.added, found.removed, found.marks_added, found.marks_removed) == (("B",), (), (), ())


def test_a_mark_where_the_plan_stands_already_is_nothing_new() -> None:
    found = plan_change([Asked("A", (1,))], [Asked("A", (1, 2))], {"A": frozenset({1, 2})})
    assert found.marks_added == ()
