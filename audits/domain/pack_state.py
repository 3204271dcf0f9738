"""What a project was at one event of its trail, as far as a pack shows it. Plain values, no Django."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """The last event that counts: its number and hash, when it was, and the day in the project's time zone."""

    seq: int
    hash: str
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class PackRow:
    """An activity in one phase."""

    phase: int
    status: str
    due: date | None
    party: str
    since: datetime | None
    operating_since: date | None


@dataclass(frozen=True, slots=True)
class PackActivity:
    """An activity with its clauses (of the edition asked for) and its rows by phase."""

    ref: str
    title: str
    component: str
    is_key: bool
    clauses: tuple[str, ...]
    rows: tuple[PackRow, ...]


@dataclass(frozen=True, slots=True)
class PackRevision:
    """What an item held from one moment on. `is_gone`: it was disposed of since, only its hash is left."""

    pk: int
    number: int
    sha256: str
    size: int
    stored: str
    file_name: str
    url: str
    seen_note: str
    seen_on: date | None
    record: str
    why: str
    added_at: datetime
    added_by: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class PackItem:
    """A piece of evidence as it stood; the last of `revisions` is the one that counted."""

    key: str
    title: str
    shows: str
    kind: str
    classification: str
    state: str
    collected_on: date
    covers_from: date | None
    covers_until: date | None
    valid_until: date | None
    owner: str
    refs: tuple[str, ...]
    clauses: tuple[str, ...]
    documents: tuple[str, ...]
    answers: tuple[str, ...]
    revisions: tuple[PackRevision, ...]

    @property
    def counted(self) -> PackRevision:
        """The revision that counted at the cut."""
        return self.revisions[-1]


@dataclass(frozen=True, slots=True)
class PackApproval:
    """Who approved a version, when, and what they said."""

    name: str
    at: datetime | None
    words: str
    own_work: bool


@dataclass(frozen=True, slots=True)
class PackDocument:
    """A document with the version that was in force. `paper` is the key of the evidence that its PDF is kept as."""

    pk: int
    version_pk: int
    key: str
    number: str
    title: str
    version: str
    classification: str
    owner: str
    effective_on: date | None
    clauses: tuple[str, ...]
    refs: tuple[str, ...]
    approvals: tuple[PackApproval, ...]
    paper: str = ""


@dataclass(frozen=True, slots=True)
class PackAnswer:
    """What a locked assessment says of a question."""

    assessment: str
    locked_on: date
    ref: str
    question: str
    value: str
    note: str
    gap: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackDecision:
    """A decision of the committee."""

    ref: str
    title: str
    outcome: str
    decided_on: date | None
    words: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PackFinding:
    """Something that did not conform, or could be better, and how far it was corrected."""

    ref: str
    grade: str
    title: str
    found: str
    seen_on: date
    owner: str
    state: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackClause:
    """A clause with what is there for it: refs, numbers and keys. `lacks` says in words what is missing."""

    number: str
    title: str
    folder: str
    activities: tuple[str, ...]
    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    answers: tuple[str, ...]
    findings: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that belongs to what was asked for and is not in: what, by which name, and why."""

    what: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PackState:
    """All that a pack shows."""

    cut: Cut
    activities: tuple[PackActivity, ...]
    items: tuple[PackItem, ...]
    documents: tuple[PackDocument, ...]
    answers: tuple[PackAnswer, ...]
    findings: tuple[PackFinding, ...]
    decisions: tuple[PackDecision, ...]
    clauses: tuple[PackClause, ...]
    left_out: tuple[LeftOut, ...]
