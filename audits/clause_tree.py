"""The list of the clauses of an edition at the side of its pages: chapters, and what leads to the clause in view."""

from dataclasses import dataclass

from django.urls import reverse

from audits.domain.chain import above
from audits.selectors.clause_chain import Chains
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Node:
    """A clause in the list. `is_open` where the clause in view lies below it; `below` are then its parts."""

    number: str
    title: str
    url: str
    gaps: int
    is_current: bool
    is_open: bool
    below: tuple["Node", ...]


def clause_url(project: Project, edition: str, number: str) -> str:
    """The address of the page of a clause."""
    return reverse("clause", args=[project.slug, edition, number])


def tree_of(project: Project, chains: Chains, current: str) -> list[Node]:
    """The chapters; of those that hold `current` also their parts."""
    open_ones = set(above(current)) if current else set()

    def nodes(parent: str) -> tuple[Node, ...]:
        depth = parent.count(".") + 1 if parent else 0
        found = [
            number
            for number in chains.of
            if number.count(".") == depth and (not parent or number.startswith(f"{parent}."))
        ]
        return tuple(
            Node(
                number,
                chains.of[number].title,
                clause_url(project, chains.edition, number),
                chains.gap_counts[number],
                number == current,
                number in open_ones,
                nodes(number) if number in open_ones else (),
            )
            for number in found
        )

    return list(nodes(""))


def neighbours(chains: Chains, current: str) -> tuple[str, str]:
    """The clauses before and after `current`, of those that are as deep as it or divided no further; "" at the ends."""
    depth = current.count(".")
    order = [
        number
        for number, chain in chains.of.items()
        if number == current or number.count(".") == depth or (chain.is_leaf and number.count(".") < depth)
    ]
    place = order.index(current)
    return (order[place - 1] if place else "", order[place + 1] if place + 1 < len(order) else "")
