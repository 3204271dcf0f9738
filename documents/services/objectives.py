"""Objectives: setting them, measuring them every month, settling them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_line
from documents.choices import Direction, ObjectiveState
from documents.models import Document, Objective, ObjectiveValue
from documents.registers_library import model_objectives
from documents.services.refs import checked_refs
from phases.selectors.clauses import clause_titles
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, require_capability, write_versioned

LARGEST = Decimal("999999999.99")


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """What an objective is; `target` and `baseline` are in `unit`."""

    title: str
    measure: str
    unit: str
    target: Decimal | None
    target_on: date | None
    direction: str = Direction.HIGHER
    baseline: Decimal | None = None
    owner: Party | None = None
    policy: str = ""
    refs: Sequence[str] = field(default_factory=tuple)
    clauses: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def set_objective(*, acting_user: User | None, project: Project, facts: ObjectiveFacts) -> Objective:
    """Set a new objective. One trail event. Raises NotPermitted, RuleBroken."""
    require_capability(acting_user, "documents.publish", project)
    values = _checked(project, facts)
    taken = Objective.objects.filter(project=project).values_list("key", flat=True)
    last = max((int(key.removeprefix("O-")) for key in taken), default=0)
    objective = Objective.objects.create(project=project, key=f"O-{last + 1:02d}", created_at=clock.now(), **values)
    said: dict[str, object] = {name: [None, _plain(value)] for name, value in values.items() if value}
    _tell(acting_user, objective, "set", said)
    return objective


@transaction.atomic
def change_objective(
    *, acting_user: User | None, objective: Objective, version: int, facts: ObjectiveFacts
) -> Objective:
    """Change an objective; its values stay. One trail event, or none. Raises NotPermitted, StaleWrite, RuleBroken."""
    project = objective.project
    require_capability(acting_user, "documents.publish", project)
    fresh = _own(objective)
    values = _checked(project, facts)
    pairs = {name: [_plain(getattr(fresh, name)), _plain(value)] for name, value in values.items()}
    changes: dict[str, object] = {name.replace("_", " "): pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changes and fresh.version == version:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={name: pair[0] or "" for name, pair in pairs.items() if pair[0] != pair[1]},
        sent={name: pair[1] or "" for name, pair in pairs.items() if pair[0] != pair[1]},
    )
    _tell(acting_user, fresh, "change", changes)
    return fresh


@transaction.atomic
def settle_objective(
    *, acting_user: User | None, objective: Objective, version: int, state: str, why: str
) -> Objective:
    """Say that an objective is met, dropped, or pursued again. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without a reason.
    """
    require_capability(acting_user, "documents.publish", objective.project)
    fresh = _own(objective)
    if state not in ObjectiveState.values:
        raise RuleBroken(_("Choose one of the list."), field="state")
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say by what, or why."), field="why")
    before = fresh.state
    write_versioned(fresh, version=version, values={"state": state, "state_reason": said}, shown={}, sent={})
    _tell(acting_user, fresh, "settle", {"state": [before, state]}, reason=said)
    return fresh


@transaction.atomic
def take_objective(*, acting_user: User | None, project: Project, key: str) -> Objective:
    """Set the typical objective that `key` names, to be reached in a year. One trail event.

    Raises NotPermitted; RuleBroken for one that is not there, or that the project has already.
    """
    require_capability(acting_user, "documents.publish", project)
    model = next((each for each in model_objectives() if each.key == key), None)
    if model is None:
        raise RuleBroken(_("There is no such typical objective."), field="key")
    if Objective.objects.filter(project=project, title=model.title).exists():
        raise RuleBroken(_("This objective is set already."), field="key")
    facts = ObjectiveFacts(
        title=model.title,
        measure=model.measure,
        unit=model.unit,
        target=model.target,
        target_on=_in_a_year(project),
        direction=model.direction,
    )
    return set_objective(acting_user=acting_user, project=project, facts=facts)


def _in_a_year(project: Project) -> date:
    today = clock.today(project.time_zone)
    return date(today.year + 1, today.month, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthValue:
    """What a form says of one month; `seen` is the version of the value that it was filled from (0: none)."""

    month: date
    value: Decimal | None
    note: str = ""
    seen: int = 0


@transaction.atomic
def write_values(*, acting_user: User | None, objective: Objective, months: Sequence[MonthValue]) -> int:
    """Write several months at once, all or none; how many changed. One trail event for each value that did.

    Months that say what stands there already are left alone. Raises as `write_value`; StaleWrite names every month that
    somebody else wrote meanwhile.
    """
    require_capability(acting_user, "documents.measure", objective.project)
    there = {each.month: each for each in _own(objective).values.all()}
    changed = [each for each in months if _differs(there.get(each.month), each)]
    stale = [each for each in changed if (found.version if (found := there.get(each.month)) else 0) != each.seen]
    if stale:
        raise StaleWrite(
            _("Somebody wrote values meanwhile. Nothing of yours was saved yet."),
            current={
                f"{each.month:%Y-%m}": str(found.value) if (found := there.get(each.month)) else "" for each in stale
            },
            sent={f"{each.month:%Y-%m}": "" if each.value is None else str(each.value) for each in stale},
        )
    for each in changed:
        write_value(
            acting_user=acting_user,
            objective=objective,
            month=each.month,
            value=each.value,
            note=each.note,
            seen=each.seen,
        )
    return len(changed)


def _differs(there: ObjectiveValue | None, said: MonthValue) -> bool:
    if there is None or said.value is None:
        return (there is None) != (said.value is None)
    return there.value != said.value or there.note != clean_line(said.note)[:300]


@transaction.atomic
def write_value(
    *,
    acting_user: User | None,
    objective: Objective,
    month: date,
    value: Decimal | None,
    note: str = "",
    seen: int | None = None,
) -> ObjectiveValue | None:
    """Write what was measured in the month of `month`; None takes it away. One trail event, or none.

    `seen` is the version of the value that the person saw (0: there was none; None: no person saw one). Its owner and
    managers write values. Raises NotPermitted, StaleWrite, RuleBroken for a month to come or a value out of range.
    """
    project = objective.project
    require_capability(acting_user, "documents.measure", project)
    fresh = _own(objective)
    access = access_to(project, acting_user)
    owner = fresh.owner.user_id if fresh.owner is not None else None
    if not access.is_system and not access.can("documents.publish") and access.user_id != owner:
        raise RuleBroken(_("Its owner and managers write the values of an objective."))
    first = month.replace(day=1)
    if first > clock.today(project.time_zone):
        raise RuleBroken(_("This month lies ahead."), field="month")
    if value is not None and (not value.is_finite() or abs(value) > LARGEST):
        raise RuleBroken(_("This number is out of range."), field="value")
    there = ObjectiveValue.objects.filter(objective=fresh, month=first).first()
    before = there.value if there is not None else None
    _refuse_changed(there, seen, value)
    kept = there
    if value is None:
        if there is None:
            return None
        there.delete()
        kept = None
    elif there is None:
        kept = ObjectiveValue.objects.create(
            project=project,
            objective=fresh,
            month=first,
            value=value.quantize(Decimal("0.01")),
            note=clean_line(note)[:300],
            said_by=acting_user,
            said_at=clock.now(),
        )
    else:
        fields = {
            "value": value.quantize(Decimal("0.01")),
            "note": clean_line(note)[:300],
            "said_by": acting_user,
            "said_at": clock.now(),
        }
        write_versioned(there, version=there.version, values=fields, shown={}, sent={})
    if before != value:
        _tell(
            acting_user,
            fresh,
            "measure",
            {
                "month": [None, f"{first:%Y-%m}"],
                "value": [None if before is None else str(before), None if value is None else str(value)],
            },
        )
    return kept


def _refuse_changed(there: ObjectiveValue | None, seen: int | None, value: Decimal | None) -> None:
    if seen is not None and (there.version if there else 0) != seen:
        raise StaleWrite(
            _("Somebody wrote this value meanwhile. Nothing of yours was saved."),
            current={_("Value"): str(there.value) if there else ""},
            sent={_("Value"): "" if value is None else str(value)},
        )


def _own(objective: Objective) -> Objective:
    fresh = Objective.objects.select_related("owner").get(pk=objective.pk, project_id=objective.project_id)
    fresh.project = objective.project
    return fresh


def _checked(project: Project, facts: ObjectiveFacts) -> dict[str, object]:
    title, measure, unit = clean_line(facts.title), clean_line(facts.measure), clean_line(facts.unit)
    for name, value, most, words in (
        ("title", title, 200, _("Say what is to be reached.")),
        ("measure", measure, 300, _("Say how it is measured.")),
    ):
        if not value:
            raise RuleBroken(words, field=name)
        if len(value) > most:
            raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=name)
    if facts.target is None:
        raise RuleBroken(_("Give the target, a number."), field="target")
    for name, number in (("target", facts.target), ("baseline", facts.baseline)):
        if number is not None and (not number.is_finite() or abs(number) > LARGEST):
            raise RuleBroken(_("This number is out of range."), field=name)
    if facts.target_on is None:
        raise RuleBroken(_("Say until when."), field="target_on")
    if facts.target_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="target_on")
    if facts.direction not in Direction.values:
        raise RuleBroken(_("Choose one of the list."), field="direction")
    if facts.owner is not None and facts.owner.project_id != project.pk:
        raise Party.DoesNotExist
    if facts.policy and not Document.objects.filter(project=project, key=facts.policy).exists():
        raise RuleBroken(_("There is no such document."), field="policy")
    unknown = [each for each in facts.clauses if each not in clause_titles().get(str(project.edition), {})]
    if unknown:
        raise RuleBroken(
            _("The edition of %(edition)s has no clause %(numbers)s.")
            % {"edition": project.edition, "numbers": ", ".join(unknown)[:120]},
            field="clauses",
        )
    cent = Decimal("0.01")
    return {
        "title": title,
        "measure": measure,
        "unit": unit[:40],
        "target": facts.target.quantize(cent),
        "target_on": facts.target_on,
        "direction": str(facts.direction),
        "baseline": None if facts.baseline is None else facts.baseline.quantize(cent),
        "owner": facts.owner,
        "policy": facts.policy,
        "refs": checked_refs(project, facts.refs),
        "clauses": list(dict.fromkeys(facts.clauses)),
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Party) else value


def _tell(
    acting_user: User | None, objective: Objective, action: str, changes: dict[str, object], reason: str = ""
) -> None:
    record_event(
        stream_id=objective.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "objective", objective.key, str(objective), changes, reason),
    )
