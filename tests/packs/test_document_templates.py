"""The library of document templates: whole, of one shape, agreeing with catalogue and clauses, each saying its own."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from common.paper.text import markdown_to_paper
from documents.choices import DocumentKind
from documents.domain.fill import MarkKind, fill, marks_in, without_notes
from documents.library import LibraryError, Template, _library, folder, library
from phases.selectors.clauses import clause_titles
from scripts.source_files import ROOT

EVERY = [*library().values(), *(each.small for each in library().values() if each.small)]
#: Words a template of a kind takes: less says nothing, more is read by nobody.
SIZES = {DocumentKind.POLICY: (400, 950), DocumentKind.PLAN: (650, 1700), DocumentKind.RECORD: (100, 480)}
USUAL, SMALL = (500, 1300), (180, 700)


def each_template(template: Template) -> str:
    return f"{template.key}{' (small)' if template.is_small else ''}"


def activity_refs() -> set[str]:
    """The refs of both packs."""
    found: set[str] = set()
    for pack in ("tr20000-5-2010", "sms-2018-supplement"):
        text = (ROOT / "fixtures" / "catalogues" / pack / "activities.yaml").read_text(encoding="utf-8")
        found |= set(re.findall(r"^- ref: (\S+)", text, re.MULTILINE))
    return found


REFS = activity_refs()


def test_the_library_holds_55_documents_and_22_record_forms() -> None:
    records = [each for each in library().values() if each.is_record]
    assert (len(library()) - len(records), len(records)) == (55, 22)
    assert all(each.key.startswith("record-") for each in records)


def test_twenty_have_a_shorter_form_for_very_small_entities() -> None:
    shorter = {each.key for each in library().values() if each.small}
    assert len(shorter) == 20
    assert {"service-management-policy", "incident-management-procedure", "service-management-plan"} <= shorter


def test_no_two_bear_one_title() -> None:
    assert [title for title, count in Counter(each.title for each in library().values()).items() if count > 1] == []


@pytest.mark.parametrize("template", EVERY, ids=each_template)
def test_a_template_is_sound(template: Template) -> None:
    assert set(template.activities) <= REFS
    for edition, clauses in (("2011", template.clauses_2011), ("2018", template.clauses_2018)):
        known = clause_titles()[edition]
        assert [each for each in clauses if each not in known] == []
    named = [mark.argument for mark in marks_in(template.body) if mark.name == "document"]
    assert [key for key in named if key not in library()] == []
    low, high = SMALL if template.is_small else SIZES.get(DocumentKind(template.kind), USUAL)
    assert low <= len(re.findall(r"[A-Za-z0-9'’]+", without_notes(template.body))) <= high
    assert all(len(mark.key) <= 400 for mark in marks_in(template.body))


@pytest.mark.parametrize("template", EVERY, ids=each_template)
def test_a_template_goes_on_paper_without_a_warning(template: Template) -> None:
    paper = markdown_to_paper(fill(without_notes(template.body), values={}).text)
    assert paper.warnings == ()
    assert len([each for each in paper.headings if each.level == 2]) >= (1 if template.is_record else 3)


def test_no_two_templates_say_the_same_sentence() -> None:
    said: dict[str, set[str]] = {}
    for template in EVERY:
        body = re.sub(r"\[\[.*?\]\]", "[[", without_notes(template.body))
        plain = re.sub(r"[|*>#`]|^\d+\. |^- ", " ", body, flags=re.MULTILINE)
        for sentence in re.split(r"[.!?:]\s|\n", plain):
            words = re.findall(r"\w+", sentence.lower())
            if len(words) >= 8 and "[[" not in sentence:
                said.setdefault(" ".join(words), set()).add(template.key)
    # The results of a change are one list, wherever they are chosen from.
    del said["worked worked late outside its limits repaired undone"]
    assert {sentence: keys for sentence, keys in said.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("template", EVERY, ids=each_template)
def test_no_template_uses_the_words_that_say_nothing(template: Template) -> None:
    filler = r"ensure that|appropriate|as needed|leverage|robust|holistic|timely manner|it is important to|\bshall\b"
    assert re.findall(filler, template.body, re.IGNORECASE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("kind: policy", "kind: memo"), "kind"),
        (("review_months: 12", "review_months: no"), "review_months"),
        (('clauses_2018: ["5.2"]', "clauses_2018: [5.2]"), "quote clauses"),
        (("key: service-management-policy", "key: other"), "key"),
        (("summary:", "summery:"), "unknown"),
        (("## ", "[[nonsense]] ## "), "no place that can be filled"),
        (
            (
                "---\n",
                "",
            ),
            "front matter",
        ),
    ],
)
def test_a_file_that_is_not_sound_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = (folder() / "service-management-policy.md").read_text(encoding="utf-8")
    (tmp_path / "service-management-policy.md").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(LibraryError, match=said):
        _library(tmp_path)


def test_what_policies_ask_is_what_their_templates_ask() -> None:
    rows = yaml.safe_load((folder() / "data" / "policies.yaml").read_text(encoding="utf-8"))["policies"]
    for row in rows:
        template = library()[row["key"]]
        places = {f"[[{kind}: {mark.name}" for mark in marks_in(template.body) for kind in (mark.kind.value,)}
        for question in row["questions"]:
            fills = question["fills"]
            if fills.startswith("section:"):
                continue
            assert any(fills.startswith(place) for place in places), (row["key"], fills)


def test_the_interfaces_name_components_that_exist() -> None:
    rows = yaml.safe_load((folder() / "data" / "interfaces.yaml").read_text(encoding="utf-8"))
    codes = set(
        re.findall(
            r"^- code: (\S+)",
            (ROOT / "fixtures/catalogues/tr20000-5-2010/components.yaml").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert {row["from"] for row in rows} | {row["to"] for row in rows} <= codes
    assert len({(row["from"], row["to"]) for row in rows}) == len(rows) >= 100


def test_marks_of_all_kinds_are_in_use() -> None:
    kinds = {mark.kind for template in EVERY for mark in marks_in(template.body)}
    assert kinds == set(MarkKind) - {MarkKind.UNKNOWN}
