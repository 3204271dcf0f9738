"""A plan that comes back as a file: compared row by row, then taken whole or not at all, by the services of rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.tables_in import Limits, read_tables
from common.uploads import Upload
from phases.choices import PhaseState, Status
from phases.domain.plan_file import (
    CELL,
    EDITABLE,
    FIXED,
    KEYS,
    MARK,
    NOT_A_PARTY,
    RULE,
    BadCell,
    CellChange,
    Comparison,
    FileRow,
    PlanFile,
    RowChange,
    Standing,
    compare,
    project_mark,
)
from phases.domain.transitions import TRANSITIONS
from phases.exports_plan import COLUMNS, plain, plan_rows
from phases.exports_workbook import NO_TABLE, is_phase_sheet
from phases.models import Phase, PhaseActivity
from phases.services.rows import RowsRefused, Target, assign_party, change_status, set_due, write_note
from projects.models import Party, Project
from projects.services.guards import require_capability

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5000


class ImportRefused(RuleBroken):
    """The file changes nothing, because of `bad` rows."""

    def __init__(self, bad: Sequence[BadCell]) -> None:
        self.bad = list(bad)
        super().__init__(_("Nothing was changed: %(count)d cells cannot be taken.") % {"count": len(self.bad)})


def read_file(upload: Upload) -> PlanFile:
    """The rows of a plan in `upload`, and the cells that cannot be read. Nothing is compared yet.

    Raises UploadRefused for a file that cannot be read as a whole.
    """
    table = read_tables(
        upload,
        columns=KEYS,
        optional=(*EDITABLE, *FIXED, MARK),
        limits=Limits(max_rows=MAX_ROWS),
        wanted=is_phase_sheet,
        ignored=NO_TABLE,
    )
    faults = [BadCell(each.row, each.sheet, each.column, each.value, CELL, str(each.fault)) for each in table.faults]
    marred = {(fault.number, fault.sheet) for fault in faults}
    rows = [FileRow(row.number, row.sheet, row.values) for row in table.rows if (row.number, row.sheet) not in marred]
    return PlanFile(tuple(rows), tuple(faults))


def judge(project: Project, file: PlanFile) -> Comparison:
    """What `file` would change in the plan as it stands, by its three states. Nothing is written. Five queries."""
    return compare(file.rows, standing_of(project), project_mark(str(project.uuid)))


def standing_of(project: Project) -> dict[tuple[str, str], Standing]:
    """The rows of the plan as an export writes them, by ref and phase."""
    closed = set(Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True))
    keys = {
        (ref, phase): (pk, version)
        for pk, version, ref, phase in PhaseActivity.objects.filter(project=project).values_list(
            "pk", "version", "activity__ref", "phase_number"
        )
    }
    standing = {}
    for row in plan_rows(project, with_initiation=True):
        cells = {name: str(value) for name, value in zip(COLUMNS, row, strict=True)}
        pk, version = keys.get((row[0], row[1]), (0, 0))
        standing[cells["ref"], cells["phase"]] = Standing(pk, version, cells, row[1] in closed)
    return standing


def day_of(text: str) -> date | None:
    """`text` as a day where it is one and written YYYY-MM-DD."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


@dataclass(slots=True)
class _Import:
    """An import under way: the versions that its own steps have made, and what rules refused."""

    project: Project
    acting_user: User | None
    versions: dict[int, int]
    rows: dict[int, FileRow]
    bad: list[BadCell]

    def targets(self, keys: Sequence[int]) -> list[Target]:
        return [Target(pk, self.versions[pk]) for pk in keys]

    def take(self, made: Sequence[PhaseActivity]) -> None:
        for row in made:
            self.versions[row.pk] = row.version

    def refuse(self, keys: Sequence[int], column: str, error: RuleBroken, value: str) -> None:
        """Note for every row of a refused act what was wrong with it."""
        said: dict[str, str] = {}
        if isinstance(error, RowsRefused):
            said = {refusal.ref: refusal.reason for refusal in error.refusals}
        for pk in keys:
            row = self.rows[pk]
            if not said or row.cells["ref"] in said:
                detail = said.get(row.cells["ref"], str(error))
                self.bad.append(BadCell(row.number, row.sheet, column, value, RULE, detail))


