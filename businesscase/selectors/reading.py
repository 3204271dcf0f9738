"""A content as one text: its points in order, each with what it holds."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from businesscase import guide
from businesscase.choices import Category
from businesscase.completeness_words import missing_words
from businesscase.domain.completeness import states_of
from businesscase.domain.content import CaseContent, RiskItem
from businesscase.domain.money import total
from businesscase.domain.parts import LineSum, benefit_sums, cost_sums
from businesscase.domain.risks import score


@dataclass(frozen=True, slots=True)
class ReadPoint:
    """One point: its heading, its text as Markdown, and what it lacked, in words."""

    key: str
    title: str
    text: str
    missing: tuple[str, ...]

    @property
    def letter(self) -> str:
        """`a)` for the points that have letters."""
        return f"{self.key})" if len(self.key) == 1 else ""


@dataclass(frozen=True, slots=True)
class CategorySum:
    """The cost lines of one category."""

    category: str
    lines: tuple[LineSum, ...]
    amount: Decimal


def points_read(content: CaseContent) -> list[ReadPoint]:
    """The points of the content's kind, in order."""
    titles = {key: each.title for key, each in guide.points().items()}
    titles |= {each.key: each.title for each in guide.small_case().points}
    return [
        ReadPoint(
            state.point,
            titles.get(state.point, state.point),
            content.sections.get(state.point, ""),
            tuple(missing_words(each) for each in state.missing),
        )
        for state in states_of(content)
    ]


def costs_by_category(content: CaseContent) -> list[CategorySum]:
    """The cost lines, category by category in the order of the form."""
    order = {category: place for place, category in enumerate(Category.values)}

    def place(line: LineSum) -> int:
        return order.get(getattr(line.item, "category", ""), len(order))

    return [
        CategorySum(getattr(lines[0].item, "category", ""), lines, total(each.amount for each in lines))
        for _place, group in groupby(sorted(cost_sums(content), key=place), key=place)
        if (lines := tuple(group))
    ]


def benefits_read(content: CaseContent) -> list[LineSum]:
    """Every benefit with what it brings within the horizon; those in words bring nothing that can be counted."""
    counted = {line.item.ref: line for line in benefit_sums(content)}
    return [counted.get(item.ref, LineSum(item, Decimal(0))) for item in content.benefits]


def risks_by_weight(content: CaseContent) -> list[RiskItem]:
    """The risks that are not closed, the most serious first."""
    found = [each for each in content.risks if each.state != "closed"]
    return sorted(found, key=lambda each: (-score(each.probability, each.impact), each.ref))
