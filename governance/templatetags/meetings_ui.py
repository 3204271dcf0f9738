"""Marks of committees and meetings: what their pages say first."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.markdown import render_markdown
from common.templatetags.ui import mark
from governance.choices import MeetingState
from governance.selectors.committee import CommitteePage
from governance.selectors.meetings import Standing

register = template.Library()
OK, WARN, BAD, UNKNOWN = "ok", "warn", "bad", "unknown"
_ICONS = {OK: "health-on-track", WARN: "health-at-risk", BAD: "health-late", UNKNOWN: "health-unknown"}


@dataclass(frozen=True, slots=True)
class Health:
    """The first sentence of a page: a word, what it means, and more."""

    tone: str
    word: str
    said: str
    more: str = ""

    @property
    def icon(self) -> str:
        """Its shape."""
        return _ICONS[self.tone]


@register.simple_tag
def committee_health(found: CommitteePage, begins: date | None) -> Health:
    """Whether the committee of `found` can decide, and on agreed terms. `begins` is when the work began."""
    if not found.chairs:
        return Health(BAD, _("No chair"), _("Nobody can record a decision."), _("Give somebody the role in the team."))
    if found.quorum_is_out_of_reach:
        return Health(
            BAD, _("Cannot decide"), _("The quorum is larger than the committee."), _("Seat somebody, or lower it.")
        )
    missing = sum(bool(each.missing) for each in found.members) if found.others else 0
    agreed = found.oversight.agreed_on if found.oversight is not None else None
    if agreed is None:
        return Health(
            WARN,
            _("Not agreed"),
            _("Nobody has noted that the terms were agreed."),
            _("Agree on them before the committee has to decide something."),
        )
    day = date_format(agreed, "j M Y")
    if missing:
        return Health(
            WARN,
            _("Seats missing"),
            ngettext(
                "%(n)d person does not sit in all projects of the committee.",
                "%(n)d people do not sit in all projects of the committee.",
                missing,
            )
            % {"n": missing},
        )
    if begins is not None and agreed > begins:
        late = (agreed - begins).days
        return Health(
            OK,
            _("Can decide"),
            _("Its terms were agreed on %(day)s.") % {"day": day},
            ngettext("%(n)d day after the work began.", "%(n)d days after the work began.", late) % {"n": late},
        )
    return Health(OK, _("Can decide"), _("Its terms were agreed on %(day)s, before the work began.") % {"day": day})


@register.simple_tag
def meeting_mark(standing: Standing) -> SafeString:
    """Where a meeting stands."""
    meeting = standing.meeting
    if meeting.state == MeetingState.CANCELLED:
        return mark("st-not-applicable", str(MeetingState.CANCELLED.label), "faint")
    if standing.is_approved:
        return mark("st-verified", _("Minutes approved"), "ok")
    if meeting.state == MeetingState.HELD:
        return mark("st-in-progress", _("Held, minutes open"), "accent")
    if standing.is_unheld:
        return mark("tri", _("Past, nothing noted"), "warn")
    return mark("ps-planned", str(MeetingState.PLANNED.label))


@register.simple_tag
def days_ahead(standing: Standing) -> str:
    """How far off a meeting is, in words."""
    days = standing.days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return _("in %(n)d days") % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}


@register.filter
def rich(text: str) -> SafeString:
    """What people wrote in Markdown, as clean HTML."""
    return render_markdown(text)
