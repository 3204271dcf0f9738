"""Naming people in comments, editing and withdrawing them, reading what names one."""

from datetime import timedelta

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.domain.names import EDIT_MINUTES
from notifications.models import Comment, Mention
from notifications.selectors import people_to_tell, unread_mentions
from notifications.selectors.people import people_of
from notifications.selectors.thread import thread_of
from notifications.services.comments import LONGEST, add_comment, edit_comment, mark_read, withdraw_comment
from notifications.services.questions import answer_question
from projects.permissions import access_to
from projects.services.team import end_role
from tests.cast import CANARY, NOW, Cast


def say(cast: Cast, who: str, body: str, **more) -> Comment:
    return add_comment(
        acting_user=cast.people[who], project=cast.project, kind="activity", key="CH.i", body=body, **more
    )


def edit(cast: Cast, who: str, comment: Comment, body: str, version: int | None = None) -> Comment:
    return edit_comment(
        acting_user=cast.people[who],
        project=cast.project,
        comment_id=comment.pk,
        version=version if version is not None else comment.version,
        body=body,
    )


def withdraw(cast: Cast, who: str, comment: Comment, version: int | None = None) -> Comment:
    return withdraw_comment(
        acting_user=cast.people[who],
        project=cast.project,
        comment_id=comment.pk,
        version=version if version is not None else comment.version,
    )


def last(cast: Cast) -> Event:
    return Event.objects.filter(stream_id=cast.project.uuid).latest("seq")


def named(comment: Comment) -> list[str]:
    return [mention.user.name for mention in comment.mentions.order_by("pk")]


def html(cast: Cast, who: str = "mara") -> list[str]:
    user = cast.people[who]
    thread = thread_of(cast.project, access_to(cast.project, user), user, "activity", "CH.i")
    return [str(one.body) for one in thread.said]


# --- who can be named -----------------------------------------------------------------------------------------


