"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole

APPROVERS = frozenset(
    {
        ProjectRole.MANAGER,
        ProjectRole.TOP_MANAGEMENT,
        ProjectRole.CHAIR,
        ProjectRole.COMMITTEE,
        ProjectRole.PROCESS_OWNER,
    }
)


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("documents.view", _("Read documents"), EVERYBODY, order=55)
    register_capability("documents.write", _("Write documents and send them for review"), WRITERS, order=56)
    register_capability("documents.approve", _("Approve documents of others, when asked by name"), APPROVERS, order=57)
    register_capability(
        "documents.publish",
        _("Publish documents, set objectives, ask for reading, archive documents"),
        {MANAGER},
        order=58,
    )
    register_capability("documents.measure", _("Write the monthly values of objectives they own"), WRITERS, order=59)
