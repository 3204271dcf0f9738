"""What people say when they change a row: status, party, due date, note; one row or many."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from phases.choices import Status
from phases.selectors.board_page import PartyChoice
from phases.services.rows import MOST_ROWS, Target

DATE = ["%Y-%m-%d"]
LONGEST_REASON = 2000
_TARGET = re.compile(r"([0-9]{1,15}):([0-9]{1,9})")
NOT_A_DATE = _("Give a day that exists, as YYYY-MM-DD.")


class DayField(forms.DateField):
    """A day, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            input_formats=DATE,
            error_messages={"invalid": NOT_A_DATE},
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **kwargs,
        )


class StatusForm(forms.Form):
    """A step to another status, with the words or the day that it asks for."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=Status.choices,
        error_messages={"invalid_choice": _("There is no such status."), "required": _("Choose a status.")},
    )
    text = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    operating_since = DayField(label=_("Operating since"))


class PartyForm(forms.Form):
    """Who is responsible; nobody when left empty."""

    party = forms.TypedChoiceField(
        label=_("Responsible party"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a party of this project.")},
    )

    def __init__(self, *args: object, parties: Sequence[PartyChoice], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        # Those who can no longer be responsible are known too, so that the service can say so by name.
        self.fields["party"].choices = [  # type: ignore[attr-defined]  # a TypedChoiceField has choices
            ("", _("Nobody")),
            *((party.pk, party.name) for party in parties),
        ]


class DueForm(forms.Form):
    """When a row is due; no date when left empty."""

    due = DayField(label=_("Due"))


class NoteForm(forms.Form):
    """What there is to say about a row. Its length is the service's to judge, so that nothing typed is lost."""

    note = forms.CharField(label=_("Note"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))


def parse_targets(data: QueryDict) -> list[Target]:
    """The rows that were ticked, `row=PK:VERSION` each. Raises BadRequest for what no page of ours sends."""
    targets = []
    values = data.getlist("row")
    if len(values) > MOST_ROWS * 2:
        raise BadRequest("too many rows")
    for value in values:
        named = _TARGET.fullmatch(value)
        if named is None:
            raise BadRequest("a row is named wrongly")
        targets.append(Target(int(named[1]), int(named[2])))
    return targets
