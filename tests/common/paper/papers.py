"""Documents to set on pages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from common.paper.paper import Approval, Change, ControlledPaper
from common.paper.text import markdown_to_paper

TEXT = """## Why we have it

We run desktops and print for 4,300 people, in Łódź too.

## What we measure

| Objective | Measure | Now |
|---|---|--:|
| Customers can work | Hours lost a month | 1,140 |

### How often

Every month.
"""


def paper(text: str = TEXT, **changes: Any) -> ControlledPaper:
    """An approved policy, with what a test changes."""
    made = markdown_to_paper(text)
    return replace(
        ControlledPaper(
            title="Service management policy",
            organization="Workplace Shared Services",
            created=datetime(2026, 10, 12, 12, 6, tzinfo=UTC),
            body=made.html,
            headings=made.headings,
            number="SMS-POL-001",
            kind="Policy",
            version="2.0",
            state="Approved",
            owner="Anna Lindqvist",
            classification="Internal",
            approvals=(Approval("Martin Okafor", "managing director", "12 October 2026"),),
            changes=(Change("2.0", "12 Oct 2026", "Adds what we ask of suppliers.", "A. Lindqvist", "M. Okafor"),),
            keywords=("policy", "ISO/IEC 20000-1"),
            digest="7d1a4be0" * 8,
        ),
        **changes,
    )
