"""What people say of a gate and its criteria."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import CriterionRule, Gate
from governance.registries import GateCriterion
from governance.services.gates import LONGEST, LONGEST_WHY
from phases.forms.rows import DayField

YES_NO = [("yes", _("It holds")), ("no", _("It does not hold"))]
USED = [("yes", _("Used at this gate")), ("no", _("Not used at this gate"))]
UNITS = {
    "percent": _("In percent."),
    "count": _("How many at least."),
    "months": _("How many months at least."),
    "days": _("How many days at most."),
}


def _words(label: Any, needed: Any = "", help_text: Any = "", most: int = LONGEST) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(needed),
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": needed},
    )


class AttestForm(forms.Form):
    """Whether a criterion holds, and what that rests on."""

    holds = forms.ChoiceField(
        label=_("What you say"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it holds."), "invalid_choice": _("Say whether it holds.")},
    )
    note = _words(
        _("What you rest it on"),
        _("Say in a line what you rest this on. An auditor will read it."),
        _("Name what you saw or know: a document, a meeting, a person."),
    )


class WaiveForm(forms.Form):
    """Why a gate may pass without a criterion, or why it is asked for again."""

    why = _words(_("Reason"), _("Give the reason."))


class RuleForm(forms.Form):
    """Another threshold, or not at all, and why."""

    is_used = forms.ChoiceField(
        label=_("At this gate"),
        choices=USED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    threshold = forms.DecimalField(
        label=_("Threshold"),
        required=False,
        max_digits=9,
        decimal_places=2,
        error_messages={"invalid": _("Give a number, such as 85.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    why = _words(_("Reason"), _("Say why this project does it otherwise."), most=LONGEST_WHY)

    def __init__(self, *args: Any, criterion: GateCriterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not criterion.takes_threshold:
            del self.fields["threshold"]
        else:
            usual = criterion.threshold
            said = UNITS[criterion.unit]
            self.fields["threshold"].help_text = (
                _("%(unit)s Usually %(usual)s; leave it empty for that.") % {"unit": said, "usual": f"{usual:f}"}
                if usual is not None
                else _("%(unit)s Leave it empty for the usual one.") % {"unit": said}
            )
        if not criterion.may_be_waived:
            del self.fields["is_used"]


class PlanForm(forms.Form):
    """When a gate is planned, and what is to be known of it."""

    planned_on = DayField(
        label=_("Planned for"),
        help_text=_("Leave it empty for the last day of the phase; gate 4 stands four weeks after phase 3."),
    )
    note = _words(_("Note"))


def rule_initial(rule: CriterionRule | None) -> dict[str, Any]:
    """What a rule form begins with."""
    threshold = rule.threshold if rule is not None else None
    return {
        "is_used": "yes" if rule is None or rule.is_used else "no",
        "threshold": f"{threshold.normalize():f}" if threshold is not None else "",
        "why": rule.why if rule is not None else "",
    }


def plan_initial(gate: Gate) -> dict[str, Any]:
    """What a plan form begins with."""
    return {"planned_on": gate.planned_on, "note": gate.note}
