"""What is asked for an own activity, another phase, a split: the services judge what it means."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phases.choices import PHASE_NAMES, Nature
from phases.forms.tailoring import ReasonForm
from phases.services.reasons import LONGEST_REASON
from phases.services.tailoring.own import LONGEST_TITLE, OwnActivity

EFFORT_WORDS = (("small", _("Small")), ("medium", _("Medium")), ("large", _("Large")))
REASON_NEEDED = {"required": _("Say why in a line. An auditor will read it.")}


class OwnForm(forms.Form):
    """What an own activity says. Component, phases and justification are asked once, when it is made."""

    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Give the activity a title.")},
        help_text=_("Say what is done: “Agree changes with the works council”."),
    )
    component = forms.ChoiceField(
        label=_("Component"), error_messages={"required": _("Choose a component of the catalogue.")}
    )
    nature = forms.ChoiceField(label=_("Kind of work"), choices=Nature.choices, initial=Nature.ESTABLISH)
    phases = forms.TypedMultipleChoiceField(
        label=_("Phases"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one phase.")},
    )
    role = forms.ChoiceField(
        label=_("Who answers for it"),
        error_messages={"required": _("Choose roles of the catalogue; the first answers for it.")},
        help_text=_("The role map says which party this is."),
    )
    helpers = forms.MultipleChoiceField(
        label=_("Who contributes"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    clauses = forms.CharField(
        label=_("Clauses it serves"),
        required=False,
        max_length=400,
        help_text=_("Numbers, separated by commas: 8.5.1, 8.2.3"),
    )
    effort = forms.ChoiceField(label=_("Effort"), choices=EFFORT_WORDS, initial="medium")
    is_key = forms.BooleanField(label=_("Key activity: the gate of its phase asks about it"), required=False)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown works."),
    )
    reason = forms.CharField(
        label=_("Why the plan needs it"),
        max_length=LONGEST_REASON,
        error_messages=REASON_NEEDED,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands beside the activity in the compare view."),
    )

    def __init__(
        self,
        *args: Any,
        components: Sequence[tuple[str, str]],
        roles: Sequence[str],
        phases: Sequence[int],
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(role, role) for role in roles]
        self._choose("component", [("", _("Choose one")), *components])
        self._choose("role", [("", _("Choose one")), *named])
        self._choose("helpers", named)
        self._choose("phases", [(number, f"{number} {PHASE_NAMES[number]}") for number in phases])
        if not is_new:
            for name in ("component", "phases", "reason"):
                del self.fields[name]

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has choices

    def said(self, component: str = "") -> OwnActivity:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return OwnActivity(
            title=data["title"],
            component=data.get("component", component),
            nature=data["nature"],
            roles=(data["role"], *data["helpers"]),
            clauses=tuple(word for word in data["clauses"].replace(",", " ").replace(";", " ").split() if word),
            is_key=data["is_key"],
            description=data["description"],
            effort=data["effort"],
        )


# Where the fields of the service stand in the form.
OWN_FIELDS = {"roles": "role"}


class PlaceForm(ReasonForm):
    """To which phase, and why."""

    phase = forms.TypedChoiceField(label=_("Phase"), coerce=int, error_messages={"required": _("Choose a phase.")})
    field_order = ("row", "phase", "reason")

    def __init__(self, *args: Any, phases: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has choices
            ("", _("Choose one")),
            *((number, f"{number} {PHASE_NAMES[number]}") for number in phases),
        ]
        self.fields["reason"].help_text = _("It stands beside the row in the compare view.")


class MoveForm(PlaceForm):
    """Which row goes, to which phase, and why."""

    row = forms.ChoiceField(label=_("Row"), error_messages={"required": _("Choose a row.")})

    def __init__(self, *args: Any, rows: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = list(rows)  # type: ignore[attr-defined]  # a ChoiceField has choices
        self.order_fields(self.field_order)


class JoinForm(ReasonForm):
    """Why the parts become one again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why they are joined")
        self.fields["reason"].help_text = ""


class SplitForm(ReasonForm):
    """The services or sites, one a line, and why."""

    names = forms.CharField(
        label=_("Services or sites"),
        error_messages={"required": _("Name the services or sites, one a line.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. Each gets a part with a ref of its own, such as CH.i/1."),
    )
    field_order = ("names", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why it is split")
        self.fields["reason"].help_text = ""
