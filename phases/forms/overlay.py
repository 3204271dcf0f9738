"""What people fill in to load, or remove, their organization's own copy of the wording."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.table_rows import CellFault, Fault
from phases.domain.overlay import LONGEST_WORDING, OverlayFault

_WHY: dict[str, str | Promise] = {
    Fault.FORMULA: gettext_lazy("A formula. Replace it by its text."),
    Fault.CONTROL: gettext_lazy("Holds a character that cannot be shown. Type the text anew."),
    Fault.DAMAGED: gettext_lazy("Holds letters that were lost in an earlier conversion. Type them anew."),
    Fault.ERROR_VALUE: gettext_lazy("An error value of the spreadsheet."),
    Fault.MERGED: gettext_lazy("Merged with another cell. Split them, and fill in each."),
    Fault.NO_COLUMN: gettext_lazy("Stands in a column without a known heading. Delete it."),
    OverlayFault.NO_REF: gettext_lazy("The ref is missing."),
    OverlayFault.UNKNOWN_REF: gettext_lazy("The catalogue has no such ref."),
    OverlayFault.DOUBLED_REF: gettext_lazy("This ref stands in an earlier row too. Keep one of them."),
    OverlayFault.EMPTY_WORDING: gettext_lazy("The wording is missing. Delete the row if you have none."),
}


def why(fault: CellFault) -> str:
    """What is wrong with a cell, and what to do about it."""
    if fault.fault == OverlayFault.TOO_LONG:
        return _("Longer than %(limit)s characters. Shorten it.") % {"limit": f"{LONGEST_WORDING:,}"}
    return str(_WHY[fault.fault])


class OverlayForm(forms.Form):
    """Which catalogue, and the file."""

    pack = forms.ChoiceField(label=gettext_lazy("Catalogue"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=400,
        allow_empty_file=True,  # the reader of the file says so in its own words
        help_text=gettext_lazy("CSV (UTF-8) or XLSX, 2,000 rows and 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, packs: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = list(packs.items())  # type: ignore[attr-defined]  # a ChoiceField, as above
        if len(packs) == 1:
            self.fields["pack"].initial = next(iter(packs))
            self.fields["pack"].widget = forms.HiddenInput()


class ConfirmForm(forms.Form):
    """The tick without which nothing is loaded. The service checks it, so that no other way leads past it."""

    holds_licence = forms.BooleanField(required=False)
    sha256 = forms.CharField(max_length=64)

    def __init__(self, *args: Any, organization_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holds_licence"].label = _(
            "%(name)s holds a licence for the document that this wording is from"
        ) % {"name": organization_name}
