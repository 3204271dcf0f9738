"""What people fill in to change the dates of a plan, its rules and its links."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.texts import clean_line
from phases.choices import Nature
from phases.models import ProjectActivity
from phases.services.plan_rules import MOST_PER_WEEK, Figures
from projects.forms.fields import IsoDateField


class PhaseDatesForm(forms.Form):
    """The dates of one phase."""

    start = IsoDateField(label=gettext_lazy("Start"))
    end = IsoDateField(label=gettext_lazy("End"))
    shift = forms.BooleanField(
        label=gettext_lazy("Later phases keep their distance and move along"), required=False, initial=True
    )


class RowDateForm(forms.Form):
    """A due date of its own for one phase activity."""

    due = IsoDateField(
        label=gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("Leave it empty to let the activity follow its package again."),
    )


class PlanRulesForm(forms.Form):
    """By when work of each nature is due, how much a person has a week, which component comes before which."""

    per_week = forms.IntegerField(
        label=gettext_lazy("Due per person and week, at most"),
        min_value=1,
        max_value=MOST_PER_WEEK,
        error_messages={"invalid": gettext_lazy("Give a whole number.")},
    )
    order = forms.CharField(
        label=gettext_lazy("Order of components"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("One pair a line, what comes first at the left: SL > SR."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nature in Nature:
            self.fields[f"share_{nature.value}"] = forms.IntegerField(
                label=nature.label,
                min_value=1,
                max_value=100,
                error_messages={"invalid": _("Give a whole number.")},
            )

    @property
    def shares(self) -> list[forms.BoundField]:
        """The fields of the shares, in the order of the natures."""
        return [self[f"share_{nature.value}"] for nature in Nature]

    def clean_order(self) -> list[tuple[str, str]]:
        """The pairs of components, in the order of the lines."""
        pairs = []
        for number, line in enumerate(self.cleaned_data["order"].splitlines(), start=1):
            if not clean_line(line):
                continue
            parts = [part.strip().upper() for part in line.split(">")]
            if len(parts) != 2 or not all(parts):
                raise forms.ValidationError(
                    _("Line %(number)d: write two components with > between them, as SL > SR.") % {"number": number}
                )
            pairs.append((parts[0], parts[1]))
        return pairs

    def figures(self) -> Figures:
        """The rules, once the form is valid."""
        data = self.cleaned_data
        return Figures({nature: data[f"share_{nature}"] for nature in Nature.values}, data["per_week"], data["order"])


def initial_rules(shares: dict[str, int], per_week: int, order: list[list[str]]) -> dict[str, Any]:
    """What `PlanRulesForm` starts with."""
    return {
        "per_week": per_week,
        "order": "\n".join(f"{before} > {after}" for before, after in order),
        **{f"share_{nature}": share for nature, share in shares.items()},
    }


class LinkForm(forms.Form):
    """An activity that waits for another, both by their refs."""

    after = forms.CharField(label=gettext_lazy("Activity"), max_length=24)
    before = forms.CharField(label=gettext_lazy("waits for"), max_length=24)

    def __init__(self, *args: Any, activities: dict[str, ProjectActivity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activities = {ref.lower(): activity for ref, activity in activities.items()}
        for name in ("after", "before"):
            self.fields[name].widget.attrs |= {"list": "refs", "autocomplete": "off", "placeholder": "CH.i"}

    def _activity(self, name: str) -> ProjectActivity:
        ref = clean_line(self.cleaned_data[name])
        found = self.activities.get(ref.lower())
        if found is None:
            raise forms.ValidationError(_("The plan has no activity %(ref)s.") % {"ref": ref})
        return found

    def clean_after(self) -> ProjectActivity:
        """The activity that waits."""
        return self._activity("after")

    def clean_before(self) -> ProjectActivity:
        """The activity that it waits for."""
        return self._activity("before")
