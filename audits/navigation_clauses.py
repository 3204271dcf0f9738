"""The line of the clause view in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _clauses(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Clauses"), reverse("clauses", args=[project.slug]))]


def register() -> None:
    """Add the line."""
    register_nav("clauses", NavItem(_("Audit"), "clauses.view", "list-columns-reverse", _clauses), order=60)
