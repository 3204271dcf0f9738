"""A plan that comes in as a file: what it would change, and the import itself, for the page and the command alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.marked_rows import RULE, BadCell, Choose, RowChange, RowFile, choose_none, keep_all, take_all
from common.uploads import Upload
from phases.models import PlanPreview
from phases.resources import PlanResource
from phases.selectors.file_preview import ShownChange, changes_of, choices_of, content_of, open_choices
from phases.selectors.plan_preview import exported_values
from phases.services.file_previews import refuse_moved
from phases.services.plan_import import ImportRefused, in_order, judge, read_file, standing_of
from phases.services.plan_previews import claim_preview, keep_preview, refuse_used
from projects.models import Project
from projects.services.guards import require_capability


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would change, what cannot be taken, and how many of its rows change nothing.

    `refused` are conflicts of which the file's side cannot be taken: why, by row and unit.
    """

    changes: tuple[RowChange, ...]
    bad: tuple[BadCell, ...]
    unchanged: int
    refused: Mapping[tuple[int, str], str]


def look_at(*, acting_user: User | None, project: Project, upload: Upload) -> Looked:
    """Try `upload` and take all of it back. Raises UploadRefused, NotPermitted."""
    file = read_file(upload)
    resource = PlanResource(project, acting_user, keep_all)
    _result, bad = resource.take(file, dry_run=True)
    changes = resource.found
    refused: dict[tuple[int, str], str] = {}
    if any(change.conflicts for change in changes):
        # A side that a rule refuses is no choice, and stops nothing. What is no day or no party is bad on any side.
        _result, wrong = PlanResource(project, acting_user, take_all).take(file, dry_run=True)
        in_conflict = {
            (change.row.sheet, change.row.number, cell.column): (change.pk, unit)
            for change in changes
            for unit, cells in change.open_units.items()
            for cell in cells
        }
        for cell in wrong:
            key = in_conflict.get((cell.sheet, cell.number, cell.column))
            if key and cell.why == RULE:
                refused[key] = cell.detail
            elif cell not in bad and cell.why != RULE:
                bad.append(cell)
        bad.sort(key=in_order)
    bad_rows = {(cell.sheet, cell.number) for cell in bad}
    rows = {(row.sheet, row.number) for row in file.rows}
    unchanged = len(rows - bad_rows - {(change.row.sheet, change.row.number) for change in changes})
    return Looked(changes, tuple(bad), unchanged, refused)


def preview_file(*, acting_user: User, project: Project, upload: Upload) -> tuple[Looked, PlanPreview | None]:
    """Look at `upload`, and keep for a day what it would change; None where nothing is, or a cell cannot be taken."""
    looked = look_at(acting_user=acting_user, project=project, upload=upload)
    if looked.bad or not looked.changes:
        return looked, None
    titles = {name: here.cells["title"] for name, here in standing_of(project).items()}
    exported = exported_values(project, list(looked.changes))
    content = content_of(
        [
            ShownChange(
                change,
                titles[change.row.name],
                exported.get(change.pk, {}),
                {
                    unit: looked.refused[change.pk, unit]
                    for unit in change.open_units
                    if (change.pk, unit) in looked.refused
                },
            )
            for change in looked.changes
        ],
        looked.unchanged,
    )
    return looked, keep_preview(acting_user=acting_user, project=project, upload=upload, content=content)


@transaction.atomic
def import_plan(
    *,
    acting_user: User | None,
    project: Project,
    upload: Upload,
    choose: Choose = choose_none,
    dry_run: bool = False,
) -> tuple[Sequence[RowChange], int]:
    """Import `upload` whole or not at all; returns the changes and how many rows stay as they are.

    Raises UploadRefused, ImportRefused with every cell that cannot be taken, NotPermitted, StaleWrite.
    """
    require_capability(acting_user, "phases.report", project)
    file = read_file(upload)
    resource = PlanResource(project, acting_user, choose)
    result, bad = resource.take(file, dry_run=dry_run)
    if bad:
        raise ImportRefused(bad)
    changes = [row.change for row in result.rows]
    return changes, len(file.rows) - len(changes)


@transaction.atomic
def confirm_preview(*, acting_user: User, project: Project, preview_id: UUID) -> int:
    """Do what a preview of the same person showed; returns how many rows changed.

    Raises StaleWrite where it is used up, too old, somebody else's, or the plan moved on; RuleBroken while a conflict
    waits for a choice; ImportRefused where a rule says no by now; NotPermitted.
    """
    preview = claim_preview(acting_user=acting_user, project=project, preview_id=preview_id)
    _refuse_moved(preview)
    if waiting := open_choices(preview):
        raise RuleBroken(_("Choose first what holds in each conflict: %(count)d wait.") % {"count": len(waiting)})
    chosen = choices_of(preview)
    resource = PlanResource(project, acting_user, lambda change: chosen.get(change.pk, {}))
    result, bad = resource.take(_file_of(preview), dry_run=False)
    if bad:
        raise ImportRefused(bad)
    return len(result.rows)


def shown_preview(*, acting_user: User, project: Project, preview_id: UUID) -> PlanPreview:
    """A preview to look at. Raises as `confirm_preview` does for one that can no longer be confirmed."""
    preview = refuse_used(acting_user=acting_user, project=project, preview_id=preview_id)
    _refuse_moved(preview)
    return preview


def _refuse_moved(preview: PlanPreview) -> None:
    def label(change: RowChange) -> str:
        ref, phase = change.row.name
        return _("%(ref)s, phase %(phase)s") % {"ref": ref, "phase": phase}

    refuse_moved(
        preview,
        judge(preview.project, _file_of(preview)).changes,
        lambda: standing_of(preview.project),
        message=_("The plan changed after this preview was made, in %(count)d of its rows. Send the file again."),
        label_of=label,
    )


def _file_of(preview: PlanPreview) -> RowFile:
    return RowFile(tuple(change.row for change in changes_of(preview)))
