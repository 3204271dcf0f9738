"""The steps of the wizard for a new project, and how a draft fills them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, normalize_email
from common import clock
from common.exceptions import RuleBroken
from phases.choices import PHASE_NAMES
from phases.domain.approaches import half
from phases.domain.schedule import DEFAULT_WEEKS
from phases.forms.earlier import TAKEN, EarlierForm
from phases.selectors.catalogue import CatalogueTexts, newest_supplement
from phases.services.reasons import LONGEST_REASON, check_reason
from projects.choices import Edition, ProjectRole
from projects.forms.fields import IsoDateField, currency_field, time_zone_field
from projects.forms.scope import LISTS, Raw, ScopeForm
from projects.models import Organization
from projects.permissions import can_open_organization

NEW_ORGANIZATION = "new"
TAKE, LEAVE_OUT = "take", "leave"
MOST_MEMBERS, BLANK_MEMBERS = 50, 3
HALF_WEEKS = half(DEFAULT_WEEKS)


class SupplementField(forms.ChoiceField):
    """Take the supplement or leave it out; a draft from before the question was asked takes it."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or TAKE)


class ReasonField(forms.CharField):
    """A reason that is asked for only where something is left out: the form says when, so that it is not optional."""

    def validate(self, value: Any) -> None:
        """Nothing to say about it alone."""


