"""What people write about risks: the risk itself, that they looked at it, what came of it, what its response costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from businesscase import guide
from businesscase.choices import Category, Impact, Probability, RiskCategory, RiskResponse, RiskState
from businesscase.domain.money import LARGEST
from businesscase.models import Risk
from common.numbers_in import UnclearNumber, parse_decimal
from phases.forms.rows import DayField
from projects.models import Party

STEP_NEEDED = {
    "required": _lazy("Choose one of the four steps."),
    "invalid_choice": _lazy("Choose one of the four steps."),
}
OF_LIST = {"required": _lazy("Choose one of the list."), "invalid_choice": _lazy("Choose one of the list.")}
FIELDS = (
    "title",
    "category",
    "cause",
    "event",
    "effect",
    "probability",
    "impact",
    "response",
    "response_text",
    "response_cost",
    "residual_probability",
    "residual_impact",
    "owner",
    "review_on",
    "challenge",
)
REPORTED = ("title", "category", "cause", "event", "effect", "probability", "impact", "challenge")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a group: its control, its word, and what it means."""

    tag: SafeString
    label: str
    lines: Sequence[str]


class MoneyField(forms.CharField):
    """Money as people type it."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(
            required=required, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        """The amount; None where nothing is typed."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_decimal(typed)
        except UnclearNumber as error:
            raise forms.ValidationError(str(error)) from error


def _long(label: Any, help_text: Any = "", rows: int = 3, most: int = 1000) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _steps(choices: Any) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in choices.choices]


