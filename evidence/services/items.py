"""Taking in evidence, giving it further revisions, and changing what is said about it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.canonical import canonical_json, sha256_of
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_line, clean_text
from evidence import files
from evidence.choices import Classification, EvidenceKind, ItemState
from evidence.domain.file_names import shown_name
from evidence.file_types import type_of
from evidence.files import Incoming
from evidence.models import EvidenceItem, Revision
from evidence.registries import why_needed
from evidence.selectors import item_of, may_add_by
from evidence.services.links import activities_of, link_activities
from evidence.services.previews import preview_on_adding
from evidence.services.quota import take_room
from evidence.services.telling import tell_of
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned
from projects.services.refs import next_ref

LONGEST_TITLE = 200
LONGEST_TEXT = 4000
LAST_DAY = date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file that came in (`evidence.files.receive`), and the name it was sent as.

    `stays`: it is left where it is until the act is through, so that it can be tried again.
    """

    incoming: Incoming
    name: str
    stays: bool = False

    @property
    def shown(self) -> str:
        """The name as it is kept."""
        return shown_name(self.name)


@dataclass(frozen=True, slots=True)
class LinkIn:
    """An address outside, what was seen there, and when."""

    url: str
    seen_note: str
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordIn:
    """A record of this system, as it stands now: `content` is anything that has a canonical JSON."""

    kind: str
    key: str
    content: object


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says about an item. Where the title is empty, it takes the name of the file."""

    title: str = ""
    shows: str = ""
    owner: Party | None = None
    classification: str = Classification.INTERNAL
    collected_on: date | None = None
    covers_from: date | None = None
    covers_until: date | None = None
    valid_until: date | None = None
    refs: Sequence[str] = field(default_factory=tuple)
    phase_number: int | None = None


Content = FileIn | LinkIn | RecordIn


def add_evidence(
    *, acting_user: User | None, project: Project, content: Content, facts: Facts, again: str = ""
) -> EvidenceItem:
    """Take in an item with its first revision, linked to the activities that `facts.refs` name. One trail event.

    `again` says why the same content is kept a second time.

    Raises NotPermitted; FileRefused, NoRoom and RuleBroken for what cannot be taken. What came in as a file is gone
    then, and nothing is written.
    """
    with _taking_in(content) as kept:
        require_capability(acting_user, "evidence.add", project)
        values = _checked(project, facts, content)
        # Before the file gets its place: a slip in a ref must not cost somebody two gigabytes.
        activities_of(project, facts.refs)
        item = EvidenceItem.objects.create(
            project=project,
            key=next_ref(project, "E", width=4),
            kind=_kind_of(content),
            added_by=acting_user,
            added_at=clock.now(),
            **values,
        )
        revision = _revise(acting_user, item, content, kept, number=1, why="")
        if facts.refs:
            link_activities(
                acting_user=acting_user,
                project=project,
                items=[item],
                refs=facts.refs,
                phase_number=facts.phase_number,
                tell_trail=False,
            )
        said = {
            "kind": item.kind,
            "sha256": revision.sha256,
            "bytes": revision.size,
            "classification": item.classification,
        }
        if facts.refs:
            said["shown for"] = list(facts.refs)
        tell_of(acting_user, item, "add", said, again)
        return item


def add_revision(
    *, acting_user: User | None, project: Project, key: str, version: int, content: Content, why: str
) -> EvidenceItem:
    """Give an item a newer revision of the same kind; the older ones stay. One trail event.

    Raises NotPermitted, RuleBroken (another kind, no reason, an item that no longer counts), FileRefused, NoRoom,
    StaleWrite, and EvidenceItem.DoesNotExist for an item that the person may not see.
    """
    with _taking_in(content) as kept:
        item = own_item(acting_user, project, key)
        if item.kind != _kind_of(content):
            raise RuleBroken(_("A revision is of the same kind as the item. Add a new item instead."))
        if item.state != ItemState.CURRENT:
            raise RuleBroken(_("This item no longer counts. Add a new one."))
        said = clean_line(why)[:300]
        if not said:
            raise RuleBroken(_("Say why there is a newer one: an auditor will ask."), field="why")
        before = item.revision
        revision = _revise(acting_user, item, content, kept, number=(before.number if before else 0) + 1, why=said)
        if before is not None and before.sha256 == revision.sha256:
            raise RuleBroken(_("This is byte for byte what is there already."), field="file")
        write_versioned(item, version=version, values={"revision": revision}, shown={}, sent={})
        tell_of(
            acting_user,
            item,
            "revise",
            {
                "revision": [before.number if before else None, revision.number],
                "sha256": [before.sha256 if before else None, revision.sha256],
            },
            reason=said,
        )
        return item


@transaction.atomic
def change_facts(*, acting_user: User | None, project: Project, key: str, version: int, facts: Facts) -> EvidenceItem:
    """Change what is said about an item; what it holds stays. One trail event, or none.

    Raises NotPermitted, RuleBroken, StaleWrite, EvidenceItem.DoesNotExist.
    """
    item = own_item(acting_user, project, key)
    values = _checked(project, facts, None)
    if not values["title"]:
        raise RuleBroken(_("Give it a title."), field="title")
    changes = {name: [_plain(getattr(item, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and item.version == version:
        return item
    write_versioned(
        item,
        version=version,
        values=values,
        shown={name.replace("_", " "): pair[0] or "" for name, pair in changes.items()},
        sent={name.replace("_", " "): pair[1] or "" for name, pair in changes.items()},
    )
    tell_of(acting_user, item, "change", changes)
    return item


@transaction.atomic
def withdraw_item(*, acting_user: User | None, project: Project, key: str, version: int, why: str) -> EvidenceItem:
    """Say that an item no longer counts, and why; it stays readable. Raises as `change_facts`, and RuleBroken for one
    that something which holds is made of (`evidence.registries.Keeper`)."""
    item = own_item(acting_user, project, key)
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why it no longer counts."), field="why")
    if item.state != ItemState.CURRENT:
        raise RuleBroken(_("It no longer counts already."))
    needed = why_needed(project, access_to(project, acting_user), item)
    if needed:
        raise RuleBroken(needed)
    write_versioned(
        item,
        version=version,
        values={"state": ItemState.WITHDRAWN, "state_reason": said, "left_at": clock.now()},
        shown={},
        sent={},
    )
    tell_of(acting_user, item, "withdraw", {"state": [ItemState.CURRENT.value, ItemState.WITHDRAWN.value]}, reason=said)
    return item


def own_item(acting_user: User | None, project: Project, key: str) -> EvidenceItem:
    """An item that `acting_user` may change. Raises NotPermitted, or DoesNotExist where they may not see it."""
    require_capability(acting_user, "evidence.add", project)
    access = access_to(project, acting_user)
    item = item_of(project, access, key)
    if item is None:
        raise EvidenceItem.DoesNotExist
    if not may_add_by(acting_user, item, access):
        raise NotPermitted(_("Who added it, its owner and managers change it."))
    return item


def check_facts(project: Project, facts: Facts, name: str) -> None:
    """Raise RuleBroken for what `add_evidence` would refuse of what is said about a file of this name."""
    _checked(project, facts, FileIn(Incoming(Path(), 0, ""), name))
    activities_of(project, facts.refs)


def _kind_of(content: Content) -> str:
    return {FileIn: EvidenceKind.FILE, LinkIn: EvidenceKind.LINK, RecordIn: EvidenceKind.RECORD}[type(content)]


@contextmanager
def _taking_in(content: Content) -> Iterator[list[str]]:
    """One transaction; names of files that got their place within it are added to what is yielded.

    Where the act fails, they are taken away again. Where only the commit does, nobody knows whether it came through:
    the file stays, and at worst `verify` lists it as an orphan. A file that got no place is always taken away.
    """
    kept: list[str] = []
    try:
        with transaction.atomic():
            try:
                yield kept
            except BaseException:
                for stored in kept:
                    with suppress(OSError):
                        files.destroy(stored)
                raise
    finally:
        if isinstance(content, FileIn) and not content.stays:
            files.discard(content.incoming.path)


def _revise(
    acting_user: User | None, item: EvidenceItem, content: Content, kept: list[str], *, number: int, why: str
) -> Revision:
    revision = Revision(
        project=item.project, item=item, number=number, why=why, added_by=acting_user, added_at=clock.now()
    )
    if isinstance(content, FileIn):
        _fill_file(revision, item.project, content, kept)
    elif isinstance(content, LinkIn):
        _fill_link(revision, item.project, content)
    else:
        revision.record = canonical_json(content.content)
        revision.record_kind, revision.record_key = content.kind[:40], content.key[:80]
        revision.size = len(revision.record.encode("utf-8"))
        revision.sha256 = sha256_of(content.content)
    revision.save()
    EvidenceItem.objects.filter(pk=item.pk).update(revision=revision)
    item.revision = revision
    preview_on_adding(revision)
    return revision


def _fill_file(revision: Revision, project: Project, content: FileIn, kept: list[str]) -> None:
    name = shown_name(content.name)
    kind = type_of(name, content.incoming.path)
    take_room(project.organization, content.incoming.size)
    stored = files.keep(content.incoming.path, leave=content.stays)
    if content.stays:
        transaction.on_commit(partial(files.discard, content.incoming.path))
    revision.file_name, revision.content_type = name, kind.content_type
    revision.stored, revision.sha256, revision.size = stored, content.incoming.sha256, content.incoming.size
    kept.append(stored)


def _fill_link(revision: Revision, project: Project, content: LinkIn) -> None:
    url = clean_line(content.url)
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 1000:
        raise RuleBroken(_("Give a whole address that begins with https:// or http://."), field="url")
    note = clean_text(content.seen_note)
    if not note:
        raise RuleBroken(_("Say what you saw there: a link shows nothing once the page changes."), field="seen_note")
    today = clock.today(project.time_zone)
    seen_on = content.seen_on or today
    if seen_on > today:
        raise RuleBroken(_("This day lies ahead."), field="seen_on")
    revision.url, revision.seen_note, revision.seen_on = url, note[:LONGEST_TEXT], seen_on
    revision.sha256 = sha256_of({"url": url, "seen": revision.seen_note, "on": seen_on})


def _checked(project: Project, facts: Facts, content: Content | None) -> dict[str, object]:
    today = clock.today(project.time_zone)
    title = clean_line(facts.title)
    if not title and isinstance(content, FileIn):
        title = shown_name(content.name)
    if not title and isinstance(content, LinkIn):
        title = clean_line(content.url)[:LONGEST_TITLE]
    if not title:
        raise RuleBroken(_("Give it a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_TITLE}, field="title")
    if facts.classification not in Classification.values:
        raise RuleBroken(_("Choose one of the list."), field="classification")
    if facts.owner is not None and facts.owner.project_id != project.pk:
        raise Party.DoesNotExist
    collected = facts.collected_on or today
    if collected > today:
        raise RuleBroken(_("This day lies ahead."), field="collected_on")
    start, end = facts.covers_from, facts.covers_until
    if (start is None) != (end is None):
        start, end = start or end, end or start
    if start is not None and end is not None and end < start:
        raise RuleBroken(_("It ends before it begins."), field="covers_until")
    for name in ("valid_until", "covers_until"):
        day = getattr(facts, name)
        if day is not None and day > LAST_DAY:
            raise RuleBroken(_("This is too far off."), field=name)
    return {
        "title": title,
        "shows": clean_text(facts.shows)[:LONGEST_TEXT],
        "owner": facts.owner,
        "classification": facts.classification,
        "collected_on": collected,
        "covers_from": start,
        "covers_until": end,
        "valid_until": facts.valid_until,
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Party) else value
