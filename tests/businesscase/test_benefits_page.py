"""Benefits followed month by month in the browser, and what waits in My work for the person named."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from businesscase.models import ActualBenefit, BenefitLine, BusinessCase
from businesscase.selectors.benefits import benefits_waiting_for
from businesscase.services.money import confirm_benefit
from common import clock
from phases.models import Phase
from projects.choices import PartyKind
from projects.services.team import create_party
from tests.businesscase.conftest import BENEFIT, COST, FEB, JAN, add, say, submit
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
D = Decimal
LIST = "/projects/alder/business-case/benefits/"
PAGE = f"{LIST}B-01/"


@pytest.fixture
def case(cast: Cast, empty_case: BusinessCase) -> BusinessCase:
    """Approved, with B-01 from January (1,500 a month, 80 percent sure, whole after three months), which Petra
    confirms, and B-02 in words, which nobody does."""
    add(cast, empty_case, "cost", COST)
    add(cast, empty_case, "benefit", BENEFIT, from_month=JAN, confirmed_by=cast.parties["petra"])
    add(cast, empty_case, "benefit", BENEFIT, form="words", indicator="Calls a month", baseline="900", target="700")
    say(cast, submit(cast, empty_case))
    return empty_case


@pytest.fixture
def petra(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.petra)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def words() -> list[tuple[str, Decimal | None, str]]:
    return [(f"{row.month:%Y-%m}", row.amount, row.note or row.observed) for row in ActualBenefit.objects.all()]


def test_the_months_that_are_over_wait_for_who_was_named(petra: Client, case: BusinessCase) -> None:
    work = shown(petra.get("/work/"))
    assert "Benefits to confirm" in work
    assert "What did it bring? 2 months, Jan 2026 to Feb 2026" in work
    page = shown(petra.get(PAGE))
    assert 'name="value-2026-01"' in page
    assert 'name="value-2026-02"' in page
    assert 'name="value-2026-03"' not in page


def test_they_wait_for_each_of_a_group_that_was_named_until_one_confirms(
    cast: Cast, petra: Client, case: BusinessCase
) -> None:
    desk = create_party(
        acting_user=cast.mara,
        project=cast.project,
        name="Desk",
        kind=PartyKind.GROUP,
        members=[cast.parties["petra"], cast.parties["mara"]],
    )
    BenefitLine.objects.filter(ref="B-01").update(confirmed_by=desk)
    assert [each.line.ref for each in benefits_waiting_for(cast.mara, [cast.project])] == ["B-01"]
    assert "Benefits to confirm" in shown(petra.get("/work/"))
    assert petra.post(PAGE, {"value-2026-01": "5", "value-2026-02": "5"}).status_code == 302
    assert benefits_waiting_for(cast.mara, [cast.project]) == []


def test_several_months_are_confirmed_at_once(petra: Client, case: BusinessCase) -> None:
    sent = {"value-2026-01": "0", "version-2026-01": "0", "value-2026-02": "750,50", "note-2026-02": "Time sheets"}
    answer = petra.post(PAGE, sent)
    assert answer.status_code == 302
    assert words() == [("2026-01", D(0), ""), ("2026-02", D("750.50"), "Time sheets")]
    assert "2 months were confirmed." in shown(petra.get(PAGE))
    assert "Benefits to confirm" not in shown(petra.get("/work/"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("-5", "This cannot be below zero."),
        ("1e30", "Write the number out"),
        ("9" * 30, "This is too large."),
        ("1,234", "can be read in two ways"),
        ("much", "Write a number, such as 1234.50"),
    ],
)
def test_one_bad_month_and_none_is_confirmed_but_what_was_typed_stays(
    petra: Client, case: BusinessCase, value: str, message: str
) -> None:
    answer = petra.post(PAGE, {"value-2026-01": "77", "value-2026-02": value})
    assert answer.status_code == 422
    assert message in shown(answer)
    assert 'value="77"' in shown(answer)
    assert not words()


def test_a_note_without_an_amount_asks_for_it(petra: Client, case: BusinessCase) -> None:
    answer = petra.post(PAGE, {"value-2026-01": "", "note-2026-01": "Later"})
    assert answer.status_code == 422
    assert "Give the amount, 0 where it brought nothing." in shown(answer)
    assert "Type what at least one month brought" in shown(petra.post(PAGE, {"value-2026-01": ""}))


def test_a_month_that_is_not_asked_about_is_refused(petra: Client, case: BusinessCase) -> None:
    assert petra.post(PAGE, {"value-2026-09": "5"}).status_code == 400
    assert petra.post(PAGE, {"value-2025-12": "5"}).status_code == 400


def test_a_word_is_corrected_with_the_version_it_was_read_at(cast: Cast, petra: Client, case: BusinessCase) -> None:
    petra.post(PAGE, {"value-2026-01": "10"})
    page = shown(petra.get(f"{PAGE}?month=2026-01"))
    assert 'name="version-2026-01" value="2"' in page
    confirm_benefit(acting_user=cast.mara, line=BenefitLine.objects.get(ref="B-01"), month=JAN, amount=D(12), version=2)
    answer = petra.post(PAGE, {"value-2026-01": "11", "version-2026-01": "2"})
    assert answer.status_code == 409
    assert 'name="version-2026-01" value="3"' in shown(answer)
    petra.post(PAGE, {"value-2026-01": "11", "version-2026-01": "3"})
    assert words() == [("2026-01", D(11), "")]


def test_somebody_who_was_not_named_reads_only(
    cast: Cast, sign_in: Callable[[Any], Client], case: BusinessCase
) -> None:
    toma = sign_in(cast.toma)
    assert "value-2026-01" not in shown(toma.get(PAGE))
    assert toma.post(PAGE, {"value-2026-01": "5"}).status_code == 403
    assert sign_in(cast.audra).post(PAGE, {"value-2026-01": "5"}).status_code == 403
    assert sign_in(cast.mara).post(PAGE, {"value-2026-01": "5"}).status_code == 302


def test_the_list_adds_up_and_says_who_is_missing(petra: Client, case: BusinessCase) -> None:
    petra.post(PAGE, {"value-2026-01": "100"})
    page = shown(petra.get(LIST))
    # A third and two thirds of 1,200: 400 and 800 were planned until now.
    assert "of 1 200 planned until now" in page
    assert "−1 100" in page
    assert "Nobody is named to confirm one benefit" in page


def test_an_indicator_waits_once_its_phase_closed_and_then_for_a_quarter(
    cast: Cast, case: BusinessCase, sign_in
) -> None:
    mara = sign_in(cast.mara)
    BenefitLine.objects.filter(ref="B-02").update(confirmed_by=cast.parties["mara"])
    assert "Calls a month" not in shown(mara.get("/work/"))
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    assert "Calls a month" in shown(mara.get("/work/"))
    answer = mara.post(f"{LIST}B-02/", {"value-2026-02": "850 calls"})
    assert answer.status_code == 302
    assert words() == [("2026-02", None, "850 calls")]
    assert "Calls a month" not in shown(mara.get("/work/"))
    with clock.moved_to(datetime(2026, 6, 2, 9, 0, tzinfo=UTC)):
        assert "Calls a month" in shown(sign_in(cast.mara).get("/work/"))


def test_benefits_are_followed_after_the_project(cast: Cast, case: BusinessCase, sign_in) -> None:
    Phase.objects.filter(project=cast.project).update(state="closed")
    with clock.moved_to(datetime(2030, 6, 2, 9, 0, tzinfo=UTC)):
        petra = sign_in(cast.petra)
        assert petra.post(PAGE, {"value-2030-05": "1300"}).status_code == 302
    with clock.moved_to(datetime(2032, 6, 2, 9, 0, tzinfo=UTC)):
        # The horizon ended in December 2030: no later month is asked about.
        assert 'name="value-2031-01"' not in shown(sign_in(cast.petra).get(PAGE))


def test_nothing_waits_before_a_version_is_approved(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    add(cast, empty_case, "benefit", BENEFIT, from_month=JAN, confirmed_by=cast.parties["petra"])
    assert "Benefits to confirm" not in shown(sign_in(cast.petra).get("/work/"))


def test_the_pages_stay_at_their_number_of_queries(
    cast: Cast, petra: Client, case: BusinessCase, django_assert_max_num_queries: Any
) -> None:
    for title in ("One", "Two", "Three"):
        add(cast, case, "benefit", BENEFIT, from_month=FEB, title=title)
    petra.post(PAGE, {"value-2026-01": "100"})
    for page in (LIST, PAGE):
        petra.get(page)
        with django_assert_max_num_queries(15):
            petra.get(page)


def test_a_benefit_that_is_not_there_is_absent(petra: Client, case: BusinessCase) -> None:
    assert petra.get(f"{LIST}B-99/").status_code == 404
