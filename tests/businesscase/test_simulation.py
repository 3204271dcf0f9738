"""Ten thousand runs: exact where they can be, the same for the same seed, and never in the web process."""

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from businesscase.domain.content import CaseContent, Estimate
from businesscase.domain.figures import figures_of
from businesscase.domain.flow import cash_flow
from businesscase.domain.outlook import Actuals, expected_flow
from businesscase.domain.runs import RunInput, estimates_plain, run_input
from businesscase.domain.tornado import Ahead
from businesscase.models import BusinessCase, Simulation
from businesscase.selectors.runs import estimates_sha256
from businesscase.selectors.standing import standing_of
from businesscase.services.cases import write_section
from businesscase.services.rows import change_row
from businesscase.services.runs import request_runs
from businesscase.simulation import simulate
from common.exceptions import NotPermitted, RuleBroken
from jobs.choices import JobState
from tests.businesscase.conftest import COST, add
from tests.businesscase.test_domain import START, benefit, case, cost, three
from tests.cast import Cast

D = Decimal
CASE = case(
    [
        cost("C-01", last_month=START + 7, estimate=three(9000, 10000, 14000)),
        cost("C-02", day_rate=D(600), first_month=START + 3, estimate=three(10, 15, 25)),
        cost("C-03", rhythm="yearly", estimate=three(1200)),
    ],
    [benefit(estimate=three(800, 2000, 2200), from_month=START + 6, ramp_months=4, confidence=D("0.8"))],
)


def given_of(content: CaseContent) -> RunInput:
    return run_input(content, Ahead(cash_flow(content), content.first_month - 1))


def npv(result: Mapping[str, Any], name: str) -> float:
    return float(result["npv"][name])


def test_the_mean_of_the_runs_is_the_exact_mean() -> None:
    found = simulate(given_of(CASE), seed=1)
    spread = npv(found, "p90") - npv(found, "p10")
    error = spread / (2 * NormalDist().inv_cdf(0.9)) / 100
    assert abs(npv(found, "mean") - npv(found, "exact_mean")) < 4 * error
    # 9,000, 10,000 and 14,000 have the mean 11,000: the exact mean is that of a case with all estimates at theirs.
    means = case(
        [
            cost("C-01", last_month=START + 7, estimate=three(11000)),
            cost("C-02", day_rate=D(100), first_month=START + 3, estimate=three(100)),
            cost("C-03", rhythm="yearly", estimate=three(1200)),
        ],
        [benefit(estimate=three(5000), from_month=START + 6, ramp_months=4, confidence=D("0.8") / 3)],
    )
    flow = cash_flow(means)
    assert npv(found, "exact_mean") == pytest.approx(float(figures_of(flow, means.discount_rate).npv), abs=0.5)


def test_the_same_seed_gives_the_same_result_and_another_does_not() -> None:
    one, again, other = (simulate(given_of(CASE), seed=seed) for seed in (7, 7, 8))
    assert one == again
    assert one["npv"] != other["npv"]
    # The stream and its use are fixed: a result from long ago can be repeated.
    assert simulate(given_of(CASE), seed=20260302, runs=1000)["npv"]["p50"] == "-2280.24"


def test_a_line_of_known_shape_ends_where_its_triangle_says() -> None:
    single = case([cost(estimate=three(0, 600, 1000))], months=1)
    found = simulate(given_of(single), seed=4)
    # A tenth of the triangle lies above 1,000 - sqrt(0.1 x 1,000 x 400) = 800, and one below sqrt(0.1 x 1,000 x 600).
    assert npv(found, "p10") == pytest.approx(-800, abs=12)
    assert npv(found, "p90") == pytest.approx(-244.95, abs=12)
    assert -1000 < npv(found, "lowest") < npv(found, "highest") < 0
    assert (found["pays_back"], found["above_zero"], found["payback"]["p50"]) == ("0.0000", "0.0000", None)


def test_payback_counts_the_runs_that_stay_back() -> None:
    # 1,050 to spend at once; 80 to 120 a month come back. 105 a month do it in ten months, 95.45 in eleven: of the
    # triangle, 28.1 percent lie above the one and 70.1 percent above the other.
    costs, benefits = [cost(estimate=three(1050))], [benefit(estimate=three(80, 100, 120))]
    found = simulate(given_of(case(costs, benefits, months=14)), seed=5)
    assert found["payback"] == {"p10": 10, "p50": 11, "p90": 12}
    assert found["pays_back"] == "1.0000"
    short = simulate(given_of(case(costs, benefits, months=10)), seed=5)
    assert float(short["pays_back"]) == pytest.approx(0.281, abs=0.02)
    assert short["payback"] == {"p10": 10, "p50": None, "p90": None}


