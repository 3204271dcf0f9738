"""The pages of results and of the comparison, and their files."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gapanalysis.choices import TargetOf
from gapanalysis.models import Assessment, Target
from gapanalysis.services.answers import AnswerChange, give_answers, write_finding
from tests.cast import CANARY, Cast
from tests.gapanalysis.conftest import answer_of, give, make, move

GAP = "/projects/alder/gap/"


@pytest.fixture
def cora(client: Client, cast: Cast) -> Client:
    """A browser in which a member of the committee has signed in."""
    client.force_login(cast.cora, backend="accounts.backends.ActiveUserBackend")
    return client


@pytest.fixture
def interim(cast: Cast, locked: Assessment) -> Assessment:
    """Asked again after the baseline: one answer worse, one better, one gap as it was, the rest not looked at."""
    found = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    give(cast, found, "Q-5.2.1-01", "minor gap", note="Nobody signs it any more.")
    give(cast, found, "Q-8.5.1.3-01", "conforms")
    give(cast, found, "Q-8.6.1-01", "major gap")
    return found


def text_of(client: Client, path: str) -> str:
    """What a page says, on one line."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_says_first_where_the_provider_stands_and_what_changed(cora: Client, interim: Assessment) -> None:
    page = text_of(cora, f"{GAP}interim/results/")
    head = page[: page.index("gr-tiles")]
    assert (
        "So far 3 of 8 requirement questions of the edition of 2018 have been looked at: "
        "1 conforms, 1 shows a major gap, 1 shows a minor gap." in head
    )
    assert "Since Baseline, 1 are better, 1 worse, and 1 the same." in head


def test_the_page_says_what_does_not_count(cora: Client, interim: Assessment) -> None:
    page = text_of(cora, f"{GAP}interim/results/")
    assert "5 questions do not count because nobody has looked at them yet." in page
    assert "1 of them has an earlier answer that waits to be confirmed (1 conform)." in page


def test_conformity_and_looking_are_two_figures(cora: Client, interim: Assessment) -> None:
    tiles = cora.get(f"{GAP}interim/results/").context["tiles"]
    assert [(tile.label, tile.value) for tile in tiles] == [
        ("Conform", 1),
        ("Looked at", 3),
        ("Major gaps", 1),
        ("Minor gaps", 1),
        ("Worse than before", 1),
    ]


def test_the_rule_stands_on_the_page(cora: Client, interim: Assessment) -> None:
    page = text_of(cora, f"{GAP}interim/results/")
    assert "A clause, a chapter, a component and the whole are as weak as their weakest answer." in page
    assert "What nobody has looked at does not conform." in page


def test_the_worst_come_first_with_what_was_found(cora: Client, cast: Cast, interim: Assessment) -> None:
    write_finding(
        acting_user=cast.mara,
        project=cast.project,
        answer=answer_of(interim, "Q-8.6.1-01"),
        version=0,
        gap="Incidents are closed without a record.",
        owner=cast.parties["petra"],
    )
    response = cora.get(f"{GAP}interim/results/")
    assert [line.gap.ref for line, _text, _since, _said_in in response.context["top"]] == ["Q-8.6.1-01", "Q-5.2.1-01"]
    page = response.content.decode()
    assert "Incidents are closed without a record." in page
    assert "Petra Pohl" in page


def test_what_became_worse_and_what_stands_still_are_listed_apart(cora: Client, interim: Assessment) -> None:
    context = cora.get(f"{GAP}interim/results/").context
    assert [question.ref for question, _then, _now, _text, _said_in in context["worse"]] == ["Q-5.2.1-01"]
    assert [(line.gap.ref, since.key) for line, since in context["stuck"]] == [("Q-8.6.1-01", "baseline")]


def test_a_gap_leads_to_the_question_where_it_was_said(cora: Client, cast: Cast, locked: Assessment) -> None:
    move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    page = cora.get(f"{GAP}baseline/results/").content.decode()
    assert f'href="{GAP}baseline/answer/Q-8.6.1-01/"' in page


