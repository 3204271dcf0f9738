"""What a person says when a document is begun."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.choices import Classification, DocumentKind, Several
from documents.services.begin import LONGEST_SUBJECT, LONGEST_TITLE, DocumentFacts
from evidence.forms.items import refs_of
from projects.models import Party, Project

_ABOUT = {
    Several.PROCESS: _("Which process"),
    Several.SERVICE: _("Which service"),
    Several.CUSTOMER: _("Which customer"),
    Several.SUPPLIER: _("Which supplier"),
    Several.PLAN: _("Which plan"),
    Several.RELEASE: _("Which release"),
}


def _owner() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Owner"),
        queryset=Party.objects.none(),
        required=False,
        help_text=_("Who keeps it up and is reminded of its review. Can be named later."),
    )


class _OfProject(forms.Form):
    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Party.objects.filter(project=project, is_active=True).order_by("name")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField


class FromTemplateForm(_OfProject):
    """Who owns it; and which one it is, where there is one for each of several."""

    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    owner = _owner()

    def __init__(self, *args: Any, several: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if several:
            self.fields["subject"].label = _ABOUT[Several(several)]
        else:
            del self.fields["subject"]


class NewDocumentForm(_OfProject):
    """A document of one's own."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[each for each in DocumentKind.choices if each[0] != DocumentKind.RECORD],
        initial=DocumentKind.PROCEDURE,
        help_text=_("The number begins with it, and it stays."),
    )
    owner = _owner()
    classification = forms.ChoiceField(
        label=_("Who may read it"),
        choices=Classification.choices,
        initial=Classification.INTERNAL,
        widget=forms.RadioSelect,
    )
    review_months = forms.IntegerField(label=_("Review every (months)"), min_value=1, max_value=60, initial=12)
    refs = forms.CharField(
        label=_("Serves"),
        required=False,
        max_length=2000,
        help_text=_("Activities, such as CH.i MR.b.1."),
    )

    start = forms.ChoiceField(
        label=_("Begin with"),
        choices=[("empty", _("An empty page")), ("file", _("A file I have: Word, Markdown or PDF"))],
        initial="empty",
        required=False,
        widget=forms.RadioSelect,
    )

    def facts(self) -> DocumentFacts:
        """What was said, as the service takes it."""
        given = self.cleaned_data
        return DocumentFacts(
            title=given["title"],
            kind=given["kind"],
            owner=given["owner"],
            classification=given["classification"],
            review_months=given["review_months"],
            refs=refs_of(given["refs"]),
        )
