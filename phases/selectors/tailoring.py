"""The catalogue against a plan: every difference with its justification, who and when; counts; what clauses rest on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audittrail.models import Event
from phases.choices import PhaseState, Status
from phases.domain.replay import ROW_KIND
from phases.domain.tailoring import (
    ADDED,
    LEFT_OUT,
    MISSING,
    MOVED,
    OWN,
    SPLIT,
    Difference,
    PhaseCount,
    Place,
    TailoredRow,
    bare_clauses,
    counts,
    differences,
    hanging_clauses,
    lost_clauses,
    newly_hanging,
    total,
)
from phases.domain.transitions import transition
from phases.models import Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.clauses import Clause, clause_order, clause_titles
from projects.choices import Edition
from projects.models import Project

ADD_PHASE, MOVE_ROW, ADD_PART, ADD_OWN = "add phase", "move row", "add part", "add own row"
CHANGE_STATUS, TAKE_OVER, TAKE, PLACE = "change status", "take over", "add from catalogue", "move by approach"
ACTIVITY_KIND = "activity"
CREATE_OWN, CHANGE_OWN, REMOVE_OWN, REMOVE_ROW = "create own", "change own", "remove own", "remove row"
SPLIT_UP, BE_PART, JOIN = "split", "become part", "join"
# The acts by which a row comes to stand where it stands.
_PLACING = (ADD_PHASE, MOVE_ROW, ADD_PART, ADD_OWN, TAKE_OVER, TAKE, PLACE)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A place of the plan, or of the catalogue where the plan has no row (`pk` is None there).

    `kind` says how it differs ("" where it does not); `why` is the justification, `who` and `at` from the trail,
    `seq` the number of that event.
    """

    ref: str
    phase: int
    title: str
    component: str
    position: int
    kind: str
    status: str = ""
    pk: int | None = None
    version: int = 0
    why: str = ""
    who: str = ""
    at: datetime | None = None
    seq: int | None = None
    origin_phase: int | None = None
    is_key: bool = False
    is_supplement: bool = False
    is_closed: bool = False
    clauses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How an address and the trail name it."""
        return f"{self.ref}@{self.phase}"

    @property
    def can_leave(self) -> bool:
        """Whether it may be left out."""
        return self.pk is not None and not self.is_closed and transition(self.status, Status.NOT_APPLICABLE) is not None

    @property
    def can_return(self) -> bool:
        """Whether it may come back in: a split activity comes back when its parts are joined."""
        return self.kind == LEFT_OUT and not self.is_closed

    @property
    def can_undo(self) -> bool:
        """Whether the act that made it differ may be taken back; a part goes when its whole is joined."""
        return self.seq is not None and not self.is_closed and self.kind in (LEFT_OUT, ADDED, MOVED, OWN)

    @property
    def can_choose(self) -> bool:
        """Whether an act on many may take it."""
        return self.can_leave or self.can_return


@dataclass(frozen=True, slots=True)
class ClauseOf:
    """A clause, and the activity (or activities) that it hangs on or loses."""

    clause: Clause
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """What an auditor asks first. `unreasoned` are places left out without a word."""

    left_out: int
    unreasoned: tuple[str, ...]
    bare: tuple[ClauseOf, ...]
    hanging: tuple[ClauseOf, ...]


@dataclass(frozen=True, slots=True)
class Warnings:
    """What clauses of the project's edition stand to lose."""

    lost: tuple[ClauseOf, ...] = ()
    hanging: tuple[ClauseOf, ...] = ()

    @property
    def seen(self) -> str:
        """What a form keeps of it, so that nobody confirms what they were not shown."""
        return " ".join(each.clause.number for each in self.lost)

    def __bool__(self) -> bool:
        return bool(self.lost or self.hanging)


@dataclass(frozen=True, slots=True)
class Tailoring:
    """A plan beside its catalogue. `counts` are of the main catalogue, `supplement` of the supplement, by phase."""

    lines: tuple[PlanLine, ...]
    counts: Mapping[int, PhaseCount]
    total: PhaseCount
    supplement: Mapping[int, PhaseCount]
    checks: Checks
    texts: CatalogueTexts

    @property
    def differing(self) -> tuple[PlanLine, ...]:
        """The lines that differ."""
        return tuple(line for line in self.lines if line.kind)