def test_a_clause_of_which_nobody_has_looked_at_anything_shows_no_share(cora: Client, interim: Assessment) -> None:
    rows = {row.number: row for row in cora.get(f"{GAP}interim/results/").context["clause_rows"]}
    now = rows["9"].cells[-1]
    assert now.word == "open"
    assert "0%" not in now.html()
    assert (rows["8"].cells[-1].part, rows["8"].cells[-1].total, rows["8"].cells[-1].mark) == (1, 4, "2 not looked at")


def test_a_target_is_missed_only_where_open_questions_cannot_reach_it(
    cora: Client, cast: Cast, interim: Assessment
) -> None:
    for key, value in (("5", 80), ("8", 50), ("9", 90)):
        Target.objects.create(project=cast.project, of=TargetOf.CLAUSE, key=key, value=value)
    rows = {row.number: row for row in cora.get(f"{GAP}interim/results/").context["clause_rows"]}
    told = {number: (rows[number].target, rows[number].short, rows[number].is_reached) for number in ("5", "8", "9")}
    assert told == {"5": (80, 30, False), "8": (50, 0, False), "9": (90, 0, False)}


def test_ladders_show_rungs_above_a_gap(cora: Client, cast: Cast, interim: Assessment) -> None:
    row = answer_of(interim, "L-01")
    change = AnswerChange(row.pk, row.version, rungs=["defined", "operated"])
    give_answers(acting_user=cast.mara, project=cast.project, assessment=interim, changes=[change])
    Target.objects.create(project=cast.project, of=TargetOf.PROCESS, key="change-management", value=5)
    (ladder,) = cora.get(f"{GAP}interim/results/").context["ladders"]
    assert (ladder.level, ladder.before, ladder.target, ladder.above) == (1, None, 5, "operated, not documented")


def test_readiness_is_a_profile_with_its_weakest_statements(cora: Client, cast: Cast, interim: Assessment) -> None:
    row = answer_of(interim, "RF-a")
    change = AnswerChange(row.pk, row.version, rating=1)
    give_answers(acting_user=cast.mara, project=cast.project, assessment=interim, changes=[change])
    context = cora.get(f"{GAP}interim/results/").context
    assert context["readiness"].table.rows == (("People", "–", "1.0"),)
    assert [(weak.rating, weak.raises) for weak in context["weak_statements"]] == [(1, ("Plan it.",))]


def test_the_other_edition_is_one_click_away(cora: Client, interim: Assessment) -> None:
    page = text_of(cora, f"{GAP}interim/results/?edition=2011")
    assert "requirement questions of the edition of 2011" in page
    assert "Service management policy" in text_of(cora, f"{GAP}interim/results/?edition=2011&all=1")


def test_a_first_assessment_says_that_there_is_nothing_to_compare(cora: Client, locked: Assessment) -> None:
    page = text_of(cora, f"{GAP}baseline/results/")
    assert "It is the first assessment, so there is nothing to compare it with." in page
    assert "Worse than before" not in page


def test_a_draft_says_that_nothing_has_been_looked_at(cora: Client, cast: Cast, locked: Assessment) -> None:
    make(cast, "ad hoc", title="Later", started_from=locked)
    page = text_of(cora, f"{GAP}later/results/")
    assert "None of the 8 requirement questions of the edition of 2018 has been looked at." in page
    assert "4 of them have an earlier answer that waits to be confirmed (2 conform)." in page


@pytest.mark.parametrize(
    "query", ["edition=2020", "against=nothing", "against=interim", "all=2", "other=1", "edition=2018&edition=2011"]
)
def test_an_address_that_asks_for_nonsense_is_refused(cora: Client, interim: Assessment, query: str) -> None:
    assert cora.get(f"{GAP}interim/results/?{query}").status_code == 400


def test_an_assessment_that_is_not_there_has_no_results(cora: Client, locked: Assessment) -> None:
    assert cora.get(f"{GAP}nothing/results/").status_code == 404


def test_the_report_to_print_holds_every_gap_and_how_it_was_made(cora: Client, cast: Cast, interim: Assessment) -> None:
    page = text_of(cora, f"{GAP}interim/results/print/")
    for words in ("Nobody signs it any more.", "How it was made", "It is not locked yet", "Annex: all gaps"):
        assert words in page


