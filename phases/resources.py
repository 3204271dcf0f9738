"""The plan for django-import-export: which column is which field, and what a file would change, row by row.

What the package does not know stays ours: the file is read with limits before it (`phases.services.plan_import`), the
three states of a cell are judged by `common.marked_rows`, and rows are written by their services, never by `save`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff
from import_export.results import Result, RowResult
from import_export.widgets import Widget

from accounts.models import User
from common.marked_rows import (
    CONFLICT,
    MARK,
    RULE,
    BadCell,
    CellChange,
    Choose,
    FileRow,
    RowChange,
    RowFile,
    choose_none,
)
from phases.domain.plan_file import EDITABLE, FIXED, KEYS, NOT_A_DAY, NOT_A_PARTY, NOT_A_STATUS
from phases.exports_plan import COLUMNS, plain, plan_rows
from phases.models import PhaseActivity
from phases.services.plan_import import ImportRefused, day_of, in_order, judge, write_changes
from projects.models import Party, Project

_IN_FILE = (*KEYS, *EDITABLE, *FIXED, MARK)
_OUR_CODES = (NOT_A_DAY, NOT_A_PARTY)


class TextWidget(Widget):
    """A text as it stands in a file of any kind."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> str:
        """The text itself: the reader of the file has cleaned it."""
        return str(value or "")

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        """The text without what a file cannot hold."""
        return plain(str(value or ""))


class DayWidget(Widget):
    """A day, YYYY-MM-DD and nothing else: 01/02/2026 is two days."""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Any:
        """The day, None where the cell is empty. Raises ValueError."""
        day = day_of(value) if value else None
        if value and day is None:
            raise ValueError(NOT_A_DAY)
        return day

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        """As an export writes it."""
        return value.isoformat() if value else ""


class PartyWidget(Widget):
    """A party of the project, by its name. The resource tells it which there are."""

    parties: Mapping[str, Party] = {}

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> Party | None:
        """The party, None where the cell is empty. Raises ValueError."""
        if value and value not in self.parties:
            raise ValueError(NOT_A_PARTY)
        return self.parties[value] if value else None

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        """Its name."""
        return plain(value.name) if value else ""


class _Rows(BaseInstanceLoader):
    """The rows of the one project, by ref and phase, in one query."""

    def __init__(self, resource: "PlanResource", dataset: tablib.Dataset | None = None) -> None:
        super().__init__(resource, dataset)
        self.found = {(row.activity.ref, str(row.phase_number)): row for row in resource.get_queryset()}

    def get_instance(self, row: Mapping[str, Any]) -> PhaseActivity | None:
        """The row of the plan that a row of the file is about."""
        return self.found.get((row["ref"], row["phase"]))


class _CellDiff(Diff):
    """The cells that differ, as data: the package would make HTML of it, in time that grows with the square."""

    def __init__(self, resource: "PlanResource", instance: Any, new: bool) -> None:
        super().__init__(resource, instance, new)
        self.names = [field.column_name for field in resource.get_import_fields()]

    def as_html(self) -> list[CellChange]:
        """What was and what becomes, for each cell that changes."""
        pairs = zip(self.names, self.left, self.right, strict=True)
        return [CellChange(name, before, after) for name, before, after in pairs if before != after]


