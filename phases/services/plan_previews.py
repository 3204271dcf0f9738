"""Acts on a preview of a plan: keep it for a day, note what was chosen, use it once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from common.uploads import Upload
from phases.models import PlanPreview
from phases.services.file_previews import drop_old, keep_one, note_choices, usable_one, use_up
from projects.models import Project
from projects.services.guards import require_capability


def drop_old_previews() -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return drop_old(PlanPreview)


@transaction.atomic
def keep_preview(*, acting_user: User, project: Project, upload: Upload, content: Mapping[str, Any]) -> PlanPreview:
    """Keep what a file would change until its person confirms it. What is too old goes. Raises NotPermitted."""
    require_capability(acting_user, "phases.report", project)
    return keep_one(PlanPreview, upload, content, project=project, user=acting_user)


def refuse_used(*, acting_user: User, project: Project, preview_id: UUID) -> PlanPreview:
    """The preview, where the person may still confirm it. Raises as `usable_one` does."""
    return usable_one(PlanPreview, acting_user=acting_user, project=project, preview_id=preview_id)


@transaction.atomic
def choose_sides(
    *, acting_user: User, project: Project, preview_id: UUID, sides: Mapping[str, str], rest: str = ""
) -> PlanPreview:
    """Note what holds in conflicts. Raises as `usable_one` and `note_choices` do."""
    require_capability(acting_user, "phases.report", project)
    preview = refuse_used(acting_user=acting_user, project=project, preview_id=preview_id)
    note_choices(preview, sides, rest)
    return preview


@transaction.atomic
def claim_preview(*, acting_user: User, project: Project, preview_id: UUID) -> PlanPreview:
    """Use a preview: of two that confirm it at once, one gets it. Raises as `usable_one` does, and NotPermitted."""
    require_capability(acting_user, "phases.report", project)
    preview = refuse_used(acting_user=acting_user, project=project, preview_id=preview_id)
    use_up(preview)
    return preview
