"""The line of the way to the certificate, and of operation, in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _certification(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Certification"), reverse("certification", args=[project.slug]))]


def _cycle(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Calendar of operation"), reverse("cycle", args=[project.slug]))]


def register() -> None:
    """Add the lines."""
    register_nav("certification", NavItem(_("Audit"), "certification.view", "shield-check", _certification), order=67)
    register_nav("cycle", NavItem(_("Audit"), "certification.view", "arrow-repeat", _cycle), order=69)