@transaction.atomic
def write_changes(*, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    """Write `changes`, all of them or none, by the services of rows and with the rights that each act needs.

    Raises ImportRefused with every row that a rule refuses, NotPermitted for who may not do one of the acts, StaleWrite
    where a row changed since it was compared.
    """
    require_capability(acting_user, "phases.report", project)
    parties = {plain(party.name): party for party in Party.objects.filter(project=project)}
    work = _Import(
        project,
        acting_user,
        {change.pk: change.version for change in changes},
        {change.pk: change.row for change in changes},
        [],
    )
    _parties(work, changes, parties)
    _dues(work, changes)
    _statuses(work, changes)
    _notes(work, changes)
    if work.bad:
        raise ImportRefused(sorted(work.bad, key=in_order))


def in_order(bad: BadCell) -> tuple[str, int, str]:
    """By sheet, row and column."""
    return bad.sheet, bad.number, bad.column


def _cell(change: RowChange, column: str) -> CellChange | None:
    return next((cell for cell in change.cells if cell.column == column), None)


def _parties(work: _Import, changes: Sequence[RowChange], parties: dict[str, Party]) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        cell = _cell(change, "responsible_party")
        if cell is None:
            continue
        if cell.after and cell.after not in parties:
            row = change.row
            work.bad.append(BadCell(row.number, row.sheet, cell.column, cell.after, NOT_A_PARTY))
            continue
        groups[cell.after].append(change.pk)
    for name, keys in groups.items():
        party = parties[name] if name else None
        try:
            made = assign_party(
                acting_user=work.acting_user, project=work.project, targets=work.targets(keys), party=party
            )
        except RuleBroken as error:
            work.refuse(keys, "responsible_party", error, name)
        else:
            work.take(made)


def _dues(work: _Import, changes: Sequence[RowChange]) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        cell = _cell(change, "due")
        if cell is not None:
            groups[cell.after].append(change.pk)
    for text, keys in groups.items():
        try:
            made = set_due(
                acting_user=work.acting_user, project=work.project, targets=work.targets(keys), due=day_of(text)
            )
        except RuleBroken as error:
            work.refuse(keys, "due", error, text)
        else:
            work.take(made)


def _path(before: str, after: str) -> list[str]:
    """The statuses from `before` to `after`, the steps that a person would take one by one: two at most."""
    if (before, after) in TRANSITIONS:
        return [after]
    between = [step for step in ("in progress", "not started") if (before, step) in TRANSITIONS]
    return next(([step, after] for step in between if (step, after) in TRANSITIONS), [after])


def _statuses(work: _Import, changes: Sequence[RowChange]) -> None:
    first: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    then: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for change in changes:
        status, reason, since = (_cell(change, name) for name in ("status", "reason", "operating_since"))
        if status is None:
            for cell in (reason, since):
                if cell is not None:
                    why = _("This changes only together with the status.")
                    row = change.row
                    work.bad.append(BadCell(row.number, row.sheet, cell.column, cell.after, RULE, why))
            continue
        text = change.row.cells.get("reason", "")
        day = since.after if since is not None and status.after == Status.DONE else ""
        steps = _path(status.before, status.after)
        if len(steps) == 2:
            first[steps[0], text, ""].append(change.pk)
            then[steps[1], text, day].append(change.pk)
        else:
            first[steps[0], text, day].append(change.pk)
    for groups in (first, then):
        for (status_after, text, day), keys in groups.items():
            refused = {(bad.sheet, bad.number) for bad in work.bad if bad.column == "status"}
            open_keys = [pk for pk in keys if (work.rows[pk].sheet, work.rows[pk].number) not in refused]
            if not open_keys:
                continue
            try:
                made = change_status(
                    acting_user=work.acting_user,
                    project=work.project,
                    targets=work.targets(open_keys),
                    status=status_after,
                    text=text,
                    operating_since=day_of(day) if day else None,
                )
            except RuleBroken as error:
                work.refuse(open_keys, "status", error, status_after)
            else:
                work.take(made)


def _notes(work: _Import, changes: Sequence[RowChange]) -> None:
    for change in changes:
        cell = _cell(change, "note")
        if cell is None:
            continue
        (target,) = work.targets([change.pk])
        try:
            made = write_note(acting_user=work.acting_user, project=work.project, target=target, note=cell.after)
        except RuleBroken as error:
            work.refuse([change.pk], "note", error, cell.after)
        else:
            work.take([made])