def test_whoever_sees_the_project_can_be_named_and_nobody_else(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        people = people_of(cast.project)
    assert [(person.name, person.can_write) for person in people] == [
        ("Audra Ames", False),
        ("Chen Chair", True),
        ("Cora Cole", True),
        ("Mara Moss", True),
        ("Olga Alder", True),
        ("Petra Pohl", True),
        ("Tim Tully", True),
        ("Toma Tate", True),
    ]


def test_who_left_or_was_deactivated_cannot_be_named(cast: Cast) -> None:
    membership = cast.project.memberships.get(user=cast.petra)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    cast.tim.is_active = False
    cast.tim.save()
    assert not {"Petra Pohl", "Tim Tully"} & {person.name for person in people_of(cast.project)}
    comment = say(cast, "mara", "@Petra Pohl and @Tim Tully")
    assert (named(comment), comment.body) == ([], "@Petra Pohl and @Tim Tully")


def test_whom_a_comment_names_is_kept_and_marked(cast: Cast) -> None:
    comment = say(cast, "mara", "@petra, look at **@Tim's** list. @Nobody")
    assert comment.body == "@Petra Pohl, look at **@Tim Tully's** list. @Nobody"
    assert named(comment) == ["Petra Pohl", "Tim Tully"]
    assert html(cast) == [
        "<p><mark>@Petra Pohl</mark>, look at <strong><mark>@Tim Tully</mark>'s</strong> list. @Nobody</p>\n"
    ]


def test_naming_oneself_tells_nobody(cast: Cast) -> None:
    assert named(say(cast, "mara", "@Mara Moss was here")) == []


def test_somebody_of_another_client_is_never_named(cast: Cast) -> None:
    comment = say(cast, "mara", f"@{cast.bruno.name} @bruno@birch.example @Nina @Carl Consult")
    assert named(comment) == []
    assert "<mark>" not in html(cast)[0]


def test_the_hook_gives_whom_a_comment_concerns(cast: Cast) -> None:
    question = say(cast, "mara", "@Tim @Petra: is it done?", asked_id=cast.petra.pk)
    assert people_to_tell(question) == [cast.petra, cast.tim]
    answer = answer_question(
        acting_user=cast.petra, project=cast.project, question_id=question.pk, version=1, body="Yes, @Tim has it."
    )
    assert people_to_tell(answer) == [cast.tim, cast.mara]


def test_a_name_may_not_make_a_text_too_long(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="10000"):
        say(cast, "mara", "@Tim " + "x" * (LONGEST - 5))
    assert not Comment.objects.exists()


def test_two_of_one_name_are_named_by_address(cast: Cast) -> None:
    cast.tim.name = "Petra Pohl"
    cast.tim.save()
    comment = say(cast, "mara", "@Petra Pohl or rather @tim@alder.example?")
    assert [mention.user for mention in comment.mentions.all()] == [cast.tim]
    assert html(cast) == ["<p>@Petra Pohl or rather <mark>@tim@alder.example</mark>?</p>\n"]


# --- what is new to somebody ----------------------------------------------------------------------------------


def test_a_mention_is_new_until_it_is_marked_read(cast: Cast) -> None:
    say(cast, "mara", "@Petra look")
    events = Event.objects.count()
    html(cast, "petra")
    assert unread_mentions(cast.petra).count() == 1, "looking changes nothing"
    assert mark_read(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.d") == 0
    assert mark_read(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.i") == 1
    assert mark_read(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.i") == 0
    assert not unread_mentions(cast.petra).exists()
    assert Mention.objects.get().seen_at == NOW
    assert Event.objects.count() == events


def test_whoever_writes_into_a_thread_has_read_it(cast: Cast) -> None:
    say(cast, "mara", "@Petra and @Tim look")
    say(cast, "petra", "I see")
    assert not unread_mentions(cast.petra).exists()
    assert unread_mentions(cast.tim).count() == 1


def test_the_auditor_marks_read_what_names_her(cast: Cast) -> None:
    say(cast, "mara", "@Audra Ames: the proof")
    assert mark_read(acting_user=cast.audra, project=cast.project, kind="activity", key="CH.i") == 1
    with pytest.raises(NotPermitted):
        mark_read(acting_user=cast.bruno, project=cast.project, kind="activity", key="CH.i")


# --- editing --------------------------------------------------------------------------------------------------


def test_an_author_edits_and_the_trail_keeps_both_texts(cast: Cast) -> None:
    comment = edit(cast, "mara", say(cast, "mara", "@Tim has it"), "@Petra has it")
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at, comment.version) == ("@Petra Pohl has it", NOW, 2)
    assert named(comment) == ["Petra Pohl"]
    event = last(cast)
    assert event.content["changes"] == {"comment": ["@Tim Tully has it", "@Petra Pohl has it"]}
    assert sentence(event).text == (
        "Mara Moss changed a comment on CH.i from “@Tim Tully has it” to “@Petra Pohl has it”"
    )


def test_editing_leaves_what_was_read_read(cast: Cast) -> None:
    comment = say(cast, "mara", "@Petra look")
    mark_read(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.i")
    edit(cast, "mara", comment, "@Petra look here, @Tim too")
    assert not unread_mentions(cast.petra).exists()
    assert unread_mentions(cast.tim).count() == 1


def test_the_same_text_again_changes_nothing(cast: Cast) -> None:
    comment = say(cast, "mara", "@Tim has it")
    events = Event.objects.count()
    assert edit(cast, "mara", comment, "@tim tully has it ", version=9).version == 1
    assert Event.objects.count() == events


def test_a_comment_can_be_edited_for_some_minutes(cast: Cast) -> None:
    comment = say(cast, "mara", "one")
    with clock.moved_to(NOW + timedelta(minutes=EDIT_MINUTES)):
        edit(cast, "mara", comment, "two")
    with clock.moved_to(NOW + timedelta(minutes=EDIT_MINUTES, seconds=1)), pytest.raises(NotPermitted, match="15 min"):
        edit(cast, "mara", comment, "three", version=2)


@pytest.mark.parametrize("who", ["olga", "tim", "audra", "bruno"])
def test_nobody_changes_what_somebody_else_said(cast: Cast, who: str) -> None:
    comment = say(cast, "mara", "one")
    with pytest.raises(NotPermitted):
        edit(cast, who, comment, "two")
    with pytest.raises(NotPermitted):
        withdraw(cast, who, comment)
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("one", 1)


def test_a_stale_edit_shows_both_texts_and_changes_nothing(cast: Cast) -> None:
    comment = say(cast, "mara", "one")
    edit(cast, "mara", comment, "two", version=1)
    with pytest.raises(StaleWrite) as stale:
        edit(cast, "mara", comment, "three", version=1)
    assert (stale.value.current, stale.value.sent) == ({"Comment": "two"}, {"Comment": "three"})
    comment.refresh_from_db()
    assert comment.body == "two"


def test_a_comment_of_another_project_is_absent(cast: Cast) -> None:
    other = add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body=CANARY)
    for act in (lambda: edit(cast, "mara", other, "x"), lambda: withdraw(cast, "mara", other)):
        with pytest.raises(Comment.DoesNotExist):
            act()


# --- withdrawing ----------------------------------------------------------------------------------------------


def test_a_withdrawn_comment_keeps_its_place_and_the_trail_its_text(cast: Cast) -> None:
    comment = withdraw(cast, "mara", say(cast, "mara", "@Tim is late"))
    comment.refresh_from_db()
    assert (comment.body, comment.withdrawn_at, named(comment)) == ("", NOW, [])
    assert html(cast) == [""]
    assert last(cast).content["changes"] == {"comment": ["@Tim Tully is late", ""]}
    assert sentence(last(cast)).text == "Mara Moss withdrew a comment on CH.i: “@Tim Tully is late”"
    events = Event.objects.count()
    withdraw(cast, "mara", comment, version=1)
    assert Event.objects.count() == events, "done twice, it is done once"
    with pytest.raises(NotPermitted, match="withdrawn"):
        edit(cast, "mara", comment, "back", version=2)


def test_what_an_answer_hangs_on_is_not_withdrawn(cast: Cast) -> None:
    question = say(cast, "mara", "Done?", asked_id=cast.petra.pk)
    answer = answer_question(
        acting_user=cast.petra, project=cast.project, question_id=question.pk, version=1, body="Yes"
    )
    with pytest.raises(NotPermitted, match="Reopen it first"):
        withdraw(cast, "mara", question, version=2)
    with pytest.raises(NotPermitted, match="Reopen the question first"):
        withdraw(cast, "petra", answer)
    with pytest.raises(NotPermitted, match="has been answered"):
        edit(cast, "mara", question, "Started?", version=2)
