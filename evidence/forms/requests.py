"""What a person asks for, and of whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from evidence.services.requests import LONGEST
from phases.models import ProjectActivity
from projects.models import Party, Project


class AskForm(forms.Form):
    """What is to be shown, by whom, for which activity, by when."""

    text = forms.CharField(
        label=gettext_lazy("What is to be shown"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("So that it can be given in one go: ten change records of May, each with its approval."),
        error_messages={"required": gettext_lazy("Say what is to be shown.")},
    )
    asked_of = forms.ModelChoiceField(
        label=gettext_lazy("Who gives it"),
        queryset=Party.objects.none(),
        empty_label=gettext_lazy("Choose somebody"),
        error_messages={
            "required": gettext_lazy("Say who is to give it."),
            "invalid_choice": gettext_lazy("This person is no longer with the project. Choose somebody else."),
        },
    )
    due = forms.DateField(
        label=gettext_lazy("By"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Give a day from today on.")},
    )
    ref = forms.CharField(
        label=gettext_lazy("For the activity"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("Such as CH.i. What is given proves it from then on."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        asked_of = self.fields["asked_of"]
        people = Party.objects.filter(project=project, is_active=True).select_related("user").order_by("name")
        asked_of.queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        self.activity: ProjectActivity | None = None

    def clean_ref(self) -> str:
        """The ref of an activity of the project, kept as `activity`."""
        ref: str = self.cleaned_data["ref"].strip()
        if ref:
            self.activity = ProjectActivity.objects.filter(project=self.project, ref=ref).first()
            if self.activity is None:
                raise forms.ValidationError(gettext_lazy("The plan has no activity %(ref)s.") % {"ref": ref})
        return ref
