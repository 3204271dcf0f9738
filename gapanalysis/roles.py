"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("gap.view", _("See gap analyses"), EVERYBODY, order=70)
    register_capability("gap.answer", _("Answer what they are asked in a gap analysis"), WRITERS, order=71)
    register_capability("gap.manage", _("Plan gap analyses and decide what follows"), {MANAGER}, order=72)
    register_capability("gap.lock", _("Lock a gap analysis"), {MANAGER, ProjectRole.CHAIR}, order=73)
