"""The planning of the demo: packages with dates and owners, who else takes part in a role, what waits for what."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from accounts.models import User
from phases.models import Package, Phase, ProjectActivity
from phases.selectors.wishes import PackageWish
from phases.services.links import add_link
from phases.services.packages import set_packages
from phases.services.role_map import set_role_map
from projects.models import Party, Project


def plan_in_depth(manager: User, project: Project, story: Mapping[str, Any], parties: Mapping[str, Party]) -> None:
    """Let the manager plan what the story says, through the services."""
    further: dict[tuple[str, str], dict[Party, str]] = defaultdict(dict)
    for entry in story["further"]:
        further[entry["role"], ""][parties[entry["party"]]] = entry["part"]
    set_role_map(acting_user=manager, project=project, entries={}, further=further)
    refs = {activity.ref: activity for activity in ProjectActivity.objects.filter(project=project)}
    for entry in story["links"]:
        add_link(acting_user=manager, project=project, before=refs[entry["before"]], after=refs[entry["after"]])
    starts = dict(Phase.objects.filter(project=project).values_list("number", "start"))
    packages = {(each.component, each.phase_number): each for each in Package.objects.filter(project=project)}
    wishes = []
    for entry in story["packages"]:
        start = starts[entry["phase"]]
        assert start is not None  # noqa: S101 (the phases of a new project have dates)
        first = start + timedelta(weeks=entry["from_week"])
        last = first + timedelta(weeks=entry["weeks"], days=-3)
        package = packages[entry["component"], entry["phase"]]
        owner = parties[entry["owner"]]
        wishes.append(PackageWish(entry["component"], entry["phase"], package.version, first, last, owner))
    set_packages(acting_user=manager, project=project, wishes=wishes)
