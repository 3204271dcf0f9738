"""What the address of the risk register asks for."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from businesscase.choices import RiskCategory, RiskState
from businesscase.domain.risks import STEPS, Level
from businesscase.selectors.risks import MINE, NOBODY, SORTS, Look, RiskQuery, Why
from common.query import choice, read_query, whole_number

EVERY = "all"
ASKED = ("q", "category", "level", "state", "owner", "why", "probability", "impact", "view", "sort")
AFTER = "after"
WHYS = [*Why, *Look]


def parse_risk_query(data: QueryDict, owners: Collection[int], more: Collection[str] = ()) -> RiskQuery:
    """What `data` asks; `owners` are the parties that own risks, `more` names that the page reads itself.

    Raises BadRequest for what no page of ours sends.
    """
    values, _lists = read_query(data, single=(*ASKED, *more))
    known_owners = [NOBODY, MINE, *(str(pk) for pk in owners)]
    sort = values["sort"]
    if sort and sort.removeprefix("-") not in SORTS:
        raise BadRequest("sort has no such value")
    state = choice("state", values["state"], [*RiskState.values, EVERY]) or RiskState.OPEN
    return RiskQuery(
        text=values["q"],
        category=choice("category", values["category"], RiskCategory.values),
        level=choice("level", values["level"], list(Level)),
        state="" if state == EVERY else state,
        owner=choice("owner", values["owner"], known_owners),
        why=choice("why", values["why"], WHYS),
        probability=_step("probability", values["probability"]),
        impact=_step("impact", values["impact"]),
        after=choice("view", values["view"], [AFTER]) == AFTER,
        sort=sort,
    )


def risk_query_string(query: RiskQuery, **changed: str) -> str:
    """`query` as an address has it, with `changed` values; "" where it asks for nothing."""
    values = {
        "q": query.text,
        "category": query.category,
        "level": query.level,
        "state": EVERY if not query.state else "" if query.state == RiskState.OPEN else query.state,
        "owner": query.owner,
        "why": query.why,
        "probability": str(query.probability or ""),
        "impact": str(query.impact or ""),
        "view": AFTER if query.after else "",
        "sort": query.sort,
    }
    kept = {name: value for name, value in (values | changed).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _step(name: str, value: str) -> int | None:
    step = whole_number(name, value)
    if step is not None and step not in STEPS:
        raise BadRequest(f"{name} has no such step")
    return step
