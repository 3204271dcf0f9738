"""New and changed services: the register, and one with its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from audits.certification_guide import StepGuide, steps
from audits.choices import ServiceChangeState
from audits.models import ServiceChange, ServiceChangeEvidence, ServiceChangeStep
from common import clock
from evidence.models import EvidenceItem
from evidence.selectors import seen_by
from projects.models import Project
from projects.permissions import Access

ALL = "all"
VIEWS = (*ServiceChangeState.values, ALL)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A new or changed service with how many of its steps are done."""

    change: ServiceChange
    done: int
    of: int
    last: date | None
    days_left: int | None

    @property
    def days_late(self) -> int | None:
        """How many days ago it was wanted, where it is not live."""
        is_open = self.change.state == ServiceChangeState.OPEN
        return -self.days_left if is_open and self.days_left is not None and self.days_left < 0 else None


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step with what practice says of it, what was done, and the proof that the reader may see."""

    guide: StepGuide
    step: ServiceChangeStep
    clauses: tuple[str, ...]
    items: tuple[EvidenceItem, ...]
    hidden: int
    is_next: bool

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.step.done_on is not None


def change_lines(project: Project, view: str = ALL) -> list[ChangeLine]:
    """The new and changed services of `project`: the case first, then what is under way. Two queries."""
    rows = ServiceChange.objects.filter(project=project).select_related("owner").prefetch_related("steps")
    if view != ALL:
        rows = rows.filter(state=view)
    order = {ServiceChangeState.OPEN: 0, ServiceChangeState.LIVE: 1, ServiceChangeState.STOPPED: 2}
    found = [_line(project, row) for row in rows]
    return sorted(
        found, key=lambda each: (not each.change.is_case, order[ServiceChangeState(each.change.state)], each.change.pk)
    )


def change_counts(project: Project) -> dict[str, int]:
    """How many each view holds. One query."""
    counted: dict[str, int] = ServiceChange.objects.filter(project=project).aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in ServiceChangeState.values}, all=Count("pk")
    )
    return counted


def change_of(project: Project, ref: str) -> ChangeLine | None:
    """The one that `ref` names. Two queries."""
    row = (
        ServiceChange.objects.filter(project=project, ref=ref).select_related("owner").prefetch_related("steps").first()
    )
    return _line(project, row) if row is not None else None


def steps_of(line: ChangeLine, access: Access) -> Sequence[StepShown]:
    """The steps of one, in their order, with the proof that the reader may see. Two queries."""
    project, guide = line.change.project, steps()
    order = list(guide)
    found = sorted(line.change.steps.select_related("done_by"), key=lambda each: order.index(each.key))
    seen = set(seen_by(project, access).values_list("pk", flat=True).filter(pk__in=_linked(line.change)))
    links: dict[int, list[EvidenceItem]] = {}
    for link in ServiceChangeEvidence.objects.filter(step__change=line.change).select_related("item").order_by("pk"):
        links.setdefault(link.step_id, []).append(link.item)
    first = next((each.key for each in found if each.done_on is None), "")
    shown = []
    for step in found:
        items = links.get(step.pk, [])
        visible = tuple(each for each in items if each.pk in seen)
        said = guide[step.key]
        shown.append(
            StepShown(said, step, said.clauses(project.edition), visible, len(items) - len(visible), step.key == first)
        )
    return shown


def _linked(change: ServiceChange) -> Sequence[int]:
    return list(ServiceChangeEvidence.objects.filter(step__change=change).values_list("item_id", flat=True))


def _line(project: Project, row: ServiceChange) -> ChangeLine:
    row.project = project
    days = [each.done_on for each in row.steps.all() if each.done_on is not None]
    left = (row.wanted_by - clock.today(project.time_zone)).days if row.wanted_by is not None else None
    return ChangeLine(row, len(days), len(row.steps.all()), max(days, default=None), left)
