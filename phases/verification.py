"""What `manage.py verify` finds out about closed phases and kept days."""

from collections.abc import Iterator

from audittrail.models import Event
from common.canonical import sha256_of
from phases.models import Phase, Snapshot


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
