"""What new rows of a running project are put into."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from common import clock
from phases.domain.schedule import Window, rest_of
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.people import named_in
from phases.services.make_rows import Ground
from projects.models import Project


def ground_of(project: Project, phases: Sequence[Phase], texts: CatalogueTexts) -> Ground:
    """What is left of each phase, the days that roles have given away, and who is named. Five queries."""
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
    named = named_in(project)
    return Ground(
        windows,
        busy,
        role_map={place: named.parties[party] for place, party in named.people.takes.items()},
        parts=named.people.parts,
        owners={place: named.parties[party] for place, party in named.owners.items()},
    )
