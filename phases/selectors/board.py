"""The rows of a phase board."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User, initials_of
from common import clock
from notifications.models import Comment
from phases.domain.figures import SOON_DAYS, FigureRow, Tally, is_overdue
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Party, Project

# The first of each is what a board shows without being asked.
SORTS = ("catalogue", "title", "due", "status", "party")
SUPPLEMENT = "supplement"
VIEWS = ("all", "overdue", "soon", "verify", "blocked", "unassigned", "mine", SUPPLEMENT)
GROUPINGS = ("component", "party", "status", "none")
STATUS_ORDER = ("blocked", "in progress", "not started", "done", "verified", "not applicable")
COMMENT_KIND = "activity"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One phase activity as a list shows it; `days_late` is None unless overdue, `days_left` unless due soon.

    `day` is the one on which that was judged: today, or the day on which its phase closed.
    """

    pk: int
    version: int
    ref: str
    title: str
    component: str
    position: int
    phase: int
    status: str
    reason: str
    party_id: int | None
    party_name: str
    party_kind: str
    due: date | None
    days_late: int | None
    days_left: int | None
    nature: str
    operating_since: date | None
    is_key: bool
    is_supplement: bool
    done_by_id: int | None
    comments: int = 0
    questions: int = 0
    is_mine: bool = False
    due_this_year: bool = True
    day: date | None = None
    rhythm: str = ""
    is_improve_only: bool = False

    @property
    def id(self) -> str:
        """`pk` as text, for addresses: a template would look for the language's way to write a number."""
        return str(self.pk)

    @property
    def target(self) -> str:
        """How a form names the row and the version that was seen."""
        return f"{self.pk}:{self.version}"

    @property
    def party_initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.party_name)

    @property
    def is_open(self) -> bool:
        """Neither finished nor left out."""
        return self.status in OPEN_STATUSES

    @property
    def key(self) -> str:
        """How the trail names it."""
        return f"{self.ref}@{self.phase}"

    def as_figure(self) -> FigureRow:
        """The row as the figures count it."""
        return FigureRow(
            self.phase, self.component, self.status, self.due, self.party_id, self.is_key, self.is_supplement
        )


@dataclass(slots=True)
class BoardGroup:
    """The rows under one heading of the board, with their counts. `tally` may count more than the rows shown.

    A group holds rows of the catalogue or of the supplement, never of both.
    """

    key: str
    title: str
    is_supplement: bool = False
    rows: list[BoardRow] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def anchor(self) -> str:
        """How the page names its heading."""
        return f"group-{self.toggle.replace(' ', '-')}"

    @property
    def toggle(self) -> str:
        """How the page remembers whether it is folded."""
        return f"supplement-{self.key}" if self.is_supplement else self.key


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """What a board is asked to show. Built by `phases.forms.board` from the address, strictly."""

    view: str = "all"
    text: str = ""
    components: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    parties: tuple[int, ...] = ()
    natures: tuple[str, ...] = ()
    due_from: date | None = None
    due_until: date | None = None
    key_only: bool = False
    sort: str = "catalogue"
    descending: bool = False
    group: str = "component"


def _comment_count(**more: Any) -> Coalesce:
    """How many comments an activity has, of those that `more` asks for."""
    counted = (
        Comment.objects.filter(
            project=OuterRef("project"),
            kind=COMMENT_KIND,
            key=OuterRef("activity__ref"),
            withdrawn_at__isnull=True,
            **more,
        )
        .order_by()
        .values("key")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted), Value(0))


def _closed_on() -> Subquery:
    """The day on which the phase of a row closed: from then on nothing in it becomes later."""
    closed = Phase.objects.filter(project=OuterRef("project"), number=OuterRef("phase_number"), frozen__isnull=False)
    return Subquery(closed.values("closed_on")[:1])


def _is_of(user: User) -> Exists:
    """Whether `user` is the accountable party, or belongs to it."""
    return Exists(
        Party.objects.filter(pk=OuterRef("accountable_id")).filter(Q(user=user) | Q(group_members__person__user=user))
    )


def rows_of(
    project: Project, phase: int | None = None, *, with_comments: bool = False, user: User | None = None
) -> list[BoardRow]:
    """The phase activities of a project, or of one of its phases, in catalogue order. One query.

    `with_comments` counts the comments and the open questions on each activity (they are common to its phases); else
    they read 0.
    With `user` each row says whether it is theirs.
    """
    texts = texts_for(project)
    today = clock.today(project.time_zone)
    found = PhaseActivity.objects.filter(project=project)
    if phase is not None:
        found = found.filter(phase_number=phase)
    values = found.order_by("activity__position", "phase_number").values_list(
        "pk",
        "version",
        "activity__ref",
        "activity__title",
        "activity__component",
        "activity__position",
        "phase_number",
        "status",
        "reason",
        "accountable_id",
        "accountable__name",
        "accountable__kind",
        "due",
        "activity__nature",
        "operating_since",
        "activity__is_key",
        "activity__is_supplement",
        "done_by_id",
        _comment_count() if with_comments else Value(0),
        _is_of(user) if user is not None else Value(False),
        _closed_on(),
        "rhythm",
        _comment_count(asked__isnull=False, answered_at__isnull=True) if with_comments else Value(0),
        "is_improve_only",
    )
    return [_row(value, texts, today) for value in values]