class RiskForm(forms.Form):
    """A risk. Who only reports gets no fields for what is done about it."""

    title = forms.CharField(
        label=_lazy("What may happen"),
        max_length=160,
        help_text=_lazy("A few words by which everybody knows it."),
        error_messages={"required": _lazy("Say in a few words what may happen.")},
    )
    category = forms.ChoiceField(label=_lazy("Kind"), choices=RiskCategory.choices, error_messages=OF_LIST)
    cause = _long(_lazy("Cause"), _lazy("What is so already."))
    event = _long(_lazy("Event"), _lazy("What may come of it."))
    effect = _long(_lazy("Effect"), _lazy("What it would do to time, money and customers."))
    probability = forms.ChoiceField(
        label=_lazy("How likely it is"),
        choices=_steps(Probability),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=STEP_NEEDED,
    )
    impact = forms.ChoiceField(
        label=_lazy("How much it would hurt"),
        choices=_steps(Impact),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=STEP_NEEDED,
    )
    response = forms.ChoiceField(
        label=_lazy("Response"),
        required=False,
        choices=[("", _lazy("Not decided yet")), *RiskResponse.choices],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=OF_LIST,
    )
    response_text = _long(_lazy("What is done, by when"), _lazy("Begin with what happens within a month."), 4, 2000)
    response_cost = MoneyField(label=_lazy("What it costs"), help_text=_lazy("Days of own people count too."))
    residual_probability = forms.ChoiceField(
        label=_lazy("Then it is"),
        required=False,
        choices=[("", _lazy("Not assessed")), *_steps(Probability)],
        error_messages=STEP_NEEDED,
    )
    residual_impact = forms.ChoiceField(
        label=_lazy("and would hurt"),
        required=False,
        choices=[("", _lazy("Not assessed")), *_steps(Impact)],
        error_messages=STEP_NEEDED,
    )
    owner = forms.ChoiceField(
        label=_lazy("Owner"),
        required=False,
        help_text=_lazy("One person who watches it and may change it here."),
        error_messages={"invalid_choice": _lazy("Choose a party of this project.")},
    )
    review_on = DayField(label=_lazy("Next look"), help_text=_lazy("On this day it waits in the owner's My work."))
    challenge = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())

    def __init__(self, *args: Any, parties: Sequence[Party], currency: str, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        self.fields["owner"].choices = [("", _("Nobody")), *((str(party.pk), party.name) for party in parties)]  # type: ignore[attr-defined]  # a ChoiceField has choices
        self.fields["response_cost"].label = _("What it costs, in %(currency)s") % {"currency": currency}
        if not whole:
            for name in set(self.fields) - set(REPORTED):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """The values as services take them, once the form is valid."""
        given = self.cleaned_data
        values: dict[str, Any] = {name: given.get(name, "") for name in FIELDS}
        for name in ("probability", "impact", "residual_probability", "residual_impact"):
            values[name] = int(values[name]) if values[name] else None
        values["owner"] = self._parties.get(values["owner"])
        values["response_cost"] = (
            values["response_cost"] or None if values["response_cost"] == "" else values["response_cost"]
        )
        values["review_on"] = values["review_on"] or None
        return values

    @property
    def probabilities(self) -> list[Option]:
        """The steps of probability with what each means."""
        steps = guide.scales().probability
        said = [
            (_("%(from)d to %(to)d %%") % {"from": each.from_percent, "to": each.to_percent}, each.sentence)
            for each in steps
        ]
        return self._options("probability", said)

    @property
    def impacts(self) -> list[Option]:
        """The steps of impact with what each means in money, in time and for customers."""
        return self._options("impact", [(each.money, each.time, each.customers) for each in guide.scales().impact])

    @property
    def responses(self) -> list[Option]:
        """The responses with what each means."""
        said = [
            (_("It stays on the list of what needs somebody."),),
            *((each.sentence,) for each in guide.scales().responses),
        ]
        return self._options("response", said)

    def _options(self, name: str, said: Sequence[Sequence[str]]) -> list[Option]:
        choices = list(self[name])
        return [
            Option(choice.tag(), str(choice.choice_label), lines) for choice, lines in zip(choices, said, strict=True)
        ]


def initial_of(risk: Risk) -> dict[str, Any]:
    """What a form shows of `risk`."""
    values = {name: getattr(risk, name) for name in FIELDS}
    values["owner"] = str(risk.owner_id or "")
    values["response_cost"] = plain_amount(risk.response_cost)
    return {name: "" if value is None else value for name, value in values.items()}


def plain_amount(amount: Decimal | None) -> str:
    """An amount as it is typed."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def initial_from_typical(typical: guide.TypicalRisk, challenge: str = "") -> dict[str, Any]:
    """A typical risk as the beginning of one's own."""
    return {
        "title": typical.title,
        "category": typical.category,
        "cause": typical.cause,
        "event": typical.event,
        "effect": typical.effect,
        "probability": str(typical.probability),
        "impact": str(typical.impact),
        "response": typical.response,
        "response_text": typical.response_text,
        "challenge": challenge or (typical.challenges[0] if typical.challenges else ""),
    }


class ReviewForm(forms.Form):
    """That a risk stands as it is, and when somebody looks again."""

    review_on = DayField(label=_lazy("Next look"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].required = True
        self.fields["review_on"].error_messages["required"] = _("Give the day of the next look.")


class SettleForm(forms.Form):
    """What became of a risk."""

    state = forms.ChoiceField(label=_lazy("What became of it"), choices=RiskState.choices, error_messages=OF_LIST)
    outcome = _long(_lazy("What came of it"), rows=3, most=4000)

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if now == RiskState.OPEN:
            self.fields["outcome"].required = True
            self.fields["outcome"].error_messages["required"] = _("Say what came of it: people learn from it.")
            self.fields["state"].choices = [each for each in RiskState.choices if each[0] != RiskState.OPEN]  # type: ignore[attr-defined]  # a ChoiceField has choices


class ResponseCostForm(forms.Form):
    """The response to a risk as a line of cost of the case."""

    title = forms.CharField(
        label=_lazy("What is paid for"), max_length=160, error_messages={"required": _lazy("Say what is paid for.")}
    )
    category = forms.ChoiceField(label=_lazy("Category"), choices=Category.choices, error_messages=OF_LIST)
    phase_number = forms.TypedChoiceField(label=_lazy("Phase"), coerce=int, error_messages=OF_LIST)
    first_month = forms.DateField(
        label=_lazy("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={
            "required": _lazy("Give the month in which it falls due."),
            "invalid": _lazy("Write the month as YYYY-MM."),
        },
    )
    low = MoneyField(label=_lazy("At least"))
    likely = MoneyField(
        label=_lazy("Likely"), required=True, error_messages={"required": _lazy("Give the likely figure.")}
    )
    high = MoneyField(label=_lazy("At most"))
    day_rate = MoneyField(
        label=_lazy("Rate of a day"),
        help_text=_lazy("For people: the three figures are days then. Else leave it empty."),
    )

    def __init__(self, *args: Any, phases: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase_number"].choices = phases  # type: ignore[attr-defined]  # a choice field has choices

    def values(self, risk: Risk) -> Mapping[str, Any]:
        """The values of the line as services take them, once the form is valid."""
        return {
            **self.cleaned_data,
            "rhythm": "once",
            "source": _("Response to risk %(ref)s") % {"ref": risk.ref},
            "risk": risk,
        }


def initial_cost(risk: Risk, first_month: date, phase: int) -> dict[str, Any]:
    """The line that the response to `risk` suggests."""
    cost = risk.response_cost if risk.response_cost is not None and risk.response_cost <= LARGEST else None
    return {
        "title": _("Response to %(ref)s: %(title)s") % {"ref": risk.ref, "title": risk.title[:130]},
        "category": Category.OTHER,
        "phase_number": phase,
        "first_month": first_month.strftime("%Y-%m"),
        "likely": plain_amount(cost),
    }
