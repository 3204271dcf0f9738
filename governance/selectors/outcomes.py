"""Outcomes of a phase (TR 20000-5, Table 2): what should be true at its end, who says so, and how far the work is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from governance.choices import Attested
from governance.models import OutcomeReport
from phases.choices import PHASE_NAMES
from phases.models import Phase
from phases.selectors.board import BoardRow, rows_of
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.catalogue_components import components_of, per_phase
from phases.selectors.clauses import is_within
from projects.models import Project

COMPONENTS, CLAUSES = "2010", "2013"
EDITIONS = (COMPONENTS, CLAUSES)
PHASES = (1, 2, 3)
"""The phases that have outcomes. Initiation and operation have none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be true of a component or clause at the end of a phase. `check`: our reading may be wrong."""

    key: str
    title: str
    text: str
    check: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome: what it wants, how many of its activities are done, and what people say.

    `party` answers for most of its activities; `parties` are the ids of all that do. It is `expected` where the plan
    has activities for it in this phase.
    """

    wanted: Wanted
    applicable: int
    finished: int
    verified: int
    party: str
    parties: frozenset[int]
    report: OutcomeReport | None

    @property
    def key(self) -> str:
        """The component or the clause."""
        return self.wanted.key

    @property
    def is_expected(self) -> bool:
        """Whether the plan has work for it."""
        return self.applicable > 0

    @property
    def attested(self) -> Attested:
        """What was said of it; not yet where nobody said anything."""
        return Attested(self.report.attested) if self.report is not None else Attested.NOT_YET

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody else confirmed that it is reached."""
        return self.report is not None and self.report.confirmed_at is not None

    @property
    def is_reached(self) -> bool:
        """Whether it was attested as reached."""
        return self.attested == Attested.REACHED

    @property
    def is_at_odds(self) -> bool:
        """Whether it is said to be reached while less than half of its activities is done."""
        return self.is_reached and self.finished * 2 < self.applicable

    @property
    def version(self) -> int:
        """The version that a form was filled from; 0 where nobody said anything yet."""
        return self.report.version if self.report is not None else 0


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """How the outcomes of a phase stand: of `expected` ones so many are said to be reached, so many confirmed."""

    expected: int = 0
    reached: int = 0
    partly: int = 0
    confirmed: int = 0

    @property
    def to_attest(self) -> int:
        """How many are not said to be reached."""
        return self.expected - self.reached

    @property
    def to_confirm(self) -> int:
        """How many are said to be reached and wait for somebody else to confirm it."""
        return self.reached - self.confirmed


def wanted_in(texts: CatalogueTexts, phase: int, edition: str) -> list[Wanted]:
    """The outcomes that the catalogue states for `phase`, by component (2010) or by clause (2013). No query."""
    if edition == COMPONENTS:
        stated = (
            (each, per_phase(each.texts.get("outcomes_2010") or {}).get(phase, "")) for each in components_of(texts)
        )
        return [Wanted(each.code, each.title, text) for each, text in stated if text]
    rows = texts.texts.get("outcomes_2013") or []
    return [
        Wanted(str(row["clause"]), row["title"], text, bool(row.get("check")))
        for row in rows
        if (text := per_phase(row["outcomes"]).get(phase, ""))
    ]


def outcomes_of(project: Project, phase: int, edition: str = COMPONENTS) -> list[OutcomeLine]:
    """The outcomes of `phase`, in the order of the catalogue. Two queries."""
    texts = texts_for(project)
    rows = [row for row in rows_of(project, phase) if row.status != "not applicable"]
    reports = {
        report.key: report
        for report in OutcomeReport.objects.filter(project=project, phase_number=phase, edition=edition).select_related(
            "attested_by", "confirmed_by"
        )
    }
    serves = _serves(texts, edition)
    return [
        _line(wanted, [row for row in rows if serves(row, wanted.key)], reports.get(wanted.key))
        for wanted in wanted_in(texts, phase, edition)
    ]


def counts_of(lines: Iterable[OutcomeLine]) -> OutcomeCounts:
    """What `lines` come to; those without work in the plan are left out."""
    expected = [line for line in lines if line.is_expected]
    return OutcomeCounts(
        expected=len(expected),
        reached=sum(line.is_reached for line in expected),
        partly=sum(line.attested == Attested.PARTLY for line in expected),
        confirmed=sum(line.is_confirmed for line in expected),
    )


def outcome_counts(project: Project, phase: int) -> OutcomeCounts:
    """How the outcomes of `phase` by component stand. None for phases without any. Two queries."""
    return counts_of(outcomes_of(project, phase)) if phase in PHASES else OutcomeCounts()


def owned_keys(lines: Sequence[OutcomeLine], parties: Iterable[int]) -> frozenset[str]:
    """The outcomes where one of `parties` answers for an activity. No query."""
    own = frozenset(parties)
    return frozenset(line.key for line in lines if line.parties & own)


def has_begun(project: Project, phase: int) -> bool:
    """Whether `phase` has started. One query."""
    return Phase.objects.filter(project=project, number=phase, started_on__isnull=False).exists()


def phase_name(phase: int) -> str:
    """What a phase is called."""
    return str(PHASE_NAMES[phase])


def _serves(texts: CatalogueTexts, edition: str) -> Callable[[BoardRow, str], bool]:
    if edition == COMPONENTS:
        return lambda row, key: row.component == key
    clauses: Mapping[str, Sequence[str]] = {ref: text.clauses_2011 for ref, text in texts.activities.items()}

    def serves(row: BoardRow, key: str) -> bool:
        return any(is_within(number, key) for number in clauses.get(row.ref.partition("/")[0], ()))

    return serves


def _line(wanted: Wanted, rows: Sequence[BoardRow], report: OutcomeReport | None) -> OutcomeLine:
    held = Counter((pk, row.party_name) for row in rows if (pk := row.party_id) is not None)
    party = held.most_common(1)[0][0][1] if held else ""
    return OutcomeLine(
        wanted=wanted,
        applicable=len(rows),
        finished=sum(row.status in ("done", "verified") for row in rows),
        verified=sum(row.status == "verified" for row in rows),
        party=party,
        parties=frozenset(pk for pk, _name in held),
        report=report,
    )
