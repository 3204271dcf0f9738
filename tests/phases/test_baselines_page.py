"""Baselines as pages and files: who sees and takes them, what bad input gets."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db.models import F
from django.test import Client

from phases.models import Baseline, Package, PhaseActivity
from phases.selectors.baseline_compare import LINES_PER_PAGE, DiffQuery, diff_of, page_of_changes
from phases.services.baselines import take_baseline
from phases.services.rows import assign_party, set_due
from tests.cast import CANARY, Cast

LIST = "/projects/alder/plan/baselines/"
COMPARE = f"{LIST}compare/"
EXPORT = f"{LIST}export/"


def take(cast: Cast, name: str = "Start", **values: Any) -> Baseline:
    return take_baseline(acting_user=cast.mara, project=cast.project, name=name, **values)


def due(cast: Cast, day: date, ref: str = "CH.i", phase: int = 2) -> None:
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], due=day)


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{EXPORT}?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


# --- the list ----------------------------------------------------------------------------------------------------


def test_without_a_baseline_the_list_says_what_one_is_for(cast: Cast, sign_in) -> None:
    assert "Take one when the plan is agreed" in words(sign_in(cast.mara).get(LIST))
    member = sign_in(cast.tim).get(LIST)
    assert "The project manager takes one when the plan is agreed." in words(member)
    assert '<form class="form" method="post"' not in member.content.decode()
    for path in (COMPARE, EXPORT):
        response = sign_in(cast.tim).get(path)
        assert (response.status_code, response["Location"]) == (302, LIST)


def test_one_is_taken_and_stands_in_the_list_with_what_changed_since(cast: Cast, sign_in) -> None:
    due(cast, date(2026, 8, 31))
    client = sign_in(cast.mara)
    response = client.post(LIST, {"name": "Start of phase 1", "note": "Agreed <b>by all</b>"}, follow=True)
    assert "The plan as it stands is kept as B1 Start of phase 1." in words(response)
    assert "Agreed &lt;b&gt;by all&lt;/b&gt;" in response.content.decode()
    assert "the plan is as it was then" in words(response)
    due(cast, date(2026, 9, 4))
    assert "1 later (4 working days on average, 4 at most)" in words(client.get(LIST))
    assert Baseline.objects.get().sha256[:12] in words(client.get(LIST))


@pytest.mark.parametrize(
    ("name", "note", "says"),
    [
        ("", "kept note", "Give the baseline a name"),
        ("   ", "kept note", "Give the baseline a name"),
        ("start", "kept note", "B1 has this name. Choose another."),
        ("x" * 81, "kept note", "80"),
        ("New", "kept " * 201, "1000"),
    ],
)
def test_bad_input_says_what_to_do_and_keeps_what_was_typed(
    cast: Cast, sign_in, name: str, note: str, says: str
) -> None:
    take(cast)
    response = sign_in(cast.mara).post(LIST, {"name": name, "note": note})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert note.strip() in response.content.decode()
    assert Baseline.objects.count() == 1


def test_a_double_click_takes_one(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    answers = [client.post(LIST, {"name": "Start", "note": ""}).status_code for _click in range(2)]
    assert (answers, Baseline.objects.count()) == ([302, 302], 1)


def test_a_name_given_twice_is_a_bad_request(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).post(LIST, {"name": ["a", "b"], "note": ""}).status_code == 400


# --- two side by side --------------------------------------------------------------------------------------------


def test_the_comparison_shows_totals_first_then_each_change(cast: Cast, sign_in) -> None:
    due(cast, date(2026, 8, 31))
    take(cast)
    due(cast, date(2026, 9, 4))
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 2)], party=cast.parties["tim"]
    )
    said = words(sign_in(cast.tim).get(f"{COMPARE}?a=1"))
    assert "How the plan differs now from B1 Start" in said
    assert said.index("4 working days on average, 4 at most") < said.index("By phase") < said.index("By component")
    assert "4 working days later 31 Aug 2026 now 4 Sep 2026" in said
    assert "nobody now Tim Tully" in said
    assert "2 of 2 changed activities shown" in said


def test_by_itself_it_is_the_newest_against_now(cast: Cast, sign_in) -> None:
    take(cast, "One")
    take(cast, "Two")
    said = words(sign_in(cast.tim).get(COMPARE))
    assert "How the plan differs now from B2 Two" in said
    assert "Nothing differs" in said


def test_two_baselines_can_be_swapped(cast: Cast, sign_in) -> None:
    take(cast, "One")
    due(cast, date(2026, 12, 1))
    take(cast, "Two")
    client = sign_in(cast.tim)
    there = client.get(f"{COMPARE}?a=1&b=2")
    assert "How B2 Two differs from B1 One" in words(there)
    assert 'href="/projects/alder/plan/baselines/compare/?a=2&amp;b=1"' in there.content.decode()
    days = re.search(r"(\d+) working days? later", words(there))
    assert days is not None
    assert f"{days[1]} working days earlier" in words(client.get(f"{COMPARE}?a=2&b=1"))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("a=1", 200),
        ("a=1&b=1", 200),
        ("a=9", 404),
        ("a=1&b=9", 404),
        ("a=x", 400),
        ("a=-1", 400),
        ("a=1&a=2", 400),
        ("a=1&phase=7", 400),
        ("a=1&component=ZZ", 400),
        ("a=1&what=everything", 400),
        ("a=1&what=left+out&phase=2&component=CH", 200),
        ("a=1&other=1", 400),
        ("a=1&name__contains=x", 400),
    ],
)
def test_an_address_is_read_strictly(cast: Cast, sign_in, query: str, status: int) -> None:
    take(cast)
    client = sign_in(cast.audra)
    assert client.get(f"{COMPARE}?{query}").status_code == status
    assert client.get(f"{EXPORT}?{query}").status_code == status


def test_the_other_clients_baselines_are_absent(cast: Cast, sign_in) -> None:
    take_baseline(acting_user=cast.bruno, project=cast.other, name=f"Start {CANARY}", note=CANARY)
    client = sign_in(cast.mara)
    assert client.get(f"{COMPARE}?a=1").status_code == 404
    take(cast)
    for path in (LIST, f"{COMPARE}?a=1", f"{EXPORT}?a=1"):
        assert CANARY not in client.get(path).content.decode()
    assert client.get("/projects/birch/plan/baselines/").status_code == 404
    assert CANARY in sign_in(cast.bruno).get("/projects/birch/plan/baselines/").content.decode()


# --- as a file ---------------------------------------------------------------------------------------------------


def test_the_file_holds_what_the_page_shows(cast: Cast, sign_in) -> None:
    due(cast, date(2026, 8, 31))
    take(cast)
    due(cast, date(2026, 9, 4))
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 2)], party=cast.parties["tim"]
    )
    client = sign_in(cast.audra)
    later, party = lines(client, "a=1")
    assert (later["item"], later["ref"], later["phase"], later["changes"]) == ("activity", "CH.i", "2", "later")
    assert (later["end_before"], later["end_after"], later["working_days"]) == ("2026-08-31", "2026-09-04", "4")
    assert (party["ref"], party["changes"], party["party_after"], party["part"]) == (
        "CH.j",
        "other party",
        "Tim Tully",
        "catalogue",
    )
    assert [line["ref"] for line in lines(client, "a=1&what=later")] == ["CH.i"]
    assert lines(client, "a=1&phase=1") == []


def test_the_workbook_has_days_as_text_and_numbers_as_numbers(cast: Cast, sign_in) -> None:
    due(cast, date(2026, 9, 4))
    take(cast)
    due(cast, date(2026, 8, 31))
    response = sign_in(cast.tim).get(f"{EXPORT}?a=1&format=xlsx")
    assert 'filename="alder-b1-now.xlsx"' in response["Content-Disposition"]
    header, row = openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["working_days"] == -4
    assert sign_in(cast.tim).get(f"{EXPORT}?a=1&format=pdf").status_code == 400


def test_a_name_that_looks_like_a_formula_stays_text(cast: Cast, sign_in) -> None:
    take(cast, "=1+1")
    due(cast, date(2026, 9, 4))
    party = cast.parties["tim"]
    type(party).objects.filter(pk=party.pk).update(name="=cmd()")
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.j", 2)], party=party)
    assert {line["party_after"] for line in lines(sign_in(cast.tim), "a=1")} >= {"'=cmd()"}


# --- how much it asks of the database ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LIST, f"{COMPARE}?a=1"])
def test_it_asks_the_database_as_often_for_many_baselines_and_changes(
    cast: Cast, sign_in, django_assert_max_num_queries, path: str
) -> None:
    client = sign_in(cast.tim)
    counts = []
    for refs in (("CH.i",), ("CH.j", "CH.k", "CH.l")):
        take(cast, f"Before {refs}")
        for ref in refs:
            due(cast, date(2026, 12, 1), ref, 2)
        take(cast, f"After {refs}")
        client.get(path)
        with django_assert_max_num_queries(15) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- many changes --------------------------------------------------------------------------------------------------

CHANGED = re.compile(r'<td class="ref">([^<]+)</td>')


def later_everywhere(cast: Cast) -> int:
    """Move the due dates of a whole plan by a week; how many moved."""
    rows = PhaseActivity.objects.filter(project=cast.project, activity__is_supplement=False).exclude(due=None)
    return rows.update(due=F("due") + timedelta(days=7))


def test_many_changes_come_in_pages_and_every_one_stands_on_one_of_them(cast: Cast, sign_in) -> None:
    take(cast)
    count = later_everywhere(cast)
    assert count > 2 * LINES_PER_PAGE
    client = sign_in(cast.tim)
    last = -(-count // LINES_PER_PAGE)
    pages = [client.get(f"{COMPARE}?a=1&page={number}") for number in range(1, last + 1)]
    found = [CHANGED.findall(page.content.decode()) for page in pages]
    assert [len(refs) for refs in found[:-1]] == [LINES_PER_PAGE] * (last - 1)
    assert [ref for refs in found for ref in refs] == [line["ref"] for line in lines(client, "a=1")]
    assert f"1 to {LINES_PER_PAGE} of {count} shown, {count} changed activities in all" in words(pages[0])
    assert 'href="?a=1&amp;page=2#changes"' in pages[0].content.decode()
    totals = [words(page).partition("What changed")[0] for page in pages]
    assert totals == [totals[0]] * last
    assert client.get(f"{COMPARE}?a=1&page=99").context["page"].number == last
    assert client.get(f"{COMPARE}?a=1&page=x").status_code == 400
    assert client.get(f"{EXPORT}?a=1&page=2").status_code == 400


def test_a_package_that_changed_without_an_activity_stands_on_one_page(cast: Cast, sign_in) -> None:
    take(cast)
    later_everywhere(cast)
    PhaseActivity.objects.filter(project=cast.project, activity__component="CH").update(due=None)
    take(cast, "Without dates")
    later_everywhere(cast)
    package = Package.objects.filter(project=cast.project, component="CH").first()
    assert package is not None
    Package.objects.filter(pk=package.pk).update(owner=cast.parties["tim"])
    diff = diff_of(cast.project, Baseline.objects.get(number=2), None, DiffQuery())
    last = page_of_changes(diff, 1)[0].paginator.num_pages
    assert last > 1
    shown = [
        (group.component, phase.number)
        for number in range(1, last + 1)
        for phase in page_of_changes(diff, number)[1]
        for group in phase.groups
        if group.package is not None
    ]
    assert shown == [("CH", package.phase_number)]


def test_packages_alone_stand_on_the_one_page_there_is(cast: Cast) -> None:
    take(cast)
    package = Package.objects.filter(project=cast.project, component="CH").first()
    assert package is not None
    Package.objects.filter(pk=package.pk).update(owner=cast.parties["tim"])
    diff = diff_of(cast.project, Baseline.objects.get(), None, DiffQuery())
    page, phases = page_of_changes(diff, 1)
    assert (page.paginator.num_pages, [group.component for phase in phases for group in phase.groups]) == (1, ["CH"])
