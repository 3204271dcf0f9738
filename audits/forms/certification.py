"""What people fill in on the way to the certificate, for what comes round, and for new and changed services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import (
    CyclePart,
    ExternalAuditKind,
    ExternalAuditOutcome,
    ExternalAuditState,
    FindingSource,
    Grade,
    ServiceChangeKind,
    Way,
)
from audits.models import CertificationBody, CertificationPath, CycleEntry, ExternalAudit, ServiceChange
from audits.services.certification import WayFacts
from audits.services.certification_bodies import BodyFacts
from audits.services.cycle import EntryFacts
from audits.services.external_audits import ExternalFacts, Held
from audits.services.findings import FindingFacts
from audits.services.service_changes import ChangeFacts
from governance.forms.decisions import day_field
from projects.choices import Edition
from projects.models import Party


def _area(label: Any, rows: int, most: int, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _line(label: Any, most: int, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text)


def _item(label: Any) -> forms.CharField:
    return _line(label, 12, gettext_lazy("The number of an item of evidence, such as E-0012."))


class Versioned(forms.Form):
    """A form that says which version of a row it was filled from."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)


class Owned(Versioned):
    """A form that names who sees to something, of `owners`."""

    def __init__(self, data: Any = None, *, owners: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.owners = {str(each.pk): each for each in owners}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 (for the type checker)
        owner.choices = [("", _("Nobody yet")), *((key, each.name) for key, each in self.owners.items())]

    def chosen(self) -> Party | None:
        """Who was chosen."""
        return self.owners.get(self.cleaned_data["owner"])


class WayForm(Versioned):
    """Choose the way, and say for what."""

    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=Way.choices, widget=forms.RadioSelect)
    why = _area(gettext_lazy("Why this way"), 2, 2000, gettext_lazy("Who asked for it, and what it is worth to you."))
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), choices=Edition.choices)
    wished_by = day_field(gettext_lazy("Wanted by"), required=False)
    scope_statement = _area(
        gettext_lazy("Scope in one sentence"),
        3,
        2000,
        gettext_lazy("Organization, services, places: as it is to stand on the certificate or the statement."),
    )

    def __init__(self, data: Any = None, *, path: CertificationPath, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                name: getattr(path, name)
                for name in ("version", "way", "why", "edition", "wished_by", "scope_statement")
            },
        )
        super().__init__(data, **kwargs)

    def facts(self) -> WayFacts:
        """What was written."""
        clean = self.cleaned_data
        return WayFacts(**{name: clean[name] for name in WayFacts.__annotations__})


class BodyForm(Versioned):
    """What is known of a body, and its quote."""

    name = _line(gettext_lazy("Name of the body"), 120, required=True)
    accredited_by = _line(
        gettext_lazy("Accredited by"), 120, gettext_lazy("For this standard. Ask for the number and look it up.")
    )
    contact = _line(gettext_lazy("Contact"), 160)
    amount = forms.DecimalField(
        label=gettext_lazy("Price of three years"), required=False, max_digits=14, decimal_places=2
    )
    stage_days = forms.DecimalField(
        label=gettext_lazy("Days of both stages"), required=False, max_digits=5, decimal_places=1
    )
    yearly_days = forms.DecimalField(
        label=gettext_lazy("Days of each surveillance"), required=False, max_digits=5, decimal_places=1
    )
    quoted_on = day_field(gettext_lazy("Quoted on"), required=False)
    valid_until = day_field(gettext_lazy("Holds until"), required=False)
    quote = _item(gettext_lazy("The quote"))
    notes = _area(
        gettext_lazy("Notes"), 3, 2000, gettext_lazy("Who would come, when they can, what is not in the price.")
    )

    def __init__(self, data: Any = None, *, body: CertificationBody | None = None, **kwargs: Any) -> None:
        if body is not None:
            names = (*BodyFacts.__annotations__, "version")
            initial = {name: getattr(body, name) for name in names}
            kwargs.setdefault("initial", {**initial, "quote": body.quote.key if body.quote is not None else ""})
        super().__init__(data, **kwargs)

    def facts(self) -> BodyFacts:
        """What was written."""
        clean = self.cleaned_data
        return BodyFacts(**{name: clean[name] for name in BodyFacts.__annotations__})


class ExternalForm(Versioned):
    """Plan or book an audit by others."""

    kind = forms.ChoiceField(label=gettext_lazy("Which audit"), choices=ExternalAuditKind.choices)
    body = forms.ChoiceField(label=gettext_lazy("By"), required=False)
    starts_on = day_field(gettext_lazy("From"), error_messages={"required": gettext_lazy("Say when it begins.")})
    ends_on = day_field(gettext_lazy("Until"), required=False)
    auditors = _line(gettext_lazy("Auditors"), 200)
    scope = _area(gettext_lazy("What they look at"), 3, 2000)
    booked = forms.BooleanField(label=gettext_lazy("The days are agreed with who comes"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        bodies: Sequence[CertificationBody],
        audit: ExternalAudit | None = None,
        **kwargs: Any,
    ) -> None:
        if audit is not None:
            names = ("version", "kind", "starts_on", "ends_on", "auditors", "scope")
            initial = {name: getattr(audit, name) for name in names}
            booked = audit.state == ExternalAuditState.BOOKED
            kwargs.setdefault("initial", {**initial, "body": str(audit.body_id or ""), "booked": booked})
        super().__init__(data, **kwargs)
        self.bodies = {str(each.pk): each for each in bodies}
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)  # noqa: S101 (for the type checker)
        body.choices = [("", _("Nobody yet, or a customer")), *((key, each.name) for key, each in self.bodies.items())]

    def facts(self) -> ExternalFacts:
        """What was written."""
        clean = self.cleaned_data
        values = {name: clean[name] for name in ExternalFacts.__annotations__}
        return ExternalFacts(**{**values, "body": self.bodies.get(clean["body"])})


