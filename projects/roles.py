"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, register_capability
from projects.choices import ProjectRole


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("project.view", _("See the project and its figures"), EVERYBODY, order=10)
    register_capability("project.change", _("Change name, scope and settings"), {MANAGER}, order=11)
    register_capability("team.view", _("See the team"), EVERYBODY, order=20)
    register_capability("team.manage", _("Invite people and manage the team"), {MANAGER}, order=21)
    register_capability(
        "trail.view",
        _("Read the trail"),
        EVERYBODY - {ProjectRole.TEAM},
        order=30,
    )
