"""Comments on the questions of an assessment: under which name they are kept, and where mails about them lead."""

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gapanalysis.models import Answer
from notifications.models import Comment
from notifications.registry import Spot

COMMENTED = "answer"


def comment_key(answer: Answer) -> str:
    """The name of a row in comments and in the trail: "baseline Q-8.5.1.3-01"."""
    return f"{answer.assessment.key} {answer.question.ref}"


def answer_spots(comments: Collection[Comment]) -> Mapping[int, Spot]:
    """Where comments on questions stand, by the keys of the comments. One query."""
    wanted = Q(pk__in=[])
    for comment in comments:
        key, _space, ref = comment.key.partition(" ")
        wanted |= Q(project_id=comment.project_id, assessment__key=key, question__ref=ref)
    rows = Answer.objects.filter(wanted).select_related("assessment", "question", "project")
    found = {(row.project_id, comment_key(row)): row for row in rows}
    spots = {}
    for comment in comments:
        row = found.get((comment.project_id, comment.key))
        if row is not None:
            path = reverse("gap_answer", args=[row.project.slug, row.assessment.key, row.question.ref])
            title = _("%(ref)s of %(title)s") % {"ref": row.question.ref, "title": row.assessment.title}
            spots[comment.pk] = Spot(title, f"{path}#comment-{comment.pk}")
    return spots
