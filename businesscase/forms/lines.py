"""The forms of a case's lines: cost, benefit, assumption, interested party, measure.

They read what was typed; whether it can be stored, `services.checks` says, with the name of the field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.choices import AssumptionKind, BenefitForm, BenefitKind, Category, Grade, Rhythm
from businesscase.domain.money import LARGEST
from businesscase.forms.base import helper_of, pair, part, triple
from businesscase.forms.fields import (
    AmountField,
    MonthField,
    PartyField,
    WholeField,
    pick,
    plain_number,
    text_area,
    text_line,
)
from businesscase.models import BusinessCase, Risk
from businesscase.services import checks
from businesscase.services.rows import label_of
from common.exceptions import RuleBroken, StaleWrite
from projects.models import Party


@dataclass(frozen=True, slots=True)
class Offers:
    """What a line can name: parties, phases (number, name), services, open risks; and the case that it is for."""

    case: BusinessCase
    parties: Sequence[Party] = ()
    phases: Sequence[tuple[int, str]] = ()
    services: Sequence[str] = ()
    risks: Sequence[Risk] = field(default_factory=tuple)

    @property
    def currency(self) -> str:
        """The currency of the project."""
        return str(self.case.project.currency)


class LineForm(forms.Form):
    """A line of a case. `values` is what the service takes."""

    party_field = ""
    use_required_attribute = False

    def __init__(self, data: Any = None, *, offers: Offers, row: Model | None = None, **kwargs: Any) -> None:
        self.offers, self.row = offers, row
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(data, **kwargs)
        if self.party_field:
            party = self.fields[self.party_field]
            assert isinstance(party, PartyField)  # noqa: S101 (for the type checker)
            party.offer(offers.parties, _("Nobody yet"), getattr(row, self.party_field, None))

    def clean(self) -> dict[str, Any]:
        """Check each amount and month by itself, so that everything that is wrong with them is said at once."""
        found: dict[str, Any] = super().clean() or {}
        for name in list(found):
            try:
                if isinstance(self.fields[name], MonthField):
                    checks.month(self.offers.case, found, name)
                elif isinstance(self.fields[name], AmountField):
                    checks.amount(found, name, most=self.most_of(name, found))
            except RuleBroken as error:
                self.add_error(name, str(error))
        return found

    def most_of(self, name: str, found: Mapping[str, Any]) -> Decimal:
        """The largest amount that the field `name` takes."""
        return LARGEST

    @property
    def helper(self) -> FormHelper:
        """The layout."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """What was filled in, by the names of the model."""
        return dict(self.cleaned_data)

    def as_read(self, stale: StaleWrite) -> StaleWrite:
        """`stale` in the words of this form: its labels, the names of choices, amounts without needless zeros."""
        if self.row is None:
            return stale
        names = {label_of(type(self.row), name): name for name in self.fields}
        return StaleWrite(str(stale), current=self._worded(names, stale.current), sent=self._worded(names, stale.sent))

    def _worded(self, names: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
        worded = {}
        for label, text in said.items():
            name = names.get(label, "")
            if not name:
                worded[label] = text
                continue
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                text = dict(field.choices).get(text, text)  # type: ignore[arg-type]  # flat choices
            elif isinstance(field, AmountField) and text:
                text = plain_number(Decimal(text))
            worded[str(field.label)] = text
        return worded


class _MoneyForm(LineForm):
    """What cost and benefit share: phase, service, three estimates."""

    phase_number = forms.TypedChoiceField(
        label=gettext_lazy("Phase"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose a phase from 0 to 4."),
            "invalid_choice": gettext_lazy("Choose a phase from 0 to 4."),
        },
    )
    low = AmountField(label=gettext_lazy("Low"))
    likely = AmountField(
        label=gettext_lazy("Likely"), needed=gettext_lazy("Give the likely figure. The two others may stay empty.")
    )
    high = AmountField(label=gettext_lazy("High"))
    service = forms.ChoiceField(
        label=gettext_lazy("Service"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("The scope has no service of this name.")},
    )

    def __init__(self, data: Any = None, *, offers: Offers, row: Model | None = None, **kwargs: Any) -> None:
        super().__init__(data, offers=offers, row=row, **kwargs)
        self._choose("phase_number", [(number, f"{number} {name}") for number, name in offers.phases])
        held = getattr(row, "service", "")
        services = [*offers.services, *([held] if held and held not in offers.services else [])]
        self._choose("service", [("", _("All of them")), *((name, name) for name in services)])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)  # noqa: S101 (for the type checker)
        found.choices = choices


class CostForm(_MoneyForm):
    """A line of cost."""

    field_order = ("title", "category")
    title = text_line(gettext_lazy("What is paid for"), needed=gettext_lazy("Say what is paid for."))
    category = pick(gettext_lazy("Category"), Category.choices)
    role = text_line(gettext_lazy("Role"), help_text=gettext_lazy("Whose days these are: “Process owners of phase 1”."))
    rhythm = pick(gettext_lazy("How often"), Rhythm.choices)
    first_month = MonthField(
        label=gettext_lazy("First month"), needed=gettext_lazy("Give the month in which it falls due.")
    )
    last_month = MonthField(label=gettext_lazy("Last month"))
    day_rate = AmountField(
        label=gettext_lazy("Rate of a day"),
        help_text=gettext_lazy("With a rate the three figures are days. Own people need one."),
    )
    source = text_line(
        gettext_lazy("Where the likely figure comes from"),
        help_text=gettext_lazy("An offer with its date, last year's accounts, a guess of somebody with a name."),
    )
    risk = forms.ChoiceField(
        label=gettext_lazy("Answers the risk"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("The register has no such risk.")},
    )

    def __init__(self, data: Any = None, *, offers: Offers, row: Model | None = None, **kwargs: Any) -> None:
        super().__init__(data, offers=offers, row=row, **kwargs)
        self._risks = {str(each.pk): each for each in offers.risks}
        held = getattr(row, "risk", None)
        if isinstance(held, Risk):
            self._risks.setdefault(str(held.pk), held)
            self.initial["risk"] = str(held.pk)
        self._choose("risk", [("", _("None")), *((key, str(risk)) for key, risk in self._risks.items())])
        self.fields["last_month"].help_text = _(
            "One-off: empty is all in the first month, else it is spread evenly. Again and again: empty is to the end "
            "of the horizon."
        )
        if offers.case.is_small:
            del self.fields["phase_number"]
        if not self._risks:
            del self.fields["risk"]
        if not offers.services:
            del self.fields["service"]

    def most_of(self, name: str, found: Mapping[str, Any]) -> Decimal:
        """With a day rate the three figures are days."""
        in_days = bool(found.get("day_rate")) and name != "day_rate"
        return checks.MOST_DAYS if in_days else super().most_of(name, found)

    @property
    def helper(self) -> FormHelper:
        """What, when, how much, and how it is known."""
        last = [name for name in ("service", "risk") if name in self.fields]
        return helper_of(
            "title",
            pair("category", "role"),
            part(
                _("When"),
                pair(
                    *(name for name in ("phase_number", "rhythm") if name in self.fields), "first_month", "last_month"
                ),
            ),
            part(
                _("How much, in %(currency)s or in days") % {"currency": self.offers.currency},
                triple("low", "likely", "high"),
                pair("day_rate"),
            ),
            "source",
            *([pair(*last)] if last else []),
        )

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        found = super().values()
        return {**found, "risk": self._risks.get(found.get("risk", "")), "service": found.get("service", "")}


class BenefitLineForm(_MoneyForm):
    """A benefit, in figures or in words."""

    party_field = "confirmed_by"
    title = text_line(gettext_lazy("What becomes better"), needed=gettext_lazy("Say what becomes better."))
    kind = pick(gettext_lazy("Kind"), [pair for pair in BenefitKind.choices if pair[0] != BenefitKind.RETURN])
    form = pick(gettext_lazy("How it is shown"), BenefitForm.choices, widget=forms.RadioSelect)
    description = text_area(gettext_lazy("How it comes about"), 2)
    from_month = MonthField(
        label=gettext_lazy("From month"), needed=gettext_lazy("Give the month from which it comes in.")
    )
    until_month = MonthField(
        label=gettext_lazy("Until month"), help_text=gettext_lazy("Empty: to the end of the horizon.")
    )
    ramp_months = WholeField(
        label=gettext_lazy("Months until it is whole"), help_text=gettext_lazy("It grows evenly. 0: whole at once.")
    )
    confidence = WholeField(
        label=gettext_lazy("Confidence, in percent"),
        help_text=gettext_lazy("So much of it counts: 100 signed, 80 agreed in writing, 50 tried out, 20 a guess."),
    )
    source = text_line(gettext_lazy("Where the likely figure comes from"))
    confirmed_by = PartyField(
        label=gettext_lazy("Who will confirm it"),
        help_text=gettext_lazy("Month by month, also after the project. The owner of the budget, where it is money."),
    )
    indicator = text_line(
        gettext_lazy("Seen by"),
        needed=gettext_lazy("Say by what it will be seen."),
        help_text=gettext_lazy("Something that is counted or asked."),
    )
    baseline = text_line(gettext_lazy("Today"), help_text=gettext_lazy("With its month: “3.1 in October 2026”."))
    target = text_line(gettext_lazy("Target"), help_text=gettext_lazy("With its month."))

    def __init__(self, data: Any = None, *, offers: Offers, row: Model | None = None, **kwargs: Any) -> None:
        super().__init__(data, offers=offers, row=row, **kwargs)
        if not offers.services:
            del self.fields["service"]
        # What the other form of a benefit needs, this one does not.
        if self.data.get("form") == BenefitForm.WORDS:
            self.fields["likely"].required = self.fields["from_month"].required = False
        elif self.data.get("form") == BenefitForm.FIGURES:
            self.fields["indicator"].required = False

    @property
    def helper(self) -> FormHelper:
        """What, then its figures or its indicator, then who vouches for it."""
        return helper_of(
            "title",
            pair("kind", "phase_number"),
            "form",
            part(
                _("How much a month, in %(currency)s") % {"currency": self.offers.currency},
                triple("low", "likely", "high"),
                pair("from_month", "until_month", "ramp_months", "confidence"),
                "source",
                css="cf-figures",
            ),
            part(_("How it will be seen"), "indicator", pair("baseline", "target"), css="cf-words"),
            "description",
            pair("confirmed_by", *(["service"] if "service" in self.fields else [])),
        )

    def values(self) -> dict[str, Any]:
        """What was filled in."""
        found = super().values()
        return {**found, "service": found.get("service", "")}


class AssumptionForm(LineForm):
    """An assumption or a constraint."""

    party_field = "owner"
    kind = pick(gettext_lazy("Kind"), AssumptionKind.choices, widget=forms.RadioSelect)
    text = text_area(
        gettext_lazy("What it says"),
        needed=gettext_lazy("Say what is assumed, or what cannot be chosen."),
        help_text=gettext_lazy("With a value: “A day of our people costs 420”."),
    )
    what_if = text_area(gettext_lazy("What happens where it is wrong, or overlooked"), 2)
    check_how = text_line(
        gettext_lazy("Checked how, and when"), help_text=gettext_lazy("An assumption counts once it says this.")
    )
    owner = PartyField(label=gettext_lazy("Who checks it"))

    @property
    def helper(self) -> FormHelper:
        """In the order in which one thinks of it."""
        return helper_of("kind", "text", "what_if", pair("check_how", "owner"))


class InterestedForm(LineForm):
    """An interested party."""

    name = text_line(gettext_lazy("Who"), needed=gettext_lazy("Say who it is."))
    interest = pick(gettext_lazy("Interest"), Grade.choices)
    influence = pick(gettext_lazy("Influence"), Grade.choices)
    wants = text_area(gettext_lazy("What they want, and what they fear"), 3)
    involvement = text_area(gettext_lazy("How they are involved"), 3)

    @property
    def helper(self) -> FormHelper:
        """In one column."""
        return helper_of("name", pair("interest", "influence"), "wants", "involvement")


class MeasureForm(LineForm):
    """How a cost or a benefit will be judged."""

    party_field = "owner"
    what = text_line(
        gettext_lazy("What is judged"),
        needed=gettext_lazy("Say what is judged."),
        help_text=gettext_lazy("A benefit or a cost of this case."),
    )
    how = text_area(gettext_lazy("How: source, sample, comparison"), 3)
    when = text_line(gettext_lazy("When"), help_text=gettext_lazy("“Each quarter, from April 2028”."))
    owner = PartyField(label=gettext_lazy("Who judges it"))

    @property
    def helper(self) -> FormHelper:
        """In one column."""
        return helper_of("what", "how", pair("when", "owner"))
