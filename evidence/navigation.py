"""The line of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _evidence(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Evidence"), reverse("evidence", args=[project.slug]), key="e")]


def register() -> None:
    """Add the line."""
    register_nav("evidence", NavItem(_("Proof"), "evidence.view", "paperclip", _evidence), order=35)
