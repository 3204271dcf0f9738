"""How a change between two plans looks: a word for each, and how far a date moved."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags import ui
from phases.domain.baselines import RowChange, Shift, Totals, What

register = template.Library()

WORDS = {
    What.ADDED: gettext_lazy("Added"),
    What.REMOVED: gettext_lazy("Removed"),
    What.OTHER_PHASE: gettext_lazy("Other phase"),
    What.LATER: gettext_lazy("Later"),
    What.EARLIER: gettext_lazy("Earlier"),
    What.DATED: gettext_lazy("Date set"),
    What.UNDATED: gettext_lazy("Date removed"),
    What.LEFT_OUT: gettext_lazy("Left out"),
    What.TAKEN_IN: gettext_lazy("Applicable again"),
    What.PARTY: gettext_lazy("Other party"),
}
_IN_SENTENCES = {
    What.ADDED: gettext_lazy("added"),
    What.REMOVED: gettext_lazy("removed"),
    What.OTHER_PHASE: gettext_lazy("in another phase"),
    What.LATER: gettext_lazy("later"),
    What.EARLIER: gettext_lazy("earlier"),
    What.DATED: gettext_lazy("with a date they lacked"),
    What.UNDATED: gettext_lazy("without their date"),
    What.LEFT_OUT: gettext_lazy("left out"),
    What.TAKEN_IN: gettext_lazy("applicable again"),
    What.PARTY: gettext_lazy("with another party"),
}
_LOOKS = {
    What.ADDED: ("ok", "plus-lg"),
    What.REMOVED: ("bad", "x-lg"),
    What.OTHER_PHASE: ("accent", "arrow-right"),
    What.LATER: ("warn", ""),
    What.EARLIER: ("ok", ""),
    What.DATED: ("", ""),
    What.UNDATED: ("", ""),
    What.LEFT_OUT: ("", "st-not-applicable"),
    What.TAKEN_IN: ("", "arrow-return-right"),
    What.PARTY: ("", "person"),
}


@register.filter
def what_word(what: str) -> str:
    """What became of something, in a word."""
    return str(WORDS[What(what)])


@register.filter
def count_of(found: Totals, what: str) -> int:
    """How many activities of some counts changed that way."""
    return found.counts[What(what)]


@register.simple_tag
def some(found: Totals, what: str) -> str:
    """The same for the cell of a table: nothing instead of 0."""
    return str(count_of(found, what) or "")


def _distance(shift: Shift) -> str:
    days = shift.days or 0
    if days == 0:
        return _("later, no working day") if shift.what == What.LATER else _("earlier, no working day")
    if days > 0:
        return ngettext("%(n)d working day later", "%(n)d working days later", days) % {"n": days}
    return ngettext("%(n)d working day earlier", "%(n)d working days earlier", -days) % {"n": -days}


@register.simple_tag
def moved(shift: Shift) -> SafeString | str:
    """By how many working days a date moved; nothing where it stayed."""
    what = shift.what
    if what is None:
        return ""
    if what in (What.LATER, What.EARLIER):
        return ui.tag(_distance(shift), _LOOKS[what][0])
    return ui.tag(WORDS[what])


@register.simple_tag
def both_days(shift: Shift) -> SafeString:
    """A date in both plans: one where it is the same, "6 Jan 2027 → 8 Jan 2027" where it moved."""
    if shift.what is None:
        return ui.day(shift.after)
    return format_html(
        '<span><span class="was">{}</span> {}<span class="visually-hidden">{}</span> {}</span>',
        ui.day(shift.before),
        ui.icon("arrow-right", "t3"),
        _("now"),
        ui.day(shift.after),
    )


@register.simple_tag
def row_due_change(change: RowChange) -> SafeString:
    """The due date of an activity that changed, in both plans where both have it."""
    if change.before is None or change.after is None:
        return ui.day(change.row.due)
    return both_days(change.due)


@register.simple_tag
def row_marks(change: RowChange) -> SafeString:
    """What became of an activity, as tags; by how much it moved instead of later and earlier."""
    marks = []
    for what in change.what:
        tone, icon = _LOOKS[what]
        if what in (What.LATER, What.EARLIER):
            marks.append((moved(change.due),))
        elif what == What.OTHER_PHASE and change.before is not None:
            marks.append((ui.tag(_("from phase %(n)d") % {"n": change.before.phase}, tone, icon),))
        else:
            marks.append((ui.tag(WORDS[what], tone, icon),))
    return format_html("<span>{}</span>", format_html_join(" ", "{}", marks))


def _days(average: int, most: int) -> str:
    if not most:
        return ""
    return _(" (%(average)d working days on average, %(most)d at most)") % {"average": average, "most": most}


@register.simple_tag
def counts_sentence(found: Totals) -> str:
    """Some counts in a line: "12 added, 87 later (4 working days on average, 31 at most)"; "" where nothing changed."""
    parts = []
    for what, count in found.counts.items():
        if count:
            words = f"{count} {_IN_SENTENCES[what]}"
            if what == What.LATER:
                words += _days(found.average_later, found.most_later)
            elif what == What.EARLIER:
                words += _days(found.average_earlier, found.most_earlier)
            parts.append(words)
    return ", ".join(parts)
