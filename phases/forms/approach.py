"""How a project goes: its approach, the phases of its components, a very small entity or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import RuleBroken
from phases.choices import PHASE_NAMES, Approach
from phases.domain.approaches import MANAGEMENT, PHASES, PROPOSED
from phases.selectors.catalogue import CatalogueTexts
from phases.services.placing import WayOfWorking, check_way, processes_of


@dataclass(frozen=True, slots=True)
class WayWords:
    """What an approach is, when it fits, and what it costs (our own guidance)."""

    value: str
    title: str | Promise
    what: str | Promise
    fits: str | Promise
    costs: str | Promise


WAYS = (
    WayWords(
        Approach.THREE_PHASES,
        gettext_lazy("Three phases, as in the catalogue"),
        gettext_lazy("Processes begin small where customers feel it first, and grow from phase to phase."),
        gettext_lazy("Fits most providers. Each phase shows something, and what is learnt goes into the next."),
        gettext_lazy("Costs: many processes are in work at once, and people meet the same activity again."),
    ),
    WayWords(
        Approach.SUBSETS,
        gettext_lazy("A subset of the processes in each phase"),
        gettext_lazy("You choose the phase of each process. All its activities are planned there, once."),
        gettext_lazy("Fits where some processes run well already, or where few people can take part at a time."),
        gettext_lazy("Costs: processes of the last phase stay as they are until then, and meet the others late."),
    ),
    WayWords(
        Approach.LEVELS,
        gettext_lazy("All processes together, in three levels"),
        gettext_lazy("Level 1 defines and establishes every process, level 2 operates them, level 3 reviews them."),
        gettext_lazy("Fits where most processes run, but without rules and records, and every owner is there."),
        gettext_lazy("Costs: a large first level, nothing finished before the last, and reviews only at the end."),
    ),
)


def field_of(code: str) -> str:
    """What a form calls the phase of a component."""
    return f"phase_{code}"


class ApproachForm(forms.Form):
    """The approach. `texts` are those of the plan, None where no catalogue is loaded."""

    approach = forms.ChoiceField(
        label=gettext_lazy("Approach"),
        choices=[(way.value, way.title) for way in WAYS],
        initial=Approach.THREE_PHASES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose an approach."),
            "invalid_choice": gettext_lazy("There is no such approach."),
        },
    )
    very_small = forms.BooleanField(label=gettext_lazy("This is a very small entity"), required=False)

    def __init__(self, *args: Any, texts: CatalogueTexts | None, closed: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        shut = set(closed)
        self.processes = processes_of(texts) if texts is not None else []
        self.others = [
            code
            for code in (texts.components if texts is not None else ())
            if code not in self.processes and (code in MANAGEMENT or self._is_extra(code))
        ]
        choices = [
            (
                str(number),
                _("%(number)d %(name)s (closed)") % {"number": number, "name": PHASE_NAMES[number]}
                if number in shut
                else f"{number} {PHASE_NAMES[number]}",
            )
            for number in PHASES
        ]
        for code in (*self.processes, *self.others):
            needed = code in self.processes
            title = texts.components[code].title if texts is not None else code
            self.fields[field_of(code)] = forms.ChoiceField(
                label=title,
                choices=choices if needed else [("", _("As in the catalogue")), *choices],
                initial=str(PROPOSED.get(code, "")) if needed else "",
                required=False,
                error_messages={"invalid_choice": _("Choose phase 1, 2 or 3.")},
            )

    def _is_extra(self, code: str) -> bool:
        return self.texts is not None and self.texts.supplement is not None and code in self.texts.supplement.components

    def clean(self) -> dict[str, Any]:
        """A plan of subsets needs a phase for each process."""
        answers = super().clean() or {}
        if self.texts is not None and not self.errors:
            try:
                check_way(self._way(answers), self.texts)
            except RuleBroken as refused:
                self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        return answers

    def _way(self, answers: Mapping[str, Any]) -> WayOfWorking:
        approach = answers.get("approach", Approach.THREE_PHASES)
        chosen = {
            code: int(answers[field_of(code)])
            for code in (*self.processes, *self.others)
            if answers.get(field_of(code))
        }
        return WayOfWorking(approach, chosen if approach == Approach.SUBSETS else {}, bool(answers.get("very_small")))

    @property
    def way(self) -> WayOfWorking:
        """What a valid form says."""
        return self._way(self.cleaned_data)

    @property
    def ways(self) -> list[tuple[WayWords, bool]]:
        """The approaches with their words, and which is chosen."""
        chosen = str(self["approach"].value() or "")
        return [(way, way.value == chosen) for way in WAYS]

    @property
    def process_fields(self) -> list[BoundField]:
        """The fields of the processes."""
        return [self[field_of(code)] for code in self.processes]

    @property
    def other_fields(self) -> list[BoundField]:
        """The fields of the parts of the management system and the supplement."""
        return [self[field_of(code)] for code in self.others]


def initial_of(way: WayOfWorking) -> dict[str, Any]:
    """A form that says `way`. What a plan without subsets does not say is proposed."""
    return {
        "approach": way.approach,
        "very_small": way.very_small,
        **{field_of(code): str(number) for code, number in way.component_phases.items()},
    }
