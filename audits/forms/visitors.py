"""Forms about auditors from outside."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.team import DayInput
from projects.models import Project


class EndForm(forms.Form):
    """The last day of an auditor's access."""

    valid_until = forms.DateField(
        label=_("Last day of access"), required=True, widget=DayInput(), help_text=_("At most a year from today.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class AuditorForm(forms.Form):
    """Who is to audit which projects, and until when."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("The invitation is for this address alone: whoever forwards it gives nothing away."),
    )
    projects = forms.MultipleChoiceField(label=_("Projects"), widget=forms.CheckboxSelectMultiple)
    valid_until = forms.DateField(
        label=_("Last day of access"), widget=DayInput(), help_text=_("At most a year from today. It can be moved.")
    )

    def __init__(self, *args: Any, offered: Sequence[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {project.slug: project for project in offered}
        field = self.fields["projects"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(project.slug, project.name) for project in offered]

    def chosen(self) -> list[Project]:
        """The projects that were ticked."""
        return [self.offered[slug] for slug in self.cleaned_data["projects"]]
