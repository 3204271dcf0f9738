"""Answers that come in as a file: what it would change, kept until its person confirms it, and the import itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import dateformat
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from common.marked_rows import CONFLICT, BadCell, Choose, RowChange, RowFile
from common.uploads import Upload
from gapanalysis.models import Answer, AnswerPreview, Assessment
from gapanalysis.selectors.answer_rows import answer_rows, exported_values, standing_of
from gapanalysis.services.answer_file import AnswersRefused, judge, read_file, refuse_closed, write_changes
from phases.selectors.file_preview import ShownChange, changes_of, choices_of, content_of, open_choices
from phases.services.file_previews import drop_old, keep_one, note_choices, refuse_moved, usable_one, use_up
from projects.models import Project
from projects.services.guards import require_capability


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would change, what cannot be taken, how many of its rows change nothing, which sheets it is not."""

    changes: tuple[RowChange, ...]
    bad: tuple[BadCell, ...]
    unchanged: int
    unread: tuple[str, ...]


def drop_old_previews() -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return drop_old(AnswerPreview)


@transaction.atomic
def preview_file(
    *, acting_user: User, project: Project, assessment: Assessment, upload: Upload
) -> tuple[Looked, AnswerPreview | None]:
    """Look at `upload`, and keep for a day what it would change; None where nothing is, or a cell cannot be taken.

    Raises UploadRefused, NotPermitted, and Assessment.DoesNotExist for another project's.
    """
    fresh = _open(acting_user, project, assessment)
    file = read_file(upload)
    found = judge(acting_user, fresh, file)
    looked = Looked(found.changes, found.bad, found.unchanged, file.unread)
    if looked.bad or not looked.changes:
        return looked, None
    rows = {row.answer.pk: row for row in answer_rows(fresh)}
    exported = exported_values(fresh, looked.changes)
    shown = []
    for change in looked.changes:
        row = rows[change.pk]
        whose = _whose(row.answer, project.time_zone)
        shown.append(ShownChange(change, row.cells["question"], exported.get(change.pk, {}), {}, whose))
    content = content_of(shown, looked.unchanged) | {"unread": list(looked.unread)}
    return looked, keep_one(AnswerPreview, upload, content, project=project, user=acting_user, assessment=fresh)


@transaction.atomic
def import_answers(
    *,
    acting_user: User | None,
    project: Project,
    assessment: Assessment,
    upload: Upload,
    choose: Choose,
    dry_run: bool = False,
) -> Looked:
    """Import `upload` whole or not at all; returns what it changed, or with `dry_run` would change.

    Raises NotPermitted, also for a locked assessment; UploadRefused; AnswersRefused with every cell that cannot be
    taken, conflicts that `choose` leaves open among them; and Assessment.DoesNotExist for another project's.
    """
    fresh = _open(acting_user, project, assessment)
    file = read_file(upload)
    found = judge(acting_user, fresh, file)
    bad = [*found.bad]
    changes = []
    for change in found.changes:
        sides = choose(change)
        bad += _undecided(change, sides)
        left = change.settled(sides)
        if left.cells:
            changes.append(left)
    if bad:
        raise AnswersRefused(bad)
    if not dry_run:
        write_changes(acting_user=acting_user, project=project, assessment=fresh, changes=changes)
    unchanged = found.unchanged + len(found.changes) - len(changes)
    return Looked(tuple(changes), (), unchanged, file.unread)


def shown_preview(*, acting_user: User, project: Project, assessment: Assessment, preview_id: UUID) -> AnswerPreview:
    """A preview to look at. Raises as `confirm_preview` does for one that can no longer be confirmed."""
    preview = _usable(acting_user, project, assessment, preview_id)
    _refuse_moved(preview)
    return preview


@transaction.atomic
def choose_sides(
    *,
    acting_user: User,
    project: Project,
    assessment: Assessment,
    preview_id: UUID,
    sides: Mapping[str, str],
    rest: str = "",
) -> AnswerPreview:
    """Note what holds in conflicts: `sides` by "row:unit", `rest` for all others. Raises as `confirm_preview`."""
    _open(acting_user, project, assessment)
    preview = _usable(acting_user, project, assessment, preview_id)
    note_choices(preview, sides, rest)
    return preview


@transaction.atomic
def confirm_preview(*, acting_user: User, project: Project, assessment: Assessment, preview_id: UUID) -> int:
    """Do what a preview of the same person showed; returns how many answers it gave.

    Raises StaleWrite where it is used up, too old, somebody else's, or answers moved on; RuleBroken while a conflict
    waits for a choice; AnswersRefused where a rule says no by now; NotPermitted, also where the assessment was locked
    meanwhile; and DoesNotExist for another assessment's.
    """
    fresh = _open(acting_user, project, assessment)
    preview = _usable(acting_user, project, assessment, preview_id)
    use_up(preview)
    _refuse_moved(preview)
    if waiting := open_choices(preview):
        raise RuleBroken(_("Choose first what holds in each conflict: %(count)d wait.") % {"count": len(waiting)})
    chosen = choices_of(preview)
    changes = [change.settled(chosen.get(change.pk, {})) for change in changes_of(preview)]
    return write_changes(
        acting_user=acting_user,
        project=project,
        assessment=fresh,
        changes=[change for change in changes if change.cells],
    )


def _open(acting_user: User | None, project: Project, assessment: Assessment) -> Assessment:
    """The assessment as it stands, with the project locked, where answers are taken from `acting_user`."""
    require_capability(acting_user, "gap.answer", project)
    fresh = Assessment.objects.select_related("project", "questionnaire").get(pk=assessment.pk, project=project)
    refuse_closed(acting_user, project, fresh)
    return fresh


def _usable(acting_user: User, project: Project, assessment: Assessment, preview_id: UUID) -> AnswerPreview:
    preview = usable_one(AnswerPreview, acting_user=acting_user, project=project, preview_id=preview_id)
    if preview.assessment_id != assessment.pk:
        raise AnswerPreview.DoesNotExist
    return preview


def _whose(answer: Answer, time_zone: str) -> str:
    """Who said what stands here, and when."""
    if answer.answered_at is None:
        return ""
    day = dateformat.format(clock.day_of(answer.answered_at, time_zone), "j M Y")
    name = (answer.answered_by.name or answer.answered_by.email) if answer.answered_by else _("the application")
    return _("%(name)s, %(day)s") % {"name": name, "day": day}


def _undecided(change: RowChange, sides: Mapping[str, str]) -> Sequence[BadCell]:
    where = change.row
    return [
        BadCell(where.number, where.sheet, cell.column, cell.after, CONFLICT, cell.before)
        for unit, cells in change.open_units.items()
        if unit not in sides
        for cell in cells
        if cell.is_conflict
    ]


def _refuse_moved(preview: AnswerPreview) -> None:
    assessment = preview.assessment
    found = judge(preview.user, assessment, RowFile(tuple(change.row for change in changes_of(preview))))
    refuse_moved(
        preview,
        found.changes,
        lambda: standing_of(answer_rows(assessment)),
        message=_("%(count)d of its answers changed after this preview was made. Send the file again."),
        label_of=lambda change: change.row.name[0],
    )
