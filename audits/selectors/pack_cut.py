"""The event of the trail at which a pack is cut, and what was changed since it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audits.domain.pack_state import Cut
from audittrail.models import Event
from common import clock
from common.exceptions import RuleBroken
from projects.models import Project

#: Events of packs themselves never move the cut: building one must not change the next.
PACK_KIND = "evidence pack"
FINDING_KIND = "audit finding"
_READ = 2000
_KINDS = ("evidence", "document", "party", "activity", FINDING_KIND)


def cut_of(project: Project, as_of: date | None = None) -> Cut:
    """Where a pack of the end of `as_of` (None: of now) is cut: the newest event then that is not of a pack.

    Raises RuleBroken, in words, for a day that has not come, and for one by which nothing was recorded.
    """
    today = clock.today(project.time_zone)
    if as_of is not None and as_of > today:
        raise RuleBroken(
            _("%(day)s has not come yet; today is %(today)s. Take an earlier day.")
            % {"day": as_of.isoformat(), "today": today.isoformat()},
            field="as_of",
        )
    events = Event.objects.filter(stream_id=project.uuid)
    if as_of is not None:
        later = events.filter(at__gte=clock.end_of(as_of, project.time_zone)).order_by("seq").values_list("seq").first()
        if later is not None:
            events = events.filter(seq__lt=later[0])
    event = events.exclude(kind=PACK_KIND).order_by("-seq").only("seq", "hash", "at").first()
    if event is None:
        first = Event.objects.filter(stream_id=project.uuid).order_by("seq").values_list("at", flat=True).first()
        began = clock.day_of(first, project.time_zone).isoformat() if first is not None else ""
        raise RuleBroken(
            _("%(day)s lies before the project: its trail begins on %(first)s. Take a later day.")
            % {"day": as_of.isoformat() if as_of else "", "first": began},
            field="as_of",
        )
    return Cut(event.seq, event.hash, event.at, clock.day_of(event.at, project.time_zone))


def cut_at(project: Project, seq: int) -> Cut:
    """The cut at event `seq`. Raises Event.DoesNotExist."""
    event = Event.objects.only("seq", "hash", "at").get(stream_id=project.uuid, seq=seq)
    return Cut(event.seq, event.hash, event.at, clock.day_of(event.at, project.time_zone))


@dataclass(frozen=True, slots=True)
class Since:
    """What the trail says was otherwise at the cut: by kind, key and field the value that stood then.

    `added` names the items of evidence that came since, `unlinked` what others ceased to prove, `disposed` those whose
    content was destroyed.
    """

    values: Mapping[tuple[str, str, str], Any] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    unlinked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    disposed: frozenset[str] = frozenset()

    def then(self, kind: str, key: str, name: str, now: Any) -> Any:
        """The value of a field at the cut, given the one of `now`."""
        return self.values.get((kind, key, name), now)


def since_cut(project: Project, cut: Cut) -> Since:
    """What changed since `cut`, of evidence, documents, parties and activities. One query."""
    values: dict[tuple[str, str, str], Any] = {}
    added: set[str] = set()
    disposed: set[str] = set()
    unlinked: dict[str, list[str]] = {}
    for event in _later(project, cut):
        said = json.loads(event.payload).get("changes", {}) if event.payload is not None else {}
        for name, pair in said.items():
            if isinstance(pair, list) and len(pair) == 2:
                values.setdefault((event.kind, event.key, name), pair[0])
        if event.kind != "evidence":
            continue
        if event.action == "add":
            added.add(event.key)
        elif event.action == "dispose":
            disposed.add(event.key)
            values.setdefault(("evidence", event.key, "state"), "withdrawn")
        elif event.action == "no longer prove":
            unlinked.setdefault(event.key, []).append(str(said.get("shown for", [""])[0]))
    return Since(values, frozenset(added), {key: tuple(each) for key, each in unlinked.items()}, frozenset(disposed))


def _later(project: Project, cut: Cut) -> Iterator[Event]:
    return (
        Event.objects.filter(stream_id=project.uuid, seq__gt=cut.seq, kind__in=_KINDS)
        .order_by("seq")
        .only("seq", "kind", "key", "action", "payload")
        .iterator(chunk_size=_READ)
    )
