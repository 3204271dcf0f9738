"""Comments on documents: one thread a section, and where mails about them lead."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from documents.choices import Classification
from documents.models import Document
from notifications.models import Comment
from notifications.registry import Spot
from projects.models import Project

COMMENTED = "document"
#: The place of what is said about the document as a whole.
WHOLE = "all"
_LONGEST = 200


@dataclass(slots=True)
class Talk:
    """What was said about a document: counts, open questions and the comments themselves, by anchor of the section."""

    counts: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    said: dict[str, list[Comment]] = field(default_factory=dict)


def comment_key(document: Document, anchor: str) -> str:
    """The name of a section in comments: "incident-procedure#what-we-do"."""
    return f"{document.key}#{anchor}"[:_LONGEST]


def talk_of(document: Document) -> Talk:
    """Everything that was said about `document`. One query."""
    talk = Talk()
    comments = (
        Comment.objects.filter(
            project_id=document.project_id,
            kind=COMMENTED,
            key__startswith=f"{document.key}#",
            withdrawn_at__isnull=True,
        )
        .select_related("author", "asked")
        .order_by("at", "pk")
    )
    for comment in comments:
        anchor = comment.key.partition("#")[2]
        talk.counts[anchor] += 1
        talk.waiting[anchor] += comment.is_open_question
        talk.said.setdefault(anchor, []).append(comment)
    return talk


def document_spots(comments: Collection[Comment]) -> Mapping[int, Spot]:
    """Where comments on documents stand, by the keys of the comments. One query."""
    wanted = Q(pk__in=[])
    for comment in comments:
        wanted |= Q(project_id=comment.project_id, key=comment.key.partition("#")[0])
    rows = {(row.project_id, row.key): row for row in Document.objects.filter(wanted).select_related("project")}
    spots = {}
    for comment in comments:
        key, _sign, anchor = comment.key.partition("#")
        row = rows.get((comment.project_id, key))
        if row is not None and anchor:
            path = reverse("document_talk", args=[row.project.slug, row.key, anchor])
            spots[comment.pk] = Spot(str(row), f"{path}#comment-{comment.pk}")
    return spots


def document_cover(project: Project, key: str) -> str:
    """Under which name the trail tells of what is said on a document: its number where it is confidential, else "".

    One query.
    """
    found = Document.objects.filter(
        project=project, key=key.partition("#")[0], classification=Classification.CONFIDENTIAL
    ).values_list("number", flat=True)
    return found.first() or ""
