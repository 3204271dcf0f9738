"""The lines of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _case(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Business case"), reverse("case", args=[project.slug]))]


def _risks(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Risks"), reverse("risks", args=[project.slug]))]


def register() -> None:
    """Add the lines."""
    register_nav("business_case", NavItem(_("Analysis"), "case.view", "graph-up-arrow", _case), order=31)
    register_nav("risks", NavItem(_("Analysis"), "risks.view", "tri", _risks), order=32)
