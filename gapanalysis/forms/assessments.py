"""What a person decides about an assessment: its kind, what it looks at, how and when."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from gapanalysis.choices import AssessmentKind
from gapanalysis.models import Assessment
from gapanalysis.services.assessments import LONGEST_TEXT, LONGEST_TITLE, AssessmentPlan
from projects.models import Project

_SHORT = {
    AssessmentKind.BASELINE: gettext_lazy("Baseline"),
    AssessmentKind.PHASE_1: gettext_lazy("End of phase 1"),
    AssessmentKind.PHASE_2: gettext_lazy("End of phase 2"),
    AssessmentKind.PHASE_3: gettext_lazy("End of phase 3"),
    AssessmentKind.READINESS: gettext_lazy("Readiness"),
    AssessmentKind.AD_HOC: gettext_lazy("Interim"),
}
ASKS = {
    AssessmentKind.BASELINE: gettext_lazy(
        "Asks everything, once, so that later results have something to stand beside."
    ),
    AssessmentKind.PHASE_1: gettext_lazy(
        "Asks what phase 1 worked on, every earlier gap, and a tenth of what conformed."
    ),
    AssessmentKind.PHASE_2: gettext_lazy(
        "Asks what phase 2 worked on, every earlier gap, and a tenth of what conformed."
    ),
    AssessmentKind.PHASE_3: gettext_lazy(
        "Asks what phase 3 worked on, every earlier gap, and a tenth of what conformed."
    ),
    AssessmentKind.READINESS: gettext_lazy("Asks everything again before you book the stage 1 audit."),
    AssessmentKind.AD_HOC: gettext_lazy("Asks everything when you want to know; no phase end waits for it."),
}


def title_for(project: Project, kind: str) -> str:
    """What an assessment is called when nobody names it: "Baseline, March 2026"."""
    short = str(_SHORT[AssessmentKind(kind)])
    return f"{short}, {dateformat.format(clock.today(project.time_zone), 'F Y')}"


class _PlanForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=gettext_lazy("Left empty, it is called after its kind and this month."),
    )
    scope = forms.CharField(
        label=gettext_lazy("Scope"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Services, places and teams that were looked at. Never clauses: none may be left out."),
    )
    method = forms.CharField(
        label=gettext_lazy("Method"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("How the answers came about: interviews with whom, how many records sampled."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day by which people should have answered."),
    )


class StartForm(_PlanForm):
    """A new assessment."""

    field_order = ("kind", "title", "started_from", "small", "starts_on", "ends_on", "scope", "method")
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=AssessmentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the assessment is for.")},
    )
    started_from = forms.ChoiceField(
        label=gettext_lazy("Earlier answers"),
        required=False,
        help_text=gettext_lazy("They stand beside each question. None counts until somebody confirms or changes it."),
    )
    small = forms.BooleanField(
        label=gettext_lazy("Ask only what a very small provider is asked"),
        required=False,
        help_text=gettext_lazy("About a third of the questions, for three to ten people."),
    )

    def __init__(self, data: Any = None, *, locked: Sequence[Assessment], has_baseline: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.locked = {each.key: each for each in locked}
        kind, earlier = self.fields["kind"], self.fields["started_from"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(earlier, forms.ChoiceField)  # noqa: S101 (for the type checker)
        if has_baseline:
            kind.choices = [pair for pair in AssessmentKind.choices if pair[0] != AssessmentKind.BASELINE]
        earlier.choices = [
            *((each.key, _("Beside those of %(title)s") % {"title": each.title}) for each in reversed(locked)),
            ("", _("None: start afresh, with the newest version of the questions")),
        ]

    def plan(self, project: Project) -> tuple[AssessmentPlan, Assessment | None]:
        """What was filled in, and the assessment that the new one starts from."""
        values = dict(self.cleaned_data)
        started_from = self.locked.get(values.pop("started_from"))
        values["title"] = values["title"] or title_for(project, values["kind"])
        return AssessmentPlan(**values), started_from


class ChangeForm(_PlanForm):
    """Other words and dates for an assessment that is not locked."""

    field_order = ("title", "starts_on", "ends_on", "scope", "method")

    def plan(self, assessment: Assessment) -> AssessmentPlan:
        """What was filled in, for `assessment`."""
        values = dict(self.cleaned_data)
        values["title"] = values["title"] or assessment.title
        return AssessmentPlan(kind=assessment.kind, small=assessment.is_small, **values)
