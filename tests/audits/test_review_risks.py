"""Risks and opportunities of the SMS: kept, treated, accepted, looked at again, settled."""

from datetime import timedelta
from typing import Any

import pytest

from audits.models import SmsRisk
from audits.selectors.sms_risks import SmsRiskQuery, sms_risks_of
from audits.services.sms_risks import (
    SmsRiskFacts,
    accept_sms_risk,
    change_sms_risk,
    facts_from,
    keep_sms_risk,
    look_at_sms_risk,
    settle_sms_risk,
)
from audittrail.models import Event
from audittrail.sentences import sentence
from businesscase.models import Risk
from businesscase.services.risks import report_risk
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from tests.audits.reviewing import keep
from tests.cast import CANARY, Cast


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def facts_of(row: SmsRisk, **changed: Any) -> SmsRiskFacts:
    """What is said of a risk, with changes."""
    names = SmsRiskFacts.__dataclass_fields__
    return SmsRiskFacts(**{name: getattr(row, name) for name in names} | changed)


def test_top_management_accepts_what_is_left_and_a_new_assessment_ends_that(cast: Cast) -> None:
    row = keep(cast, residual_probability=2, residual_impact=2)
    assert row.ref == "SR-01"
    assert said(cast) == "Mara Moss put SR-01 The mail supplier gives up on the register of the SMS"
    act = {"project": cast.project, "ref": "SR-01"}
    with pytest.raises(NotPermitted):
        accept_sms_risk(acting_user=cast.mara, version=1, **act)
    row = accept_sms_risk(acting_user=cast.toma, version=1, **act)
    assert row.accepted_by == cast.toma
    assert said(cast) == "Toma Tate accepted what is left of SR-01 The mail supplier gives up: low"
    renamed = change_sms_risk(acting_user=cast.petra, version=2, facts=facts_of(row, service="Mail"), **act)
    assert renamed.accepted_by == cast.toma
    worse = change_sms_risk(acting_user=cast.petra, version=3, facts=facts_of(row, probability=4), **act)
    assert (worse.accepted_by, worse.was_probability, worse.was_impact) == (None, 3, 3)
    assert said(cast) == "Petra Pohl changed SR-01 The mail supplier gives up, whose acceptance ended"
    (line,) = sms_risks_of(cast.project).lines
    assert (line.level, line.trend, line.left, line.needs) == ("high", "rising", "low", ("acceptance",))


def test_what_is_left_and_high_is_accepted_with_words_alone(cast: Cast) -> None:
    keep(cast, probability=4, impact=4)
    act = {"acting_user": cast.toma, "project": cast.project, "ref": "SR-01", "version": 1}
    with pytest.raises(RuleBroken) as refused:
        accept_sms_risk(**act)
    assert refused.value.field == "words"
    assert accept_sms_risk(**act, words="Only until the move in June.").accepted_by == cast.toma
    keep(cast, treatment="", treatment_words="")
    with pytest.raises(RuleBroken):
        accept_sms_risk(**act | {"ref": "SR-02"})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"probability": 5}, "probability"),
        ({"residual_impact": 2}, "residual_probability"),
        ({"treatment": "pursue"}, "treatment"),
        ({"kind": "opportunity", "treatment": "avoid"}, "treatment"),
        ({"treatment_words": ""}, "treatment_words"),
        ({"clause": "99.9"}, "clause"),
    ],
)
def test_a_risk_says_which_field_is_wrong(cast: Cast, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        keep(cast, **facts)
    assert refused.value.field == field


def test_its_owner_changes_a_risk_and_others_of_the_team_do_not(cast: Cast) -> None:
    row = keep(cast, owner=cast.parties["tim"])
    act = {"project": cast.project, "ref": "SR-01"}
    assert change_sms_risk(acting_user=cast.tim, version=1, facts=facts_of(row, service="Mail"), **act).version == 2
    for who in ("cora", "audra"):
        with pytest.raises(NotPermitted):
            change_sms_risk(acting_user=cast.people[who], version=2, facts=facts_of(row), **act)
    with pytest.raises(StaleWrite):
        change_sms_risk(acting_user=cast.mara, version=1, facts=facts_of(row, title="Another"), **act)


def test_it_is_looked_at_again_and_settled_with_words(cast: Cast) -> None:
    today = clock.today(cast.project.time_zone)
    keep(cast, review_on=today - timedelta(days=1))
    assert sms_risks_of(cast.project, SmsRiskQuery(need="look")).found[0].days_late == 1
    act = {"acting_user": cast.petra, "project": cast.project, "ref": "SR-01"}
    with pytest.raises(RuleBroken):
        look_at_sms_risk(**act, version=1, review_on=today)
    look_at_sms_risk(**act, version=1, review_on=today + timedelta(days=90))
    with pytest.raises(RuleBroken):
        settle_sms_risk(**act, version=2, state="happened")
    settle_sms_risk(**act, version=2, state="happened", outcome="They gave up in May.")
    assert said(cast) == "Petra Pohl said that SR-01 The mail supplier gives up happened"
    with pytest.raises(RuleBroken):
        look_at_sms_risk(**act, version=3, review_on=today + timedelta(days=90))


def test_a_risk_of_the_project_goes_on_as_one_of_the_sms(cast: Cast) -> None:
    values = {
        "title": "Key person leaves",
        "category": "financial",
        "probability": 2,
        "impact": 4,
        "cause": "One knows.",
    }
    risk = report_risk(acting_user=cast.mara, project=cast.project, values=values)
    row = keep_sms_risk(acting_user=cast.mara, project=cast.project, facts=facts_from(risk), taken_from=risk)
    assert (row.title, row.probability, row.impact, row.cause) == ("Key person leaves", 2, 4, "One knows.")
    assert said(cast) == "Mara Moss took the risk R-01 over as SR-01 Key person leaves"
    foreign = report_risk(acting_user=cast.bruno, project=cast.other, values=values)
    with pytest.raises(Risk.DoesNotExist):
        keep_sms_risk(acting_user=cast.mara, project=cast.project, facts=facts_from(risk), taken_from=foreign)


def test_the_pages_of_risks(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    here = "/projects/alder/audits/risks/"
    assert b"No risk is kept yet" in client.get(here).content
    form = {"kind": "risk", "title": "Supplier gives up", "probability": "4", "impact": "4"}
    refused = client.post(f"{here}new/", form | {"probability": "9"})
    assert refused.status_code == 422
    assert b"Supplier gives up" in refused.content
    assert client.post(f"{here}new/", form).headers["Location"] == f"{here}SR-01/"
    shown = client.get(here).content.decode()
    assert "1 is not treated" in shown
    assert CANARY not in shown
    form |= {"treatment": "reduce", "treatment_words": "A second one.", "version": "1"}
    assert client.post(f"{here}SR-01/", form).status_code == 302
    assert client.post(f"{here}SR-01/", form | {"title": "Other"}).status_code == 409
    later = (clock.today("UTC") + timedelta(days=30)).isoformat()
    assert client.post(f"{here}SR-01/look/", {"review_on": later, "version": "2"}).status_code == 302
    top = sign_in(cast.toma)
    assert b"say why it can be borne" in top.get(f"{here}SR-01/").content
    assert top.post(f"{here}SR-01/accept/", {"version": "3"}).status_code == 422
    assert top.post(f"{here}SR-01/accept/", {"version": "3", "words": "Until June."}).status_code == 302
    rows = client.get(f"{here}export/?view=all&format=csv").content.decode().splitlines()
    assert rows[1].startswith("SR-01,risk,Supplier gives up")
    assert client.get(f"{here}?probability=7").status_code == 400
