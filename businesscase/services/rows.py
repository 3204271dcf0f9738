"""Lines of a draft: cost, benefit, assumption, interested party, measure. One way in for page, import and command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from businesscase.models import (
    Assumption,
    BenefitLine,
    BusinessCase,
    CaseRow,
    CostLine,
    InterestedParty,
    Measure,
)
from businesscase.services import checks
from businesscase.services.guards import open_draft
from common.exceptions import RuleBroken
from projects.services.guards import refuse_stale, write_versioned
from projects.services.refs import next_ref

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of line: its model, the letter of its refs, and the check of its values."""

    model: type[CaseRow]
    letter: str
    check: Callable[[BusinessCase, Mapping[str, Any]], dict[str, Any]]
    name_field: str


ROW_KINDS: dict[str, RowKind] = {
    "cost": RowKind(CostLine, "C", checks.cost_line, "title"),
    "benefit": RowKind(BenefitLine, "B", checks.benefit_line, "title"),
    "assumption": RowKind(Assumption, "A", checks.assumption, "text"),
    "interested party": RowKind(InterestedParty, "P", checks.interested_party, "name"),
    "measure": RowKind(Measure, "M", checks.measure, "what"),
}


@transaction.atomic
def add_row(*, acting_user: User | None, case: BusinessCase, kind: str, values: Mapping[str, Any]) -> CaseRow:
    """Add a line of `kind` to the draft. One trail event.

    Raises NotPermitted; RuleBroken for values, a submitted version, or a thousand lines of the kind; DoesNotExist for
    a party or risk of another project.
    """
    fresh, spec = open_draft(acting_user, case), ROW_KINDS[kind]
    stored = spec.check(fresh, values)
    count = spec.model._default_manager.filter(case=fresh).count()
    if count >= MOST_ROWS:
        raise RuleBroken(_("A case holds at most %(most)d of these.") % {"most": MOST_ROWS})
    ref = next_ref(fresh.project, spec.letter, series=fresh.kind)
    row = spec.model(project=fresh.project, case=fresh, ref=ref, position=int(ref.partition("-")[2]), **stored)
    row.save()
    _record(acting_user, row, spec, kind, "add", {name: plain(value) for name, value in stored.items() if value})
    return row


@transaction.atomic
def change_row(
    *, acting_user: User | None, case: BusinessCase, kind: str, ref: str, version: int, values: Mapping[str, Any]
) -> CaseRow:
    """Change a line of the draft. One trail event, or none where nothing changed.

    Raises as `add_row`, StaleWrite where it moved on from `version`, and DoesNotExist for a ref that is not there.
    """
    fresh, spec = open_draft(acting_user, case), ROW_KINDS[kind]
    row = spec.model._default_manager.get(case=fresh, ref=ref)
    stored = spec.check(fresh, values)
    changes = {name: [plain(getattr(row, name)), plain(value)] for name, value in stored.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and row.version == version:
        return row
    write_versioned(
        row,
        version=version,
        values=stored,
        shown={label_of(spec.model, name): _shown(pair[0]) for name, pair in changes.items()},
        sent={label_of(spec.model, name): _shown(pair[1]) for name, pair in changes.items()},
    )
    _record(acting_user, row, spec, kind, "change", changes)
    return row


@transaction.atomic
def remove_row(*, acting_user: User | None, case: BusinessCase, kind: str, ref: str, version: int) -> None:
    """Take a line out of the draft; versions keep it. One trail event with all that it said.

    Raises NotPermitted, RuleBroken (a submitted version; money was booked or confirmed on it), StaleWrite, and
    DoesNotExist.
    """
    fresh, spec = open_draft(acting_user, case), ROW_KINDS[kind]
    row = spec.model._default_manager.get(case=fresh, ref=ref)
    name = str(getattr(row, spec.name_field))
    refuse_stale(row, version=version, shown={ref: name}, sent={ref: _("taken out")})
    said = {name: [plain(value), None] for name, value in values_of(row, spec).items() if value}
    try:
        row.delete()
    except ProtectedError as error:
        raise RuleBroken(
            _("%(ref)s has amounts that were booked or confirmed. Set its estimates to zero instead.") % {"ref": ref}
        ) from error
    _record(acting_user, row, spec, kind, "remove", said)


def values_of(row: CaseRow, spec: RowKind) -> dict[str, Any]:
    """What a line says, field by field."""
    passed = {"id", "project", "case", "ref", "position", "version"}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in passed}


def plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return str(value) if value is not None and not isinstance(value, bool | int | str) else value


def label_of(model: type[Model], name: str) -> str:
    """The name of a field for a person."""
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # fields of rows are plain ones


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _record(
    acting_user: User | None, row: CaseRow, spec: RowKind, kind: str, action: str, changes: Mapping[str, Any]
) -> None:
    record_event(
        stream_id=row.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, kind, f"{row.case.kind} {row.ref}", str(getattr(row, spec.name_field))[:120], changes),
    )
