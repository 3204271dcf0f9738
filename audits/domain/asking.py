"""To which states the request of an auditor moves. Pure."""

from collections.abc import Mapping

AFTER: Mapping[str, tuple[str, ...]] = {
    "asked": ("given", "withdrawn"),
    "given": ("given", "accepted", "not enough", "withdrawn"),
    "not enough": ("given", "accepted", "withdrawn"),
    "accepted": ("not enough",),
    "withdrawn": (),
}
"""More may be given while the auditor has not said a word; what was accepted may turn out to be not enough."""

AWAITS_ANSWER = ("asked", "not enough")
OPEN = (*AWAITS_ANSWER, "given")
