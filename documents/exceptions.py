"""What documents refuse, beside the common refusals."""

from common.exceptions import RuleBroken


class OwnWork(RuleBroken):
    """Nobody approves what they wrote (409)."""


class DocumentRefused(RuleBroken):
    """A text or a file cannot become a document; the message says what to do instead (422)."""
