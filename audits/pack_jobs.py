"""Building a pack as a job, with its progress; what goes wrong is said in the row of the pack too."""

import logging
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.domain.pack_options import from_plain
from audits.models import EvidencePack
from audits.pack_build import build_pack, top_folder
from audits.pack_sign import sign_pack
from audits.selectors.pack_cut import cut_at
from audits.selectors.packs import rights_of
from audits.services.packs import PACK_JOB, fail_pack, keep_pack
from common.disk import is_disk_full
from common.exceptions import ServiceError
from evidence.files import hash_of
from jobs.registry import JobKind, Work, register_job_kind
from projects.permissions import access_to

logger = logging.getLogger(__name__)
_SIGNATURE = ".p7s"


def make_pack(work: Work) -> None:
    """Build the pack that the job names and put it in its place. There is no result besides: a pack is fetched from its
    own page, where that is recorded.
    """
    pack = EvidencePack.objects.select_related("project__organization", "asked_by").get(
        pk=work.job.parameters["pack"], project=work.project
    )
    try:
        _make(work, pack)
    except ServiceError as error:
        fail_pack(pack=pack, words=str(error))
        raise
    except Exception as error:
        words = gettext("The disk is full. Nothing of the pack was kept. Tell the administrator.")
        if not is_disk_full(error):
            words = gettext("It failed for a reason that the administrator finds in the log.")
        try:
            fail_pack(pack=pack, words=words)
        except Exception:
            # Where the disk is full there may be no room for this either; the job says so.
            logger.exception("the row of pack %s could not say that it failed", pack.ref)
        raise


def _make(work: Work, pack: EvidencePack) -> None:
    project = pack.project
    access = access_to(project, pack.asked_by)
    cut = cut_at(project, pack.cut_seq)
    made = work.target.with_name(f"{work.target.name}.zip.part")
    try:
        # What the asker may see now decides: it may be less than when the pack was asked for.
        EvidencePack.objects.filter(pk=pack.pk).update(rights=rights_of(access))
        built = build_pack(project, access, cut, from_plain(pack.options), made, progress=work.progress)
        work.progress(0, 0, gettext("Taking its hash"))
        sha256, _size = hash_of(made)
        signed_by = sign_pack(made)
        name = f"{top_folder(project, cut)}-{pack.ref}.zip"
        keep_pack(pack=pack, made=made, sha256=sha256, files=built.files, signed_by=signed_by, name=name)
    finally:
        for path in (made, Path(f"{made}{_SIGNATURE}")):
            path.unlink(missing_ok=True)


def register() -> None:
    """Make the kind known."""
    register_job_kind(PACK_JOB, JobKind(_("Evidence pack"), "packs.build", make_pack, seconds=3600))