def test_what_happened_does_not_vary() -> None:
    actuals = Actuals(START + 3, {(1, START): D(17000)}, {})
    flow = expected_flow(CASE, actuals, remaining={}, closed=frozenset({1}))
    found = run_input(CASE, Ahead(flow, START + 3, frozenset({1})))
    assert [line.ref for line in found.lines] == ["B-01"]
    assert found.fixed[0] == -17000


@tuned(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), min_size=1, max_size=5), st.integers(0, 2**32 - 1))
def test_no_run_leaves_its_estimates_and_every_run_is_in_a_bin(points: list[tuple[int, int, int]], seed: int) -> None:
    estimates = [Estimate(*map(D, sorted(each))) for each in points]
    content = case([cost(f"C-{place}", estimate=each) for place, each in enumerate(estimates)], months=2)
    found = simulate(given_of(content), seed=seed, runs=200)
    lowest, highest = -sum(each.high for each in estimates), -sum(each.low for each in estimates)
    assert float(lowest) - 0.01 <= npv(found, "lowest") <= npv(found, "p10") <= npv(found, "p50")
    assert npv(found, "p50") <= npv(found, "p90") <= npv(found, "highest") <= float(highest) + 0.01
    assert sum(each["count"] for each in found["bins"]) == 200


def test_another_text_does_not_make_a_result_out_of_date_but_another_estimate_does() -> None:
    def plain(content: CaseContent, **more: Any) -> dict[str, Any]:
        return estimates_plain(content, **{"actuals": Actuals(), "remaining": {}, "closed": frozenset(), **more})

    same = case([*CASE.costs], [*CASE.benefits], sections={"a": "Another text"})
    assert plain(same) == plain(CASE)
    dearer = case(
        [cost("C-01", last_month=START + 7, estimate=three(9000, 10000, 14001)), *CASE.costs[1:]], CASE.benefits
    )
    assert plain(dearer) != plain(CASE)
    assert plain(CASE, actuals=Actuals(START, {(1, START): D(1)}, {})) != plain(CASE)


# --- the job ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestJob:
    def ask(self, cast: Cast, case: BusinessCase, capture: Any, **more: Any) -> Simulation:
        with capture(execute=True):
            job = request_runs(**{"acting_user": cast.mara, "case": case, **more})
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.SUCCEEDED, "")
        return Simulation.objects.get(job=job)

    def test_it_keeps_seed_content_and_result(
        self, cast: Cast, case: BusinessCase, django_capture_on_commit_callbacks: Any
    ) -> None:
        made = self.ask(cast, case, django_capture_on_commit_callbacks, seed=42)
        found = standing_of(cast.project)
        assert found is not None
        assert (made.seed, made.runs, made.content_sha256) == (42, 10_000, estimates_sha256(found))
        assert made.result == simulate(run_input(found.content, found.ahead), seed=42)
        again = self.ask(cast, case, django_capture_on_commit_callbacks, seed=42)
        assert (again.result, again.content_sha256) == (made.result, made.content_sha256)

    def test_a_new_text_leaves_it_valid_and_a_new_estimate_does_not(
        self, cast: Cast, case: BusinessCase, django_capture_on_commit_callbacks: Any
    ) -> None:
        made = self.ask(cast, case, django_capture_on_commit_callbacks)
        write_section(acting_user=cast.mara, case=case, point="a", version=0, text="Why we do it")
        assert made.content_sha256 == estimates_sha256(standing_of(cast.project))
        change_row(
            acting_user=cast.mara, case=case, kind="cost", ref="C-01", version=1, values={**COST, "likely": D(13000)}
        )
        assert made.content_sha256 != estimates_sha256(standing_of(cast.project))

    def test_a_case_whose_estimates_do_not_differ_says_so(
        self, cast: Cast, empty_case: BusinessCase, django_capture_on_commit_callbacks: Any
    ) -> None:
        add(cast, empty_case, "cost", COST)
        with django_capture_on_commit_callbacks(execute=True):
            job = request_runs(acting_user=cast.mara, case=empty_case)
        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert "No line has estimates that differ" in job.error
        assert not Simulation.objects.exists()

    @pytest.mark.parametrize("name", ["tim", "petra", "toma", "audra", "bruno"])
    def test_only_who_writes_the_case_asks(self, cast: Cast, case: BusinessCase, name: str) -> None:
        with pytest.raises(NotPermitted):
            request_runs(acting_user=cast.people[name], case=case)

    def test_a_seed_out_of_range_is_refused(self, cast: Cast, case: BusinessCase) -> None:
        with pytest.raises(RuleBroken, match="seed lies between"):
            request_runs(acting_user=cast.mara, case=case, seed=2**32)


def test_the_web_process_never_loads_numpy() -> None:
    """Everything that serving pages imports, in a process of its own."""
    code = (
        "import sys, django; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from django.core.wsgi import get_wsgi_application; get_wsgi_application();"
        "import businesscase.simulation, businesscase.jobs, common.workbook_in, openpyxl;"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=settings.BASE_DIR, timeout=120
    )
    assert done.stdout.strip() == "False"
