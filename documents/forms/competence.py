"""What people say of competences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from documents.models import Competence
from documents.services.competence import Judgement

_LEVELS = {
    0: gettext_lazy("Not there yet"),
    1: gettext_lazy("Knows what it is"),
    2: gettext_lazy("Does it with help"),
    3: gettext_lazy("Does it alone"),
    4: gettext_lazy("Handles the hard case and teaches it"),
}


def level_words(competence: Competence) -> list[tuple[int, str]]:
    """What each level looks like for this competence, else in general."""
    return [(level, str(competence.levels.get(str(level)) or words)) for level, words in _LEVELS.items()]


class JudgeForm(forms.Form):
    """The level of a person, and how it was judged."""

    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, widget=forms.RadioSelect)
    how = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Work that you watched, ten records that you read, a test. A certificate alone says little."
        ),
    )
    judged_on = forms.DateField(
        label=gettext_lazy("Judged on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    plan = forms.CharField(
        label=gettext_lazy("What closes the gap"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One way: a course, pairing, hiring, or somebody else for this part."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("The key of a record that shows it, such as E-0012."),
    )

    def __init__(self, *args: Any, competence: Competence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (level, f"{level}  {words}") for level, words in level_words(competence)
        ]

    def judgement(self) -> Judgement:
        """What was said, as the services take it."""
        return Judgement(**{name: self.cleaned_data[name] for name in self.fields})


class CompetenceForm(forms.Form):
    """A competence of the project's own."""

    name = forms.CharField(
        label=gettext_lazy("What people must be able to do"),
        max_length=120,
        help_text=gettext_lazy("A verb and a thing: restores a server from the backup."),
    )
    level_3 = forms.CharField(
        label=gettext_lazy("What it looks like when somebody does it alone"), max_length=300, required=False
    )


class NeedForm(forms.Form):
    """The level that a role needs."""

    role = forms.CharField(label=gettext_lazy("Role"), max_length=60)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        coerce=int,
        choices=[(0, gettext_lazy("0, not needed")), *((n, str(n)) for n in (1, 2, 3, 4))],
    )
    seen = forms.IntegerField(min_value=0, max_value=4, widget=forms.HiddenInput)
