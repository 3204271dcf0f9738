"""The form in which a person says which mails they want, and when."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.choices import Pace
from notifications.models import MailSettings
from notifications.registry import notice_kinds
from notifications.selectors.recipients import Recipient
from projects.forms.fields import time_zone_field

PREFIX = "kind_"


def _name(kind: str) -> str:
    """The name of the field of a kind."""
    return PREFIX + kind.replace(" ", "_")


class MailSettingsForm(forms.Form):
    """A choice for each kind, and the time zone of the person's day."""

    def __init__(self, *args: Any, usual_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, kind in notice_kinds.items():
            self.fields[_name(key)] = forms.ChoiceField(
                label=str(kind.title),
                help_text=str(kind.explanation),
                choices=Pace.choices,
                error_messages={
                    "required": gettext_lazy("Choose when you want to be mailed."),
                    "invalid_choice": gettext_lazy("Choose when you want to be mailed."),
                },
            )
        zone: Any = time_zone_field(required=False)
        usual = _("As in your project: %(zone)s") % {"zone": usual_zone.replace("_", " ")}
        zone.choices = [("", usual), *zone.choices]
        self.fields["time_zone"] = zone

    @property
    def kind_fields(self) -> list[forms.BoundField]:
        """The choices by kind."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def paces(self) -> dict[str, str]:
        """What a valid form says, by kind."""
        return {key: self.cleaned_data[_name(key)] for key, _kind in notice_kinds.items()}


def initial_choices(recipient: Recipient, settings: MailSettings | None) -> dict[str, str]:
    """What the form shows at first."""
    values = {_name(key): recipient.pace(key) for key, _kind in notice_kinds.items()}
    return {**values, "time_zone": settings.time_zone if settings is not None else ""}
