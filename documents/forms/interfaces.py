"""What the address of the register of interfaces asks for, and what a person says of one line."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from common.query import choice, read_query
from documents.choices import InterfaceState
from documents.selectors.interfaces import InterfaceQuery
from documents.services.interfaces import InterfaceFacts

_NAMES = ("q", "process", "from", "to", "state")


def parse_interface_query(data: QueryDict, codes: Collection[str], more: Collection[str] = ()) -> InterfaceQuery:
    """What `data` asks; `codes` are the components of the plan. Raises BadRequest for what no page of ours sends."""
    values, _lists = read_query(data, single=(*_NAMES, *more))
    return InterfaceQuery(
        text=values["q"],
        process=choice("process", values["process"], codes),
        giver=choice("from", values["from"], codes),
        receiver=choice("to", values["to"], codes),
        state=choice("state", values["state"], InterfaceState.values),
    )


def interface_query_string(query: InterfaceQuery) -> str:
    """`query` as an address has it; "" where it asks for nothing."""
    values = {
        "q": query.text,
        "process": query.process,
        "from": query.giver,
        "to": query.receiver,
        "state": query.state,
    }
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


class InterfaceForm(forms.Form):
    """What passes from one process to another."""

    giver = forms.ChoiceField(label=gettext_lazy("From"))
    receiver = forms.ChoiceField(label=gettext_lazy("To"))
    what = forms.CharField(
        label=gettext_lazy("What is handed over"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A thing one can point at: ten change records, a list, a decision with name and date."),
    )
    when = forms.CharField(
        label=gettext_lazy("When"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The moment or rhythm at which the other side has it."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("giver", "receiver"):
            self.fields[name].choices = [("", "–"), *names.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def facts(self) -> InterfaceFacts:
        """What was said, as the services take it."""
        return InterfaceFacts(**{name: self.cleaned_data[name] for name in self.fields})
