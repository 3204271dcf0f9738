"""What management reviews, improvements and risks to the SMS put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
