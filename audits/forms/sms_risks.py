"""What people write about risks to the SMS, and what the register is asked."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audits.choices import RiskKind, SmsRiskState, Treatment
from audits.selectors.sms_risks import OPEN, VIEWS, SmsRiskQuery
from audits.services.sms_risks import SmsRiskFacts
from businesscase.choices import Impact, Probability
from common.query import choice, read_query
from governance.forms.decisions import day_field
from projects.models import Party

ASKED = ("view", "q", "need", "probability", "impact")
NEEDS = ("treatment", "acceptance", "owner", "look")
OF_STEPS = {
    "required": _lazy("Choose one of the four steps."),
    "invalid_choice": _lazy("Choose one of the four steps."),
}
OF_LIST = {"required": _lazy("Choose one of the list."), "invalid_choice": _lazy("Choose one of the list.")}
STEPS = [str(step) for step in range(1, 5)]


def parse_sms_risk_query(data: QueryDict, more: Collection[str] = ()) -> SmsRiskQuery:
    """What `data` asks; `more` are names that the page reads itself. Raises BadRequest for what no page sends."""
    values, _lists = read_query(data, single=(*ASKED, *more))
    probability = choice("probability", values["probability"], STEPS)
    impact = choice("impact", values["impact"], STEPS)
    return SmsRiskQuery(
        view=choice("view", values["view"], VIEWS) or OPEN,
        text=values["q"],
        need=choice("need", values["need"], NEEDS),
        probability=int(probability) if probability else None,
        impact=int(impact) if impact else None,
    )


def sms_risk_query_string(query: SmsRiskQuery, **changed: str) -> str:
    """`query` as an address has it, with `changed` values; "" where it asks for nothing."""
    values = {
        "view": "" if query.view == OPEN else query.view,
        "q": query.text,
        "need": query.need,
        "probability": str(query.probability or ""),
        "impact": str(query.impact or ""),
    }
    kept = {name: value for name, value in (values | changed).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _step(label: Any, choices: Any, *, required: bool) -> forms.ChoiceField:
    steps = [(str(value), f"{value} {word}") for value, word in choices.choices]
    nothing = [] if required else [("", _lazy("Not assessed"))]
    return forms.ChoiceField(label=label, required=required, choices=[*nothing, *steps], error_messages=OF_STEPS)


def _long(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class SmsRiskForm(forms.Form):
    """A risk or an opportunity."""

    kind = forms.ChoiceField(label=_lazy("Kind"), choices=RiskKind.choices, error_messages=OF_LIST)
    title = forms.CharField(
        label=_lazy("What may happen"),
        max_length=160,
        help_text=_lazy("A few words by which everybody knows it."),
        error_messages={"required": _lazy("Say in a few words what may happen.")},
    )
    clause = forms.ChoiceField(label=_lazy("Clause"), required=False, error_messages=OF_LIST)
    service = forms.CharField(
        label=_lazy("Service"), required=False, max_length=120, help_text=_lazy("Empty where it is about the SMS.")
    )
    cause = _long(_lazy("Cause"), _lazy("What is so already."))
    effect = _long(_lazy("Effect"), _lazy("On customers, on services, on what the standard asks."))
    probability = _step(_lazy("How likely it is"), Probability, required=True)
    impact = _step(_lazy("How much it would hurt, or help"), Impact, required=True)
    treatment = forms.ChoiceField(
        label=_lazy("Treatment"), required=False, choices=Treatment.choices, error_messages=OF_LIST
    )
    treatment_words = _long(_lazy("What is done, by when"), rows=3)
    residual_probability = _step(_lazy("Then it is"), Probability, required=False)
    residual_impact = _step(_lazy("and would hurt, or help"), Impact, required=False)
    owner = forms.ChoiceField(label=_lazy("Owner"), required=False, error_messages=OF_LIST)
    review_on = day_field(
        _lazy("Next look"), required=False, help_text=_lazy("On this day it waits in the owner's My work.")
    )

    def __init__(self, *args: Any, parties: Sequence[Party], clauses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        self._offer("owner", _("Nobody yet"), [(key, each.name) for key, each in self._parties.items()])
        self._offer("clause", _("No clause of its own"), [(key, f"{key} {title}") for key, title in clauses])

    def _offer(self, name: str, nothing: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]  # a ChoiceField has choices

    def facts(self) -> SmsRiskFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data

        def step(name: str) -> int | None:
            return int(data[name]) if data[name] else None

        return SmsRiskFacts(
            title=data["title"],
            probability=int(data["probability"]),
            impact=int(data["impact"]),
            kind=data["kind"],
            clause=data["clause"],
            service=data["service"],
            cause=data["cause"],
            effect=data["effect"],
            treatment=data["treatment"],
            treatment_words=data["treatment_words"],
            residual_probability=step("residual_probability"),
            residual_impact=step("residual_impact"),
            owner=self._parties.get(data["owner"]),
            review_on=data["review_on"],
        )


def initial_sms_risk(facts: Any) -> dict[str, Any]:
    """What a form shows of a risk, or of facts that one begins with."""
    names = [name for name in SmsRiskForm.base_fields if name != "owner"]
    values = {name: getattr(facts, name) for name in names}
    return values | {"owner": str(facts.owner.pk) if facts.owner is not None else ""}


class LookForm(forms.Form):
    """When somebody looks again."""

    review_on = day_field(_lazy("Next look"), error_messages={"required": _lazy("Give the day of the next look.")})


class SettleRiskForm(forms.Form):
    """What became of a risk."""

    state = forms.ChoiceField(label=_lazy("It is"), choices=SmsRiskState.choices, error_messages=OF_LIST)
    outcome = forms.CharField(
        label=_lazy("What came of it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
