"""Improvements, risks to the SMS and management reviews of Alder's project."""

from datetime import date
from decimal import Decimal
from typing import Any

from audits.models import Improvement, Review, ReviewInput, SmsRisk
from audits.services.improvements import ImprovementFacts, move_improvement, propose_improvement
from audits.services.reviews import ReviewFacts, conclude_review, note_presence, plan_review, treat_input
from audits.services.sms_risks import SmsRiskFacts, keep_sms_risk
from common import clock
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


def planned(cast: Cast, who: str = "mara", **facts: Any) -> Review:
    """A review of today, to which Toma and Petra are asked."""
    today = clock.today("UTC")
    people = [cast.parties["toma"], cast.parties["petra"]]
    said = {"held_on": today, "covers_from": date(2026, 1, 12), "covers_until": today, "chair": people[0]}
    values: dict[str, Any] = {**said, "people": people, **facts}
    return plan_review(acting_user=cast.people[who], project=cast.project, facts=ReviewFacts(**values))


def held(cast: Cast, who: str = "mara") -> Review:
    """A review that was held today, with Toma alone."""
    review = Review.objects.filter(project=cast.project).first() or planned(cast, who)
    return note_presence(
        acting_user=cast.people[who],
        project=cast.project,
        ref=review.ref,
        version=review.version,
        there=[cast.parties["toma"].pk],
    )


def written(cast: Cast, who: str = "mara") -> Review:
    """A review with every input treated and its conclusion, which waits for approval."""
    review = Review.objects.filter(project=cast.project, state="held").first() or held(cast, who)
    act = {"acting_user": cast.people[who], "project": cast.project, "ref": review.ref}
    for row in ReviewInput.objects.filter(review=review, is_treated=False):
        treat_input(**act, key=row.key, version=row.version, words="As it should be.", is_treated=True)
    return conclude_review(**act, version=review.version, conclusion="It suits, suffices and works.")
