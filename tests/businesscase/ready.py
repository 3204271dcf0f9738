"""Cases as far along as tests of whole pages need them."""

from datetime import date
from decimal import Decimal

from businesscase.choices import CaseKind
from businesscase.models import Approval, BusinessCase, CaseVersion, Condition
from businesscase.services.approval import ConditionWish
from businesscase.services.cases import start_case
from tests.businesscase.conftest import BENEFIT, COST, PEOPLE, add, say, submit
from tests.cast import Cast

# Tests in a browser run at the true time of day, the others in March 2026: this lies ahead of both.
AHEAD = date(2099, 7, 1)
VERSION_ROUTES = frozenset(
    f"{prefix}_{name}"
    for prefix in ("case", "small")
    for name in ("version", "compare", "decide", "withdraw", "replace", "condition", "submit")
)


def with_version(cast: Cast, route: str) -> None:
    """The case that `route` is about, with version 1 submitted to Toma and a condition with the id 1."""
    case = begun(cast, CaseKind.GAP if route.startswith("small") else CaseKind.IMPLEMENTATION)
    if route.endswith("submit"):
        return
    version = submit(cast, case, decide_by=AHEAD)
    approval = Approval.objects.get(case_version=version)
    Condition.objects.create(pk=1, project=cast.project, approval=approval, text="A report in July")


def begun(cast: Cast, kind: str) -> BusinessCase:
    """A case with one cost."""
    case = start_case(acting_user=cast.mara, project=cast.project, kind=kind)
    add(cast, case, "cost", COST, phase_number=1)
    return case


def two_versions(cast: Cast, *approvers: str) -> tuple[CaseVersion, CaseVersion]:
    """Version 1 approved by Toma with two conditions, version 2 dearer and waiting for `approvers`."""
    case = begun(cast, CaseKind.IMPLEMENTATION)
    add(cast, case, "benefit", BENEFIT)
    wishes = [ConditionWish("Desk hours are measured", AHEAD), ConditionWish("Contracts are shown")]
    first = say(cast, submit(cast, case, decide_by=AHEAD), verdict="conditions", comment="At last.", conditions=wishes)
    add(cast, case, "cost", PEOPLE)
    add(cast, case, "cost", COST, title="Training of the desk", category="training", likely=Decimal(5000))
    return first, submit(cast, case, *approvers, decide_by=AHEAD, note="Phase 2 needs more hands than we thought.")