def clauses_in(project: Project, text: Any) -> tuple[str, ...]:
    """The clauses of the project's edition that an activity serves."""
    return tuple(text.clauses_2018 if project.edition == Edition.E2018 else text.clauses_2011)


def _clause(project: Project, number: str) -> Clause:
    return Clause(project.edition, number, clause_titles().get(project.edition, {}).get(number, ""))


def _clauses(project: Project, found: Mapping[str, Iterable[str]]) -> tuple[ClauseOf, ...]:
    return tuple(ClauseOf(_clause(project, number), tuple(found[number])) for number in sorted(found, key=clause_order))


def rows_with_activity(project: Project) -> list[PhaseActivity]:
    """All phase activities with their activities, in the order of the plan. One query."""
    return list(
        PhaseActivity.objects.filter(project=project)
        .select_related("activity", "activity__part_of")
        .defer("note", "activity__description")
        .order_by("activity__position", "activity__ref", "phase_number")
    )


def tailored(project: Project, texts: CatalogueTexts, rows: Iterable[PhaseActivity]) -> list[TailoredRow]:
    """`rows` as the domain judges them."""
    clauses: dict[int, tuple[str, ...]] = {}
    found = []
    for row in rows:
        activity = row.activity
        if activity.pk not in clauses:
            clauses[activity.pk] = clauses_in(project, effective_text(texts, activity))
        found.append(
            TailoredRow(
                ref=activity.ref,
                phase=row.phase_number,
                applies=row.status != Status.NOT_APPLICABLE,
                clauses=clauses[activity.pk],
                origin=row.origin,
                origin_phase=row.origin_phase,
                whole=activity.part_of.ref if activity.part_of is not None else "",
                is_own=activity.catalogue_activity_id is None,
            )
        )
    return found


def asked_places(texts: CatalogueTexts, *, supplement: bool | None = None) -> list[Place]:
    """The places that the catalogue marks; of the supplement alone, or without it, where `supplement` says so."""
    return [
        (row.ref, phase)
        for row in texts.activities.values()
        if not row.is_heading and (supplement is None or texts.is_supplement(row.ref) == supplement)
        for phase in row.phases
    ]


def warnings_for(project: Project, leaving: Collection[Place], rows: Iterable[TailoredRow]) -> Warnings:
    """What happens to clauses where the rows at `leaving` are left out."""
    held = list(rows)
    gone = frozenset(leaving)
    return Warnings(
        lost=_clauses(project, lost_clauses(held, gone)),
        hanging=_clauses(project, {clause: (ref,) for clause, ref in newly_hanging(held, gone).items()}),
    )


def warnings_of_leaving(project: Project, keys: Collection[int]) -> Warnings:
    """What happens to clauses where the phase activities of `keys` are left out. One query."""
    rows = rows_with_activity(project)
    places = [(row.activity.ref, row.phase_number) for row in rows if row.pk in keys]
    return warnings_for(project, places, tailored(project, texts_for(project), rows))


def tailoring_of(project: Project) -> Tailoring:
    """Everything the compare view shows. Five queries at most, whatever differs."""
    texts = texts_for(project)
    rows = rows_with_activity(project)
    closed = frozenset(Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True))
    held = tailored(project, texts, rows)
    found = {(each.ref, each.phase): each for each in differences(asked_places(texts), held)}
    events = _events(project, found.values())
    since = _since_start(project, found.values(), events)
    lines = [
        _line(texts, row, each.clauses, found.get(each.place), events, since, closed)
        for row, each in zip(rows, held, strict=True)
    ]
    lines += [_missing(project, texts, each) for each in found.values() if each.kind == MISSING]
    lines.sort(key=lambda line: (line.is_supplement, line.position, line.ref, line.phase))
    apart = {row.activity.ref for row in rows if row.activity.is_supplement}
    main = counts(asked_places(texts, supplement=False), (row for row in held if row.ref not in apart))
    extra = counts(asked_places(texts, supplement=True), (row for row in held if row.ref in apart))
    return Tailoring(
        lines=tuple(lines),
        counts=main,
        total=total(main.values()),
        supplement=extra,
        checks=_checks(project, held, lines),
        texts=texts,
    )


