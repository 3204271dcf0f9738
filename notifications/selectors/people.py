"""Who can be named and asked in a project."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from notifications.domain.names import Person
from projects.capabilities import capabilities
from projects.choices import OrganizationRole
from projects.models import Membership, OrganizationMembership, Project


def people_of(project: Project) -> list[Person]:
    """Everybody with an account who can see `project` today, by name. One query.

    Nobody else is ever offered, named or asked.
    """
    of_project = Membership.objects.current().filter(project=project, user=OuterRef("pk"))
    owns = OrganizationMembership.objects.current().filter(
        organization_id=project.organization_id, user=OuterRef("pk"), role=OrganizationRole.OWNER
    )
    writes = of_project.filter(role__in=[role.value for role in capabilities["comments.write"].roles])
    found = User.objects.filter(Q(Exists(of_project)) | Q(Exists(owns)), is_active=True).annotate(
        can_write=Q(Exists(writes)) | Q(Exists(owns))
    )
    people = [
        Person(pk, name, email, writer)
        for pk, name, email, writer in found.values_list("pk", "name", "email", "can_write")
    ]
    return sorted(people, key=lambda person: (person.label.casefold(), person.email))
