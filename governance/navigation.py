"""The lines of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _steering(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Steering"), reverse("steering", args=[project.slug]), key="s")]


def _lessons(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Lessons"), reverse("lessons", args=[project.slug]))]


def register() -> None:
    """Add the lines."""
    register_nav("steering", NavItem(_("Governance"), "governance.view", "signpost-split", _steering), order=50)
    register_nav("lessons", NavItem(_("Governance"), "lessons.view", "lightbulb", _lessons), order=51)