class PlanResource(resources.ModelResource):
    """The rows of one project's plan."""

    ref = Field("activity__ref", "ref", readonly=True)
    phase = Field("phase_number", "phase", readonly=True)
    status = Field("status", "status", TextWidget())
    reason = Field("reason", "reason", TextWidget())
    responsible_party = Field("accountable", "responsible_party", PartyWidget())
    due = Field("due", "due", DayWidget())
    operating_since = Field("operating_since", "operating_since", DayWidget())
    note = Field("note", "note", TextWidget())

    class Meta:
        model = PhaseActivity
        fields = (*KEYS, *EDITABLE)
        import_id_fields = KEYS
        import_order = EDITABLE
        instance_loader_class = _Rows
        clean_model_instances = True
        use_transactions = True
        use_bulk = True  # the services of rows write many at once
        batch_size = None  # all of them
        skip_unchanged = True
        report_skipped = False

    def __init__(self, project: Project, acting_user: User | None = None, choose: Choose = choose_none) -> None:
        super().__init__()
        self.project, self.acting_user, self.choose = project, acting_user, choose
        self.file = RowFile(())
        self.found: tuple[RowChange, ...] = ()
        self.changes: dict[int, RowChange] = {}
        self.refused: list[BadCell] = []
        self._bad: dict[tuple[str, int], list[BadCell]] = {}

    # --- out ---------------------------------------------------------------------------------------------------------

    def get_queryset(self) -> Any:
        """The rows of the project."""
        return PhaseActivity.objects.filter(project=self.project).select_related("activity", "accountable")

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        """The columns of every export."""
        return list(COLUMNS)

    def iter_queryset(self, queryset: Any) -> Iterator[Sequence[Any]]:
        """The rows as every export has them: those of a closed phase as they stood then."""
        yield from plan_rows(self.project, with_initiation=True)

    def export_resource(self, instance: Sequence[Any], selected_fields: Any = None, **_kwargs: Any) -> list[Any]:
        """A row of them."""
        return list(instance)

    # --- in ----------------------------------------------------------------------------------------------------------

    def take(self, file: RowFile, *, dry_run: bool) -> tuple[Result, list[BadCell]]:
        """Import `file` whole or not at all; returns what the package found, and every cell that cannot be taken.

        With a bad cell, or on `dry_run`, all is rolled back. Raises StaleWrite and NotPermitted as the services do.
        """
        self.file = file
        dataset = tablib.Dataset(headers=list(_IN_FILE))
        for row in file.rows:
            dataset.append([row.cells.get(name) for name in _IN_FILE])
        result = self.import_data(
            dataset,
            dry_run=dry_run or bool(file.bad),
            use_transactions=True,
            rollback_on_validation_errors=True,
        )
        for error in [*result.base_errors, *(each for _number, errors in result.row_errors() for each in errors)]:
            raise error.error  # a fault of ours: the package would keep it to itself
        bad = [*file.bad, *self.refused]
        for invalid in result.invalid_rows:
            bad += self._cells_of(self.file.rows[invalid.number - 1], invalid.error)
        return result, sorted(bad, key=in_order)

    def before_import(self, dataset: tablib.Dataset, **_kwargs: Any) -> None:
        """Judge the whole file once: what changed there, what here, what on both sides."""
        found = judge(self.project, self.file)
        self.found = found.changes
        self.changes = {change.pk: change for change in found.changes}
        for bad in found.bad:
            self._bad.setdefault((bad.sheet, bad.number), []).append(bad)
        parties = Party.objects.filter(project=self.project)
        self.fields["responsible_party"].widget.parties = {plain(party.name): party for party in parties}

    def before_import_row(self, row: Any, row_number: int = 0, **_kwargs: Any) -> None:
        """Stop a row that the judge refused."""
        here = self.file.rows[row_number - 1]
        if bad := self._bad.get((here.sheet, here.number)):
            raise _invalid(bad)

    def after_init_instance(self, instance: PhaseActivity, new: bool, row: Any, **_kwargs: Any) -> None:
        """Take from the change what the choices leave of it; a conflict without a choice stops the row."""
        change = self.changes.get(instance.pk)
        if change is None:
            return
        choices = self.choose(change)
        undecided = [cell for unit, cells in change.open_units.items() if unit not in choices for cell in cells]
        if undecided:
            where = change.row
            raise _invalid(
                [
                    BadCell(where.number, where.sheet, cell.column, cell.after, CONFLICT, cell.before)
                    for cell in undecided
                    if cell.is_conflict
                ]
            )
        self.changes[instance.pk] = change.settled(choices)

    def import_field(
        self, field: Field, instance: PhaseActivity, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Set a field where the judge says that the file changes it."""
        if field.column_name in self._changing(instance):
            field.save(instance, row, is_m2m, **kwargs)

    def _changing(self, instance: PhaseActivity) -> dict[str, CellChange]:
        change = self.changes.get(instance.pk)
        return {cell.column: cell for cell in change.cells} if change else {}

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether the file changes nothing in the row."""
        return not self._changing(instance)

    def validate_instance(
        self, instance: PhaseActivity, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """The model's own rules for what changes; a party was looked up in the project already."""
        errors = dict(import_validation_errors or {})
        changing = {self.fields[name].attribute for name in self._changing(instance)} - {"accountable"}
        others = {field.name for field in PhaseActivity._meta.fields} - changing
        try:
            instance.full_clean(exclude=others | errors.keys(), validate_unique=False)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row: Any, row_result: RowResult, row_number: int = 0, **_kwargs: Any) -> None:
        """Let the result say which change it is."""
        if row_result.import_type == RowResult.IMPORT_TYPE_UPDATE:
            row_result.change = self.changes[row_result.object_id]

    def bulk_update(
        self, using_transactions: bool, dry_run: bool, raise_errors: bool, batch_size: Any = None, result: Any = None
    ) -> None:
        """Write by the services of rows. What they refuse counts like a row that is not valid."""
        changes = [self.changes[instance.pk] for instance in self.update_instances]
        self.update_instances.clear()
        if not changes:
            return
        try:
            write_changes(acting_user=self.acting_user, project=self.project, changes=changes)
        except ImportRefused as refused:
            self.refused += refused.bad
            places = {(row.sheet, row.number): place for place, row in enumerate(self.file.rows, start=1)}
            for bad in refused.bad:
                result.append_invalid_row(places[bad.sheet, bad.number], {}, ValidationError([]))

    def _cells_of(self, row: FileRow, error: ValidationError) -> list[BadCell]:
        columns = {field.attribute: field.column_name for field in self.fields.values()}
        bad = []
        for name, errors in getattr(error, "error_dict", {}).items():
            column = columns.get(name, name)
            for each in errors:
                why, detail = _why(column, each)
                bad.append(BadCell(row.number, row.sheet, column, row.cells.get(column, ""), why, detail))
        return bad


def _invalid(bad: Sequence[BadCell]) -> ValidationError:
    errors: dict[str, list[ValidationError]] = {}
    for cell in bad:
        errors.setdefault(cell.column, []).append(
            ValidationError(cell.why, code="ours", params={"detail": cell.detail})
        )
    return ValidationError(errors)


def _why(column: str, error: ValidationError) -> tuple[str, str]:
    if error.code == "ours":
        return str(error.message), (error.params or {}).get("detail", "")
    if column == "status":
        return NOT_A_STATUS, ""
    said = " ".join(error.messages)
    return (said, "") if said in _OUR_CODES else (RULE, said)
