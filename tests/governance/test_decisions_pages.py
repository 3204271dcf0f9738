"""The pages of decisions and actions."""

from datetime import timedelta

import pytest

from audittrail.models import Event
from audittrail.sentences import day_text, sentence
from common import clock
from evidence.models import EvidenceItem
from governance.models import Action, Decision, Seat
from governance.selectors.decisions_told import action_lines, called_lines, decided_lines
from governance.services.action_reminders import note_action_reminders
from governance.services.decision_telling import ACTION_LATE, ASKED, DECIDED
from notifications.models import Notice
from notifications.services.notices import note_occasions
from tests.cast import Cast
from tests.governance.deciding import action, ask, asked_with_all, called, condition, record, soon, vote

G = "/projects/alder/governance/"
D = f"{G}decisions/"
A = f"{G}actions/"


def text(response) -> str:
    """The page, its blanks made one."""
    return " ".join(response.content.decode().split())


def test_a_decision_goes_its_way_through_the_pages(cast: Cast, sign_in, django_capture_on_commit_callbacks) -> None:
    mara, cora, chen = sign_in(cast.mara), sign_in(cast.cora), sign_in(cast.chen)
    asked = {"about": "", "title": "Release 24,000", "decide_by": soon().isoformat(), "meeting": ""}
    refused = mara.post(f"{D}new/", {**asked, "title": "", "background": "The tool"})
    assert refused.status_code == 422
    assert "Say in one line what is to be decided." in text(refused)
    assert "The tool" in text(refused)
    assert mara.post(f"{D}new/", asked)["Location"] == f"{D}D-01/"
    assert mara.post(f"{D}D-01/attach/", {"key": "E-0009"}).status_code == 422
    assert mara.post(f"{D}D-01/call/", {"version": 1}).status_code == 302
    assert mara.post(f"{D}D-01/call/", {"version": 1}).status_code == 409
    seen = text(cora.get(D))
    assert "One decision is asked for" in seen
    assert f'action="{D}D-01/vote/"' in seen
    silent = cora.post(f"{D}D-01/vote/", {"version": 1, "choice": "against", "words": ""})
    assert silent.status_code == 422
    assert "Say why you are against" in text(silent)
    sent = {"version": 1, "choice": "against", "words": "Not proven.", "from": "steering"}
    assert cora.post(f"{D}D-01/vote/", sent)["Location"] == G
    assert cora.post(f"{D}D-01/vote/", sent).status_code == 409
    assert "Dissent, kept word for word" in text(chen.get(f"{D}D-01/"))
    cast_it = {"version": 1, "choice": "for", "words": ""}
    assert chen.post(f"{D}D-01/vote/", cast_it)["Location"] == f"{D}D-01/"
    form = {"version": 2, "outcome": "sent back", "manner": "consensus", "setting": "meeting", "words": "Prove it."}
    form |= {"meeting": "", "text_0": "", "owner_0": "", "due_0": ""}
    no_consensus = chen.post(f"{D}D-01/record/", form)
    assert no_consensus.status_code == 422
    assert "Cora Cole said no: that is no consensus." in text(no_consensus)
    assert "Prove it." in text(no_consensus)
    with django_capture_on_commit_callbacks(execute=True):
        assert chen.post(f"{D}D-01/record/", {**form, "manner": "vote"})["Location"] == f"{D}D-01/"
    again = chen.post(f"{D}D-01/record/", {**form, "manner": "vote"})
    assert again.status_code == 409
    assert "Chen Chair has recorded D-01 already: sent back" in text(again)
    assert cora.post(f"{D}D-01/vote/", {"version": 2, "choice": "for"}).status_code == 409
    kept = EvidenceItem.objects.get(title="Decision D-01 as PDF")
    assert Decision.objects.get(ref="D-01").paper == kept
    page = text(chen.get(f"{D}D-01/"))
    assert "by vote: 1 for, 1 against, 0 abstained" in page
    assert Decision.objects.get(ref="D-01").sha256 in page
    assert kept.key in page
    assert mara.post(f"{D}D-01/paper/").status_code == 302
    rows = mara.get(f"{D}export/").content.decode().splitlines()
    assert rows[1].startswith('D-01,question,,"Release 24,000",decided')
    assert mara.get(f"{D}?state=gone").status_code == 400


def test_a_refused_condition_names_its_row_and_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    decision = ask(cast)
    form = {"version": decision.version, "outcome": "approved with conditions", "manner": "consensus"}
    form |= {"setting": "meeting", "meeting": "", "text_0": "Sign", "owner_0": str(cast.parties["petra"].pk)}
    form |= {"due_0": soon().isoformat(), "text_2": "Name three people", "owner_2": "", "due_2": soon().isoformat()}
    chen = sign_in(cast.chen)
    refused = chen.post(f"{D}D-01/record/", form)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"owner_2": ["Say who does it."]}
    assert "Name three people" in text(refused)
    assert not Action.objects.exists()
    assert chen.post(f"{D}D-01/record/", {**form, "owner_2": form["owner_0"]}).status_code == 302
    assert list(Action.objects.values_list("ref", "source")) == [("A-01", "condition"), ("A-02", "condition")]


