"""The questions that a scope statement is made of, and how a page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.choices import OtherParties
from projects.domain import ScopeParts, ScopePiece, scope_pieces, scope_sentence
from projects.forms.fields import LinesField
from projects.leaving_out import CLAUSE_OF_WORK_BY_OTHERS, RefusedPart, refused_part

Raw = dict[str, list[str]]
LISTS = ("services", "locations", "customers", "left_out")


class ScopeForm(forms.Form):
    """What the SMS covers: parts that a sentence is formed from, or a statement in the person's own words."""

    own_words = forms.BooleanField(required=False, widget=forms.HiddenInput)
    statement = forms.CharField(
        label=gettext_lazy("Scope statement"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    services = LinesField(label=gettext_lazy("Services in scope"), required=False)
    delivered_by = forms.CharField(label=gettext_lazy("Who manages and delivers them"), required=False, max_length=200)
    locations = LinesField(label=gettext_lazy("Locations"), required=False)
    customers = LinesField(label=gettext_lazy("Customers"), required=False)
    other_parties = forms.ChoiceField(
        label=gettext_lazy("Parts run by others"),
        required=False,
        choices=OtherParties.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )
    left_out = LinesField(label=gettext_lazy("Left out"), required=False, longest=200)

    def clean(self) -> dict[str, Any]:
        """Refuse a scope that says too little, or leaves out what no scope can."""
        answers = super().clean() or {}
        if answers.get("own_words"):
            if "statement" in answers and not answers["statement"].strip():
                self.add_error("statement", _("Say what the SMS covers. A project needs a scope."))
        else:
            missing = {
                "services": _("Name at least one service. A certificate names them."),
                "delivered_by": _("Name the organization that manages and delivers the services."),
                "locations": _("Name at least one location."),
                "customers": _("Name at least one customer, or a kind of customer."),
            }
            for name, message in missing.items():
                if name in answers and not answers[name]:
                    self.add_error(name, message)
        if any(refused_part(line) for line in answers.get("left_out", [])):
            self.add_error("left_out", _("A clause cannot be left out. Take the marked line away, or say who runs it."))
        return answers

    @property
    def final_statement(self) -> str:
        """The statement of a valid form: the person's own, or the sentence."""
        if self.cleaned_data["own_words"]:
            return str(self.cleaned_data["statement"]).strip()
        return scope_sentence(parts_of(self.cleaned_data))


def parts_of(answers: Mapping[str, Any]) -> ScopeParts:
    """The parts of the sentence in cleaned answers."""
    return ScopeParts(
        services=answers.get("services") or (),
        delivered_by=answers.get("delivered_by") or "",
        locations=answers.get("locations") or (),
        customers=answers.get("customers") or (),
        left_out=answers.get("left_out") or (),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One input of a list; `refused` where it names what a scope cannot leave out."""

    value: str
    number: int
    refused: RefusedPart | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of inputs with its words."""

    name: str
    label: str
    note: str
    placeholder: str
    help: str
    lines: tuple[Line, ...]
    errors: Sequence[str] = ()
    begin_here: bool = False

    @property
    def refused(self) -> Line | None:
        """The first line that is refused."""
        return next((line for line in self.lines if line.refused), None)


@dataclass(frozen=True, slots=True)
class SentencePiece:
    """A run of the sentence; `anchor` leads to the question it answers."""

    text: str
    missing: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the check list beside the form."""

    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ScopeView:
    """All that the template of the scope shows."""

    form: ScopeForm
    own_words: bool
    pieces: list[SentencePiece]
    blocks: dict[str, Lines]
    ticks: list[Tick] = field(default_factory=list)
    to_settle: list[str] = field(default_factory=list)
    clause_of_others: str = CLAUSE_OF_WORK_BY_OTHERS


def _texts(form: ScopeForm, name: str) -> list[str]:
    return [text for raw in form[name].value() or [] if (text := " ".join(str(raw).split()))]


def scope_view(form: ScopeForm, *, begin_at: str = "") -> ScopeView:
    """How `form` looks with what is typed so far; `begin_at` names the list whose next line gets the focus."""
    words = {
        "services": (_("as your customers call them"), _("Another service"), ""),
        "locations": ("", _("Another location"), _("Where people of yours do the work, home offices included.")),
        "customers": (
            "",
            _("Another customer or kind of customer"),
            _("Inside or outside. Name a kind where there are many."),
        ),
        "left_out": (_("services, places or customers"), _("Something that is not covered"), ""),
    }
    typed = {name: _texts(form, name) for name in LISTS}
    errors = form.errors if form.is_bound else {}
    blocks = {
        name: Lines(
            name=name,
            label=str(form[name].label),
            note=note,
            placeholder=placeholder,
            help=help_,
            lines=tuple(
                Line(text, number, refused_part(text) if name == "left_out" else None)
                for number, text in enumerate(typed[name])
            ),
            errors=[str(error) for error in errors.get(name, [])],
            begin_here=begin_at == name,
        )
        for name, (note, placeholder, help_) in words.items()
    }
    own_words = str(form["own_words"].value() or "").lower() not in ("", "0", "false")
    delivered_by = str(form["delivered_by"].value() or "").strip()
    others = bool(form["other_parties"].value())
    refused = blocks["left_out"].refused is not None
    ticks = [
        Tick(_("Services named as customers know them"), "ok" if typed["services"] else "todo"),
        Tick(_("Managing organization named"), "ok" if delivered_by else "todo"),
        Tick(
            _("At least one location and one customer"),
            "ok" if typed["locations"] and typed["customers"] else "todo",
        ),
        Tick(_("Parts run by others stated"), "ok" if others else "todo"),
        Tick(_("No clause left out"), "bad" if refused else "ok"),
    ]
    to_settle = []
    if own_words and not str(form["statement"].value() or "").strip():
        to_settle.append(_("the statement"))
    if not own_words:
        to_settle += [
            word
            for word, said in (
                (_("services"), typed["services"]),
                (_("who delivers them"), delivered_by),
                (_("locations"), typed["locations"]),
                (_("customers"), typed["customers"]),
            )
            if not said
        ]
    if refused:
        to_settle.append(_("one line left out"))
    return ScopeView(
        form=form,
        own_words=own_words,
        pieces=_with_anchors(scope_pieces(ScopeParts(delivered_by=delivered_by, **typed))),
        blocks=blocks,
        ticks=ticks,
        to_settle=to_settle,
    )


def _with_anchors(pieces: Sequence[ScopePiece]) -> list[SentencePiece]:
    anchors = iter(("delivered_by", "services", "customers", "locations", "left_out"))
    return [
        SentencePiece(piece.text, piece.missing, next(anchors) if piece.from_answer or piece.missing else "")
        for piece in pieces
    ]


def apply_act(raw: Raw, act: str) -> str:
    """Carry out a button of the scope ("add:services", "remove:services:2", "others:1", "own", "formed") on `raw`.

    Returns the name of the field where the person goes on. Raises ValueError for a button that does not exist.
    """
    verb, _colon, rest = act.partition(":")
    for name in LISTS:
        raw[name] = [text for value in raw.get(name, []) if (text := value.strip())]
    if verb == "own" and not rest:
        raw["own_words"] = ["on"]
        if not "".join(raw.get("statement", [])).strip():
            raw["statement"] = [scope_sentence(_typed_parts(raw))]
        return "statement"
    if verb == "formed" and not rest:
        raw["own_words"] = [""]
        if "".join(raw.get("statement", [])).strip() == scope_sentence(_typed_parts(raw)):
            raw["statement"] = [""]
        return "services"
    if verb == "add" and rest in LISTS:
        return rest
    name, _colon, number = rest.partition(":")
    if verb == "remove" and name in LISTS:
        _drop(raw[name], number)
        return name
    if verb == "others":
        _drop(raw["left_out"], rest)
        raw["other_parties"] = [OtherParties.SOME]
        return "left_out"
    raise ValueError(act)


def _drop(lines: list[str], number: str) -> None:
    if not number.isdecimal() or int(number) >= len(lines):
        raise ValueError(number)
    del lines[int(number)]


def _typed_parts(raw: Raw) -> ScopeParts:
    return ScopeParts(
        services=raw["services"],
        delivered_by="".join(raw.get("delivered_by", [])).strip(),
        locations=raw["locations"],
        customers=raw["customers"],
        left_out=raw["left_out"],
    )
