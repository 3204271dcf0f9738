"""The projects of a person, with what they may do in each and which day it is there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from common import clock
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.capabilities import capabilities_of
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Membership, OrganizationMembership, Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class WorkProject:
    """A project, what the person may do in it, and the present day in its time zone."""

    project: Project
    access: Access
    today: date

    @property
    def texts(self) -> CatalogueTexts:
        """The texts of the catalogue version that it is pinned to."""
        return texts_for(self.project)


def work_project(project: Project, access: Access) -> WorkProject:
    """One project as `work_projects` gives many."""
    return WorkProject(project, access, clock.today(project.time_zone))


def work_projects(user: User) -> Mapping[int, WorkProject]:
    """All projects that `user` can see, by id, in the order of their names. Two queries."""
    projects = list(Project.objects.visible_to(user).select_related("organization").order_by("name", "pk"))
    in_projects = Membership.objects.current().filter(user=user).values_list("project_id", "role")
    owned = OrganizationMembership.objects.current().filter(user=user, role=OrganizationRole.OWNER)
    roles: dict[int, set[ProjectRole]] = defaultdict(set)
    organizations: set[int] = set()
    # The words of the two kinds of role differ, so that one list can hold both.
    for place, role in in_projects.union(owned.values_list("organization_id", "role"), all=True):
        if role == OrganizationRole.OWNER:
            organizations.add(place)
        else:
            roles[place].add(ProjectRole(role))
    days = {zone: clock.today(zone) for zone in {project.time_zone for project in projects}}
    found = {}
    for project in projects:
        held, owns = frozenset(roles[project.pk]), project.organization_id in organizations
        access = Access(user.pk, held, owns, capabilities_of(held, organization_owner=owns))
        found[project.pk] = WorkProject(project, access, days[project.time_zone])
    return found