def test_owners_finish_their_actions_and_conditions_are_the_chairs_to_let_go(cast: Cast, sign_in) -> None:
    asked_with_all(cast)
    record(cast, ask(cast, title="Go on"), "approved with conditions", conditions=[condition(cast)])
    tim, petra, mara, chen = (sign_in(each) for each in (cast.tim, cast.petra, cast.mara, cast.chen))
    assert "Is it done?" in text(tim.get(f"{A}A-01/"))
    assert tim.get(f"{A}A-02/").status_code == 404
    done = {"version": 1, "note": "Legal agrees.", "done_on": ""}
    assert petra.post(f"{A}A-01/finish/", done).status_code == 403
    assert tim.post(f"{A}A-01/finish/", {**done, "note": " "}).status_code == 422
    assert tim.post(f"{A}A-01/finish/", done).status_code == 302
    assert tim.post(f"{A}A-01/finish/", done).status_code == 422
    assert (action(cast).state, action(cast).done_note) == ("done", "Legal agrees.")
    drop = {"version": 1, "why": "The supplier is gone."}
    assert mara.post(f"{A}A-02/drop/", drop).status_code == 403
    assert mara.get(f"{A}A-02/change/").status_code == 403
    assert chen.post(f"{A}A-02/drop/", {**drop, "why": ""}).status_code == 422
    moved = {"version": 1, "text": "Sign the two contracts", "owner": str(cast.parties["petra"].pk)}
    moved |= {"due": soon(60).isoformat(), "why": ""}
    silent = chen.post(f"{A}A-02/change/", moved)
    assert silent.context["form"].errors == {"why": ["Say why the condition changes: the decision depends on it."]}
    assert chen.post(f"{A}A-02/change/", {**moved, "why": "Legal needs time."}).status_code == 302
    assert chen.post(f"{A}A-02/drop/", {**drop, "version": 2}).status_code == 302
    assert "The supplier is gone." in text(mara.get(f"{A}?view=dropped"))
    assert chen.post(f"{A}A-02/take-up/", {"version": 3, "why": "It is back."}).status_code == 302
    assert mara.get(f"{A}export/?format=csv").content.decode().count("\n") == 3


@pytest.mark.usefixtures("moved")
def test_people_are_told_what_concerns_them(cast: Cast) -> None:
    decision = called(cast)
    note_occasions()
    told = Notice.objects.filter(kind=ASKED)
    assert {each.person for each in told.select_related("person")} == {cast.chen, cast.cora}
    mine = list(told.filter(person=cast.cora))
    (line,) = called_lines(cast.cora, mine).values()
    assert line.path == f"{D}D-01/"
    vote(cast, decision, "cora", "for")
    assert called_lines(cast.cora, mine) == {}
    record(cast, decision, "approved with conditions", conditions=[condition(cast, days=3)])
    note_occasions()
    decided = Notice.objects.filter(kind=DECIDED)
    assert {each.person for each in decided.select_related("person")} == {cast.cora, cast.mara, cast.petra}
    (said,) = decided_lines(cast.mara, list(decided.filter(person=cast.mara))).values()
    assert said.said == "Decided: approved with conditions."
    with clock.moved_to(clock.now() + timedelta(days=5)):
        note_action_reminders()
        note_action_reminders()
        late = list(Notice.objects.filter(kind=ACTION_LATE))
        assert [each.person for each in late] == [cast.petra]
        assert [each.path for each in action_lines(cast.petra, late).values()] == [f"{A}A-01/"]


def test_what_waits_stands_in_my_work(cast: Cast, sign_in) -> None:
    asked_with_all(cast)
    cora, tim = sign_in(cast.cora), sign_in(cast.tim)
    assert "Release 24,000 from contingency" in text(cora.get("/work/"))
    assert f"{A}A-01/" in text(tim.get("/work/"))
    vote(cast, Decision.objects.get(ref="D-01"), "cora", "for")
    assert "For the committee" not in text(cora.get("/work/"))


def test_the_register_takes_a_constant_number_of_queries(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    chen = sign_in(cast.chen)
    asked_with_all(cast)
    chen.get(D)
    with django_assert_max_num_queries(15) as first:
        chen.get(D)
    for number in range(3):
        called(cast, title=f"Question {number}")
    with django_assert_max_num_queries(len(first)):
        chen.get(D)
    assert Seat.objects.count() == 8


def test_the_trail_says_in_words_what_was_done(cast: Cast) -> None:
    decision = called(cast, title="Buy the tool", decide_by=soon())
    vote(cast, decision, "cora", "against", "Too dear.")
    vote(cast, decision, "chen", "for")
    vote(cast, decision, "cora", "for")
    record(cast, decision, "approved with conditions", manner="vote", conditions=[condition(cast)])
    told = Event.objects.filter(stream_id=cast.project.uuid, kind="decision").order_by("seq")
    name = "D-01 Buy the tool"
    assert [sentence(each).text for each in told] == [
        f"Mara Moss asked the committee for {name}, by {day_text(soon().isoformat())}",
        f"Mara Moss called Chen Chair, Cora Cole to {name}",
        f"Cora Cole is against {name}",
        f"Chen Chair is for {name}",
        f"Cora Cole is for {name}",
        f"Chen Chair recorded {name}: approved with conditions, by vote",
    ]


def test_a_form_that_is_sent_twice_makes_one(cast: Cast, sign_in) -> None:
    mara = sign_in(cast.mara)
    base = "/projects/alder/governance/"
    for path, data in (
        ("decisions/new/", {"title": "Buy a tool", "decide_by": soon(), "meeting": ""}),
        ("actions/new/", {"text": "Ask legal", "owner": cast.parties["tim"].pk, "due": soon()}),
        ("meetings/new/", {"day": soon(), "time": "10:00", "length": "60", "place": "", "agenda": "1. Money"}),
    ):
        first, second = (mara.post(f"{base}{path}", data) for _each in range(2))
        assert (first.status_code, second.status_code) == (302, 302), path
        assert first["Location"] == second["Location"]
        assert mara.post(f"{base}{path}", {**data, next(iter(data)): soon(20)}).status_code == 302
    told = Event.objects.filter(stream_id=cast.project.uuid, action__in=("ask for", "add", "plan"))
    assert sorted(told.values_list("action", flat=True)) == ["add"] * 2 + ["ask for"] * 2 + ["plan"] * 2
