"""Search inside one project: activities, notes, comments, people and groups. Nothing of any other project."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.safestring import SafeString

from common.highlight import contains_all, contains_any, excerpt, marked, search_words
from common.markdown import plain_text
from notifications.models import Comment
from phases.models import PhaseActivity, ProjectActivity
from phases.registries import SearchHit, search_parts
from phases.selectors.activity import COMMENTED
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import ActivityText, CatalogueTexts, texts_for
from projects.models import Party, Project
from projects.permissions import Access

SHORTEST = 2
MOST = 40  # of each kind; whoever needs more narrows the words


@dataclass(frozen=True, slots=True)
class ActivityHit:
    """An activity; `found` is where a word stands when not in ref or title. `phases` are those it runs in."""

    ref: str
    marked_ref: SafeString
    title: SafeString
    found: SafeString | None
    component: str
    is_key: bool
    is_supplement: bool = False
    phases: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NoteHit:
    """A note or a reason on a phase activity."""

    ref: str
    title: str
    phase: int
    kind: str
    found: SafeString


@dataclass(frozen=True, slots=True)
class CommentHit:
    """A comment on an activity."""

    ref: str
    title: str
    author: str
    at: object
    found: SafeString


@dataclass(frozen=True, slots=True)
class PartyHit:
    """A person or a group that can be, or was, responsible; `is_active` is False for who left."""

    pk: int
    name: SafeString
    plain_name: str
    kind: str
    function: SafeString
    initials: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class PartFound:
    """What was found of a kind that a higher app registered; `is_cut` where there is more."""

    key: str
    title: str
    hits: tuple[SearchHit, ...]
    is_cut: bool


@dataclass(slots=True)
class SearchResults:
    """What was found, by kind; `more` names the kinds of which only the first `MOST` are here."""

    activities: list[ActivityHit] = field(default_factory=list)
    notes: list[NoteHit] = field(default_factory=list)
    comments: list[CommentHit] = field(default_factory=list)
    parties: list[PartyHit] = field(default_factory=list)
    more: set[str] = field(default_factory=set)
    besides: list[PartFound] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many in all."""
        besides = sum(len(part.hits) for part in self.besides)
        return len(self.activities) + len(self.notes) + len(self.comments) + len(self.parties) + besides


def stands_in(fields: Sequence[str], word: str) -> Q:
    """A condition: `word` stands in one of `fields`, whatever its case."""
    # SQLite compares only ASCII without regard to case, so other words are also tried as people spell them.
    spellings = {word} if word.isascii() else {word, word.upper(), word.capitalize(), word.title()}
    found = Q()
    for name in fields:
        for spelling in spellings:
            found |= Q(**{f"{name}__icontains": spelling})
    return found


def search_project(
    project: Project,
    text: str,
    *,
    with_comments: bool = True,
    with_parties: bool = True,
    access: Access | None = None,
) -> SearchResults:
    """Where all words of `text` stand, within `project` alone; with `access`, also in what higher apps have.

    At most five queries, and one for each kind of theirs; none below two letters.
    """
    results = SearchResults()
    words = search_words(text)
    if len("".join(words)) < SHORTEST:
        return results
    texts = texts_for(project)
    activities = list(ProjectActivity.objects.filter(project=project).order_by("position", "ref"))
    titles = {row.ref: row.title or _catalogue_title(texts, row.ref) for row in activities}
    _find_activities(project, results, activities, texts, titles, words)
    _find_notes(project, results, titles, words)
    if with_comments:
        _find_comments(project, results, titles, words)
    if with_parties:
        _find_parties(project, results, words)
    if access is not None:
        results.besides = list(_find_besides(project, access, words))
    return results


def _find_besides(project: Project, access: Access, words: list[str]) -> Iterator[PartFound]:
    for key in search_parts.keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
        part = search_parts[key]
        hits = tuple(part.find(project, access, words, MOST + 1)) if access.can(part.capability) else ()
        if hits:
            yield PartFound(key, str(part.title), hits[:MOST], len(hits) > MOST)


def _catalogue_title(texts: CatalogueTexts, ref: str) -> str:
    text = texts.text_of(ref)
    return text.title if text else ref


