"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("comments.view", _("Read comments"), EVERYBODY, order=60)
    register_capability("comments.write", _("Comment"), WRITERS, order=61)
    register_capability("comments.settle", _("Settle anybody's questions"), {MANAGER}, order=62)
