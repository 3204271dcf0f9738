"""What the parties of a project have open."""

from django.db.models import Count, Q

from common import clock
from phases.domain.transitions import OPEN_STATUSES
from phases.models import PhaseActivity
from projects.models import Project
from projects.registries import Load


def loads_of(project: Project) -> dict[int, Load]:
    """Open and overdue phase activities by the id of the accountable party. One query."""
    today = clock.today(project.time_zone)
    rows = (
        PhaseActivity.objects.filter(project=project, accountable__isnull=False, status__in=OPEN_STATUSES)
        .values_list("accountable_id")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
        .order_by()
    )
    return {party_id: Load(count, late) for party_id, count, late in rows if party_id is not None}
