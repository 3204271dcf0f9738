"""Organizations and their people, for administrators of the installation. Projects have their own pages."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from projects.models import Organization, OrganizationMembership
from projects.services.guards import LAST_DAY
from projects.services.organizations import create_organization, set_organization_role


class OrganizationForm(forms.ModelForm):
    """A new organization and who owns it."""

    owner = forms.ModelChoiceField(queryset=User.objects.filter(is_active=True).order_by("name"))

    class Meta:
        model = Organization
        fields = ("name",)


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Opens organizations; the service opens their trail."""

    form = OrganizationForm
    list_display = ("name", "slug", "created_at")
    search_fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        made = create_organization(
            acting_user=cast(User, request.user), name=obj.name, owner=form.cleaned_data["owner"]
        )
        obj.pk, obj.slug, obj._state.adding = made.pk, made.slug, False


class RoleForm(forms.ModelForm):
    """A role in an organization, until the end of a day."""

    class Meta:
        model = OrganizationMembership
        fields = ("organization", "user", "role", "valid_until")

    def clean_valid_until(self) -> date | None:
        """Not before today: what a person did until now stays theirs."""
        until: date | None = self.cleaned_data["valid_until"]
        if until is not None and not clock.today() <= until <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day from today on, or leave it empty for no end."))
        return until


@admin.register(OrganizationMembership)
class OrganizationMembershipAdmin(admin.ModelAdmin):
    """Gives roles in organizations. To end one, set its last day."""

    form = RoleForm
    list_display = ("organization", "user", "role", "valid_from", "valid_until")
    list_filter = ("role",)
    list_select_related = ("organization", "user")
    search_fields = ("organization__name", "user__name", "user__email")
    fields = ("organization", "user", "role", "valid_until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("organization", "user") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        user = form.base_fields.get("user")
        if isinstance(user, forms.ModelChoiceField):
            user.queryset = User.objects.filter(is_active=True).order_by("name")
        return form

    def save_model(self, request: HttpRequest, obj: OrganizationMembership, form: Any, change: bool) -> None:
        made = set_organization_role(
            acting_user=cast(User, request.user),
            organization=obj.organization,
            user=obj.user,
            role=obj.role,
            valid_until=obj.valid_until,
        )
        obj.pk, obj._state.adding = made.pk, False
