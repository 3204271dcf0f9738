"""What documents draw from the living registers."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.services.risks import report_risk
from documents.domain.fill import MarkKind, marks_in
from documents.library import library
from documents.models import DocumentAnswer, Objective
from documents.paper import text_of
from documents.registries import blocks
from documents.selectors.values import known_for
from documents.services.interfaces import take_interfaces
from documents.services.objectives import ObjectiveFacts, set_objective, write_value
from tests.cast import Cast
from tests.documents.conftest import begin, draft_of, publish, send

pytestmark = pytest.mark.django_db


def made(cast: Cast, name: str, argument: str = "") -> str:
    return blocks[name](cast.project, argument)


def objective(cast: Cast, **values) -> Objective:
    facts = ObjectiveFacts(
        **{
            "title": "Answer in time",
            "measure": "Share of calls answered within 20 s",
            "unit": "%",
            "target": Decimal(90),
            "target_on": date(2026, 12, 31),
            **values,
        }
    )
    return set_objective(acting_user=cast.mara, project=cast.project, facts=facts)


def test_every_block_of_every_template_is_registered() -> None:
    used = set()
    for template in library().values():
        for text in (template.body, template.small.body if template.small else ""):
            used |= {
                f"{mark.name}: {mark.argument.partition(' ')[0]}"
                for mark in marks_in(text)
                if mark.kind == MarkKind.BLOCK
            }
    assert used
    assert [name for name in sorted(used) if name not in blocks] == []


def test_a_block_without_anything_counts_as_missing(cast: Cast) -> None:
    document = begin(cast, "## Partners\n\n[[table: suppliers]]\n\n[[chart: objectives]]")
    filled = known_for(draft_of(document)).filled(draft_of(document).body)
    assert [mark.key for mark in filled.missing] == ["table: suppliers", "chart: objectives"]


def test_suppliers_come_from_the_answer_that_holds_for_all_documents(cast: Cast) -> None:
    DocumentAnswer.objects.create(project=cast.project, question="suppliers", answer="Nord GmbH, Süd | AG")
    assert made(cast, "table: suppliers").splitlines()[2:] == ["| 1 | Nord GmbH |", "| 2 | Süd \\| AG |"]


def test_the_interfaces_of_a_process_say_first_what_it_gets(cast: Cast) -> None:
    take_interfaces(acting_user=cast.mara, project=cast.project)
    lines = made(cast, "table: interfaces", "CH").splitlines()[2:]
    places = [line.split(" | ")[1] == "Changes" for line in lines]
    assert any(places)
    assert not all(places)
    assert places == sorted(places, reverse=True)
    assert len(made(cast, "table: interfaces").splitlines()) > len(lines)


def test_a_confidential_document_is_absent_from_the_list_of_documents(cast: Cast) -> None:
    publish(cast, begin(cast, title="Known to all"))
    begin(cast, title="For few", classification="confidential")
    text = made(cast, "table: documents")
    assert "Known to all" in text
    assert "For few" not in text


def test_risks_stand_with_the_highest_first(cast: Cast) -> None:
    for title, step in (("Small", 1), ("Great", 4)):
        values = {"title": title, "category": "financial", "probability": step, "impact": step}
        report_risk(acting_user=cast.mara, project=cast.project, values=values)
    assert [line.split(" | ")[1] for line in made(cast, "table: risks").splitlines()[2:]] == ["Great", "Small"]


def test_a_chart_goes_on_paper_as_a_picture_and_stays_as_it_was_sent(cast: Cast) -> None:
    one = objective(cast, title="Answer <b>in time</b>")
    write_value(acting_user=cast.mara, objective=one, month=date(2026, 1, 1), value=Decimal("81.5"))
    document = begin(cast, "## Readings\n\n[[chart: objectives]]\n\nDone.\n\n\\[\\[chart: objectives\\]\\]")
    html = text_of(draft_of(document)).html
    assert html.count("<svg") == 1
    assert "Answer &lt;b&gt;in time" in html
    assert "81.5 %" in html
    version = send(cast, document)
    write_value(acting_user=cast.mara, objective=one, month=date(2026, 1, 1), value=Decimal(99))
    version.refresh_from_db()
    assert text_of(version).html == html
    assert "81.5 %" in version.facts["charts"]["chart: objectives"]


@pytest.mark.parametrize("name", ["roles", "processes", "phases", "parties", "services", "customers"])
def test_what_the_project_knows_is_a_table_of_few_queries(cast: Cast, name: str, django_assert_max_num_queries) -> None:
    made(cast, "table: processes")
    with django_assert_max_num_queries(2):
        text = made(cast, f"table: {name}")
    assert text == "" or text.startswith("| ")
