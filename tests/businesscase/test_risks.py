"""The risk register."""

from decimal import Decimal

import pytest

from businesscase.models import Risk
from businesscase.services.risks import change_risk, report_risk, settle_risk
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from tests.cast import Cast
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db
RISK = {"title": "Suppliers refuse the new terms", "category": "financial", "probability": 3, "impact": 3}


def report(cast: Cast, name: str = "mara", **more) -> Risk:
    return report_risk(acting_user=cast.people[name], project=cast.project, values={**RISK, **more})


def test_everybody_who_works_in_the_project_reports_a_risk(cast: Cast) -> None:
    risk = report(cast, "tim", cause="Old contracts", response="reduce", owner=cast.parties["petra"])
    assert (risk.ref, risk.cause, risk.response, risk.owner) == ("R-01", "Old contracts", "", None)
    assert said(cast) == "Tim Tully reported the risk R-01 Suppliers refuse the new terms"
    with pytest.raises(NotPermitted):
        report(cast, "audra")


def test_a_new_assessment_keeps_the_one_before(cast: Cast) -> None:
    report(cast)
    risk = change_risk(
        acting_user=cast.mara, project=cast.project, ref="R-01", version=1, values={**RISK, "probability": 4}
    )
    assert (risk.was_probability, risk.probability) == (3, 4)
    with pytest.raises(StaleWrite):
        change_risk(
            acting_user=cast.olga, project=cast.project, ref="R-01", version=1, values={**RISK, "probability": 1}
        )


def test_its_owner_works_on_it_and_others_do_not(cast: Cast) -> None:
    report(cast, owner=cast.parties["petra"], response="reduce")
    values = {**RISK, "owner": cast.parties["petra"], "response": "reduce", "response_text": "Talk in May"}
    change_risk(acting_user=cast.petra, project=cast.project, ref="R-01", version=1, values=values)
    with pytest.raises(NotPermitted):
        change_risk(acting_user=cast.tim, project=cast.project, ref="R-01", version=2, values=values)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"probability": 0}, "probability"),
        ({"impact": 5}, "impact"),
        ({"category": "weather"}, "category"),
        ({"title": ""}, "title"),
        ({"response": "pray"}, "response"),
        ({"response_cost": Decimal(-1)}, "response_cost"),
        ({"residual_probability": 1}, "residual_impact"),
    ],
)
def test_a_risk_that_cannot_be_is_refused(cast: Cast, wrong: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        report(cast, **wrong)
    assert refused.value.field == field


def test_a_risk_is_settled_with_what_came_of_it(cast: Cast) -> None:
    report(cast)
    with pytest.raises(RuleBroken, match="what came of it"):
        settle_risk(acting_user=cast.mara, project=cast.project, ref="R-01", version=1, state="closed")
    settle_risk(
        acting_user=cast.mara, project=cast.project, ref="R-01", version=1, state="happened", outcome="Two left"
    )
    assert said(cast) == "Mara Moss said that the risk R-01 Suppliers refuse the new terms happened: Two left"
