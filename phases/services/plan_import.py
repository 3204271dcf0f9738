"""A plan that comes back as a file: compared row by row, then taken whole or not at all, by the services of rows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import NotPermitted, RuleBroken
from common.marked_rows import (
    MARK,
    RULE,
    BadCell,
    CellChange,
    Comparison,
    FileRow,
    RowChange,
    RowFile,
    Standing,
    owner_mark,
)
from common.tables_in import Limits, read_tables
from common.uploads import Upload
from phases.choices import PhaseState, Status
from phases.domain.plan_file import EDITABLE, FIXED, KEYS, NO_PHASE, PLAN
from phases.domain.transitions import TRANSITIONS
from phases.exports_plan import COLUMNS, plain, plan_rows
from phases.exports_workbook import NO_TABLE, is_phase_sheet
from phases.models import Phase, PhaseActivity
from phases.services.rows import RowsRefused, Target, assign_party, change_status, set_due, write_notes
from projects.models import Party, Project
from projects.services.guards import require_capability

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5000


class ImportRefused(RuleBroken):
    """The file changes nothing, because of `bad` rows."""

    def __init__(self, bad: Sequence[BadCell]) -> None:
        self.bad = list(bad)
        super().__init__(_("Nothing was changed: %(count)d cells cannot be taken.") % {"count": len(self.bad)})


def read_file(upload: Upload) -> RowFile:
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
    return PLAN.rows_of(table)


def judge(project: Project, file: RowFile) -> Comparison:
    """What `file` would change in the plan as it stands, by its three states. Nothing is written. Five queries."""
    return PLAN.compare(file.rows, standing_of(project), owner_mark(str(project.uuid)), NO_PHASE)


def standing_of(project: Project) -> dict[tuple[str, ...], Standing]:
    """The rows of the plan as an export writes them, by ref and phase."""
    closed = set(Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True))
    keys = {
        (ref, phase): (pk, version)
        for pk, version, ref, phase in PhaseActivity.objects.filter(project=project).values_list(
            "pk", "version", "activity__ref", "phase_number"
        )
    }
    standing: dict[tuple[str, ...], Standing] = {}
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

    versions: dict[int, int]
    rows: dict[int, FileRow]
    bad: list[BadCell]

    def do(self, keys: Sequence[int], column: str, act: Callable[..., Sequence[PhaseActivity]]) -> None:
        """Do `act` to rows at once, or note for each that it refuses what is wrong."""
        try:
            for row in act(targets=[Target(pk, self.versions[pk]) for pk in keys]):
                self.versions[row.pk] = row.version
        except RowsRefused as error:
            said = {refusal.ref: refusal.reason for refusal in error.refusals}
            by_phase: dict[str, list[int]] = defaultdict(list)
            for pk in keys:
                by_phase[self.rows[pk].cells["phase"]].append(pk)
            if len(by_phase) > 1:
                # A refusal names the ref alone. All will be undone anyway, so each phase is asked again by itself.
                for part in by_phase.values():
                    self.do(part, column, act)
            else:
                for pk in keys:
                    if reason := said.get(self.rows[pk].cells["ref"]):
                        self.refuse([pk], column, reason)
        except (RuleBroken, NotPermitted) as error:
            self.refuse(keys, column, str(error))

    def refuse(self, keys: Sequence[int], column: str, reason: str) -> None:
        """Note for rows what is wrong with a cell."""
        for pk in keys:
            row = self.rows[pk]
            self.bad.append(BadCell(row.number, row.sheet, column, row.cells.get(column, ""), RULE, reason))


@transaction.atomic
def write_changes(*, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    """Write `changes`, all of them or none, by the services of rows and with the rights that each act needs.

    Raises ImportRefused with every row that a rule refuses or in which the person may not do the act, NotPermitted for
    who may not report at all, StaleWrite where a row changed since it was compared.
    """
    require_capability(acting_user, "phases.report", project)
    work = _Import({change.pk: change.version for change in changes}, {change.pk: change.row for change in changes}, [])
    _parties(work, acting_user, project, changes)
    _dues(work, acting_user, project, changes)
    _statuses(work, acting_user, project, changes)
    _notes(work, acting_user, project, changes)
    if work.bad:
        raise ImportRefused(sorted(work.bad, key=in_order))


def in_order(bad: BadCell) -> tuple[str, int, str]:
    """By sheet, row and column."""
    return bad.sheet, bad.number, bad.column


def _cell(change: RowChange, column: str) -> CellChange | None:
    return next((cell for cell in change.cells if cell.column == column), None)


def _by_value(changes: Sequence[RowChange], column: str) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        if cell := _cell(change, column):
            groups[cell.after].append(change.pk)
    return groups


def _parties(work: _Import, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    parties = {plain(party.name): party for party in Party.objects.filter(project=project)}
    for name, keys in _by_value(changes, "responsible_party").items():
        act = partial(assign_party, acting_user=acting_user, project=project, party=parties[name] if name else None)
        work.do(keys, "responsible_party", act)


def _dues(work: _Import, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    for text, keys in _by_value(changes, "due").items():
        act = partial(set_due, acting_user=acting_user, project=project, due=day_of(text))
        work.do(keys, "due", act)


def _path(before: str, after: str) -> list[str]:
    """The statuses from `before` to `after`, the steps that a person would take one by one: two at most."""
    if (before, after) in TRANSITIONS:
        return [after]
    between = [step for step in ("in progress", "not started") if (before, step) in TRANSITIONS]
    return next(([step, after] for step in between if (step, after) in TRANSITIONS), [after])


def _statuses(work: _Import, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    first: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    then: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for change in changes:
        status, reason, since = (_cell(change, name) for name in ("status", "reason", "operating_since"))
        if status is None:
            for cell in (reason, since):
                if cell is not None:
                    work.refuse([change.pk], cell.column, _("This changes only together with the status."))
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
        refused = {(bad.sheet, bad.number) for bad in work.bad if bad.column == "status"}
        for (step, text, day), keys in groups.items():
            open_keys = [pk for pk in keys if (work.rows[pk].sheet, work.rows[pk].number) not in refused]
            if open_keys:
                act = partial(
                    change_status,
                    acting_user=acting_user,
                    project=project,
                    status=step,
                    text=text,
                    operating_since=day_of(day) if day else None,
                )
                work.do(open_keys, "status", act)


def _notes(work: _Import, acting_user: User | None, project: Project, changes: Sequence[RowChange]) -> None:
    notes = {change.pk: cell.after for change in changes if (cell := _cell(change, "note"))}

    def act(targets: list[Target]) -> list[PhaseActivity]:
        texts = [notes[target.pk] for target in targets]
        return write_notes(acting_user=acting_user, project=project, targets=targets, notes=texts)

    if notes:
        work.do(list(notes), "note", act)
