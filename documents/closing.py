"""A phase closes when the documents it needs are in force, or when somebody said why not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents.selectors.register import not_in_force as lacking_for
from projects.models import Project
from projects.registries import ClosingCheck, register_closing_check

SHOWN = 3


def not_in_force(project: Project, phase: int) -> str:
    """Which required documents of `phase` and those before are not in force; "" where all are, or none was begun.

    A project that keeps its documents elsewhere has begun none here, and is not held up.
    """
    lacking = lacking_for(project, phase)
    if not lacking:
        return ""
    more = len(lacking) - SHOWN
    named = ", ".join(lacking[:SHOWN])
    if more > 0:
        named = _("%(named)s and %(more)d more") % {"named": named, "more": more}
    return ngettext(
        "%(n)d required document is not in force: %(named)s.",
        "%(n)d required documents are not in force: %(named)s.",
        len(lacking),
    ) % {"n": len(lacking), "named": named}


def register() -> None:
    """Hold every phase to it."""
    register_closing_check(
        "documents-in-force",
        ClosingCheck(
            gettext_lazy("Required documents in force"),
            not_in_force,
            yields_to_reason=True,
            address=lambda project: reverse("documents", args=[project.slug]),
        ),
        order=40,
    )
