"""The part of `make bench` on business cases: 300 lines over 84 months, recomputed, run, exported."""

import random
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from scripts.bench_pdf import compare_pdf

COSTS, BENEFITS, MONTHS = 250, 50, 84
CATEGORIES = ("people outside", "technology", "training", "certification", "travel", "other")
RHYTHMS = ("once", "once", "once", "monthly", "quarterly", "yearly")


def bench_case(bench: Any, median_ms: Callable[..., float], counting: Callable[..., Any]) -> None:
    """Add the rows to the table of `bench`, measured on its newest project."""
    from businesscase.board_paper import paper_html
    from businesscase.domain.export import case_plain
    from businesscase.domain.figures import figures_by_scenario
    from businesscase.domain.flow import cash_flow
    from businesscase.exports_shown import shown_of
    from businesscase.exports_workbook import case_xlsx
    from businesscase.paper import paper_of
    from businesscase.selectors.content import content_of

    case = _case(bench)
    what = f"{COSTS + BENEFITS} lines over {MONTHS} months"
    with counting() as statements:
        content = content_of(case)
    took = median_ms(lambda: content_of(case))
    bench.row(f"case of {what}, read", f"{took:.0f} ms", f"{len(statements)} queries", "<= 15 queries")
    bench.row(f"cash flow of {what}", f"{median_ms(lambda: cash_flow(content)):.1f} ms", "one scenario", "")
    took = median_ms(lambda: figures_by_scenario(content))
    bench.row(f"all figures of {what}", f"{took:.1f} ms", "three scenarios, every rate of return", "< 200 ms")
    _runs(bench, content)
    bench.page(f"overview of a case of {what}", f"/projects/{bench.project.slug}/business-case/", "<= 15 queries")
    shown = shown_of(case)
    assert shown.figures == case_plain(content)  # noqa: S101 (the bench exports what it measured)
    begun = time.perf_counter()
    book = case_xlsx(shown, made_on=date(2026, 1, 1))
    took = time.perf_counter() - begun
    bench.row(f"workbook that computes {what}", f"{took:.1f} s", f"{len(book) / 1000:.0f} kB", "")
    paper = paper_of(bench.project, case.kind)
    if paper is not None:
        compare_pdf(bench.row, f"board paper of {what}", paper_html(paper), 3)


def _runs(bench: Any, content: Any) -> None:
    """Ten thousand runs, with the memory that the worker takes for them."""
    from businesscase.domain.flow import cash_flow
    from businesscase.domain.runs import run_input
    from businesscase.domain.tornado import Ahead
    from businesscase.simulation import RUNS, simulate

    begun = time.perf_counter()
    given = run_input(content, Ahead(cash_flow(content), content.first_month - 1))
    prepared = time.perf_counter() - begun
    simulate(given, seed=1, runs=10)  # loads numpy
    tracemalloc.start()
    begun = time.perf_counter()
    simulate(given, seed=1)
    took = time.perf_counter() - begun
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    bench.row(
        f"{RUNS:,} runs over {len(given.lines)} lines",
        f"{took:.2f} s",
        f"{prepared:.2f} s before, {peak:.0f} MB",
        "< 10 s",
    )


def _case(bench: Any) -> Any:
    """A case of the bench's project with its lines, approved by nobody."""
    from businesscase.models import BenefitLine, CostLine
    from businesscase.services.cases import change_settings, start_case

    who: dict[str, Any] = {"acting_user": bench.user}
    case = start_case(**who, project=bench.project, kind="implementation")
    case = change_settings(
        **who,
        case=case,
        version=case.version,
        first_month=case.first_month,
        months=MONTHS,
        discount_rate=Decimal("0.06"),
    )
    dice = random.Random(84)  # noqa: S311 (a bench, not a secret)
    of: dict[str, Any] = {"project": bench.project, "case": case}
    CostLine.objects.bulk_create([CostLine(**of, **_cost(case, dice, at)) for at in range(COSTS)])
    BenefitLine.objects.bulk_create([BenefitLine(**of, **_benefit(case, dice, at)) for at in range(BENEFITS)])
    return case


def _month(case: Any, number: int) -> date:
    months = case.first_month.year * 12 + case.first_month.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _points(dice: random.Random, most: int) -> dict[str, Decimal]:
    points = sorted(Decimal(dice.randint(most * 50, most * 100)) / 100 for _ in range(3))
    return dict(zip(("low", "likely", "high"), points, strict=True))


def _cost(case: Any, dice: random.Random, at: int) -> dict[str, Any]:
    first, rhythm = dice.randrange(40), dice.choice(RHYTHMS)
    last = first + dice.randrange(1, 24)
    in_days = at % 3 == 0
    once = rhythm == "once"
    return {
        "ref": f"C-{at + 1:03d}",
        "position": at,
        "title": f"What line {at} pays for",
        "category": "own people" if in_days else CATEGORIES[at % len(CATEGORIES)],
        "phase_number": at % 5,
        "rhythm": rhythm,
        "first_month": _month(case, first),
        "last_month": _month(case, last) if once else None,
        "day_rate": Decimal(520) if in_days else None,
        "source": "An offer of the bench",
        **_points(dice, (20 if once else 1) if in_days else (9000 if once else 300)),
    }


def _benefit(case: Any, dice: random.Random, at: int) -> dict[str, Any]:
    return {
        "ref": f"B-{at + 1:03d}",
        "position": at,
        "kind": str(1 + at % 9),
        "form": "figures",
        "title": f"What benefit {at} brings",
        "phase_number": 1 + at % 4,
        "from_month": _month(case, dice.randrange(8, 44)),
        "ramp_months": dice.randrange(12),
        "confidence": dice.randint(40, 100),
        **_points(dice, 3000),
    }