class OrganizationForm(forms.Form):
    """Step 1. The organizations are those in which the person may start projects."""

    organization = forms.ChoiceField(
        label=gettext_lazy("Organization"),
        error_messages={
            "required": gettext_lazy("Choose the organization that builds the SMS."),
            "invalid_choice": gettext_lazy("You cannot start projects in this organization."),
        },
    )
    new_organization = forms.CharField(
        label=gettext_lazy("Name of the new organization"), max_length=120, required=False
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the project"),
        max_length=120,
        help_text=gettext_lazy("Short, as people will call it: “Workplace SMS”."),
        error_messages={"required": gettext_lazy("Give the project a name.")},
    )
    edition = forms.ChoiceField(
        label=gettext_lazy("Edition of ISO/IEC 20000-1"),
        choices=Edition.choices,
        initial=Edition.E2018,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose an edition."),
            "invalid_choice": gettext_lazy("There is no such edition."),
        },
    )
    supplement = SupplementField(
        label=gettext_lazy("Supplement for 2018"),
        initial=TAKE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the two.")},
    )
    supplement_reason = ReasonField(
        label=gettext_lazy("Why it stays out"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_supplement(newest_supplement())
        self.choices = {
            str(organization.pk): organization
            for organization in Organization.objects.that_may_start_projects(user).order_by("name", "pk")
        }
        self.may_open = bool(can_open_organization(user))
        options = [(key, organization.name) for key, organization in self.choices.items()]
        if self.may_open:
            options.append((NEW_ORGANIZATION, _("A new organization")))
        field = self.fields["organization"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = options if len(options) == 1 else [("", _("Choose…")), *options]
        if not self.may_open:
            del self.fields["new_organization"]

    def _offer_supplement(self, texts: CatalogueTexts | None) -> None:
        """Ask for the supplement where one is loaded."""
        self.offers_supplement = texts is not None
        self.supplement_texts = texts
        if texts is None:
            del self.fields["supplement"], self.fields["supplement_reason"]
            return
        field = self.fields["supplement"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        count = sum(not row.is_heading for row in texts.activities.values())
        field.choices = [
            (TAKE, _("Add the supplement for 2018 (%(count)d activities, counted apart)") % {"count": count}),
            (LEAVE_OUT, _("Leave it out, with a reason")),
        ]

    def clean(self) -> dict[str, Any]:
        """A new organization needs a name that none has yet."""
        answers = super().clean() or {}
        if answers.get("organization") == NEW_ORGANIZATION:
            name = (answers.get("new_organization") or "").strip()
            if not name and "new_organization" in answers:
                self.add_error("new_organization", _("Name the new organization."))
            elif name and Organization.objects.filter(name__iexact=name).exists():
                self.add_error("new_organization", _("There is an organization of this name already."))
        if answers.get("edition") == Edition.E2018 and answers.get("supplement") == LEAVE_OUT:
            try:
                check_reason(answers.get("supplement_reason", ""))
            except RuleBroken as refused:
                self.add_error(refused.field, str(refused))
        return answers

    @property
    def supplement_declined(self) -> str:
        """Of a valid form: why the plan goes without the supplement, or ""."""
        answers = self.cleaned_data
        left_out = answers["edition"] == Edition.E2018 and answers.get("supplement") == LEAVE_OUT
        return str(answers["supplement_reason"]).strip() if left_out else ""

    @property
    def takes_supplement(self) -> bool:
        """Of a judged form: whether the plan gets the supplement, where nothing else was said."""
        answers = self.cleaned_data
        return answers.get("edition", Edition.E2018) == Edition.E2018 and answers.get("supplement") != LEAVE_OUT

    @property
    def chosen(self) -> Organization | None:
        """The organization of a valid form, or None for a new one."""
        return self.choices.get(self.cleaned_data["organization"])


class DatesForm(forms.Form):
    """Step 3: the start, how many weeks each phase takes, time zone and currency."""

    start = IsoDateField(label=gettext_lazy("Start"))
    time_zone = time_zone_field(initial="UTC", help_text=gettext_lazy("Decides when a day ends and work is late."))
    currency = currency_field(initial="EUR", help_text=gettext_lazy("For the figures of the business case."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, usual in DEFAULT_WEEKS.items():
            whole = _("Give whole weeks, 1 to 260.")
            self.fields[f"weeks_{number}"] = forms.IntegerField(
                label=_("Weeks of phase %(number)d, %(name)s") % {"number": number, "name": PHASE_NAMES[number]},
                min_value=1,
                max_value=260,
                initial=usual,
                error_messages={"invalid": whole, "min_value": whole, "max_value": whole, "required": whole},
            )

    @property
    def weeks(self) -> dict[int, int]:
        """The weeks of a valid form, by phase."""
        return {number: self.cleaned_data[f"weeks_{number}"] for number in DEFAULT_WEEKS}


class MemberForm(forms.Form):
    """One line of step 4."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        required=False,
        error_messages={"invalid": gettext_lazy("This is not a mail address.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=ProjectRole.choices,
        initial=ProjectRole.TEAM,
        error_messages={"invalid_choice": gettext_lazy("There is no such role.")},
    )
    until = IsoDateField(label=gettext_lazy("Until"), required=False)

    @property
    def is_blank(self) -> bool:
        """Whether the line says nobody."""
        return not any((self.cleaned_data or {}).get(name) for name in ("name", "email", "until")) and not self.errors

    def clean(self) -> dict[str, Any]:
        """Somebody has a name and an address."""
        answers = super().clean() or {}
        if "email" in answers:
            answers["email"] = normalize_email(answers["email"])
        if any(answers.get(name) for name in ("name", "email", "until")) or self.errors:
            if "email" in answers and not answers["email"]:
                self.add_error("email", _("Give a mail address: the invitation goes there."))
            if "name" in answers and not answers["name"].strip():
                self.add_error("name", _("Give the name, so that others know who it is."))
            if "role" in answers and not answers["role"]:
                self.add_error("role", _("Choose a role."))
        return answers


class Members(forms.BaseFormSet):
    """Step 4: the lines together. Two people never share an address, and nobody invites themselves."""

    # What `formset_factory` would set; a class of our own keeps its type.
    form = MemberForm
    renderer = get_default_renderer()
    extra = 0
    can_order = False
    can_delete = False
    can_delete_extra = True
    min_num = 0
    max_num = MOST_MEMBERS
    absolute_max = MOST_MEMBERS
    validate_min = False
    validate_max = True
    edit_only = False

    def __init__(self, *args: Any, user: User, start: date | None = None, **kwargs: Any) -> None:
        self.user, self.start = user, start
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        """Compare the lines with each other and with who fills them in."""
        seen: dict[str, str] = {}
        earliest = max(filter(None, (self.start, clock.today())))
        for form in self.forms:
            answers = getattr(form, "cleaned_data", {})
            email = answers.get("email")
            if email and answers.get("role") == ProjectRole.AUDITOR and not answers.get("until"):
                form.add_error("until", _("Give the auditor's access a last day. The team page can lift it later."))
            if answers.get("until") and answers["until"] < earliest:
                form.add_error("until", _("The access would end before it begins."))
            if not email:
                continue
            if email == normalize_email(self.user.email):
                form.add_error("email", _("This is you. Who starts the project becomes its manager."))
            elif email in seen:
                form.add_error("email", _("%(name)s has this address already, one line each.") % {"name": seen[email]})
            else:
                seen[email] = answers.get("name") or email


MEMBER_FIELDS = ("name", "email", "role", "until")


def raw_of(step: str, post: QueryDict) -> Raw:
    """What was typed in `step`, and nothing else of the request."""
    if step == "people":
        count = min(int_or(post.get("form-TOTAL_FORMS", "")), MOST_MEMBERS)
        names = [f"form-{n}-{name}" for n in range(count) for name in MEMBER_FIELDS]
        return {"form-TOTAL_FORMS": [str(count)], **{name: post.getlist(name)[:1] for name in names}}
    if step == "scope":
        return {name: post.getlist(name) if name in LISTS else post.getlist(name)[:1] for name in ScopeForm.base_fields}
    if step == "dates":
        return {name: post.getlist(name)[:1] for name in DatesForm().fields}
    if step == "earlier":
        return EarlierForm.raw_of(post)
    if step == "approach":
        return {name: post.getlist(name)[:1] for name in post if name in ("approach", "very_small") or _is_phase(name)}
    return {name: post.getlist(name)[:1] for name in OrganizationForm.base_fields}


def _is_phase(name: str) -> bool:
    """Whether a field of the step "approach" is the phase of a component."""
    return name.startswith("phase_") and len(name) < 30


def int_or(text: str, otherwise: int = 0) -> int:
    """`text` as a whole number, or something else where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def as_data(raw: Mapping[str, list[str]]) -> QueryDict:
    """A draft's step in the form in which a form is bound to it."""
    data = QueryDict(mutable=True)
    for name, values in raw.items():
        data.setlist(name, list(values))
    if "form-TOTAL_FORMS" in raw:
        data["form-INITIAL_FORMS"] = "0"
    return data


def as_initial(raw: Mapping[str, list[str]]) -> dict[str, Any]:
    """A draft's step as initial values: shown as typed, without complaints."""
    return {
        name: list(values) if name in LISTS or name == TAKEN else "".join(values[:1]) for name, values in raw.items()
    }


def members_initial(raw: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """The lines of step 4 as typed, filled up with blank ones."""
    count = min(int_or("".join(raw.get("form-TOTAL_FORMS", ["0"])[:1])), MOST_MEMBERS)
    lines = [
        {
            name: "".join(raw.get(f"form-{n}-{name}", [])[:1]) or ("team member" if name == "role" else "")
            for name in MEMBER_FIELDS
        }
        for n in range(count)
    ]
    blank = {"name": "", "email": "", "role": str(ProjectRole.TEAM), "until": ""}
    return [*lines, *(dict(blank) for _n in range(max(0, BLANK_MEMBERS - len(lines))))]


def apply_step_act(step: str, raw: Raw, act: str) -> str:
    """Carry out a button of steps 3 or 4 ("half", "usual", "add-member", "remove-member:2") on what was typed.

    Returns the id of the field where the person goes on. Raises ValueError for a button that does not exist.
    """
    verb, _colon, rest = act.partition(":")
    if step == "dates" and act in ("half", "usual"):
        for number, weeks in (HALF_WEEKS if act == "half" else DEFAULT_WEEKS).items():
            raw[f"weeks_{number}"] = [str(weeks)]
        return ""
    if step == "people" and act == "add-member":
        count = int_or("".join(raw.get("form-TOTAL_FORMS", ["0"])))
        raw["form-TOTAL_FORMS"] = [str(min(count + 1, MOST_MEMBERS))]
        return f"id_form-{min(count, MOST_MEMBERS - 1)}-name"
    if step == "people" and verb == "remove-member" and rest.isdecimal():
        lines = members_initial(raw)
        if int(rest) >= len(lines):
            raise ValueError(act)
        del lines[int(rest)]
        raw.clear()
        raw["form-TOTAL_FORMS"] = [str(len(lines))]
        for n, line in enumerate(lines):
            raw.update({f"form-{n}-{name}": [value] for name, value in line.items()})
        return ""
    raise ValueError(act)
