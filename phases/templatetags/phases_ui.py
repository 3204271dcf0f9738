"""How statuses and phases look: the one place that gives each a word, a shape and a tone."""

import datetime
from typing import Protocol

from django import template
from django.template import Context
from django.utils import dateformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.templatetags import ui
from phases.choices import Nature, PhaseState, Status
from phases.selectors.ties import Relation, relations_of
from projects.models import Project
from projects.registries import panels

register = template.Library()


@register.simple_tag
def card_parts() -> list[str]:
    """The templates that other apps put into a card of My work; each takes `card`, and asks nothing."""
    return [part.template for part in panels["work card"]]


LOOKS = {
    Status.NOT_STARTED: ("st-not-started", ""),
    Status.IN_PROGRESS: ("st-in-progress", "accent"),
    Status.DONE: ("st-done", "good"),
    Status.VERIFIED: ("st-verified", "ok"),
    Status.BLOCKED: ("st-blocked", "bad"),
    Status.NOT_APPLICABLE: ("st-not-applicable", "faint"),
}


class StatusRow(Protocol):
    """Whatever has a status: a phase activity, or a row of a board."""

    @property
    def status(self) -> str: ...
    @property
    def nature(self) -> str: ...
    @property
    def operating_since(self) -> datetime.date | None: ...


class DueRow(Protocol):
    """A row of a board, as far as its due date goes."""

    @property
    def due(self) -> datetime.date | None: ...
    @property
    def days_late(self) -> int | None: ...
    @property
    def days_left(self) -> int | None: ...
    @property
    def due_this_year(self) -> bool: ...


def status_word(status: str, nature: str = "", operating_since: datetime.date | None = None) -> str:
    """The status in words: work that goes on reads "Operating since 6 Nov 2026" instead of done, or of in progress."""
    if status in (Status.DONE, Status.IN_PROGRESS) and nature == Nature.OPERATE and operating_since is not None:
        return gettext("Operating since %(day)s") % {"day": dateformat.format(operating_since, "j M Y")}
    return str(Status(status).label)


@register.simple_tag
def status_mark(
    status: str, nature: str = "", operating_since: datetime.date | None = None, css: str = ""
) -> SafeString:
    """A status as shape and word; give nature and date where a row that operates shall say since when."""
    shape, tone = LOOKS[Status(status)]
    return ui.mark(shape, status_word(status, nature, operating_since), tone, css)


@register.simple_tag
def row_status(row: StatusRow) -> SafeString:
    """The status of a row as shape and word."""
    return status_mark(row.status, row.nature, row.operating_since)


@register.simple_tag
def row_due(row: DueRow) -> SafeString:
    """The due date of a row with its lateness, without the year where it is this year's."""
    return ui.due(row.due, row.days_late, row.days_left, year=not row.due_this_year)


@register.filter
def status_shape(status: str) -> str:
    """The name of the icon of a status, for the parts of `ui` that take one."""
    return LOOKS[Status(status)][0]


@register.filter
def status_tone(status: str) -> str:
    """The tone of a status, for the parts of `ui` that take one."""
    return LOOKS[Status(status)][1]


@register.filter(name="status_word")
def status_label(status: str) -> str:
    """The word of a status."""
    return str(Status(status).label)


@register.filter
def nature_word(nature: str) -> str:
    """The word of a nature."""
    return str(Nature(nature).label)


@register.simple_tag
def phase_mark(state: str) -> SafeString:
    """A phase state as shape and word."""
    value = PhaseState(state)
    tone = {PhaseState.ACTIVE: "accent", PhaseState.CLOSED: "ok"}.get(value, "")
    return ui.mark(str(ui.phase_icon(value)), str(value.label), tone)


@register.simple_tag
def key_mark() -> SafeString:
    """The mark of a key activity, which the gate asks about."""
    return format_html(
        '<span class="tag key-mark" title="{}">{}</span>',
        gettext("Key activity: the gate of this phase asks about it"),
        gettext("Key"),
    )


@register.simple_tag
def improve_mark() -> SafeString:
    """The mark of a row that is met already: in its phase it is only made better."""
    return format_html(
        '<span class="tag" title="{}">{}</span>',
        gettext("A gap analysis found that this is met already; here it is only made better"),
        gettext("Improve only"),
    )


@register.simple_tag
def supplement_mark() -> SafeString:
    """The mark of an activity of the supplement, which stands apart in every figure."""
    return format_html(
        '<span class="tag" title="{}">{}</span>',
        gettext("Of the supplement for 2018: our own guidance, counted apart"),
        gettext("Supplement"),
    )


@register.simple_tag(takes_context=True)
def project_ties(context: Context, project: Project) -> list[Relation]:
    """The earlier and later projects of `project` that the person sees."""
    return relations_of(project, context["request"].user)
