"""A case that lives: approved under a condition, two months spent, a risk, a draft that went on, runs over it."""

from datetime import date
from decimal import Decimal

from businesscase.domain.runs import run_input
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors.runs import estimates_sha256
from businesscase.selectors.standing import standing_of
from businesscase.services.approval import ConditionWish
from businesscase.services.cases import start_case
from businesscase.services.money import CostEntry, record_costs
from businesscase.services.risks import report_risk
from businesscase.services.rows import change_row
from businesscase.services.runs import keep_runs
from businesscase.simulation import simulate
from jobs.models import Job
from tests.businesscase.conftest import BENEFIT, COST, FEB, JAN, PEOPLE, add, say, submit
from tests.cast import Cast

D = Decimal


def begun(cast: Cast) -> BusinessCase:
    """Alder's case with a tool, people and a benefit."""
    case = start_case(acting_user=cast.mara, project=cast.project, kind="implementation")
    add(cast, case, "cost", COST)
    add(cast, case, "cost", PEOPLE)
    add(cast, case, "benefit", BENEFIT)
    return case


def lived(cast: Cast, case: BusinessCase) -> CaseVersion:
    """What became of it: version 1, approved under a condition."""
    wish = ConditionWish("Show the contracts", date(2026, 5, 1))
    version = say(cast, submit(cast, case), verdict="conditions", conditions=[wish])
    entries = [CostEntry(JAN, D(6000), line="C-02"), CostEntry(FEB, D(7000), line="C-02")]
    record_costs(acting_user=cast.mara, case=case, entries=entries, until=FEB)
    values = {"title": "Suppliers refuse", "category": "financial", "probability": 4, "impact": 3}
    report_risk(acting_user=cast.mara, project=cast.project, values=values)
    values = {**COST, "likely": D(15000)}
    change_row(acting_user=cast.mara, case=case, kind="cost", ref="C-01", version=1, values=values)
    return version


def simulated(cast: Cast) -> None:
    """A few runs over it, without a worker."""
    found = standing_of(cast.project)
    assert found is not None
    result = simulate(run_input(found.content, found.ahead), seed=42, runs=500)
    job = Job.objects.create(
        kind="businesscase.runs", project=cast.project, requester=cast.mara, idempotency_key="runs"
    )
    keep_runs(found.case, job=job, sha256=estimates_sha256(found), seed=42, result=result)