def _checks(project: Project, held: list[TailoredRow], lines: Iterable[PlanLine]) -> Checks:
    out = [line for line in lines if line.kind in (LEFT_OUT, SPLIT)]
    return Checks(
        left_out=sum(line.kind == LEFT_OUT for line in out),
        unreasoned=tuple(line.name for line in out if not line.why),
        bare=_clauses(project, dict.fromkeys(bare_clauses(held), ())),
        hanging=_clauses(project, {clause: (ref,) for clause, ref in hanging_clauses(held).items()}),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What the trail says of a difference. `seq` is None where it has no event of its own that could be undone."""

    seq: int | None
    at: datetime
    who: str
    reason: str


def _events(project: Project, found: Iterable[Difference]) -> dict[tuple[str, bool], _Told]:
    """The last event that left a row out, or that put it where it is, by name and which of the two. One query."""
    keys = {f"{each.ref}@{each.phase}" for each in found}
    keys |= {f"{each.ref}@{each.origin_phase}" for each in found if each.origin_phase is not None}
    told: dict[tuple[str, bool], _Told] = {}
    events = Event.objects.filter(
        stream_id=project.uuid, kind=ROW_KIND, key__in=keys, action__in=(CHANGE_STATUS, *_PLACING)
    ).order_by("seq")
    for event in events.only("seq", "at", "action", "key", "payload").iterator(chunk_size=2000):
        said = event.content
        changes = said.get("changes", {})
        name = event.key
        if event.action == CHANGE_STATUS and changes.get("status", [""])[-1] != Status.NOT_APPLICABLE:
            continue
        if event.action in (MOVE_ROW, PLACE):
            name = f"{event.key.rpartition('@')[0]}@{changes['phase'][1]}"
        told[name, event.action == CHANGE_STATUS] = _Told(
            event.seq, event.at, said.get("actor", ""), said.get("reason", "")
        )
    return told


def _since_start(
    project: Project, found: Iterable[Difference], events: Mapping[tuple[str, bool], _Told]
) -> Mapping[str, _Told]:
    """Who made the plan and when, for rows that stand where they stand since then, by name.

    What came over from an earlier project has no act of its own: the start of the project tells of it. One query, and
    none where every difference has its act.
    """
    names = [
        name
        for each in found
        if each.kind in (ADDED, MOVED, OWN) and (name := f"{each.ref}@{each.phase}", False) not in events
    ]
    if not names:
        return {}
    made = Event.objects.filter(stream_id=project.uuid, kind="project", action="create").order_by("seq").first()
    if made is None:
        return {}
    return dict.fromkeys(names, _Told(None, made.at, made.content.get("actor", ""), ""))


def _line(
    texts: CatalogueTexts,
    row: PhaseActivity,
    clauses: tuple[str, ...],
    differs: Difference | None,
    events: Mapping[tuple[str, bool], _Told],
    since: Mapping[str, _Told],
    closed: Collection[int],
) -> PlanLine:
    activity = row.activity
    text = texts.text_of(activity.ref)
    kind = differs.kind if differs is not None else ""
    is_out = kind in (LEFT_OUT, SPLIT)
    name = f"{activity.ref}@{row.phase_number}"
    told = events.get((name, is_out), since.get(name)) if kind else None
    why = row.reason if is_out else row.tailored_why
    return PlanLine(
        ref=activity.ref,
        phase=row.phase_number,
        title=activity.title or (text.title if text else activity.ref),
        component=activity.component,
        position=activity.position,
        kind=kind,
        status=row.status,
        pk=row.pk,
        version=row.version,
        why=(why or (told.reason if told and kind else "")) if kind else "",
        who=told.who if told else "",
        at=told.at if told else None,
        seq=told.seq if told else None,
        origin_phase=row.origin_phase,
        is_key=activity.is_key,
        is_supplement=activity.is_supplement,
        is_closed=row.phase_number in closed,
        clauses=clauses,
    )


def _missing(project: Project, texts: CatalogueTexts, each: Difference) -> PlanLine:
    text = texts.activities[each.ref]
    return PlanLine(
        ref=each.ref,
        phase=each.phase,
        title=text.title,
        component=text.component,
        position=text.position,
        kind=MISSING,
        is_key=text.is_key,
        is_supplement=texts.is_supplement(each.ref),
        clauses=clauses_in(project, text),
    )
