"""What administrators do with accounts. People themselves come by invitation (see `projects`)."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User, normalize_email
from audittrail.services import Draft, record_installation_event
from common.exceptions import NotPermitted, RuleBroken

FIELDS = ("name", "email", "is_active", "is_staff", "is_superuser")


def _require_administrator(acting_user: User | None) -> None:
    if acting_user is not None and not (acting_user.is_active and acting_user.is_superuser):
        raise NotPermitted(_("Only an administrator of the installation can do this."))


@transaction.atomic
def create_account(*, acting_user: User | None, email: str, name: str, password: str) -> User:
    """Open an account. Raises RuleBroken for an address that is taken, in any spelling, or a weak password."""
    _require_administrator(acting_user)
    address = normalize_email(email)
    if User.objects.filter(email=address).exists():
        raise RuleBroken(_("There is an account for this address."), field="email")
    try:
        validate_password(password, User(email=address, name=name))
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages), field="password1") from error
    user = User.objects.create_user(address, password, name=name.strip())
    record_installation_event(
        acting_user=acting_user, draft=Draft("create", "account", address, user.name, {"email": address})
    )
    return user


@transaction.atomic
def create_first_administrator(*, email: str, name: str, password: str) -> User:
    """Open the account that an installation begins with.

    Raises RuleBroken where there is an administrator already, and for an address, name or password that will not do.
    """
    there = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if there is not None:
        raise RuleBroken(_("There is an administrator already: %(email)s.") % {"email": there.email})
    address = normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken(_("%(email)s is no mail address.") % {"email": email}, field="email") from error
    if not 0 < len(name.strip()) <= 120:
        raise RuleBroken(_("Give a name of at most 120 characters."), field="name")
    user = create_account(acting_user=None, email=address, name=name, password=password)
    return change_account(acting_user=None, user=user, is_staff=True, is_superuser=True)


@transaction.atomic
def change_account(*, acting_user: User | None, user: User, **values: Any) -> User:
    """Change name, address, or what an account may do; a deactivated one is signed out at once.

    Raises RuleBroken for an address that is taken, and where administrators would lock themselves out.
    """
    _require_administrator(acting_user)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such field of an account: {', '.join(sorted(unknown))}")
    if "email" in values:
        values["email"] = normalize_email(values["email"])
        if User.objects.filter(email=values["email"]).exclude(pk=user.pk).exists():
            raise RuleBroken(_("There is an account for this address."), field="email")
    before = User.objects.get(pk=user.pk)
    changes = {name: [getattr(before, name), value] for name, value in values.items() if getattr(before, name) != value}
    loses = any(changes.get(name) == [True, False] for name in ("is_active", "is_superuser"))
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if before.is_superuser and loses and not others.exists():
        raise RuleBroken(_("The installation needs an administrator. Make somebody else one first."))
    if not changes:
        return before
    for name, (_old, value) in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    record_installation_event(acting_user=acting_user, draft=Draft("change", "account", user.email, user.name, changes))
    return user
