"""Who stands behind parties, and who verifies."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from accounts.models import User
from phases.models import Package, PhaseActivity
from projects.capabilities import capabilities
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Membership, OrganizationMembership, Party, Project


def users_of(parties: Collection[int]) -> dict[int, set[int]]:
    """The ids of the people with an account who are a party, or belong to it, by the id of the party. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    for pk, user, member in Party.objects.filter(pk__in=parties).values_list(
        "pk", "user_id", "group_members__person__user_id"
    ):
        found[pk] |= {user, member} - {None}
    return found


def verifiers_of(project: Project, rows: Sequence[PhaseActivity], doer: User | None) -> Mapping[int, Collection[int]]:
    """Who is asked to verify each of `rows` (by id) that `doer` reported done. At most three queries.

    The owner of the package, where they may verify; else the project managers; else whoever else may; else the owners
    of the organization. `doer` is never asked.
    """
    holders: dict[int, set[str]] = defaultdict(set)
    roles = [role.value for role in capabilities["phases.verify"].roles]
    for user, role in (
        Membership.objects.current().filter(project=project, role__in=roles).values_list("user_id", "role")
    ):
        holders[user].add(role)
    if doer is not None:
        holders.pop(doer.pk, None)
    usual = {user for user, held in holders.items() if ProjectRole.MANAGER in held} or set(holders)
    if not usual:
        owners = OrganizationMembership.objects.current().filter(
            organization=project.organization_id, role=OrganizationRole.OWNER
        )
        usual = {user for user in owners.values_list("user_id", flat=True) if doer is None or user != doer.pk}
    places = {(row.activity.component, row.phase_number) for row in rows}
    owners_of: dict[tuple[str, int], set[int]] = defaultdict(set)
    for component, number, user, member in Package.objects.filter(
        project=project, owner__isnull=False, component__in={component for component, _number in places}
    ).values_list("component", "phase_number", "owner__user_id", "owner__group_members__person__user_id"):
        owners_of[component, number] |= {one for one in (user, member) if one in holders}
    return {row.pk: owners_of.get((row.activity.component, row.phase_number)) or usual for row in rows}
