"""Asking for packs, keeping what was built, handing it over, and letting it go."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import PackState
from audits.domain.pack_options import PackOptions
from audits.models import EvidencePack, PackFetch
from audits.selectors.pack_cut import PACK_KIND, cut_of
from audits.selectors.packs import may_fetch, pack_path, packs_past_their_time, rights_of
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line
from jobs.services.request import request_job
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability
from projects.services.refs import next_ref

PACK_JOB = "evidence-pack"


@transaction.atomic
def ask_for_pack(
    *, acting_user: User, project: Project, options: PackOptions, reason: str, as_of: date | None, nonce: UUID
) -> EvidencePack:
    """Ask for a pack, cut now or at the end of a past day; the same `nonce` twice is one pack. One trail event.

    Raises NotPermitted, RuleBroken without a reason or for a day that nothing can be said of.
    """
    require_capability(acting_user, "packs.build", project)
    key = f"evidence pack {project.pk} {acting_user.pk} {nonce}"
    there = EvidencePack.objects.filter(job__idempotency_key=key).first()
    if there is not None:
        return there
    said = clean_line(reason)
    if not said:
        raise RuleBroken(_("Say what it is for: the list of packs keeps it."), field="reason")
    if len(said) > 300:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": 300}, field="reason")
    cut = cut_of(project, as_of)
    pack = EvidencePack.objects.create(
        project=project,
        ref=next_ref(project, "P"),
        reason=said,
        options=options.as_plain(),
        rights=rights_of(access_to(project, acting_user)),
        cut_seq=cut.seq,
        asked_by=acting_user,
        asked_at=clock.now(),
    )
    pack.job = request_job(
        acting_user=acting_user,
        project=project,
        kind=PACK_JOB,
        parameters={"pack": pack.pk},
        idempotency_key=key,
    )
    pack.save(update_fields=["job"])
    tell(acting_user, pack, "ask", {"cut": [None, cut.seq]}, said)
    return pack


@transaction.atomic
def keep_pack(*, pack: EvidencePack, made: Path, sha256: str, files: int, signed_by: str, name: str) -> None:
    """Put a pack that was built in its place, with its signature beside it. One trail event."""
    target = pack_path(pack)
    target.parent.mkdir(parents=True, exist_ok=True)
    signature = made.with_name(made.name + ".p7s")
    beside = target.with_name(target.name + ".p7s")
    size = made.stat().st_size
    made.replace(target)
    if signature.exists():
        signature.replace(beside)
    else:
        beside.unlink(missing_ok=True)
    values = {
        "state": PackState.READY,
        "problem": "",
        "file_name": name,
        "files": files,
        "size": size,
        "sha256": sha256,
        "signed_by": signed_by,
        "built_at": clock.now(),
    }
    EvidencePack.objects.filter(pk=pack.pk).update(**values)
    tell(pack.asked_by, pack, "build", {"sha256": [None, sha256], "bytes": [None, size]})


def fail_pack(*, pack: EvidencePack, words: str) -> None:
    """Say in its row why there is no pack. One trail event."""
    with transaction.atomic():
        EvidencePack.objects.filter(pk=pack.pk).update(state=PackState.FAILED, problem=words)
        tell(pack.asked_by, pack, "fail", {}, words[:300])


@transaction.atomic
def fetch_pack(*, acting_user: User, pack: EvidencePack) -> Path:
    """Hand a pack over: where its file lies. A row and one trail event say who took it.

    Rights are looked at again: they may have ended since it was asked for. Raises NotPermitted, RuleBroken where there
    is no file.
    """
    require_capability(acting_user, "packs.build", pack.project)
    require(may_fetch(pack, access_to(pack.project, acting_user)))
    path = pack_path(pack)
    if pack.state != PackState.READY or not path.is_file():
        raise RuleBroken(_("%(ref)s is not there to be fetched. Build it again.") % {"ref": pack.ref})
    if path.stat().st_size != pack.size:
        raise RuleBroken(
            _("The file of %(ref)s is not what was built. Nothing is handed out; tell the administrator.")
            % {"ref": pack.ref}
        )
    PackFetch.objects.create(project=pack.project, pack=pack, fetched_by=acting_user, fetched_at=clock.now())
    tell(acting_user, pack, "fetch", {"sha256": [None, pack.sha256]})
    return path


@transaction.atomic
def record_export(*, acting_user: User | None, project: Project, cut: int, sha256: str, size: int) -> None:
    """Say that a command wrote a pack to a file. One trail event."""
    draft = Draft("export", PACK_KIND, "export", "", {"cut": cut, "sha256": sha256, "bytes": size})
    record_event(stream_id=project.uuid, acting_user=acting_user, draft=draft)


def drop_old_packs() -> int:
    """Take away the files of packs that were kept long enough; rows and hashes stay. Returns how many."""
    dropped = 0
    for pack in packs_past_their_time():
        EvidencePack.objects.filter(pk=pack.pk).update(state=PackState.GONE)
        for path in (pack_path(pack), pack_path(pack).with_name(f"{pack.ref}.zip.p7s")):
            with suppress(FileNotFoundError):
                path.unlink()
        dropped += 1
    return dropped


def settle_restored_packs() -> int:
    """After a restore: packs whose files did not come back are no longer kept. Returns how many."""
    gone = [
        pack.pk
        for pack in EvidencePack.objects.filter(state=PackState.READY).select_related("project")
        if not pack_path(pack).is_file()
    ]
    for first in range(0, len(gone), 500):
        EvidencePack.objects.filter(pk__in=gone[first : first + 500]).update(state=PackState.GONE)
    return len(gone)


def tell(
    acting_user: User | None, pack: EvidencePack, action: str, changes: dict[str, object], reason: str = ""
) -> None:
    """Record `action` on a pack, last in its service."""
    draft = Draft(action, PACK_KIND, pack.ref, "", changes, reason)
    record_event(stream_id=pack.project.uuid, acting_user=acting_user, draft=draft)
