"""What people fill in around requests of auditors and findings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import FindingSource, Grade
from audits.models import AuditFinding, AuditRequest, CorrectiveAction
from audits.services.asking import Wanted
from audits.services.finding_steps import StepWish
from audits.services.findings import FindingFacts, Treatment
from evidence.forms.items import refs_of
from governance.forms.decisions import day_field
from phases.models import ProjectActivity
from phases.selectors.clauses import clause_titles
from projects.choices import Edition
from projects.models import Party, Project

GRADE_HELP = gettext_lazy(
    "Major: the system fails in a requirement, or lacks it. Minor: a lapse in one that is met otherwise. Observation: "
    "not wrong yet. Opportunity: it could be better."
)


def _area(label: Any, rows: int, help_text: Any = "", *, required: str = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={"required": required} if required else {},
    )


class PartyField(forms.ChoiceField):
    """One of the parties of a project; cleaned to the party, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parties: dict[str, Party] = {}

    def offer(self, parties: Sequence[Party], empty: str) -> None:
        """Let it be one of `parties`."""
        self.parties = {str(each.pk): each for each in parties}
        self.choices = [("", empty), *((key, each.name) for key, each in self.parties.items())]
        self.error_messages["invalid_choice"] = _("Choose one of the list.")

    def clean(self, value: Any) -> Any:
        """The party that was chosen."""
        return self.parties.get(super().clean(value))


