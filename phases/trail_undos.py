"""Which acts on a plan the trail leads back from."""

from django.urls import reverse

from audittrail.sentences import Facts
from phases.choices import Status
from phases.domain.replay import ROW_KIND
from phases.selectors.tailoring import (
    ACTIVITY_KIND,
    ADD_OWN,
    ADD_PHASE,
    CHANGE_STATUS,
    CREATE_OWN,
    MOVE_ROW,
    SPLIT_UP,
)
from projects.models import Project
from projects.registries import TrailUndo, register_trail_undo

ACTS = (
    (ROW_KIND, CHANGE_STATUS),
    (ROW_KIND, MOVE_ROW),
    (ROW_KIND, ADD_PHASE),
    (ROW_KIND, ADD_OWN),
    (ACTIVITY_KIND, CREATE_OWN),
    (ACTIVITY_KIND, SPLIT_UP),
)


def undoing_of_tailoring(project: Project, facts: Facts) -> str:
    """The page that undoes an act of tailoring; "" for a change of status that is a report on the work."""
    if facts.action == CHANGE_STATUS and Status.NOT_APPLICABLE not in facts.pair("status"):
        return ""
    return reverse("tailoring_undo", args=[project.slug, facts.seq])


def register() -> None:
    """Let the trail lead to the undoing of tailoring."""
    for kind, action in ACTS:
        register_trail_undo(kind, action, TrailUndo("phases.tailor", undoing_of_tailoring))
