"""The small parts of a page: icons, marks, chips, tags, dates, bars, panels.

No part knows a business word: a status is a shape, a word and a tone, given by the caller. The tags used in every
row of a table build their HTML by `format_html` and include no template, because a board has hundreds of rows.
"""

import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages import constants as levels
from django.core.paginator import Page
from django.core.signals import setting_changed
from django.templatetags.static import static
from django.utils import dateformat
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from common.charts.bars import ProgressBar

register = template.Library()

#: What a mark, a tag and a message may sound like. "good" is a step short of "ok" (done, but not yet verified).
TONES = frozenset({"", "accent", "good", "ok", "warn", "bad", "mute", "faint"})
#: Avatar shapes: a person is round, a group square, nobody dashed.
KINDS = {"person": "av", "group": "av av-group", "nobody": "av av-none"}


@lru_cache(maxsize=1024)
def _icon(name: str, css: str) -> SafeString:
    classes = f"i {css}" if css else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        classes,
        static("img/icons.svg"),
        name,
    )


def _forget_icons(*, setting: str, **_kwargs: object) -> None:
    """An icon holds the address of the sprite, so a change of the static settings must empty the cache."""
    if setting in {"STATIC_URL", "STORAGES"}:
        _icon.cache_clear()


setting_changed.connect(_forget_icons)


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; it must be one of {', '.join(sorted(TONES - {''}))}")
    return tone


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """The icon `name` of the sprite; decorative, so a word must stand beside it."""
    return _icon(name, css)


@register.simple_tag
def mark(shape: str, word: str, tone: str = "", css: str = "") -> SafeString:
    """A state: shape and word. `shape` is an icon name such as "st-done"; `css="hl"` sets it in bold."""
    return format_html(
        '<span class="badge-s{}{}">{}{}</span>',
        f" tone-{_tone(tone)}" if tone else "",
        f" {css}" if css else "",
        _icon(shape, ""),
        word,
    )


@register.simple_tag
def pill(shape: str, word: str, active: bool = False) -> SafeString:
    """The state of a whole page, beside its title."""
    return format_html(
        '<span class="pill{}">{}{}</span>',
        " pill-active" if active else "",
        _icon(shape, ""),
        word,
    )


