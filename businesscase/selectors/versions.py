"""The versions of a case as their list shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models.fields.json import KeyTextTransform

from businesscase.models import Approval, BusinessCase, CaseVersion


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: what it came to, who was asked, and what became of it."""

    number: int
    state: str
    submitted_by: str
    submitted_at: datetime
    decide_by: date
    decided_at: datetime | None
    cost: Decimal
    npv: Decimal
    words: tuple[Approval, ...]


def version_lines(case: BusinessCase) -> list[VersionLine]:
    """All versions, the newest first. Two queries, none of which reads what the versions say."""
    rows: Any = (
        CaseVersion.objects.filter(case=case)
        .select_related("submitted_by")
        .defer("content", "figures")
        .annotate(cost=KeyTextTransform("cost", "figures"), npv=KeyTextTransform("npv", "figures"))
        .order_by("-number")
    )
    found = list(rows)
    words: dict[int, list[Approval]] = {}
    for approval in Approval.objects.filter(case_version__case=case).select_related("approver"):
        words.setdefault(approval.case_version_id, []).append(approval)
    return [
        VersionLine(
            number=row.number,
            state=row.state,
            submitted_by=str(row.submitted_by) if row.submitted_by else "",
            submitted_at=row.submitted_at,
            decide_by=row.decide_by,
            decided_at=row.decided_at,
            cost=Decimal(row.cost),
            npv=Decimal(row.npv),
            words=tuple(words.get(row.pk, ())),
        )
        for row in found
    ]
