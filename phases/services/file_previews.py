"""Previews of files that came in: kept for a day, for one person and one use. The capability is the caller's to ask."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Manager
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.marked_rows import FILE, KEEP, RowChange, Standing
from common.uploads import Upload
from phases.preview_models import FilePreview
from phases.selectors.file_preview import changes_of, shown_of
from projects.models import Project

LIFETIME = timedelta(hours=24)
MOST_KEPT = 5  # of one person in one project
MOST_MOVED = 20  # rows that moved on, as many as a person looks at
P = TypeVar("P", bound=FilePreview)


def drop_old(model: type[FilePreview]) -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return model._default_manager.filter(created_at__lt=clock.now() - LIFETIME).delete()[0]


def keep_one(model: type[P], upload: Upload, content: Mapping[str, Any], **fields: Any) -> P:
    """Keep what a file would change; `fields` are project, user and what else the model has. What is too old goes."""
    previews: Manager[P] = model._default_manager  # type: ignore[assignment]  # django-stubs take the base's manager
    drop_old(model)
    own = previews.filter(project=fields["project"], user=fields["user"]).order_by("-created_at", "-pk")
    previews.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_KEPT - 1 :])).delete()
    return previews.create(
        file_name=upload.name,
        file_sha256=upload.sha256,
        content=dict(content),
        created_at=clock.now(),
        **fields,
    )


def usable_one(model: type[P], *, acting_user: User, project: Project, preview_id: UUID) -> P:
    """The preview, where the person may still confirm it.

    Raises DoesNotExist for one of another project, StaleWrite for one that is gone, too old, used, or somebody else's.
    """
    previews: Manager[P] = model._default_manager  # type: ignore[assignment]  # as above
    preview = previews.filter(uuid=preview_id).select_related("project").first()
    if preview is not None and preview.project_id != project.pk:
        raise model.DoesNotExist
    if preview is None or preview.created_at < clock.now() - LIFETIME:
        raise _unusable(_("This preview is gone: it is kept for a day. Send the file again."))
    if preview.user_id != acting_user.pk:
        raise _unusable(_("This preview is somebody else's. Send the file yourself."))
    if preview.confirmed_at is not None:
        raise _used()
    return preview


def note_choices(preview: FilePreview, sides: Mapping[str, str], rest: str = "") -> None:
    """Note what holds in conflicts: `sides` by "row:unit", and `rest` for all others (replacing what was chosen).

    Raises RuleBroken for a conflict that the preview does not have or a side that cannot be.
    """
    refused = {
        f"{shown.change.pk}:{unit}": shown.refused for shown in shown_of(preview) for unit in shown.change.open_units
    }
    known = set(refused)
    if unknown := set(sides) - known:
        raise RuleBroken(_("There is no such conflict: %(name)s") % {"name": min(unknown)[:40]})
    chosen = dict(preview.content["choices"])
    if rest:
        chosen |= dict.fromkeys(known, rest)
    chosen |= sides
    for key, side in list(chosen.items()):
        if side not in (KEEP, FILE):
            raise RuleBroken(_("Choose what stands here, or what the file says."))
        if side == FILE and key.partition(":")[2] in refused[key]:
            if not rest:
                raise RuleBroken(_("The file's side of this conflict cannot be taken."))
            chosen[key] = KEEP  # the only side there is
    preview.content["choices"] = chosen
    preview.save(update_fields=["content"])


def use_up(preview: FilePreview) -> None:
    """Use a preview: of two that confirm it at once, one gets it; StaleWrite for the other."""
    unused = type(preview)._default_manager.filter(pk=preview.pk, confirmed_at=None)
    if not unused.update(confirmed_at=clock.now()):
        raise _used()


def refuse_moved(
    preview: FilePreview,
    now: Sequence[RowChange],
    standing: Callable[[], Mapping[tuple[str, ...], Standing]],
    *,
    message: str,
    label_of: Callable[[RowChange], str],
) -> None:
    """Raise StaleWrite, with what stands here now, where the rows of a preview are not those that it showed.

    `now` is what its file would change by now, `message` takes the `count` of rows that moved on.
    """
    by_row = {change.pk: change for change in now}
    moved = [shown for shown in changes_of(preview) if by_row.get(shown.pk) != shown]
    if not moved:
        return
    stands = standing()
    current: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    for shown in moved[:MOST_MOVED]:
        label = label_of(shown)
        here = stands.get(shown.row.name)
        now_here = "; ".join(f"{cell.column}: {here.cells[cell.column] or '–'}" for cell in shown.cells) if here else ""
        current[label] = now_here or _("not there any more")
        sent[label] = "; ".join(f"{cell.column}: {cell.before or '–'} → {cell.after or '–'}" for cell in shown.cells)
    raise StaleWrite(message % {"count": len(moved)}, current=current, sent=sent)


def _used() -> StaleWrite:
    return _unusable(_("This file was imported already. Send it again if more is to change."))


def _unusable(message: str) -> StaleWrite:
    return StaleWrite(message, current={}, sent={})
