"""What the services of this app refuse, beside the common refusals."""

from common.exceptions import RuleBroken


class OwnWork(RuleBroken):
    """Somebody would approve what they submitted themselves (409)."""
