"""Tell people what is said to them."""

from collections.abc import Iterable

from accounts.models import User
from notifications.models import Comment, Occasion
from notifications.registry import News
from notifications.selectors import people_to_tell
from notifications.services.notices import occur

MENTION = "mention"


def tell_of_comment(comment: Comment) -> None:
    """Let whom `comment` concerns be told, once, however often it is edited."""
    occur(comment.project, MENTION, acting_user=comment.author, facts={"comment": comment.pk})


def tell_of_answer(question: Comment, acting_user: User) -> None:
    """Let whoever asked be told that their question was marked as answered."""
    occur(question.project, MENTION, acting_user=acting_user, facts={"comment": question.pk, "settled": True})


def news_of_comment(occasion: Occasion) -> Iterable[News]:
    """Whom a comment asks, names or answers, as it stands by now."""
    comment = Comment.objects.select_related("author", "asked", "answers__author").get(pk=occasion.facts["comment"])
    if comment.withdrawn_at is not None:
        return []
    if occasion.facts.get("settled"):
        key = f"settled {comment.pk} {occasion.at.isoformat()}"
        return [News(comment.author_id, MENTION, key, comment.project_id, comment.pk, {"settled": True})]
    return [
        News(user.pk, MENTION, f"comment {comment.pk}", comment.project_id, comment.pk)
        for user in people_to_tell(comment)
    ]
