"""What people fill in about the team of a project, and what the address of the team page may ask."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.workbook_out import FORMATS
from projects.choices import PartyKind, ProjectRole
from projects.models import Invitation, Party, Project
from projects.selectors.team import PARTY_SORTS, PARTY_VIEWS, PartyQuery

# What each role comes for; the table role x capability says the rest.
ROLE_NOTES: dict[str, str | Promise] = {
    ProjectRole.MANAGER: _("Plans, assigns and tracks everything, and invites people."),
    ProjectRole.TOP_MANAGEMENT: _("Stands behind the project; verifies what others did."),
    ProjectRole.CHAIR: _("Leads the steering committee; verifies what others did."),
    ProjectRole.COMMITTEE: _("Oversees the project: reads everything, the trail too."),
    ProjectRole.PROCESS_OWNER: _("Answers for a process: reports on its activities and verifies others'."),
    ProjectRole.TEAM: _("Reports on the activities given to them."),
    ProjectRole.AUDITOR: _("Reads everything, changes nothing, and holds no other role."),
}


def single_values(query: QueryDict, allowed: tuple[str, ...]) -> dict[str, str]:
    """The parameters of an address. Raises BadRequest for an unknown name or a value given twice."""
    for name in query:
        if name not in allowed:
            raise BadRequest(f"unknown parameter {name}")
        if len(query.getlist(name)) != 1:
            raise BadRequest(f"{name} may be given once")
    return {name: str(query[name]).strip() for name in query}


def whole_number(raw: str) -> int:
    """A row's number in an address. Raises BadRequest for anything else."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise BadRequest("not a number")
    return int(raw)


def parse_party_query(query: QueryDict) -> tuple[PartyQuery, str]:
    """What the list of parties is to show, and as what ("" for the page, else one of FORMATS). Raises BadRequest."""
    values = single_values(query, ("q", "show", "sort", "format"))
    sort = values.get("sort", "name")
    view = values.get("show", "all") or "all"
    form = values.get("format", "")
    if sort.removeprefix("-") not in PARTY_SORTS or view not in PARTY_VIEWS or form not in ("", *FORMATS):
        raise BadRequest("no such value")
    text = values.get("q", "")
    if len(text) > 200 or "\x00" in text:
        raise BadRequest("q is too long")
    return PartyQuery(text, view, sort.removeprefix("-"), sort.startswith("-")), form


def refuse_foreign(form: forms.Form) -> None:
    """Raise BadRequest where a form names a row that it never offered: another project's, or none."""
    for name, errors in form.errors.as_data().items():
        if isinstance(form.fields.get(name), forms.ModelChoiceField) and any(
            error.code in ("invalid_choice", "invalid_pk_value", "invalid_list") for error in errors
        ):
            raise BadRequest(f"{name} names a row that does not exist here")


def show_refusal(form: forms.Form, error: RuleBroken) -> None:
    """Put what a service refused at its field, or above the form."""
    field = {"password": "password1"}.get(error.field, error.field)
    form.add_error(field if field in form.fields else None, str(error))


class DayInput(forms.DateInput):
    """A day, as browsers pick it."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def _until_field() -> forms.DateField:
    return forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput(),
        help_text=_("The last day of access. Empty: no end."),
    )


class TermForm(forms.Form):
    """A role and its end. An auditor without an end is asked about once."""

    role = forms.ChoiceField(label=_("Role"), choices=ProjectRole.choices, widget=forms.RadioSelect)
    valid_until = _until_field()
    no_end = forms.BooleanField(label=_("Access without an end is meant"), required=False)
    asks_about_end = False

    def clean(self) -> dict[str, Any]:
        """Ask for the end of an auditor's access, unless none is meant."""
        cleaned = super().clean() or {}
        unanswered = "valid_until" not in self.errors and cleaned.get("valid_until") is None
        if cleaned.get("role") == ProjectRole.AUDITOR and unanswered:
            self.asks_about_end = True
            if not cleaned.get("no_end"):
                self.add_error(
                    "valid_until",
                    _("Auditors come for a time: give the last day of the audit, or tick that no end is meant."),
                )
        return cleaned

    def role_choices(self) -> list[dict[str, Any]]:
        """The roles as radio buttons with what each is for."""
        chosen = self["role"].value()
        return [
            {"value": value, "label": label, "note": ROLE_NOTES[value], "checked": value == chosen}
            for value, label in ProjectRole.choices
        ]


class InviteForm(TermForm):
    """Who is offered a role by mail."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("So that others know who it is. The person can correct it.")
    )
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    field_order = ("name", "email", "role", "valid_until", "no_end")

    @staticmethod
    def initial_from(invitation: Invitation) -> dict[str, Any]:
        """The values of an earlier invitation, to send it again."""
        return {
            "name": invitation.name,
            "email": invitation.email,
            "role": invitation.role,
            "valid_until": invitation.valid_until,
        }


class PersonChoice(forms.ModelChoiceField):
    """A choice of people by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})" if obj.name else obj.email


class GrantForm(TermForm):
    """Which role somebody known gets."""

    person = PersonChoice(label=_("Who"), queryset=User.objects.none(), empty_label=_("Choose a person"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("person", "role", "valid_until", "no_end", "seen")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people


class PartyForm(forms.Form):
    """A person or a group that can be responsible. `party` is the one that is changed, None for a new one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PartyKind.choices, initial=PartyKind.PERSON, widget=forms.RadioSelect
    )
    function = forms.CharField(
        label=_("Function"), max_length=120, required=False, help_text=_("Such as “Change manager” or “Service desk”.")
    )
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        help_text=_("Whoever later joins the team with this address takes over what lies here."),
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Who is in the group"),
        queryset=Party.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each of them can report on what the group is responsible for."),
    )
    is_active = forms.BooleanField(
        label=_("Can be given activities"),
        required=False,
        initial=True,
        help_text=_(
            "Untick for somebody who has left. What they are responsible for stays with them until you move it."
        ),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.party = party
        members = self.fields["members"]
        if isinstance(members, forms.ModelMultipleChoiceField):
            members.queryset = Party.objects.filter(project=project, kind=PartyKind.PERSON).order_by("name")
        if party is None:
            del self.fields["is_active"], self.fields["version"]
            return
        del self.fields["kind"]
        if party.kind == PartyKind.PERSON:
            del self.fields["members"]
        else:
            self.fields["email"].help_text = _("Where the group is reached.")
        if party.user_id is not None:
            # The address of an account belongs to its owner.
            del self.fields["email"]

    @staticmethod
    def initial_from(party: Party) -> dict[str, Any]:
        """The values of `party` as they stand."""
        return {
            "name": party.name,
            "function": party.function,
            "email": party.email,
            "is_active": party.is_active,
            "members": [member.person_id for member in party.group_members.all()],
            "version": party.version,
        }


class AcceptForm(forms.Form):
    """What a new person gives to accept an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password1 = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A few words in a row are easy to keep in mind."),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords must be the same."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return cleaned
