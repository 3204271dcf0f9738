"""The evidence pack of the demo: asked for by the auditor, as of a past day, built and fetched."""

from datetime import date
from typing import Any

from accounts.models import User
from audits.models import EvidencePack
from audits.pack_ask import checked_options
from audits.selectors.packs import pack_line
from audits.services.packs import ask_for_pack, fetch_pack
from common.query import form_nonce
from jobs.services.run import run_job
from projects.models import Project


def ask_for_demo_pack(project: Project, auditor: User, as_of: date, told: dict[str, Any]) -> None:
    """Ask as the auditor. A worker builds it, or `finish_demo_pack` does."""
    ask_for_pack(
        acting_user=auditor,
        project=project,
        options=checked_options(project, edition=told["edition"], clauses=told["clauses"]),
        reason=told["reason"],
        as_of=as_of,
        nonce=form_nonce(""),
    )


def finish_demo_pack(project: Project) -> None:
    """Build what waits, and let the auditor fetch it: a demo that nobody serves has its pack too."""
    for pack in EvidencePack.objects.filter(project=project).select_related("asked_by", "job"):
        if pack.job is None or pack.asked_by is None or not pack.job.is_active:
            continue
        run_job(job_id=pack.job.pk)
        fresh = EvidencePack.objects.get(pk=pack.pk)
        fresh.project = project
        if pack_line(fresh).is_ready:
            fetch_pack(acting_user=pack.asked_by, pack=fresh)
