"""How the commitment record is said in a sentence, on the page and on paper."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.domain.commitment import Strength
from governance.selectors.commitment import Commitment


@dataclass(frozen=True, slots=True)
class StandingWords:
    """A word, its tone, and two sentences: how many points have proof, and what lacks."""

    word: str
    tone: str
    now: str
    lacks: str


def standing_words(record: Commitment) -> StandingWords:
    """How it stands today."""
    every, fresh = len(record.points), record.count(Strength.FRESH)
    none, old = record.count(Strength.NONE), record.count(Strength.OLD)
    now = _("%(n)d of %(m)d points have recent proof.") % {"n": fresh, "m": every}
    lacks = []
    if none:
        lacks.append(ngettext("%(n)d has none yet.", "%(n)d have none yet.", none) % {"n": none})
    if old:
        lacks.append(ngettext("%(n)d has only old proof.", "%(n)d have only old proof.", old) % {"n": old})
    silent = sum(point.words is None for point in record.points)
    if silent:
        lacks.append(
            ngettext(
                "Top management has not said yet how it keeps %(n)d.",
                "Top management has not said yet how it keeps %(n)d of them.",
                silent,
            )
            % {"n": silent}
        )
    if fresh == every:
        return StandingWords(_("Shown"), "ok", now, " ".join(lacks))
    word, tone = (_("In part"), "warn") if fresh else (_("Not yet"), "bad")
    return StandingWords(word, tone, now, " ".join(lacks))
