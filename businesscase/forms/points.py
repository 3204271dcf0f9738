"""The text of a point, and the settings of a case."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy

from businesscase.choices import Conformity
from businesscase.forms.base import helper_of, pair
from businesscase.forms.fields import MonthField, PercentField, WholeField, pick, text_area
from businesscase.models import BusinessCase

HUNDRED = Decimal(100)


class SectionForm(forms.Form):
    """What the case says to a point, as Markdown."""

    text = text_area(gettext_lazy("In your words"), 12)

    @property
    def helper(self) -> FormHelper:
        """The text alone."""
        return helper_of("text")


class ConformityForm(SectionForm):
    """Point h: the recommendation, and why."""

    field_order = ("conformity", "text")
    conformity = pick(
        gettext_lazy("A formal, independent assessment of conformity is"), Conformity.choices, widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        """The recommendation first."""
        return helper_of("conformity", "text")


class SettingsForm(forms.Form):
    """Horizon and discount rate, the rate typed in percent."""

    use_required_attribute = False
    first_month = MonthField(label=gettext_lazy("First month"), needed=gettext_lazy("Give the first month."))
    months = WholeField(
        label=gettext_lazy("Months"),
        needed=gettext_lazy("Say how many months the case looks ahead: 1 to 120."),
        help_text=gettext_lazy("How far the case looks. Five years, 60, is usual: long enough for a return to show."),
    )
    discount_rate = PercentField(
        label=gettext_lazy("Discount rate a year, in percent"),
        places=3,
        at_most=HUNDRED,
        needed=gettext_lazy(
            "Give the discount rate; ask finance for theirs. 0 says that money later is worth the same."
        ),
        help_text=gettext_lazy("The rate that finance uses for other investments. 0: money later is worth the same."),
    )

    @property
    def helper(self) -> FormHelper:
        """The horizon, then the rate."""
        return helper_of(pair("first_month", "months"), pair("discount_rate"))

    @staticmethod
    def initial_of(case: BusinessCase) -> dict[str, Any]:
        """What stands there now."""
        return {
            "first_month": case.first_month,
            "months": case.months,
            "discount_rate": case.discount_rate * HUNDRED,
        }

    def values(self) -> dict[str, Any]:
        """What the service takes: the rate as a fraction."""
        rate = self.cleaned_data["discount_rate"]
        return {**self.cleaned_data, "discount_rate": None if rate is None else rate / HUNDRED}
