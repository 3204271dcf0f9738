"""What the way to the certificate and what comes after put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
