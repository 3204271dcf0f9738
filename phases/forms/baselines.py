"""What people fill in to take a baseline, and what an address asks of a comparison."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from common import query as reading
from phases.choices import PHASE_NAMES
from phases.domain.baselines import What
from phases.selectors.baseline_compare import DiffQuery
from phases.services.baselines import LONGEST_NAME, LONGEST_NOTE

ASKED = ("a", "b", "phase", "component", "what")


class BaselineForm(forms.Form):
    """A new baseline."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What the plan stood for: Start of phase 1, After the gate."),
        error_messages={"required": _("Give the baseline a name, such as Start of phase 1.")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who agreed to this plan, and where."),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which two plans are compared: baselines by number; None for the newest baseline, and for the plan of now."""

    first: int | None
    second: int | None
    query: DiffQuery


def read_asked(values: Mapping[str, str], components: Collection[str]) -> Asked:
    """What an address asks for. Raises BadRequest for what no page of ours writes."""
    phase = reading.choice("phase", values["phase"], {str(number) for number in PHASE_NAMES})
    what = reading.choice("what", values["what"], {str(each) for each in What})
    return Asked(
        reading.whole_number("a", values["a"]),
        reading.whole_number("b", values["b"]),
        DiffQuery(
            phase=int(phase) if phase else None,
            component=reading.choice("component", values["component"], components),
            what=What(what) if what else None,
        ),
    )