class HeldForm(Versioned):
    """What an audit came to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=[each for each in ExternalAuditOutcome.choices if each[0]]
    )
    ended_on = day_field(gettext_lazy("Last day"), required=False)
    words = _area(gettext_lazy("What they said"), 4, 4000, required=True)
    certificate_number = _line(gettext_lazy("Number of the certificate"), 60)
    certificate_until = day_field(gettext_lazy("Certificate until"), required=False)
    report = _item(gettext_lazy("Their report"))

    def held(self) -> Held:
        """What was written."""
        clean = self.cleaned_data
        return Held(**{name: clean[name] for name in Held.__annotations__})


class ExternalFindingForm(forms.Form):
    """A finding of an audit by others, in their words."""

    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=Grade.choices)
    title = _line(gettext_lazy("In one line"), 160, required=True)
    found = _area(gettext_lazy("What they found, in their words"), 3, 4000, required=True)
    clauses = _line(gettext_lazy("Clauses"), 120, gettext_lazy("With commas between them: 9.2, 9.3"))
    owner = forms.ChoiceField(label=gettext_lazy("Who corrects it"), required=False)
    due = day_field(gettext_lazy("Corrected by"), required=False)

    def __init__(self, data: Any = None, *, owners: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.owners = {str(each.pk): each for each in owners}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 (for the type checker)
        owner.choices = [("", _("Nobody yet")), *((key, each.name) for key, each in self.owners.items())]

    def facts(self, audit: ExternalAudit) -> FindingFacts:
        """What was written, of `audit`."""
        clean = self.cleaned_data
        return FindingFacts(
            title=clean["title"],
            found=clean["found"],
            grade=clean["grade"],
            source=FindingSource.EXTERNAL,
            source_words=f"{audit.ref} {audit.get_kind_display()}",
            clauses=[each.strip() for each in clean["clauses"].replace(";", ",").split(",") if each.strip()],
            seen_on=audit.ends_on,
            owner=self.owners.get(clean["owner"]),
            due=clean["due"],
        )


class EntryForm(Owned):
    """Something that comes round."""

    title = _line(gettext_lazy("What is to be done"), 160, required=True)
    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=CyclePart.choices)
    months = forms.IntegerField(label=gettext_lazy("Every so many months"), min_value=1, max_value=60, initial=12)
    next_on = day_field(gettext_lazy("Next on"))
    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it"), required=False)
    clauses = _line(gettext_lazy("Clauses"), 120, gettext_lazy("With commas between them: 9.2, 9.3"))
    is_active = forms.BooleanField(label=gettext_lazy("It comes round"), required=False, initial=True)

    def __init__(self, data: Any = None, *, entry: CycleEntry | None = None, **kwargs: Any) -> None:
        if entry is not None:
            names = ("version", "title", "part", "months", "next_on", "is_active")
            initial = {name: getattr(entry, name) for name in names}
            more = {"owner": str(entry.owner_id or ""), "clauses": ", ".join(entry.clauses)}
            kwargs.setdefault("initial", {**initial, **more})
        super().__init__(data, **kwargs)
        if entry is None:
            del self.fields["is_active"]

    def facts(self) -> EntryFacts:
        """What was written."""
        clean = self.cleaned_data
        clauses = clean["clauses"].replace(";", ",").split(",")
        return EntryFacts(clean["title"], clean["part"], clean["months"], clean["next_on"], self.chosen(), clauses)


class ServiceChangeForm(Owned):
    """A new or changed service."""

    kind = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=ServiceChangeKind.choices)
    service = _line(gettext_lazy("Service"), 160, required=True)
    description = _area(gettext_lazy("What is wanted, and why"), 4, 4000)
    owner = forms.ChoiceField(label=gettext_lazy("Who sees to it"), required=False)
    wanted_by = day_field(gettext_lazy("Wanted by"), required=False)

    def __init__(self, data: Any = None, *, change: ServiceChange | None = None, **kwargs: Any) -> None:
        if change is not None:
            names = ("version", "kind", "service", "description", "wanted_by")
            initial = {name: getattr(change, name) for name in names}
            kwargs.setdefault("initial", {**initial, "owner": str(change.owner_id or "")})
        super().__init__(data, **kwargs)
        if change is not None:
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)  # noqa: S101 (for the type checker)
            kind.choices = [(change.kind, ServiceChangeKind(change.kind).label)]
            kind.help_text = _("Its steps belong to its kind.")

    def facts(self) -> ChangeFacts:
        """What was written."""
        clean = self.cleaned_data
        return ChangeFacts(clean["kind"], clean["service"], clean["description"], self.chosen(), clean["wanted_by"])
