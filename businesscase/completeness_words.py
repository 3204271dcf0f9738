"""What a point lacks, in words that say what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from businesscase.domain.completeness import SHORTEST, Missing, PointState

_ONE: dict[str, str | Promise] = {
    "text": _("Write a paragraph of your own"),
    "scope": _("Word the scope of the project"),
    "assumption": _("Name an assumption"),
    "constraint": _("Name a constraint"),
    "figures": _("Put a benefit in figures"),
    "words": _("Put a benefit in words, with an indicator"),
    "costs": _("Add the first cost"),
    "own people": _("Add the days of your own people"),
    "measures": _("Say how one benefit or cost will be judged"),
    "conformity": _("Say whether a conformity assessment is recommended"),
    "interested": _("Name the first interested party"),
}


def missing_words(missing: Missing) -> str:
    """One thing that a point lacks: "2 lines have no source"."""
    if missing.code in _ONE:
        return str(_ONE[missing.code])
    return _COUNTED[missing.code](missing.count) % {"count": missing.count}


_COUNTED = {
    "unchecked": lambda n: ngettext(
        "%(count)d assumption without a way to check it", "%(count)d assumptions without a way to check them", n
    ),
    "unconfirmed": lambda n: ngettext(
        "%(count)d benefit in figures that nobody will confirm",
        "%(count)d benefits in figures that nobody will confirm",
        n,
    ),
    "vague": lambda n: ngettext("%(count)d benefit without a target", "%(count)d benefits without a target", n),
    "phases without cost": lambda n: ngettext(
        "%(count)d of the phases 1 to 3 without a cost", "%(count)d of the phases 1 to 3 without a cost", n
    ),
    "unsourced": lambda n: ngettext(
        "%(count)d cost without the source of its figure", "%(count)d costs without the source of their figures", n
    ),
    "risk categories": lambda n: ngettext(
        "%(count)d of the three kinds of risk without a risk", "%(count)d of the three kinds of risk without a risk", n
    ),
    "unanswered": lambda n: ngettext(
        "%(count)d high risk without a response or an owner", "%(count)d high risks without a response or an owner", n
    ),
    "unowned": lambda n: ngettext("%(count)d measure without an owner", "%(count)d measures without an owner", n),
    "undated": lambda n: ngettext("%(count)d measure without a time", "%(count)d measures without a time", n),
    "phase dates": lambda n: ngettext("%(count)d phase without its dates", "%(count)d phases without their dates", n),
    "uninvolved": lambda n: ngettext(
        "%(count)d interested party without a way to involve them",
        "%(count)d interested parties without a way to involve them",
        n,
    ),
}


def state_words(state: PointState) -> str:
    """All that a point lacks, in one line; what it holds where nothing is missing."""
    if state.missing:
        return ". ".join(missing_words(each) for each in state.missing)
    return held_words(state)


def held_words(state: PointState) -> str:
    """What a complete point holds: "complete", or how many items."""
    if not state.count:
        return str(_("complete"))
    return ngettext("%(count)d entry, complete", "%(count)d entries, complete", state.count) % {"count": state.count}


SHORTEST_HINT = _("A point counts as written from %(count)d characters on.")


def shortest_hint() -> str:
    """From how many characters on a text counts."""
    return str(SHORTEST_HINT) % {"count": SHORTEST}
