"""Form fields that several pages share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from projects.currencies import CODES

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class IsoDateField(forms.DateField):
    """A day, written YYYY-MM-DD and in no other way."""

    default_error_messages = {
        "invalid": _("There is no such day. Write it as year, month and day: 2027-02-28."),
        "required": _("Give a day, as 2027-02-28."),
    }
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, latest: date = LATEST, **kwargs: Any) -> None:
        self.latest = latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """A day from 2000 to `latest`, or None for nothing."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = str(value).strip()
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not EARLIEST <= day <= self.latest:
            raise ValidationError(_("Give a day in the years 2000 to 2100."), code="range")
        return day


class LinesWidget(forms.Widget):
    """Several inputs of one name; the last is empty, for one line more."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """All values of `name`."""
        if isinstance(data, MultiValueDict):
            return list(data.getlist(name))
        value = data.get(name, [])
        return list(value) if isinstance(value, list | tuple) else [value]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no line is an answer too."""
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Plain inputs, where no template of ours draws them."""
        lines = [*(value or []), ""]
        return format_html_join(
            "", '<input type="text" class="form-control" name="{}" value="{}">', ((name, line) for line in lines)
        )


class LinesField(forms.Field):
    """A list of short texts, one to a line. Empty lines and repetitions fall out."""

    widget = LinesWidget

    def __init__(self, *, most: int = 60, longest: int = 120, **kwargs: Any) -> None:
        self.most, self.longest = most, longest
        super().__init__(**kwargs)

    def clean(self, value: Sequence[str] | None) -> list[str]:
        """The lines, trimmed. Raises ValidationError for too many or too long ones."""
        lines: dict[str, str] = {}
        for raw in value or []:
            text = " ".join(raw.replace("\x00", "").split())
            if text:
                lines.setdefault(text.casefold(), text)
        if self.required and not lines:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(lines) > self.most:
            raise ValidationError(_("Give %(most)d lines at most.") % {"most": self.most}, code="most")
        for text in lines.values():
            if len(text) > self.longest:
                raise ValidationError(
                    _("“%(start)s…” is too long: a line has %(longest)d characters at most.")
                    % {"start": text[:30], "longest": self.longest},
                    code="longest",
                )
        return list(lines.values())


def currency_field(**kwargs: Any) -> forms.ChoiceField:
    """A choice of currency codes."""
    return forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CODES],
        error_messages={"invalid_choice": _("There is no such currency.")},
        **kwargs,
    )


def time_zone_field(**kwargs: Any) -> forms.ChoiceField:
    """A choice of time zones, by region."""
    names = sorted(
        name
        for name in available_timezones()
        if name.split("/")[0]
        in {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
    )
    return forms.ChoiceField(
        label=_("Time zone"),
        choices=[("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)],
        error_messages={"invalid_choice": _("There is no such time zone.")},
        **kwargs,
    )
