"""Reads of objectives: each with its values and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.charts.trend import Trend
from documents.choices import Direction, DocumentKind, ObjectiveState
from documents.domain.objective_standing import Aim, Standing, is_late, standing_of
from documents.models import Objective, ObjectiveValue
from documents.policies_library import model_policies
from documents.registers_library import ModelObjective, model_objectives
from documents.selectors import seen_by
from projects.models import Project
from projects.permissions import Access

_ORDER = {Standing.OFF: 0, Standing.UNMEASURED: 1, Standing.ON_THE_WAY: 2, Standing.REACHED: 3}


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """An objective with its values by month. `is_late`: the value of a month that is over is missing."""

    objective: Objective
    values: Sequence[ObjectiveValue]
    standing: Standing
    is_late: bool

    @property
    def last(self) -> ObjectiveValue | None:
        """The newest value."""
        return self.values[-1] if self.values else None

    @property
    def is_pursued(self) -> bool:
        """Whether it is still to be reached."""
        return self.objective.state == ObjectiveState.ACTIVE

    def trend(self, title: str) -> Trend:
        """Its values as a chart takes them."""
        return Trend(
            title=title,
            values=tuple((each.month, float(each.value)) for each in self.values),
            target=float(self.objective.target),
            unit=self.objective.unit,
            notes=tuple(each.note for each in self.values),
        )


def objectives_of(project: Project, *, settled: bool = False) -> list[ObjectiveRow]:
    """The objectives that are pursued, those that do worst first; or those that are settled, by key. Two queries."""
    rows = Objective.objects.filter(project=project).select_related("owner").prefetch_related("values")
    pursued = ObjectiveState.ACTIVE
    found = rows.exclude(state=pursued) if settled else rows.filter(state=pursued)
    made = [_row(project, each) for each in found]
    return made if settled else sorted(made, key=lambda row: (_ORDER[row.standing], row.objective.key))


def objective_row(project: Project, key: str) -> ObjectiveRow | None:
    """The objective that `key` names."""
    found = Objective.objects.filter(project=project, key=key).select_related("owner").first()
    if found is None:
        return None
    found.project = project
    return _row(project, found)


def _row(project: Project, objective: Objective) -> ObjectiveRow:
    values = list(objective.values.all())
    aim = Aim(objective.target, objective.target_on, objective.direction == Direction.HIGHER, objective.baseline)
    begun = min([objective.created_at.date(), *(each.month for each in values)])
    newest = values[-1].month if values else None
    return ObjectiveRow(
        objective,
        values,
        standing_of(aim, begun, {each.month: each.value for each in values}),
        objective.state == ObjectiveState.ACTIVE and is_late(begun, newest, clock.today(project.time_zone)),
    )


def typical_left(project: Project) -> list[ModelObjective]:
    """The typical objectives that the project has not set. One query."""
    there = set(Objective.objects.filter(project=project).values_list("title", flat=True))
    return [each for each in model_objectives() if each.title not in there]


def policies_for(project: Project, access: Access, kept: str = "") -> list[tuple[str, str]]:
    """The documents that an objective can follow from, by number: policies, and what carries the rules of one. `kept`
    stays on the list, also where the person may not see what it is called. Two queries at most."""
    keys = [each.key for each in model_policies()]
    rows = seen_by(project, access).current().filter(Q(kind=DocumentKind.POLICY) | Q(template__in=keys))
    found = [(each.key, str(each)) for each in rows]
    if kept and kept not in dict(found):
        found.append((kept, _named(project, access, kept)[0]))
    return found


def policy_of(project: Project, access: Access, objective: Objective) -> tuple[str, str]:
    """The words for the policy that an objective follows from, and its key where the person may open it."""
    return _named(project, access, objective.policy) if objective.policy else ("", "")


def _named(project: Project, access: Access, key: str) -> tuple[str, str]:
    document = seen_by(project, access).filter(key=key).first()
    return (str(document), document.key) if document is not None else (_("a confidential document"), "")


def may_measure(objective: Objective, access: Access) -> bool:
    """Whether a person writes its values: its owner, and managers."""
    if access.can("documents.publish"):
        return True
    owner = objective.owner.user_id if objective.owner is not None else None
    return bool(access.can("documents.measure")) and owner is not None and owner == access.user_id
