"""What a benefit brought, typed for several months at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import BadRequest
from django.http import QueryDict

from businesscase.domain.months import first_day, month_label
from businesscase.selectors.benefits import BenefitMonth, FollowedBenefit
from businesscase.services.cost_texts import read_amount
from businesscase.services.money import BenefitWord
from common.numbers_in import UnclearNumber

LONGEST = 400
MOST_MONTHS = 24


@dataclass(slots=True)
class TypedMonth:
    """One month as it was typed. `value` is the amount, or what the indicator showed."""

    month: BenefitMonth
    value: str
    note: str
    version: str
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """`YYYY-MM`."""
        return month_label(self.month.month)

    @property
    def day(self) -> object:
        """The first day of the month."""
        return first_day(self.month.month)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.value and not self.note


def asked_months(found: FollowedBenefit, wanted: str = "", *, all_of: bool = False) -> list[BenefitMonth]:
    """The months that the form asks about: those that wait, and the one that somebody wants to correct.

    With `all_of` every month that there is: what was sent may be about any of them.
    """
    if all_of:
        return list(reversed(found.months))
    asked = found.due[:MOST_MONTHS]
    asked += [each for each in found.months if month_label(each.month) == wanted and each not in asked]
    return asked


def typed_months(found: FollowedBenefit, months: Sequence[BenefitMonth], data: QueryDict | None) -> list[TypedMonth]:
    """The form: as it was sent, or filled with what stands there. Raises BadRequest for unknown fields."""
    if data is None:
        return [
            TypedMonth(each, _stands(found, each), each.word.note if each.word else "", _version(each))
            for each in months
        ]
    labels = {month_label(each.month) for each in months}
    known = {f"{part}-{label}" for part in ("value", "note", "version") for label in labels}
    for name, value in data.items():
        if name not in known | {"csrfmiddlewaretoken"}:
            raise BadRequest(f"unknown field {name[:40]!r}")
        if len(str(value)) > LONGEST or "\x00" in str(value):
            raise BadRequest(f"{name[:40]} is too long")
    return [
        TypedMonth(
            each,
            str(data.get(f"value-{month_label(each.month)}", "")).strip(),
            str(data.get(f"note-{month_label(each.month)}", "")).strip(),
            str(data.get(f"version-{month_label(each.month)}", "")),
        )
        for each in months
        if f"value-{month_label(each.month)}" in data
    ]


def words_of(found: FollowedBenefit, typed: Sequence[TypedMonth]) -> list[BenefitWord]:
    """What was typed as words to confirm; what cannot be read is noted at its month."""
    words = []
    for each in typed:
        if each.is_empty:
            continue
        amount: Decimal | None = None
        if found.in_figures and each.value:
            try:
                amount = read_amount(each.value)
            except UnclearNumber as error:
                each.faults["value"] = str(error)
                continue
        version = (
            int(each.version) if each.version.isascii() and each.version.isdigit() and len(each.version) < 10 else 0
        )
        observed = "" if found.in_figures else each.value
        words.append(BenefitWord(first_day(each.month.month), amount, observed, each.note, version))
    return words


def note_refusal(typed: Sequence[TypedMonth], place: str, said: str) -> bool:
    """Put a refusal of a service, such as `amount-2026-03`, to its month; False where it has none."""
    part, _dash, label = place.partition("-")
    for each in typed:
        if each.label == label:
            each.faults["note" if part == "note" else "value"] = said
            return True
    return False


def _stands(found: FollowedBenefit, month: BenefitMonth) -> str:
    if month.word is None:
        return ""
    if found.in_figures:
        return "" if month.word.amount is None else f"{month.word.amount:.2f}"
    return month.word.observed


def _version(month: BenefitMonth) -> str:
    return str(month.word.version) if month.word is not None else "0"


def sent_again(data: QueryDict, versions: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was sent, with the versions of now, for saving it over what somebody else wrote."""
    return [
        (name, versions.get(name.removeprefix("version-"), "0") if name.startswith("version-") else str(value))
        for name, value in data.items()
        if name != "csrfmiddlewaretoken"
    ]
