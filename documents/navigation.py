"""The line of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _documents(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Documents"), reverse("documents", args=[project.slug]), key="d")]


def register() -> None:
    """Add the line."""
    register_nav("documents", NavItem(_("Proof"), "documents.view", "file-earmark-text", _documents), order=36)
