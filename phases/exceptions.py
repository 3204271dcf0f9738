"""What goes wrong with content packs."""


class ContentError(Exception):
    """A content pack cannot be loaded; the message names the file and what is wrong in it."""
