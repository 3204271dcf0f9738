"""How the trail says what was done with evidence packs."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audits.selectors.pack_cut import PACK_KIND
from audittrail.sentences import Facts, Part, object_name, phrase, register_wording

_SAID: Mapping[str, str | Promise] = {
    "ask": gettext_lazy("{actor} asked for the evidence pack {object}"),
    "build": gettext_lazy("The evidence pack {object}, asked for by {actor}, was built"),
    "fail": gettext_lazy("The evidence pack {object}, asked for by {actor}, could not be built"),
    "fetch": gettext_lazy("{actor} fetched the evidence pack {object}"),
    "export": gettext_lazy("{actor} wrote an evidence pack to a file by a command"),
}


def say_pack(facts: Facts) -> tuple[Part, ...] | None:
    """What was done with a pack."""
    if facts.action not in _SAID:
        return None
    return phrase(str(_SAID[facts.action]), actor=facts.actor, object=object_name(facts))


def register() -> None:
    """Let the trail speak of packs."""
    register_wording(PACK_KIND, say_pack, title=gettext_lazy("Evidence pack"), name=lambda key, label: label or key)
