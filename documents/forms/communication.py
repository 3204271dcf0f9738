"""What people say of a line of the communication and training plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from documents.choices import Effect, LineKind
from documents.services.communication import LONGEST_RHYTHM, LineFacts
from phases.choices import PHASE_NAMES
from projects.models import Party, Project


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LineForm(forms.Form):
    """What a line says."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=LineKind.choices)
    phase_number = forms.TypedChoiceField(
        label=gettext_lazy("Phase"), coerce=int, choices=[(n, f"{n} {name}") for n, name in PHASE_NAMES.items()]
    )
    audience = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=160,
        help_text=gettext_lazy("A group that you could invite: engineers on call, contacts at the customers."),
    )
    message = forms.CharField(
        label=gettext_lazy("What they are to know, or to be able to do"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    channel = forms.CharField(label=gettext_lazy("How it reaches them"), max_length=200, required=False)
    sender = forms.ModelChoiceField(
        label=gettext_lazy("From whom"), queryset=Party.objects.none(), required=False, empty_label="–"
    )
    sender_role = forms.CharField(label=gettext_lazy("or in which role"), max_length=60, required=False)
    due = _day(gettext_lazy("Next on"))
    every_months = forms.IntegerField(
        label=gettext_lazy("Again after months"),
        min_value=0,
        max_value=LONGEST_RHYTHM,
        required=False,
        help_text=gettext_lazy("0 or empty: once, or whenever its occasion comes."),
    )
    timing = forms.CharField(
        label=gettext_lazy("When, in words"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("A week before the rules hold; within two hours of a major incident."),
    )
    hours = forms.IntegerField(label=gettext_lazy("Hours for each person"), min_value=0, max_value=999, required=False)
    check_how = forms.CharField(
        label=gettext_lazy("How you learn whether it arrived"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Something to count or to hear: five people asked in the corridor, ten records read."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sender = self.fields["sender"]
        sender.queryset = Party.objects.filter(project=project).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField

    def facts(self) -> LineFacts:
        """What was said, as the services take it."""
        values = {name: self.cleaned_data[name] for name in self.fields}
        return LineFacts(**{**values, "every_months": values["every_months"] or 0, "hours": values["hours"] or 0})


class DoneForm(forms.Form):
    """It was done: when, how, and when somebody looks."""

    done_on = _day(gettext_lazy("Done on"), required=True)
    note = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("How many were there, what they asked, who missed it."),
    )
    check_on = _day(
        gettext_lazy("Look whether it arrived on"), help_text=gettext_lazy("Left empty: four weeks after it was done.")
    )


class CheckForm(forms.Form):
    """Whether it arrived."""

    effect = forms.ChoiceField(label=gettext_lazy("Did it arrive?"), choices=Effect.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("How many out of how many. If it did not arrive: what you try next."),
    )
