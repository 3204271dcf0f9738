"""Acts on a preview of an import: keep it for a day, note what was chosen, use it once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.uploads import Upload
from phases.domain.plan_file import FILE, KEEP
from phases.models import PlanPreview
from phases.selectors.plan_preview import shown_of
from projects.models import Project
from projects.services.guards import require_capability

LIFETIME = timedelta(hours=24)
MOST_KEPT = 5  # of one person in one project


def drop_old_previews() -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return PlanPreview.objects.filter(created_at__lt=clock.now() - LIFETIME).delete()[0]


@transaction.atomic
def keep_preview(*, acting_user: User, project: Project, upload: Upload, content: Mapping[str, Any]) -> PlanPreview:
    """Keep what a file would change until its person confirms it. What is too old goes. Raises NotPermitted."""
    require_capability(acting_user, "phases.report", project)
    drop_old_previews()
    own = PlanPreview.objects.filter(project=project, user=acting_user).order_by("-created_at", "-pk")
    PlanPreview.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_KEPT - 1 :])).delete()
    return PlanPreview.objects.create(
        project=project,
        user=acting_user,
        file_name=upload.name,
        file_sha256=upload.sha256,
        content=dict(content),
        created_at=clock.now(),
    )


def refuse_used(*, acting_user: User, project: Project, preview_id: UUID) -> PlanPreview:
    """The preview, where the person may still confirm it.

    Raises DoesNotExist for one of another project, StaleWrite for one that is gone, too old, used, or somebody else's.
    """
    preview = PlanPreview.objects.filter(uuid=preview_id).select_related("project").first()
    if preview is not None and preview.project_id != project.pk:
        raise PlanPreview.DoesNotExist
    if preview is None or preview.created_at < clock.now() - LIFETIME:
        raise _unusable(_("This preview is gone: it is kept for a day. Send the file again."))
    if preview.user_id != acting_user.pk:
        raise _unusable(_("This preview is somebody else's. Send the file yourself."))
    if preview.confirmed_at is not None:
        raise _unusable(_("This file was imported already. Send it again if more is to change."))
    return preview


def _unusable(message: str) -> StaleWrite:
    return StaleWrite(message, current={}, sent={})


@transaction.atomic
def choose_sides(
    *, acting_user: User, project: Project, preview_id: UUID, sides: Mapping[str, str], rest: str = ""
) -> PlanPreview:
    """Note what holds in conflicts: `sides` by "row:unit", and `rest` for all others (replacing what was chosen).

    Raises as `refuse_used` does, and RuleBroken for a conflict that the preview does not have or a side that cannot be.
    """
    require_capability(acting_user, "phases.report", project)
    preview = refuse_used(acting_user=acting_user, project=project, preview_id=preview_id)
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
    return preview


@transaction.atomic
def claim_preview(*, acting_user: User, project: Project, preview_id: UUID) -> PlanPreview:
    """Use a preview: of two that confirm it at once, one gets it. Raises as `refuse_used` does, and NotPermitted."""
    require_capability(acting_user, "phases.report", project)
    preview = refuse_used(acting_user=acting_user, project=project, preview_id=preview_id)
    if not PlanPreview.objects.filter(pk=preview.pk, confirmed_at=None).update(confirmed_at=clock.now()):
        raise _unusable(_("This file was imported already. Send it again if more is to change."))
    return preview
