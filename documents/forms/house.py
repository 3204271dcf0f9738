"""What an organization says about its papers and its templates."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.paper.style import LOGO_MOST_BYTES, Accent, Typeface
from documents.choices import Classification, DocumentKind, Obligation, Several
from documents.library import Template
from documents.services.bodies import MOST_CHARACTERS
from documents.services.house import LONGEST_FOOTER, LONGEST_HEADER, StyleIn

_CLAUSE = re.compile(r"\d+(?:\.\d+)*")


class HouseStyleForm(forms.Form):
    """Logo, colour, fonts, a line in head and foot."""

    accent = forms.ChoiceField(label=_("Colour"), choices=Accent.choices, widget=forms.RadioSelect)
    typeface = forms.ChoiceField(label=_("Fonts"), choices=Typeface.choices, widget=forms.RadioSelect)
    header = forms.CharField(
        label=_("Line in the head"),
        required=False,
        max_length=LONGEST_HEADER,
        help_text=_("Under the title, on every page. 80 characters at most."),
    )
    footer = forms.CharField(
        label=_("Line in the foot"),
        required=False,
        max_length=LONGEST_FOOTER,
        help_text=_("Such as the register number of the company. 120 characters at most."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        allow_empty_file=True,
        help_text=_("PNG or JPEG up to 1 MB. It takes the place of the name at the head of the first page."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
    drop_logo = forms.BooleanField(label=_("Print the name instead of the logo"), required=False)

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_logo:
            del self.fields["drop_logo"]

    def style(self) -> StyleIn:
        """What was chosen, as the service takes it."""
        given = self.cleaned_data
        logo: bytes | None = b"" if given.get("drop_logo") else None
        if given["logo"] is not None:
            # One byte more than it may have: the check says what is wrong with it.
            logo = given["logo"].read(LOGO_MOST_BYTES + 1) or b"\0"
        return StyleIn(given["accent"], given["typeface"], given["header"], given["footer"], logo)


class OwnTemplateForm(forms.Form):
    """The facts of a template, and what it says."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        help_text=_("One sentence, for whoever chooses between templates."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices, initial=DocumentKind.PROCEDURE)
    several = forms.ChoiceField(
        label=_("How many a project has"), required=False, choices=[("", _("one")), *Several.choices]
    )
    obligation = forms.ChoiceField(
        label=_("Asked for by"),
        choices=[(Obligation.REQUIRED, _("The standard")), (Obligation.PRACTICE, _("Good practice, or ourselves"))],
        initial=Obligation.PRACTICE,
    )
    clauses_2018 = forms.CharField(
        label=_("Clauses 2018"), required=False, max_length=300, help_text=_("Such as 7.5.2, 8.6.1.")
    )
    clauses_2011 = forms.CharField(label=_("Clauses 2011"), required=False, max_length=300)
    activities = forms.CharField(
        label=_("Serves"), required=False, max_length=2000, help_text=_("Activities, such as CH.i MR.b.1.")
    )
    owner_role = forms.CharField(label=_("Owned by"), max_length=60, initial=_("process owner"))
    approver_role = forms.CharField(label=_("Approved by"), max_length=60, initial=_("top management"))
    classification = forms.ChoiceField(
        label=_("Who may read it"), choices=Classification.choices, initial=Classification.INTERNAL
    )
    review_months = forms.IntegerField(label=_("Review every (months)"), min_value=1, max_value=60, initial=12)
    phase = forms.TypedChoiceField(
        label=_("First needed in phase"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3)], initial=1
    )
    body = forms.CharField(
        label=_("What it says"),
        max_length=MOST_CHARACTERS,
        strip=False,
        help_text=_(
            "Markdown, headings from ## on. Places to fill stand in double brackets: [[organization]], [[owner]], "
            "[[ask: a question]], [[table: roles]]."
        ),
        widget=forms.Textarea(attrs={"rows": 24}),
    )

    def clean_clauses_2018(self) -> list[str]:
        """Numbers of clauses."""
        return self._clauses("clauses_2018")

    def clean_clauses_2011(self) -> list[str]:
        """Numbers of clauses."""
        return self._clauses("clauses_2011")

    def clean_activities(self) -> list[str]:
        """Refs of activities."""
        return _parts(self.cleaned_data["activities"])

    def _clauses(self, name: str) -> list[str]:
        found = _parts(self.cleaned_data[name])
        for each in found:
            if not _CLAUSE.fullmatch(each):
                raise forms.ValidationError(_("%(part)s is no number of a clause.") % {"part": each[:20]})
        return found

    def front(self) -> dict[str, Any]:
        """The facts, as in the files of the library."""
        return {name: value for name, value in self.cleaned_data.items() if name != "body"}


def initial_of(template: Template) -> dict[str, Any]:
    """`template` as the form shows it."""
    lists = ("clauses_2018", "clauses_2011", "activities")
    names = [name for name in OwnTemplateForm.base_fields if name not in lists]
    return {
        **{name: getattr(template, name) for name in names},
        **{name: ", ".join(getattr(template, name)) for name in lists},
    }


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))
