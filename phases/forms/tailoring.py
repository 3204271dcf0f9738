"""What the compare view is asked to show, and the words that tailoring asks for."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.query import choice, read_query
from phases.choices import PHASE_NAMES
from phases.domain.tailoring import KINDS
from phases.selectors.tailoring import PlanLine
from phases.services.reasons import LONGEST_REASON

DIFFERENT, EVERYTHING = "different", "all"
MOST_CHOSEN = 200
_PLACE = re.compile(r"[A-Za-z0-9.\-/]{1,24}@[0-4]")


@dataclass(frozen=True, slots=True)
class CompareQuery:
    """What of the plan is asked for. An empty tuple or text leaves nothing out."""

    show: str = DIFFERENT
    kinds: tuple[str, ...] = ()
    phase: int | None = None
    component: str = ""
    text: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves something out."""
        return bool(self.kinds or self.phase is not None or self.component or self.text)

    @property
    def address(self) -> str:
        """It as the part of an address behind "?"."""
        pairs = [
            ("show", self.show if self.show != DIFFERENT else ""),
            *(("kind", kind) for kind in self.kinds),
            ("phase", "" if self.phase is None else str(self.phase)),
            ("component", self.component),
            ("q", self.text),
        ]
        return urlencode([(name, value) for name, value in pairs if value])


def read_compare_query(data: QueryDict, components: Iterable[str]) -> CompareQuery:
    """What the address asks for. Raises BadRequest for anything that no page of ours would write."""
    one, many = read_query(data, single=("show", "phase", "component", "q"), multiple=("kind",))
    for kind in many["kind"]:
        choice("kind", kind, KINDS)
    phase = choice("phase", one["phase"], [str(number) for number in PHASE_NAMES])
    return CompareQuery(
        show=choice("show", one["show"], (DIFFERENT, EVERYTHING)) or DIFFERENT,
        kinds=tuple(dict.fromkeys(many["kind"])),
        phase=int(phase) if phase else None,
        component=choice("component", one["component"], list(components)),
        text=" ".join(one["q"].split()),
    )


def filter_lines(lines: Iterable[PlanLine], query: CompareQuery) -> list[PlanLine]:
    """The lines that `query` asks for."""
    words = query.text.casefold().split()
    return [
        line
        for line in lines
        if (query.show == EVERYTHING or line.kind)
        and (not query.kinds or line.kind in query.kinds)
        and (query.phase is None or line.phase == query.phase)
        and (not query.component or line.component == query.component)
        and all(word in f"{line.ref} {line.title} {line.why} {line.who}".casefold() for word in words)
    ]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that an act is about to take: by name, or an activity (`ref`) in all its open phases or in one."""

    names: frozenset[str] = frozenset()
    refs: frozenset[str] = frozenset()
    component: str = ""
    phase: int | None = None

    def has(self, line: PlanLine) -> bool:
        """Whether it takes `line`."""
        if line.name in self.names:
            return True
        in_phase = self.phase is None or line.phase == self.phase
        return in_phase and (line.ref in self.refs or bool(self.component and line.component == self.component))

    def is_unknown(self, refs: Collection[str], names: Collection[str]) -> bool:
        """Whether it names an activity that is not of the plan's `refs`, or rows none of which is of its `names`.

        Of rows that were ticked some may have moved on since the page was shown; the others stay chosen.
        """
        return not self.refs <= set(refs) or (bool(self.names) and self.names.isdisjoint(names))


def read_chosen(data: QueryDict, components: Iterable[str]) -> Chosen:
    """The rows that the address names. Raises BadRequest for a name that no row can have."""
    one, many = read_query(data, single=("component", "phase"), multiple=("row", "ref"))
    if any(not _PLACE.fullmatch(name) for name in many["row"]):
        raise BadRequest("a row is named wrongly")
    phase = choice("phase", one["phase"], [str(number) for number in PHASE_NAMES])
    return Chosen(
        names=frozenset(many["row"]),
        refs=frozenset(many["ref"]),
        component=choice("component", one["component"], list(components)),
        phase=int(phase) if phase else None,
    )


class ReasonForm(forms.Form):
    """A justification. The service judges the words."""

    reason = forms.CharField(
        label=_("Justification"),
        error_messages={"required": _("Say why in a line. An auditor will read it.")},
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An auditor will read it: “No supplier works through others”."),
    )


class RemarkForm(forms.Form):
    """A reason that may stay away."""

    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
