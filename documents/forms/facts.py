"""What a person says about a document beside its text."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.choices import Classification, Obligation
from documents.models import Document
from documents.services.begin import LONGEST_SUBJECT, LONGEST_TITLE, DocumentFacts
from phases.selectors.clauses import clause_titles
from projects.models import Party, Project

_BETWEEN = re.compile(r"[\s,;]+")


def listed(text: str) -> tuple[str, ...]:
    """Words typed with commas, semicolons or spaces between them, each once."""
    return tuple(dict.fromkeys(each for each in _BETWEEN.split(text) if each))


def _clauses(edition: str, text: str) -> tuple[str, ...]:
    numbers = listed(text)
    known = clause_titles().get(edition, {})
    unknown = [each for each in numbers if each not in known]
    if unknown:
        raise ValidationError(
            _("The edition of %(edition)s has no clause %(numbers)s.")
            % {"edition": edition, "numbers": ", ".join(unknown)[:120]}
        )
    return numbers


class FactsForm(forms.Form):
    """Title, owner, who may read it, how often it is reviewed, what it serves."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    subject = forms.CharField(label=gettext_lazy("What this one is about"), max_length=LONGEST_SUBJECT, required=False)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=Party.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody yet"),
        help_text=gettext_lazy("Keeps it true, and is reminded of its review."),
    )
    owner_role = forms.CharField(label=gettext_lazy("Role that owns it"), max_length=60, required=False)
    approver_role = forms.CharField(
        label=gettext_lazy("Role that approves it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Who exactly is asked is named when it is sent for review."),
    )
    classification = forms.ChoiceField(
        label=gettext_lazy("Who may read it"), choices=Classification.choices, widget=forms.RadioSelect
    )
    review_months = forms.IntegerField(
        label=gettext_lazy("Months between reviews"),
        min_value=1,
        max_value=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    phase_number = forms.TypedChoiceField(
        label=gettext_lazy("Phase that needs it"), choices=[(1, "1"), (2, "2"), (3, "3")], coerce=int
    )
    obligation = forms.ChoiceField(label=gettext_lazy("Obligation"), choices=Obligation.choices)
    clauses_2018 = forms.CharField(label=gettext_lazy("Clauses of 2018"), max_length=400, required=False)
    clauses_2011 = forms.CharField(label=gettext_lazy("Clauses of 2011"), max_length=400, required=False)
    refs = forms.CharField(
        label=gettext_lazy("Activities that it serves"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Their refs, as in CH.i MR.b.1. What is published becomes evidence of them."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = Party.objects.filter(project=project).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_clauses_2018(self) -> tuple[str, ...]:
        """Numbers that the edition of 2018 has."""
        return _clauses("2018", self.cleaned_data["clauses_2018"])

    def clean_clauses_2011(self) -> tuple[str, ...]:
        """Numbers that the edition of 2011 has."""
        return _clauses("2011", self.cleaned_data["clauses_2011"])

    def clean_refs(self) -> tuple[str, ...]:
        """Refs as they are written; whether the plan has them is for the service to say."""
        return listed(self.cleaned_data["refs"])

    def facts(self, document: Document) -> DocumentFacts:
        """What was said, as the services take it."""
        said = self.cleaned_data
        return DocumentFacts(**{name: said[name] for name in self.fields}, kind=document.kind)


def facts_of(document: Document) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "title": document.title,
        "subject": document.subject,
        "owner": document.owner_id,
        "owner_role": document.owner_role,
        "approver_role": document.approver_role,
        "classification": document.classification,
        "review_months": document.review_months,
        "phase_number": document.phase_number,
        "obligation": document.obligation,
        "clauses_2018": ", ".join(document.clauses_2018),
        "clauses_2011": ", ".join(document.clauses_2011),
        "refs": ", ".join(document.refs),
    }
