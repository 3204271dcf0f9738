"""What people write about improvements, and what the register is asked."""

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audits.choices import ImprovementSource, Priority
from audits.models import Improvement
from audits.selectors.improvements import OPEN, VIEWS, ImprovementQuery
from audits.services.improvements import ImprovementFacts
from common.query import choice, read_query
from documents.forms.objectives import NumberField, plain
from documents.models import Objective
from governance.forms.decisions import day_field
from projects.models import Party

ASKED = ("view", "source", "priority", "owner", "q")
OF_LIST = {"required": _lazy("Choose one of the list."), "invalid_choice": _lazy("Choose one of the list.")}


def parse_improvement_query(data: QueryDict, owners: Collection[str], more: Collection[str] = ()) -> ImprovementQuery:
    """What `data` asks; `more` are names that the page reads itself. Raises BadRequest for what no page sends."""
    values, _lists = read_query(data, single=(*ASKED, *more))
    return ImprovementQuery(
        view=choice("view", values["view"], VIEWS) or OPEN,
        source=choice("source", values["source"], ImprovementSource.values),
        priority=choice("priority", values["priority"], [str(each) for each in Priority.values]),
        owner=choice("owner", values["owner"], [*owners, "nobody"]),
        text=values["q"],
    )


def improvement_query_string(query: ImprovementQuery, **changed: str) -> str:
    """`query` as an address has it, with `changed` values; "" where it asks for nothing."""
    values = {
        "view": "" if query.view == OPEN else query.view,
        "source": query.source,
        "priority": query.priority,
        "owner": query.owner,
        "q": query.text,
    }
    kept = {name: value for name, value in (values | changed).items() if value}
    return f"?{urlencode(kept)}" if kept else ""


class ImprovementForm(forms.Form):
    """An improvement: what gets better and what for, then who sees to it and what will show that it helped."""

    title = forms.CharField(
        label=_lazy("What gets better"),
        max_length=160,
        help_text=_lazy("In a line, as the result: “Repeat incidents are recognized at the desk”."),
        error_messages={"required": _lazy("Say in a line what gets better.")},
    )
    source = forms.ChoiceField(
        label=_lazy("Where it comes from"), choices=ImprovementSource.choices, error_messages=OF_LIST
    )
    benefit = forms.CharField(
        label=_lazy("What good it does"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("For whom, and how they will notice it."),
    )
    description = forms.CharField(
        label=_lazy("What is to be done"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    priority = forms.TypedChoiceField(
        label=_lazy("Priority"), choices=Priority.choices, coerce=int, error_messages=OF_LIST
    )
    component = forms.ChoiceField(label=_lazy("Component"), required=False, error_messages=OF_LIST)
    owner = forms.ChoiceField(
        label=_lazy("Owner"), required=False, error_messages={"invalid_choice": _lazy("Choose one of the list.")}
    )
    due = day_field(_lazy("Due"), required=False)
    measure = forms.CharField(
        label=_lazy("What will show it"),
        required=False,
        max_length=200,
        help_text=_lazy("One figure that is counted anyway is best. It is looked at again once the work is done."),
    )
    unit = forms.CharField(label=_lazy("Unit"), required=False, max_length=40)
    before = NumberField(label=_lazy("Before"))
    target = NumberField(label=_lazy("Target"))
    objective = forms.ChoiceField(label=_lazy("Serves the objective"), required=False, error_messages=OF_LIST)

    def __init__(
        self,
        *args: Any,
        parties: Sequence[Party],
        components: Sequence[tuple[str, str]],
        objectives: Sequence[Objective],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        self._objectives = {each.key: each for each in objectives}
        self._offer("owner", _("Nobody yet"), [(key, each.name) for key, each in self._parties.items()])
        self._offer("component", _("The whole system"), [(code, f"{code} {title}") for code, title in components])
        self._offer("objective", _("None"), [(key, each.title) for key, each in self._objectives.items()])

    def _offer(self, name: str, nothing: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]  # a ChoiceField has choices

    def facts(self) -> ImprovementFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return ImprovementFacts(
            **{name: data[name] for name in ("title", "source", "benefit", "description", "priority", "component")},
            **{name: data[name] for name in ("due", "measure", "unit", "before", "target")},
            owner=self._parties.get(data["owner"]),
            objective=self._objectives.get(data["objective"]),
        )


def initial_improvement(row: Improvement) -> dict[str, Any]:
    """What a form shows of `row`."""
    names = ("title", "source", "benefit", "description", "priority", "component", "due", "measure", "unit")
    return {name: getattr(row, name) for name in names} | {
        "owner": str(row.owner_id or ""),
        "before": plain(row.before),
        "target": plain(row.target),
        "objective": row.objective.key if row.objective is not None else "",
    }


class MeasureForm(forms.Form):
    """What an improvement brought."""

    effect = forms.CharField(
        label=_lazy("What it brought"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _lazy("Say what it brought. “Nothing” is an answer, too.")},
    )
    after = NumberField(label=_lazy("Measured afterwards"))
    measured_on = day_field(_lazy("Measured on"), required=False)
