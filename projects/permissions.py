"""Who somebody is in a project, and what that allows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from common.decisions import ALLOWED, Decision, denied
from projects.capabilities import capabilities, capabilities_of
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Membership, Organization, OrganizationMembership, Project


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do in one project, read once per request.

    `acting_user` None stands for the application itself (commands without `--as`, jobs of its own): it may
    do everything, and the trail says "system".
    """

    user_id: int | None
    roles: frozenset[ProjectRole]
    organization_owner: bool
    capabilities: frozenset[str]
    is_system: bool = False

    def can(self, capability: str) -> Decision:
        """Allowed, or denied with a sentence that names what is missing."""
        if self.is_system or capability in self.capabilities:
            return ALLOWED
        return denied(
            _("Your role in this project does not allow this: %(capability)s.")
            % {"capability": str(capabilities[capability].title).lower()}
        )


def access_to(project: Project, user: User | None) -> Access:
    """What `user` may do in `project` at this instant. One query."""
    if user is None:
        return Access(None, frozenset(), False, frozenset(), is_system=True)
    if not user.is_active:
        return Access(user.pk, frozenset(), False, frozenset())
    in_project = Membership.objects.current().filter(project=project, user=user)
    in_organization = OrganizationMembership.objects.current().filter(
        organization_id=project.organization_id, user=user, role=OrganizationRole.OWNER
    )
    # The words of the two kinds of role differ, so that one list can hold both.
    held = set(in_project.values_list("role").union(in_organization.values_list("role")))
    owner = (OrganizationRole.OWNER.value,) in held
    roles = frozenset(ProjectRole(role) for (role,) in held if role != OrganizationRole.OWNER)
    return Access(user.pk, roles, owner, capabilities_of(roles, organization_owner=owner))


def can(user: User | None, capability: str, project: Project) -> Decision:
    """Whether `user` holds `capability` in `project`."""
    return access_to(project, user).can(capability)


def can_start_project(user: User | None, organization: Organization) -> Decision:
    """Owners and consultants of an organization start its projects."""
    if user is None or Organization.objects.that_may_start_projects(user).filter(pk=organization.pk).exists():
        return ALLOWED
    return denied(_("Only owners and consultants of an organization can start a project in it."))


def can_act_for_organization(user: User | None, organization: Organization) -> Decision:
    """Owners and consultants of an organization look after what belongs to it as a whole."""
    if user is None or Organization.objects.that_may_start_projects(user).filter(pk=organization.pk).exists():
        return ALLOWED
    return denied(_("Only owners and consultants of the organization can do this."))


def can_open_organization(user: User) -> Decision:
    """Administrators of the installation open organizations."""
    if user.is_superuser and user.is_active:
        return ALLOWED
    return denied(_("Only an administrator can open a new organization."))


def can_start_any_project(user: User) -> Decision:
    """Whether there is an organization, old or new, in which `user` can start a project."""
    if can_open_organization(user) or Organization.objects.that_may_start_projects(user).exists():
        return ALLOWED
    return denied(
        _(
            "Only owners and consultants of an organization can start a project in it. Ask an owner of your "
            "organization for that role, or ask a project manager to invite you to a project."
        )
    )
