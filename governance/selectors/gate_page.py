"""What the page of a gate shows: its criteria in groups, what closing would carry over and freeze, all gates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.models import EvidenceItem
from gapanalysis.choices import PHASE_OF
from gapanalysis.models import Answer
from governance.choices import (
    GATES,
    LAST_GATE,
    PASSING,
    ActionSource,
    ActionState,
    DecisionKind,
    DecisionState,
    Outcome,
)
from governance.domain.next_gate import gate_day
from governance.models import Action, Attestation, Decision, Gate, OutcomeReport, Waiver
from governance.selectors import gate_decisions, members_of
from governance.selectors.gate_contract import kept_criteria
from governance.selectors.gates import CriterionStanding, GateStanding, gate_standing
from phases.choices import PhaseState
from phases.models import Phase
from phases.selectors.catalogue import texts_for
from phases.selectors.phase_end import GoingOn, will_go_on
from projects.models import Project

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria of one kind."""

    title: str
    note: str
    lines: Sequence[CriterionStanding]


@dataclass(frozen=True, slots=True)
class Carried:
    """Rows of one component that would go on, `joins` in a row that is there."""

    title: str
    joins: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """Something that a decision keeps, and how much of it there is."""

    title: str
    count: str


@dataclass(frozen=True, slots=True)
class StripGate:
    """A gate among all of them: how it was decided or how it stands, and its day."""

    number: int
    words: str
    day: date | None
    is_decided: bool
    is_late: bool

    @property
    def name(self) -> str:
        """G0 to G4."""
        return f"G{self.number}"


@dataclass(frozen=True, slots=True)
class GatePage:
    """A gate as its page shows it.

    `kept` are the criteria of the decision that let it pass, which count from then on; None while it is open.
    `planned_on` is the day set for it, else that of `gate_day`.
    """

    standing: GateStanding
    kept: Sequence[dict[str, Any]] | None
    phase: Phase | None
    planned_on: date | None
    groups: Sequence[Group]
    carried: Sequence[Carried]
    carried_more: int
    carried_rows: int
    frozen: Sequence[Frozen]
    strip: Sequence[StripGate]
    chairs: Sequence[str]

    @property
    def has_passed(self) -> bool:
        """Whether the committee said go."""
        decision = self.standing.decision
        return decision is not None and decision.outcome in PASSING

    @property
    def has_begun(self) -> bool:
        """Whether the phase that it ends is under way or over; gate 4 has begun with operation."""
        return self.phase is not None and self.phase.state != PhaseState.PLANNED

    @property
    def is_late(self) -> bool:
        """Whether its day is over without a decision."""
        return not self.has_passed and self.planned_on is not None and self.planned_on < self.standing.day

    @property
    def weighty(self) -> Sequence[CriterionStanding]:
        """The open criteria that nobody can waive."""
        return [each for each in self.standing.open if not each.criterion.may_be_waived]


def title_of(number: int) -> str:
    """What a gate asks."""
    if number == 0:
        return _("Gate 0: may phase 1 begin?")
    if number == LAST_GATE:
        return _("Gate 4: may the stage 1 audit be booked?")
    return _("Gate %(n)d: may phase %(n)d be closed?") % {"n": number}


def next_gate(project: Project) -> int:
    """The first gate that did not pass yet; the last one where all did. One query."""
    passed = {number for number, each in gate_decisions(project).items() if each.outcome in PASSING}
    return next((number for number in GATES if number not in passed), LAST_GATE)


def planned_day(number: int, gate: Gate | None, phases: Mapping[int, Phase]) -> date | None:
    """The day for which a gate is planned, set for it or from the ends of `phases`. No query."""
    ends = {each: phase.end for each, phase in phases.items()}
    return gate_day(number, gate.planned_on if gate is not None else None, ends, LAST_GATE)


def gate_page(project: Project, number: int) -> GatePage:
    """All of it. Twelve queries and those of the criteria; raises ValueError for no gate."""
    standing = gate_standing(project, number)
    phases = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    decision, kept = standing.decision, None
    if decision is not None and decision.outcome in PASSING:
        kept = kept_criteria(decision)
    phase = phases.get(number)
    is_open = phase is not None and phase.state != PhaseState.CLOSED and number != LAST_GATE
    going_on = will_go_on(project, number) if is_open and kept is None else []
    carried = _carried(project, going_on)
    return GatePage(
        standing=standing,
        kept=kept,
        phase=phase,
        planned_on=planned_day(number, standing.gate, phases),
        groups=_groups(standing),
        carried=carried[:SHOWN],
        carried_more=max(0, len(carried) - SHOWN),
        carried_rows=len(going_on),
        frozen=_frozen(project, standing) if kept is None else (),
        strip=_strip(project, phases, standing.day),
        chairs=[str(user) for user, is_chair in members_of(project) if is_chair],
    )


