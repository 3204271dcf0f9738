"""Numbers of documents and of their versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

PREFIXES: Mapping[str, str] = {
    "policy": "POL",
    "plan": "PLN",
    "procedure": "PRC",
    "approach": "APP",
    "description": "DSC",
    "register": "REG",
    "agreement": "AGR",
    "catalogue": "CAT",
    "checklist": "CHK",
    "record": "REC",
}


def next_number(kind: str, taken: Iterable[str]) -> str:
    """The number after the highest of `kind` among `taken`: `POL-01`, `POL-02` and so on.

    Raises KeyError for a kind that has no prefix.
    """
    prefix = f"{PREFIXES[kind]}-"
    used = (each.removeprefix(prefix) for each in taken if each.startswith(prefix))
    highest = max((int(each) for each in used if each.isdecimal()), default=0)
    return f"{prefix}{highest + 1:02d}"


@dataclass(frozen=True, slots=True, order=True)
class VersionNumber:
    """`major.minor`. A draft before the first approval is 0.1, 0.2 ...; approved versions begin at 1.0."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    def draft_after(self) -> "VersionNumber":
        """The number of a draft that goes on from this one."""
        return VersionNumber(self.major, self.minor + 1)


FIRST_DRAFT = VersionNumber(0, 1)


def approved_number(in_force: VersionNumber | None, *, is_major: bool) -> VersionNumber:
    """The number a version gets when it is approved: 1.0 the first, then the next major or minor one."""
    if in_force is None:
        return VersionNumber(1, 0)
    if is_major:
        return VersionNumber(in_force.major + 1, 0)
    return VersionNumber(in_force.major, in_force.minor + 1)


def month_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it has no such day. `months` from 0."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("a month has a first day")


def first_review(begins: date, months: int, promised: str = "") -> date:
    """By when a version that holds from `begins` is to be looked at: the day that its own words name, `promised` as
    YYYY-MM-DD, where that is ahead of `begins`, else `months` after it.

    Words are filled when a version is sent for review. What was approved says that day, so it is the one that counts.
    """
    counted = month_after(begins, months)
    if not promised:
        return counted
    said = date.fromisoformat(promised)
    return said if begins < said < counted else counted