def _find_activities(
    project: Project,
    results: SearchResults,
    activities: list[ProjectActivity],
    texts: CatalogueTexts,
    titles: dict[str, str],
    words: list[str],
) -> None:
    found: list[tuple[int, int, ActivityHit]] = []
    for row in activities:
        text = effective_text(texts, row)
        head = f"{row.ref}\n{titles[row.ref]}"
        body = _body(text)
        if not contains_all("\n".join((head, *body)), words):
            continue
        missing = [word for word in words if not contains_any(head, [word])]
        where = max(body, key=lambda part: sum(contains_any(part, [word]) for word in words)) if missing else ""
        component = texts.components.get(row.component)
        hit = ActivityHit(
            ref=row.ref,
            marked_ref=marked(row.ref, words),
            title=marked(titles[row.ref], words),
            found=excerpt(where, words) if where else None,
            component=component.short_title if component else row.component,
            is_key=row.is_key,
            is_supplement=row.is_supplement,
        )
        found.append((_rank(row.ref, missing, words), row.position, hit))
    found.sort(key=lambda entry: entry[:2])
    if len(found) > MOST:
        results.more.add("activities")
    hits = [hit for _rank_, _position, hit in found[:MOST]]
    statuses = _statuses(project, [hit.ref for hit in hits])
    results.activities = [replace(hit, phases=tuple(statuses.get(hit.ref, ()))) for hit in hits]


def _rank(ref: str, missing: list[str], words: list[str]) -> int:
    """The exact ref first, then what has every word in ref or title, then the rest."""
    if [ref.casefold()] == words:
        return 0
    return 2 if missing else 1


def _body(text: ActivityText) -> tuple[str, ...]:
    return (text.guidance, *text.phase_notes.values(), *text.evidence, *(point["title"] for point in text.points))


def _statuses(project: Project, refs: list[str]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    if refs:
        rows = PhaseActivity.objects.filter(project=project, activity__ref__in=refs).order_by("phase_number")
        for ref, phase, status in rows.values_list("activity__ref", "phase_number", "status"):
            found.setdefault(ref, []).append((phase, status))
    return found


def _find_notes(project: Project, results: SearchResults, titles: dict[str, str], words: list[str]) -> None:
    rows = PhaseActivity.objects.filter(project=project).exclude(note="", reason="")
    for word in words:
        rows = rows.filter(stands_in(("note", "reason"), word))
    found = list(
        rows.order_by("activity__position", "phase_number").values_list(
            "activity__ref", "phase_number", "note", "reason"
        )[: MOST + 1]
    )
    if len(found) > MOST:
        results.more.add("notes")
    for ref, phase, note, reason in found[:MOST]:
        in_note = contains_any(note, words)
        results.notes.append(
            NoteHit(
                ref,
                titles.get(ref, ref),
                phase,
                "note" if in_note else "reason",
                excerpt(plain_text(note) if in_note else reason, words),
            )
        )


def _find_comments(project: Project, results: SearchResults, titles: dict[str, str], words: list[str]) -> None:
    rows = Comment.objects.filter(project=project, kind=COMMENTED)
    for word in words:
        rows = rows.filter(stands_in(("body", "author__name"), word))
    found = list(rows.select_related("author").order_by("-at", "-pk")[: MOST + 1])
    if len(found) > MOST:
        results.more.add("comments")
    results.comments = [
        CommentHit(row.key, titles.get(row.key, row.key), str(row.author), row.at, excerpt(plain_text(row.body), words))
        for row in found[:MOST]
    ]


def _find_parties(project: Project, results: SearchResults, words: list[str]) -> None:
    rows = Party.objects.filter(project=project)
    for word in words:
        rows = rows.filter(stands_in(("name", "function", "email"), word))
    found = list(rows.order_by("name")[: MOST + 1])
    if len(found) > MOST:
        results.more.add("parties")
    results.parties = [
        PartyHit(
            pk=party.pk,
            name=marked(party.name, words),
            plain_name=party.name,
            kind=party.kind,
            function=marked(party.function, words),
            initials=party.initials,
            is_active=party.is_active,
        )
        for party in found[:MOST]
    ]
