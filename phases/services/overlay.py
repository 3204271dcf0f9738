"""Acts on an organization's own copy of the wording: look at a file, load it, remove the copy whole.

The trail of the organization keeps counts and the hash of the file; the wording itself never goes there.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import dateformat
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.tables_in import Limits, read_table
from common.uploads import Upload
from phases.domain.overlay import COLUMNS, MAX_ROWS, OverlayCheck, check_rows
from phases.models import Wording, WordingOverlay, WordingPreview
from phases.selectors.overlay import identity_of, packs_for_wording, refs_of_pack
from projects.models import Organization
from projects.permissions import can_act_for_organization
from projects.services.guards import require

LIFETIME = timedelta(hours=1)


@transaction.atomic
def preview_overlay(
    *, acting_user: User, organization: Organization, pack: str, upload: Upload
) -> tuple[OverlayCheck, WordingPreview | None]:
    """Read `upload` and check every row of it. A sound one is kept for an hour for `confirm_overlay`, else None.

    Raises NotPermitted, RuleBroken for an unknown pack, UploadRefused (common.uploads) for a file that cannot be
    read as a whole.
    """
    require(can_act_for_organization(acting_user, organization))
    if pack not in packs_for_wording():
        raise RuleBroken(_("There is no such catalogue."), field="pack")
    table = read_table(upload, columns=COLUMNS, limits=Limits(max_rows=MAX_ROWS))
    known, expected = refs_of_pack(pack)
    check = check_rows(table.rows, frozenset(known), table.faults, required=expected)
    _drop_previews(acting_user, organization, pack)
    if not check.is_good:
        return check, None
    current = WordingOverlay.objects.filter(organization=organization, pack=pack).first()
    preview = WordingPreview.objects.create(
        organization=organization,
        user=acting_user,
        pack=pack,
        file_name=upload.name,
        file_sha256=upload.sha256,
        replaces=identity_of(current),
        rows=check.wordings,
        created_at=clock.now(),
    )
    return check, preview


def _drop_previews(user: User, organization: Organization, pack: str) -> None:
    """Nothing of a licensed text stays longer than it is needed."""
    WordingPreview.objects.filter(organization=organization, user=user, pack=pack).delete()
    drop_old_previews()


def drop_old_previews() -> int:
    """Remove previews that can be confirmed no more; returns how many."""
    return WordingPreview.objects.filter(created_at__lt=clock.now() - LIFETIME).delete()[0]


def refuse_stale_preview(
    preview: WordingPreview | None, *, user: User, organization: Organization, current: WordingOverlay | None
) -> None:
    """Raise StaleWrite unless `preview` is the user's own, young enough, and still about the same copy."""
    if preview is None or preview.organization_id != organization.pk:
        raise _stale(_("This preview is gone. Send the file again."), current)
    if preview.user_id != user.pk:
        raise _stale(_("This preview is somebody else's. Send the file yourself."), current)
    if preview.created_at < clock.now() - LIFETIME:
        raise _stale(_("This preview is more than an hour old. Send the file again."), current)
    if preview.replaces != identity_of(current):
        raise _stale(_("Somebody loaded or removed a copy after this preview was made. Send the file again."), current)


def _stale(message: str, current: WordingOverlay | None, sent: Mapping[str, str] | None = None) -> StaleWrite:
    now = (
        _("%(count)s wordings, loaded %(day)s")
        % {"count": current.wording_count, "day": dateformat.format(current.loaded_at, "j M Y H:i")}
        if current is not None
        else _("no copy")
    )
    return StaleWrite(message, current={_("Loaded now"): now}, sent=dict(sent or {_("Loaded now"): _("your file")}))


@transaction.atomic
def confirm_overlay(
    *, acting_user: User, organization: Organization, preview_id: UUID, file_sha256: str, holds_licence: bool
) -> WordingOverlay:
    """Load what a preview of the same person and file showed, in place of the copy it saw. Sent twice, loaded once.

    Raises NotPermitted, RuleBroken without a licence, StaleWrite for a preview that is another person's, too old,
    of another file, or overtaken by another load or removal.
    """
    require(can_act_for_organization(acting_user, organization))
    _lock(organization)
    done = WordingOverlay.objects.filter(
        organization=organization, from_preview=preview_id, loaded_by=acting_user, file_sha256=file_sha256
    ).first()
    if done is not None:
        return done
    preview = WordingPreview.objects.filter(uuid=preview_id).first()
    current = WordingOverlay.objects.filter(organization=organization, pack=preview.pack).first() if preview else None
    refuse_stale_preview(preview, user=acting_user, organization=organization, current=current)
    if preview is None or preview.file_sha256 != file_sha256:
        raise _stale(_("This preview shows another file. Send the file again."), current)
    if not holds_licence:
        raise RuleBroken(
            _("Tick that the organization holds a licence. Without one, the wording must not be loaded."),
            field="holds_licence",
        )
    before = current.wording_count if current is not None else 0
    before_sha256 = current.file_sha256 if current is not None else None
    if current is not None:
        current.delete()
    overlay = WordingOverlay.objects.create(
        organization=organization,
        pack=preview.pack,
        file_sha256=preview.file_sha256,
        wording_count=len(preview.rows),
        loaded_by=acting_user,
        loaded_at=clock.now(),
        from_preview=preview.uuid,
    )
    Wording.objects.bulk_create([Wording(overlay=overlay, ref=ref, text=text) for ref, text in preview.rows.items()])
    # Previews of others saw a copy that is gone.
    WordingPreview.objects.filter(organization=organization, pack=preview.pack).delete()
    record_event(
        stream_id=organization.uuid,
        acting_user=acting_user,
        draft=Draft(
            "load wording",
            "wording overlay",
            overlay.pack,
            packs_for_wording().get(overlay.pack, overlay.pack),
            {
                "wordings": [before, overlay.wording_count],
                "file sha256": [before_sha256, overlay.file_sha256],
                "licence confirmed": [None, True],
            },
        ),
    )
    return overlay


@transaction.atomic
def remove_overlay(
    *, acting_user: User | None, organization: Organization, pack: str, overlay_id: UUID
) -> WordingOverlay | None:
    """Remove the whole copy over `pack`, and every preview of one. None where it was gone already.

    Raises NotPermitted, and StaleWrite where another copy than `overlay_id` is loaded by now.
    """
    require(can_act_for_organization(acting_user, organization))
    _lock(organization)
    overlay = WordingOverlay.objects.filter(organization=organization, pack=pack).first()
    if overlay is None:
        return None
    if overlay.uuid != overlay_id:
        raise _stale(
            _("Another copy was loaded meanwhile. Nothing was removed."), overlay, {_("Loaded now"): _("remove")}
        )
    count, sha256 = overlay.wording_count, overlay.file_sha256
    overlay.delete()
    WordingPreview.objects.filter(organization=organization, pack=pack).delete()
    record_event(
        stream_id=organization.uuid,
        acting_user=acting_user,
        draft=Draft(
            "remove wording",
            "wording overlay",
            pack,
            packs_for_wording().get(pack, pack),
            {"wordings": [count, 0], "file sha256": [sha256, None]},
        ),
    )
    return overlay


def _lock(organization: Organization) -> None:
    """Two people who load at once do so one after the other; on SQLite the transaction itself sees to that."""
    Organization.objects.select_for_update().get(pk=organization.pk)
