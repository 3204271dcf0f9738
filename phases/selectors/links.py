"""Links between activities, and whether the dates keep them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from phases.domain.transitions import OPEN_STATUSES
from phases.models import ActivityLink, PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """An activity at one end of a link."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link; `broken` are the phases in which the one that waits is due no later than the other: (phase, due, due)."""

    pk: int
    before: LinkEnd
    after: LinkEnd
    from_catalogue: bool
    broken: tuple[tuple[int, date, date], ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The links that were asked for, and how many there are in all."""

    lines: tuple[LinkLine, ...]
    total: int
    broken: int
    own: int


def order_panel(project: Project, access: Access, *, activity: ProjectActivity) -> dict[str, Any] | None:
    """What an activity waits for and what waits for it, for its page; None where nothing does and nobody may say so.

    One query.
    """
    texts = texts_for(project)
    found: dict[str, list[LinkEnd]] = {"waits_for": [], "leads_to": []}
    links = ActivityLink.objects.filter(Q(before=activity) | Q(after=activity), project=project)
    for link in links.select_related("before", "after").order_by("before__position", "after__position", "pk"):
        name, other = ("leads_to", link.after) if link.before_id == activity.pk else ("waits_for", link.before)
        found[name].append(LinkEnd(other.ref, effective_text(texts, other).title))
    may_change = bool(access.can("phases.schedule"))
    if not (may_change or found["waits_for"] or found["leads_to"]):
        return None
    return {**found, "ref": activity.ref, "slug": project.slug, "may_change": may_change}


def links_of(project: Project, *, show: str = "", text: str = "") -> Links:
    """The links of a plan: all, "broken" ones, or "own" ones that no catalogue made; `text` narrows. Two queries."""
    texts = texts_for(project)
    links = list(
        ActivityLink.objects.filter(project=project)
        .select_related("before", "after")
        .order_by("after__position", "after__ref", "before__position", "pk")
    )
    ends = {link.before_id for link in links} | {link.after_id for link in links}
    dues: dict[int, dict[int, date]] = defaultdict(dict)
    rows = PhaseActivity.objects.filter(project=project, activity__in=ends, status__in=OPEN_STATUSES, due__isnull=False)
    for activity, phase, due in rows.values_list("activity_id", "phase_number", "due"):
        if due is not None:
            dues[activity][phase] = due
    lines = []
    for link in links:
        before, after = dues[link.before_id], dues[link.after_id]
        broken = tuple(
            (phase, before[phase], after[phase])
            for phase in sorted(before.keys() & after.keys())
            if after[phase] <= before[phase]
        )
        lines.append(
            LinkLine(
                link.pk,
                LinkEnd(link.before.ref, effective_text(texts, link.before).title),
                LinkEnd(link.after.ref, effective_text(texts, link.after).title),
                link.from_catalogue,
                broken,
            )
        )
    wanted = text.casefold()
    return Links(
        lines=tuple(
            line
            for line in lines
            if (show != "broken" or line.broken)
            and (show != "own" or not line.from_catalogue)
            and any(wanted in word.casefold() for end in (line.before, line.after) for word in (end.ref, end.title))
        ),
        total=len(lines),
        broken=sum(bool(line.broken) for line in lines),
        own=sum(not line.from_catalogue for line in lines),
    )