def _row(value: tuple, texts: CatalogueTexts, today: date) -> BoardRow:  # type: ignore[type-arg]  # a row of values_list
    (pk, version, ref, title, component, position, phase, status, reason, party_id, party, kind, due, nature) = value[
        :14
    ]
    since, is_key, supplement, done_by, comments, is_mine, closed_on, rhythm, questions, improve_only = value[14:]
    today = closed_on or today
    late = (today - due).days if is_overdue(status, due, today) else None
    left = None
    if due is not None and late is None and status in OPEN_STATUSES and due <= today + timedelta(days=SOON_DAYS):
        left = (due - today).days
    text = texts.text_of(ref)
    return BoardRow(
        pk=pk,
        version=version,
        ref=ref,
        title=title or (text.title if text else ref),
        component=component,
        position=position,
        phase=phase,
        status=status,
        reason=reason,
        party_id=party_id,
        party_name=party or "",
        party_kind=kind or "",
        due=due,
        days_late=late,
        days_left=left,
        nature=nature,
        operating_since=since,
        is_key=is_key,
        is_supplement=supplement,
        done_by_id=done_by,
        comments=comments,
        questions=questions,
        is_mine=is_mine,
        due_this_year=due is not None and due.year == today.year,
        day=today,
        rhythm=rhythm,
        is_improve_only=improve_only,
    )


def in_view(row: BoardRow, view: str, own: Collection[int] = ()) -> bool:
    """Whether a row belongs to one of the board's ready-made views."""
    if view == "overdue":
        return row.days_late is not None
    if view == "soon":
        return row.days_left is not None
    if view == "verify":
        return row.status == "done"
    if view == "blocked":
        return row.status == "blocked"
    if view == "unassigned":
        return row.is_open and row.party_id is None
    if view == SUPPLEMENT:
        return row.is_supplement
    if view == "mine":
        return row.party_id is not None and row.party_id in own
    return True


def filter_rows(rows: Iterable[BoardRow], query: BoardQuery, own: frozenset[int] = frozenset()) -> list[BoardRow]:
    """The rows that `query` asks for, sorted as it says. `own` are the parties of who asks."""
    words = query.text.lower().split()
    kept = [
        row
        for row in rows
        if in_view(row, query.view, own)
        and (not query.components or row.component in query.components)
        and (not query.statuses or row.status in query.statuses)
        and (not query.parties or (row.party_id or 0) in query.parties)
        and (not query.natures or row.nature in query.natures)
        and (not query.key_only or row.is_key)
        and (query.due_from is None or (row.due is not None and row.due >= query.due_from))
        and (query.due_until is None or (row.due is not None and row.due <= query.due_until))
        and all(word in f"{row.ref} {row.title} {row.reason} {row.party_name}".lower() for word in words)
    ]
    return sort_rows(kept, query.sort, descending=query.descending)


def sort_rows(rows: Iterable[BoardRow], by: str, *, descending: bool = False) -> list[BoardRow]:
    """`rows` in the order of one of SORTS. Rows without a date or a party come last, whichever way it goes."""
    ordered = sorted(rows, key=lambda row: row.position, reverse=descending and by == "catalogue")
    if by == "due":
        ordered.sort(key=lambda row: row.due or date.min, reverse=descending)
        ordered.sort(key=lambda row: row.due is None)
    elif by == "status":
        ordered.sort(key=lambda row: STATUS_ORDER.index(row.status), reverse=descending)
    elif by == "party":
        ordered.sort(key=lambda row: row.party_name.lower(), reverse=descending)
        ordered.sort(key=lambda row: not row.party_name)
    elif by == "title":
        ordered.sort(key=lambda row: row.title.lower(), reverse=descending)
    return ordered


def _group_of(row: BoardRow, by: str, texts: CatalogueTexts) -> tuple[str, str, tuple[int, str]]:
    """The key and title of the group that a row belongs to, and where the group stands among the others."""
    if by == "party":
        return str(row.party_id or 0), row.party_name, (int(row.party_id is None), row.party_name.lower())
    if by == "status":
        return row.status, row.status, (STATUS_ORDER.index(row.status), "")
    if by == "none":
        return "", "", (0, "")
    component = texts.components.get(row.component)
    if component is None:
        return row.component, row.component, (10_000, row.component)
    return row.component, component.title, (component.number, "")


def group_rows(
    project: Project, rows: Iterable[BoardRow], by: str, *, counted: Iterable[BoardRow] | None = None
) -> list[BoardGroup]:
    """`rows` under the headings of `by` (component, party, status or none), each with its counts.

    Groups come in the order of the catalogue, of names, or of urgency, whatever order the rows have; those of the
    supplement come after all others, whatever they are grouped by. The counts are those of
    `counted` where it is given (a whole phase, say, while `rows` are those a filter left), of `rows` otherwise; a group
    without a row is left out.
    """
    texts = texts_for(project)
    today = clock.today(project.time_zone)
    groups: dict[tuple[bool, str], BoardGroup] = {}
    places: dict[tuple[bool, str], tuple[int, str]] = {}
    shown = list(rows)
    for row in shown:
        key, title, place = _group_of(row, by, texts)
        apart = (row.is_supplement, key)
        if apart not in groups:
            groups[apart] = BoardGroup(key, title, row.is_supplement)
            places[apart] = place
        groups[apart].rows.append(row)
    for row in shown if counted is None else counted:
        group = groups.get((row.is_supplement, _group_of(row, by, texts)[0]))
        if group is not None:
            group.tally.add(row.as_figure(), row.day or today)
    return [groups[apart] for apart in sorted(groups, key=lambda apart: (apart[0], places[apart]))]
