"""Comments on risks: under which name they are kept, and where mails about them lead."""

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.urls import reverse

from businesscase.models import Risk
from notifications.models import Comment
from notifications.registry import Spot

COMMENTED = "risk"


def risk_spots(comments: Collection[Comment]) -> Mapping[int, Spot]:
    """Where comments on risks stand, by the keys of the comments. One query."""
    wanted = Q(pk__in=[])
    for comment in comments:
        wanted |= Q(project_id=comment.project_id, ref=comment.key)
    found = {(risk.project_id, risk.ref): risk for risk in Risk.objects.filter(wanted).select_related("project")}
    spots = {}
    for comment in comments:
        risk = found.get((comment.project_id, comment.key))
        if risk is not None:
            path = reverse("risk", args=[risk.project.slug, risk.ref])
            spots[comment.pk] = Spot(f"{risk.ref} {risk.title}", f"{path}#comment-{comment.pk}")
    return spots
