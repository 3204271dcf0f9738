"""What comes before what: links between activities, rules between components. No Django."""

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def path_between(links: Iterable[tuple[Node, Node]], first: Node, last: Node) -> list[Node]:
    """The shortest way along `links` (before, after) from `first` to `last`, both included; empty where there is none.

    A new link that makes `first` wait for `last` closes a cycle exactly where this way exists.
    """
    leads: dict[Node, list[Node]] = defaultdict(list)
    for before, after in links:
        leads[before].append(after)
    came: dict[Node, Node | None] = {first: None}
    front = [first]
    while front:
        reached = []
        for node in front:
            if node == last:
                return _way_back(came, last)
            for following in leads[node]:
                if following not in came:
                    came[following] = node
                    reached.append(following)
        front = reached
    return []


def _way_back(came: Mapping[Node, Node | None], last: Node) -> list[Node]:
    way: list[Node] = []
    node: Node | None = last
    while node is not None:
        way.append(node)
        node = came[node]
    return way[::-1]


def sorted_by_links(keys: Sequence[int], links: Iterable[tuple[int, int]]) -> list[int]:
    """`keys` in their order, except that none comes before one that it waits for. Links to others are left aside.

    Raises ValueError where the links close a cycle.
    """
    place = {key: number for number, key in enumerate(keys)}
    waits = dict.fromkeys(keys, 0)
    leads: dict[int, list[int]] = defaultdict(list)
    for before, after in links:
        if before in place and after in place:
            leads[before].append(after)
            waits[after] += 1
    ready = [place[key] for key in keys if not waits[key]]
    heapq.heapify(ready)
    found = []
    while ready:
        key = keys[heapq.heappop(ready)]
        found.append(key)
        for following in leads[key]:
            waits[following] -= 1
            if not waits[following]:
                heapq.heappush(ready, place[following])
    if len(found) < len(keys):
        raise ValueError("the links close a cycle")
    return found


def component_steps(order: Sequence[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """For each component that `order` (before, after) names: its step in its chain, from 0, and how many there are.

    Raises ValueError where the order closes a cycle.
    """
    codes = list(dict.fromkeys(code for pair in order for code in pair))
    numbers = {code: number for number, code in enumerate(codes)}
    pairs = [(numbers[before], numbers[after]) for before, after in dict.fromkeys(order)]
    step = dict.fromkeys(codes, 0)
    for number in sorted_by_links(range(len(codes)), pairs):
        for before, after in order:
            if after == codes[number]:
                step[after] = max(step[after], step[before] + 1)
    chain = _chains(codes, order)
    deepest: dict[str, int] = defaultdict(int)
    for code in codes:
        deepest[chain[code]] = max(deepest[chain[code]], step[code])
    return {code: (step[code], deepest[chain[code]] + 1) for code in codes}


def _chains(codes: Iterable[str], order: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each component with one that stands for all that are joined to it, in whichever direction."""
    chain = {code: code for code in codes}
    for before, after in order:
        old, new = chain[after], chain[before]
        chain = {code: new if stands == old else stands for code, stands in chain.items()}
    return chain
