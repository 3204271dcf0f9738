"""What a person says about evidence, and what they send."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.choices import Classification
from evidence.services.items import LONGEST_TEXT, LONGEST_TITLE, Facts
from projects.models import Party, Project


def refs_of(text: str) -> tuple[str, ...]:
    """Refs of activities, typed with commas, semicolons or spaces between them."""
    return tuple(dict.fromkeys(part for part in text.replace(",", " ").replace(";", " ").split() if part))


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FactsForm(forms.Form):
    """Title, what it shows, who owns it, its days."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=gettext_lazy("Left empty, it is called after the file."),
    )
    shows = forms.CharField(
        label=gettext_lazy("What it shows"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One sentence for somebody who was not there: ten change records of May, each approved."
        ),
    )
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=Party.objects.none(), required=False)
    collected_on = _day(gettext_lazy("Collected on"))
    covers_from = _day(gettext_lazy("Covers from"), gettext_lazy("The time that the records in it are about."))
    covers_until = _day(gettext_lazy("to"))
    valid_until = _day(gettext_lazy("Valid until"), gettext_lazy("You are reminded thirty days before."))
    classification = forms.ChoiceField(
        label=gettext_lazy("Who may see it"), choices=Classification.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = Party.objects.filter(project=project).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField

    def facts(self, refs: tuple[str, ...] = ()) -> Facts:
        """What was said, as the services take it."""
        names = (
            "title",
            "shows",
            "owner",
            "collected_on",
            "covers_from",
            "covers_until",
            "valid_until",
            "classification",
        )
        return Facts(**{name: self.cleaned_data[name] for name in names}, refs=refs)


class ManyFiles(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class AddForm(FactsForm):
    """A file, several files, or a link; for activities."""

    url = forms.CharField(
        label=gettext_lazy("Or a link"),
        required=False,
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("A page changes and is gone one day: say below what you saw there today."),
    )
    seen_note = forms.CharField(
        label=gettext_lazy("What you saw there"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    refs = forms.CharField(
        label=gettext_lazy("Proves"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Activities, such as CH.i MR.b.1. You can link it to more later."),
    )

    request = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    field_order = ("url", "seen_note", "title", "refs", "shows")

    def clean_refs(self) -> tuple[str, ...]:
        """The refs, one by one."""
        return refs_of(self.cleaned_data["refs"])


class ReviseForm(forms.Form):
    """A newer file or what a link shows by now, and why."""

    url = forms.CharField(label=gettext_lazy("Link"), required=False, max_length=1000)
    seen_note = forms.CharField(
        label=gettext_lazy("What you saw there"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    why = forms.CharField(
        label=gettext_lazy("Why there is a newer one"),
        max_length=300,
        error_messages={"required": _("Say why there is a newer one: an auditor will ask.")},
    )
