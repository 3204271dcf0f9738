"""How the preview of a revision stands."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence import previews
from evidence.models import Revision
from jobs.models import Job

PREVIEW_KIND = "evidence-preview"
READY, MAKING, MISSING, FAILED, NONE = "ready", "making", "missing", "failed", "none"

_WHY: dict[str, str | Promise] = {
    "damaged": _("The stored file is not what was taken in, so it is not drawn. Tell the administrator."),
    "memory": _("It has more pixels than a preview may take."),
    "time": _("Drawing it took too long and was stopped."),
    "file size": _("The picture of it would be too large."),
    "no page": _("It has no page."),
    "unreadable": _("It could not be opened: it is protected by a password, or not whole."),
}
_NO_KIND = _("Only pictures and PDFs are shown here. Download the file to see it.")
_GONE = _("What it held was disposed of.")
_NO_FILE = _("There is no file to show.")
_FAULT = _("It could not be drawn. The administrator finds the reason in the log.")


@dataclass(frozen=True, slots=True)
class Preview:
    """How it stands: ready with the pages that are shown, being made, missing, failed or none, with `why`."""

    state: str
    pages: tuple[int, ...] = ()
    of: int = 0
    why: str | Promise = ""


def preview_of(revision: Revision) -> Preview:
    """How the preview of `revision` stands. One query at most, and none once it is there."""
    if revision.disposed_at is not None:
        return Preview(NONE, why=_GONE)
    if not revision.stored:
        return Preview(NONE, why=_NO_FILE)
    if not previews.is_drawn(revision.content_type):
        return Preview(NONE, why=_NO_KIND)
    facts = previews.facts_of(revision.stored)
    if facts is not None and facts.why:
        return Preview(FAILED, why=_WHY.get(facts.why, _FAULT))
    if facts is not None:
        return Preview(READY, tuple(range(1, facts.shown + 1)), facts.pages)
    job = newest_job(revision)
    if job is not None and job.is_active:
        return Preview(MAKING)
    if job is not None and job.error:
        return Preview(FAILED, why=job.error)
    return Preview(MISSING)


def newest_job(revision: Revision) -> Job | None:
    """The job that was asked for last to draw `revision`."""
    asked = Job.objects.filter(kind=PREVIEW_KIND, idempotency_key__startswith=key_of(revision))
    return asked.order_by("-created_at").first()


def key_of(revision: Revision) -> str:
    """How the keys of its jobs begin."""
    return f"preview-{revision.pk}-"
