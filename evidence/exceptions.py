"""What taking in evidence refuses, beside the common refusals."""

from common.exceptions import RuleBroken


class FileRefused(RuleBroken):
    """The file cannot be taken; the message says what to do instead (422)."""


class NoRoom(FileRefused):
    """The organization's share of the disk is used up, or the disk is full (507)."""


class OffsetMismatch(RuleBroken):
    """A piece does not begin where the file ends so far (409). `offset` is where it ends."""

    def __init__(self, message: object, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class FileDamaged(Exception):
    """A stored file is not what was taken in: "missing", "altered" or "unreadable". It is never sent."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
