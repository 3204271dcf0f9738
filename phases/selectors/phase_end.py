"""What the end of a phase looks like: what is missing, what goes on where, what will be frozen."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from phases.choices import PhaseState
from phases.domain.figures import Tally, fold
from phases.models import Phase, PhaseActivity
from phases.selectors.board import BoardRow, rows_of
from projects.models import Project
from projects.registries import closing_checks


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold before the phase closes; `missing` says what does not, or is empty.

    Where it `yields`, a reason that is given serves instead; `url` is where it is done.
    """

    title: str
    missing: str
    yields: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Unfinished work and where it goes on: in a row that is there (`joins`), in a new one, or (phase 4) nowhere."""

    row: BoardRow
    into: int | None
    joins: bool


@dataclass(frozen=True, slots=True)
class PhaseEnd:
    """The end of a phase, before and after. `going_on` is what will be, or was, carried over."""

    phase: Phase
    following: Phase | None
    checks: Sequence[Check]
    tally: Tally
    supplement: Tally | None
    key_unverified: Sequence[BoardRow]
    going_on: Sequence[GoingOn]

    @property
    def is_closed(self) -> bool:
        """Whether it is over."""
        return self.phase.state == PhaseState.CLOSED

    @property
    def may_close(self) -> bool:
        """Whether every registered check holds that yields to no reason."""
        return not any(check.missing and not check.yields for check in self.checks)

    @property
    def asks_why(self) -> bool:
        """Whether the phase needs a reason to end now."""
        return bool(self.going_on) or any(check.missing and check.yields for check in self.checks)


def will_go_on(project: Project, number: int) -> list[GoingOn]:
    """What would go on elsewhere if phase `number` closed now. Three queries."""
    following = project.phases.filter(number=number + 1).exists()
    there = dict.fromkeys(
        PhaseActivity.objects.filter(project=project, phase_number=number + 1).values_list("activity__ref", flat=True)
    )
    return _going_on(rows_of(project, number), number + 1 if following else None, there)


def _going_on(rows: Iterable[BoardRow], into: int | None, there: Container[str]) -> list[GoingOn]:
    return [GoingOn(row, into, joins=row.ref in there) for row in rows if row.is_open]


def phase_end(project: Project, number: int) -> PhaseEnd:
    """The end of phase `number`. Four queries and those of the checks. Raises Phase.DoesNotExist."""
    phases = {phase.number: phase for phase in Phase.objects.filter(project=project)}
    if number not in phases:
        raise Phase.DoesNotExist
    phase = phases[number]
    rows = rows_of(project, number)
    there = dict(
        PhaseActivity.objects.filter(project=project, phase_number=number + 1).values_list("activity__ref", "pk")
    )
    into = number + 1 if number + 1 in phases else None
    if phase.state == PhaseState.CLOSED:
        left = set(
            PhaseActivity.objects.filter(project=project, phase_number=number, carried_to__isnull=False).values_list(
                "pk", flat=True
            )
        )
        going_on = [GoingOn(row, into, joins=True) for row in rows if row.pk in left]
        checks: list[Check] = []
    else:
        going_on = _going_on(rows, into, there)
        checks = [
            Check(
                str(check.title),
                check.run(project, number),
                check.yields_to_reason,
                check.address(project) if check.address is not None else "",
            )
            for check in closing_checks
        ]
    day = rows[0].day if rows else None
    figures = fold((row.as_figure() for row in rows), day) if day is not None else None
    return PhaseEnd(
        phase=phase,
        following=phases.get(number + 1),
        checks=checks,
        tally=(figures.phases.get(number) if figures is not None else None) or Tally(),
        supplement=figures.supplement.phases.get(number)
        if figures is not None and figures.supplement is not None
        else None,
        key_unverified=[
            row
            for row in rows
            if row.is_key and row.status not in ("verified", "not applicable") and not row.is_supplement
        ],
        going_on=going_on,
    )
