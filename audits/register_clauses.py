"""What the clause view and auditors from outside put into the registries of the apps below."""

from audits import navigation_clauses


def register() -> None:
    """Register all of it."""
    navigation_clauses.register()
