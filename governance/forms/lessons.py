"""What people write about lessons, and what a list of lessons is asked."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common.query import choice, read_query
from governance.choices import LessonState
from governance.models import Lesson
from governance.selectors.lessons import MINE, NOBODY, OTHERS, LessonQuery
from governance.services.actions import LONGEST as LONGEST_ACTION
from governance.services.lessons import LONGEST, LONGEST_NOTE, LessonFacts
from phases.choices import PHASE_NAMES
from phases.forms.rows import DayField
from projects.models import Party

ASKED = ("view", "q", "phase", "component", "owner")
VIEWS = (*LessonState.values, OTHERS)


def parse_lesson_query(
    data: QueryDict, components: Collection[str], owners: Collection[int], more: Collection[str] = ()
) -> LessonQuery:
    """What `data` asks; `more` are names that the page reads itself.

    Raises BadRequest for what no page of ours sends.
    """
    values, _lists = read_query(data, single=(*ASKED, *more))
    phase = choice("phase", values["phase"], [str(number) for number in PHASE_NAMES])
    return LessonQuery(
        view=choice("view", values["view"], VIEWS),
        text=values["q"],
        phase=int(phase) if phase else None,
        component=choice("component", values["component"], components),
        owner=choice("owner", values["owner"], [MINE, NOBODY, *(str(pk) for pk in owners)]),
    )


def lesson_query_string(query: LessonQuery, **changed: str) -> str:
    """`query` as an address has it, with `changed` values; "" where it asks for nothing."""
    values = {
        "view": query.view,
        "q": query.text,
        "phase": "" if query.phase is None else str(query.phase),
        "component": query.component,
        "owner": query.owner,
    }
    kept = {name: value for name, value in (values | changed).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


class PartyChoiceForm(forms.Form):
    """A form that offers the parties of a project as owners."""

    owner = forms.ChoiceField(
        label=_lazy("Owner"),
        required=False,
        error_messages={
            "invalid_choice": _lazy("Choose a party of this project."),
            "required": _lazy("Say who does it."),
        },
    )

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        offered = [("", _("Nobody yet")), *((str(party.pk), party.name) for party in parties)]
        self._choose("owner", offered)

    def _choose(self, name: str, offered: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField has choices

    @property
    def party(self) -> Party | None:
        """Who was chosen, once the form is valid."""
        return self._parties.get(self.cleaned_data.get("owner", ""))


class LessonForm(PartyChoiceForm):
    """A lesson: two fields that matter, then what tells it apart from others."""

    happened = forms.CharField(
        label=_lazy("What happened"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _lazy("Say what happened. One sentence is enough.")},
        help_text=_lazy("What went well counts too: “The service desk tested the forms before we went live”."),
    )
    change = forms.CharField(
        label=_lazy("What changes because of it"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("What you would do again, or otherwise. It can become an activity of the next phase."),
    )
    why = forms.CharField(
        label=_lazy("Why it happened"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    component = forms.ChoiceField(
        label=_lazy("Component"),
        required=False,
        error_messages={"invalid_choice": _lazy("Choose a component of the catalogue.")},
        help_text=_lazy("It stands beside this component on the boards to come."),
    )
    phase = forms.TypedChoiceField(
        label=_lazy("Phase"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _lazy("Choose a phase.")},
    )
    is_shared = forms.BooleanField(
        label=_lazy("Other projects of the organization may read it, without names"), required=False, initial=True
    )
    field_order = ("happened", "change", "why", "component", "phase", "owner", "is_shared")

    def __init__(self, *args: Any, components: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose(
            "component", [("", _("The whole project")), *((code, f"{code} {title}") for code, title in components)]
        )
        self._choose("phase", [(number, f"{number} {name}") for number, name in PHASE_NAMES.items()])

    def facts(self) -> LessonFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return LessonFacts(
            happened=data["happened"],
            change=data["change"],
            why=data["why"],
            phase=data["phase"],
            component=data["component"],
            owner=self.party,
            is_shared=data["is_shared"],
        )


def initial_lesson(lesson: Lesson) -> dict[str, Any]:
    """What a form shows of `lesson`."""
    return {
        "happened": lesson.happened,
        "change": lesson.change,
        "why": lesson.why,
        "component": lesson.component,
        "phase": lesson.phase_number,
        "owner": str(lesson.owner_id or ""),
        "is_shared": lesson.is_shared,
    }


class SettleForm(forms.Form):
    """What became of a lesson."""

    state = forms.ChoiceField(
        label=_lazy("What became of it"),
        choices=LessonState.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "required": _lazy("Choose one of the list."),
            "invalid_choice": _lazy("Choose one of the list."),
        },
    )
    note = forms.CharField(
        label=_lazy("In a line"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_lazy("What was done, or why nothing is to be done."),
    )


class ActionForm(PartyChoiceForm):
    """An action that is made of a lesson."""

    text = forms.CharField(
        label=_lazy("What is to be done"),
        max_length=LONGEST_ACTION,
        error_messages={"required": _lazy("Say in a line what is to be done.")},
    )
    due = DayField(label=_lazy("By when"))
    field_order = ("text", "owner", "due")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].label = _("Who does it")
        for name in ("owner", "due"):
            self.fields[name].required = True
        self.fields["due"].error_messages["required"] = _("Say by when.")
