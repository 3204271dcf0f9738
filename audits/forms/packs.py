"""Forms about evidence packs."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.domain.pack_options import ALL, CONFIDENTIAL, CURRENT, INTERNAL, PUBLIC, PackOptions
from audits.pack_ask import checked_options
from phases.choices import PHASE_NAMES
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_titles
from projects.choices import Edition
from projects.forms.team import DayInput
from projects.models import Project

#: The names of an address that choose what goes in; more than one value each of the second.
SINGLE = ("edition", "as_of", "since", "until", "classification", "revisions")
MULTIPLE = ("clause", "component", "phase")


class PackForm(forms.Form):
    """What of a project goes into a pack."""

    edition = forms.ChoiceField(label=_("Edition"), choices=Edition.choices)
    clause = forms.MultipleChoiceField(
        label=_("Clauses"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("None: all. One takes those below it too."),
    )
    component = forms.MultipleChoiceField(
        label=_("Components"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    phase = forms.MultipleChoiceField(label=_("Phases"), required=False, widget=forms.CheckboxSelectMultiple)
    as_of = forms.DateField(
        label=_("As of"), required=False, widget=DayInput(), help_text=_("The end of this day. Empty: now.")
    )
    since = forms.DateField(label=_("Evidence from"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Evidence until"), required=False, widget=DayInput())
    classification = forms.ChoiceField(
        label=_("Up to which class"),
        choices=[
            (CONFIDENTIAL, _("All, with what is confidential")),
            (INTERNAL, _("Without what is confidential")),
            (PUBLIC, _("Public documents alone")),
        ],
    )
    revisions = forms.ChoiceField(
        label=_("Revisions of evidence"),
        choices=[(CURRENT, _("The one that counted")), (ALL, _("Earlier ones too"))],
    )

    def __init__(self, *args: Any, project: Project, edition: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        titles = clause_titles().get(edition, {})
        components = texts_for(project).components.values()
        self._offer("clause", [(number, f"{number} {title}") for number, title in titles.items()])
        self._offer("component", [(each.code, f"{each.code} {each.title}") for each in components])
        self._offer("phase", [(str(number), f"{number} {name}") for number, name in PHASE_NAMES.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices

    def options(self) -> PackOptions:
        """What was chosen. Raises RuleBroken."""
        said = self.cleaned_data
        return checked_options(
            self.project,
            edition=said["edition"],
            clauses=said["clause"],
            components=said["component"],
            phases=said["phase"],
            since=said["since"],
            until=said["until"],
            classification=said["classification"],
            revisions=said["revisions"],
        )

    def chosen_day(self) -> date | None:
        """The past day that was chosen."""
        found: date | None = self.cleaned_data["as_of"]
        return found


class CheckForm(forms.Form):
    """A pack that somebody wants to have checked."""

    pack = forms.FileField(label=_("Pack (ZIP)"), widget=forms.ClearableFileInput(attrs={"accept": ".zip"}))
    signature = forms.FileField(
        label=_("Signature (.p7s)"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".p7s"})
    )
