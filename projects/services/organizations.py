"""Acts on organizations."""

from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, open_stream, record_event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.texts import clean_line
from projects.choices import OrganizationRole
from projects.models import Organization, OrganizationMembership
from projects.permissions import can_open_organization
from projects.services.guards import require, term_fields
from projects.slugs import free_slug


@transaction.atomic
def create_organization(*, acting_user: User | None, name: str, owner: User | None = None) -> Organization:
    """Open an organization; `owner` (default: who acts) may do everything in it.

    Raises NotPermitted unless an administrator (or the application) acts, RuleBroken for an empty name.
    """
    if acting_user is not None:
        require(can_open_organization(acting_user))
    if not clean_line(name):
        raise RuleBroken(_("Give the organization a name."), field="name")
    organization = Organization.objects.create(
        name=clean_line(name)[:120], slug=free_slug(Organization, slugify(name)), created_at=clock.now()
    )
    open_stream(stream_id=organization.uuid, kind="organization", label=organization.name)
    record_event(
        stream_id=organization.uuid,
        acting_user=acting_user,
        draft=Draft("create", "organization", organization.slug, organization.name, {"name": organization.name}),
    )
    first = owner or acting_user
    if first is not None:
        _set_role(organization, first, OrganizationRole.OWNER, clock.today(), None, acting_user)
    return organization


@transaction.atomic
def set_organization_role(
    *,
    acting_user: User | None,
    organization: Organization,
    user: User,
    role: str,
    valid_until: date | None = None,
) -> OrganizationMembership:
    """Give `user` a role in the organization, or change it. Its owners may, and administrators of the installation.

    Raises NotPermitted for anybody else, RuleBroken for an unknown role or an end in the past.
    """
    if acting_user is not None and not acting_user.is_superuser:
        owner = OrganizationMembership.objects.current().filter(
            organization=organization, user=acting_user, role=OrganizationRole.OWNER
        )
        if not owner.exists():
            raise NotPermitted(_("Only an owner of the organization can do this."))
    if role not in OrganizationRole.values:
        raise RuleBroken(_("There is no such role."), field="role")
    return _set_role(organization, user, OrganizationRole(role), clock.today(), valid_until, acting_user)


def _set_role(
    organization: Organization,
    user: User,
    role: OrganizationRole,
    valid_from: date,
    valid_until: date | None,
    acting_user: User | None,
) -> OrganizationMembership:
    before = OrganizationMembership.objects.filter(organization=organization, user=user).first()
    if before is not None and before.is_current:
        valid_from = before.valid_from
    membership, _created = OrganizationMembership.objects.update_or_create(
        organization=organization,
        user=user,
        defaults={"role": role, **term_fields(valid_from, valid_until, "UTC")},
    )
    record_event(
        stream_id=organization.uuid,
        acting_user=acting_user,
        draft=Draft(
            "set role",
            "organization membership",
            user.email,
            user.name,
            {
                "role": [before.role if before else None, str(role)],
                "until": [before.valid_until if before else None, valid_until],
            },
        ),
    )
    return membership
