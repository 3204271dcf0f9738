"""What people fill in around a version: who decides until when, what an approver says, from when it holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from documents.choices import Verdict, Weight
from documents.selectors.control import Candidate

LONGEST_NOTE = 2000
LONGEST_LINE = 300


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, as browsers offer it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class PeopleField(forms.MultipleChoiceField):
    """Some of what is offered, as check boxes."""

    widget = forms.CheckboxSelectMultiple


class SubmitForm(forms.Form):
    """Send a draft to its approvers. `version` is that of the draft that the person saw."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    approvers = PeopleField(
        label=gettext_lazy("Who approves"),
        help_text=gettext_lazy("All of them must approve. One who sends it back ends the round."),
        error_messages={"required": gettext_lazy("Name at least one person who decides.")},
    )
    decide_by = day_field(
        gettext_lazy("Decide by"),
        help_text=gettext_lazy("Nothing happens by itself on this day; it is what you ask for."),
        error_messages={"required": gettext_lazy("Say by when it is to be decided.")},
    )
    weight = forms.ChoiceField(
        label=gettext_lazy("How much it changes"),
        choices=Weight.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the list.")},
    )
    change_note = forms.CharField(
        label=gettext_lazy("What changed, and why"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences. They stand in the change log of the document."),
    )
    although_incomplete = forms.BooleanField(
        label=gettext_lazy("Send it although it is incomplete; the approvers see what is missing"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Candidate],
        is_incomplete: bool,
        before: object | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(each.user.pk): each.user for each in people if not each.why_not}
        offered = self.fields["approvers"]
        assert isinstance(offered, PeopleField)  # noqa: S101 (for the type checker)
        offered.choices = [(str(each.user.pk), _words(each)) for each in people if not each.why_not]
        offered.error_messages["invalid_choice"] = _(
            "Somebody of these cannot approve this version (any more): they lost the role, or wrote a part of it."
        )
        if before is None:
            del self.fields["weight"]
        else:
            self.fields["change_note"].required = True
            self.fields["change_note"].error_messages["required"] = _("Say what changed since version %(number)s.") % {
                "number": before
            }
        if not is_incomplete:
            del self.fields["although_incomplete"]

    def chosen(self) -> list[User]:
        """The people who were chosen."""
        return [self.people[key] for key in self.cleaned_data["approvers"]]


def _words(candidate: Candidate) -> str:
    said = [str(candidate.user), candidate.role]
    if candidate.is_suggested:
        said.append(_("suggested"))
    if candidate.own_work:
        said.append(_("own work"))
    return ", ".join(said)


class DecideForm(forms.Form):
    """One approver's word. `seen` is the hash of the version that the person saw."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("I decide"),
        choices=[
            (Verdict.APPROVE, gettext_lazy("Approve: it says what shall hold")),
            (Verdict.RETURN, gettext_lazy("Send back: it must be changed first")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you decide.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed where you send it back. It is kept with the version."),
    )


class ReplaceForm(forms.Form):
    """Somebody else instead of an approver who left or cannot decide."""

    gone = forms.IntegerField(widget=forms.HiddenInput)
    instead = forms.ChoiceField(
        label=gettext_lazy("Ask instead"), error_messages={"required": gettext_lazy("Choose a person.")}
    )

    def __init__(self, data: Any = None, *, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(each.pk): each for each in people}
        offered = self.fields["instead"]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101 (for the type checker)
        offered.choices = [("", _("Choose a person")), *((key, str(each)) for key, each in self.people.items())]
        offered.error_messages["invalid_choice"] = _("This person cannot approve this version.")


def _offer(form: forms.Form, **offers: Sequence[tuple[str, str]]) -> None:
    """Give each of these fields its choices; one without any goes."""
    for name, choices in offers.items():
        offered = form.fields[name]
        assert isinstance(offered, PeopleField)  # noqa: S101 (for the type checker)
        offered.choices = list(choices)
        offered.error_messages["invalid_choice"] = _("One of these is not there any more. Look at the list again.")
        if not choices:
            del form.fields[name]


class PublishForm(forms.Form):
    """Put a version in force. `version` is that of the row that the person saw."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    effective_on = day_field(
        gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "Today, or a day within a year. Until a later day comes, what is in force now goes on holding."
        ),
        error_messages={"required": gettext_lazy("Say from when it holds.")},
    )
    readers = PeopleField(
        label=gettext_lazy("Ask to read and confirm"),
        required=False,
        help_text=gettext_lazy("They are told, and say that they have read and understood it. You can ask more later."),
    )
    mapped = PeopleField(label=gettext_lazy("By the role map"), required=False)
    due = day_field(gettext_lazy("Read by"), required=False)

    def __init__(
        self, data: Any = None, *, readers: Sequence[tuple[str, str]], mapped: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        _offer(self, readers=readers, mapped=mapped)

    def clean(self) -> dict[str, Any]:
        """Refuse readers without a day."""
        values = super().clean() or self.cleaned_data
        if (values.get("readers") or values.get("mapped")) and not values.get("due") and "due" not in self.errors:
            self.add_error("due", _("Say by when they are to have read it."))
        return values


class AskForm(forms.Form):
    """Ask people to read what is in force, by role and by name."""

    readers = PeopleField(label=gettext_lazy("By role in the project"), required=False)
    mapped = PeopleField(label=gettext_lazy("By the role map"), required=False)
    people = PeopleField(label=gettext_lazy("By name"), required=False)
    due = day_field(
        gettext_lazy("Read by"), error_messages={"required": gettext_lazy("Say by when they are to have read it.")}
    )

    def __init__(self, data: Any = None, *, offers: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _offer(self, **offers)

    def clean(self) -> dict[str, Any]:
        """Refuse a question to nobody."""
        values = super().clean() or self.cleaned_data
        offered = [name for name in ("readers", "mapped", "people") if name in self.fields]
        if not self.errors and not any(values.get(name) for name in offered):
            field = offered[0] if offered else None
            self.add_error(field, _("Name at least one person, or a role that somebody holds."))
        return values


class ReasonForm(forms.Form):
    """One line on why, or what was looked at. `version` is that of the document that the person saw."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    words = forms.CharField(max_length=LONGEST_LINE, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, label: object, required: object, help_text: object = "", **kwargs: Any):
        super().__init__(data, **kwargs)
        words = self.fields["words"]
        words.label, words.help_text = str(label), str(help_text)
        words.error_messages["required"] = str(required)
