"""Whom a plan names: by the role map, as owners of packages."""

from dataclasses import dataclass

from phases.domain.responsibility import People
from phases.models import Package
from phases.selectors.role_map import entries_of, parts_of
from projects.models import Party, Project


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named at which role and package of a project, with every party by id.

    `people` and `owners` hold only parties that take activities; `every` names those too that no longer do.
    """

    parties: dict[int, Party]
    people: People
    owners: dict[tuple[str, int], int]
    every: People
    every_owner: dict[tuple[str, int], int]


def named_in(project: Project) -> Named:
    """Who is named at the roles and packages of `project`. Four queries."""
    parties = {party.pk: party for party in Party.objects.filter(project=project)}
    takes, parts = entries_of(project), parts_of(project)
    owners = {
        (component, number): owner
        for component, number, owner in Package.objects.filter(project=project, owner__isnull=False).values_list(
            "component", "phase_number", "owner_id"
        )
    }

    def takes_work(party: int) -> bool:
        return parties[party].is_active

    return Named(
        parties=parties,
        people=People(
            {place: party for place, party in takes.items() if takes_work(party)},
            {place: {party: part for party, part in its.items() if takes_work(party)} for place, its in parts.items()},
        ),
        owners={place: party for place, party in owners.items() if takes_work(party)},
        every=People(takes, parts),
        every_owner=owners,
    )
