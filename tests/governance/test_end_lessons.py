"""Lessons learnt: captured, put right, settled, turned into work, read where they matter."""

from datetime import date

import pytest
from django.test import Client

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.lesson_panels import in_wizard, in_work, on_activity, on_overview
from governance.models import Action, Lesson
from governance.selectors.lessons import find_lessons
from governance.services.lessons import (
    LessonFacts,
    capture_lesson,
    change_lesson,
    make_action,
    make_activity,
    settle_lesson,
)
from phases.services.tailoring.own import OwnActivity
from projects.permissions import access_to
from tests.cast import CANARY, Cast

HAPPENED = "The forms came after the process went live."


def learn(cast: Cast, who: str = "tim", **facts) -> Lesson:
    """A lesson of Alder's project."""
    facts = {"happened": HAPPENED, "change": "Forms first.", "component": "CH", **facts}
    return capture_lesson(acting_user=cast.people[who], project=cast.project, facts=LessonFacts(**facts))


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def test_everybody_who_works_here_captures_a_lesson_of_the_phase_at_work(cast: Cast) -> None:
    lesson = learn(cast)
    assert (lesson.ref, lesson.phase_number, lesson.component, lesson.state) == ("L-01", 0, "CH", "open")
    assert said(cast) == f"Tim Tully captured lesson {HAPPENED}"
    assert learn(cast).pk == lesson.pk, "the same form sent twice is one lesson"
    assert learn(cast, "petra").ref == "L-02"
    with pytest.raises(NotPermitted):
        learn(cast, "audra")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"happened": " . "}, "happened"),
        ({"phase": 7}, "phase"),
        ({"component": "NOPE"}, "component"),
        ({"why": "x" * 4001}, "why"),
    ],
)
def test_a_lesson_says_which_field_is_wrong(cast: Cast, facts: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        learn(cast, **facts)
    assert refused.value.field == field


def test_an_owner_is_a_party_of_the_project(cast: Cast) -> None:
    theirs = cast.other.parties.first()
    with pytest.raises(RuleBroken) as refused:
        learn(cast, owner=theirs)
    assert refused.value.field == "owner"


def test_who_captured_it_owns_it_or_manages_puts_it_right(cast: Cast) -> None:
    lesson = learn(cast, owner=cast.parties["petra"])
    facts = LessonFacts(HAPPENED, "Forms first.", "Nobody asked.", 0, "CH", cast.parties["petra"])
    for version, who in enumerate(("tim", "petra", "mara"), start=1):
        changed = LessonFacts(f"{HAPPENED} {who}", facts.change, facts.why, 0, "CH", facts.owner)
        lesson = change_lesson(
            acting_user=cast.people[who], project=cast.project, ref="L-01", version=version, facts=changed
        )
    assert (lesson.version, lesson.happened) == (4, f"{HAPPENED} mara")
    with pytest.raises(NotPermitted):
        change_lesson(acting_user=cast.cora, project=cast.project, ref="L-01", version=4, facts=facts)
    with pytest.raises(StaleWrite) as stale:
        change_lesson(acting_user=cast.tim, project=cast.project, ref="L-01", version=2, facts=facts)
    assert stale.value.current == {"What happened": f"{HAPPENED} mara"}


def test_what_is_settled_needs_words(cast: Cast) -> None:
    learn(cast)
    act = {"acting_user": cast.tim, "project": cast.project, "ref": "L-01", "version": 1}
    for state in ("applied", "noted"):
        with pytest.raises(RuleBroken) as refused:
            settle_lesson(**act, state=state)
        assert refused.value.field == "note"
    lesson = settle_lesson(**act, state="noted", note="It was a one-off.")
    assert (lesson.state, lesson.state_note, lesson.version) == ("noted", "It was a one-off.", 2)
    assert said(cast) == f"Tim Tully noted {HAPPENED} with nothing to do: It was a one-off."


def test_a_lesson_becomes_an_activity_of_the_next_phase_or_nothing_does(cast: Cast) -> None:
    learn(cast)
    own = OwnActivity("Agree forms first", "CH", "establish", ("Project (or team member)",))
    role = cast.row("CH.i").activity.catalogue_activity.roles[0]
    own = OwnActivity("Agree forms first", "CH", "establish", (role,))
    act = {"project": cast.project, "ref": "L-01", "said": own, "phases": [1], "reason": "Lesson L-01"}
    with pytest.raises(NotPermitted):
        make_activity(acting_user=cast.tim, version=1, **act)
    with pytest.raises(StaleWrite):
        make_activity(acting_user=cast.mara, version=9, **act)
    made = make_activity(acting_user=cast.mara, version=1, **act)
    lesson = Lesson.objects.get(ref="L-01", project=cast.project)
    assert (made.ref, lesson.made_activity, lesson.state) == ("CH.own-1", "CH.own-1", "applied")
    assert cast.row("CH.own-1", 1).status == "not started"


def test_a_lesson_becomes_an_action_with_owner_and_day(cast: Cast) -> None:
    learn(cast)
    act = {"acting_user": cast.mara, "project": cast.project, "ref": "L-01", "version": 1, "text": "Draw up the forms"}
    for owner, due, field in (
        (None, date(2026, 4, 1), "owner"),
        (cast.parties["tim"], None, "due"),
        (cast.parties["tim"], date(2020, 1, 1), "due"),
    ):
        with pytest.raises(RuleBroken) as refused:
            make_action(**act, owner=owner, due=due)
        assert refused.value.field == field
    action = make_action(**act, owner=cast.parties["tim"], due=date(2099, 4, 1))
    assert list(Action.objects.values_list("text", "source", "lesson__ref", "lesson__state")) == [
        ("Draw up the forms", "lesson", "L-01", "applied")
    ]
    assert action.owner == cast.parties["tim"]


def test_lessons_are_read_where_they_matter(cast: Cast) -> None:
    learn(cast, owner=cast.parties["petra"])
    theirs = LessonFacts(f"{CANARY} happened", component="CH")
    capture_lesson(acting_user=cast.bruno, project=cast.other, facts=theirs)
    access = access_to(cast.project, cast.petra)
    panel = on_activity(cast.project, access, activity=cast.row("CH.i").activity)
    assert panel is not None
    assert [lesson.ref for lesson in panel["lessons"]] == ["L-01"]
    overview = on_overview(cast.project, access)
    assert overview is not None
    assert (overview["open"], overview["shared"]) == (1, 0)
    wizard = in_wizard(cast.olga, cast.alder)
    assert wizard is not None
    assert [lesson.happened for lesson in wizard["lessons"]] == [HAPPENED]
    assert in_wizard(cast.bruno, cast.alder) is None


@pytest.mark.parametrize(("who", "waits"), [("petra", 1), ("tim", None)])
def test_an_owner_finds_it_in_my_work(cast: Cast, who: str, waits: int | None) -> None:
    learn(cast, owner=cast.parties["petra"])

    class Seen:
        project = cast.project
        access = access_to(cast.project, cast.people[who])

    found = in_work(cast.people[who], {cast.project.pk: Seen()})
    assert (found["waits"] if found else None) == waits


def test_the_list_shows_what_waits_first_and_filters(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    learn(cast)
    settle_lesson(acting_user=cast.tim, project=cast.project, ref="L-01", version=1, state="noted", note="One-off.")
    learn(cast, "petra", happened="Suppliers answered late.", component="SU", owner=cast.parties["petra"])
    client: Client = sign_in(cast.audra)
    with django_assert_max_num_queries(15):
        page = client.get("/projects/alder/governance/lessons/")
    assert [lesson.ref for lesson in page.context["page"]] == ["L-02", "L-01"]
    assert [tab["count"] for tab in page.context["tabs"]] == [2, 1, 0, 1]
    for query, refs in (
        ("view=noted", ["L-01"]),
        ("q=suppliers", ["L-02"]),
        ("component=CH&phase=0", ["L-01"]),
        ("owner=nobody", ["L-01"]),
        (f"owner={cast.parties['petra'].pk}", ["L-02"]),
    ):
        found = client.get(f"/projects/alder/governance/lessons/?{query}")
        assert [lesson.ref for lesson in found.context["page"]] == refs, query
    assert client.get("/projects/alder/governance/lessons/?view=nonsense").status_code == 400
    hits = find_lessons(cast.project, access_to(cast.project, cast.audra), ["suppliers", "late"], 5)
    assert [hit.ref for hit in hits] == ["L-02"]
    file = sign_in(cast.mara).get("/projects/alder/governance/lessons/export/?view=open").content.decode()
    assert "Suppliers answered late." in file
    assert HAPPENED not in file


def test_the_page_captures_with_two_fields_and_goes_back(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.tim)
    form = client.get("/projects/alder/governance/lessons/new/?activity=CH.i&next=/projects/alder/activities/CH.i/")
    assert form.context["form"]["component"].value() == "CH"
    refused = client.post("/projects/alder/governance/lessons/new/", {"happened": "", "change": "Forms first."})
    assert refused.status_code == 422
    assert b"Forms first." in refused.content
    sent = {"happened": HAPPENED, "change": "", "component": "CH", "phase": "0", "next": "https://elsewhere.example/"}
    done = client.post("/projects/alder/governance/lessons/new/", sent)
    assert done.headers["Location"] == "/projects/alder/governance/lessons/L-01/"
    board = client.get("/projects/alder/phases/1/").content.decode()
    assert "1 lesson" in board


def test_the_page_of_a_lesson_offers_what_the_person_may_do(cast: Cast, sign_in) -> None:
    learn(cast)
    base = "/projects/alder/governance/lessons/L-01/"
    assert "Settle it" not in sign_in(cast.audra).get(base).content.decode()
    mara: Client = sign_in(cast.mara)
    assert "Make an activity" in mara.get(base).content.decode()
    draft = mara.get(f"{base}activity/").context["form"]
    assert (draft["title"].value(), draft["component"].value(), draft["phases"].value()) == ("Forms first.", "CH", [1])
    refused = mara.post(f"{base}settle/", {"version": "1", "state": "applied", "note": ""})
    assert (refused.status_code, Lesson.objects.get(ref="L-01").state) == (422, "open")
    assert mara.post(f"{base}settle/", {"version": "1", "state": "applied", "note": "Done."}).status_code == 302
    stale = mara.post(base, {"version": "1", "happened": "Other words.", "phase": "0"})
    assert (stale.status_code, b"Other words." in stale.content) == (409, True)
