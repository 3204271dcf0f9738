"""What somebody must do for the committee: given, done, changed, dropped. A condition of a decision is one too."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from governance.choices import ActionSource, ActionState
from governance.models import Action, Decision, Lesson, Meeting
from governance.permissions import may_change_action, may_do_action
from governance.services.decision_telling import tell_of_action
from governance.services.texts import SENT_TWICE, day_to_come, line, lines
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

LONGEST = 300


@dataclass(frozen=True, slots=True)
class ActionWish:
    """What is to be done, by whom and until when."""

    text: str
    owner: Party | None
    due: date | None


@transaction.atomic
def add_action(
    *,
    acting_user: User | None,
    project: Project,
    wish: ActionWish,
    source: str = ActionSource.COMMITTEE,
    meeting: Meeting | None = None,
    lesson: Lesson | None = None,
) -> Action:
    """Give somebody an action. One trail event.

    The same from the same person within a minute gives the action that was made of it.
    Raises NotPermitted, RuleBroken for words, an owner or a day that are missing, DoesNotExist for rows of another
    project. Conditions come with the decision that they belong to.
    """
    require_capability(acting_user, "governance.prepare", project)
    if source == ActionSource.CONDITION:
        raise RuleBroken(_("A condition comes with its decision."))
    if meeting is not None and meeting.project_id != project.pk:
        raise Meeting.DoesNotExist
    if lesson is not None and lesson.project_id != project.pk:
        raise Lesson.DoesNotExist
    before = Action.objects.filter(
        project=project,
        source=source,
        meeting=meeting,
        lesson=lesson,
        created_by=acting_user,
        created_at__gt=clock.now() - SENT_TWICE,
        **_checked(project, wish),
    ).first()
    if before is not None:
        return before
    row = make_action(acting_user, project, wish, source=source, meeting=meeting, lesson=lesson)
    tell_of_action(acting_user, row, "add", _said(row))
    return row


def make_action(
    acting_user: User | None,
    project: Project,
    wish: ActionWish,
    *,
    source: str,
    decision: Decision | None = None,
    meeting: Meeting | None = None,
    lesson: Lesson | None = None,
) -> Action:
    """The row of an action, once its words hold, without a trail event of its own. Raises RuleBroken."""
    values = _checked(project, wish)
    return Action.objects.create(
        project=project,
        ref=next_ref(project, "A"),
        source=source,
        decision=decision,
        meeting=meeting,
        lesson=lesson,
        created_by=acting_user,
        created_at=clock.now(),
        **values,
    )


@transaction.atomic
def change_action(*, acting_user: User | None, action: Action, version: int, wish: ActionWish, why: str = "") -> Action:
    """Change an open action. One trail event, or none. Its words are those of the decision where it is a condition.

    Raises NotPermitted (a condition is the chair's to change), StaleWrite, RuleBroken, and without a reason for a
    condition.
    """
    fresh = _own(action)
    require(may_change_action(fresh, access_to(fresh.project, acting_user)))
    _refuse_settled(fresh)
    if fresh.is_condition and wish.text.strip() != fresh.text:
        raise RuleBroken(_("The words of a condition stay as they were decided."), field="text")
    values = _checked(fresh.project, wish, before=fresh)
    changes = {name: (getattr(fresh, name), value) for name, value in values.items() if getattr(fresh, name) != value}
    if not changes:
        return fresh
    needed = _("Say why the condition changes: the decision depends on it.") if fresh.is_condition else ""
    said = line(why, "why", 300, needed=needed)
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("Action"): fresh.text, _("Owner"): fresh.owner or "", _("Due"): fresh.due},
        sent={_("Action"): values["text"], _("Owner"): values["owner"] or "", _("Due"): values["due"]},
    )
    tell_of_action(
        acting_user,
        fresh,
        "change",
        {name: [_plain(before), _plain(after)] for name, (before, after) in changes.items()},
        reason=said,
    )
    return fresh


@transaction.atomic
def finish_action(
    *, acting_user: User | None, action: Action, version: int, note: str, done_on: date | None = None
) -> Action:
    """Say that an action is done, since when (today) and by what. One trail event.

    Its owner may, and who prepares for the committee. Raises NotPermitted, StaleWrite, RuleBroken without a note, for
    one that is settled, or a day to come.
    """
    fresh = _own(action)
    require(may_do_action(fresh, access_to(fresh.project, acting_user)))
    _refuse_settled(fresh)
    said = lines(note, "note", 2000, needed=_("Say what was done: who reads the decision wants to know."))
    today = clock.today(fresh.project.time_zone)
    day = done_on or today
    if day > today:
        raise RuleBroken(_("This day lies ahead."), field="done_on")
    if day < clock.day_of(fresh.created_at, fresh.project.time_zone):
        raise RuleBroken(_("The action did not exist then."), field="done_on")
    write_versioned(
        fresh,
        version=version,
        values={"state": ActionState.DONE, "done_on": day, "done_note": said, "done_by": acting_user},
        shown={_("State"): ActionState(fresh.state).label},
        sent={_("State"): ActionState.DONE.label},
    )
    tell_of_action(acting_user, fresh, "finish", {"done on": [None, day.isoformat()]}, reason=said)
    return fresh


@transaction.atomic
def drop_action(*, acting_user: User | None, action: Action, version: int, why: str) -> Action:
    """Let an action go, with words. One trail event. A condition is the chair's to let go, and never silently.

    Raises NotPermitted, StaleWrite, RuleBroken without words or for one that is settled.
    """
    fresh = _own(action)
    require(may_change_action(fresh, access_to(fresh.project, acting_user)))
    _refuse_settled(fresh)
    said = lines(why, "why", 2000, needed=_("Say why it is dropped: it stays on the list with your words."))
    write_versioned(
        fresh,
        version=version,
        values={"state": ActionState.DROPPED, "done_note": said, "done_by": acting_user},
        shown={_("State"): ActionState(fresh.state).label},
        sent={_("State"): ActionState.DROPPED.label},
    )
    tell_of_action(acting_user, fresh, "drop", {"condition": fresh.is_condition}, reason=said)
    return fresh


@transaction.atomic
def take_up_action(*, acting_user: User | None, action: Action, version: int, why: str) -> Action:
    """Open a settled action again, with words. One trail event. Raises NotPermitted, StaleWrite, RuleBroken."""
    fresh = _own(action)
    require(may_change_action(fresh, access_to(fresh.project, acting_user)))
    if fresh.state == ActionState.OPEN:
        raise RuleBroken(_("It is open."))
    said = lines(why, "why", 300, needed=_("Say why it is open again."))
    before = fresh.state
    write_versioned(
        fresh,
        version=version,
        values={"state": ActionState.OPEN, "done_on": None, "done_note": "", "done_by": None},
        shown={_("State"): ActionState(before).label},
        sent={_("State"): ActionState.OPEN.label},
    )
    tell_of_action(acting_user, fresh, "take up", {"state": [before, fresh.state]}, reason=said)
    return fresh


def _own(action: Action) -> Action:
    """The action as it stands now, its project locked for the rest of the transaction."""
    project = action.project
    lock_project(project)
    fresh = Action.objects.select_related("owner", "decision").get(pk=action.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def _refuse_settled(action: Action) -> None:
    if action.state != ActionState.OPEN:
        state = str(ActionState(action.state).label).lower()
        raise RuleBroken(_("%(ref)s is %(state)s already.") % {"ref": action.ref, "state": state})


def _checked(project: Project, wish: ActionWish, before: Action | None = None) -> dict[str, object]:
    if wish.owner is None:
        raise RuleBroken(_("Say who does it."), field="owner")
    if wish.owner.project_id != project.pk:
        raise Party.DoesNotExist
    due = wish.due
    if before is None or due != before.due:
        due = day_to_come(due, "due", project, needed=_("Say by when it is to be done."))
    return {
        "text": line(wish.text, "text", LONGEST, needed=_("Say what is to be done.")),
        "owner": wish.owner,
        "due": due,
    }


def _said(row: Action) -> dict[str, object]:
    return {"owner": [None, row.owner.name if row.owner else None], "due": [None, row.due.isoformat()]}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Party) else value
