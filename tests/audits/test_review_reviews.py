"""Management reviews: planned with what the system knows, held, written down, approved, frozen; and gate 3."""

from datetime import date, timedelta
from typing import Any

import pytest

from audits.choices import FindingState, Grade
from audits.models import AuditFinding, Review, ReviewInput, ReviewOutput
from audits.review_guide import inputs_of
from audits.selectors.review_sheets import Period
from audits.selectors.review_sources_records import nonconformities
from audits.services.review_outputs import OutputFacts, add_output, remove_output
from audits.services.reviews import (
    ReviewFacts,
    approve_review,
    cancel_review,
    change_review,
    conclude_review,
    gather_facts,
    note_presence,
    plan_review,
    treat_input,
)
from audits.verification_review import check_reviews
from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.canonical import sha256_of
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.models import Action
from governance.registries import gate_criteria
from phases.models import PlanRules
from tests.audits.asking_cast import found
from tests.audits.reviewing import held, improving, keep, planned, written
from tests.cast import CANARY, Cast


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def reading(cast: Cast) -> Any:
    """What gate 3 says of the review today."""
    compute = gate_criteria["management-review"].compute
    assert compute is not None
    return compute(cast.project, 3, None, clock.today("UTC"))


def test_a_finding_is_late_in_a_review_only_where_the_register_says_so(cast: Cast) -> None:
    day = clock.today(cast.project.time_zone) - timedelta(days=3)
    finding = found(cast, Grade.MINOR)
    said_of = {}
    for state in (FindingState.ACTING, FindingState.VERIFYING):
        AuditFinding.objects.filter(pk=finding.pk).update(state=state, due=day)
        today = clock.today(cast.project.time_zone)
        sheet = nonconformities(Period(cast.project, "2018", day, today, today))
        said_of[state] = (sheet["tone"], "late since" in sheet["lines"][0]["text"])
    assert said_of == {FindingState.ACTING: ("bad", True), FindingState.VERIFYING: ("warn", False)}


def test_planning_writes_down_what_is_known_for_each_input_of_the_edition(cast: Cast) -> None:
    keep(cast)
    improving(cast, "done")
    review = planned(cast)
    rows = {row.key: row.facts for row in ReviewInput.objects.filter(review=review)}
    assert list(rows) == [each.key for each in inputs_of("2018")]
    assert rows["risks"]["said"] == "1 open risks to the SMS, 0 high, 0 rising, 1 not accepted"
    assert rows["improvements"]["said"] == "0 proposed, 0 under way, 1 to be measured, 0 measured in this time"
    assert rows["earlier-actions"]["said"] == "No review was held and approved before."
    assert all(facts["as_of"] == clock.today("UTC").isoformat() for facts in rows.values())
    assert CANARY not in str(rows)
    assert said(cast) == f"Mara Moss planned management review MR-01 for {review.held_on:%-d %b %Y}"


