"""The committee's one page as one value: today, or at the end of a past day.

Figures of phases always come from the way that `show_figures` goes. The rest of a past day comes from the board that
was kept of it; without one, from rows with their times, and money and risks from the newest board kept before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from common import clock
from common.canonical import sha256_of
from governance.choices import LAST_GATE, MeetingState
from governance.domain.board import (
    Board,
    ComponentFigures,
    GateLine,
    Milestone,
    PhaseFigures,
    board_from_plain,
)
from governance.domain.next_gate import gate_day
from governance.models import BoardSnapshot, Meeting, Oversight
from governance.registries import board_findings
from governance.selectors.steering_record import (
    Moment,
    actions_of,
    decisions_at,
    gates_at,
    lessons_at,
    meetings_at,
    open_actions,
    outcomes_at,
)
from governance.selectors.steering_worth import assessments_at, money_of, risks_of
from phases.choices import PHASE_NAMES
from phases.models import Phase
from phases.selectors.catalogue import texts_for
from phases.selectors.catalogue_components import components_of, per_phase
from phases.selectors.outlook import stage_audits
from phases.selectors.standing import ProjectStanding, standing_of
from projects.choices import ProjectRole
from projects.models import Membership, Project

MOST_MEETINGS = 8
COMPARED_DAYS = 28
"""Without a meeting before, health and slippage are compared with so many days ago."""
OUTCOMES = "2010"
Reached = frozenset[tuple[int, str]]


def board_of(project: Project, day: date | None = None, phases: Sequence[Phase] | None = None) -> Board:
    """The page of `project` at the end of `day` (default today), in a number of queries that no row changes.

    Raises ValueError for a day that `plan_at` refuses.
    """
    today = clock.today(project.time_zone)
    if day is None or day == today:
        return _composed(project, standing_of(project, today, phases), Moment(project, today))
    found = standing_of(project, day, phases)
    kept = kept_board(project, day)
    if kept is not None and kept.day == day:
        return _with_figures(kept, project, found)
    moment = Moment(project, day, clock.end_of(day, project.time_zone))
    board = _composed(project, found, moment)
    if kept is None:
        return replace(board, findings=None, loose=("money", "risks"))
    return replace(
        board,
        money=kept.money,
        risks=kept.risks,
        risks_open=kept.risks_open,
        findings=kept.findings,
        manager=kept.manager,
        committee=kept.committee,
        rest_on=kept.day,
    )


def board_to_keep(project: Project, day: date) -> Board:
    """The board of `day` to be kept: of a day that is just over, money and risks as they stand now."""
    if day == clock.today(project.time_zone):
        return board_of(project)
    moment = Moment(project, day, clock.end_of(day, project.time_zone))
    return _composed(project, standing_of(project, day), moment)


def kept_board(project: Project, day: date) -> Board | None:
    """The newest board that was kept of `day` or before; None where none can be read. One query."""
    row = BoardSnapshot.objects.filter(project=project, day__lte=day).order_by("-day").first()
    if row is None or sha256_of(row.content) != row.sha256:
        return None
    try:
        return board_from_plain(row.content)
    except ValueError:
        return None


def days_of_meetings(project: Project) -> list[date]:
    """The days of the last meetings that were held, newest first. One query."""
    held = Meeting.objects.filter(project=project, state=MeetingState.HELD).order_by("-starts_at", "-pk")
    return [
        clock.day_of(instant, project.time_zone) for instant in held.values_list("starts_at", flat=True)[:MOST_MEETINGS]
    ]


def _with_figures(kept: Board, project: Project, found: ProjectStanding) -> Board:
    """`kept` with the figures that the end of its day came to: it may have been kept in the middle of it."""
    counts = {each.number: each for each in kept.phases}
    standing = found.standing
    return replace(
        kept,
        phase=standing.phase.number,
        phases=tuple(
            replace(
                each,
                outcomes=counts[each.number].outcomes,
                attested=counts[each.number].attested,
                confirmed=counts[each.number].confirmed,
            )
            for each in _phases(project, found)
        ),
        components=_components(project, found),
        health=standing.health.level,
        rules=_rules(found),
        gate_forecast=standing.gate,
        slip=standing.slip,
        figures_from=found.plan.source,
    )


def _composed(project: Project, found: ProjectStanding, moment: Moment) -> Board:
    standing = found.standing
    actions = actions_of(project)
    asked, decided = decisions_at(moment, actions)
    coming, held = meetings_at(moment)
    since = held.day if held is not None else None
    gates = gates_at(moment, decided, {each.number: each.end for each in found.plan.phases})
    day = moment.day - timedelta(days=1)
    earlier = kept_board(project, min(since, day) if since is not None else moment.day - timedelta(days=COMPARED_DAYS))
    risks, risks_open = risks_of(moment)
    return Board(
        project=project.name,
        organization=project.organization.name,
        day=moment.day,
        phase=standing.phase.number,
        phases=_phases(project, found, outcomes_at(moment, OUTCOMES)),
        health=standing.health.level,
        rules=_rules(found),
        was=earlier.health if earlier is not None else "",
        was_on=earlier.day if earlier is not None else None,
        manager=_manager(project),
        committee=_committee(project),
        gate_forecast=standing.gate,
        slip=standing.slip,
        baseline=found.reference.name,
        next_meeting=coming,
        last_meeting=held,
        gates=gates,
        asked=asked,
        decided=decided,
        components=_components(project, found),
        money=money_of(project),
        risks=risks,
        risks_open=risks_open,
        milestones=_milestones(found, gates, earlier),
        edition=project.edition,
        assessments=assessments_at(moment),
        actions=open_actions(actions, moment),
        lessons=lessons_at(moment, since),
        findings=tuple(line for read in board_findings for line in read(project, moment.day)),
        figures_from=found.plan.source,
    )


def _rules(found: ProjectStanding) -> tuple[tuple[str, str, int, int], ...]:
    return tuple((rule.key, rule.level, rule.value, rule.of) for rule in found.standing.health.rules)


def _phases(
    project: Project, found: ProjectStanding, outcomes: tuple[Reached, Reached] = (frozenset(), frozenset())
) -> tuple[PhaseFigures, ...]:
    """The phases with their figures; `outcomes` are those attested and those confirmed."""
    texts = texts_for(project)
    promised = {each.code: per_phase(each.texts.get("outcomes_2010") or {}) for each in components_of(texts)}
    carried: dict[int, int] = {}
    for row in found.plan.rows:
        carried[row.phase] = carried.get(row.phase, 0) + row.carried
    lines = []
    for phase in found.plan.phases:
        tally = found.figures.phases.get(phase.number)
        counts: dict[str, Any] = {}
        if tally is not None:
            counts = {**tally.as_contract(), "planned": tally.planned_by_today}
        # What the plan has no work for is not expected of the phase.
        expected = {
            (phase.number, code)
            for code, by_phase in found.figures.components.items()
            if promised.get(code, {}).get(phase.number)
            and phase.number in by_phase
            and by_phase[phase.number].applicable
        }
        lines.append(
            PhaseFigures(
                number=phase.number,
                name=str(PHASE_NAMES[phase.number]),
                state=phase.state,
                start=phase.start,
                end=phase.end,
                started_on=phase.started_on,
                closed_on=phase.closed_on,
                carried=carried.get(phase.number, 0),
                outcomes=len(expected),
                attested=len(expected & outcomes[0]),
                confirmed=len(expected & outcomes[1]),
                **counts,
            )
        )
    return tuple(lines)


def _components(project: Project, found: ProjectStanding) -> tuple[ComponentFigures, ...]:
    """The components of the phase that the project is in, the furthest behind first."""
    texts, number = texts_for(project), found.standing.phase.number
    lines = []
    for code, by_phase in found.figures.components.items():
        tally = by_phase.get(number)
        if tally is None or not tally.applicable:
            continue
        title = texts.components[code].title if code in texts.components else code
        lines.append(
            ComponentFigures(
                code, title, tally.applicable, tally.planned_by_today, tally.finished, tally.overdue, tally.blocked
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.against_plan, -line.overdue, line.title)))


def _milestones(found: ProjectStanding, gates: Sequence[GateLine], earlier: Board | None) -> tuple[Milestone, ...]:
    """The ends of phases 0 to 3 and the stage 1 audit, in the baseline and now."""
    current, ends = found.standing.phase.number, found.reference.ends
    before = {(each.kind, each.number): each.late for each in earlier.milestones} if earlier is not None else {}
    lines: list[Milestone] = []
    for phase, gate in zip(found.plan.phases, gates, strict=False):
        if phase.number >= LAST_GATE or (phase.end is None and phase.closed_on is None):
            continue
        forecast = found.standing.gate if phase.number == current and phase.closed_on is None else None
        lines.append(
            Milestone(
                "gate",
                phase.number,
                ends.get(phase.number),
                phase.closed_on or forecast or gate.planned_on,
                is_reached=phase.closed_on is not None,
                is_forecast=forecast is not None,
                before=before.get(("gate", phase.number)),
            )
        )
    if lines and lines[-1].number == LAST_GATE - 1 and lines[-1].now is not None:
        planned = gates[LAST_GATE].planned_on if len(gates) > LAST_GATE else None
        if planned == gate_day(LAST_GATE, None, {each.number: each.end for each in found.plan.phases}, LAST_GATE):
            # No day of its own: it moves with the forecast of phase 3, not with its plan.
            planned = None
        base = lines[-1].baseline
        lines.append(
            Milestone(
                "stage 1",
                LAST_GATE,
                stage_audits(base)[0] if base is not None else None,
                planned or stage_audits(lines[-1].now)[0],
                before=before.get(("stage 1", LAST_GATE)),
            )
        )
    return tuple(lines)


def _manager(project: Project) -> str:
    """The names of who manages the project, or "". One query."""
    members = (
        Membership.objects.current()
        .filter(project=project, role=ProjectRole.MANAGER)
        .order_by("starts_at", "pk")
        .values_list("user__name", "user__email")
    )
    return ", ".join(name or email for name, email in members)


def _committee(project: Project) -> str:
    """The name of the committee that oversees it, or "". One query."""
    return Oversight.objects.filter(project=project).values_list("committee__name", flat=True).first() or ""