class RequestForm(forms.Form):
    """Ask for proof as an auditor."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    text = _area(
        gettext_lazy("What you want to see"),
        4,
        gettext_lazy(
            "So that it can be given in one go: the last three reviews of the capacity plan, with who was there."
        ),
        required=gettext_lazy("Say what you want to see."),  # type: ignore[arg-type]  # a lazy text
        most=2000,
    )
    asked_of = PartyField(
        label=gettext_lazy("Who gives it"),
        required=False,
        help_text=gettext_lazy("Left open, anybody here may answer."),
    )
    due = day_field(gettext_lazy("By"), error_messages={"required": gettext_lazy("Say by when you need it.")})
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), choices=Edition.choices)
    clause = forms.CharField(
        label=gettext_lazy("Clause"), required=False, max_length=12, help_text=gettext_lazy("Such as 9.2.")
    )
    ref = forms.CharField(
        label=gettext_lazy("Activity"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("Such as CH.i. What is given proves it from then on."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        project: Project,
        parties: Sequence[Party],
        asked: AuditRequest | None = None,
        **kwargs: Any,
    ) -> None:
        if asked is not None:
            kwargs["initial"] = {
                "version": asked.version,
                "text": asked.text,
                "asked_of": str(asked.asked_of_id or ""),
                "due": asked.due,
                "edition": asked.edition,
                "clause": asked.clause,
                "ref": asked.activity.ref if asked.activity is not None else "",
            }
        super().__init__(data, **kwargs)
        self.project = project
        self.activity: ProjectActivity | None = None
        party = self.fields["asked_of"]
        assert isinstance(party, PartyField)  # noqa: S101 (for the type checker)
        party.offer(parties, _("Whoever knows"))

    def clean_ref(self) -> str:
        """The ref of an activity of the project, kept as `activity`."""
        ref: str = self.cleaned_data["ref"].strip()
        if ref:
            self.activity = ProjectActivity.objects.filter(project=self.project, ref=ref).first()
            if self.activity is None:
                raise forms.ValidationError(_("The plan has no activity %(ref)s.") % {"ref": ref})
        return ref

    def wanted(self) -> Wanted:
        """What was asked."""
        clean = self.cleaned_data
        return Wanted(clean["text"], clean["due"], clean["asked_of"], clean["edition"], clean["clause"], self.activity)


class FindingForm(forms.Form):
    """Say what was found. Once it is there, its grade is changed with a reason, its owner with its treatment."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=160,
        error_messages={"required": gettext_lazy("Say in a few words what was found.")},
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), choices=Grade.choices, widget=forms.RadioSelect, help_text=GRADE_HELP
    )
    found = _area(
        gettext_lazy("What is"),
        4,
        gettext_lazy("As somebody saw it: where, when, how many of how many."),
        required=gettext_lazy("Say what is, as somebody saw it."),  # type: ignore[arg-type]  # a lazy text
    )
    proof = _area(gettext_lazy("What shows it"), 2, gettext_lazy("Records, places, names of systems."))
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), choices=Edition.choices)
    clauses = forms.CharField(
        label=gettext_lazy("Clauses"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("What asks for it: one or more numbers, such as 8.5.1 9.2."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"), choices=FindingSource.choices)
    source_words = forms.CharField(
        label=gettext_lazy("More about that"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The number of a complaint or an incident, for example."),
    )
    seen_on = day_field(gettext_lazy("Seen on"), required=False)
    owner = PartyField(label=gettext_lazy("Who corrects it"), required=False)
    due = day_field(gettext_lazy("To be corrected by"), required=False)
    items = forms.CharField(
        label=gettext_lazy("Evidence that shows it"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Keys, such as E-0001 E-0002."),
    )

    def __init__(
        self, data: Any = None, *, parties: Sequence[Party] = (), finding: AuditFinding | None = None, **kwargs: Any
    ) -> None:
        if finding is not None:
            kwargs["initial"] = {
                "version": finding.version,
                **{name: getattr(finding, name) for name in ("title", "found", "proof", "edition", "source")},
                "source_words": finding.source_words,
                "clauses": " ".join(finding.clauses),
                "seen_on": finding.seen_on,
            }
        super().__init__(data, **kwargs)
        self.finding = finding
        if finding is not None:
            for name in ("grade", "owner", "due", "items"):
                del self.fields[name]
            return
        party = self.fields["owner"]
        assert isinstance(party, PartyField)  # noqa: S101 (for the type checker)
        party.offer(parties, _("Decided later"))

    def facts(self) -> FindingFacts:
        """What was found."""
        clean = self.cleaned_data
        return FindingFacts(
            title=clean["title"],
            found=clean["found"],
            grade=self.finding.grade if self.finding is not None else clean["grade"],
            source=clean["source"],
            clauses=refs_of(clean["clauses"]),
            edition=clean["edition"],
            proof=clean["proof"],
            component=self.finding.component if self.finding is not None else "",
            source_words=clean["source_words"],
            seen_on=clean["seen_on"] or (self.finding.seen_on if self.finding is not None else None),
            owner=clean.get("owner"),
            due=clean.get("due"),
            items=[key.upper() for key in refs_of(clean.get("items", ""))],
        )


class TreatmentForm(forms.Form):
    """Say how a finding is corrected."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    owner = PartyField(label=gettext_lazy("Who corrects it"), required=False)
    due = day_field(gettext_lazy("All done by"), required=False)
    correction = _area(
        gettext_lazy("Correction"), 3, gettext_lazy("What was put right at once, so that no more harm is done.")
    )
    corrected_on = day_field(gettext_lazy("Put right on"), required=False)
    cause = _area(
        gettext_lazy("Cause"), 3, gettext_lazy("Why it came about: ask until the answer is something you can change.")
    )
    verify_on = day_field(
        gettext_lazy("Effect looked at from"),
        required=False,
        help_text=gettext_lazy("Left empty: 30 days after the last action."),
    )

    def __init__(self, data: Any = None, *, parties: Sequence[Party], finding: AuditFinding, **kwargs: Any) -> None:
        names = ("version", "due", "correction", "corrected_on", "cause", "verify_on")
        kwargs.setdefault(
            "initial",
            {name: getattr(finding, name) for name in names} | {"owner": str(finding.owner_id or "")},
        )
        super().__init__(data, **kwargs)
        party = self.fields["owner"]
        assert isinstance(party, PartyField)  # noqa: S101 (for the type checker)
        party.offer(parties, _("Nobody yet"))

    def said(self) -> Treatment:
        """What was said."""
        clean = dict(self.cleaned_data)
        clean.pop("version")
        return Treatment(**clean)


class StepForm(forms.Form):
    """A corrective action. With `step`, one that is there already."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
        help_text=gettext_lazy("So that it does not come about again, here or elsewhere."),
    )
    owner = PartyField(label=gettext_lazy("Who does it"), error_messages={"required": gettext_lazy("Say who does it.")})
    due = day_field(gettext_lazy("By"), error_messages={"required": gettext_lazy("Say by when it is to be done.")})

    def __init__(
        self, data: Any = None, *, parties: Sequence[Party], step: CorrectiveAction | None = None, **kwargs: Any
    ) -> None:
        if step is not None:
            kwargs["initial"] = {
                "version": step.version,
                "text": step.text,
                "owner": str(step.owner_id or ""),
                "due": step.due,
            }
        # It stands on one page with the form of the finding's treatment, whose fields have the same names.
        super().__init__(data, auto_id="id_step_%s", **kwargs)
        party = self.fields["owner"]
        assert isinstance(party, PartyField)  # noqa: S101 (for the type checker)
        party.offer(parties, _("Choose who"))

    def wish(self) -> StepWish:
        """What was written."""
        clean = self.cleaned_data
        return StepWish(clean["text"], clean["owner"], clean["due"])


def known_clause(edition: str, number: str) -> bool:
    """Whether an edition has a clause of this number."""
    return number in clause_titles().get(edition, {})
