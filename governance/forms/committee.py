"""What people say of the committee of a project."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from documents.models import Document
from governance.models import Committee
from governance.services.committee import LARGEST_QUORUM, LONGEST_NAME, LONGEST_TEXT, CommitteeFacts


def _text(label: Any, help_text: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        error_messages={
            "required": gettext_lazy("Give a day."),
            "invalid": gettext_lazy("Give a day that exists, as YYYY-MM-DD."),
        },
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CommitteeForm(forms.Form):
    """The committee itself, the same in all projects that it oversees."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    purpose = _text(
        gettext_lazy("What it is for"),
        gettext_lazy("One or two sentences: what goes wrong where nobody answers for the whole."),
    )
    authorities = _text(
        gettext_lazy("What it may decide"),
        gettext_lazy("Gates, money up to an amount, people, scope; and what it has to take to somebody else."),
    )
    responsibilities = _text(
        gettext_lazy("What it answers for"),
        gettext_lazy("What others may expect of it: meets once a month, answers within ten days, removes obstacles."),
    )
    quorum = forms.IntegerField(
        label=gettext_lazy("Quorum"),
        required=False,
        min_value=1,
        max_value=LARGEST_QUORUM,
        help_text=gettext_lazy("How many members must take part in a vote. Left empty: no number is asked for."),
    )

    def facts(self) -> CommitteeFacts:
        """What was said, as the services take it."""
        return CommitteeFacts(**{name: self.cleaned_data[name] for name in CommitteeForm.base_fields})


class NewCommitteeForm(CommitteeForm):
    """A committee that is set up, and when its terms were agreed."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        initial=gettext_lazy("Steering committee"),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )
    agreed_on = day_field(
        gettext_lazy("Terms agreed on"),
        help_text=gettext_lazy("The day when every member had said yes. It should lie before the work begins."),
    )


class JoinForm(forms.Form):
    """Another committee of the organization that shall oversee this project."""

    committee = forms.ModelChoiceField(
        label=gettext_lazy("Committee"), queryset=Committee.objects.none(), empty_label=None
    )
    agreed_on = day_field(gettext_lazy("Terms agreed on"))
    why = forms.CharField(label=gettext_lazy("Why another committee"), max_length=300, required=False)

    def __init__(self, *args: Any, choices: Any, moves: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = choices  # type: ignore[attr-defined]  # a ModelChoiceField
        if not moves:
            del self.fields["why"]


class TermsForm(forms.Form):
    """When the terms were agreed for this project, and where they stand."""

    agreed_on = day_field(gettext_lazy("Agreed on"))
    terms = forms.ModelChoiceField(
        label=gettext_lazy("Document"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=gettext_lazy("No document"),
        help_text=gettext_lazy("A document of this project, under control: begin one from the template."),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terms"].queryset = documents  # type: ignore[attr-defined]  # a ModelChoiceField


class SuccessorForm(forms.Form):
    """The group that takes over when the project ends."""

    successor = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Name the group that takes over.")},
    )
    tasks = _text(
        gettext_lazy("Its tasks"),
        gettext_lazy("What goes on for good: management reviews, audits, improvements, money of the system."),
    )
    from_day = day_field(gettext_lazy("From"))
