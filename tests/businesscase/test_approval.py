"""From a draft to an approved version, and all that can go wrong on the way."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.exceptions import OwnWork
from businesscase.models import Approval, BusinessCase, CaseVersion, Condition
from businesscase.selectors import approved_version
from businesscase.selectors.content import content_of, content_sha256
from businesscase.services.approval import (
    ConditionWish,
    meet_condition,
    release_funds,
    replace_approver,
    withdraw_version,
)
from businesscase.verification import check_versions
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.models import PlanRules
from tests.businesscase.conftest import COST, DECIDE_BY, PEOPLE, add, say, submit
from tests.cast import Cast
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_version_is_frozen_with_its_figures_and_its_hash(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case)
    assert (version.number, version.state, version.figures["cost"]) == (1, "submitted", "42000.00")
    assert said(cast) == (
        "Mara Moss submitted Version 1 of the case for the implementation to Toma Tate, to decide by 20 Mar 2026"
    )
    assert list(check_versions(False)) == []
    version.content["title"] = "Another"
    CaseVersion.objects.filter(pk=version.pk).update(content=version.content)
    assert list(check_versions(False)) == ["version 1 of the implementation case of alder was changed"]


def test_a_check_finds_an_approval_that_nobody_gave_and_own_work_that_is_not_marked(
    cast: Cast, case: BusinessCase, approved: CaseVersion
) -> None:
    assert list(check_versions(False)) == []
    Approval.objects.update(verdict="waiting")
    assert list(check_versions(False)) == [
        "version 1 of the implementation case of alder counts as approved without the word of all who were asked"
    ]
    Approval.objects.update(verdict="approve", approver=cast.mara)
    assert list(check_versions(False)) == [
        "version 1 of the implementation case of alder was approved by who submitted it, and is not marked as own work"
    ]


def test_it_is_approved_when_all_have_approved(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case, "toma", "chen")
    assert say(cast, version, "toma").state == "submitted"
    assert say(cast, version, "chen").state == "approved"
    assert said(cast) == "Chen Chair approved Version 1 of the case for the implementation"
    assert approved_version(case) == version


@pytest.mark.parametrize(("verdict", "state"), [("reject", "rejected"), ("changes", "changes asked for")])
def test_one_no_ends_it_and_says_why(cast: Cast, case: BusinessCase, verdict: str, state: str) -> None:
    version = submit(cast, case, "toma", "chen")
    with pytest.raises(RuleBroken, match="Say why"):
        say(cast, version, "chen", verdict)
    assert say(cast, version, "chen", verdict, comment="Too dear.").state == state
    with pytest.raises(StaleWrite, match="no longer waits"):
        say(cast, version, "toma")


def test_conditions_stand_with_their_days_and_are_met_later(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case)
    with pytest.raises(RuleBroken, match="at least one condition"):
        say(cast, version, verdict="conditions")
    wish = ConditionWish("Desk hours measured", date(2026, 7, 1))
    assert say(cast, version, verdict="conditions", conditions=[wish]).state == "approved with conditions"
    condition = Condition.objects.get()
    with pytest.raises(RuleBroken, match="lies ahead"):
        meet_condition(acting_user=cast.mara, condition=condition, version=1, met_on=date(2026, 7, 1), note="Measured")
    meet_condition(acting_user=cast.mara, condition=condition, version=1, met_on=date(2026, 3, 1), note="Measured")
    assert "is met: Desk hours measured" in said(cast)
    with pytest.raises(StaleWrite):
        meet_condition(acting_user=cast.mara, condition=condition, version=1, met_on=date(2026, 3, 2), note="Again")


def test_nobody_approves_what_they_submitted(cast: Cast, case: BusinessCase) -> None:
    with pytest.raises(OwnWork):
        submit(cast, case, "olga", acting_user=cast.olga)


def test_in_a_very_small_entity_own_work_is_approved_and_logged_as_such(cast: Cast, case: BusinessCase) -> None:
    PlanRules.objects.filter(project=cast.project).update(very_small=True)
    version = say(cast, submit(cast, case, "olga", acting_user=cast.olga), "olga")
    assert version.state == "approved"
    assert Approval.objects.get().own_work is True
    assert "which is their own work (very small entity)" in said(cast)


@pytest.mark.parametrize("name", ["mara", "cora", "petra", "tim", "audra", "carl"])
def test_who_may_not_approve_cannot_be_named(cast: Cast, case: BusinessCase, name: str) -> None:
    with pytest.raises(RuleBroken, match="cannot approve"):
        submit(cast, case, name)


def test_who_was_not_named_does_not_decide(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case, "toma")
    with pytest.raises(RuleBroken, match="not asked"):
        say(cast, version, "chen")
    with pytest.raises(NotPermitted):
        say(cast, version, "mara")


def test_an_approver_who_left_cannot_decide_and_is_replaced(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case, "toma")
    cast.toma.is_active = False
    cast.toma.save()
    with pytest.raises(NotPermitted):
        say(cast, version, "toma")
    replace_approver(acting_user=cast.mara, version=version, gone=cast.toma, instead=cast.chen)
    assert said(cast) == (
        "Mara Moss asked Chen Chair to decide about Version 1 of the case for the implementation instead of Toma Tate"
    )
    assert say(cast, version, "chen").state == "approved"
    with pytest.raises(RuleBroken, match="cannot approve"):
        submit(cast, case, "toma")


def test_a_version_that_changed_meanwhile_is_not_approved(cast: Cast, case: BusinessCase) -> None:
    seen = submit(cast, case)
    withdraw_version(acting_user=cast.mara, version=seen)
    add(cast, case, "cost", PEOPLE)
    submit(cast, case)
    with pytest.raises(StaleWrite, match="no longer waits"):
        say(cast, seen)
    newer = CaseVersion.objects.get(number=2)
    with pytest.raises(StaleWrite, match="not the version that you saw"):
        say(cast, newer, seen_sha256=seen.sha256)
    assert not Approval.objects.exclude(verdict="waiting").exists()


def test_two_clicks_decide_once(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case, "toma", "chen")
    say(cast, version, "toma")
    with pytest.raises(StaleWrite, match="already"):
        say(cast, version, "toma", "reject", comment="No")


def test_a_draft_that_changed_while_it_was_submitted_is_not(cast: Cast, case: BusinessCase) -> None:
    seen = content_sha256(content_of(case))
    add(cast, case, "cost", PEOPLE)
    with pytest.raises(StaleWrite):
        submit(cast, case, seen_sha256=seen)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"approvers": []}, "at least one"),
        ({"decide_by": None}, "by when"),
        ({"decide_by": date(2026, 3, 1)}, "gone by"),
        ({"although_incomplete": False}, "not complete"),
    ],
)
def test_a_submission_that_lacks_something_is_refused(cast: Cast, case: BusinessCase, wrong: dict, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        submit(cast, case, **wrong)


def test_without_a_cost_there_is_nothing_to_approve(cast: Cast, empty_case: BusinessCase) -> None:
    with pytest.raises(RuleBroken, match="no cost yet"):
        submit(cast, empty_case)


def test_the_next_version_supersedes_the_one_before_only_once_approved(
    cast: Cast, case: BusinessCase, approved: CaseVersion
) -> None:
    with pytest.raises(RuleBroken, match="Nothing changed"):
        submit(cast, case)
    add(cast, case, "cost", COST, title="Training", category="training")
    second = submit(cast, case)
    assert approved_version(case) == approved
    say(cast, second)
    approved.refresh_from_db()
    assert (approved.state, approved_version(case)) == ("superseded", second)
    assert second.decide_by == DECIDE_BY


def test_money_is_released_up_to_what_was_approved(cast: Cast, case: BusinessCase, approved: CaseVersion) -> None:
    release_funds(acting_user=cast.toma, case=case, phase=1, amount=D(30000), note="First half")
    assert said(cast) == ("Toma Tate released 30000.00 for phase 1 of Version 1 of the case for the implementation")
    with pytest.raises(RuleBroken, match=r"12,000\.00 of it is left"):
        release_funds(acting_user=cast.toma, case=case, phase=1, amount=D(12001))
    with pytest.raises(RuleBroken):
        release_funds(acting_user=cast.toma, case=case, phase=2, amount=D(1))
    with pytest.raises(NotPermitted):
        release_funds(acting_user=cast.mara, case=case, phase=1, amount=D(1))
    release_funds(acting_user=cast.chen, case=case, phase=1, amount=D(12000))


def test_without_an_approved_version_no_money_is_released(cast: Cast, case: BusinessCase) -> None:
    submit(cast, case)
    with pytest.raises(RuleBroken, match="No version is approved"):
        release_funds(acting_user=cast.toma, case=case, phase=1, amount=D(1))
