"""What `manage.py verify` finds out about closed phases, kept days and baselines."""

from collections.abc import Iterator
from datetime import timedelta

from audittrail.models import Event
from common.canonical import sha256_of
from phases.models import Baseline, Phase, Snapshot
from projects.models import Project

_SAME_ACT = timedelta(minutes=1)


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
