"""What the end of a phase, outcomes and lessons put into the registries of this app and those below."""

from governance import lesson_panels, models, outcome_panels, wording_end
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.Lesson, "owner")
    lesson_panels.register()
    outcome_panels.register()
    wording_end.register()
