"""What people fill in around a version: who decides until when, what an approver says, what became of conditions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from businesscase.choices import Verdict
from businesscase.services.approval_checks import ConditionWish
from common.numbers_in import UnclearNumber, parse_decimal

CONDITION_ROWS = 4
LONGEST_CONDITION = 300
LONGEST_NOTE = 2000
LONGEST_COMMENT = 4000


def date_input(**attrs: str) -> forms.DateInput:
    """A day, as browsers offer it."""
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class PeopleField(forms.MultipleChoiceField):
    """Some of the people who are offered, as check boxes."""

    widget = forms.CheckboxSelectMultiple


class SubmitForm(forms.Form):
    """Hand a draft to its approvers. `seen` is the hash of the draft that the person saw."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    approvers = PeopleField(
        label=gettext_lazy("Who decides"),
        help_text=gettext_lazy("All of them must approve. One who rejects or asks for changes ends it."),
        error_messages={"required": gettext_lazy("Name at least one person who decides.")},
    )
    decide_by = forms.DateField(
        label=gettext_lazy("Decide by"),
        widget=date_input(),
        help_text=gettext_lazy("Nothing happens by itself on this day; it is what you ask for."),
        error_messages={"required": gettext_lazy("Say by when it is to be decided.")},
    )
    note = forms.CharField(
        label=gettext_lazy("To those who decide"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What you ask for in one or two sentences. It stands first on their page and in the mail."
        ),
    )
    although_incomplete = forms.BooleanField(
        label=gettext_lazy("Submit it although points are missing; the approvers see which"), required=False
    )

    def __init__(
        self, data: Any = None, *, people: Sequence[User], roles: Mapping[int, str], incomplete: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(each.pk): each for each in people}
        offered = self.fields["approvers"]
        assert isinstance(offered, PeopleField)  # noqa: S101 (for the type checker)
        owner = _("Owner of the organization")
        offered.choices = [(key, f"{each}, {roles.get(each.pk, owner)}") for key, each in self.people.items()]
        offered.error_messages["invalid_choice"] = _("Somebody of these cannot approve in this project any more.")
        if not incomplete:
            del self.fields["although_incomplete"]

    def chosen(self) -> list[User]:
        """The people who were chosen."""
        return [self.people[key] for key in self.cleaned_data["approvers"]]


class DecideForm(forms.Form):
    """One approver's word. `seen` is the hash of the version that the person saw."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("I decide"),
        choices=[
            (Verdict.APPROVE, gettext_lazy("Approve")),
            (Verdict.CONDITIONS, gettext_lazy("Approve with conditions")),
            (Verdict.CHANGES, gettext_lazy("Ask for changes")),
            (Verdict.REJECT, gettext_lazy("Reject")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you decide.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed where you ask for changes or reject. It is kept with the version."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(CONDITION_ROWS):
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Condition %(number)d") % {"number": number + 1},
                required=False,
                max_length=LONGEST_CONDITION,
                # The blank lets the style sheet tell whether the row is filled: the next one shows then.
                widget=forms.TextInput(attrs={"placeholder": " "}),
            )
            self.fields[f"due_{number}"] = forms.DateField(label=_("Until"), required=False, widget=date_input())

    @property
    def condition_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each condition: its words, its day."""
        for number in range(CONDITION_ROWS):
            yield self[f"text_{number}"], self[f"due_{number}"]

    def clean(self) -> dict[str, Any]:
        """Refuse a condition that would get lost."""
        values = super().clean() or self.cleaned_data
        verdict = values.get("verdict")
        if verdict and verdict != Verdict.CONDITIONS and self.conditions():
            self.add_error(
                "verdict",
                _("You wrote a condition. Choose “Approve with conditions”, or empty the condition."),
            )
        return values

    def conditions(self) -> list[ConditionWish]:
        """The conditions that were written, those with a day alone too."""
        values = self.cleaned_data
        rows = [(values.get(f"text_{number}", ""), values.get(f"due_{number}")) for number in range(CONDITION_ROWS)]
        return [ConditionWish(text, due) for text, due in rows if text or due]


class ReplaceForm(forms.Form):
    """Somebody else instead of an approver who left or cannot decide."""

    gone = forms.IntegerField(widget=forms.HiddenInput)
    instead = forms.ChoiceField(
        label=gettext_lazy("Ask instead"), error_messages={"required": gettext_lazy("Choose who decides instead.")}
    )

    def __init__(self, data: Any = None, *, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(each.pk): each for each in people}
        offered = self.fields["instead"]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101 (for the type checker)
        offered.choices = [("", _("Choose somebody")), *((key, str(each)) for key, each in self.people.items())]
        offered.error_messages["invalid_choice"] = _("This person cannot approve in this project any more.")


class MetForm(forms.Form):
    """Since when a condition is met, and by what."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    met_on = forms.DateField(
        label=gettext_lazy("Met on"),
        widget=date_input(),
        error_messages={"required": gettext_lazy("Give the day since when it is met.")},
    )
    note = forms.CharField(
        label=gettext_lazy("By what"),
        max_length=LONGEST_CONDITION,
        help_text=gettext_lazy("The record that shows it: a report, a contract, minutes."),
        error_messages={"required": gettext_lazy("Say by what it is met.")},
    )


class ReleaseForm(forms.Form):
    """Money for a phase. `seen` is how many releases there were when the form was filled."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    phase = forms.TypedChoiceField(
        label=gettext_lazy("Phase"), coerce=int, error_messages={"required": gettext_lazy("Choose a phase.")}
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": gettext_lazy("Give the amount that is released.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_CONDITION,
        help_text=gettext_lazy("What it is for, or what it depends on."),
    )

    def __init__(self, data: Any = None, *, phases: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offered = self.fields["phase"]
        assert isinstance(offered, forms.TypedChoiceField)  # noqa: S101 (for the type checker)
        offered.choices = list(phases)

    def clean_amount(self) -> Any:
        """The amount as a number."""
        try:
            return parse_decimal(self.cleaned_data["amount"])
        except UnclearNumber as error:
            raise forms.ValidationError(str(error)) from error
