"""Large files in pieces: begin, add a piece where the file ends, go on after a break."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.disk import is_disk_full
from common.exceptions import RuleBroken
from evidence import files
from evidence.choices import UploadState
from evidence.domain.file_names import extension_of, shown_name
from evidence.exceptions import FileRefused, NoRoom, OffsetMismatch
from evidence.file_types import TYPES
from evidence.models import IncomingFile, StorageUse
from evidence.selectors.uploads import OPEN
from evidence.services.quota import MEGABYTE
from projects.models import Project
from projects.services.guards import require_capability

KEPT = timedelta(hours=48)
# What a job is to check waits for it, also over a long weekend without workers.
KEPT_FOR_JOBS = timedelta(days=14)
MOST_OPEN = 250


@transaction.atomic
def begin_upload(*, acting_user: User, project: Project, file_name: str, size: int) -> IncomingFile:
    """Begin to take in a file of `size` bytes. Raises NotPermitted, FileRefused, NoRoom before anything is sent."""
    require_capability(acting_user, "evidence.add", project)
    name = shown_name(file_name)
    if size <= 0:
        raise FileRefused(_("The file is empty."), field="file")
    most = int(settings.EVIDENCE_FILE_MB) * MEGABYTE
    if size > most:
        raise FileRefused(_("The file is larger than %(limit)d MB.") % {"limit": most // MEGABYTE}, field="file")
    if extension_of(name) not in TYPES:
        raise FileRefused(
            _("Files that end in .%(ending)s are not taken. Save it as PDF, picture, text or office file, or as ZIP.")
            % {"ending": extension_of(name) or "?"},
            field="file",
        )
    used = StorageUse.objects.filter(organization=project.organization).values_list("used", flat=True).first() or 0
    if used + size > int(settings.EVIDENCE_QUOTA_MB) * MEGABYTE:
        raise NoRoom(_("This is more than your organization may keep. Ask the administrator."), field="file")
    if IncomingFile.objects.filter(user=acting_user, state=UploadState.RECEIVING).count() >= MOST_OPEN:
        raise RuleBroken(_("Too many files are coming in already. Wait until some are done."))
    path = files.incoming_path()
    path.touch(mode=0o600)
    return IncomingFile.objects.create(
        project=project,
        user=acting_user,
        file_name=name,
        size=size,
        path=path.name,
        begun_at=clock.now(),
        touched_at=clock.now(),
    )


@transaction.atomic
def add_piece(*, acting_user: User, upload: IncomingFile, offset: int, piece: bytes) -> int:
    """Add `piece` at `offset`; returns where the next one begins.

    Raises OffsetMismatch where the file does not end there (it says where it does), FileRefused for a piece that is
    empty, too large or reaches beyond the size that was announced, NoRoom where the disk is full, NotPermitted.
    """
    require_capability(acting_user, "evidence.add", upload.project)
    fresh = _own(acting_user, upload)
    if offset != fresh.received:
        raise OffsetMismatch(
            _("The file has %(bytes)d bytes so far. Go on from there.") % {"bytes": fresh.received},
            offset=fresh.received,
        )
    if not piece or len(piece) > piece_size() or fresh.received + len(piece) > fresh.size:
        raise FileRefused(_("This piece does not fit the file that was announced. Send the file anew."), field="file")
    path = files.root() / files.INCOMING / fresh.path
    try:
        with path.open("r+b") as handle:
            # What a piece that was cut off left behind its end is written over.
            handle.seek(offset)
            handle.write(piece)
            handle.truncate()
            handle.flush()
    except OSError as error:
        if is_disk_full(error):
            raise NoRoom(_("The disk is full. What came in so far is kept for two days."), field="file") from error
        if isinstance(error, FileNotFoundError):
            raise FileRefused(_("What came in so far is gone. Send the file anew."), field="file") from error
        raise
    moved = IncomingFile.objects.filter(pk=fresh.pk, received=offset).update(
        received=F("received") + len(piece), touched_at=clock.now()
    )
    if not moved:
        raise OffsetMismatch(_("Another piece came in at the same time. Ask where the file ends."), offset=-1)
    return offset + len(piece)


def piece_size() -> int:
    """The most bytes of one piece."""
    return int(settings.EVIDENCE_PIECE_MB) * MEGABYTE


def drop_old_uploads() -> int:
    """Throw away what nobody went on with for two days, and files that no row stands for."""
    now = clock.now()
    limit = now - KEPT
    open_paths = set()
    old = []
    for pk, name, state, touched_at in IncomingFile.objects.values_list("pk", "path", "state", "touched_at"):
        if touched_at < (now - KEPT_FOR_JOBS if state == UploadState.CHECKING else limit):
            old.append(pk)
        elif state in OPEN:
            open_paths.add(name)
    folder = files.root() / files.INCOMING
    for path in folder.glob("*.part") if folder.is_dir() else ():
        if path.name not in open_paths and path.stat().st_mtime < limit.timestamp():
            files.discard(path)
    return IncomingFile.objects.filter(pk__in=old).delete()[0]


def _own(acting_user: User, upload: IncomingFile) -> IncomingFile:
    fresh = (
        IncomingFile.objects.select_related("project__organization")
        .filter(pk=upload.pk, user=acting_user, state=UploadState.RECEIVING)
        .first()
    )
    if fresh is None:
        raise IncomingFile.DoesNotExist
    return fresh
