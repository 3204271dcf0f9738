"""Alder's business case, with two costs and a benefit, and what people do with it."""

from datetime import date
from decimal import Decimal

import pytest

from businesscase.models import BusinessCase, CaseVersion
from businesscase.services.approval import decide, submit_case
from businesscase.services.cases import start_case
from businesscase.services.rows import add_row
from tests.cast import Cast

D = Decimal
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
COST = {
    "title": "Service desk tool",
    "category": "technology",
    "phase_number": 1,
    "rhythm": "once",
    "first_month": MAR,
    "likely": D("12000"),
    "source": "Offer of 3 January",
}
PEOPLE = {
    "title": "Project manager",
    "category": "own people",
    "role": "Project manager",
    "phase_number": 1,
    "rhythm": "once",
    "first_month": JAN,
    "last_month": date(2026, 6, 1),
    "low": D(40),
    "likely": D(50),
    "high": D(70),
    "day_rate": D(600),
    "source": "Rates of finance",
}
BENEFIT = {
    "kind": "2",
    "form": "figures",
    "title": "Fewer calls",
    "phase_number": 1,
    "from_month": date(2026, 7, 1),
    "low": D(1000),
    "likely": D(1500),
    "high": D(2000),
    "ramp_months": 3,
    "confidence": 80,
}
DECIDE_BY = date(2026, 3, 20)


def add(cast: Cast, case: BusinessCase, kind: str, values: dict, **more):
    """Add a line as Mara."""
    return add_row(acting_user=cast.mara, case=case, kind=kind, values={**values, **more})


@pytest.fixture
def empty_case(cast: Cast) -> BusinessCase:
    """Alder's case for the implementation, just begun: five years from January 2026 at six percent."""
    return start_case(acting_user=cast.mara, project=cast.project, kind="implementation")


@pytest.fixture
def case(cast: Cast, empty_case: BusinessCase) -> BusinessCase:
    """The same with C-01 (tool), C-02 (people) and B-01 (fewer calls)."""
    add(cast, empty_case, "cost", COST)
    add(cast, empty_case, "cost", PEOPLE)
    add(cast, empty_case, "benefit", BENEFIT)
    return empty_case


def submit(cast: Cast, case: BusinessCase, *names: str, **more) -> CaseVersion:
    """Submit the draft, incomplete as it is, to the people named (Toma where none is)."""
    return submit_case(
        **{
            "acting_user": cast.mara,
            "case": case,
            "approvers": [cast.people[name] for name in names or ("toma",)],
            "decide_by": DECIDE_BY,
            "although_incomplete": True,
            **more,
        }
    )


def say(cast: Cast, version: CaseVersion, name: str = "toma", verdict: str = "approve", **more) -> CaseVersion:
    """Let one approver decide."""
    return decide(
        **{
            "acting_user": cast.people[name],
            "version": version,
            "seen_sha256": version.sha256,
            "verdict": verdict,
            **more,
        }
    )


@pytest.fixture
def approved(cast: Cast, case: BusinessCase) -> CaseVersion:
    """Version 1, approved by Toma."""
    return say(cast, submit(cast, case))
