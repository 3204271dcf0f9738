"""What people say of packages: dates and owner of one, or of several at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from phases.domain.critical import PackageKey
from phases.forms.rows import DayField
from phases.selectors.plan_packages import PackageLine
from phases.selectors.wishes import PackageWish
from phases.services.packages import MOST_PACKAGES
from projects.models import Party

PREVIEW, SAVE = "preview", "save"
KEEP, NOBODY, AS_PHASE, OWN = "", "nobody", "phase", "own"
_PICK = re.compile(r"(?P<component>[^\s:]{1,10})\.(?P<phase>[0-9]):(?P<version>[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Pick:
    """A package that was ticked, and the version that was seen."""

    component: str
    phase: int
    version: int

    @property
    def key(self) -> PackageKey:
        """Which package it is."""
        return self.component, self.phase

    @property
    def name(self) -> str:
        """How a form names the package."""
        return f"{self.component}.{self.phase}"


def parse_do(data: QueryDict) -> str:
    """What a form of packages asks for: to preview, or to save. Raises BadRequest."""
    values = data.getlist("do")
    if len(values) != 1 or values[0] not in (PREVIEW, SAVE):
        raise BadRequest("do is preview or save")
    return values[0]


def parse_picks(data: QueryDict) -> list[Pick]:
    """The packages that were ticked, `row=CH.2:7` each. Raises BadRequest for what no page of ours sends."""
    values = data.getlist("row")
    if len(values) > MOST_PACKAGES:
        raise BadRequest("too many packages")
    picks = []
    for value in values:
        named = _PICK.fullmatch(value)
        if named is None:
            raise BadRequest("a package is named wrongly")
        picks.append(Pick(named["component"], int(named["phase"]), int(named["version"])))
    return picks


def owner_choices(parties: Sequence[Party], held: Sequence[int] = ()) -> list[tuple[str, str]]:
    """The parties that may own packages, and those of `held` that still do."""
    return [(str(party.pk), party.name) for party in parties if party.is_active or party.pk in held]


class PackageForm(forms.Form):
    """The dates and the owner of one package. Without dates it follows its phase."""

    start = DayField(label=_lazy("Start"))
    end = DayField(label=_lazy("End"))
    owner = forms.ChoiceField(
        label=_lazy("Owner"),
        required=False,
        error_messages={"invalid_choice": _lazy("Choose a party of this project.")},
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, parties: Sequence[Party], line: PackageLine, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "start": line.start if line.has_own_dates else None,
            "end": line.end if line.has_own_dates else None,
            "owner": str(line.owner.pk) if line.owner else "",
        }
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        held = [line.owner.pk] if line.owner else []
        owners = [("", _("Nobody")), *owner_choices(parties, held)]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]  # a ChoiceField has choices

    def wish(self, key: PackageKey, version: int) -> PackageWish:
        """What is wanted of the package `key`, of which `version` was seen."""
        given = self.cleaned_data
        return PackageWish(*key, version, given["start"], given["end"], self._parties.get(given["owner"]))


class ManyForm(forms.Form):
    """Owner and dates for several packages; what is not said stays as it is with each."""

    owner = forms.ChoiceField(
        label=_lazy("Owner"),
        required=False,
        error_messages={"invalid_choice": _lazy("Choose a party of this project.")},
    )
    dates = forms.ChoiceField(
        label=_lazy("Dates"),
        required=False,
        choices=[(KEEP, _lazy("Keep")), (OWN, _lazy("From start to end")), (AS_PHASE, _lazy("As the phase"))],
        error_messages={"invalid_choice": _lazy("Keep the dates, give both, or let them follow the phase.")},
    )
    start = DayField(label=_lazy("Start"))
    end = DayField(label=_lazy("End"))
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parties = {str(party.pk): party for party in parties}
        owners = [(KEEP, _("Keep")), (NOBODY, _("Nobody")), *owner_choices(parties)]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]  # a ChoiceField has choices

    def clean(self) -> dict[str, Any]:
        """Dates are given both, or not at all; something must be asked for."""
        given: dict[str, Any] = super().clean() or {}
        dates, days = given.get("dates"), [given.get("start"), given.get("end")]
        if self.errors:
            return given
        if dates == OWN and None in days:
            self.add_error("start" if days[0] is None else "end", _("Give both days."))
        elif dates != OWN and any(days):
            self.add_error("dates", _("Choose “From start to end” to use these days, or empty them."))
        elif dates == KEEP and given.get("owner") == KEEP:
            self.add_error(None, _("Say what shall change: the owner, the dates, or both."))
        return given

    def wishes(self, picks: Sequence[Pick], lines: Mapping[PackageKey, PackageLine]) -> list[PackageWish]:
        """What is wanted of each ticked package; what stays is taken from `lines`."""
        given = self.cleaned_data
        wishes = []
        for pick in picks:
            line = lines[pick.key]
            start, end = (line.start, line.end) if line.has_own_dates else (None, None)
            if given["dates"] == AS_PHASE:
                start = end = None
            elif given["dates"] == OWN:
                start, end = given["start"], given["end"]
            owner = line.owner
            if given["owner"] != KEEP:
                owner = self._parties.get(given["owner"])
            wishes.append(PackageWish(*pick.key, pick.version, start, end, owner))
        return wishes
