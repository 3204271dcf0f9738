"""Horizon and discount rate on their page."""

import pytest

from businesscase.models import BusinessCase
from businesscase.services.cases import change_settings, start_case
from tests.businesscase.conftest import JAN, D, submit
from tests.cast import Cast

URL = "/projects/alder/business-case/settings/"
TYPED = {"first_month": "2026-01", "months": "84", "discount_rate": "6,125", "version": "1"}


def text(answer) -> str:
    return answer.content.decode()


def test_the_rate_is_typed_in_percent(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    html = text(client.get(URL))
    assert 'name="discount_rate" value="6"' in html
    assert 'name="first_month" value="2026-01"' in html
    assert client.post(URL, TYPED).status_code == 302
    case.refresh_from_db()
    assert (case.months, case.discount_rate) == (84, D("0.06125"))
    assert client.post(URL, {**TYPED, "version": str(case.version), "discount_rate": "6,5 %"}).status_code == 302
    case.refresh_from_db()
    assert case.discount_rate == D("0.065")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("discount_rate", "-100", "A discount rate lies between 0 and 100 percent a year."),
        ("discount_rate", "400", "A discount rate lies between 0 and 100 percent a year. For four percent, write 4."),
        (
            "discount_rate",
            "",
            "Give the discount rate; ask finance for theirs. 0 says that money later is worth the same.",
        ),
        ("discount_rate", "6 pct", "Write a number, such as 1234.50, without a currency or other words."),
        ("discount_rate", "6.12345", "Round it to 3 places."),
        ("discount_rate", "1e30", "Write the number out: 1000 instead of 1e3."),
        ("months", "", "Say how many months the case looks ahead: 1 to 120."),
        ("months", "0", "The horizon has 1 to 120 months."),
        ("months", "-12", "The horizon has 1 to 120 months."),
        ("months", "1e30", "Write a whole number, such as 12."),
        ("months", "121", "The horizon has 1 to 120 months."),
        ("months", "3", "From 2026-01 to 2026-03 these lines lie outside: C-02, B-01. Move them first."),
        ("first_month", "", "Give the first month."),
        ("first_month", "soon", "There is no such month. Write year and month: 2027-03."),
        ("first_month", "2095-01", "This month is too far off."),
    ],
)
def test_bad_settings_are_refused_beside_their_field_and_what_was_typed_stays(
    cast: Cast, case: BusinessCase, sign_in, field: str, typed: str, said: str
) -> None:
    answer = sign_in(cast.mara).post(URL, {**TYPED, field: typed})
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [said]})
    for value in {**TYPED, field: typed}.values():
        if value:
            assert f'value="{value}"' in text(answer)
    case.refresh_from_db()
    assert (case.months, case.discount_rate) == (60, D("0.06"))


def test_two_people_on_the_settings_each_see_both(cast: Cast, case: BusinessCase, sign_in) -> None:
    change_settings(acting_user=cast.olga, case=case, version=1, first_month=JAN, months=72, discount_rate=D("0.05"))
    client = sign_in(cast.mara)
    answer = client.post(URL, TYPED)
    assert answer.status_code == 409
    for said in ("72", "84", "0.05", "0.06125"):
        assert said in text(answer)
    assert client.post(URL, {**TYPED, "version": "2"}).status_code == 302


def test_others_read_them(cast: Cast, case: BusinessCase, sign_in) -> None:
    html = text(sign_in(cast.cora).get(URL))
    assert "Jan 2026" in html
    assert "discount_rate" not in html


def test_they_stand_still_while_a_version_is_submitted(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    answer = sign_in(cast.mara).post(URL, TYPED)
    assert answer.status_code == 422


def test_the_small_case_has_its_own(cast: Cast, sign_in) -> None:
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    client = sign_in(cast.mara)
    url = "/projects/alder/business-case/gap-analysis/settings/"
    assert client.post(url, {**TYPED, "months": "4"}).status_code == 302
    small.refresh_from_db()
    assert small.months == 4
