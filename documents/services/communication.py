"""The communication and training plan: lines, what was done, and whether it arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line
from documents.choices import Effect, LineKind, LineState
from documents.domain.months import day_after_months
from documents.models import CommunicationLine
from documents.registers_library import ModelLine, model_lines
from documents.services.rows import checked_text, next_key
from phases.models import Phase
from phases.selectors.role_map import entries_of
from projects.models import Party, Project
from projects.services.guards import LAST_DAY, require_capability, write_versioned

CHECK_AFTER = timedelta(days=28)
"""So long after it was done somebody looks whether it arrived, unless another day is given."""
LONGEST_RHYTHM = 36


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a line of the plan says."""

    audience: str
    message: str
    kind: str = LineKind.MESSAGE
    channel: str = ""
    sender: Party | None = None
    sender_role: str = ""
    phase_number: int = 1
    timing: str = ""
    due: date | None = None
    every_months: int = 0
    hours: int = 0
    check_how: str = ""


@transaction.atomic
def take_lines(*, acting_user: User | None, project: Project) -> int:
    """Take over the lines of our list that the project does not have yet. One trail event, or none for none.

    Who holds the role sends it; it is due when its phase ends, until somebody gives a better day. What its occasion
    brings has no day. Raises NotPermitted.
    """
    require_capability(acting_user, "documents.publish", project)
    there = set(CommunicationLine.objects.filter(project=project).values_list("model_key", flat=True))
    wanted = [each for each in model_lines() if each.key not in there]
    phases = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    holders = entries_of(project)
    first = _next_number(project)
    CommunicationLine.objects.bulk_create(
        [
            CommunicationLine(
                project=project,
                key=f"C-{number:03d}",
                kind=each.kind,
                audience=each.audience,
                message=each.message,
                channel=each.channel,
                sender_id=holders.get((each.sender_role, "")),
                sender_role=each.sender_role,
                phase_number=each.phase,
                timing=each.timing,
                due=_first_day(each, phases.get(each.phase)),
                every_months=each.every_months,
                hours=each.hours,
                check_how=each.check,
                model_key=each.key,
                created_at=clock.now(),
            )
            for number, each in enumerate(wanted, start=first)
        ]
    )
    if wanted:
        _tell(acting_user, project, "adopt", "register", "Communication and training", {"lines": [None, len(wanted)]})
    return len(wanted)


@transaction.atomic
def add_line(*, acting_user: User | None, project: Project, facts: LineFacts) -> CommunicationLine:
    """Add a line of the project's own. One trail event. Raises NotPermitted, RuleBroken."""
    require_capability(acting_user, "documents.write", project)
    values = _checked(project, facts)
    row = CommunicationLine.objects.create(
        project=project, key=f"C-{_next_number(project):03d}", created_at=clock.now(), **values
    )
    said = {name: [None, _plain(value)] for name, value in values.items() if value}
    _tell(acting_user, project, "add", row.key, row.message, said)
    return row


@transaction.atomic
def change_line(
    *, acting_user: User | None, project: Project, key: str, version: int, facts: LineFacts
) -> CommunicationLine:
    """Change what a line says. One trail event, or none for no change.

    Raises NotPermitted, StaleWrite, RuleBroken, CommunicationLine.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    row = _own(project, key)
    values = _checked(project, facts)
    pairs = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changes and row.version == version:
        return row
    write_versioned(
        row,
        version=version,
        values=values,
        shown={name.replace("_", " "): pair[0] or "" for name, pair in changes.items()},
        sent={name.replace("_", " "): pair[1] or "" for name, pair in changes.items()},
    )
    _tell(acting_user, project, "change", key, row.message, changes)
    return row


@transaction.atomic
def do_line(
    *,
    acting_user: User | None,
    project: Project,
    key: str,
    version: int,
    done_on: date | None,
    note: str,
    check_on: date | None = None,
) -> CommunicationLine:
    """Note that it was done, and by when somebody looks whether it arrived. One trail event.

    What comes again stays planned, for the next time. Raises NotPermitted, StaleWrite, RuleBroken for a day ahead, no
    note, or a look before it was done; CommunicationLine.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    row = _own(project, key)
    today = clock.today(project.time_zone)
    if row.state == LineState.DROPPED:
        raise RuleBroken(_("This line was dropped. Plan it again first."))
    if done_on is None:
        raise RuleBroken(_("Say on which day."), field="done_on")
    if done_on > today:
        raise RuleBroken(_("This day lies ahead."), field="done_on")
    said = checked_text(note, "note", 500, _("Say in a sentence what was done, and who was there."))
    look = check_on or done_on + CHECK_AFTER
    if look < done_on or look > LAST_DAY:
        raise RuleBroken(_("Look after it was done."), field="check_on")
    values: dict[str, object] = {
        "state": LineState.DONE,
        "done_on": done_on,
        "done_note": said,
        "check_on": look,
        "effect": "",
        "effect_note": "",
        "checked_on": None,
        "checked_by": None,
    }
    if row.every_months:
        values |= {"state": LineState.PLANNED, "due": day_after_months(row.due or done_on, row.every_months, done_on)}
    write_versioned(row, version=version, values=values, shown={}, sent={})
    changes = {"done on": [None, done_on.isoformat()], "look on": [None, look.isoformat()]}
    _tell(acting_user, project, "do", key, row.message, changes, said)
    return row


