"""What ten thousand runs say, for a page."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from businesscase.charts import Unit, rate_words, unit_of
from businesscase.models import Simulation
from businesscase.selectors.standing import Standing, month_at
from businesscase.templatetags.case_ui import money, month, percent


@dataclass(frozen=True, slots=True)
class PointRow:
    """A tenth, a half or nine tenths: the net present value that so many runs do not exceed, and the payback then."""

    name: str
    words: str
    npv: str
    payback: str


@dataclass(frozen=True, slots=True)
class RunsPanel:
    """A simulation. `is_stale` where the case says something else by now; `sha256` says what was simulated."""

    first: str
    second: str
    rows: tuple[PointRow, ...]
    unit: Unit
    runs: str
    lines: int
    seed: int
    made_at: datetime
    sha256: str
    is_stale: bool
    mean: str
    exact_mean: str
    likely: str


def runs_panel(made: Simulation, found: Standing, sha256: str) -> RunsPanel:
    """What `made` says; `sha256` is the hash of what would be simulated now."""
    result = made.result
    npv, payback = result["npv"], result["payback"]
    unit = unit_of(found.content.currency, [Decimal(npv[each]) for each in ("p10", "p90")])
    content = found.content

    def back(name: str) -> str:
        return month(month_at(content, payback[name])) if payback[name] is not None else _("not by the end")

    # Where much is worth little, payback comes late: the careful tenth is the late one.
    rows = (
        PointRow("P10", _("one run in ten ends below"), unit.say(Decimal(npv["p10"])), back("p90")),
        PointRow("P50", _("half of the runs end below"), unit.say(Decimal(npv["p50"])), back("p50")),
        PointRow("P90", _("nine runs in ten end below"), unit.say(Decimal(npv["p90"])), back("p10")),
    )
    share = Decimal(result["pays_back"])
    return RunsPanel(
        first=_("%(share)s of the runs have the money back by %(end)s.")
        % {"share": percent(share, 1), "end": month(content.last_month)},
        second=_("%(share)s are worth zero or more at %(rate)s a year.")
        % {"share": percent(Decimal(result["above_zero"]), 1), "rate": rate_words(content.discount_rate)},
        rows=rows,
        unit=unit,
        runs=money(made.runs),
        lines=result["lines"],
        seed=made.seed,
        made_at=made.made_at,
        sha256=made.content_sha256,
        is_stale=made.content_sha256 != sha256,
        mean=money(Decimal(npv["mean"])),
        exact_mean=money(Decimal(npv["exact_mean"])),
        likely=money(found.now.npv),
    )
