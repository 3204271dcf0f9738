"""The line of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _gap(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Gap analysis"), reverse("gap", args=[project.slug]), key="g")]


def register() -> None:
    """Add the line."""
    register_nav("gap", NavItem(_("Analysis"), "gap.view", "grid-3x3-gap", _gap), order=30)
