"""What people say in My work: a status with its words, a note, a day."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from phases.forms.rows import DayField, StatusForm


class WorkForm(StatusForm):
    """A press of a button, with the note that stands beside it. A note that was not sent stays as it is."""

    # Its length is the service's to judge, so that nothing typed is lost.
    note = forms.CharField(label=_("Note"), required=False, strip=False)

    @property
    def note_sent(self) -> str | None:
        """The note as it was sent, None where none was."""
        return self.cleaned_data["note"] if "note" in self.data else None


class RoundForm(forms.Form):
    """On which day something was seen to; what was seen is the service's to judge."""

    done_on = DayField(label=_("On"))


TYPED = ("note", "text", "operating_since", "done_on", "body")


def typed_in(data: QueryDict, *, used: tuple[str, ...] = ()) -> dict[str, Any]:
    """What stands in the fields of a card, but for what was `used`, so that an answer can give it back."""
    return {name: data[name] for name in TYPED if name in data and name not in used}
