"""What waits for a meeting of the committee, as an agenda that people go on writing."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.domain.risks import Level, Trend
from businesscase.selectors.risks import register_of
from common import clock
from governance.choices import GATES, ActionState, DecisionKind, DecisionState, MeetingState
from governance.models import Action, Decision, Meeting
from governance.selectors.gates import gate_standing
from phases.choices import PHASE_NAMES
from phases.models import Phase
from phases.selectors.dashboard import current_phase
from projects.models import Project

GATE_IS_NEAR = timedelta(days=45)
MOST_OF_A_KIND = 8
TOP_RISKS = 3


def proposed_agenda(project: Project, day: date) -> str:
    """An agenda in Markdown for a meeting on `day`, from what waits today.

    Minutes to approve, decisions asked for, the gate that is near, what is late, the top risks. Seven queries, and
    those of one gate where it is near.
    """
    points = [
        (_("Minutes of the last meeting"), _minutes(project, day)),
        (_("Where the project stands, from the board pack"), []),
        (_("Decisions asked of the committee"), _decisions(project)),
        (_("The next gate"), _gate(project, day)),
        (_("Conditions and actions that are late"), _late(project)),
        (_("Top risks"), _risks(project)),
    ]
    # What a meeting always talks about stays without lines below it.
    kept = [(title, lines) for place, (title, lines) in enumerate(points) if lines or place == 1]
    kept.append((_("Next meeting"), []))
    return "\n".join(
        "\n".join([f"{number}. {title}", *(f"   - {line}" for line in lines)])
        for number, (title, lines) in enumerate(kept, start=1)
    )


def _minutes(project: Project, day: date) -> list[str]:
    waiting = Meeting.objects.filter(
        project=project,
        state=MeetingState.HELD,
        minutes_approved_at=None,
        starts_at__lt=clock.start_of(day, project.time_zone),
    )
    return [
        _("%(ref)s of %(day)s: to approve")
        % {"ref": meeting.ref, "day": _day(clock.day_of(meeting.starts_at, project.time_zone))}
        for meeting in waiting
    ]


def _decisions(project: Project) -> list[str]:
    asked = Decision.objects.filter(project=project, state=DecisionState.ASKED).defer("frozen").order_by("decide_by")
    return _some(
        _("%(ref)s %(title)s (by %(day)s)") % {"ref": each.ref, "title": each.title, "day": _day(each.decide_by)}
        for each in asked
    )


def _gate(project: Project, day: date) -> list[str]:
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    if not phases:
        return []
    phase = current_phase(phases)
    if phase.number not in GATES:
        return []
    asked = Decision.objects.filter(
        project=project, kind=DecisionKind.GATE, gate_number=phase.number, state=DecisionState.ASKED
    ).exists()
    standing = gate_standing(project, phase.number) if asked or _is_near(phase, day) else None
    if standing is None or standing.decision is not None:
        return []
    what = _("Gate %(number)d, end of phase %(number)d %(name)s") % {
        "number": phase.number,
        "name": PHASE_NAMES[phase.number],
    }
    held_up = len(standing.open)
    said = (
        ngettext("%(n)d criterion open", "%(n)d criteria open", held_up) % {"n": held_up}
        if held_up
        else _("all criteria met or waived")
    )
    return [f"{what}: {said}"]


def _is_near(phase: Phase, day: date) -> bool:
    return phase.end is not None and phase.end - day <= GATE_IS_NEAR


def _late(project: Project) -> list[str]:
    today = clock.today(project.time_zone)
    late = Action.objects.filter(project=project, state=ActionState.OPEN, due__lt=today).select_related("owner")
    return _some(
        _("%(ref)s %(text)s (%(who)s, due %(day)s)")
        % {"ref": each.ref, "text": each.text, "who": each.owner or _("nobody"), "day": _day(each.due)}
        for each in late
    )


def _risks(project: Project) -> list[str]:
    lines = [each for each in register_of(project).open if each.level == Level.HIGH][:TOP_RISKS]
    return [
        _("%(ref)s %(title)s (%(trend)s)")
        % {
            "ref": each.risk.ref,
            "title": each.risk.title,
            "trend": _("rising") if each.trend is Trend.RISING else _("high"),
        }
        for each in lines
    ]


def _some(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    more = len(every) - MOST_OF_A_KIND
    if more <= 0:
        return every
    return [*every[:MOST_OF_A_KIND], ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}]


def _day(day: date) -> str:
    return date_format(day, "j M Y")
