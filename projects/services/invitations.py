"""Acts on invitations."""

import hashlib
import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User, normalize_email
from audittrail.services import Draft, record_event, record_events, record_installation_event
from common import clock
from common.exceptions import RuleBroken
from common.mail import absolute_url, send_mail
from common.texts import clean_line
from projects.choices import ProjectRole
from projects.models import Invitation, Membership, Project
from projects.services.guards import check_until, require_capability
from projects.services.team import check_auditor_alone, grant_role

LIFETIME = timedelta(days=14)


def token_hash(token: str) -> str:
    """What is stored of an invitation's secret."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


@transaction.atomic
def invite(
    *,
    acting_user: User | None,
    project: Project,
    email: str,
    name: str,
    role: str,
    valid_until: date | None = None,
) -> Invitation:
    """Offer a role by mail; the link holds for 14 days and works once. An older open offer to the address ends.

    Raises RuleBroken for a bad address, an empty name, an unknown role, an end in the past, a role that the person
    holds already, or an auditor who holds another.
    """
    require_capability(acting_user, "team.manage", project)
    address = normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken(_("This is not a mail address."), field="email") from error
    if not clean_line(name):
        raise RuleBroken(_("Give the person's name, so that others know who it is."), field="name")
    if role not in ProjectRole.values:
        raise RuleBroken(_("There is no such role."), field="role")
    check_until(valid_until, earliest=clock.today(project.time_zone))
    _check_present_roles(project, address, role)
    token = secrets.token_urlsafe(32)
    older = Invitation.objects.filter(project=project, email=address, role=role, accepted_at=None, revoked_at=None)
    drafts = [
        Draft("revoke", "invitation", address, old.name, {"role": [role, None]}, "invited again")
        for old in older
        if old.is_open
    ]
    older.update(revoked_at=clock.now())
    invitation = Invitation.objects.create(
        project=project,
        email=address,
        name=clean_line(name)[:120],
        role=role,
        valid_until=valid_until,
        token_sha256=token_hash(token),
        invited_by=acting_user,
        created_at=clock.now(),
        expires_at=clock.now() + LIFETIME,
    )
    drafts.append(Draft("invite", "invitation", address, invitation.name, {"role": role, "until": valid_until}))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    send_mail(
        to=address,
        subject=_("Invitation to %(project)s") % {"project": project.name},
        template="invitation",
        context={
            "invitation": invitation,
            "project": project,
            "inviter": acting_user,
            "role": ProjectRole(role).label,
            "url": absolute_url(reverse("invitation", args=[token])),
        },
    )
    return invitation


def _check_present_roles(project: Project, address: str, role: str) -> None:
    member = User.objects.filter(email=address).first()
    if member is None:
        return
    if Membership.objects.current().filter(project=project, user=member, role=role).exists():
        raise RuleBroken(
            _("%(name)s holds this role already. Change its end on the team page.") % {"name": member.name},
            field="email",
        )
    check_auditor_alone(project, member, role)


@transaction.atomic
def revoke_invitation(*, acting_user: User | None, project: Project, invitation_id: int) -> Invitation:
    """Take an offer back before it is accepted. Raises RuleBroken afterwards."""
    require_capability(acting_user, "team.manage", project)
    invitation = Invitation.objects.get(project=project, pk=invitation_id)
    now = clock.now()
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    if not still_open.update(revoked_at=now):
        raise RuleBroken(_("This invitation is no longer open."))
    invitation.revoked_at = now
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("revoke", "invitation", invitation.email, invitation.name, {"role": [invitation.role, None]}),
    )
    return invitation


def find_open_invitation(token: str) -> Invitation | None:
    """The open invitation of a link, or None: unknown, used, revoked and expired look the same."""
    invitation = (
        Invitation.objects.select_related("project__organization", "invited_by")
        .filter(token_sha256=token_hash(token))
        .first()
    )
    return invitation if invitation is not None and invitation.is_open else None


@transaction.atomic
def accept_invitation(*, token: str, user: User | None = None, password: str = "", name: str = "") -> User:
    """Take the offer: a known address signs in first and passes `user`; a new one sets a password.

    `name` is how a new person wants to be called, where that differs from what the invitation says.

    Raises RuleBroken where the link no longer holds, `user` has another address than the invited one, or the
    password is too weak.
    """
    invitation = find_open_invitation(token)
    if invitation is None:
        raise RuleBroken(_("This invitation is no longer open. Ask for a new one."))
    existing = User.objects.filter(email=invitation.email).first()
    if user is not None and user.email != invitation.email:
        raise RuleBroken(
            _("The invitation is for %(email)s. Sign out and use that account.") % {"email": invitation.email}
        )
    if existing is not None and user is None:
        raise RuleBroken(_("There is an account for this address. Sign in, then open the link again."))
    # Taken before the account is made, so that two clicks at once cannot make two.
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        accepted_at=clock.now()
    )
    if not taken:
        raise RuleBroken(_("This invitation is no longer open. Ask for a new one."))
    if user is None:
        user = User(email=invitation.email, name=clean_line(name)[:120] or invitation.name, date_joined=clock.now())
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise RuleBroken(" ".join(error.messages), field="password") from error
        user.set_password(password)
        user.save()
    grant_role(
        acting_user=None,
        project=invitation.project,
        user=user,
        role=invitation.role,
        valid_until=invitation.valid_until,
    )
    if existing is None:
        record_installation_event(acting_user=user, draft=Draft("create", "account", user.email, user.name))
    record_event(
        stream_id=invitation.project.uuid,
        acting_user=user,
        draft=Draft("accept", "invitation", invitation.email, invitation.name, {"role": [None, invitation.role]}),
    )
    return user
