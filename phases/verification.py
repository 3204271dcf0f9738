"""What `manage.py verify` finds out about closed phases, kept days and baselines."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from audittrail.models import Event
from common import clock
from common.canonical import sha256_of
from phases.models import Baseline, Phase, Snapshot
from phases.selectors.as_of import content_of, replays
from projects.models import Project

_SAME_ACT = timedelta(minutes=1)
_MONTH = timedelta(days=30)


def check_frozen(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each closed phase whose rows are not those that the trail says it closed with."""
    closed = Phase.objects.with_frozen().filter(frozen__isnull=False).select_related("project").order_by("pk")
    for phase in closed.iterator(chunk_size=50):
        event = (
            Event.objects.filter(
                stream_id=phase.project.uuid, kind="phase", key=str(phase.number), action="close phase"
            )
            .order_by("-seq")
            .first()
        )
        said = event.content.get("changes", {}).get("frozen sha256") if event is not None else None
        if said != sha256_of(phase.frozen):
            yield f"phase {phase.number} of {phase.project.slug} does not hold what it closed with"


def check_snapshots(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each kept day whose content is not what was kept."""
    for snapshot in Snapshot.objects.select_related("project").order_by("pk").iterator(chunk_size=50):
        if sha256_of(snapshot.content) != snapshot.sha256:
            yield f"the snapshot of {snapshot.project.slug} of {snapshot.day} was altered"


def check_snapshots_against_trail(resume: bool) -> Iterator[str]:
    """Yield a sentence for each kept day that the trail tells otherwise: each project's newest, and one a month older.

    Events are read for it from the first on, so with `resume` a seventh of the projects is looked at each day.
    """
    for project in Project.objects.order_by("pk").iterator(chunk_size=50):
        if resume and project.pk % 7 != clock.now().weekday():
            continue
        kept = Snapshot.objects.filter(project=project).order_by("-day")
        newest = kept.first()
        if newest is None:
            continue
        older = kept.filter(day__lte=newest.day - _MONTH).first()
        plan_at = replays(project, list(Phase.objects.filter(project=project)))
        for snapshot in (newest, older):
            if snapshot is not None and (told := difference(snapshot.content, content_of(plan_at(snapshot.day)))):
                yield f"the snapshot of {project.slug} of {snapshot.day} is not what the trail tells: {told}"


def difference(kept: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """In which rows and phases two contents of snapshots differ, in a few words; "" where they agree."""
    found = []
    for part, name in (("rows", _row_name), ("phases", _phase_name)):
        first, second = ({name(record): record for record in content[part]} for content in (kept, told))
        found += [key for key in sorted(first.keys() | second.keys()) if first.get(key) != second.get(key)]
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


def _row_name(record: Mapping[str, Any]) -> str:
    return f"{record['ref']}@{record['phase']}"


def _phase_name(record: Mapping[str, Any]) -> str:
    return f"phase {record['number']}"


def check_baselines(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each baseline that is not what the trail says was taken, and for each that is gone."""
    for project in Project.objects.order_by("pk").only("pk", "uuid", "slug").iterator(chunk_size=50):
        events = Event.objects.filter(stream_id=project.uuid, kind="baseline", action="take baseline").order_by("seq")
        taken = {event.key: event for event in events}
        for baseline in Baseline.objects.filter(project=project).order_by("number").iterator(chunk_size=20):
            if not _is_as_taken(baseline, taken.pop(str(baseline.number), None)):
                yield f"the baseline B{baseline.number} of {project.slug} is not what was taken"
        for number in taken:
            yield f"the baseline B{number} of {project.slug} is gone"


def _is_as_taken(baseline: Baseline, event: Event | None) -> bool:
    if event is None or sha256_of(baseline.content) != baseline.sha256:
        return False
    if abs(event.at - baseline.taken_at) > _SAME_ACT:
        return False
    if event.payload is None:  # what it said was disposed of
        return True
    changes = event.content.get("changes", {})
    said = [changes.get(name, [None, ""])[1] for name in ("content sha256", "name", "note")]
    return said == [baseline.sha256, baseline.name, baseline.note]
