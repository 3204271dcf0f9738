"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("phases.view", _("See boards and activities"), EVERYBODY, order=40)
    register_capability("phases.report", _("Report on own activities"), WRITERS, order=41)
    register_capability("phases.report_any", _("Report on every activity"), {MANAGER}, order=42)
    register_capability(
        "phases.verify",
        _("Verify what others did"),
        {MANAGER, ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR, ProjectRole.PROCESS_OWNER},
        order=43,
    )
    register_capability("phases.assign", _("Give activities to people"), {MANAGER}, order=44)
    register_capability("phases.schedule", _("Set due dates"), {MANAGER}, order=45)
    register_capability("phases.tailor", _("Leave activities out, with a justification"), {MANAGER}, order=46)
    register_capability("phases.close", _("Start and close phases"), {MANAGER}, order=47)
    register_capability("phases.export", _("Export plans and lists"), EVERYBODY, order=48)
