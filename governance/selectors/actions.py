"""Actions of the committee: the list, one, and what of them somebody owns."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from common import clock
from governance.choices import ActionSource, ActionState
from governance.models import Action
from phases.selectors.whom import users_of
from projects.models import Project
from projects.permissions import Access

OPEN, LATE, DONE, DROPPED, ALL = "open", "late", "done", "dropped", "all"
VIEWS = (OPEN, LATE, DONE, DROPPED, ALL)
SOURCES = tuple(ActionSource.values)
SOON = 14


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as its reader finds it. `is_mine`: they own it, or belong to who does."""

    action: Action
    days_left: int
    is_mine: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.action.state == ActionState.OPEN

    @property
    def days_late(self) -> int | None:
        """How many days ago it was due, where it is open."""
        return -self.days_left if self.is_open and self.days_left < 0 else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        return self.days_left if self.is_open and 0 <= self.days_left <= SOON else None


def actions_of(
    project: Project, *, view: str = OPEN, source: str = "", access: Access | None = None
) -> list[ActionLine]:
    """The actions of `project`: open ones by their day, settled ones with the newest first. Two queries."""
    today = clock.today(project.time_zone)
    rows = Action.objects.filter(project=project).select_related("owner", "decision", "meeting", "lesson", "done_by")
    rows = rows.defer("decision__frozen")
    if view == LATE:
        rows = rows.filter(state=ActionState.OPEN, due__lt=today)
    elif view != ALL:
        rows = rows.filter(state=view)
    if source:
        rows = rows.filter(source=source)
    rows = rows.order_by("-done_on", "-pk") if view in (DONE, DROPPED) else rows.order_by("state", "due", "pk")
    found = list(rows)
    if view == ALL:
        found.sort(key=lambda row: (row.state != ActionState.OPEN, row.due, row.pk))
    return _lines(found, project, today, access)


def action_counts(project: Project) -> dict[str, int]:
    """How many actions each view holds. One query."""
    today = clock.today(project.time_zone)
    is_open = Q(state=ActionState.OPEN)
    counts: dict[str, int] = Action.objects.filter(project=project).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due__lt=today)),
        done=Count("pk", filter=Q(state=ActionState.DONE)),
        dropped=Count("pk", filter=Q(state=ActionState.DROPPED)),
        all=Count("pk"),
    )
    return counts


def action_of(project: Project, ref: str, access: Access | None = None) -> ActionLine | None:
    """The action that `ref` names. Two queries."""
    row = (
        Action.objects.filter(project=project, ref=ref)
        .select_related("owner", "decision", "meeting", "lesson", "done_by", "created_by")
        .defer("decision__frozen")
        .first()
    )
    return _lines([row], project, clock.today(project.time_zone), access)[0] if row is not None else None


def _lines(rows: list[Action], project: Project, today: date, access: Access | None) -> list[ActionLine]:
    reader = access.user_id if access is not None else None
    owners = users_of({row.owner_id for row in rows if row.owner_id is not None}) if reader is not None else {}
    found = []
    for row in rows:
        row.project = project
        mine = row.owner_id is not None and reader in owners.get(row.owner_id, ())
        found.append(ActionLine(row, (row.due - today).days, mine))
    return found
