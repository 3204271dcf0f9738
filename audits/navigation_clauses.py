"""The lines of the clause view and of auditors from outside in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _clauses(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Clauses"), reverse("clauses", args=[project.slug]))]


def _visitors(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Auditors"), reverse("visitors", args=[project.slug]))]


def register() -> None:
    """Add the lines."""
    register_nav("clauses", NavItem(_("Audit"), "clauses.view", "list-columns-reverse", _clauses), order=60)
    register_nav("visitors", NavItem(_("Audit"), "auditors.watch", "eye", _visitors), order=69)
