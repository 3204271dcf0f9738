"""What people fill in around a management review."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audits.choices import OutputKind
from audits.services.review_outputs import OutputFacts
from audits.services.reviews import ReviewFacts
from governance.forms.decisions import day_field
from projects.choices import Edition
from projects.models import Party

OF_LIST = {"required": _lazy("Choose one of the list."), "invalid_choice": _lazy("Choose one of the list.")}


class ReviewForm(forms.Form):
    """When a review is held, what it looks back on, who is asked."""

    held_on = day_field(_lazy("Held on"), error_messages={"required": _lazy("Say on which day.")})
    place = forms.CharField(label=_lazy("Place"), required=False, max_length=160)
    covers_from = day_field(
        _lazy("Looks back from"), error_messages={"required": _lazy("Say from when it looks back.")}
    )
    covers_until = day_field(_lazy("until"), error_messages={"required": _lazy("Say until when it looks back.")})
    edition = forms.ChoiceField(label=_lazy("Edition"), choices=Edition.choices, error_messages=OF_LIST)
    chair = forms.ChoiceField(
        label=_lazy("Led by"), required=False, error_messages=OF_LIST, help_text=_lazy("Somebody of top management.")
    )
    people = forms.MultipleChoiceField(
        label=_lazy("Asked to it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _lazy("Choose from the list.")},
    )

    def __init__(self, *args: Any, parties: Sequence[Party], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties: Mapping[str, Party] = {str(party.pk): party for party in parties}
        offered = [(key, each.name) for key, each in self._parties.items()]
        self.fields["chair"].choices = [("", _("Not said yet")), *offered]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["people"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        if not is_new:
            del self.fields["edition"]

    def facts(self) -> ReviewFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        held: date = data["held_on"]
        return ReviewFacts(
            held_on=held,
            covers_from=data["covers_from"],
            covers_until=data["covers_until"],
            edition=data.get("edition", ""),
            place=data["place"],
            chair=self._parties.get(data["chair"]),
            people=[self._parties[key] for key in data["people"]],
        )


class OutputForm(forms.Form):
    """What a review brings about."""

    kind = forms.ChoiceField(label=_lazy("What it is"), choices=OutputKind.choices, error_messages=OF_LIST)
    text = forms.CharField(
        label=_lazy("In a line"), max_length=300, error_messages={"required": _lazy("Say what was decided.")}
    )
    input_key = forms.ChoiceField(label=_lazy("Follows from"), required=False, error_messages=OF_LIST)
    owner = forms.ChoiceField(label=_lazy("Who"), required=False, error_messages=OF_LIST)
    due = day_field(_lazy("By"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Party], inputs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        owners = [("", _("Nobody yet")), *((key, each.name) for key, each in self._parties.items())]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]  # a ChoiceField has choices
        self.fields["input_key"].choices = [("", _("The whole")), *inputs]  # type: ignore[attr-defined]  # the same

    def facts(self) -> OutputFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return OutputFacts(data["kind"], data["text"], data["input_key"], self._parties.get(data["owner"]), data["due"])
