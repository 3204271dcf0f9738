"""Fields of the forms of a business case: amounts, months, percentages, parties."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from businesscase.domain.money import exact
from businesscase.domain.months import first_day, parse_month
from common.numbers_in import UnclearNumber, parse_decimal
from projects.models import Party

_OTHER_MONTH = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{4})")


def _needed(kwargs: dict[str, Any]) -> dict[str, Any]:
    """`kwargs` of a field: `needed` is what is said where it is empty; without it, it may be."""
    needed = kwargs.pop("needed", "")
    if needed:
        kwargs["error_messages"] = {**kwargs.get("error_messages", {}), "required": needed}
    return {**kwargs, "required": bool(needed)}


def text_area(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **_needed(kwargs))


def text_line(label: Any, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"autocomplete": "off"}), **_needed(kwargs))


def plain_number(amount: Decimal) -> str:
    """An amount as a field shows it: all of its digits, no zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class AmountField(forms.Field):
    """Money or days, typed with comma or point. Whether there must be one, and how large, the service says."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def __init__(self, *, places: int = 2, at_most: Decimal | None = None, **kwargs: Any) -> None:
        self.places, self.at_most = places, at_most
        super().__init__(**_needed(kwargs))

    def prepare_value(self, value: Any) -> Any:
        """A stored amount as its digits; what was typed as it is."""
        return plain_number(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        """The number; None where nothing is typed."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            number = parse_decimal(text, at_most=self.at_most)
        except UnclearNumber as error:
            raise ValidationError(str(error)) from error
        with localcontext(exact()):
            fits = number == round(number, self.places)
        if not fits:
            raise ValidationError(_("Round it to %(places)d places."), params={"places": self.places})
        return number


class PercentField(AmountField):
    """A percentage, typed as `6,5`, `6.5 %` or `6,5%`."""

    def to_python(self, value: Any) -> Decimal | None:
        """The number before the sign; None where nothing is typed."""
        return super().to_python(str(value or "").strip().removesuffix("%"))


class MonthField(forms.Field):
    """A month: `2027-03`, also `3/2027` and `03.2027`. It gives the month's first day."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2027-03", "autocomplete": "off"}, format="%Y-%m")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_needed(kwargs))

    def to_python(self, value: Any) -> date | None:
        """The first day of the month; None where nothing is typed."""
        text = str(value or "").strip()
        if not text:
            return None
        other = _OTHER_MONTH.fullmatch(text)
        try:
            return first_day(parse_month(f"{other[2]}-{int(other[1]):02d}" if other else text))
        except ValueError as error:
            raise ValidationError(_("There is no such month. Write year and month: 2027-03.")) from error


class WholeField(forms.IntegerField):
    """A whole number. Its range is the service's business."""

    default_error_messages = {"invalid": _("Write a whole number, such as 12.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"})
        )
        super().__init__(**_needed(kwargs))


class PartyField(forms.ChoiceField):
    """One of the project's parties, or nobody. `offer` gives it the choices; it gives the party."""

    default_error_messages = {"invalid_choice": _("Choose a party of this project.")}

    def __init__(self, **kwargs: Any) -> None:
        self._parties: dict[str, Party] = {}
        super().__init__(required=False, **kwargs)

    def offer(self, parties: Iterable[Party], nobody: str, held: Party | None = None) -> None:
        """Offer those of `parties` that are active, and `held`, which stands there now."""
        offered = [each for each in parties if each.is_active or (held is not None and each.pk == held.pk)]
        self._parties = {str(each.pk): each for each in offered}
        self.choices = [("", nobody), *((str(each.pk), each.name) for each in offered)]

    def prepare_value(self, value: Any) -> Any:
        """A party as its key."""
        return str(value.pk) if isinstance(value, Party) else value

    def clean(self, value: Any) -> Any:
        """The party; None for nobody."""
        return self._parties.get(super().clean(value))


def pick(label: Any, choices: Sequence[tuple[Any, Any]], **kwargs: Any) -> forms.ChoiceField:
    """A choice out of a fixed list that the service checks again."""
    kwargs.setdefault(
        "error_messages", {"invalid_choice": _("Choose one of the list."), "required": _("Choose one of the list.")}
    )
    return forms.ChoiceField(label=label, choices=choices, **kwargs)
