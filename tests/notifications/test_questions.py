"""Asking, answering, marking answered, reopening."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.models import Comment
from notifications.selectors import open_questions_to
from notifications.selectors.thread import thread_of
from notifications.services.comments import add_comment, withdraw_comment
from notifications.services.questions import answer_question, mark_answered, reopen_question
from projects.permissions import access_to
from projects.services.team import end_role
from tests.cast import NOW, Cast


@pytest.fixture
def question(cast: Cast) -> Comment:
    return add_comment(
        acting_user=cast.tim,
        project=cast.project,
        kind="activity",
        key="CH.i",
        body="Is it done?",
        asked_id=cast.petra.pk,
    )


def answer(cast: Cast, question: Comment, who: str = "petra", body: str = "Yes", version: int = 1, **more) -> Comment:
    return answer_question(
        acting_user=cast.people[who],
        project=cast.project,
        question_id=question.pk,
        version=version,
        body=body,
        **more,
    )


def settle(cast: Cast, question: Comment, who: str, version: int = 1) -> Comment:
    return mark_answered(acting_user=cast.people[who], project=cast.project, question_id=question.pk, version=version)


def reopen(cast: Cast, question: Comment, who: str, version: int = 2) -> Comment:
    return reopen_question(acting_user=cast.people[who], project=cast.project, question_id=question.pk, version=version)


def last_said(cast: Cast) -> str:
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).latest("seq")).text


def test_a_question_waits_for_the_person_asked(cast: Cast, question: Comment) -> None:
    assert list(open_questions_to(cast.petra)) == [question]
    assert last_said(cast) == "Tim Tully asked Petra Pohl on CH.i: “Is it done?”"


@pytest.mark.parametrize(
    ("who", "said"),
    [("audra", "cannot answer"), ("bruno", "cannot answer"), ("nina", "cannot answer"), ("tim", "else")],
)
def test_only_who_can_answer_here_is_asked(cast: Cast, who: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        add_comment(
            acting_user=cast.tim,
            project=cast.project,
            kind="activity",
            key="CH.i",
            body="Done?",
            asked_id=cast.people[who].pk,
        )
    assert refused.value.field == "asked"
    assert not Comment.objects.exists()


def test_an_answer_settles_the_question(cast: Cast, question: Comment) -> None:
    written = answer(cast, question)
    question.refresh_from_db()
    assert (question.answered_by, question.answered_at, question.version) == (cast.petra, NOW, 2)
    assert (written.answers, written.body) == (question, "Yes")
    assert not open_questions_to(cast.petra).exists()
    assert last_said(cast) == "Petra Pohl answered “Is it done?” on CH.i: “Yes”"


@pytest.mark.parametrize("who", ["tim", "petra", "mara", "olga"])
def test_asker_asked_and_managers_settle_and_reopen(cast: Cast, question: Comment, who: str) -> None:
    settle(cast, question, who)
    assert not open_questions_to(cast.petra).exists()
    assert last_said(cast) == f"{cast.people[who].name} marked the question “Is it done?” on CH.i as answered"
    reopen(cast, question, who)
    assert open_questions_to(cast.petra).get().answered_by is None
    assert last_said(cast) == f"{cast.people[who].name} reopened the question “Is it done?” on CH.i"


@pytest.mark.parametrize("who", ["cora", "toma", "audra", "bruno", "nina"])
def test_nobody_else_does(cast: Cast, question: Comment, who: str) -> None:
    for act in (answer, settle, reopen):
        with pytest.raises(NotPermitted):
            act(cast, question, who)
    question.refresh_from_db()
    assert (question.answered_at, question.version, Comment.objects.count()) == (None, 1, 1)


def test_of_two_who_settle_at_once_one_does_and_the_other_is_told(cast: Cast, question: Comment) -> None:
    settle(cast, question, "mara")
    with pytest.raises(StaleWrite) as stale:
        settle(cast, question, "petra")
    assert stale.value.current == {"Question": "answered by Mara Moss"}
    with pytest.raises(StaleWrite):
        answer(cast, question)
    with pytest.raises(StaleWrite):
        answer(cast, question, version=2)
    assert Comment.objects.count() == 1, "nothing of a stale answer is kept"
    question.refresh_from_db()
    assert question.answered_by == cast.mara


def test_one_person_who_settles_twice_does_it_once(cast: Cast, question: Comment) -> None:
    settle(cast, question, "mara")
    events = Event.objects.count()
    settle(cast, question, "mara")
    assert Event.objects.count() == events


def test_an_answer_sent_twice_stands_there_once(cast: Cast, question: Comment) -> None:
    nonce = uuid4()
    assert answer(cast, question, nonce=nonce) == answer(cast, question, nonce=nonce)
    assert Comment.objects.count() == 2
    assert Event.objects.filter(action="answer").count() == 1


def test_reopening_an_open_question_changes_nothing(cast: Cast, question: Comment) -> None:
    events = Event.objects.count()
    assert reopen(cast, question, "mara", version=1).version == 1
    assert Event.objects.count() == events


def test_a_stale_reopening_is_told(cast: Cast, question: Comment) -> None:
    settle(cast, question, "mara")
    with pytest.raises(StaleWrite):
        reopen(cast, question, "petra", version=1)


def test_what_is_no_question_takes_no_answer(cast: Cast, question: Comment) -> None:
    plain = add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="So it is")
    withdraw_comment(acting_user=cast.tim, project=cast.project, comment_id=question.pk, version=1)
    for comment in (plain, question):
        with pytest.raises(NotPermitted, match="no question"):
            answer(cast, comment, version=2)


def test_a_question_of_another_project_is_absent(cast: Cast) -> None:
    other = add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body="x")
    for act in (answer, settle, reopen):
        with pytest.raises(Comment.DoesNotExist):
            act(cast, other, "mara")


def test_the_thread_puts_open_questions_first_and_says_how_long_they_wait(cast: Cast, question: Comment) -> None:
    with clock.moved_to(NOW - timedelta(days=1)):
        add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="before")
    with clock.moved_to(NOW + timedelta(days=3)):
        thread = thread_of(cast.project, access_to(cast.project, cast.cora), cast.cora, "activity", "CH.i")
        assert [(one.comment.body, one.days_open, one.may_settle) for one in thread.said] == [
            ("Is it done?", 3, False),
            ("before", None, False),
        ]
        assert (thread.count, thread.open_count) == (2, 1)
        answer(cast, question)
        after = thread_of(cast.project, access_to(cast.project, cast.petra), cast.petra, "activity", "CH.i")
    assert [one.comment.body for one in after.said] == ["before", "Is it done?", "Yes"]


def test_it_says_that_the_person_asked_has_left(cast: Cast, question: Comment) -> None:
    membership = cast.project.memberships.get(user=cast.petra)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    thread = thread_of(cast.project, access_to(cast.project, cast.tim), cast.tim, "activity", "CH.i")
    assert thread.said[0].asked_has_left
    assert cast.petra.pk not in [person.pk for person in thread.askable]
    with pytest.raises(NotPermitted):
        answer(cast, question)
    settle(cast, question, "mara")
