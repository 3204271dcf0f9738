"""What evidence packs put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
