"""How a person arranges dashboards. It is their own affair, so the trail says nothing of it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from phases.models import DashboardLayout

MOST_PANELS = 60


@transaction.atomic
def save_layout(*, acting_user: User, panels: Sequence[str], hidden: Sequence[str]) -> DashboardLayout:
    """Keep the order of `panels` and which are `hidden`, for all projects of the person. Unknown keys wait unseen.

    Raises RuleBroken for a key twice or far too many.
    """
    if len(panels) > MOST_PANELS or len(set(panels)) != len(panels) or not set(hidden) <= set(panels):
        raise RuleBroken(_("These panels cannot be arranged. Reload the page."))
    layout, _made = DashboardLayout.objects.update_or_create(
        user=acting_user, defaults={"panels": list(panels), "hidden": list(hidden)}
    )
    return layout


@transaction.atomic
def reset_layout(*, acting_user: User) -> None:
    """Show dashboards as everybody gets them."""
    DashboardLayout.objects.filter(user=acting_user).delete()
