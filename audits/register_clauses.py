"""What the clause view and auditors from outside put into the registries of the apps below."""

from audits import navigation_clauses, notices_visitors, panels_clauses
from audits.visits import note_visit
from projects.access import register_watcher


def register() -> None:
    """Register all of it."""
    navigation_clauses.register()
    panels_clauses.register()
    notices_visitors.register()
    register_watcher("visits", note_visit)
