"""Comments on the page of an activity: asking, answering, settling, editing, withdrawing, reading."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from audittrail.models import Event
from common import clock
from notifications.models import Comment
from notifications.selectors import unread_mentions
from notifications.services.comments import add_comment
from notifications.services.questions import mark_answered
from phases.panels_questions import SHOWN, open_questions
from phases.selectors.board import rows_of
from projects.permissions import access_to
from tests.cast import CANARY, NOW, Cast


def page_url(ref: str = "CH.i") -> str:
    return reverse("activity", args=["alder", ref])


def act(client, comment: Comment, do: str, **sent):
    sent = {"do": do, "version": comment.version, **sent}
    return client.post(reverse("activity_said", args=["alder", "CH.i", comment.pk]), sent)


def say(cast: Cast, who: str = "mara", body: str = "Is it done?", asked: str = "", key: str = "CH.i") -> Comment:
    return add_comment(
        acting_user=cast.people[who],
        project=cast.project,
        kind="activity",
        key=key,
        body=body,
        asked_id=cast.people[asked].pk if asked else None,
    )


def test_a_question_is_asked_answered_and_shown_answered(cast: Cast, sign_in) -> None:
    asked = {"body": "Is it done?", "nonce": uuid4(), "asked": cast.petra.pk}
    answer = sign_in(cast.mara).post(reverse("activity_comment", args=["alder", "CH.i"]), asked)
    question = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{page_url()}#comment-{question.pk}")
    petra = sign_in(cast.petra)
    page = petra.get(page_url()).content.decode()
    assert "asks <b>Petra Pohl</b>" in page
    assert "Waits for an answer since today." in page
    answer = act(petra, question, "answer", body="Yes, **all**.", nonce=uuid4())
    reply = Comment.objects.get(answers=question)
    assert (answer.status_code, answer["Location"]) == (302, f"{page_url()}#comment-{reply.pk}")
    page = petra.get(page_url()).content.decode()
    assert "Answered by Petra Pohl on 2 Mar 2026, 09:00." in page
    assert f'answers <a href="#comment-{question.pk}">the question of Mara Moss</a>' in page
    assert "Waits for an answer" not in page


def test_a_question_is_marked_answered_and_reopened(cast: Cast, sign_in) -> None:
    question = say(cast, "tim", asked="petra")
    client = sign_in(cast.mara)
    assert act(client, question, "answered").status_code == 302
    question.refresh_from_db()
    assert question.answered_by == cast.mara
    assert act(client, question, "reopen").status_code == 302
    question.refresh_from_db()
    assert question.is_open_question


def test_an_answer_that_comes_too_late_keeps_its_text(cast: Cast, sign_in) -> None:
    question = say(cast, "tim", asked="petra")
    mark_answered(acting_user=cast.mara, project=cast.project, question_id=question.pk, version=1)
    answer = act(sign_in(cast.petra), question, "answer", body="My long answer", nonce=uuid4())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "answered by Mara Moss" in page
    assert "My long answer</textarea>" in page
    assert Comment.objects.count() == 1


def test_the_second_of_two_who_settle_is_told(cast: Cast, sign_in) -> None:
    question = say(cast, "tim", asked="petra")
    act(sign_in(cast.mara), question, "answered")
    answer = act(sign_in(cast.petra), question, "answered")
    assert answer.status_code == 409
    assert "answered by Mara Moss" in answer.content.decode()


@pytest.mark.parametrize("do", ["answer", "edit"])
@pytest.mark.parametrize(("body", "said"), [("y" * 10_001, "10000 characters at most"), (" ", "Write something first")])
def test_a_refused_text_stays_in_its_form(cast: Cast, sign_in, do: str, body: str, said: str) -> None:
    question = say(cast, "mara", asked="petra")
    answer = act(sign_in(cast.mara), question, do, body=body, nonce=uuid4())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f"{body}</textarea>" in page
    assert "<details open>" in page
    question.refresh_from_db()
    assert (question.body, Comment.objects.count()) == ("Is it done?", 1)


@pytest.mark.parametrize("asked", ["bruno", "audra", "nina"])
def test_who_cannot_answer_here_cannot_be_asked(cast: Cast, sign_in, asked: str) -> None:
    sent = {"body": "Keep me", "nonce": uuid4(), "asked": cast.people[asked].pk}
    answer = sign_in(cast.mara).post(reverse("activity_comment", args=["alder", "CH.i"]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "cannot answer here" in page
    assert "Keep me" in page
    assert CANARY not in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "1e3", "²"])
def test_whom_to_ask_is_read_strictly(cast: Cast, sign_in, asked: str) -> None:
    sent = {"body": "Keep me", "nonce": uuid4(), "asked": asked}
    answer = sign_in(cast.mara).post(reverse("activity_comment", args=["alder", "CH.i"]), sent)
    assert answer.status_code == 422
    assert "Keep me" in answer.content.decode()


def test_only_people_of_the_project_are_offered(cast: Cast, sign_in) -> None:
    page = sign_in(cast.mara).get(page_url()).content.decode()
    offered = re.findall(r'data-mention="([^"]*)"', page)
    assert offered == ["Audra Ames", "Chen Chair", "Cora Cole", "Olga Alder", "Petra Pohl", "Tim Tully", "Toma Tate"]
    options = re.findall(r"<option value=\"\d+\">([^<]*)</option>", page.partition('name="asked"')[2])
    assert options == ["Chen Chair", "Cora Cole", "Olga Alder", "Petra Pohl", "Tim Tully", "Toma Tate"]
    assert CANARY not in page


def test_a_mention_is_safe_html(cast: Cast, sign_in) -> None:
    cast.tim.name = 'Tim "<b>T</b>'
    cast.tim.save()
    say(cast, body='@Tim "<b>T</b> look')
    page = sign_in(cast.petra).get(page_url()).content.decode()
    assert "<mark>@Tim &quot;&lt;b&gt;T&lt;/b&gt;</mark> look" in page.replace('"&lt;b', "&quot;&lt;b")
    assert "<b>T</b>" not in page


def test_looking_changes_nothing_and_mark_read_does(cast: Cast, sign_in) -> None:
    say(cast, body="@Petra look")
    client = sign_in(cast.petra)
    read = reverse("activity_comments_read", args=["alder", "CH.i"])
    assert "A comment here names you." in client.get(page_url()).content.decode()
    assert unread_mentions(cast.petra).count() == 1
    assert client.get(read).status_code == 405
    assert client.post(read)["Location"] == f"{page_url()}#comments"
    assert not unread_mentions(cast.petra).exists()
    assert "names you" not in client.get(page_url()).content.decode()


def test_htmx_gets_a_line_when_it_marks_read(cast: Cast, sign_in) -> None:
    say(cast, body="@Audra Ames look")
    client = sign_in(cast.audra)
    answer = client.post(reverse("activity_comments_read", args=["alder", "CH.i"]), headers={"HX-Request": "true"})
    assert (answer.status_code, "Marked read." in answer.content.decode()) == (200, True)
    assert not unread_mentions(cast.audra).exists()


def test_an_author_edits_and_withdraws_on_the_page(cast: Cast, sign_in) -> None:
    comment = say(cast, "tim", "Teh list")
    client = sign_in(cast.tim)
    assert act(client, comment, "edit", body="The list").status_code == 302
    page = client.get(page_url()).content.decode()
    assert "The list" in page
    assert "edited" in page
    stale = act(client, comment, "edit", body="My list")
    assert (stale.status_code, "Save mine over it" in stale.content.decode()) == (409, True)
    comment.refresh_from_db()
    assert act(client, comment, "withdraw").status_code == 302
    page = sign_in(cast.mara).get(page_url()).content.decode()
    assert "Withdrawn by its author on 2 Mar 2026, 09:00." in page
    assert "<p>The list</p>" not in page


def test_what_may_not_be_done_is_not_offered_and_refused(cast: Cast, sign_in) -> None:
    comment = say(cast, "tim", asked="petra")
    for who, allowed in (("tim", True), ("petra", True), ("mara", True), ("cora", False), ("audra", False)):
        page = sign_in(cast.people[who]).get(page_url()).content.decode()
        assert ("Mark answered" in page) is allowed, who
    for do in ("answer", "answered", "reopen", "edit", "withdraw"):
        assert act(sign_in(cast.cora), comment, do, body="x", nonce=uuid4()).status_code == 403
    with clock.moved_to(NOW + timedelta(minutes=16)):
        assert 'value="edit"' not in sign_in(cast.tim).get(page_url()).content.decode()


def test_comments_of_elsewhere_are_absent(cast: Cast, sign_in) -> None:
    other = add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body=CANARY)
    elsewhere = say(cast, key="CH.d")
    before = Event.objects.count()
    for comment in (other, elsewhere):
        for do in ("answer", "answered", "reopen", "edit", "withdraw"):
            assert act(sign_in(cast.mara), comment, do, body="x", nonce=uuid4()).status_code == 404
    assert Event.objects.count() == before


def test_an_unknown_act_is_refused(cast: Cast, sign_in) -> None:
    assert act(sign_in(cast.mara), say(cast), "delete").status_code == 422


# --- board and overview ---------------------------------------------------------------------------------------


def test_the_board_counts_open_questions_in_the_query_it_asks_anyway(cast: Cast, django_assert_num_queries) -> None:
    say(cast, asked="petra")
    say(cast, asked="tim")
    mark_answered(acting_user=cast.mara, project=cast.project, question_id=say(cast, asked="tim").pk, version=1)
    say(cast, body="no question")
    rows_of(cast.project, 1)
    with django_assert_num_queries(1):
        rows = {row.ref: row for row in rows_of(cast.project, 1, with_comments=True)}
    assert (rows["CH.i"].questions, rows["CH.i"].comments, rows["CH.d"].questions) == (2, 4, 0)


def test_the_overview_lists_open_questions_ones_own_first(cast: Cast, sign_in, django_assert_num_queries) -> None:
    assert open_questions(cast.project, access_to(cast.project, cast.mara)) is None
    with clock.moved_to(NOW - timedelta(days=3)):
        first = say(cast, "mara", "**When** is it?", asked="tim")
    second = say(cast, "tim", "And this?", asked="petra", key="CH.d")
    access = access_to(cast.project, cast.petra)
    with django_assert_num_queries(1):
        values = open_questions(cast.project, access)
    assert values is not None
    assert [(line.ref, line.author, line.asked, line.days, line.waits_for_reader) for line in values["lines"]] == [
        ("CH.d", "Tim Tully", "Petra Pohl", 0, True),
        ("CH.i", "Mara Moss", "Tim Tully", 3, False),
    ]
    page = sign_in(cast.petra).get(reverse("dashboard", args=["alder"])).content.decode()
    assert f"{page_url()}#comment-{first.pk}" in page
    assert f"{page_url('CH.d')}#comment-{second.pk}" in page
    assert "When is it?" in page
    assert "you are asked" in page


def test_the_overview_asks_as_often_for_many_questions(cast: Cast, django_assert_num_queries) -> None:
    for number in range(SHOWN + 1):
        say(cast, body=f"Question {number}?", asked="tim")
    access = access_to(cast.project, cast.mara)
    with django_assert_num_queries(1):
        values = open_questions(cast.project, access)
    assert values is not None
    assert (len(values["lines"]), values["total"]) == (SHOWN, SHOWN + 1)
