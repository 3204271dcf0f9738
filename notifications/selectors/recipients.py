"""How people want to be mailed, and which day it is for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db.models import F, OuterRef, Subquery

from accounts.models import User
from common import clock
from notifications.choices import ALL_KINDS, Pace
from notifications.domain.slots import DIGESTS, goes_at
from notifications.registry import notice_kinds
from projects.models import Membership

INSTALLATION_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An active person, the time zone of their day, and the paces that they chose."""

    pk: int
    zone: str
    paces: Mapping[str, str] = field(default_factory=dict)

    def pace(self, kind: str) -> Pace:
        """How this person wants to be told of `kind`."""
        chosen = self.paces.get(kind) or self.paces.get(ALL_KINDS, "")
        return Pace(chosen) if chosen in Pace.values else notice_kinds[kind].pace

    def next_digest(self) -> datetime | None:
        """When the next digest goes, None for somebody who wants none."""
        paces = {pace for key, _kind in notice_kinds.items() if (pace := self.pace(key)) in DIGESTS}
        return min((goes_at(pace, clock.now(), self.zone) for pace in paces), default=None)


def usual_zone_of(user: User) -> str:
    """The time zone of somebody who chose none: that of their first project. One query."""
    first = Membership.objects.current().filter(user=user).order_by("project_id")
    return first.values_list("project__time_zone", flat=True).first() or INSTALLATION_ZONE


def recipients(people: Collection[int]) -> dict[int, Recipient]:
    """Those of `people` (ids) who may sign in, with how they want mail. One query."""
    first = Membership.objects.current().filter(user=OuterRef("pk")).order_by("project_id")
    found = User.objects.filter(pk__in=people, is_active=True).annotate(
        chosen_zone=F("mail_settings__time_zone"),
        chosen_paces=F("mail_settings__paces"),
        usual_zone=Subquery(first.values("project__time_zone")[:1]),
    )
    values = cast(Any, found.values_list("pk", "chosen_zone", "chosen_paces", "usual_zone"))
    return {
        pk: Recipient(pk, zone or usual or INSTALLATION_ZONE, paces if isinstance(paces, dict) else {})
        for pk, zone, paces, usual in values
    }
