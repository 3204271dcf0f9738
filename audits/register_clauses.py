"""What the clause view and auditors from outside put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
