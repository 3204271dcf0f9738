"""The lines of this app in a project's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from phases.choices import PHASE_NAMES
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _overview(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Overview"), reverse("dashboard", args=[project.slug]), key="o")]


def _work(_project: Project) -> list[NavEntry]:
    return [NavEntry(_("My work"), reverse("my_work"), key="w")]


def _calendar(project: Project) -> list[NavEntry]:
    return [NavEntry(_("My calendar"), reverse("project_calendar", args=[project.slug]))]


def _plan(project: Project) -> list[NavEntry]:
    return [
        NavEntry(_("Plan"), reverse("plan", args=[project.slug]), key="p", icon="calendar3-range"),
    ]


def _phases(project: Project) -> list[NavEntry]:
    states = {phase.number: phase.state for phase in project.phases.all()}
    return [
        NavEntry(
            f"{number} {name}",
            reverse("board", args=[project.slug, number]),
            state=states.get(number, "planned"),
            note="",
            key=str(number),
        )
        for number, name in PHASE_NAMES.items()
    ]


def _import(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Import"), reverse("plan_import", args=[project.slug]))]


def _team(project: Project) -> list[NavEntry]:
    return [
        NavEntry(_("Team"), reverse("team", args=[project.slug]), key="t"),
        NavEntry(_("Role map"), reverse("role_map", args=[project.slug]), icon="diagram-3"),
    ]


def _workload(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Workload"), reverse("workload", args=[project.slug]), icon="bar-chart")]


def _trail(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Trail"), reverse("trail", args=[project.slug]), key="r")]


def _settings(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Settings"), reverse("project_settings", args=[project.slug]))]


def _tailoring(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Tailoring"), reverse("tailoring", args=[project.slug]))]


def _baselines(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Baselines"), reverse("baselines", args=[project.slug]))]


def register() -> None:
    """Add the lines, in the order of the sidebar."""
    register_nav("overview", NavItem("", "project.view", "speedometer2", _overview), order=10)
    register_nav("work", NavItem("", "project.view", "check2-square", _work), order=11)
    register_nav("calendar", NavItem("", "phases.view", "calendar3", _calendar), order=12)
    register_nav("plan", NavItem(_("Plan"), "phases.view", "calendar3-range", _plan), order=15)
    register_nav("tailoring", NavItem(_("Plan"), "phases.view", "ui-checks-grid", _tailoring), order=16)
    register_nav("plan_import", NavItem(_("Plan"), "phases.report", "upload", _import), order=19)
    register_nav("baselines", NavItem(_("Plan"), "phases.view", "bookmark", _baselines), order=16)
    register_nav("phases", NavItem(_("Phases"), "phases.view", "ring", _phases), order=20)
    register_nav("workload", NavItem(_("Plan"), "phases.view", "bar-chart", _workload), order=18)
    register_nav("team", NavItem(_("Project"), "team.view", "people", _team), order=80)
    register_nav("trail", NavItem(_("Project"), "trail.view", "clock-history", _trail), order=90)
    register_nav("settings", NavItem(_("Project"), "project.view", "gear", _settings), order=95)
