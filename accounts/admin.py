"""Accounts, for administrators of the installation: open, change, deactivate; never delete."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, normalize_email
from accounts.services import FIELDS, change_account, create_account


class _OneSpelling:
    """Refuses an address that is taken in another spelling, before the service has to."""

    def clean_email(self) -> str:
        form = cast(forms.ModelForm, self)
        address = normalize_email(form.cleaned_data["email"])
        if User.objects.filter(email=address).exclude(pk=form.instance.pk).exists():
            raise forms.ValidationError(_("There is an account for this address."))
        return address


class AccountCreationForm(_OneSpelling, BaseUserCreationForm):
    """Name, address and a first password."""

    class Meta:
        model = User
        fields = ("email", "name")


class AccountChangeForm(_OneSpelling, UserChangeForm):
    """What an administrator may change of an account. A new password is set by its owner, from the reset mail."""

    password = None  # type: ignore[assignment]  # Django's way to leave out a field that the base form declares

    class Meta:
        model = User
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        """The last administrator stays one."""
        cleaned = super().clean() or {}
        stays = cleaned.get("is_active") and cleaned.get("is_superuser")
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        was = User.objects.filter(pk=self.instance.pk, is_superuser=True, is_active=True).exists()
        if was and not stays and not others.exists():
            raise forms.ValidationError(_("The installation needs an administrator. Make somebody else one first."))
        return cleaned


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Every change goes through the services, which write the installation's trail."""

    form = AccountChangeForm
    add_form = AccountCreationForm
    ordering = ("name",)
    list_display = ("name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        (gettext_lazy("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Nobody sets another's password: that would be acting in their name."""
        raise PermissionDenied

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        acting = cast(User, request.user)
        if change:
            values = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
            change_account(acting_user=acting, user=obj, **values)
            return
        made = create_account(
            acting_user=acting, email=obj.email, name=obj.name, password=form.cleaned_data["password1"]
        )
        obj.pk, obj._state.adding = made.pk, False


# Rights come from roles in projects and organizations, not from Django's groups.
admin.site.unregister(Group)
