"""The register of improvements: proposed, decided on, carried out, measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import ImprovementSource, ImprovementState, Priority
from audits.domain.improving import DECIDED, MOVES, WORDED, effect_of
from audits.models import AuditFinding, Improvement, Review
from audits.review_permissions import may_change_improvement, may_work_on_improvement
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from documents.models import Objective
from governance.models import Lesson
from governance.services.texts import line, lines
from phases.selectors.catalogue import texts_for
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "improvement"
MOST = Decimal("999999999999.99")
ACTS: Mapping[tuple[str, str], str] = {
    (ImprovementState.PROPOSED, ImprovementState.APPROVED): "approve",
    (ImprovementState.APPROVED, ImprovementState.UNDERWAY): "begin",
    (ImprovementState.APPROVED, ImprovementState.DONE): "finish",
    (ImprovementState.UNDERWAY, ImprovementState.DONE): "finish",
    (ImprovementState.DONE, ImprovementState.UNDERWAY): "take up",
    (ImprovementState.MEASURED, ImprovementState.UNDERWAY): "take up",
    (ImprovementState.REJECTED, ImprovementState.PROPOSED): "take up",
}


@dataclass(frozen=True, slots=True)
class ImprovementFacts:
    """What somebody says of an improvement.

    `measure` is what will show that it helped, `before` and `target` are in `unit`.
    """

    title: str
    source: str
    description: str = ""
    benefit: str = ""
    priority: int = Priority.MEDIUM
    component: str = ""
    owner: Party | None = None
    due: date | None = None
    measure: str = ""
    unit: str = ""
    before: Decimal | None = None
    target: Decimal | None = None
    objective: Objective | None = None


@transaction.atomic
def propose_improvement(
    *,
    acting_user: User | None,
    project: Project,
    facts: ImprovementFacts,
    finding: AuditFinding | None = None,
    lesson: Lesson | None = None,
    review: Review | None = None,
) -> Improvement:
    """Put an improvement on the register. One trail event.

    A finding or a lesson becomes one improvement at most: asked again, that one is given. Raises NotPermitted,
    RuleBroken at the field that is wrong, DoesNotExist for what belongs to another project.
    """
    require_capability(acting_user, "improvements.propose", project)
    for origin in (finding, lesson, review):
        if origin is not None and origin.project_id != project.pk:
            raise type(origin).DoesNotExist
    for name, origin in (("finding", finding), ("lesson", lesson)):
        made = Improvement.objects.filter(project=project, **{name: origin}).first() if origin is not None else None
        if made is not None:
            return made
    values = _checked(project, facts)
    row = Improvement.objects.create(
        project=project,
        ref=next_ref(project, "I"),
        finding=finding,
        lesson=lesson,
        review=review,
        proposed_by=acting_user,
        proposed_at=clock.now(),
        **values,
    )
    origin = finding or lesson or review
    said = {name: _plain(value) for name, value in values.items() if value not in ("", None)}
    _record(acting_user, row, "propose", said | ({"from": origin.ref} if origin is not None else {}))
    return row


@transaction.atomic
def change_improvement(
    *, acting_user: User | None, project: Project, ref: str, version: int, facts: ImprovementFacts
) -> Improvement:
    """Put an improvement right that is not measured or dropped. One trail event, or none where nothing changes.

    Raises NotPermitted, RuleBroken, StaleWrite, Improvement.DoesNotExist.
    """
    row = _own(project, ref)
    require(may_change_improvement(row, access_to(project, acting_user)))
    if row.state in (ImprovementState.MEASURED, ImprovementState.REJECTED):
        raise RuleBroken(_("It is settled. Take it up again first."))
    values = _checked(project, facts, was=row)
    changes = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and row.version == version:
        return row
    labels = field_labels()
    write_versioned(
        row,
        version=version,
        values=values,
        shown={labels[name]: "" if pair[0] is None else pair[0] for name, pair in changes.items()},
        sent={labels[name]: "" if pair[1] is None else pair[1] for name, pair in changes.items()},
    )
    _record(acting_user, row, "change", changes)
    return row


@transaction.atomic
def move_improvement(
    *, acting_user: User | None, project: Project, ref: str, version: int, state: str, words: str = ""
) -> Improvement:
    """Approve an improvement, begin or finish it, let it go, or take it up again. One trail event.

    Decisions are for who decides on improvements; the rest is the owner's too. One that begins has an owner. Letting
    go and taking up again need words. Raises NotPermitted, RuleBroken, StaleWrite, Improvement.DoesNotExist.
    """
    row = _own(project, ref)
    access = access_to(project, acting_user)
    step = (row.state, state)
    require(access.can("improvements.decide") if step in DECIDED else may_work_on_improvement(row, access))
    if state == ImprovementState.MEASURED:
        raise RuleBroken(_("Say what the improvement brought."), field="effect")
    if row.version == version and state not in MOVES[row.state]:
        raise RuleBroken(
            _("%(ref)s is “%(state)s”: it does not go on to that from here.")
            % {"ref": row.ref, "state": row.get_state_display()}
        )
    needed = _("Say why: it stays on the register with your words.") if step in WORDED else ""
    said = line(words, "words", 300, needed=needed)
    if state in (ImprovementState.APPROVED, ImprovementState.UNDERWAY, ImprovementState.DONE) and row.owner_id is None:
        raise RuleBroken(_("Nobody owns it yet. Name an owner first, then it can go on."), field="owner")
    values: dict[str, Any] = {"state": state, "state_reason": said}
    if row.state == ImprovementState.MEASURED:
        values |= {"measured_on": None}
    before = row.state
    write_versioned(
        row,
        version=version,
        values=values,
        shown={_("State"): row.get_state_display()},
        sent={_("State"): ImprovementState(state).label},
    )
    action = "reject" if state == ImprovementState.REJECTED else ACTS[step]
    _record(acting_user, row, action, {"state": [before, state]}, said)
    return row


@transaction.atomic
def measure_improvement(
    *,
    acting_user: User | None,
    project: Project,
    ref: str,
    version: int,
    effect: str,
    after: Decimal | None = None,
    measured_on: date | None = None,
) -> Improvement:
    """Say what an improvement that is done brought: in words, and in its unit where it has a measure.

    One trail event. Raises NotPermitted, RuleBroken at the field that is wrong, StaleWrite, DoesNotExist.
    """
    row = _own(project, ref)
    require(may_work_on_improvement(row, access_to(project, acting_user)))
    if row.version == version and row.state != ImprovementState.DONE:
        raise RuleBroken(_("What it brought can be said once it is done."))
    said = lines(effect, "effect", needed=_("Say what it brought. “Nothing” is an answer, too."))
    if after is None and (row.before is not None or row.target is not None):
        raise RuleBroken(
            _("Give what was measured afterwards: it has a figure from before or a target."), field="after"
        )
    today = clock.today(project.time_zone)
    day = measured_on or today
    if day > today:
        raise RuleBroken(_("This day lies ahead."), field="measured_on")
    if day < clock.day_of(row.proposed_at, project.time_zone):
        raise RuleBroken(_("It was not proposed then."), field="measured_on")
    values = {
        "state": ImprovementState.MEASURED,
        "state_reason": "",
        "effect": said,
        "after": _figure(after, "after"),
        "measured_on": day,
    }
    write_versioned(
        row,
        version=version,
        values=values,
        shown={_("State"): row.get_state_display(), _("Effect"): row.effect},
        sent={_("State"): ImprovementState.MEASURED.label, _("Effect"): said},
    )
    reached = effect_of(row.before, row.target, row.after).reached
    _record(
        acting_user,
        row,
        "measure",
        {"before": _plain(row.before), "target": _plain(row.target), "after": _plain(row.after), "reached": reached},
        said[:300],
    )
    return row


def field_labels() -> Mapping[str, str]:
    """What the fields of an improvement are called."""
    return {
        "title": _("What gets better"),
        "source": _("Source"),
        "description": _("What is to be done"),
        "benefit": _("Benefit"),
        "priority": _("Priority"),
        "component": _("Component"),
        "owner": _("Owner"),
        "due": _("Due"),
        "measure": _("Measure"),
        "unit": _("Unit"),
        "before": _("Before"),
        "target": _("Target"),
        "objective": _("Objective"),
    }


def _own(project: Project, ref: str) -> Improvement:
    """The improvement as it stands now, its project locked for the rest of the transaction."""
    lock_project(project)
    row = Improvement.objects.select_related("owner", "objective").get(project=project, ref=ref)
    row.project = project
    return row


def _checked(project: Project, facts: ImprovementFacts, was: Improvement | None = None) -> dict[str, Any]:
    if facts.source not in ImprovementSource.values:
        raise RuleBroken(_("Choose where it comes from."), field="source")
    if facts.priority not in Priority.values:
        raise RuleBroken(_("Choose a priority."), field="priority")
    if facts.component and facts.component not in texts_for(project).components:
        raise RuleBroken(_("Choose a component of the catalogue."), field="component")
    if facts.owner is not None and (facts.owner.project_id != project.pk or not facts.owner.is_active):
        raise RuleBroken(_("Choose a party of this project."), field="owner")
    if facts.objective is not None and facts.objective.project_id != project.pk:
        raise RuleBroken(_("Choose an objective of this project."), field="objective")
    if was is not None and was.state not in (ImprovementState.PROPOSED,) and facts.owner is None:
        raise RuleBroken(_("It goes on: somebody must own it."), field="owner")
    due = facts.due
    if due is not None and (was is None or due != was.due):
        if due < clock.today(project.time_zone):
            raise RuleBroken(_("This day has gone by."), field="due")
        if due > LAST_DAY:
            raise RuleBroken(_("This is too far off."), field="due")
    return {
        "title": line(facts.title, "title", 160, needed=_("Say in a line what gets better.")),
        "source": facts.source,
        "description": lines(facts.description, "description"),
        "benefit": lines(facts.benefit, "benefit"),
        "priority": facts.priority,
        "component": facts.component,
        "owner": facts.owner,
        "due": due,
        "measure": line(facts.measure, "measure", 200),
        "unit": line(facts.unit, "unit", 40),
        "before": _figure(facts.before, "before"),
        "target": _figure(facts.target, "target"),
        "objective": facts.objective,
    }


def _figure(value: Decimal | None, field: str) -> Decimal | None:
    if value is None:
        return None
    if not value.is_finite() or abs(value) > MOST:
        raise RuleBroken(_("This figure is too large."), field=field)
    return value.quantize(Decimal("0.01"))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Objective):
        return value.key
    return value.name if isinstance(value, Party) else value


def _record(
    acting_user: User | None, row: Improvement, action: str, changes: Mapping[str, Any], reason: str = ""
) -> None:
    record_event(
        stream_id=row.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, row.ref, row.title[:120], dict(changes), reason),
    )
