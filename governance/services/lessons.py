"""Lessons learnt: captured, put right, settled, turned into work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from governance.choices import ActionSource, LessonState
from governance.lesson_permissions import can_work_on
from governance.models import Action, Lesson
from governance.selectors.lessons import active_phase, title_of
from governance.services.actions import ActionWish, add_action
from governance.services.texts import SENT_TWICE
from phases.choices import PHASE_NAMES
from phases.models import ProjectActivity
from phases.permissions import own_party_ids
from phases.selectors.catalogue import texts_for
from phases.services.tailoring.own import OwnActivity, add_own
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import refuse_stale, require, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "lesson"
LONGEST = 4000
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """What somebody says of a lesson. `phase` None is the one at work; `component` "" the whole project."""

    happened: str
    change: str = ""
    why: str = ""
    phase: int | None = None
    component: str = ""
    owner: Party | None = None
    is_shared: bool = True


@transaction.atomic
def capture_lesson(*, acting_user: User | None, project: Project, facts: LessonFacts) -> Lesson:
    """Keep what was learnt. One trail event.

    The same words from the same person within a minute give the lesson that was made of them. Raises NotPermitted,
    RuleBroken at the field that is wrong.
    """
    require_capability(acting_user, "lessons.capture", project)
    stored = _checked(project, facts)
    before = Lesson.objects.filter(
        project=project,
        captured_by=acting_user,
        happened=stored["happened"],
        change=stored["change"],
        captured_at__gt=clock.now() - SENT_TWICE,
    ).first()
    if before is not None:
        return before
    lesson = Lesson.objects.create(
        project=project,
        ref=next_ref(project, "L"),
        captured_by=acting_user,
        captured_at=clock.now(),
        **stored,
    )
    _record(
        acting_user,
        lesson,
        "capture",
        {name: _plain(value) for name, value in stored.items() if value not in ("", None)},
    )
    return lesson


@transaction.atomic
def change_lesson(*, acting_user: User | None, project: Project, ref: str, version: int, facts: LessonFacts) -> Lesson:
    """Put a lesson right. One trail event, or none where nothing changes.

    Who captured it, its owner and who settles lessons may. Raises NotPermitted, RuleBroken, StaleWrite,
    Lesson.DoesNotExist.
    """
    lesson = _to_work_on(acting_user, project, ref)
    stored = _checked(project, facts, was=lesson)
    changes = {name: [_plain(getattr(lesson, name)), _plain(value)] for name, value in stored.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and lesson.version == version:
        return lesson
    labels = field_labels()
    write_versioned(
        lesson,
        version=version,
        values=stored,
        shown={labels[name]: _shown(pair[0]) for name, pair in changes.items()},
        sent={labels[name]: _shown(pair[1]) for name, pair in changes.items()},
    )
    _record(acting_user, lesson, "change", changes)
    return lesson


@transaction.atomic
def settle_lesson(
    *, acting_user: User | None, project: Project, ref: str, version: int, state: str, note: str = ""
) -> Lesson:
    """Say what became of a lesson: acted on, noted with nothing to do, or to be acted on again.

    The first two need words. Who captured it, its owner and who settles lessons may. Raises NotPermitted, RuleBroken,
    StaleWrite, Lesson.DoesNotExist.
    """
    lesson = _to_work_on(acting_user, project, ref)
    if state not in LessonState.values:
        raise RuleBroken(_("There is no such state."), field="state")
    said = clean_line(note)
    if len(said) > LONGEST_NOTE:
        raise RuleBroken(_("Give %(most)d characters at most.") % {"most": LONGEST_NOTE}, field="note")
    if not said and state == LessonState.APPLIED:
        raise RuleBroken(_("Say in a line what was done."), field="note")
    if not said and state == LessonState.NOTED:
        raise RuleBroken(_("Say in a line why nothing is to be done."), field="note")
    if (state, said) == (lesson.state, lesson.state_note) and lesson.version == version:
        return lesson
    _settle(acting_user, lesson, version, state, said)
    return lesson


@transaction.atomic
def make_activity(
    *,
    acting_user: User | None,
    project: Project,
    ref: str,
    version: int,
    said: OwnActivity,
    phases: Sequence[int],
    reason: str,
) -> ProjectActivity:
    """Make an activity of the plan's own of a lesson, which is then acted on.

    Raises NotPermitted, RuleBroken at the field that is wrong, StaleWrite, Lesson.DoesNotExist.
    """
    require_capability(acting_user, "lessons.manage", project)
    lesson = _own(project, ref)
    refuse_stale(lesson, version=version, **_became(lesson))
    activity = add_own(acting_user=acting_user, project=project, said=said, phases=phases, reason=reason, once=True)
    note = _("It became activity %(ref)s.") % {"ref": activity.ref}
    _settle(acting_user, lesson, version, LessonState.APPLIED, note, made_activity=activity.ref)
    return activity


@transaction.atomic
def make_action(
    *,
    acting_user: User | None,
    project: Project,
    ref: str,
    version: int,
    text: str,
    owner: Party | None,
    due: date | None,
) -> Action:
    """Make an action of a lesson, which is then acted on. Raises NotPermitted, RuleBroken, StaleWrite."""
    require_capability(acting_user, "lessons.manage", project)
    lesson = _own(project, ref)
    refuse_stale(lesson, version=version, **_became(lesson))
    wish = ActionWish(text, owner, due)
    action = add_action(acting_user=acting_user, project=project, wish=wish, source=ActionSource.LESSON, lesson=lesson)
    _settle(acting_user, lesson, version, LessonState.APPLIED, _("It became action %(ref)s.") % {"ref": action.ref})
    return action


def field_labels() -> Mapping[str, str]:
    """What the fields of a lesson are called."""
    return {
        "happened": _("What happened"),
        "why": _("Why"),
        "change": _("What changes"),
        "phase_number": _("Phase"),
        "component": _("Component"),
        "owner": _("Owner"),
        "is_shared": _("Shared"),
        "state": _("State"),
        "state_note": _("What became of it"),
    }


def _settle(acting_user: User | None, lesson: Lesson, version: int, state: str, note: str, **more: Any) -> None:
    before = LessonState(lesson.state)
    write_versioned(
        lesson,
        version=version,
        values={"state": state, "state_note": note[:LONGEST_NOTE], **more},
        shown={_("State"): before.label, _("What became of it"): lesson.state_note},
        sent={_("State"): LessonState(state).label, _("What became of it"): note},
    )
    _record(acting_user, lesson, "settle", {"state": [before.value, str(state)], "outcome": [None, note]})


def _became(lesson: Lesson) -> dict[str, dict[str, Any]]:
    """What a person compares who turned a lesson into work that somebody else has changed meanwhile."""
    return {
        "shown": {_("State"): lesson.get_state_display(), _("What became of it"): lesson.state_note},
        "sent": {_("State"): LessonState.APPLIED.label, _("What became of it"): ""},
    }


def _own(project: Project, ref: str) -> Lesson:
    lesson = Lesson.objects.select_related("owner").get(project=project, ref=ref)
    lesson.project = project
    return lesson


def _to_work_on(acting_user: User | None, project: Project, ref: str) -> Lesson:
    require_capability(acting_user, "lessons.capture", project)
    lesson = _own(project, ref)
    own = own_party_ids(project, acting_user)
    require(can_work_on(access_to(project, acting_user), acting_user, lesson, own))
    return lesson


def _check_party(project: Project, owner: Party) -> None:
    if owner.project_id != project.pk or not owner.is_active:
        raise RuleBroken(_("Choose a party of this project."), field="owner")


def _text(text: str, field: str) -> str:
    kept = clean_text(text)
    if len(kept) > LONGEST:
        raise RuleBroken(_("Give %(most)d characters at most.") % {"most": LONGEST}, field=field)
    return kept


def _checked(project: Project, facts: LessonFacts, was: Lesson | None = None) -> dict[str, Any]:
    happened = _text(facts.happened, "happened")
    if sum(letter.isalpha() for letter in happened) < 2:
        raise RuleBroken(_("Say what happened. One sentence is enough."), field="happened")
    phase = facts.phase if facts.phase is not None else active_phase(project)
    if phase not in PHASE_NAMES:
        raise RuleBroken(_("Choose a phase."), field="phase")
    if facts.component and facts.component not in texts_for(project).components:
        raise RuleBroken(_("Choose a component of the catalogue."), field="component")
    if facts.owner is not None and (was is None or was.owner_id != facts.owner.pk):
        _check_party(project, facts.owner)
    return {
        "happened": happened,
        "why": _text(facts.why, "why"),
        "change": _text(facts.change, "change"),
        "phase_number": phase,
        "component": facts.component,
        "owner": facts.owner,
        "is_shared": facts.is_shared,
    }


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Party) else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _record(acting_user: User | None, lesson: Lesson, action: str, changes: Mapping[str, Any]) -> None:
    record_event(
        stream_id=lesson.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, lesson.ref, title_of(lesson), changes),
    )
