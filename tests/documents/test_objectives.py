"""Objectives: typical ones taken over, months written together, settled with a reason, and their pages."""

from datetime import date
from decimal import Decimal

import pytest

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.domain.months import months_to
from documents.models import Objective, ObjectiveValue
from documents.registers_library import model_objectives
from documents.selectors.objectives import objectives_of, typical_left
from documents.services.objectives import (
    MonthValue,
    ObjectiveFacts,
    set_objective,
    settle_objective,
    take_objective,
    write_values,
)
from projects.models import Party
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/documents/objectives/"


def set_one(cast: Cast, **facts) -> Objective:
    """An objective of Alder's: petra owns it."""
    said = {
        "title": "Answer fast",
        "measure": "Calls answered within a minute, out of all",
        "unit": "%",
        "target": Decimal(90),
        "target_on": date(2027, 6, 30),
        "owner": Party.objects.get(project=cast.project, user=cast.petra),
        **facts,
    }
    return set_objective(acting_user=cast.mara, project=cast.project, facts=ObjectiveFacts(**said))


def past(back: int) -> date:
    """The first day of a month that many months ago."""
    return months_to(clock.today("UTC"), back + 1)[0]


def sent(months: dict[date, tuple[str, int]], **more) -> dict[str, object]:
    """The form of the last twelve months: value and version seen of `months`, the others empty."""
    made: dict[str, object] = {"back": "0", **more}
    for month in months_to(clock.today("UTC"), 12):
        text, seen = months.get(month, ("", 0))
        made |= {f"value-{month:%Y-%m}": text, f"note-{month:%Y-%m}": "", f"seen-{month:%Y-%m}": str(seen)}
    return made


def test_a_typical_objective_is_taken_over_once_by_a_manager(cast: Cast) -> None:
    count = len(model_objectives())
    taken = take_objective(acting_user=cast.mara, project=cast.project, key="first-contact")
    assert (taken.key, taken.target, taken.direction) == ("O-01", Decimal(60), "higher")
    assert len(typical_left(cast.project)) == count - 1
    for key in ("first-contact", "none such"):
        with pytest.raises(RuleBroken):
            take_objective(acting_user=cast.mara, project=cast.project, key=key)
    with pytest.raises(NotPermitted):
        take_objective(acting_user=cast.petra, project=cast.project, key="records-true")


def test_months_are_written_together_and_those_that_say_the_same_are_left_alone(cast: Cast) -> None:
    objective = set_one(cast)
    months = [
        MonthValue(past(2), Decimal("81.5")),
        MonthValue(past(1), Decimal(84), "Holidays"),
        MonthValue(past(0), None),
    ]
    assert write_values(acting_user=cast.petra, objective=objective, months=months) == 2
    events = Event.objects.count()
    assert write_values(acting_user=cast.petra, objective=objective, months=months) == 0
    assert Event.objects.count() == events
    assert write_values(acting_user=cast.petra, objective=objective, months=[MonthValue(past(2), None, seen=1)]) == 1
    assert [value.value for value in objective.values.all()] == [Decimal(84)]


def test_a_stale_month_keeps_all_of_them_from_being_written(cast: Cast) -> None:
    objective = set_one(cast)
    write_values(acting_user=cast.mara, objective=objective, months=[MonthValue(past(1), Decimal(70))])
    months = [MonthValue(past(2), Decimal(60)), MonthValue(past(1), Decimal(80))]
    with pytest.raises(StaleWrite) as caught:
        write_values(acting_user=cast.petra, objective=objective, months=months)
    assert caught.value.current == {f"{past(1):%Y-%m}": "70.00"}
    assert ObjectiveValue.objects.get().value == Decimal(70)


def test_only_its_owner_and_managers_write_values(cast: Cast) -> None:
    objective = set_one(cast)
    with pytest.raises(RuleBroken, match="owner and managers"):
        write_values(acting_user=cast.tim, objective=objective, months=[MonthValue(past(1), Decimal(1))])
    with pytest.raises(NotPermitted):
        write_values(acting_user=cast.audra, objective=objective, months=[MonthValue(past(1), Decimal(1))])
    with pytest.raises(RuleBroken, match="lies ahead"):
        write_values(acting_user=cast.petra, objective=objective, months=[MonthValue(date(2099, 1, 1), Decimal(1))])


def test_what_does_worst_stands_first_and_what_is_settled_apart(cast: Cast) -> None:
    good, bad, met = set_one(cast), set_one(cast, title="Break less"), set_one(cast, title="Done")
    write_values(acting_user=cast.mara, objective=good, months=[MonthValue(past(1), Decimal(95))])
    write_values(acting_user=cast.mara, objective=bad, months=[MonthValue(past(1), Decimal(40))])
    settle_objective(acting_user=cast.mara, objective=met, version=1, state="met", why="Three months in a row")
    assert [(row.objective.key, row.standing.value) for row in objectives_of(cast.project)] == [
        ("O-02", "off"),
        ("O-01", "reached"),
    ]
    assert [row.objective.key for row in objectives_of(cast.project, settled=True)] == ["O-03"]


def test_the_pages_take_set_write_and_settle(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    mara = sign_in(cast.mara)
    assert "Take over" in mara.get(PAGE).content.decode()
    assert mara.post(PAGE, {"key": "first-contact"}).status_code == 302
    assert mara.post(PAGE, {"key": "first-contact"}).status_code == 422
    form = {
        "title": "Answer fast",
        "measure": "Calls",
        "direction": "higher",
        "target": "90",
        "target_on": "2027-06-30",
    }
    wrong = mara.post(f"{PAGE}new/", {**form, "target": "much"})
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.content.decode()
    assert mara.post(f"{PAGE}new/", form).url == f"{PAGE}O-02/"
    assert mara.post(f"{PAGE}O-02/values/", sent({past(1): ("88,5", 0)})).status_code == 302
    changed = mara.post(f"{PAGE}O-02/change/", {**form, "target": "88", "version": "1"})
    assert changed.status_code == 302
    assert mara.post(f"{PAGE}O-02/change/", {**form, "target": "87", "version": "1"}).status_code == 409
    assert "88.5" in mara.get(f"{PAGE}O-02/").content.decode()
    audra = sign_in(cast.audra)
    with django_assert_max_num_queries(15):
        assert "On target" in audra.get(PAGE).content.decode()
    assert mara.post(f"{PAGE}O-02/settle/", {"state": "met", "version": "2"}).status_code == 422
    assert mara.post(f"{PAGE}O-02/settle/", {"state": "met", "version": "2", "why": "Held"}).status_code == 302
    lines = mara.get(f"{PAGE}export/?format=csv").content.decode().splitlines()
    assert len(lines) == 3
    assert f"{past(1):%Y-%m},88.5" in lines[2]


def test_a_stale_tab_gets_409_with_what_was_typed_and_may_then_save(cast: Cast, sign_in) -> None:
    objective = set_one(cast)
    write_values(acting_user=cast.mara, objective=objective, months=[MonthValue(past(1), Decimal(70))])
    petra = sign_in(cast.petra)
    refused = petra.post(f"{PAGE}O-01/values/", sent({past(1): ("80", 0)}))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert 'value="80"' in page
    assert "Now 70, by Mara Moss." in page
    assert f'name="seen-{past(1):%Y-%m}" value="1"' in page
    assert petra.post(f"{PAGE}O-01/values/", sent({past(1): ("80", 1)})).status_code == 302
    assert ObjectiveValue.objects.get().value == Decimal(80)
    wrong = petra.post(f"{PAGE}O-01/values/", sent({past(1): ("many", 2)}))
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.content.decode()
