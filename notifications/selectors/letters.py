"""From the notices of one person to what a mail says: what is still true, by project, the most urgent first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from notifications.models import Notice
from notifications.registry import Line, notice_kinds, standing_notes
from projects.models import Project

MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line, and the kind that it is of."""

    kind: str
    tone: str
    line: Line


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What a mail says about one project. `more` counts the lines that are left off."""

    project: Project
    lines: tuple[LetterLine, ...]
    more: int = 0
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written: `summary` is its subject without the project.

    `dropped` says why a notice (by key) is not in it; `kinds` are those that are.
    """

    subject: str = ""
    summary: str = ""
    parts: tuple[LetterPart, ...] = ()
    lines: int = 0
    kinds: tuple[str, ...] = ()
    dropped: Mapping[int, str] = field(default_factory=dict)


def letter_to(person: User, notices: Sequence[Notice], *, is_digest: bool) -> Letter:
    """What `person` is told of `notices`: of projects that they can see now, and of what is still true.

    The number of queries depends on the kinds, not on how many notices or projects there are.
    """
    if not person.is_active:
        return Letter(dropped={notice.pk: "the account is closed" for notice in notices})
    ids = {notice.project_id for notice in notices}
    projects = {
        project.pk: project
        for project in Project.objects.visible_to(person).filter(pk__in=ids).select_related("organization")
    }
    dropped: dict[int, str] = {}
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.project_id not in projects:
            dropped[notice.pk] = "the person cannot see the project"
        elif notice.kind not in notice_kinds:
            dropped[notice.pk] = "there is no such kind"
        else:
            by_kind[notice.kind].append(notice)
    shown: dict[int, list[LetterLine]] = defaultdict(list)
    told: set[tuple[int, str]] = set()
    kinds = []
    for key, kind in notice_kinds.items():
        found = kind.lines(person, by_kind[key]) if by_kind[key] else {}
        dropped |= {notice.pk: "no longer true" for notice in by_kind[key] if notice.pk not in found}
        if found:
            kinds.append(key)
        for notice in sorted((one for one in by_kind[key] if one.pk in found), key=lambda one: found[one.pk].place):
            line = found[notice.pk]
            # A row that is overdue is not told again as given to the person.
            if (notice.project_id, line.thing) not in told:
                told.add((notice.project_id, line.thing))
                shown[notice.project_id].append(LetterLine(key, kind.tone, line))
    if not shown:
        return Letter(dropped=dropped)
    total = sum(len(lines) for lines in shown.values())
    subject, summary = _subject(projects, shown)
    return Letter(
        subject=subject,
        summary=summary,
        parts=_parts(person, projects, shown, is_digest=is_digest),
        lines=total,
        kinds=tuple(kinds),
        dropped=dropped,
    )


def _parts(
    person: User, projects: Mapping[int, Project], shown: Mapping[int, list[LetterLine]], *, is_digest: bool
) -> tuple[LetterPart, ...]:
    order = {key: place for place, key in enumerate(notice_kinds.keys())}
    # The project with the most urgent line first; every project has its share of the room.
    by_urgency = sorted(shown, key=lambda pk: (order[shown[pk][0].kind], projects[pk].name, pk))
    room = _shares([len(shown[pk]) for pk in by_urgency])
    standing: dict[int, str] = {}
    if is_digest:
        for notes in standing_notes:
            standing |= notes(person, [projects[pk] for pk in by_urgency])
    return tuple(
        LetterPart(projects[pk], tuple(shown[pk][:most]), len(shown[pk]) - most, standing.get(pk, ""))
        for pk, most in zip(by_urgency, room, strict=True)
    )


def _shares(sizes: Sequence[int]) -> list[int]:
    """How many lines of each project are shown, so that there are MOST_LINES in all: small ones whole, if they can."""
    left = MOST_LINES
    shares = [0] * len(sizes)
    for done, place in enumerate(sorted(range(len(sizes)), key=lambda place: sizes[place])):
        shares[place] = min(sizes[place], left // (len(sizes) - done))
        left -= shares[place]
    return shares


def _subject(projects: Mapping[int, Project], shown: Mapping[int, list[LetterLine]]) -> tuple[str, str]:
    lines = [line for its in shown.values() for line in its]
    if len(lines) == 1:
        return lines[0].line.subject, lines[0].line.said
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        counts[line.kind] += 1
    said = ", ".join(kind.counted(counts[key]) for key, kind in notice_kinds.items() if counts[key])
    where = next(iter(projects[pk].name for pk in shown)) if len(shown) == 1 else _("Your projects")
    return f"{where}: {said}", said
