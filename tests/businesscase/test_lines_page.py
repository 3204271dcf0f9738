"""Lines of a case on their pages: added, changed, taken out, reckoned; and what a form can be given that is wrong."""

import pytest

from businesscase.models import Assumption, BenefitLine, BusinessCase, CostLine, InterestedParty, Measure
from businesscase.services.cases import change_settings, start_case
from businesscase.services.money import CostEntry, record_costs
from businesscase.services.rows import change_row
from tests.businesscase.conftest import COST, JAN, D, add, submit
from tests.cast import Cast

LINES = "/projects/alder/business-case/lines/"
SMALL = "/projects/alder/business-case/gap-analysis/lines/"
TYPED = {
    "title": "Process owners of phase 1",
    "category": "own people",
    "role": "Process owner",
    "phase_number": "1",
    "rhythm": "once",
    "first_month": "2026-03",
    "last_month": "2026-06",
    "low": "30",
    "likely": "40,5",
    "high": "1 000",
    "day_rate": "600.00",
    "service": "",
    "source": "Rates of finance",
}
GAIN = {
    "title": "Fewer calls",
    "kind": "2",
    "form": "figures",
    "phase_number": "2",
    "likely": "1500",
    "low": "",
    "high": "",
    "from_month": "7/2026",
    "ramp_months": "3",
    "confidence": "80",
    "service": "",
    "confirmed_by": "",
}


def text(answer) -> str:
    return answer.content.decode()


