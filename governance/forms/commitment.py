"""The words of top management on one point of its commitment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.services.commitment import LONGEST


class WordsForm(forms.Form):
    """How the people at the top keep to a point."""

    point = forms.CharField(widget=forms.HiddenInput, max_length=20)
    words = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you do yourself, how often, and what came of it last. Two or three sentences."),
        error_messages={"required": _("Say in a sentence or two what you do about it yourself.")},
    )