def test_the_2011_edition_asks_for_its_own_inputs(cast: Cast) -> None:
    review = planned(cast, edition="2011")
    keys = set(ReviewInput.objects.filter(review=review).values_list("key", flat=True))
    assert keys == {each.key for each in inputs_of("2011")}
    assert "other-parties" not in keys


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"covers_until": date(2025, 1, 1)}, "covers_until"),
        ({"covers_until": date(2099, 1, 1)}, "covers_until"),
        ({"held_on": date(2200, 1, 1)}, "held_on"),
        ({"edition": "2005"}, "edition"),
    ],
)
def test_a_review_says_which_field_is_wrong(cast: Cast, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        planned(cast, **facts)
    assert refused.value.field == field


def test_only_a_review_that_was_held_treats_inputs_and_needs_words(cast: Cast) -> None:
    planned(cast)
    act = {"acting_user": cast.mara, "project": cast.project, "ref": "MR-01", "key": "risks"}
    noted = treat_input(**act, version=1, words="Ask about the supplier.", is_treated=False)
    with pytest.raises(RuleBroken):
        treat_input(**act, version=noted.version, words="Fine.", is_treated=True)
    with pytest.raises(RuleBroken):
        note_presence(acting_user=cast.mara, project=cast.project, ref="MR-01", version=1, there=[])
    held(cast)
    with pytest.raises(RuleBroken):
        treat_input(**act, version=noted.version, words=" ", is_treated=True)
    with pytest.raises(StaleWrite):
        treat_input(**act, version=1, words="Fine.", is_treated=True)
    assert treat_input(**act, version=noted.version, words="Fine.", is_treated=True).is_treated
    with pytest.raises(NotPermitted):
        treat_input(**act | {"acting_user": cast.petra}, version=3, words="x", is_treated=True)


def test_outcomes_become_actions_and_improvements_with_their_owners(cast: Cast) -> None:
    held(cast)
    act = {"acting_user": cast.mara, "project": cast.project, "ref": "MR-01"}
    petra, due = cast.parties["petra"], clock.today("UTC") + timedelta(days=30)
    with pytest.raises(RuleBroken) as ownerless:
        add_output(**act, facts=OutputFacts("action", "Ask a second supplier"))
    assert ownerless.value.field == "owner"
    made = add_output(**act, facts=OutputFacts("action", "Ask a second supplier", "risks", petra, due))
    assert (made.action.source, made.action.owner, made.action.ref) == ("review", petra, "A-01")
    again = add_output(**act, facts=OutputFacts("action", "Ask a second supplier", "risks", petra, due))
    assert (again.pk, Action.objects.count()) == (made.pk, 1)
    better = add_output(**act, facts=OutputFacts("improvement", "Fewer repeats"))
    assert (better.improvement.source, better.improvement.review.ref) == ("review", "MR-01")
    decided = add_output(**act, facts=OutputFacts("decision", "The scope stays."))
    with pytest.raises(RuleBroken):
        remove_output(**act, pk=made.pk)
    remove_output(**act, pk=decided.pk)
    assert ReviewOutput.objects.count() == 2
    assert said(cast) == "Mara Moss took an outcome of management review MR-01 back"


def test_top_management_approves_what_is_complete_and_others_wrote(cast: Cast) -> None:
    assert reading(cast).met is False
    held(cast)
    approve = {"project": cast.project, "ref": "MR-01"}
    with pytest.raises(RuleBroken, match="14 are left"):
        approve_review(acting_user=cast.toma, version=2, **approve)
    assert reading(cast).value == "0 of 14"
    review = written(cast)
    assert reading(cast).detail == "MR-01 waits for approval"
    for who in ("mara", "petra", "audra"):
        with pytest.raises(NotPermitted):
            approve_review(acting_user=cast.people[who], version=review.version, **approve)
    with pytest.raises(StaleWrite):
        approve_review(acting_user=cast.toma, version=1, **approve)
    review = approve_review(acting_user=cast.toma, version=review.version, **approve)
    assert said(cast) == "Toma Tate approved the minutes of management review MR-01"
    assert review.evidence is not None
    assert review.evidence.classification == "confidential"
    assert review.evidence.revision is not None
    assert review.sha256 == review.evidence.revision.sha256
    assert reading(cast).met is True
    assert list(check_reviews(False)) == []
    for act in (
        lambda: gather_facts(acting_user=cast.mara, version=review.version, **approve),
        lambda: conclude_review(acting_user=cast.mara, version=review.version, conclusion="No.", **approve),
        lambda: cancel_review(acting_user=cast.mara, version=review.version, why="No.", **approve),
        lambda: add_output(acting_user=cast.mara, facts=OutputFacts("decision", "Late"), **approve),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_a_review_that_was_changed_past_the_services_is_found(cast: Cast) -> None:
    review = written(cast)
    approve_review(acting_user=cast.toma, project=cast.project, ref="MR-01", version=review.version)
    Review.objects.update(conclusion="All is well.")
    assert list(check_reviews(False)) == ["management review MR-01 of alder says something else than its record"]
    Review.objects.update(record="{}")
    assert list(check_reviews(False)) == ["management review MR-01 of alder was changed"]


def test_who_wrote_the_minutes_approves_them_in_a_very_small_entity_alone_and_that_is_said(cast: Cast) -> None:
    review = written(cast, who="olga")
    act = {"acting_user": cast.olga, "project": cast.project, "ref": "MR-01", "version": review.version}
    with pytest.raises(NotPermitted, match="You wrote these minutes"):
        approve_review(**act)
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    approved = approve_review(**act)
    assert '"own_work":true' in approved.record
    assert said(cast).endswith("which is their own work (very small entity)")
    assert sha256_of({"a": 1}) != approved.sha256


def test_a_review_of_more_than_a_year_ago_does_not_open_the_gate(cast: Cast) -> None:
    review = written(cast)
    approve_review(acting_user=cast.toma, project=cast.project, ref="MR-01", version=review.version)
    Review.objects.update(
        held_on=clock.today("UTC") - timedelta(days=366), covers_from=date(2020, 1, 1), covers_until=date(2020, 1, 2)
    )
    assert reading(cast).met is False


def test_it_is_moved_and_cancelled_with_words_and_who_is_asked_is_told(cast: Cast) -> None:
    review = planned(cast, held_on=clock.today("UTC") + timedelta(days=20))
    later = clock.today("UTC") + timedelta(days=27)
    facts = ReviewFacts(later, review.covers_from, review.covers_until, chair=cast.parties["toma"])
    moved = change_review(acting_user=cast.mara, project=cast.project, ref="MR-01", version=1, facts=facts)
    assert [each.party for each in moved.attendance.all()] == [cast.parties["toma"]]
    with pytest.raises(RuleBroken, match="lies ahead"):
        note_presence(
            acting_user=cast.mara, project=cast.project, ref="MR-01", version=2, there=[cast.parties["toma"].pk]
        )
    act = {"acting_user": cast.mara, "project": cast.project, "ref": "MR-01", "version": 2}
    with pytest.raises(RuleBroken):
        cancel_review(**act, why=" ")
    assert cancel_review(**act, why="Moved to May.").state == "cancelled"
    assert plan_review(acting_user=cast.mara, project=cast.project, facts=facts).ref == "MR-02"


def test_the_pages_of_a_review(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    here = "/projects/alder/audits/reviews/"
    assert b"No review is planned" in client.get(here).content
    today = clock.today("UTC").isoformat()
    toma = cast.parties["toma"].pk
    form = {"held_on": today, "covers_from": "2026-01-12", "covers_until": today, "edition": "2018", "chair": toma}
    assert client.post(f"{here}new/", form | {"covers_from": ""}).status_code == 422
    assert client.post(f"{here}new/", form | {"people": [toma]}).headers["Location"] == f"{here}MR-01/"
    early = client.post(f"{here}MR-01/inputs/risks/", {"version": "1", "words": "Kept words", "treated": "on"})
    assert early.status_code == 422
    assert b"Kept words" in early.content
    assert client.post(f"{here}MR-01/presence/", {"version": "1", "there": [toma]}).status_code == 302
    treated = {"version": "1", "words": "The supplier worries us.", "treated": "on"}
    assert client.post(f"{here}MR-01/inputs/risks/", treated).headers["Location"].endswith("#input-risks")
    assert client.post(f"{here}MR-01/inputs/risks/", treated).status_code == 409
    assert client.post(f"{here}MR-01/inputs/nonsense/", treated).status_code == 404
    assert client.post(f"{here}MR-01/outcomes/", {"kind": "action", "text": "Ask them"}).status_code == 422
    decided = {"kind": "decision", "text": "A second supplier", "input_key": "risks"}
    assert client.post(f"{here}MR-01/outcomes/", decided).status_code == 302
    shown = client.get(f"{here}MR-01/").content.decode()
    assert "1 of 14 inputs are treated" in shown
    assert "A second supplier" in shown
    assert CANARY not in shown
    rows = client.get(f"{here}export/?format=csv").content.decode().splitlines()
    assert rows[1].startswith("MR-01,2018,")
    assert client.post(f"{here}MR-01/paper/", {}).status_code == 302


def test_money_in_the_facts_is_for_who_may_see_the_case(cast: Cast, sign_in) -> None:
    review = planned(cast)
    row = ReviewInput.objects.get(review=review, key="resources")
    row.facts["lines"].append({"text": "60,000 spent", "tone": "", "to": [], "needs": "case.view"})
    row.save()
    path = "/projects/alder/audits/reviews/MR-01/"
    assert b"60,000 spent" in sign_in(cast.mara).get(path).content
    assert b"60,000 spent" not in sign_in(cast.tim).get(path).content