def test_a_cost_is_typed_with_comma_and_point(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    answer = sign_in(cast.mara).post(f"{LINES}cost/new/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/projects/alder/business-case/points/e/")
    row = CostLine.objects.get()
    assert (row.ref, row.low, row.likely, row.high, row.day_rate) == ("C-01", D(30), D("40.50"), D(1000), D(600))
    assert (row.first_month.isoformat(), row.last_month.isoformat()) == ("2026-03-01", "2026-06-01")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("likely", "-5", "This cannot be below zero."),
        ("likely", "−5", "This cannot be below zero."),
        ("likely", "1e30", "Write the number out: 1000 instead of 1e3."),
        ("likely", "1" + "0" * 30, "This is too large. The most is 100,000."),
        ("likely", "", "Give the likely figure. The two others may stay empty."),
        ("likely", "12,345", "12,345 can be read in two ways. Write 12345, or 12,34 with two places."),
        ("likely", "1.2345", "Round it to 2 places."),
        ("likely", "forty", "Write a number, such as 1234.50, without a currency or other words."),
        ("likely", "40 EUR", "Write a number, such as 1234.50, without a currency or other words."),
        ("low", "41", "The low figure lies above the likely one."),
        ("high", "7", "The high figure lies below the likely one."),
        ("day_rate", "", "Own people are counted in days. Give the rate of a day."),
        ("day_rate", "-600", "This cannot be below zero."),
        ("first_month", "", "Give the month in which it falls due."),
        ("first_month", "2026-13", "There is no such month. Write year and month: 2027-03."),
        ("first_month", "2025-12", "2025-12 lies outside the horizon, which goes from 2026-01 to 2030-12."),
        ("last_month", "2031-01", "2031-01 lies outside the horizon, which goes from 2026-01 to 2030-12."),
        ("last_month", "2026-02", "The last month lies before the first."),
        ("title", "  ", "Say what is paid for."),
        ("title", "x" * 161, "This is longer than 160 characters."),
        ("title", "a\x00b", "Null characters are not allowed."),
        ("category", "bribes", "Choose one of the list."),
        ("rhythm", "", "Choose one of the list."),
        ("phase_number", "5", "Choose a phase from 0 to 4."),
        ("service", "Moon base", "The scope has no service of this name."),
    ],
)
def test_bad_input_is_refused_in_words_beside_its_field_and_all_that_was_typed_stays(
    cast: Cast, empty_case: BusinessCase, sign_in, field: str, typed: str, said: str
) -> None:
    cast.project.services = ["Workplace"]
    cast.project.save()
    answer = sign_in(cast.mara).post(f"{LINES}cost/new/", {**TYPED, field: typed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {field: [said]}
    html = text(answer)
    assert html.count('class="invalid-feedback"') == 1
    for name, value in {**TYPED, field: typed}.items():
        if name not in ("category", "rhythm", "phase_number", "service") and value.strip() and "\x00" not in value:
            assert f'value="{value}"' in html, name
    assert not CostLine.objects.exists()


def test_all_that_is_wrong_is_said_at_once(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    sent = {**TYPED, "likely": "1,234", "low": "-1", "first_month": "2035-01", "title": ""}
    answer = sign_in(cast.mara).post(f"{LINES}cost/new/", sent)
    assert set(answer.context["form"].errors) == {"likely", "low", "first_month", "title"}
    assert "4 fields need a look." in text(answer)


def test_a_line_with_money_booked_on_it_is_not_taken_out(cast: Cast, case: BusinessCase, sign_in) -> None:
    entry = CostEntry(JAN, D(100), line="C-01")
    record_costs(acting_user=cast.mara, case=case, entries=[entry])
    answer = sign_in(cast.mara).post(f"{LINES}cost/C-01/", {"do": "remove", "version": "1"})
    assert answer.status_code == 422
    assert "C-01 has amounts that were booked or confirmed. Set its estimates to zero instead." in text(answer)
    assert CostLine.objects.filter(ref="C-01").exists()


def test_days_times_rate_must_be_kept(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    sent = {**TYPED, "high": "100000", "day_rate": "99999999999"}
    answer = sign_in(cast.mara).post(f"{LINES}cost/new/", sent)
    assert answer.context["form"].errors == {"day_rate": ["Days times rate come to more than can be kept."]}


def test_saving_and_adding_another_comes_back_to_an_empty_form(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    url = f"{LINES}cost/new/?category=technology&phase=2"
    answer = sign_in(cast.mara).post(url, {**TYPED, "do": "another"}, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert "C-01 is added." in text(answer)
    assert answer.context["form"]["category"].value() == "technology"


def test_a_new_cost_starts_from_a_typical_line_and_the_rate_used_last(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    html = text(client.get(f"{LINES}cost/new/?category=own people&typical=1"))
    assert 'value="Project manager"' in html
    assert 'name="day_rate" value="600"' in html
    for wrong in ("category=bribes", "typical=99", "typical=x", "phase=5", "color=red"):
        assert client.get(f"{LINES}cost/new/?{wrong}").status_code == 400


def test_a_line_is_changed_from_what_stands_there(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    html = text(client.get(f"{LINES}cost/C-02/"))
    for shown in ('value="Project manager"', 'value="50"', 'value="2026-06"', 'name="version" value="1"'):
        assert shown in html
    answer = client.post(f"{LINES}cost/C-02/", {**TYPED, "version": "1"})
    assert answer.status_code == 302
    assert CostLine.objects.get(ref="C-02").likely == D("40.50")


def test_two_people_on_one_line_each_see_both(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    change_row(
        acting_user=cast.olga, case=case, kind="cost", ref="C-01", version=1, values={**COST, "likely": D(15000)}
    )
    sent = {**TYPED, "category": "technology", "title": "Another tool", "day_rate": "", "version": "1"}
    answer = client.post(f"{LINES}cost/C-01/", sent)
    assert answer.status_code == 409
    html = text(answer)
    for said in ("Service desk tool", "Another tool", ">15000<", ">40.5<", "Save mine over it", "What is paid for"):
        assert said in html.replace("</small>", ">").replace("</div>", "<")
    assert CostLine.objects.get(ref="C-01").likely == D(15000)
    over = client.post(f"{LINES}cost/C-01/", {**sent, "version": "2"})
    assert over.status_code == 302
    assert CostLine.objects.get(ref="C-01").title == "Another tool"


def test_what_somebody_else_took_out_is_not_there(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    assert client.post(f"{LINES}cost/C-01/", {"do": "remove", "version": "1"}).status_code == 302
    assert list(CostLine.objects.values_list("ref", flat=True)) == ["C-02"]
    assert client.post(f"{LINES}cost/C-01/", {**TYPED, "version": "1"}).status_code == 404


def test_a_line_that_somebody_changed_is_not_taken_out(cast: Cast, case: BusinessCase, sign_in) -> None:
    change_row(acting_user=cast.olga, case=case, kind="cost", ref="C-01", version=1, values={**COST, "title": "New"})
    answer = sign_in(cast.mara).post(f"{LINES}cost/C-01/", {"do": "remove", "version": "1"})
    assert answer.status_code == 409
    assert CostLine.objects.count() == 2


def test_what_a_line_comes_to_is_said_before_it_is_saved(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    part = text(client.post(f"{LINES}cost/new/", {**TYPED, "do": "reckon"}, headers={"HX-Request": "true"}))
    assert "24\u202f300" in part
    assert "cautious 600\u202f000, good 18\u202f000" in part
    assert "2026: 24\u202f300" in part
    whole = client.post(f"{LINES}cost/new/", {**TYPED, "do": "reckon"})
    assert whole.status_code == 200
    assert "24\u202f300" in text(whole)
    assert 'value="40,5"' in text(whole)
    why = text(client.post(f"{LINES}cost/new/", {**TYPED, "do": "reckon", "likely": "x"}, headers={"HX-Request": "1"}))
    assert "as soon as it can be reckoned. Write a number" in why
    gain = text(client.post(f"{LINES}benefit/new/", {**GAIN, "do": "reckon"}, headers={"HX-Request": "true"}))
    assert "2026: 6\u202f000 · 2027: 14\u202f400" in gain
    assert not CostLine.objects.exists()


def test_a_benefit_in_figures_needs_a_month_and_one_in_words_an_indicator(
    cast: Cast, empty_case: BusinessCase, sign_in
) -> None:
    client = sign_in(cast.mara)
    assert client.post(f"{LINES}benefit/new/", GAIN).status_code == 302
    row = BenefitLine.objects.get()
    assert (row.from_month.isoformat(), row.low, row.high) == ("2026-07-01", D(1500), D(1500))
    bare = {"title": "Content users", "kind": "6", "phase_number": "2", "service": "", "confirmed_by": ""}
    figures = client.post(f"{LINES}benefit/new/", {**bare, "form": "figures"})
    assert set(figures.context["form"].errors) == {"likely", "from_month"}
    words = client.post(f"{LINES}benefit/new/", {**bare, "form": "words"})
    assert words.context["form"].errors == {"indicator": ["Say by what it will be seen."]}
    assert client.post(f"{LINES}benefit/new/", {**bare, "form": "words", "indicator": "Survey"}).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("confidence", "0", "Confidence is a percentage from 1 to 100."),
        ("confidence", "1e30", "Write a whole number, such as 12."),
        ("ramp_months", "-1", "The ramp-up takes 0 to 60 months."),
        ("from_month", "2031-01", "2031-01 lies outside the horizon, which goes from 2026-01 to 2030-12."),
        ("until_month", "2026-06", "It ends before it begins."),
        ("kind", "10", "Choose one of the list."),
        ("likely", "-1", "This cannot be below zero."),
    ],
)
def test_bad_input_of_a_benefit_is_refused(
    cast: Cast, empty_case: BusinessCase, sign_in, field: str, typed: str, said: str
) -> None:
    answer = sign_in(cast.mara).post(f"{LINES}benefit/new/", {**GAIN, field: typed})
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [said]})


def test_a_benefit_before_any_cost_and_a_case_of_costs_only_still_have_their_pages(
    cast: Cast, empty_case: BusinessCase, sign_in
) -> None:
    client = sign_in(cast.mara)
    client.post(f"{LINES}benefit/new/", {**GAIN, "from_month": "2026-01", "ramp_months": "0"})
    points = "/projects/alder/business-case/points/"
    assert "72\u202f000" in text(client.get(f"{points}d/"))
    BenefitLine.objects.all().delete()
    client.post(f"{LINES}cost/new/", TYPED)
    assert "\u2212100\u202f%" in text(client.get(f"{points}d/"))


def test_the_other_kinds_of_line_are_added(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client, party = sign_in(cast.mara), cast.project.parties.first()
    sent = {"kind": "assumption", "text": "Rates hold.", "check_how": "Each April", "owner": str(party.pk)}
    assert client.post(f"{LINES}assumption/new/", sent).status_code == 302
    assert (Assumption.objects.get().owner, Assumption.objects.get().check_how) == (party, "Each April")
    sent = {"name": "Users", "interest": "high", "influence": "low"}
    assert client.post(f"{LINES}interested-party/new/", sent).status_code == 302
    assert InterestedParty.objects.get().name == "Users"
    assert client.post(f"{LINES}measure/new/", {"what": "Calls", "owner": ""}).status_code == 302
    assert Measure.objects.get().owner is None
    for path in ("assumption/A-01/", "interested-party/P-01/", "measure/M-01/"):
        assert client.get(f"{LINES}{path}").status_code == 200


def test_a_party_of_another_client_is_no_choice(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    foreign = cast.other.parties.first()
    answer = sign_in(cast.mara).post(f"{LINES}measure/new/", {"what": "Calls", "owner": str(foreign.pk)})
    assert answer.context["form"].errors == {"owner": ["Choose a party of this project."]}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("assumption/new/?kind=constraint&typical=1", "freeze"),
        ("interested-party/new/?typical=1", 'value="Customers"'),
        ("benefit/new/?kind=6", "Customer satisfaction"),
        ("measure/new/?what=Fewer+calls", 'value="Fewer calls"'),
    ],
)
def test_forms_start_from_the_guide(cast: Cast, empty_case: BusinessCase, sign_in, path: str, shown: str) -> None:
    assert shown in text(sign_in(cast.mara).get(f"{LINES}{path}"))


def test_the_small_case_takes_costs_without_a_phase_and_nothing_else(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    html = text(client.get(f"{SMALL}cost/new/"))
    assert 'name="phase_number"' not in html
    sent = {name: value for name, value in TYPED.items() if name != "phase_number"}
    assert client.post(f"{SMALL}cost/new/", sent)["Location"].endswith("/gap-analysis/points/cost/")
    assert CostLine.objects.get(case=small).phase_number == 0
    for line in ("benefit", "assumption", "measure", "interested-party", "nonsense"):
        assert client.get(f"{SMALL}{line}/new/").status_code == 404


def test_while_a_version_is_submitted_lines_are_read_only(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    submit(cast, case)
    html = text(client.get(f"{LINES}cost/C-01/"))
    assert "<fieldset" in html
    assert "disabled" in html
    assert "Save and add another" not in html
    answer = client.post(f"{LINES}cost/C-01/", {**TYPED, "version": "1"})
    assert answer.status_code == 422
    assert "Version 1 lies with its approvers. Withdraw it first" in text(answer)
    assert "40,5" in text(answer)


def test_a_line_keeps_its_risk_and_a_party_that_left(cast: Cast, case: BusinessCase, sign_in) -> None:
    party = cast.project.parties.first()
    add(cast, case, "measure", {"what": "Calls", "owner": party})
    party.is_active = False
    party.save()
    client = sign_in(cast.mara)
    html = text(client.get(f"{LINES}measure/M-01/"))
    assert f'<option value="{party.pk}" selected>' in html
    assert f'<option value="{party.pk}"' not in text(client.get(f"{LINES}measure/new/"))


def test_line_pages_keep_to_fifteen_queries(cast: Cast, case: BusinessCase, sign_in) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(cast.mara)
    for path in ("cost/new/", "cost/C-02/", "benefit/new/", "benefit/B-01/", "assumption/new/"):
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"{LINES}{path}").status_code == 200
        assert len(made) <= 15, f"{path}: {len(made)}"


def test_the_horizon_may_not_leave_lines_outside(cast: Cast, case: BusinessCase) -> None:
    change_settings(
        acting_user=cast.mara, case=case, version=1, first_month=case.first_month, months=12, discount_rate=D("0.05")
    )
    case.refresh_from_db()
    assert case.months == 12
