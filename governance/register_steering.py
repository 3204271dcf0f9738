"""What the steering page and the board pack put into the registries of the apps below."""

from governance import board_pack


def register() -> None:
    """Register all of it."""
    board_pack.register()
