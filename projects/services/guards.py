"""What each service checks first, and how it writes a row that others may be writing too."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.decisions import Decision
from common.exceptions import NotPermitted, RuleBroken, StaleWrite, VersionMissing
from projects.models import Project
from projects.permissions import access_to

LAST_DAY = date(2100, 12, 31)


def require(decision: Decision) -> None:
    """Raise NotPermitted with the reason of a refusal."""
    if not decision:
        raise NotPermitted(decision.reason)


def lock_project(project: Project) -> None:
    """Let writes to one project come one after another until the transaction ends.

    What a service has checked then still holds when it writes. SQLite has one writer anyway.
    """
    if connection.features.has_select_for_update:
        Project.objects.select_for_update().only("pk").get(pk=project.pk)


def require_capability(acting_user: User | None, capability: str, project: Project) -> None:
    """Begin a write: lock the project, then raise NotPermitted unless `acting_user` holds `capability` in it.

    `acting_user` None is the application itself, which may do everything.
    """
    lock_project(project)
    require(access_to(project, acting_user).can(capability))


def parse_version(raw: object) -> int:
    """The version a form was filled from. Raises VersionMissing where it says none."""
    try:
        return int(str(raw))
    except ValueError as error:
        raise VersionMissing(_("The form does not say which version it was filled from. Reload the page.")) from error


def _stale(shown: Mapping[str, Any], sent: Mapping[str, Any]) -> StaleWrite:
    said = _("Somebody changed this meanwhile. Nothing of yours was saved yet; both texts are below.")
    if {str(k): str(v) for k, v in shown.items()} == {str(k): str(v) for k, v in sent.items()}:
        said = _("This was changed meanwhile, and says by now what you sent. Perhaps you sent it twice.")
    return StaleWrite(
        said,
        current={str(k): str(v) for k, v in shown.items()},
        sent={str(k): str(v) for k, v in sent.items()},
    )


def refuse_stale(row: Any, *, version: int, shown: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    """Raise StaleWrite where `row`, as just read, has moved on from `version`; `write_versioned` still decides."""
    if row.version != version:
        raise _stale(shown, sent)


def write_versioned(
    row: models.Model, *, version: int, values: Mapping[str, Any], shown: Mapping[str, Any], sent: Mapping[str, Any]
) -> None:
    """Write `values` to `row` if it still is at `version`, and raise its version by one.

    `shown` and `sent` are the two texts, by label, that a person compares when the row has moved on. Raises
    StaleWrite then; nothing is written.
    """
    changed = (
        type(row)._default_manager.filter(pk=row.pk, version=version).update(**values, version=models.F("version") + 1)
    )
    if not changed:
        raise _stale(shown, sent)
    for name, value in values.items():
        setattr(row, name, value)
    row.version = version + 1  # type: ignore[attr-defined]  # every versioned model has it


def check_until(valid_until: date | None, *, earliest: date) -> None:
    """Raise RuleBroken where access would end before it begins, or in another century."""
    if valid_until is not None and valid_until < earliest:
        raise RuleBroken(_("The end lies before the beginning."), field="valid_until")
    if valid_until is not None and valid_until > LAST_DAY:
        raise RuleBroken(_("This is too far off. Leave the day empty for no end."), field="valid_until")


def term_fields(valid_from: date, valid_until: date | None, time_zone: str) -> dict[str, Any]:
    """The fields of a `Term`. Raises RuleBroken where it ends before it begins."""
    check_until(valid_until, earliest=valid_from)
    return {
        "valid_from": valid_from,
        "valid_until": valid_until,
        "starts_at": clock.start_of(valid_from, time_zone),
        "ends_at": clock.end_of(valid_until, time_zone) if valid_until else None,
    }
