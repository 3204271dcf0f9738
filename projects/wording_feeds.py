"""How the trail says that somebody made or ended an address for calendar programs."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, phrase, register_wording
from projects.choices import CalendarContent
from projects.services.calendar_feeds import KIND


def say_address(facts: Facts) -> tuple[Part, ...] | None:
    """An address that was made or ended. Its secret is in no event."""
    templates = {
        ("make calendar address", CalendarContent.MINE): _("{actor} made a calendar address for their own due dates"),
        ("make calendar address", CalendarContent.PLAN): _("{actor} made a calendar address for the plan"),
        ("revoke calendar address", CalendarContent.MINE): _(
            "{actor} ended a calendar address for their own due dates"
        ),
        ("revoke calendar address", CalendarContent.PLAN): _("{actor} ended a calendar address for the plan"),
    }
    template = templates.get((facts.action, facts.after("content")))
    return phrase(template, actor=facts.actor) if template else None


def register() -> None:
    """Let the trail speak of addresses for calendar programs."""
    register_wording(KIND, say_address, title=gettext_lazy("Calendar address"))
