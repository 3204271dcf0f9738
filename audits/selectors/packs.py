"""Reads of packs: the list, one with who fetched it, where its file lies, and who may take it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from audits.choices import PackState
from audits.domain.pack_options import PackOptions, from_plain
from audits.models import EvidencePack, PackFetch
from common import clock
from common.decisions import ALLOWED, Decision, denied
from documents.selectors import sees_all as sees_all_documents
from evidence.selectors import sees_all
from jobs.choices import JobState
from projects.models import Project
from projects.permissions import Access

FOLDER = "packs"
KEEP_DAYS = 90
CONFIDENTIAL = "confidential"
#: What a pack draws on; what who asks may not see is not in it.
DRAWS_ON = ("evidence.view", "documents.view", "gap.view", "governance.view", "findings.view")
_LOOKS: Mapping[str, tuple[str, str]] = {
    PackState.WAITING: ("st-in-progress", "accent"),
    PackState.READY: ("st-verified", "ok"),
    PackState.FAILED: ("st-blocked", "bad"),
    PackState.GONE: ("st-not-applicable", "faint"),
}


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack as a page shows it; `state` is that of its job where the worker could not say more."""

    pack: EvidencePack
    options: PackOptions
    state: PackState
    problem: str

    @property
    def shape(self) -> str:
        """The sign of its state."""
        return _LOOKS[self.state][0]

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return _LOOKS[self.state][1]

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to fetch."""
        return self.state == PackState.READY


def packs_of(project: Project) -> QuerySet[EvidencePack]:
    """The packs of a project, newest first, each with how often it was fetched (`times`)."""
    found = EvidencePack.objects.filter(project=project).select_related("asked_by", "job")
    return found.annotate(times=Count("fetches")).order_by("-asked_at", "-pk")


def pack_of(project: Project, ref: str) -> EvidencePack | None:
    """The pack that `ref` names."""
    pack = packs_of(project).filter(ref=ref).first()
    if pack is not None:
        pack.project = project
    return pack


def pack_line(pack: EvidencePack) -> PackLine:
    """`pack` with its options and its state in words."""
    state, problem = PackState(pack.state), pack.problem
    if state == PackState.WAITING and (pack.job is None or pack.job.state in (JobState.FAILED, JobState.CANCELLED)):
        cancelled = pack.job is not None and pack.job.state == JobState.CANCELLED
        state = PackState.FAILED
        problem = _("It was cancelled.") if cancelled else (pack.job.error if pack.job else _("Its job is gone."))
    return PackLine(pack, from_plain(pack.options), state, problem)


def fetches_of(pack: EvidencePack) -> Sequence[PackFetch]:
    """Who took it away, newest first."""
    return list(pack.fetches.select_related("fetched_by")[:100])


def packs_folder() -> Path:
    """Where packs lie, outside whatever is served."""
    return Path(settings.DATA_DIR) / FOLDER


def pack_path(pack: EvidencePack) -> Path:
    """Where the file of a pack lies; its signature stands beside it."""
    return packs_folder() / str(pack.project.uuid) / f"{pack.ref}.zip"


def rights_of(access: Access) -> list[str]:
    """What somebody may see of what goes into a pack, as its row keeps it."""
    rights = [name for name in DRAWS_ON if access.can(name)]
    if sees_all(access) and sees_all_documents(access):
        return [*rights, CONFIDENTIAL]
    return [*rights, f"person {access.user_id}"]


def may_fetch(pack: EvidencePack, access: Access) -> Decision:
    """Whether somebody may take a pack away now: whoever may see all that may be in it."""
    decision = access.can("packs.build")
    if not decision:
        return decision
    held = {*rights_of(access), f"person {access.user_id}"}
    if access.is_system or set(pack.rights) <= held:
        return ALLOWED
    return denied(_("This pack may hold what you may not see. Build one yourself: it holds what you may see."))


def packs_past_their_time() -> QuerySet[EvidencePack]:
    """Packs whose files were kept for as long as files are."""
    before = clock.now() - timedelta(days=KEEP_DAYS)
    return EvidencePack.objects.filter(state=PackState.READY, built_at__lt=before).select_related("project")
