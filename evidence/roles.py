"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("evidence.view", _("See evidence"), EVERYBODY, order=50)
    register_capability("evidence.add", _("Add evidence and link it"), WRITERS, order=51)
    register_capability(
        "evidence.manage", _("Change and withdraw others' evidence, set its rules"), {MANAGER}, order=52
    )
    register_capability("evidence.ask", _("Ask people for evidence"), {MANAGER}, order=53)
    register_capability("evidence.dispose", _("Dispose of evidence"), {MANAGER}, order=54)
