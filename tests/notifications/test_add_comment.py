"""Commenting."""

from unittest.mock import patch
from uuid import uuid4

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken
from notifications.models import Comment
from notifications.selectors import comment_counts, comments_on
from notifications.services import comments as services
from notifications.services.comments import LONGEST, add_comment
from tests.cast import NOW, Cast


def test_it_keeps_author_text_and_time_and_tells_the_trail(cast: Cast) -> None:
    comment = add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="  Done?\n")
    assert (comment.author, comment.body, comment.at) == (cast.tim, "Done?", NOW)
    event = Event.objects.filter(stream_id=cast.project.uuid).latest("seq")
    assert (event.action, event.kind, event.key, event.actor_id) == ("comment", "activity", "CH.i", cast.tim.pk)
    assert event.content["changes"] == {"comment": "Done?"}


@pytest.mark.parametrize(("body", "said"), [(" \n\t ", "Write something first"), ("x" * (LONGEST + 1), "10000")])
def test_it_refuses_an_empty_and_an_overlong_text(cast: Cast, body: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body=body)
    assert refused.value.field == "body"
    assert not Comment.objects.exists()


def test_it_makes_one_comment_of_a_double_click(cast: Cast) -> None:
    nonce = uuid4()
    first, second = (
        add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="Hi", nonce=nonce)
        for _click in range(2)
    )
    assert first == second
    assert Event.objects.filter(action="comment").count() == 1


def test_it_makes_one_comment_when_both_clicks_come_at_the_same_moment(cast: Cast) -> None:
    nonce = uuid4()
    first = add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="Hi", nonce=nonce)
    # The second looked before the first was there, and meets it only when it writes.
    with patch.object(services, "_sent_before", side_effect=[None, first]):
        second = add_comment(
            acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="Hi", nonce=nonce
        )
    assert second == first
    assert Event.objects.filter(action="comment").count() == 1


def test_it_refuses_a_nonce_that_another_person_used(cast: Cast) -> None:
    nonce = uuid4()
    add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="Hi", nonce=nonce)
    with pytest.raises(RuleBroken, match="Reload the page"):
        add_comment(acting_user=cast.mara, project=cast.project, kind="activity", key="CH.i", body="No", nonce=nonce)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("who", ["audra", "bruno", "nina"])
def test_auditors_and_strangers_may_not_comment(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        add_comment(acting_user=cast.people[who], project=cast.project, kind="activity", key="CH.i", body="x")


def test_comments_come_oldest_first_and_only_those_of_the_object(cast: Cast) -> None:
    for key, body in (("CH.i", "one"), ("CH.i", "two"), ("CH.d", "other")):
        add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key=key, body=body)
    add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body="elsewhere")
    assert [comment.body for comment in comments_on(cast.project, "activity", "CH.i")] == ["one", "two"]
    assert comment_counts(cast.project, "activity") == {"CH.i": 2, "CH.d": 1}


def test_an_old_form_sent_again_with_another_text_loses_nothing(cast: Cast) -> None:
    nonce = uuid4()
    said = {"acting_user": cast.petra, "project": cast.project, "kind": "activity", "key": "CH.i", "nonce": nonce}
    first, again, other = (add_comment(**said, body=body) for body in ("One.", "One.", "Two."))
    assert again == first
    assert [comment.body for comment in Comment.objects.order_by("pk")] == ["One.", "Two."]
    assert other.nonce != nonce
