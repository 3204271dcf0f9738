"""The kinds of things that people are mailed about. Higher apps register theirs in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from common.mail import Attached
from common.registry import Registry
from notifications.choices import Pace

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Comment, Notice, Occasion
    from projects.models import Project


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a mail: `title` leads to `path` and `said` says what is with it, `quote` what somebody wrote.

    Of lines with the same `thing` only the most urgent is shown. `place` puts lines of one kind in order. `subject` is
    the subject of a mail with this line alone. All are plain text.
    """

    thing: str
    title: str
    said: str
    path: str
    subject: str
    quote: str = ""
    place: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of thing that people are told.

    `lines` gets a person and notices of this kind in projects that the person can see, and gives a line for each that
    is still true, by the key of the notice; the others are dropped. It asks the database a fixed number of times.
    `counted` says how many there are ("3 overdue"). A lower `order` is more urgent; `tone` colours the line.
    `attached` gives the files that a mail with those notices carries; one that it cannot give is left out.
    """

    title: str | Promise
    explanation: str | Promise
    lines: "Callable[[User, Sequence[Notice]], Mapping[int, Line]]"
    counted: Callable[[int], str]
    pace: Pace = Pace.WEEKLY
    tone: str = ""
    attached: "Callable[[User, Sequence[Notice]], Sequence[Attached]] | None" = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a comment stands: what it is on, in words, and the path to it."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class News:
    """That the person with the id `person` shall be told of a thing: see `Notice` for the rest."""

    person: int
    kind: str
    key: str
    project: int
    subject: int
    facts: Mapping[str, Any] = field(default_factory=dict)


notice_kinds: Registry[NoticeKind] = Registry("notice kinds")
comment_spots: "Registry[Callable[[Collection[Comment]], Mapping[int, Spot]]]" = Registry("comment spots")
comment_covers: "Registry[Callable[[Project, str], str]]" = Registry("covers of comments")
occasion_kinds: "Registry[Callable[[Occasion], Iterable[News]]]" = Registry("occasions")
standing_notes: "Registry[Callable[[User, Collection[Project]], Mapping[int, str]]]" = Registry("standing notes")


def register_notice_kind(key: str, kind: NoticeKind, *, order: int) -> None:
    """Let people be told of `kind`; the most urgent kinds have the lowest `order`."""
    notice_kinds.register(key, kind, order=order)


def register_occasion(kind: str, news: "Callable[[Occasion], Iterable[News]]") -> None:
    """Say whom an occasion of `kind` concerns, and of what they are told. Asked again, it says the same."""
    occasion_kinds.register(kind, news)


def register_comment_spot(kind: str, spots: "Callable[[Collection[Comment]], Mapping[int, Spot]]") -> None:
    """Let mails about comments on objects of `kind` lead there: `spots` says where each comment stands, by its key."""
    comment_spots.register(kind, spots)


def register_comment_cover(kind: str, cover: "Callable[[Project, str], str]") -> None:
    """Let the trail be silent on the words of comments on some objects of `kind`.

    `cover(project, key)` gives the name under which the trail tells of what is said on the object, or "" where it may
    tell all. One query.
    """
    comment_covers.register(kind, cover)


def register_standing_note(key: str, notes: "Callable[[User, Collection[Project]], Mapping[int, str]]") -> None:
    """Let a digest end each project with a line on how things stand there for the person ("12 are overdue in all")."""
    standing_notes.register(key, notes)
