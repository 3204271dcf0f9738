"""Reading what an address or a form says strictly.

A name that a page does not know, or a value given twice where one is meant, is a bad request.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import QueryDict

MOST_VALUES = 200
LONGEST = 200


def read_query(
    query: QueryDict, *, single: Collection[str] = (), multiple: Collection[str] = (), longest: int = LONGEST
) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """The values of `single` names (missing or blank: "") and of `multiple` ones (blanks left out).

    Raises BadRequest for any other name, a single one given twice, too many values, a text that is longer than
    `longest` or holds a NUL.
    """
    for name, values in query.lists():
        if name not in single and name not in multiple:
            raise BadRequest(f"unknown parameter {name[:40]!r}")
        if name in single and len(values) > 1:
            raise BadRequest(f"{name} is given twice")
        if len(values) > MOST_VALUES or any(len(value) > longest or "\x00" in value for value in values):
            raise BadRequest(f"{name} is too long")
    return (
        {name: query.get(name, "").strip() for name in single},
        {name: [value for value in query.getlist(name) if value] for name in multiple},
    )


def single_values(data: QueryDict, *, multiple: Collection[str] = ()) -> QueryDict:
    """`data` of a form, as it came. Raises BadRequest where a name that is not in `multiple` stands in it twice."""
    for name, values in data.lists():
        if len(values) > 1 and name not in multiple:
            raise BadRequest(f"{name[:40]} is given twice")
    return data


def whole_number(name: str, value: str) -> int | None:
    """`value` as a number of at most 15 digits, None where it is blank. Raises BadRequest for anything else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 15:
        raise BadRequest(f"{name} is not a number")
    return int(value)


def day(name: str, value: str) -> date | None:
    """`value` (YYYY-MM-DD) as a date, None where it is blank. Raises BadRequest for anything else."""
    if not value:
        return None
    try:
        read = date.fromisoformat(value)
    except ValueError as error:
        raise BadRequest(f"{name} is not a date (YYYY-MM-DD)") from error
    if value != read.isoformat():
        raise BadRequest(f"{name} is not a date (YYYY-MM-DD)")
    return read


def choice(name: str, value: str, choices: Collection[str]) -> str:
    """`value` where it is one of `choices` or blank. Raises BadRequest for anything else."""
    if value and value not in choices:
        raise BadRequest(f"{name} has no such value")
    return value


def choices(name: str, values: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """`values` without repetitions, where each is one of `known`. Raises BadRequest for anything else."""
    return tuple(choice(name, value, known) for value in dict.fromkeys(values) if value)


def form_nonce(text: str) -> UUID:
    """What a form carries so that sending it twice does a thing once; a new one where it carries none.

    Raises BadRequest for what no form of ours carries.
    """
    try:
        return UUID(text) if text else uuid4()
    except ValueError as error:
        raise BadRequest("nonce is not a UUID") from error