def test_the_workbook_holds_summary_rule_and_every_question(cora: Client, interim: Assessment) -> None:
    response = cora.get(f"{GAP}interim/results/export/")
    book = openpyxl.load_workbook(BytesIO(response.content))
    assert book.sheetnames == [
        "Summary",
        "Gaps",
        "Clauses",
        "Components",
        "Processes",
        "Readiness",
        "Questions",
    ]
    summary = [str(row[0]) for row in book["Summary"].iter_rows(values_only=True)]
    assert any("3 of 8 requirement questions" in line for line in summary)
    assert "How to read this" in summary
    questions = list(book["Questions"].iter_rows(values_only=True))
    assert len(questions) == 1 + 8
    assert ["Q-8.6.1-01", "8.6.1", "8.1"] in [list(row[:3]) for row in questions]


def test_what_a_person_wrote_is_no_formula_in_the_workbook(cora: Client, cast: Cast, interim: Assessment) -> None:
    give(cast, interim, "Q-9.2-01", "minor gap", note="=1+1")
    book = openpyxl.load_workbook(BytesIO(cora.get(f"{GAP}interim/results/export/").content))
    cells = [cell for row in book["Gaps"].iter_rows() for cell in row if cell.value and "1+1" in str(cell.value)]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", "'=1+1")]


def test_assessments_stand_side_by_side_down_to_the_question(cora: Client, interim: Assessment) -> None:
    response = cora.get(f"{GAP}compare/?with=baseline&with=interim")
    context = response.context
    assert [line.column.assessment.key for line in context["lines"]] == ["baseline", "interim"]
    assert [(line.better, line.worse) for line in context["lines"]] == [(None, None), (1, 1)]
    assert context["page"].paginator.count == 8


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("what=worse", ["Q-5.2.1-01"]),
        ("what=better", ["Q-8.5.1.3-01"]),
        ("what=same", ["Q-8.6.1-01"]),
        ("answer=gaps", ["Q-5.2.1-01", "Q-8.6.1-01"]),
        ("answer=major+gap", ["Q-8.6.1-01"]),
        ("clause=8.5", ["Q-8.5.1.3-01", "Q-8.5.1.3-02"]),
        ("component=IN", ["Q-8.6.1-01", "Q-8.6.1-02"]),
        ("clause=8.5&answer=conforms", ["Q-8.5.1.3-01"]),
    ],
)
def test_the_comparison_lists_the_questions_that_an_address_asks_for(
    cora: Client, interim: Assessment, query: str, refs: list[str]
) -> None:
    context = cora.get(f"{GAP}compare/?with=baseline&with=interim&{query}").context
    assert [line.question.ref for line, _text, _said_in in context["rows"]] == refs


@pytest.mark.parametrize("query", ["with=nothing", "clause=99", "component=XX", "what=odd", "answer=odd", "page=x"])
def test_a_comparison_of_nonsense_is_refused(cora: Client, interim: Assessment, query: str) -> None:
    assert cora.get(f"{GAP}compare/?{query}").status_code == 400


def test_without_an_assessment_the_comparison_says_so(cora: Client, questionnaire) -> None:
    assert "Nothing to compare yet" in text_of(cora, f"{GAP}compare/")


def test_the_comparison_as_a_workbook_holds_what_the_page_shows(cora: Client, interim: Assessment) -> None:
    content = cora.get(f"{GAP}compare/export/?with=baseline&with=interim&what=worse").content
    book = openpyxl.load_workbook(BytesIO(content))
    rows = list(book["Questions"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Ref", "Q-5.2.1-01"]
    assert [row[0] for row in book["Assessments"].iter_rows(values_only=True)] == ["Assessment", "Baseline", "Interim"]


def test_nothing_of_another_client_shows(cora: Client, interim: Assessment) -> None:
    for path in ("interim/results/", "interim/results/print/", "compare/"):
        assert CANARY not in text_of(cora, GAP + path)


@pytest.mark.parametrize("path", ["interim/results/", "interim/results/print/", "compare/?with=baseline&with=interim"])
def test_a_page_takes_few_queries(cora: Client, interim: Assessment, path: str) -> None:
    cora.get(GAP + path)
    with CaptureQueriesContext(connection) as queries:
        cora.get(GAP + path)
    assert len(queries) <= 15
