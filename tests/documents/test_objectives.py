"""Objectives: typical ones taken over, months written together, settled with a reason, and their pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.domain.months import months_to
from documents.models import Objective, ObjectiveValue
from documents.registers_library import model_objectives
from documents.selectors.given_by import given_by
from documents.selectors.objectives import objectives_of, typical_left
from documents.selectors.told_objectives import value_lines
from documents.services.communication import LineFacts, add_line, do_line
from documents.services.objectives import (
    MonthValue,
    ObjectiveFacts,
    set_objective,
    settle_objective,
    take_objective,
    write_values,
)
from documents.services.reminders import note_document_reminders
from documents.services.telling import VALUE_MISSING
from notifications.models import Notice
from projects.models import Party
from projects.permissions import access_to
from tests.cast import Cast
from tests.documents.conftest import begin, soon

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


def test_an_objective_says_which_policy_it_follows_from_and_what_it_serves(cast: Cast, sign_in) -> None:
    document = begin(cast, title="How we promise", kind="policy", classification="confidential", who="mara")
    mara = sign_in(cast.mara)
    form = {
        "title": "Answer fast",
        "measure": "Calls",
        "direction": "higher",
        "target": "90",
        "target_on": "2027-06-30",
        "policy": document.key,
        "refs": "IN.a, IN.b",
        "clauses": "8.6.1",
    }
    assert "How we promise" in mara.get(f"{PAGE}new/").content.decode()
    for field, wrong, said in (
        ("policy", "no-such", "not there any more"),
        ("refs", "XX.a", "The plan has no activity XX.a."),
        ("clauses", "99.9", "has no clause 99.9."),
    ):
        refused = mara.post(f"{PAGE}new/", {**form, field: wrong})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert mara.post(f"{PAGE}new/", form).status_code == 302
    made = Objective.objects.get()
    assert (made.policy, made.refs, made.clauses) == (document.key, ["IN.a", "IN.b"], ["8.6.1"])
    assert "How we promise" in mara.get(f"{PAGE}O-01/").content.decode()
    tim = sign_in(cast.tim).get(f"{PAGE}O-01/").content.decode()
    assert ("How we promise" in tim, "a confidential document" in tim) == (False, True)
    assert mara.post(f"{PAGE}O-01/change/", {**form, "policy": "", "version": "1"}).status_code == 302
    assert Objective.objects.get().policy == ""


def test_the_owner_is_told_once_a_month_that_a_value_is_missing(cast: Cast) -> None:
    objective = set_one(cast)
    set_one(cast, title="Nobody's", owner=None)
    settled = set_one(cast, title="Settled")
    settle_objective(acting_user=cast.mara, objective=settled, version=1, state="dropped", why="Merged")

    def told(day: date, who: str) -> list[str]:
        with clock.moved_to(clock.now() + (day - clock.today("UTC"))):
            note_document_reminders()
            notices = Notice.objects.filter(person=cast.people[who], kind=VALUE_MISSING).order_by("pk")
            lines = value_lines(cast.people[who], list(notices))
            return [lines[each.pk].said for each in notices if each.pk in lines]

    march = "Its value of March 2026 is missing. Write it, or say that it is settled."
    assert told(date(2026, 4, 10), "petra") == []
    assert told(date(2026, 4, 11), "petra") == [march]
    assert told(date(2026, 5, 3), "petra") == [march]
    assert told(date(2026, 5, 11), "petra") == [march, march.replace("March", "April")]
    assert told(date(2026, 5, 12), "mara")[-1] == march.replace("March", "April")
    write_values(acting_user=cast.petra, objective=objective, months=[MonthValue(date(2026, 3, 1), Decimal(1))])
    assert told(date(2026, 5, 13), "petra") == [march.replace("March", "April")]


def test_my_work_shows_what_one_has_to_say_to_check_and_to_measure(cast: Cast, sign_in) -> None:
    set_one(cast)
    line = {"audience": "Everybody", "sender": cast.parties["petra"], "check_how": "Ask three of them."}
    for message, due in (("Soon", soon(3)), ("Far", soon(60))):
        add_line(acting_user=cast.mara, project=cast.project, facts=LineFacts(message=message, due=due, **line))
    done = add_line(acting_user=cast.mara, project=cast.project, facts=LineFacts(message="Told", **line))
    do_line(
        acting_user=cast.petra,
        project=cast.project,
        key=done.key,
        version=1,
        done_on=soon(-40),
        note="Said to all.",
    )
    petra, tim = sign_in(cast.petra), sign_in(cast.tim)
    page = petra.get("/work/").content.decode()
    assert "Messages, trainings and values you owe" in page
    assert [word in page for word in (">Soon<", ">Far<", ">Told<", "Ask three of them.")] == [True, False, True, True]
    assert "the value of" not in page
    assert "you owe" not in tim.get("/work/").content.decode()
    with clock.moved_to(clock.now() + timedelta(days=45)):
        assert {each.kind for each in given_by(cast.petra, {cast.project.pk: access_to(cast.project, cast.petra)})} == {
            "say",
            "check",
            "measure",
        }
