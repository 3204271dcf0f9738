"""How a gate stands: each of its criteria, read from the record or attested, waived or not."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common import clock
from governance.choices import GATES, CriterionKind, DecisionKind, DecisionState
from governance.models import Attestation, CriterionRule, Decision, Gate, Waiver
from governance.registries import Beside, GateCriterion, Reading, gate_criteria
from governance.selectors import gate_decision
from projects.models import Project

log = logging.getLogger(__name__)

MET = "met"
NOT_MET = "not met"
NOT_SAID = "not said"
WAIVED = "waived"
GONE = "gone"


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """One criterion of one gate today.

    `state` is met, not met, not said (nobody attested it yet), waived, or gone (its source cannot be read).
    `rule` is what the project set for it, `threshold` what counts, `beside` what the record says next to the word of
    a person.
    """

    key: str
    criterion: GateCriterion
    title: str
    state: str
    reading: Reading
    threshold: Decimal | None
    rule: CriterionRule | None = None
    waiver: Waiver | None = None
    attestation: Attestation | None = None
    beside: Beside | None = None

    @property
    def passes(self) -> bool:
        """Whether it holds nobody up."""
        return self.state in (MET, WAIVED)

    @property
    def is_computed(self) -> bool:
        """Whether it is read from the record."""
        return self.criterion.kind == CriterionKind.COMPUTED

    def as_plain(self) -> dict[str, Any]:
        """As `show_gate` prints it and a decision keeps it."""
        met: bool | str = WAIVED if self.state == WAIVED else self.state == MET
        return {
            "key": self.key,
            "title": self.title,
            "met": met,
            "value": self.reading.value,
            "threshold": self.reading.threshold,
            "source": self.reading.source or str(self.criterion.kind.label),
        }


@dataclass(frozen=True, slots=True)
class GateStanding:
    """A gate with its criteria, on `day` in the project's time zone. `decision` is the one that holds, `asked` one that
    is asked for.
    """

    project: Project
    number: int
    day: date
    gate: Gate
    criteria: tuple[CriterionStanding, ...]
    decision: Decision | None
    asked: Decision | None

    @property
    def name(self) -> str:
        """G0 to G4."""
        return f"G{self.number}"

    @property
    def open(self) -> tuple[CriterionStanding, ...]:
        """The criteria that hold the gate up."""
        return tuple(each for each in self.criteria if not each.passes)

    @property
    def waived(self) -> tuple[CriterionStanding, ...]:
        """Those that the chair let pass."""
        return tuple(each for each in self.criteria if each.state == WAIVED)

    @property
    def met(self) -> int:
        """How many hold."""
        return sum(each.state == MET for each in self.criteria)

    @property
    def may_go(self) -> bool:
        """Whether go, with or without conditions, can be decided: all criteria are met or waived."""
        return not self.open


def gate_row(project: Project, number: int) -> Gate:
    """The row of gate `number`, unsaved where nothing was said of it yet. One query."""
    if number not in GATES:
        raise ValueError(f"no gate {number}")
    return Gate.objects.filter(project=project, number=number).first() or Gate(project=project, number=number)


def criteria_of(project: Project, number: int) -> list[tuple[str, GateCriterion, str]]:
    """What a gate can ask for in `project`, by key, with the titles: used or not. No query after the first time."""
    return [
        (key, criterion, title)
        for key, criterion in gate_criteria.items()
        if number in criterion.gates and (title := criterion.title_in(project, number))
    ]


def gate_standing(project: Project, number: int) -> GateStanding:
    """How gate `number` stands today. Six queries and those of the criteria. Raises ValueError for no gate."""
    gate = gate_row(project, number)
    saved = gate.pk is not None
    day = clock.today(project.time_zone)
    rules = {each.key: each for each in CriterionRule.objects.filter(gate=gate)} if saved else {}
    waivers = (
        {each.key: each for each in Waiver.objects.filter(gate=gate, ended_at__isnull=True).select_related("waived_by")}
        if saved
        else {}
    )
    said = (
        {each.key: each for each in Attestation.objects.filter(gate=gate).select_related("attested_by")}
        if saved
        else {}
    )
    criteria = tuple(
        _standing(project, number, day, key, criterion, title, rules.get(key), waivers.get(key), said.get(key))
        for key, criterion, title in criteria_of(project, number)
        if key not in rules or rules[key].is_used
    )
    asked = (
        Decision.objects.filter(project=project, kind=DecisionKind.GATE, gate_number=number, state=DecisionState.ASKED)
        .defer("frozen")
        .first()
    )
    return GateStanding(project, number, day, gate, criteria, gate_decision(project, number), asked)


def unused_rules(project: Project, number: int) -> Sequence[CriterionRule]:
    """The criteria that a project does not ask for at a gate, with the reasons. One query."""
    return list(CriterionRule.objects.filter(project=project, gate__number=number, is_used=False).order_by("key"))


def _standing(
    project: Project,
    number: int,
    day: date,
    key: str,
    criterion: GateCriterion,
    title: str,
    rule: CriterionRule | None,
    waiver: Waiver | None,
    said: Attestation | None,
) -> CriterionStanding:
    threshold = rule.threshold if rule is not None and rule.threshold is not None else criterion.threshold
    beside = None
    if criterion.compute is None:
        reading = _attested(said)
        beside = _beside(project, number, key, criterion)
    else:
        try:
            reading = criterion.compute(project, number, threshold, day)
        except Exception:
            # The page of a gate must not fall because one source cannot be read: it says so instead.
            log.exception("criterion %s of gate %s cannot be computed", key, number)
            reading = Reading(None, "–", detail=_("Its source cannot be read. Tell the administrator."))
    if reading.met:
        state = MET
    elif waiver is not None:
        state = WAIVED
    elif reading.met is None:
        state = NOT_SAID if criterion.compute is None else GONE
    else:
        state = NOT_MET
    return CriterionStanding(key, criterion, title, state, reading, threshold, rule, waiver, said, beside)


def _beside(project: Project, number: int, key: str, criterion: GateCriterion) -> Beside | None:
    if criterion.beside is None:
        return None
    try:
        return criterion.beside(project, number)
    except Exception:
        # As with what is computed: one source that cannot be read takes nothing else with it.
        log.exception("what is beside criterion %s of gate %s cannot be read", key, number)
        return Beside(_("What the record says of it cannot be read. Tell the administrator."))


def _attested(said: Attestation | None) -> Reading:
    if said is None:
        return Reading(None, "–", threshold=_("yes"), detail=_("Nobody has said yet."))
    who = str(said.attested_by) if said.attested_by else _("the system")
    return Reading(
        said.holds,
        _("yes") if said.holds else _("no"),
        threshold=_("yes"),
        detail=said.note,
        source=who,
    )
