"""What is known of an activity of a plan, wherever it stands: in the catalogue, or in the plan alone."""

from dataclasses import replace

from phases.models import ProjectActivity
from phases.selectors.catalogue import ActivityText, CatalogueTexts

USUAL_EFFORT = "medium"


def effective_text(texts: CatalogueTexts, activity: ProjectActivity) -> ActivityText:
    """The texts of `activity`: the catalogue's; for a part those of the whole; for an own one the plan's. No query."""
    found = texts.text_of(activity.ref) if activity.catalogue_activity_id is not None else None
    if found is not None:
        if found.ref == activity.ref:
            return found
        return replace(found, ref=activity.ref, title=activity.title or found.title, position=activity.position)
    return ActivityText(
        ref=activity.ref,
        component=activity.component,
        position=activity.position,
        kind="activity",
        title=activity.title or activity.ref,
        nature=activity.nature,
        is_key=activity.is_key,
        effort=activity.effort or USUAL_EFFORT,
        phases=(),
        roles=tuple(activity.roles),
        guidance=activity.description,
        phase_notes={},
        evidence=(),
        clauses_2011=tuple(activity.clauses_2011),
        clauses_2018=tuple(activity.clauses_2018),
        points=(),
        succeeds="",
    )
