"""Leaving the supplement out."""

from django import forms
from django.utils.translation import gettext_lazy

from phases.services.reasons import LONGEST_REASON


class DeclineForm(forms.Form):
    """Why the supplement is not part of the plan. The service judges the words."""

    supplement_reason = forms.CharField(
        label=gettext_lazy("Why it stays out"),
        error_messages={"required": gettext_lazy("Say why in a line. An auditor will read it.")},
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("An auditor will read it: “Covered by our ISO 9001 system, register R-12”."),
    )
