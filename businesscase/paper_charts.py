"""The two pictures of the board paper."""

from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from businesscase.domain.figures import figures_of
from businesscase.domain.flow import cash_flow
from businesscase.domain.months import month_of
from businesscase.domain.tornado import RATE, tornado
from businesscase.paper import Paper
from businesscase.paper_words import flow_words
from businesscase.templatetags.case_ui import amount_exact, money, money_thousands, month, percent
from common.charts.paper import Line, Mark, MoneyOverTime, Swing, money_over_time, swings_picture

MOST_SWINGS = 8


def _thousands(values: tuple[Decimal, ...]) -> list[float]:
    return [0.0, *(float(value) / 1000 for value in values)]


def cash_flow_picture(paper: Paper) -> SafeString:
    """Benefits less costs so far, month by month, in thousands: expected between cautious and good."""
    expected = paper.expected
    lines = {
        name: _thousands(figures.cumulative)
        for name, figures in (("expected", expected), ("cautious", paper.cautious), ("good", paper.good))
    }
    marks = []
    if expected.lowest < 0:
        words = _("lowest %(amount)s") % {"amount": money_thousands(expected.lowest)}
        marks.append(Mark(expected.lowest_month, words, below=True))
    if expected.payback_month is not None and expected.payback_month > 1:
        marks.append(
            Mark(
                expected.payback_month,
                _("pays back %(month)s") % {"month": month(paper.month_at(expected.payback_month))},
            )
        )
    plan = None
    if paper.approved_content is not None:
        approved = _approved_values(paper)
        if approved and approved != lines["expected"]:
            plan = Line(approved, _end(_("approved"), approved[-1]))
    now = month_of(paper.today) - paper.content.first_month
    return money_over_time(
        MoneyOverTime(
            message=flow_words(paper),
            middle=Line(lines["expected"], _end(_("expected"), lines["expected"][-1])),
            low=Line(lines["cautious"], _end(_("cautious"), lines["cautious"][-1])),
            high=Line(lines["good"], _end(_("good"), lines["good"][-1])),
            plan=plan,
            marks=marks,
            ticks=_ticks(paper),
            now=(now, _("today")) if paper.is_draft and 0 < now < paper.content.months else None,
        ),
        lambda value: money(Decimal(round(value))),
    )


def _approved_values(paper: Paper) -> list[float]:
    """What was approved, over the months of this paper; nothing where its horizon is another."""
    approved = paper.approved_content
    if approved is None or (approved.first_month, approved.months) != (paper.content.first_month, paper.content.months):
        return []
    return _thousands(figures_of(cash_flow(approved), approved.discount_rate).cumulative)


def _end(word: str, value: float) -> str:
    return f"{word} {money(Decimal(round(value)))}"


def _ticks(paper: Paper) -> list[tuple[int, str]]:
    """January of each year; the first month too where January is far."""
    first, months = paper.content.first_month, paper.content.months
    found = [(place, str((first + place) // 12)) for place in range(months) if (first + place) % 12 == 0]
    if not found or found[0][0] > 5:
        found.insert(0, (0, month(first)))
    step = max(1, len(found) // 8)
    return found[::step]


def tornado_picture(paper: Paper) -> SafeString | None:
    """The estimates that move the net present value most, in thousands; None where nothing moves it."""
    swings = tornado(paper.content)[:MOST_SWINGS]
    if not swings:
        return None
    in_days = {item.ref for item in paper.content.costs if item.day_rate is not None}
    rows = []
    for swing in swings:
        is_rate = swing.ref == RATE
        write = percent if is_rate else amount_exact
        words = _("%(worse)s to %(better)s days") if swing.ref in in_days else _("%(worse)s to %(better)s")
        rows.append(
            Swing(
                label=_shortened(_("Discount rate") if is_rate else swing.title),
                note=words % {"worse": write(swing.worse_at), "better": write(swing.better_at)},
                worse=float(swing.worse) / 1000,
                better=float(swing.better) / 1000,
                worse_word=money_thousands(swing.worse),
                better_word=money_thousands(swing.better),
            )
        )
    message = _("Net present value with one estimate at its ends, the others as expected: %(first)s moves it most.") % {
        "first": rows[0].label
    }
    return swings_picture(message, float(paper.expected.npv) / 1000, rows)


def _shortened(words: str) -> str:
    return words if len(words) <= 42 else f"{words[:41].rstrip()}…"
