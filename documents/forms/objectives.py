"""What a person says of an objective, and of its months."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.numbers_in import UnclearNumber, parse_decimal
from documents.choices import Direction
from documents.forms.facts import listed
from documents.models import Objective, ObjectiveValue
from documents.services.objectives import MonthValue, ObjectiveFacts
from projects.models import Party, Project


def plain(number: Decimal | None) -> str:
    """`number` as people write it: 90 and not 90.00; "" for none."""
    return "" if number is None else f"{number.normalize():f}"


class NumberField(forms.CharField):
    """A number as people type it, with comma or point."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(
            required=required, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        """The number; None where nothing is typed."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_decimal(typed)
        except UnclearNumber as error:
            raise forms.ValidationError(str(error)) from error


class ObjectiveForm(forms.Form):
    """What is to be reached, how it is measured, until when, who answers for it."""

    title = forms.CharField(
        label=gettext_lazy("What is to be reached"),
        max_length=200,
        help_text=gettext_lazy("In words that a customer would understand."),
        error_messages={"required": gettext_lazy("Say what is to be reached.")},
    )
    measure = forms.CharField(
        label=gettext_lazy("How it is measured"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The formula in words: what is counted, out of what."),
        error_messages={"required": gettext_lazy("Say how it is measured.")},
    )
    direction = forms.ChoiceField(label=gettext_lazy("It is reached with"), choices=Direction.choices)
    target = NumberField(
        label=gettext_lazy("Target"),
        required=True,
        error_messages={"required": gettext_lazy("Give the target, a number.")},
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"), max_length=40, required=False, help_text=gettext_lazy("Such as % or hours.")
    )
    target_on = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Say until when."), "invalid": gettext_lazy("Give a day.")},
    )
    baseline = NumberField(
        label=gettext_lazy("Value at the start"),
        help_text=gettext_lazy("With it, a month counts as on its way when it lies on the straight way to the target."),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=Party.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        help_text=gettext_lazy("Who writes its values every month and answers for them."),
        error_messages={"invalid_choice": gettext_lazy("This person is no longer with the project.")},
    )

    policy = forms.ChoiceField(
        label=gettext_lazy("Policy that it follows from"),
        required=False,
        help_text=gettext_lazy("What top management promised, and this makes measurable."),
        error_messages={"invalid_choice": gettext_lazy("This document is not there any more. Choose another one.")},
    )
    refs = forms.CharField(
        label=gettext_lazy("Activities that it serves"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Their refs, as in IN.a IN.b."),
    )
    clauses = forms.CharField(
        label=gettext_lazy("Clauses that it serves"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Of the edition of the project, as in 8.6.1."),
    )

    def __init__(
        self,
        *args: Any,
        project: Project,
        policies: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["policy"]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101 (for the type checker)
        offered.choices = [("", _("None in particular")), *policies]
        people = Party.objects.filter(project=project, is_active=True).select_related("user").order_by("name")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_refs(self) -> tuple[str, ...]:
        """Refs as they are written; whether the plan has them is for the service to say."""
        return listed(self.cleaned_data["refs"])

    def clean_clauses(self) -> tuple[str, ...]:
        """Numbers as they are written; whether the edition has them is for the service to say."""
        return listed(self.cleaned_data["clauses"])

    def facts(self) -> ObjectiveFacts:
        """What was said, as the services take it."""
        return ObjectiveFacts(**{name: self.cleaned_data[name] for name in self.fields})


def values_of(objective: Objective) -> dict[str, Any]:
    """What a form to change `objective` begins with."""
    return {
        "title": objective.title,
        "measure": objective.measure,
        "direction": objective.direction,
        "target": plain(objective.target),
        "unit": objective.unit,
        "target_on": objective.target_on,
        "baseline": plain(objective.baseline),
        "owner": objective.owner_id,
        "policy": objective.policy,
        "refs": ", ".join(objective.refs),
        "clauses": ", ".join(objective.clauses),
    }


class MonthsForm(forms.Form):
    """The value and a note of each of some months, with the version that each was filled from."""

    def __init__(
        self, *args: Any, months: Sequence[date], there: Mapping[date, ObjectiveValue], unit: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.months = months
        self.there = there
        for month in months:
            stem, found = f"{month:%Y-%m}", there.get(month)
            name = dateformat.format(month, "F Y")
            self.fields[f"value-{stem}"] = NumberField(
                label=_("Value of %(month)s") % {"month": name}, initial=plain(found.value) if found else ""
            )
            self.fields[f"note-{stem}"] = forms.CharField(
                label=_("Note on %(month)s") % {"month": name},
                required=False,
                max_length=300,
                initial=found.note if found else "",
            )
            self.fields[f"seen-{stem}"] = forms.IntegerField(
                widget=forms.HiddenInput,
                min_value=0,
                max_value=10**6,
                initial=found.version if found else 0,
                error_messages={"required": _("Reload the page: it does not say what it was filled from.")},
            )

    def rows(self) -> list[dict[str, Any]]:
        """One line for each month, newest first: its fields, and what stands there where that is not what was seen."""
        made = []
        for month in reversed(self.months):
            stem, found = f"{month:%Y-%m}", self.there.get(month)
            seen = self[f"seen-{stem}"]
            stale = self.is_bound and str(seen.value()) != str(found.version if found else 0)
            made.append(
                {
                    "month": month,
                    "value": self[f"value-{stem}"],
                    "note": self[f"note-{stem}"],
                    "seen": seen,
                    "seen_name": seen.html_name,
                    "version": found.version if found else 0,
                    "now": (plain(found.value) if found else _("nothing")) if stale else "",
                    "by": found.said_by if found and stale else None,
                }
            )
        return made

    def said(self) -> list[MonthValue]:
        """What was said of each month."""
        clean = self.cleaned_data
        return [
            MonthValue(month, clean[f"value-{stem}"], clean[f"note-{stem}"], clean[f"seen-{stem}"])
            for month in self.months
            for stem in [f"{month:%Y-%m}"]
        ]
