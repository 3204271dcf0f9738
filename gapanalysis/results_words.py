"""Short words for answers, changes and rungs on the pages of results."""

from django.utils.translation import gettext as _

from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.domain.ladder import Rung


def value_label(value: Value | None) -> str:
    """What an answer is called; an open question is "Not looked at"."""
    return {
        Value.CONFORMS: _("Conforms"),
        Value.MINOR: _("Minor gap"),
        Value.MAJOR: _("Major gap"),
        Value.NO_CASE: _("No case yet"),
        Value.EXCLUDED: _("Excluded"),
        Value.UNANSWERED: _("Not looked at"),
    }[value or Value.UNANSWERED]


def change_label(change: Change) -> str:
    """What a change is called."""
    return {
        Change.BETTER: _("Better"),
        Change.WORSE: _("Worse"),
        Change.SAME: _("The same"),
        Change.STANDS: _("Not asked again"),
        Change.FIRST: _("First answer"),
        Change.OPEN: _("Not looked at"),
    }[change]


def rung_label(rung: Rung) -> str:
    """What a rung is called, in a sentence."""
    return {
        Rung.DEFINED: _("defined"),
        Rung.DOCUMENTED: _("documented"),
        Rung.IMPLEMENTED: _("implemented"),
        Rung.OPERATED: _("operated"),
        Rung.MEASURED: _("measured"),
        Rung.REVIEWED: _("reviewed"),
        Rung.IMPROVED: _("improved"),
    }[rung]


def rule_sentences(edition: str) -> tuple[str, ...]:
    """The rule by which answers become figures, in words."""
    return (
        _("A clause, a chapter, a component and the whole are as weak as their weakest answer."),
        _(
            "The share counts the questions that conform, of all that were asked. "
            "What nobody has looked at does not conform."
        ),
        _(
            "What an assessment asked and nobody has answered does not count, whatever was said before. "
            "What it did not ask stands as it was last locked."
        ),
        _(
            "A question of several clauses counts once in each and once above them. Only questions on the edition of "
            "%(edition)s are counted."
        )
        % {"edition": edition},
        _("How much was looked at is shown apart. It says nothing about conformity."),
        _("Gaps weigh 4 (excluded), 3 (major) or 1 (minor), and twice that where a key activity serves the question."),
        _("The level of a process is the highest rung without a gap below it."),
    )
