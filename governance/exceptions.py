"""What can go wrong in governance, beside what `common.exceptions` has."""

from common.exceptions import RuleBroken


class AlreadyDecided(RuleBroken):
    """A decision that was made, withdrawn or reopened meanwhile."""
