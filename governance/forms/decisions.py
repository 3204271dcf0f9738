"""What people fill in around a decision: what is asked, what a member says, what was decided."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.choices import (
    GATE_OUTCOMES,
    QUESTION_OUTCOMES,
    DecisionKind,
    Manner,
    Outcome,
    Setting,
)
from governance.models import Decision, Meeting
from governance.services.actions import ActionWish
from governance.services.decisions import Wish
from governance.services.recording import Verdict
from projects.models import Party

LONGEST_TEXT = 4000
LONGEST_LINE = 200
CONDITION_ROWS = 6

OUTCOME_HELP = {
    Outcome.GO: gettext_lazy("All criteria are met or waived; the phase can be closed."),
    Outcome.CONDITIONS: gettext_lazy("The phase can be closed; each condition becomes an action."),
    Outcome.HOLD: gettext_lazy("Meet again on a date; the phase stays open."),
    Outcome.STOP: gettext_lazy("End the project here, keep what works."),
    Outcome.APPROVED: gettext_lazy("As it was asked for."),
    Outcome.APPROVED_CONDITIONS: gettext_lazy("Each condition becomes an action."),
    Outcome.SENT_BACK: gettext_lazy("Not yet: say what is missing, so that it can come back."),
    Outcome.DECLINED: gettext_lazy("No: say why."),
}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, as browsers offer it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _area(label: Any, rows: int, help_text: Any = "", most: int = LONGEST_TEXT) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=LONGEST_LINE, help_text=help_text)


class AskForm(forms.Form):
    """Ask the committee for a decision. `about` is the number of a gate, or "" for a question."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    about = forms.ChoiceField(label=gettext_lazy("What is decided"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Decision in one line"),
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Begin with a verb, so that yes and no have one meaning: “Release 24,000 for a tool”."),
        error_messages={"required": gettext_lazy("Say in one line what is to be decided.")},
    )
    decide_by = day_field(
        gettext_lazy("Decide by"), error_messages={"required": gettext_lazy("Say by when it is to be decided.")}
    )
    background = _area(gettext_lazy("Background"), 3, gettext_lazy("What somebody must know who has one minute."))
    without_it = _area(gettext_lazy("Without it"), 2, gettext_lazy("What happens if nothing is decided."))
    money = _line(gettext_lazy("Money"), gettext_lazy("How much, out of what: “24,000 of 60,000 contingency”."))
    effect = _line(gettext_lazy("Effect"), gettext_lazy("What changes for plan, people or services."))
    advice = _line(gettext_lazy("Advice"), gettext_lazy("What you recommend, and who says so."))
    meeting = forms.ChoiceField(label=gettext_lazy("Meeting"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        meetings: Sequence[Meeting],
        gates: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.meetings = {str(each.pk): each for each in meetings}
        _choose(
            self.fields["meeting"],
            [
                ("", _("No meeting: by circulation, or open yet")),
                *((key, meeting_word(each)) for key, each in self.meetings.items()),
            ],
        )
        if gates:
            _choose(self.fields["about"], [("", _("A question")), *gates])
        else:
            del self.fields["about"]

    def wish(self, *, reopens: Decision | None = None) -> Wish:
        """What was asked."""
        clean = self.cleaned_data
        about = clean.get("about") or ""
        return Wish(
            **{name: clean[name] for name in ("title", "background", "without_it", "money", "effect", "advice")},
            decide_by=clean["decide_by"],
            gate=int(about) if about else None,
            meeting=self.meetings.get(clean["meeting"]),
            reopens=reopens,
        )


def asked_values(decision: Decision) -> dict[str, Any]:
    """What a decision asks for, as the form begins with it."""
    names = ("title", "decide_by", "background", "without_it", "money", "effect", "advice", "version")
    return {**{name: getattr(decision, name) for name in names}, "meeting": str(decision.meeting_id or "")}


class RecordForm(forms.Form):
    """Record what the committee decided. `version` is that of the decision as the chair saw it."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What was decided"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what was decided.")},
    )
    hold_until = day_field(
        gettext_lazy("Met again on"), required=False, help_text=gettext_lazy("Where the gate is put on hold.")
    )
    manner = forms.ChoiceField(
        label=gettext_lazy("How it was decided"),
        choices=Manner.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose consensus or vote.")},
    )
    setting = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=Setting.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a meeting or circulation.")},
    )
    meeting = forms.ChoiceField(label=gettext_lazy("Which meeting"), required=False)
    words = _area(
        gettext_lazy("In words"),
        3,
        gettext_lazy("What shall be read later beside the outcome. Needed where it is a no."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        decision: Decision,
        meetings: Sequence[Meeting],
        owners: Sequence[Party],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        is_gate = decision.kind == DecisionKind.GATE
        known = GATE_OUTCOMES if is_gate else QUESTION_OUTCOMES
        _choose(self.fields["outcome"], [(each.value, each.label) for each in known])
        self.meetings = {str(each.pk): each for each in meetings}
        _choose(
            self.fields["meeting"],
            [("", _("None of these")), *((key, meeting_word(each)) for key, each in self.meetings.items())],
        )
        if not is_gate:
            del self.fields["hold_until"]
        self.owners = {str(each.pk): each for each in owners}
        offered = [("", _("Who does it")), *((key, each.name) for key, each in self.owners.items())]
        for number in range(CONDITION_ROWS):
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Condition %(number)d") % {"number": number + 1},
                required=False,
                max_length=300,
                # The blank lets the style sheet tell whether the row is filled: the next one shows then.
                widget=forms.TextInput(attrs={"placeholder": " "}),
            )
            self.fields[f"owner_{number}"] = forms.ChoiceField(label=_("Owner"), required=False)
            _choose(self.fields[f"owner_{number}"], offered)
            self.fields[f"due_{number}"] = day_field(_("By"), required=False)

    @property
    def outcome_cards(self) -> list[tuple[Any, Any]]:
        """Each outcome with what it means."""
        return [(each, OUTCOME_HELP[Outcome(each.data["value"])]) for each in self["outcome"]]

    @property
    def condition_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The fields of each condition: its words, its owner, its day."""
        for number in range(CONDITION_ROWS):
            yield self[f"text_{number}"], self[f"owner_{number}"], self[f"due_{number}"]

    def rows(self) -> list[int]:
        """The numbers of the rows of conditions in which something stands."""
        clean = self.cleaned_data
        return [
            number
            for number in range(CONDITION_ROWS)
            if clean.get(f"text_{number}") or clean.get(f"due_{number}") or clean.get(f"owner_{number}")
        ]

    def verdict(self) -> Verdict:
        """What was decided."""
        clean = self.cleaned_data
        return Verdict(
            outcome=clean["outcome"],
            manner=clean["manner"],
            setting=clean["setting"],
            words=clean["words"],
            hold_until=clean.get("hold_until"),
            meeting=self.meetings.get(clean["meeting"]),
            conditions=[
                ActionWish(
                    clean[f"text_{number}"], self.owners.get(clean[f"owner_{number}"]), clean.get(f"due_{number}")
                )
                for number in self.rows()
            ],
        )

    def field_of(self, name: str) -> str | None:
        """The field that a refusal names: conditions are counted there by those that were written."""
        stem, _dash, place = name.partition("_")
        if stem in ("text", "owner", "due") and place.isdigit():
            return f"{stem}_{self.rows()[int(place)]}"
        if name == "conditions":
            return "text_0"
        return name if name in self.fields else None


def meeting_word(meeting: Meeting) -> str:
    """A meeting in a list: its ref and day."""
    return f"{meeting.ref}, {meeting.starts_at:%d %b %Y}"


def _choose(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
    field.choices = list(choices)
    field.error_messages["invalid_choice"] = _("Choose one of the list.")