@transaction.atomic
def check_effect(
    *, acting_user: User, project: Project, key: str, version: int, effect: str, note: str
) -> CommunicationLine:
    """Note whether it arrived, and how one knows. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken where it was not done, or nothing is said; as `do_line`.
    """
    require_capability(acting_user, "documents.write", project)
    row = _own(project, key)
    if row.done_on is None:
        raise RuleBroken(_("It was not done yet: there is nothing to check."))
    if effect not in Effect.values:
        raise RuleBroken(_("Choose one of the list."), field="effect")
    said = checked_text(note, "note", 500, _("Say what you saw: how many, out of how many."))
    today = clock.today(project.time_zone)
    values = {
        "effect": effect,
        "effect_note": said,
        "checked_on": today,
        "checked_by": acting_user,
        "check_on": None,
    }
    write_versioned(row, version=version, values=values, shown={}, sent={})
    _tell(acting_user, project, "check", key, row.message, {"effect": [None, effect]}, said)
    return row


@transaction.atomic
def settle_line(
    *, acting_user: User | None, project: Project, key: str, version: int, state: str, why: str = ""
) -> CommunicationLine:
    """Drop a line with a reason, or plan it again. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken, CommunicationLine.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    row = _own(project, key)
    if state not in (LineState.DROPPED, LineState.PLANNED):
        raise RuleBroken(_("Choose one of the list."), field="state")
    said = clean_line(why)[:300]
    if state == LineState.DROPPED and not said:
        raise RuleBroken(_("Say why it does not count here: the next reader will ask."), field="why")
    before = row.state
    write_versioned(row, version=version, values={"state": state, "state_reason": said}, shown={}, sent={})
    _tell(acting_user, project, "settle", key, row.message, {"state": [before, state]}, said)
    return row


def _first_day(line: ModelLine, phase: Phase | None) -> date | None:
    if phase is None or line.on_event:
        return None
    if line.every_months and phase.start is not None:
        return day_after_months(phase.start, line.every_months, phase.start)
    return phase.end


def _next_number(project: Project) -> int:
    return next_key(CommunicationLine.objects.filter(project=project).values_list("key", flat=True))


def _own(project: Project, key: str) -> CommunicationLine:
    return CommunicationLine.objects.select_related("sender").get(project=project, key=key)


def _checked(project: Project, facts: LineFacts) -> dict[str, object]:
    if facts.kind not in LineKind.values:
        raise RuleBroken(_("Choose one of the list."), field="kind")
    if facts.sender is not None and facts.sender.project_id != project.pk:
        raise Party.DoesNotExist
    if facts.due is not None and facts.due > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="due")
    if not 0 <= facts.every_months <= LONGEST_RHYTHM:
        raise RuleBroken(
            _("Give the months between two times, at most %(most)d.") % {"most": LONGEST_RHYTHM}, field="every_months"
        )
    if not 0 <= facts.hours <= 999:
        raise RuleBroken(_("Give the hours, at most 999."), field="hours")
    if facts.phase_number not in range(5):
        raise RuleBroken(_("Choose one of the list."), field="phase_number")
    return {
        "kind": str(facts.kind),
        "audience": checked_text(facts.audience, "audience", 160, _("Say for whom it is.")),
        "message": checked_text(facts.message, "message", 400, _("Say what they are to know or to be able to do.")),
        "channel": checked_text(facts.channel, "channel", 200),
        "sender": facts.sender,
        "sender_role": checked_text(facts.sender_role, "sender_role", 60),
        "phase_number": facts.phase_number,
        "timing": checked_text(facts.timing, "timing", 160),
        "due": facts.due,
        "every_months": facts.every_months,
        "hours": facts.hours,
        "check_how": checked_text(facts.check_how, "check_how", 300),
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Party) else value


def _tell(
    acting_user: User | None,
    project: Project,
    action: str,
    key: str,
    label: str,
    changes: Mapping[str, object],
    reason: str = "",
) -> None:
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "communication line", key, f"{key} {label}"[:120], changes, reason),
    )
