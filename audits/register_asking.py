"""What requests of auditors and the register of findings put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
