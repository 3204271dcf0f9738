"""The file of amounts, and in which words its cells are refused."""

from django import forms
from django.utils.translation import gettext_lazy

from common.marked_rows import BadCell
from phases.forms.file_import import FileForm, why_unread


class CostFileForm(FileForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=400,
        allow_empty_file=True,  # the reader of the file says so in its own words
        help_text=gettext_lazy("XLSX, or CSV in UTF-8 with comma, semicolon or tab. 2,000 rows and 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


def why(bad: BadCell) -> str:
    """What is wrong with a cell, and what to do about it."""
    return why_unread(bad)
