"""Improvements, risks to the SMS and management reviews of Alder's project."""

from decimal import Decimal
from typing import Any

from audits.models import Improvement, SmsRisk
from audits.services.improvements import ImprovementFacts, move_improvement, propose_improvement
from audits.services.sms_risks import SmsRiskFacts, keep_sms_risk
from tests.cast import Cast

WAY = ("approved", "underway", "done")


def propose(cast: Cast, who: str = "petra", **facts: Any) -> Improvement:
    """An improvement that Petra owns."""
    said = {"title": "Fewer repeat incidents", "source": "measure", "owner": cast.parties["petra"], **facts}
    return propose_improvement(acting_user=cast.people[who], project=cast.project, facts=ImprovementFacts(**said))


def move(cast: Cast, row: Improvement, state: str, who: str = "mara", words: str = "") -> Improvement:
    """Somebody moves it on from where it stands."""
    version = Improvement.objects.get(pk=row.pk).version
    return move_improvement(
        acting_user=cast.people[who], project=cast.project, ref=row.ref, version=version, state=state, words=words
    )


def improving(cast: Cast, state: str = "proposed") -> Improvement:
    """An improvement with figures, as far as `state`."""
    row = propose(cast, measure="Repeats a month", unit="repeats", before=Decimal(12), target=Decimal(6))
    for each in WAY[: WAY.index(state) + 1] if state in WAY else ():
        row = move(cast, row, each)
    return row


def keep(cast: Cast, who: str = "mara", **facts: Any) -> SmsRisk:
    """A risk to the SMS that Petra owns."""
    said = {"title": "The mail supplier gives up", "probability": 3, "impact": 3, "owner": cast.parties["petra"]}
    treated = {"treatment": "reduce", "treatment_words": "A second supplier by June.", **said, **facts}
    return keep_sms_risk(acting_user=cast.people[who], project=cast.project, facts=SmsRiskFacts(**treated))
