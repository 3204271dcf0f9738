"""What a mail says of comments: who asked, named or answered the person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from common.markdown import plain_text
from notifications.models import Comment, Mention, Notice
from notifications.registry import Line, Spot, comment_spots

EXCERPT = 300


def said_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """A line for each comment that still concerns `person` and that they have not read yet.

    Two queries, and what it takes to say where the comments stand.
    """
    comments = {
        comment.pk: comment
        for comment in Comment.objects.filter(
            pk__in={notice.subject for notice in notices}, withdrawn_at=None
        ).select_related("author", "answers", "answered_by")
    }
    seen = dict(Mention.objects.filter(comment__in=comments, user=person).values_list("comment_id", "seen_at"))
    spots = spots_of(list(comments.values()))
    lines = {}
    for notice in notices:
        comment = comments.get(notice.subject)
        if comment is None or comment.project_id != notice.project_id or comment.pk not in spots:
            continue
        said = _settled(comment) if notice.facts.get("settled") else _said(person, comment, seen)
        if said:
            lines[notice.pk] = _line(comment, spots[comment.pk], said)
    return lines


def _said(person: User, comment: Comment, seen: Mapping[int, object]) -> str:
    """What the person has to do with a comment, in a sentence; "" where it concerns them no longer."""
    name = {"name": comment.author}
    if comment.asked_id == person.pk and comment.is_open_question:
        return _("%(name)s asks you") % name
    if comment.answers is not None and comment.answers.author_id == person.pk:
        return _("%(name)s answered your question") % name
    if comment.pk in seen and seen[comment.pk] is None:
        return _("%(name)s mentions you") % name
    return ""


def _settled(comment: Comment) -> str:
    """That the person's own question was marked as answered; "" where it is open again."""
    if comment.answered_by is None:
        return ""
    return _("%(name)s marked your question as answered") % {"name": comment.answered_by}


def _line(comment: Comment, spot: Spot, said: str) -> Line:
    words = plain_text(comment.body)
    return Line(
        thing=f"comment {comment.pk}",
        title=spot.title,
        said=said,
        path=spot.path,
        subject=f"{said}: {spot.title}",
        quote=words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()}…",
        place=(comment.at.isoformat(), comment.pk),
    )


def spots_of(comments: Iterable[Comment]) -> dict[int, Spot]:
    """Where `comments` stand, by their ids; one whose kind nobody knows is left out. One query a kind."""
    by_kind: dict[str, list[Comment]] = defaultdict(list)
    for comment in comments:
        by_kind[comment.kind].append(comment)
    found: dict[int, Spot] = {}
    for kind, its in by_kind.items():
        if kind in comment_spots:
            found |= comment_spots[kind](its)
    return found
