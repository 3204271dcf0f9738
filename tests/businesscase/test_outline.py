"""The outline that pages take for the completeness of a case says what the whole draft says."""

import pytest

from businesscase.domain.completeness import states_of
from businesscase.models import BusinessCase
from businesscase.selectors.content import content_of
from businesscase.selectors.outline import outline_of
from businesscase.services.cases import recommend_conformity, start_case, write_section
from businesscase.services.risks import report_risk
from tests.businesscase.conftest import BENEFIT, COST, add
from tests.cast import Cast

LONG = "A text of more than forty characters, so that it counts as written."
RISK = {"title": "It slips", "category": "financial", "probability": 4, "impact": 4}


def same(case: BusinessCase) -> list:
    case = BusinessCase.objects.select_related("project__organization").get(pk=case.pk)
    states = states_of(outline_of(case))
    assert states == states_of(content_of(case))
    return states


def test_of_an_empty_case(empty_case: BusinessCase) -> None:
    assert not any(each.started for each in same(empty_case))


def test_of_a_case_with_a_little_of_everything(cast: Cast, case: BusinessCase) -> None:
    party = cast.project.parties.first()
    write_section(acting_user=cast.mara, case=case, point="a", version=0, text=LONG)
    write_section(acting_user=cast.mara, case=case, point="k", version=0, text="Short.")
    add(cast, case, "cost", COST)
    add(cast, case, "cost", {**COST, "source": "", "phase_number": 3})
    add(cast, case, "benefit", {**BENEFIT, "confirmed_by": party})
    add(
        cast,
        case,
        "benefit",
        {"kind": "6", "form": "words", "title": "Content users", "phase_number": 2, "indicator": "Survey"},
    )
    add(cast, case, "assumption", {"kind": "assumption", "text": "Rates hold."})
    add(cast, case, "assumption", {"kind": "constraint", "text": "No new posts."})
    add(cast, case, "interested party", {"name": "Users", "interest": "high", "influence": "low"})
    add(cast, case, "measure", {"what": "Calls", "owner": party})
    report_risk(acting_user=cast.mara, project=cast.project, values=RISK)
    recommend_conformity(acting_user=cast.mara, case=case, version=1, conformity="recommended")
    states = {each.point: each for each in same(case)}
    assert states["a"].complete
    assert states["e"].count == 4
    assert [each.code for each in states["e"].missing] == ["phases without cost", "unsourced"]
    assert [each.code for each in states["f"].missing] == ["risk categories", "unanswered"]


def test_of_the_small_case(cast: Cast) -> None:
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    add(cast, small, "cost", COST)
    report_risk(acting_user=cast.mara, project=cast.project, values=RISK)
    assert [each.complete for each in same(small)] == [False, True, False]


def test_it_takes_two_queries(case: BusinessCase, django_assert_num_queries) -> None:
    case = BusinessCase.objects.select_related("project__organization").get(pk=case.pk)
    with django_assert_num_queries(2):
        outline_of(case)


pytestmark = pytest.mark.db
