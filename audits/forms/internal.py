"""What people fill in around internal audits."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import CheckResult, Grade
from audits.domain.impartial import order_of
from audits.domain.programme import units
from audits.models import Audit, CheckItem, Programme
from audits.selectors.impartiality import Candidate
from audits.services.audits import AuditFacts, Auditor
from audits.services.programmes import ProgrammeFacts
from common.exceptions import RuleBroken
from governance.forms.decisions import day_field
from phases.selectors.clauses import clause_titles
from projects.choices import Edition
from projects.models import Party


def version_field() -> forms.CharField:
    """The version of what was shown, hidden."""
    return forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)


def refuse(form: forms.Form, error: RuleBroken) -> None:
    """Put what a service refused at the field it names, or over the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


class ProgrammeForm(forms.Form):
    """A programme: its name, edition and days."""

    version = version_field()
    title = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        error_messages={"required": gettext_lazy("Give the programme a name.")},
    )
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), choices=Edition.choices)
    starts_on = day_field(gettext_lazy("From"), error_messages={"required": gettext_lazy("Say when it begins.")})
    ends_on = day_field(gettext_lazy("Until"), error_messages={"required": gettext_lazy("Say when it ends.")})
    aims = forms.CharField(
        label=gettext_lazy("What it is to find out"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What matters more now, what earlier audits found, what changes."),
    )

    def facts(self) -> ProgrammeFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return ProgrammeFacts(data["title"], data["edition"], data["starts_on"], data["ends_on"], data["aims"])


def initial_programme(programme: Programme) -> dict[str, Any]:
    """What a form shows of `programme`."""
    return {
        "version": programme.version,
        "title": programme.title,
        "edition": programme.edition,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "aims": programme.aims,
    }


class AuditForm(forms.Form):
    """The plan of an audit; its clauses are chosen from those of one edition."""

    version = version_field()
    title = forms.CharField(
        label=gettext_lazy("Name"), max_length=160, error_messages={"required": gettext_lazy("Give the audit a name.")}
    )
    starts_on = day_field(gettext_lazy("From"), error_messages={"required": gettext_lazy("Say when it begins.")})
    ends_on = day_field(gettext_lazy("Until"), required=False)
    scope = forms.CharField(
        label=gettext_lazy("Scope"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Which services, sites and teams."),
    )
    criteria = forms.CharField(
        label=gettext_lazy("Criteria"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What it is held against. Left empty: the standard, our documents, what is agreed."),
    )
    methods = forms.CharField(
        label=gettext_lazy("Methods"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Left empty: talks, samples of records, watching the work."),
    )
    clauses = forms.MultipleChoiceField(
        label=gettext_lazy("Clauses"),
        error_messages={
            "required": gettext_lazy("Choose at least one clause."),
            "invalid_choice": gettext_lazy("There is no clause %(value)s in this edition."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        edition: str,
        programme: Programme | None,
        also: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.edition, self.programme = edition, programme
        titles = clause_titles()[edition]
        offered = sorted({*units(titles), *(each for each in also if each in titles)}, key=order_of)
        field = self.fields["clauses"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(clause, f"{clause} {titles[clause]}") for clause in offered]
        chosen = set(self["clauses"].value() or ())
        groups: dict[str, list[dict[str, Any]]] = {}
        for clause in offered:
            groups.setdefault(clause.split(".")[0], []).append(
                {"clause": clause, "title": titles[clause], "chosen": clause in chosen}
            )
        self.groups = [
            {"clause": top, "title": titles.get(top, ""), "rows": rows, "any": any(row["chosen"] for row in rows)}
            for top, rows in groups.items()
        ]

    def facts(self) -> AuditFacts:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        return AuditFacts(
            title=data["title"],
            edition=self.edition,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            clauses=data["clauses"],
            scope=data["scope"],
            criteria=data["criteria"],
            methods=data["methods"],
            programme=self.programme,
        )


def initial_audit(audit: Audit, clauses: Sequence[str]) -> dict[str, Any]:
    """What a form shows of `audit`."""
    return {
        "version": audit.version,
        "title": audit.title,
        "starts_on": audit.starts_on,
        "ends_on": audit.ends_on,
        "scope": audit.scope,
        "criteria": audit.criteria,
        "methods": audit.methods,
        "clauses": list(clauses),
    }


def read_auditors(data: QueryDict, people: Mapping[str, Candidate]) -> list[Auditor]:
    """The auditors that a form names: `auditor` once for each, `lead` the one who leads, `competence-KEY` beside each.

    A lead is an auditor whether or not the box is ticked. Raises RuleBroken for somebody who is not of the project.
    """
    named = list(dict.fromkeys([*data.getlist("auditor"), *filter(None, [data.get("lead", "")])]))
    if any(key not in people for key in named):
        raise RuleBroken(_("Name people of this project; a group cannot audit."), field="auditors")
    return [
        Auditor(people[key], is_lead=key == data.get("lead"), competence=data.get(f"competence-{key}", ""))
        for key in named
    ]


class PointForm(forms.Form):
    """What was found at a point."""

    version = version_field()
    result = forms.ChoiceField(
        label=gettext_lazy("What you found"),
        choices=CheckResult.choices,
        error_messages={
            "required": gettext_lazy("Choose one of the list."),
            "invalid_choice": gettext_lazy("Choose one of the list."),
        },
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Whom you spoke to, what you saw, where it stands."),
    )


def initial_point(item: CheckItem) -> dict[str, Any]:
    """What a form shows of `item`."""
    return {"version": item.version, "result": item.result, "notes": item.notes}


class PointFindingForm(forms.Form):
    """A finding that is raised from a point."""

    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=Grade.choices)
    title = forms.CharField(
        label=gettext_lazy("In a line"),
        max_length=160,
        error_messages={"required": gettext_lazy("Say in a line what is wrong.")},
    )
    found = forms.CharField(
        label=gettext_lazy("What is, and what should be"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say what you found.")},
    )
    proof = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Who sees to it"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a party of this project.")},
    )
    due = day_field(gettext_lazy("Corrected by"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("Nobody yet")), *((key, party.name) for key, party in self._parties.items())]

    @property
    def party(self) -> Party | None:
        """Who was chosen, once the form is valid."""
        return self._parties.get(self.cleaned_data.get("owner", ""))


class ReportForm(forms.Form):
    """What the lead says an audit came to."""

    version = version_field()
    summary = forms.CharField(
        label=gettext_lazy("What the audit came to"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("A few sentences for people who read nothing else."),
        error_messages={"required": gettext_lazy("Say in a few sentences what the audit came to.")},
    )
    conclusion = forms.CharField(
        label=gettext_lazy("Conclusion"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Does the system conform to the criteria? Is it carried out, and does it work?"),
        error_messages={"required": gettext_lazy("Say whether the system conforms, and is effective.")},
    )