@register.filter
def initials(name: object) -> str:
    """At most two capitals for an avatar: "Jana Kowalska" gives JK, "Change manager" CM, "" an en dash."""
    words = [word for word in str(name or "").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "–"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def avatar_html(name: str, kind: str, letters: str, css: str = "") -> SafeString:
    """The avatar alone, hidden from screen readers: the name stands beside it."""
    classes = KINDS.get(kind, KINDS["person"])
    return format_html(
        '<span class="{}{}" aria-hidden="true">{}</span>',
        classes,
        f" {css}" if css else "",
        "–" if kind == "nobody" else (letters or initials(name)),
    )


@register.simple_tag
def chip(name: str = "", kind: str = "person", initials: str = "", role: str = "") -> SafeString:
    """Who: avatar and name. Without a name it is nobody: dashed, "Unassigned"."""
    if not name:
        kind, name = "nobody", gettext("Unassigned")
    return format_html(
        '<span class="chip">{}<span class="ellip">{}</span>{}</span>',
        avatar_html(name, kind, initials),
        name,
        format_html('<span class="role">{}</span>', role) if role else "",
    )


@register.simple_tag
def avatar(name: str = "", kind: str = "person", initials: str = "", large: bool = False) -> SafeString:
    """The avatar alone, where the name would not fit; screen readers hear the name, a pointer shows it."""
    if not name:
        kind, name = "nobody", gettext("Unassigned")
    return format_html(
        '<span title="{}">{}<span class="visually-hidden">{}</span></span>',
        name,
        avatar_html(name, kind, initials, "av-lg" if large else ""),
        name,
    )


@register.simple_tag
def tag(text: object, tone: str = "", icon: str = "") -> SafeString:
    """A short fact on a ground of its own: "23 days late", "from phase 1"."""
    return format_html(
        '<span class="tag{}">{}{}</span>',
        f" tag-{_tone(tone)}" if tone else "",
        _icon(icon, "") if icon else "",
        text,
    )


@lru_cache(maxsize=4096)
def _day(value: datetime.date, with_year: bool, _language: str | None) -> str:
    return dateformat.format(value, "j M Y" if with_year else "j M")


@register.simple_tag
def day(value: datetime.date | None, year: bool = True) -> SafeString:
    """A date as 6 Nov 2026, or 6 Nov with `year=False`; nothing is an en dash."""
    if value is None:
        return mark_safe('<span class="none">–</span>')
    return format_html(
        '<time datetime="{}">{}</time>',
        value.isoformat()[:10],
        _day(value, year, get_language()),
    )


@register.simple_tag
def due(
    value: datetime.date | None,
    days_late: int | None = None,
    days_left: int | None = None,
    year: bool = True,
    long: bool = False,
) -> SafeString:
    """A due date with its lateness in words.

    `days_late` above 0 says how late it is; else `days_left` (0 is today), given only where the date is near, says
    how soon it comes. `long` writes "13 days late" for "13 d late".
    """
    if value is None:
        return mark_safe('<span class="due none">–</span>')
    word: SafeString | str = ""
    if days_late is not None and days_late > 0:
        text = ngettext("%d day late", "%d days late", days_late) if long else gettext("%d d late")
        word = format_html(' <span class="late">{}</span>', text % days_late)
    elif days_left is not None and days_left >= 0:
        if days_left == 0:
            text = gettext("today")
        elif long:
            text = ngettext("in %d day", "in %d days", days_left) % days_left
        else:
            text = gettext("in %d d") % days_left
        word = format_html(' <span class="soon">{}</span>', text)
    return format_html(
        '<span class="due"><time datetime="{}">{}</time>{}</span>',
        value.isoformat()[:10],
        _day(value, year, get_language()),
        word,
    )


@register.simple_tag
def bar(
    done: int,
    verified: int,
    total: int,
    plan: int | None = None,
    label: str = "",
    height: int = 8,
) -> SafeString:
    """A progress bar: `verified` solid, `done` (not yet verified) pale, `plan` a mark; its title says it in words."""
    return ProgressBar(verified=verified, done=done, total=total, plan=plan, label=label, height=height).svg()


@register.filter
def nav_number(label: object) -> str:
    """The leading number of a navigation label ("2 Anticipate" gives 2), which is what a folded sidebar shows."""
    first, _, rest = str(label).partition(" ")
    return first if rest and first.isdigit() else ""


@register.filter
def nav_text(label: object) -> str:
    """A navigation label without its leading number."""
    first, _, rest = str(label).partition(" ")
    return rest if rest and first.isdigit() else str(label)


@register.filter
def phase_icon(state: object) -> str:
    """The icon of a phase state: "in review" and "in_review" give ps-in-review."""
    return "ps-" + str(state).strip().lower().replace("_", "-").replace(" ", "-")


@register.filter
def message_icon(message: Any) -> SafeString:
    """The mark in front of a message of Django's, after its level."""
    level = getattr(message, "level", levels.INFO)
    if level >= levels.ERROR:
        return _icon("st-blocked", "bad")
    if level >= levels.WARNING:
        return _icon("tri", "warn")
    if level >= levels.SUCCESS:
        return _icon("check-circle-fill", "ok")
    return _icon("info-circle", "t3")


@register.simple_block_tag
def panel(
    content: str,
    title: str = "",
    note: str = "",
    id: str = "",
    css: str = "",
    body: bool = True,
    link_url: str = "",
    link_text: str = "",
    foot: str = "",
) -> SafeString:
    """A titled box. `note` is grey (unit, scope), the link stands at the right, `body=False` lets a table fill it."""
    head_id = f"h-{id}" if id else ""
    end = format_html('<span class="end"><a href="{}">{}</a></span>', link_url, link_text) if link_url else ""
    head = (
        format_html(
            '<header class="panel-head"><h2{}>{}</h2>{}{}</header>',
            format_html(' id="{}"', head_id) if head_id else "",
            title,
            format_html('<span class="note">{}</span>', note) if note else "",
            end,
        )
        if title
        else ""
    )
    return format_html(
        '<section{}{} class="panel{}">{}{}{}</section>',
        format_html(' id="{}"', id) if id else "",
        format_html(' aria-labelledby="{}"', head_id) if head_id and title else "",
        f" {css}" if css else "",
        head,
        format_html('<div class="panel-body">{}</div>', content) if body else conditional_escape(content),
        format_html('<footer class="panel-foot">{}</footer>', foot) if foot else "",
    )


@register.simple_block_tag
def page_header(
    content: str,
    title: str,
    lead: str = "",
    shape: str = "",
    word: str = "",
    active: bool = False,
) -> SafeString:
    """The head of a page: title, pill (`shape`, `word`), lead; the content is its buttons, one of them primary."""
    return format_html(
        '<header class="page-head"><div class="page-head-row"><h1>{}</h1>{}{}</div>{}</header>',
        title,
        pill(shape, word, active) if word else "",
        format_html('<div class="actions">{}</div>', content) if content.strip() else "",
        format_html('<p class="t2 lead-line">{}</p>', lead) if lead else "",
    )


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "info-circle") -> SafeString:
    """Nothing here: what it is (`title`), why it is empty and the next step (the content: a `p`, then a link)."""
    return format_html('<div class="empty">{}<p class="empty-title">{}</p>{}</div>', _icon(icon, ""), title, content)


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key)


@register.filter
def paired(cells: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each column with the cell under it."""
    return list(zip(columns, cells, strict=True))


@register.filter
def page_numbers(page: Page[Any]) -> list[int]:
    """The page numbers to show, at most seven or so; 0 stands for what is left out."""
    return [
        number if isinstance(number, int) else 0
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
