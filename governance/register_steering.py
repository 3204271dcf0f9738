"""What the steering page and the board pack put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
