"""What is settled about the money of a phase."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.domain.outlook import PhaseOutlook
from businesscase.models import PhaseMoney
from businesscase.services.cost_texts import read_amount
from common.numbers_in import UnclearNumber, parse_decimal

LONGEST = 2000
_NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


class PhaseMoneyForm(forms.Form):
    """Still to come, tolerance in percent, and why it differs."""

    remaining = forms.CharField(
        label=gettext_lazy("Still to come"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    tolerance = forms.CharField(
        label=gettext_lazy("Tolerance in percent of what was approved"),
        max_length=40,
        widget=forms.TextInput(attrs=_NUMBER),
        help_text=gettext_lazy("How far the phase may become dearer before somebody has to decide anew. 10 is usual."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it differs from what was approved"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_remaining(self) -> Decimal | None:
        """Money, or nothing where the lines say it."""
        return _read(self.cleaned_data["remaining"], read_amount) if self.cleaned_data["remaining"] else None

    def clean_tolerance(self) -> Decimal:
        """A fraction."""
        typed = self.cleaned_data["tolerance"].strip().removesuffix("%")
        percent: Decimal = _read(typed, lambda text: parse_decimal(text, at_most=Decimal(100)))
        if not 0 <= percent <= 100:
            raise forms.ValidationError(_("The tolerance lies between 0 and 100 percent."))
        return percent / 100


def _read(text: str, read: Any) -> Any:
    try:
        return read(text)
    except UnclearNumber as error:
        raise forms.ValidationError(str(error)) from error


def first_values(settled: PhaseMoney | None, outlook: PhaseOutlook) -> dict[str, object]:
    """What the form says before anybody touched it."""
    remaining = settled.remaining if settled is not None else None
    return {
        "remaining": "" if remaining is None else f"{remaining:.2f}",
        "tolerance": percent_text(outlook.tolerance),
        "reason": settled.reason if settled is not None else "",
        "version": settled.version if settled is not None else 0,
    }


def percent_text(share: Decimal) -> str:
    """A fraction as percent, without places that say nothing: `10`, `7.5`."""
    return f"{(share * 100).normalize():f}"
