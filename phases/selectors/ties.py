"""The projects that a project was made from, and those that were made from it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from phases.choices import MadeAs
from phases.models import PlanRules
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Relation:
    """Another project that this one was made from, or that was made from it."""

    project: Project
    made_as: str
    is_source: bool

    @property
    def words(self) -> str:
        """What it is to this project."""
        if self.made_as == MadeAs.WIDER_SCOPE:
            return _("Widens the scope of") if self.is_source else _("Scope widened by")
        return _("Made with the method of") if self.is_source else _("Its method is used by")


def relations_of(project: Project, user: User) -> list[Relation]:
    """The projects that `project` is tied to and that `user` sees. One query, two where there are any."""
    ties = PlanRules.objects.filter(Q(project=project) | Q(made_from=project))
    found: dict[int, tuple[str, bool]] = {}
    for pk, source, made_as in ties.order_by("pk").values_list("project_id", "made_from_id", "made_as"):
        if pk != project.pk:
            found[pk] = (made_as, False)
        elif source is not None:
            found[source] = (made_as, True)
    if not found:
        return []
    seen = Project.objects.visible_to(user).filter(pk__in=found).order_by("pk")
    return [Relation(each, *found[each.pk]) for each in seen]
