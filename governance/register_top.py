"""What the portfolio and the commitment of top management put into the registries of the apps below."""


def register() -> None:
    """Register all of it."""
