"""The settings of a project."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.choices import Edition
from projects.domain import scope_sentence
from projects.forms.fields import currency_field
from projects.forms.scope import ScopeForm, parts_of
from projects.models import Project
from projects.services.projects import ProjectChange


class SettingsForm(ScopeForm):
    """Name, scope, edition and currency; a change of the edition is confirmed."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the project a name.")},
    )
    edition = forms.ChoiceField(
        label=gettext_lazy("Edition of ISO/IEC 20000-1"),
        choices=Edition.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose an edition."),
            "invalid_choice": gettext_lazy("There is no such edition."),
        },
    )
    change_edition = forms.BooleanField(label=gettext_lazy("Yes, change the edition"), required=False)
    currency = currency_field()

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The checks of the scope, and the word for another edition."""
        answers = super().clean()
        if answers.get("edition", self.project.edition) != self.project.edition and not answers.get("change_edition"):
            self.add_error("change_edition", _("Tick this to change the edition, or choose the old one again."))
        return answers

    def as_change(self) -> ProjectChange:
        """A valid form, as the service wants it."""
        answers = self.cleaned_data
        return ProjectChange(
            name=answers["name"],
            scope_statement=self.final_statement,
            services=tuple(answers["services"]),
            delivered_by=answers["delivered_by"],
            locations=tuple(answers["locations"]),
            customers=tuple(answers["customers"]),
            left_out=tuple(answers["left_out"]),
            other_parties=answers["other_parties"],
            edition=answers["edition"],
            currency=answers["currency"],
        )


def initial_settings(project: Project) -> dict[str, Any]:
    """What the form shows of `project` at first. A statement that is not the formed sentence is one's own words."""
    values: dict[str, Any] = {
        name: getattr(project, name)
        for name in (
            "name",
            "services",
            "delivered_by",
            "locations",
            "customers",
            "left_out",
            "other_parties",
            "edition",
            "currency",
        )
    }
    own = not project.scope_is_missing and project.scope_statement != scope_sentence(parts_of(values))
    values["own_words"] = "on" if own else ""
    values["statement"] = project.scope_statement if own else ""
    return values
