"""The register of improvements: proposed, decided on, carried out, measured."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from audits.choices import ImprovementState
from audits.domain.improving import MOVES, effect_of
from audits.models import Improvement
from audits.services.improvements import (
    ImprovementFacts,
    change_improvement,
    measure_improvement,
    propose_improvement,
)
from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.services.lessons import LessonFacts, capture_lesson
from tests.audits.reviewing import improving, move, propose
from tests.cast import CANARY, Cast

FIGURES = st.decimals(min_value=-9999, max_value=9999, places=2)


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def test_an_improvement_goes_from_a_proposal_to_its_measured_effect(cast: Cast) -> None:
    row = propose(cast, measure="Repeats a month", unit="repeats", before=Decimal(12), target=Decimal(6))
    assert (row.ref, row.state, row.version) == ("I-01", "proposed", 1)
    assert said(cast) == "Petra Pohl proposed the improvement I-01 Fewer repeat incidents"
    with pytest.raises(NotPermitted):
        move(cast, row, "approved", "petra")
    with pytest.raises(RuleBroken):
        move(cast, row, "done", "mara")
    move(cast, row, "approved", "toma")
    with pytest.raises(NotPermitted):
        move(cast, row, "underway", "tim")
    move(cast, row, "underway", "petra")
    move(cast, row, "done", "petra")
    act = {"acting_user": cast.petra, "project": cast.project, "ref": "I-01", "version": 4}
    with pytest.raises(RuleBroken) as no_figure:
        measure_improvement(**act, effect="Half as many.")
    assert no_figure.value.field == "after"
    with pytest.raises(StaleWrite):
        measure_improvement(**act | {"version": 3}, effect="Half as many.", after=Decimal(5))
    row = measure_improvement(**act, effect="Half as many.", after=Decimal(5))
    assert (row.state, row.after, row.measured_on) == ("measured", Decimal(5), clock.today(cast.project.time_zone))
    assert said(cast) == "Petra Pohl measured what I-01 Fewer repeat incidents brought: its target is reached"


def test_what_is_let_go_or_taken_up_again_needs_words(cast: Cast) -> None:
    row = propose(cast)
    with pytest.raises(RuleBroken) as refused:
        move(cast, row, "rejected")
    assert refused.value.field == "words"
    row = move(cast, row, "rejected", words="The tool goes in spring.")
    assert (row.state, row.state_reason) == ("rejected", "The tool goes in spring.")
    with pytest.raises(RuleBroken):
        change_improvement(
            acting_user=cast.mara, project=cast.project, ref="I-01", version=2, facts=ImprovementFacts("X y", "staff")
        )
    assert move(cast, row, "proposed", words="It stays.").state == "proposed"


def test_nothing_goes_on_without_an_owner(cast: Cast) -> None:
    row = propose(cast, owner=None)
    with pytest.raises(RuleBroken) as refused:
        move(cast, row, "approved")
    assert refused.value.field == "owner"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"source": "moon"}, "source"),
        ({"priority": 9}, "priority"),
        ({"component": "NOPE"}, "component"),
        ({"due": date(2020, 1, 1)}, "due"),
        ({"target": Decimal("NaN")}, "target"),
    ],
)
def test_an_improvement_says_which_field_is_wrong(cast: Cast, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        propose(cast, **facts)
    assert refused.value.field == field


def test_auditors_propose_nothing_and_who_proposed_may_put_it_right_until_it_is_decided(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        propose(cast, "audra")
    row = propose(cast, "tim")
    facts = ImprovementFacts("Fewer repeats", "staff", owner=cast.parties["petra"])
    act = {"project": cast.project, "ref": row.ref, "facts": facts}
    assert change_improvement(acting_user=cast.tim, version=1, **act).title == "Fewer repeats"
    move(cast, row, "approved")
    with pytest.raises(NotPermitted):
        change_improvement(acting_user=cast.tim, version=3, **act)


def test_a_lesson_becomes_one_improvement(cast: Cast) -> None:
    lesson = capture_lesson(acting_user=cast.tim, project=cast.project, facts=LessonFacts("The forms came late."))
    facts = ImprovementFacts("Forms first", "lesson")
    first = propose_improvement(acting_user=cast.mara, project=cast.project, facts=facts, lesson=lesson)
    again = propose_improvement(acting_user=cast.mara, project=cast.project, facts=facts, lesson=lesson)
    assert (first.pk, first.lesson) == (again.pk, lesson)
    assert Improvement.objects.count() == 1


@given(before=FIGURES, target=FIGURES, after=FIGURES)
def test_a_target_is_reached_where_its_side_is_reached(before: Decimal, target: Decimal, after: Decimal) -> None:
    effect = effect_of(before, target, after)
    assert effect.moved == after - before
    wanted = after >= target if target > before else after <= target if target < before else after == target
    assert effect.reached is wanted
    assert effect_of(before, target, target).reached is True


def test_every_state_leads_somewhere_and_none_to_itself() -> None:
    assert set(MOVES) == set(ImprovementState.values)
    assert all(moves and state not in moves for state, moves in MOVES.items())


def test_the_pages_lead_from_a_proposal_to_its_effect(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.mara)
    here = "/projects/alder/audits/improvements/"
    assert b"Nothing is proposed yet" in client.get(here).content
    form = {"title": "Fewer repeats", "source": "measure", "priority": "1", "owner": cast.parties["petra"].pk}
    refused = client.post(f"{here}new/", form | {"title": "", "before": "twelve"})
    assert refused.status_code == 422
    assert b"twelve" in refused.content
    form |= {"measure": "Repeats a month", "unit": "repeats", "before": "12", "target": "6,5"}
    assert client.post(f"{here}new/", form).headers["Location"] == f"{here}I-01/"
    assert client.post(f"{here}I-01/move/", {"state": "done", "version": 1}).status_code == 422
    for version, state in enumerate(("approved", "done"), start=1):
        assert client.post(f"{here}I-01/move/", {"state": state, "version": version}).status_code == 302
    assert client.post(f"{here}I-01/move/", {"state": "underway", "version": 1, "words": "x"}).status_code == 409
    assert b"What did it bring?" in client.get(f"{here}I-01/").content
    measured = {"effect": "Half as many.", "after": "6", "version": 3}
    assert client.post(f"{here}I-01/measure/", measured).status_code == 302
    shown = client.get(f"{here}I-01/").content.decode()
    assert "Target reached" in shown
    assert "before 12, target 6.5, afterwards 6 repeats" in shown
    listed = client.get(f"{here}?view=measured&source=measure").content.decode()
    assert "12 → 6 repeats" in listed
    assert CANARY not in listed
    assert client.get(f"{here}?view=nonsense").status_code == 400
    rows = client.get(f"{here}export/?view=all&format=csv").content.decode().splitlines()
    assert rows[1].startswith("I-01,Fewer repeats,measured,High,measure")


def test_a_stranger_finds_no_improvement(cast: Cast, sign_in) -> None:
    improving(cast)
    assert sign_in(cast.bruno).get("/projects/alder/audits/improvements/I-01/").status_code == 404


def test_the_register_asks_as_much_for_one_improvement_as_for_many(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    for number in range(12):
        propose(cast, title=f"Improvement {number}")
    client = sign_in(cast.mara)
    client.get("/projects/alder/audits/improvements/")
    with django_assert_max_num_queries(15):
        client.get("/projects/alder/audits/improvements/?view=all")
