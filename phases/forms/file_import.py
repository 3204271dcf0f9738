"""The file in which rows come back, and the words in which any such file is answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import marked_rows
from common.marked_rows import BadCell
from common.table_rows import Fault
from common.uploads import SentFile, Upload, UploadRefused, read_upload

_CELLS: dict[str, str | Promise] = {
    Fault.FORMULA: gettext_lazy("A formula. Replace it by its value."),
    Fault.CONTROL: gettext_lazy("Holds a character that cannot be shown. Type the text anew."),
    Fault.DAMAGED: gettext_lazy("Holds letters that were lost in an earlier conversion. Type them anew."),
    Fault.ERROR_VALUE: gettext_lazy("An error value of the spreadsheet. Type the value."),
    Fault.MERGED: gettext_lazy("Merged with another cell. Split them, and fill in each."),
    Fault.NO_COLUMN: gettext_lazy("Stands in a column without a known heading. Delete it."),
}


@dataclass(frozen=True, slots=True)
class FileWords:
    """In which words a kind of rows is shown: its columns, what is wrong with a cell, what it holds and becomes."""

    labels: Mapping[str, str | Promise]
    why: Callable[[BadCell], str]
    in_words: Callable[[str, str], str]
    becomes: Callable[[str, str], str]


def why_unread(bad: BadCell) -> str:
    """What is wrong with a cell that no table could take, or that a rule refuses."""
    return str(_CELLS[bad.detail]) if bad.why == marked_rows.CELL else bad.detail


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=400,
        allow_empty_file=True,  # the reader of the file says so in its own words
        help_text=gettext_lazy("XLSX, or CSV in UTF-8 with comma, semicolon or tab. 5,000 rows and 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def read(self, sent: Sequence[UploadedFile], max_bytes: int) -> Upload | None:
        """The one file that was sent; None where there is none that can be read: the form says why."""
        if len(sent) > 1:
            self.add_error("file", _("Send one file."))
        if not self.is_valid():
            return None
        try:
            return read_upload(cast(SentFile, self.cleaned_data["file"]), max_bytes=max_bytes)
        except UploadRefused as error:
            self.add_error("file", str(error))
            return None
