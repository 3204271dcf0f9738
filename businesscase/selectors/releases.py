"""What was approved for each phase, what of it was released, and what was spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from businesscase.domain.content import CaseContent
from businesscase.domain.money import ZERO, total
from businesscase.domain.parts import by_phase
from businesscase.models import ActualCost, BusinessCase, Release


@dataclass(frozen=True, slots=True)
class PhaseFunds:
    """The money of one phase: approved in the version in force, released over all versions, and spent."""

    phase: int
    name: str
    approved: Decimal
    released: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be released; never below zero."""
        return max(self.approved - self.released, ZERO)

    @property
    def beyond(self) -> Decimal:
        """What was spent beyond what was released."""
        return max(self.spent - self.released, ZERO)


def funds_of(case: BusinessCase, content: CaseContent) -> list[PhaseFunds]:
    """The phases for which something was approved, released or spent; `content` is that in force. Two queries."""
    released = dict(
        Release.objects.filter(case_version__case=case)
        .values_list("phase_number")
        .annotate(whole=Sum("amount"))
        .order_by()
    )
    spent = dict(
        ActualCost.objects.filter(case=case).values_list("phase_number").annotate(whole=Sum("amount")).order_by()
    )
    names = {fact.number: fact.name for fact in content.known.phases}
    lines = [
        PhaseFunds(
            each.phase,
            names.get(each.phase, ""),
            each.cost,
            released.get(each.phase, ZERO),
            spent.get(each.phase, ZERO),
        )
        for each in by_phase(content)
    ]
    return [each for each in lines if each.approved or each.released or each.spent]


def whole_funds(lines: Sequence[PhaseFunds]) -> PhaseFunds:
    """All phases together."""
    return PhaseFunds(
        -1,
        "",
        total(each.approved for each in lines),
        total(each.released for each in lines),
        total(each.spent for each in lines),
    )


def releases_of(case: BusinessCase) -> list[Release]:
    """Every release of a case, the newest first. One query."""
    found = Release.objects.filter(case_version__case=case).select_related("case_version", "released_by")
    return list(found.order_by("-released_at", "-pk"))


def release_count(case: BusinessCase) -> int:
    """How many releases there are, by which a form tells whether another came between. One query."""
    found = Release.objects.filter(case_version__case=case).aggregate(count=Count("pk"))["count"]
    return int(found)