def _groups(standing: GateStanding) -> list[Group]:
    waived = standing.waived
    computed = [each for each in standing.criteria if each.is_computed and each not in waived]
    attested = [each for each in standing.criteria if not each.is_computed and each not in waived]
    groups = [
        Group(_("Computed"), _("from the record, nobody can set them"), computed),
        Group(_("Attested"), _("a person says so, with name and day"), attested),
        Group(_("Waived"), _("by the chair, for this gate only"), waived),
    ]
    return [group for group in groups if group.lines]


def _carried(project: Project, going_on: Sequence[GoingOn]) -> list[Carried]:
    components = texts_for(project).components
    counts = Counter((each.row.component, each.joins) for each in going_on)
    return [
        Carried(components[code].short_title if code in components else code, joins, rows)
        for (code, joins), rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _frozen(project: Project, standing: GateStanding) -> list[Frozen]:
    number = standing.number
    rows = project.phase_activities.filter(phase_number=number).count()
    outcomes = OutcomeReport.objects.filter(project=project, phase_number=number).count()
    kinds = [kind for kind, phase in PHASE_OF.items() if phase == number]
    answers = Answer.objects.filter(assessment__project=project, assessment__kind__in=kinds).count() if kinds else 0
    items = EvidenceItem.objects.filter(project=project).current().count()
    activities = ngettext("%(n)d activity", "%(n)d activities", rows) % {"n": rows}
    lines = [
        Frozen(_("Criteria, values and waivers"), str(len(standing.criteria))),
        Frozen(_("Status, owner and dates"), activities),
        Frozen(_("Outcomes and who attested them"), str(outcomes)),
        Frozen(_("Answers of the achievement analysis"), str(answers)),
        Frozen(_("Evidence, each file with its hash"), str(items)),
        Frozen(_("Cost and benefit to date"), _("as entered")),
        Frozen(_("Votes, conditions and dissent"), _("word for word")),
    ]
    return lines if kinds else [line for place, line in enumerate(lines) if place not in (2, 3)]


def _strip(project: Project, phases: dict[int, Phase], today: date) -> list[StripGate]:
    decided = gate_decisions(project)
    gates = {gate.number: gate for gate in Gate.objects.filter(project=project)}
    conditions = {
        row["decision__gate_number"]: (row["settled"], row["total"])
        for row in Action.objects.filter(
            project=project,
            source=ActionSource.CONDITION,
            decision__kind=DecisionKind.GATE,
            decision__state=DecisionState.DECIDED,
        )
        .order_by()
        .values("decision__gate_number")
        .annotate(total=Count("pk"), settled=Count("pk", filter=~Q(state=ActionState.OPEN)))
    }
    found = []
    for number in GATES:
        decision, phase = decided.get(number), phases.get(number)
        day = planned_day(number, gates.get(number), phases)
        passed = decision is not None and decision.outcome in PASSING
        found.append(
            StripGate(
                number,
                _decided_words(decision, conditions.get(number))
                if decision is not None
                else _open_words(number, phase),
                decision.decided_on if decision is not None else day,
                decision is not None,
                not passed and day is not None and day < today,
            )
        )
    return found


def _decided_words(decision: Decision, conditions: tuple[int, int] | None) -> str:
    label = str(Outcome(decision.outcome).label)
    if conditions is None:
        return label
    return _("%(outcome)s, %(n)d of %(of)d met") % {"outcome": label, "n": conditions[0], "of": conditions[1]}


def _open_words(number: int, phase: Phase | None) -> str:
    if phase is not None and phase.state in (PhaseState.ACTIVE, PhaseState.IN_REVIEW):
        return _("In preparation")
    if number == LAST_GATE:
        return _("Book the stage 1 audit")
    if number == LAST_GATE - 1:
        return _("With internal audit and management review")
    return _("Not decided")


def gate_history(project: Project, number: int, key: str) -> list[dict[str, Any]]:
    """What was said of one criterion, the newest first: attested, waived, asked for again. Two queries."""
    said: list[dict[str, Any]] = [
        {"at": each.attested_at, "by": each.attested_by, "what": "holds" if each.holds else "fails", "words": each.note}
        for each in Attestation.objects.filter(project=project, gate__number=number, key=key).select_related(
            "attested_by"
        )
    ]
    for each in Waiver.objects.filter(project=project, gate__number=number, key=key).select_related("waived_by"):
        said.append({"at": each.waived_at, "by": each.waived_by, "what": "waived", "words": each.why})
        if each.ended_at is not None:
            said.append({"at": each.ended_at, "by": None, "what": "ended", "words": ""})
    return sorted(said, key=lambda line: line["at"], reverse=True)
