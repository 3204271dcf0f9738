"""Places of this app that higher apps fill: criteria of gates, proof of commitment, panels of the steering page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from common.registry import Registry
from governance.choices import CriterionKind
from governance.domain.board import Board, LateFinding
from governance.domain.commitment import Leaders
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class Reading:
    """What a criterion comes to. `met` None: nobody has said yet, or its source is gone.

    `value` and `threshold` are said in words ("14 of 26", "all 26"); `detail` is a sentence on what is missing, `url`
    where it can be seen and done, `source` what that place is called. `share` is 0 to 1 where there is a bar to draw,
    `mark` where on it the threshold lies. `plain` is the value as a number, for those that read by machine.
    """

    met: bool | None
    value: str
    threshold: str = ""
    detail: str = ""
    source: str = ""
    url: str = ""
    share: float | None = None
    mark: float | None = None
    plain: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the record says beside a criterion that a person attests, and where that can be seen."""

    words: str
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class GateCriterion:
    """Something that must hold at a gate.

    `gates` are the numbers of the gates that ask for it. `compute(project, gate, threshold, day)` reads it from the
    record, in three queries at most; None where a person attests it, and then `beside(project, gate)` may say what the
    record knows of it. `threshold` is the default, in `unit` ("percent", "count", "months", "days", or "" where there
    is none to set); `may_be_waived` whether the chair may let it pass. `named(project, gate)` gives the title
    where it differs; where it gives "", the criterion is not asked.
    """

    title: str | Promise
    gates: tuple[int, ...]
    compute: Callable[[Project, int, Decimal | None, date], Reading] | None = None
    threshold: Decimal | None = None
    unit: str = ""
    may_be_waived: bool = True
    help: str | Promise = ""
    named: Callable[[Project, int], str] | None = None
    beside: Callable[[Project, int], Beside] | None = None

    @property
    def takes_threshold(self) -> bool:
        """Whether a project can set another threshold."""
        return bool(self.unit)

    def title_in(self, project: Project, gate: int) -> str:
        """What it asks for at a gate of `project`; "" where it is not asked there."""
        return self.named(project, gate) if self.named is not None else str(self.title)

    @property
    def kind(self) -> CriterionKind:
        """Whether it is computed or attested."""
        return CriterionKind.COMPUTED if self.compute is not None else CriterionKind.ATTESTED


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that happened here and shows commitment: what, when, by whom, and where it stands."""

    title: str
    on: date | None
    by: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose proof is gathered, and who was at the top of the project when. `access` is the reader's."""

    project: Project
    access: Access
    leaders: Leaders


@dataclass(frozen=True, slots=True)
class CommitmentSource:
    """Proof of points of top management's commitment, for who holds `capability`.

    `gather(asked)` gives it by the key of the point (`fixtures/governance/commitment.yaml`), in two queries at most,
    and leaves out what the reader may not see.
    """

    gather: Callable[[Asked], Mapping[str, Sequence[Proof]]]
    capability: str


@dataclass(frozen=True, slots=True)
class SteeringPanel:
    """A panel of another app on the steering page, for who holds `capability`.

    `gather(board)` gives `values` to `template` from what the board of the day says; None where there is nothing to
    show.
    """

    template: str
    gather: Callable[[Board], Mapping[str, object] | None]
    capability: str


ReadFindings = Callable[[Project, date], Sequence[LateFinding]]
"""Nonconformities of a project that were late on a day, by what is known now; one query."""

gate_criteria: Registry[GateCriterion] = Registry("criteria of gates")
commitment_sources: Registry[CommitmentSource] = Registry("sources of commitment")
steering_panels: Registry[SteeringPanel] = Registry("panels of the steering page")
board_findings: Registry[ReadFindings] = Registry("late findings of the board")


def register_gate_criterion(key: str, criterion: GateCriterion, *, order: int = 100) -> None:
    """Ask for `criterion` at its gates. One with a `key` that is there already, attested, takes its place."""
    if key in gate_criteria and gate_criteria[key].compute is None:
        gate_criteria.remove(key)
    gate_criteria.register(key, criterion, order=order)


def register_commitment_source(key: str, source: CommitmentSource, *, order: int = 100) -> None:
    """Gather proof of commitment from another place."""
    commitment_sources.register(key, source, order=order)


def register_steering_panel(key: str, panel: SteeringPanel, *, order: int = 100) -> None:
    """Show a panel of another app on the steering page."""
    steering_panels.register(key, panel, order=order)


def register_board_findings(key: str, read: ReadFindings) -> None:
    """Tell the board, its pack and what is kept of it of late nonconformities."""
    board_findings.register(key, read)
