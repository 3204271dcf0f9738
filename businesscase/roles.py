"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole

DECIDERS = {ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR}
READERS = frozenset(EVERYBODY - {ProjectRole.TEAM})


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("case.view", _("See the business case and its figures"), READERS, order=80)
    register_capability("case.edit", _("Write the business case"), {MANAGER}, order=81)
    register_capability("case.approve", _("Approve business cases they are named for"), DECIDERS, order=82)
    register_capability("case.release", _("Release money for a phase"), DECIDERS, order=83)
    register_capability("case.actuals", _("Enter what was spent and what is to come"), {MANAGER}, order=84)
    register_capability(
        "case.confirm",
        _("Confirm benefits they are named for"),
        {MANAGER, ProjectRole.PROCESS_OWNER, *DECIDERS},
        order=85,
    )
    register_capability("risks.view", _("See the risk register"), EVERYBODY, order=86)
    register_capability("risks.report", _("Report risks"), WRITERS, order=87)
    register_capability("risks.manage", _("Assess risks and settle what is done about them"), {MANAGER}, order=88)
