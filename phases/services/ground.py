"""What new rows of a running project are put into."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from common import clock
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Package, Phase, PhaseActivity, PlanRules
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.people import named_in
from phases.selectors.plan_state import calendar_of, dating_rules, package_windows, phase_windows_of
from phases.services.make_rows import Ground
from projects.models import Project


def ground_of(project: Project, phases: Sequence[Phase], texts: CatalogueTexts) -> Ground:
    """What is left of each phase and package, the days that are given away, who is named, and how the plan dates.

    Eight queries.
    """
    today = clock.today(project.time_zone)
    busy: dict[int | str, list[date]] = defaultdict(list)
    dated = PhaseActivity.objects.filter(project=project, status__in=OPEN_STATUSES, due__gte=today)
    for ref, roles, party, due in dated.values_list("activity__ref", "activity__roles", "accountable_id", "due"):
        text = texts.text_of(ref)
        called = text.roles if text is not None else tuple(roles)
        if due is not None:
            busy[party or next(iter(called), "")].append(due)
    named = named_in(project)
    return Ground(
        windows=phase_windows_of(phases),
        busy=busy,
        role_map={place: named.parties[party] for place, party in named.people.takes.items()},
        parts=named.people.parts,
        owners={place: named.parties[party] for place, party in named.owners.items()},
        packages=package_windows(Package.objects.filter(project=project, start__isnull=False)),
        calendar=calendar_of(project),
        rules=dating_rules(PlanRules.objects.get(project=project)),
        today=today,
    )
