"""Who holds a capability in a project today, as a list of people to choose from."""

from django.db.models import Q

from accounts.models import User
from projects.capabilities import capabilities
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Membership, OrganizationMembership, Project


def holders_of(project: Project, capability: str) -> list[User]:
    """Everybody who holds `capability` in `project`, by name. One query."""
    members = Membership.objects.current().filter(project=project, role__in=_roles_with(capability))
    owners = OrganizationMembership.objects.current().filter(
        organization=project.organization_id, role=OrganizationRole.OWNER
    )
    found = User.objects.filter(Q(pk__in=members.values("user")) | Q(pk__in=owners.values("user")), is_active=True)
    return list(found.order_by("name", "pk"))


def roles_of_holders(project: Project, capability: str) -> dict[int, str]:
    """By user the role, in words, by which they hold it; owners of the organization have none. One query."""
    held = Membership.objects.current().filter(project=project, role__in=_roles_with(capability))
    return {user: str(ProjectRole(role).label) for user, role in held.values_list("user_id", "role")}


def _roles_with(capability: str) -> list[str]:
    return [role.value for role in capabilities[capability].roles]
