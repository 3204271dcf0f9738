"""What new rows of a running project are put into."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from common import clock
from phases.domain.schedule import Window, rest_of
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity, RoleAssignment
from phases.selectors.catalogue import CatalogueTexts
from phases.services.make_rows import Ground
from projects.models import Project


def ground_of(project: Project, phases: Sequence[Phase], texts: CatalogueTexts) -> Ground:
    """What is left of each phase, the days that roles have given away, and the role map. Two queries."""
    today = clock.today(project.time_zone)
    windows: Mapping[int, Window] = {
        phase.number: rest
        for phase in phases
        if phase.start is not None
        and phase.end is not None
        and (rest := rest_of(Window(phase.start, phase.end), today)) is not None
    }
    busy: dict[tuple[int, str], list[date]] = defaultdict(list)
    dated = PhaseActivity.objects.filter(project=project, status__in=OPEN_STATUSES, due__gte=today)
    for ref, number, due in dated.values_list("activity__ref", "phase_number", "due"):
        text = texts.text_of(ref)
        if text is not None and due is not None:
            busy[number, text.roles[0]].append(due)
    role_map = {
        (entry.role, entry.component): entry.party
        for entry in RoleAssignment.objects.filter(project=project, party__is_active=True).select_related("party")
    }
    return Ground(windows, busy, role_map)
