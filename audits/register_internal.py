"""What internal audits put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
