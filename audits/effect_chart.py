"""What an improvement brought, as a picture: before, now and the target on one line."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audits.models import Improvement
from common.charts.marks import dot, joined, rule, text
from common.charts.parts import PRINT

HEIGHT, LINE = 76, 36
LEFT, RIGHT = 6.0, 94.0


def figure(value: Decimal | None) -> str:
    """`value` as people write it: 90 and not 90.00; "" for none."""
    return "" if value is None else f"{value.normalize():f}"


def effect_words(row: Improvement) -> str:
    """The figures in a sentence."""
    said = [
        (_("before %(value)s"), row.before),
        (_("target %(value)s"), row.target),
        (_("afterwards %(value)s"), row.after),
    ]
    parts = [words % {"value": figure(value)} for words, value in said if value is not None]
    return ", ".join(parts) + (f" {row.unit}" if row.unit and parts else "")


def effect_picture(row: Improvement) -> SafeString | None:
    """The figures on a line; None where fewer than two of them are known, or all are the same."""
    known = [float(value) for value in (row.before, row.target, row.after) if value is not None]
    if len(known) < 2 or min(known) == max(known):
        return None
    low, high = min(known), max(known)

    def place(value: Decimal) -> float:
        return LEFT + (RIGHT - LEFT) * (float(value) - low) / (high - low)

    parts = [rule("g-axis", 0, 100, LINE, LINE)]
    words = []
    if row.before is not None and row.after is not None:
        parts.append(rule("ln-actual", place(row.before), place(row.after), LINE, LINE))
    if row.target is not None:
        x = place(row.target)
        parts.append(rule("ln-gate", x, x, LINE - 12, LINE + 12))
        words.append(text(x, LINE - 18, figure(row.target), _("Target"), anchor=_anchor(x)))
    if row.before is not None:
        x = place(row.before)
        parts.append(dot("st-control", PRINT["ln-plan"], x, LINE))
        words.append(text(x, LINE + 22, figure(row.before), _("Before"), anchor=_anchor(x)))
    if row.after is not None:
        x = place(row.after)
        # Under the words of what was before, where the two would touch.
        near = row.before is not None and abs(x - place(row.before)) < 22
        parts.append(dot("st-accent", PRINT["ln-actual"], x, LINE))
        words.append(text(x, LINE + (36 if near else 22), figure(row.after), _("Now"), anchor=_anchor(x)))
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img"><title>{}</title>{}{}</svg>',
        HEIGHT,
        effect_words(row),
        joined(parts),
        joined(words),
    )


def _anchor(x: float) -> str:
    return "start" if x < 20 else "end" if x > 80 else "middle"
