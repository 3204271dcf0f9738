"""The register: what comes first, what the list narrows to, the matrix, the file, the panels."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from businesscase.domain.risks import Level
from businesscase.forms.risk_query import WHYS
from businesscase.models import BusinessCase, Risk
from businesscase.panels_risks import looks, top_risks
from businesscase.risk_words import WHY_FILTERS
from businesscase.selectors.risks import RiskQuery, Why, register_of
from businesscase.services.risks import change_risk, report_risk, settle_risk
from businesscase.services.rows import add_row
from common import clock
from projects.permissions import access_to
from projects.services.team import change_party
from tests.businesscase.conftest import COST
from tests.cast import CANARY, NOW, Cast

pytestmark = pytest.mark.django_db
URL = "/projects/alder/risks/"
TODAY = date(2026, 3, 2)
BASE = {"category": "technical", "probability": 2, "impact": 2}
HIGH = {"probability": 4, "impact": 4}


def put(cast: Cast, title: str, who: str = "mara", **more) -> Risk:
    """A risk that nothing is wrong with, but for what `more` says."""
    values = {**BASE, "title": title, "owner": cast.parties["petra"], **more}
    return report_risk(acting_user=cast.people[who], project=cast.project, values=values)


def titles(cast: Cast, **asked) -> list[str]:
    return [line.risk.title for line in register_of(cast.project).asked(RiskQuery(**asked), cast.petra)]


@pytest.fixture
def five(cast: Cast) -> Cast:
    """Five risks: quiet, overdue, rising, unowned and high, unanswered and high. And a rumour that is new."""
    put(cast, "Quiet", review_on=TODAY + timedelta(days=5))
    put(cast, "Overdue", review_on=TODAY - timedelta(days=3), probability=3, impact=3)
    rising = put(cast, "Rising")
    values = {**BASE, "title": "Rising", "owner": cast.parties["petra"], "probability": 3}
    change_risk(acting_user=cast.mara, project=cast.project, ref=rising.ref, version=1, values=values)
    put(cast, "Unowned", **HIGH, response="reduce", owner=None)
    put(cast, "Unanswered", **HIGH)
    put(cast, "Rumour", "tim")
    return cast


# --- what comes first ------------------------------------------------------------------------------------------------


def test_high_without_an_answer_comes_first_then_overdue_then_rising_then_new(five: Cast) -> None:
    found = register_of(five.project).attention
    assert [(line.risk.title, line.whys) for line in found] == [
        ("Unanswered", (Why.UNANSWERED,)),
        ("Unowned", (Why.UNOWNED,)),
        ("Overdue", (Why.OVERDUE,)),
        ("Rising", (Why.RISING,)),
        ("Rumour", (Why.NEW,)),
    ]
    assert found[2].days_late == 3


def test_what_was_settled_needs_nobody(five: Cast) -> None:
    for ref, state in (("R-02", "closed"), ("R-05", "happened")):
        settle_risk(acting_user=five.mara, project=five.project, ref=ref, version=1, state=state, outcome="Over")
    register = register_of(five.project)
    assert [line.risk.title for line in register.attention] == ["Unowned", "Rising", "Rumour"]
    assert register.counted(Why.OVERDUE) == 0
    assert titles(five, state="happened") == ["Unanswered"]


def test_a_risk_whose_owner_left_needs_another(cast: Cast) -> None:
    put(cast, "Orphan")
    petra = cast.parties["petra"]
    said = {"name": petra.name, "function": "", "email": petra.email, "is_active": False, "members": []}
    change_party(acting_user=cast.mara, project=cast.project, party=petra, version=petra.version, **said)
    assert [line.whys for line in register_of(cast.project).attention] == [(Why.LEFT,)]


def test_rising_and_new_pass_with_time(five: Cast) -> None:
    with clock.moved_to(NOW + timedelta(days=61)):
        found = register_of(five.project).attention
    assert [line.risk.title for line in found] == ["Unanswered", "Unowned", "Overdue", "Quiet"]


def test_days_are_those_of_the_project(cast: Cast) -> None:
    cast.project.time_zone = "Pacific/Auckland"
    cast.project.save(update_fields=["time_zone"])
    put(cast, "Quiet", review_on=TODAY)
    with clock.moved_to(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)):
        assert register_of(cast.project).lines[0].days_left == 0
    with clock.moved_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)):
        assert register_of(cast.project).lines[0].days_late == 1


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_most_serious_comes_first_and_of_equals_that_which_rises(five: Cast) -> None:
    assert titles(five) == ["Unowned", "Unanswered", "Overdue", "Rising", "Quiet", "Rumour"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "over"}, ["Overdue"]),
        ({"text": "R-05"}, ["Unanswered"]),
        ({"level": "high"}, ["Unowned", "Unanswered"]),
        ({"owner": "nobody"}, ["Unowned", "Rumour"]),
        ({"owner": "mine", "sort": "title"}, ["Overdue", "Quiet", "Rising", "Unanswered"]),
        ({"why": "overdue"}, ["Overdue"]),
        ({"why": "attention"}, ["Unowned", "Unanswered", "Overdue", "Rising", "Rumour"]),
        ({"why": "undated"}, ["Unowned", "Unanswered", "Rising", "Rumour"]),
        ({"probability": 3, "impact": 3}, ["Overdue"]),
        ({"category": "financial"}, []),
        ({"sort": "-title"}, ["Unowned", "Unanswered", "Rumour", "Rising", "Quiet", "Overdue"]),
        ({"sort": "look"}, ["Overdue", "Quiet", "Unowned", "Unanswered", "Rising", "Rumour"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(five: Cast, asked: dict, found: list[str]) -> None:
    assert titles(five, **asked) == found


def test_settled_risks_stand_after_the_open_ones(five: Cast) -> None:
    settle_risk(acting_user=five.mara, project=five.project, ref="R-05", version=1, state="closed", outcome="Over")
    assert titles(five, state="") == ["Unowned", "Overdue", "Rising", "Quiet", "Rumour", "Unanswered"]


def test_the_matrix_after_the_answers_moves_what_was_assessed_so(cast: Cast) -> None:
    put(cast, "Better", **HIGH, response="reduce", residual_probability=1, residual_impact=2)
    put(cast, "Same", **HIGH, response="accept")
    register = register_of(cast.project)
    now = {(c.probability, c.impact): c.refs for row in register.matrix() for c in row if c.refs}
    then = {(c.probability, c.impact): c.refs for row in register.matrix(after=True) for c in row if c.refs}
    assert now == {(4, 4): ("R-01", "R-02")}
    assert then == {(1, 2): ("R-01",), (4, 4): ("R-02",)}
    assert titles(cast, level=Level.LOW, after=True) == ["Better"]


def test_an_answer_that_costs_and_is_in_no_line_of_the_case_can_be_found(cast: Cast, empty_case: BusinessCase) -> None:
    from decimal import Decimal

    priced = put(cast, "Priced", response="reduce", response_cost=Decimal(900))
    put(cast, "Planned", response="reduce", response_cost=Decimal(900))
    add_row(acting_user=cast.mara, case=empty_case, kind="cost", values={**COST, "risk": priced})
    assert titles(cast, why="not in the costs") == ["Planned"]


def test_every_way_to_narrow_by_need_has_words() -> None:
    assert set(WHY_FILTERS) == {str(why) for why in WHYS}


# --- the pages -------------------------------------------------------------------------------------------------------


def test_the_page_says_first_what_needs_somebody(five: Cast, sign_in) -> None:
    page = sign_in(five.cora).get(URL).content.decode()
    sentence = "1 high risk has no response, 1 high risk has no owner, 1 is overdue for a look, 1 is rising, 1 is new"
    assert sentence in page
    assert page.index("Needs you") < page.index('id="first"') < page.index('id="matrix"') < page.index('id="register"')


def test_a_register_in_hand_says_so(cast: Cast, sign_in) -> None:
    put(cast, "Quiet")
    page = sign_in(cast.mara).get(URL).content.decode()
    assert "Every high risk has a response and an owner, and no look is overdue." in page
    assert "What needs somebody" in page


def test_an_empty_register_leads_to_typical_risks(cast: Cast, sign_in) -> None:
    page = sign_in(cast.tim).get(URL).content.decode()
    assert "No risk is in the register yet" in page
    assert 'href="/projects/alder/risks/typical/"' in page
    assert "risks/typical/" not in sign_in(cast.audra).get(URL).content.decode()


def test_a_cell_of_the_matrix_leads_to_its_risks(five: Cast, sign_in) -> None:
    client = sign_in(five.mara)
    assert 'href="/projects/alder/risks/?probability=4&amp;impact=4#register"' in client.get(URL).content.decode()
    narrowed = client.get(URL, {"probability": 4, "impact": 4})
    assert [line.risk.title for line in narrowed.context["page"]] == ["Unowned", "Unanswered"]


@pytest.mark.parametrize(
    "query",
    [
        "?sort=weight",
        "?probability=5",
        "?owner=999999",
        "?state=gone",
        "?why=boredom",
        "?x=1",
        "?level=high&level=low",
        "?view=later",
    ],
)
def test_an_address_that_no_page_has_is_refused(five: Cast, sign_in, query: str) -> None:
    assert sign_in(five.mara).get(URL + query).status_code == 400


def test_another_client_sees_nothing_of_it(five: Cast, sign_in) -> None:
    assert sign_in(five.bruno).get(URL).status_code == 404
    theirs = {**BASE, "title": f"Risk {CANARY}"}
    report_risk(acting_user=five.bruno, project=five.other, values=theirs)
    assert CANARY not in sign_in(five.mara).get(URL + "?state=all").content.decode()


def test_it_asks_the_database_as_often_for_three_hundred_risks(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    def asked(client: Client) -> int:
        with django_assert_max_num_queries(15) as found:
            assert client.get(URL + "?state=all").status_code == 200
        return len(found)

    client = sign_in(cast.mara)
    put(cast, "First")
    few = asked(client)
    Risk.objects.bulk_create(
        [
            Risk(project=cast.project, ref=f"R-{n:03d}", title=f"Risk {n}", owner=cast.parties["petra"], **BASE)
            for n in range(300)
        ]
    )
    assert asked(client) == few


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_file_holds_what_the_page_shows(five: Cast, sign_in) -> None:
    put(five, "=2+2", level="", review_on=None)
    client = sign_in(five.audra)
    text = client.get(URL + "export/?level=high&format=csv").content.decode()
    lines = text.splitlines()
    assert lines[0].startswith("ref,title,state,level,trend,kind,cause")
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["R-04", "Unowned", "open", "high"],
        ["R-05", "Unanswered", "open", "high"],
    ]
    book = load_workbook(BytesIO(client.get(URL + "export/?sort=ref&format=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["R-01", "R-02", "R-03", "R-04", "R-05", "R-06", "R-07"]
    assert rows[7][1] == "'=2+2"
    by_name = dict(zip(rows[0], rows[2], strict=True))
    assert (by_name["next_look"], by_name["days_overdue"], by_name["needs"]) == ("2026-02-27", 3, "overdue")
    assert client.get(URL + "export/?format=pdf").status_code == 400


# --- panels ----------------------------------------------------------------------------------------------------------


def test_the_overview_shows_first_what_needs_somebody(five: Cast) -> None:
    values = top_risks(five.project, access_to(five.project, five.cora))
    assert values is not None
    assert [line.risk.title for line in values["lines"]] == ["Unanswered", "Unowned", "Overdue", "Rising"]
    assert values["needing"] == 5


def test_without_a_risk_the_overview_has_no_panel(cast: Cast) -> None:
    assert top_risks(cast.project, access_to(cast.project, cast.mara)) is None


def test_the_overview_page_holds_the_panel(five: Cast, sign_in) -> None:
    page = sign_in(five.cora).get("/projects/alder/").content.decode()
    assert "5 need somebody" in page


def test_owners_find_their_looks_in_my_work(five: Cast, sign_in) -> None:
    page = sign_in(five.petra).get("/work/").content.decode()
    assert "Risks to look at" in page
    assert "R-02 Overdue" in page
    assert "R-01 Quiet" in page
    assert "Risks to look at" not in sign_in(five.mara).get("/work/").content.decode()


def test_a_look_that_is_far_off_waits_for_nobody(cast: Cast) -> None:
    put(cast, "Far", review_on=TODAY + timedelta(days=8))
    seen = type("Seen", (), {"project": cast.project, "access": access_to(cast.project, cast.petra)})()
    assert looks(cast.petra, {cast.project.pk: seen}) is None
    put(cast, "Near", review_on=TODAY + timedelta(days=7))
    found = looks(cast.petra, {cast.project.pk: seen})
    assert found is not None
    assert [line.line.risk.title for line in found["lines"]] == ["Near"]
    assert found["waits"] == 0
