"""Tell people what is said to them."""

from collections.abc import Iterable

from notifications.models import Comment, Occasion
from notifications.registry import News
from notifications.selectors import people_to_tell
from notifications.services.notices import occur

MENTION = "mention"


def tell_of_comment(comment: Comment) -> None:
    """Let whom `comment` concerns be told, once, however often it is edited."""
    occur(comment.project, MENTION, acting_user=comment.author, facts={"comment": comment.pk})


def news_of_comment(occasion: Occasion) -> Iterable[News]:
    """Whom a comment asks, names or answers, as it stands by now."""
    comment = Comment.objects.select_related("author", "asked", "answers__author").get(pk=occasion.facts["comment"])
    if comment.withdrawn_at is not None:
        return []
    return [
        News(user.pk, MENTION, f"comment {comment.pk}", comment.project_id, comment.pk)
        for user in people_to_tell(comment)
    ]
