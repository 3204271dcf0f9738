"""Drawing what files look like, by a job of the installation: a rendering belongs to nobody and says nothing new."""

from uuid import uuid4

from django.db import transaction

from audittrail.context import current
from common.pdf.exceptions import PdfFailed, Why
from common.pdf.previews import draw_preview
from evidence import files, previews
from evidence.exceptions import FileDamaged
from evidence.models import Revision
from evidence.previews import MOST_PAGES, PreviewFacts
from evidence.selectors.previews import FAILED, MISSING, PREVIEW_KIND, Preview, key_of, preview_of
from jobs.registry import Work
from jobs.services.request import request_installation_job

# Another time these may pass; the rest is in the file itself.
_PASSING = (Why.DISK, Why.LIBRARY, Why.FAULT)


def preview_on_adding(revision: Revision) -> None:
    """Ask for the preview of what somebody adds in the browser.

    What a command takes in, the demo's many among it, is drawn when somebody first looks.
    """
    if current().via != "command" and previews.is_drawn(revision.content_type):
        _ask(revision)


@transaction.atomic
def want_preview(revision: Revision) -> Preview:
    """Ask for the preview of `revision` where it is missing or failed, and say how it stands. Whoever sees it may."""
    stands = preview_of(revision)
    if stands.state not in (MISSING, FAILED):
        return stands
    previews.forget(revision.stored)
    _ask(revision)
    return preview_of(revision)


def _ask(revision: Revision) -> None:
    request_installation_job(
        kind=PREVIEW_KIND,
        parameters={"revision": revision.pk},
        idempotency_key=f"{key_of(revision)}{uuid4().hex[:16]}",
    )


def draw_for(work: Work) -> None:
    """Run the job: draw the first pages of a revision, if it is what was taken in, or keep why there is no picture."""
    revision = Revision.objects.filter(pk=work.job.parameters["revision"]).exclude(stored="").first()
    if revision is None or not previews.is_drawn(revision.content_type):
        return
    try:
        path = files.check_stored(revision.stored, revision.sha256, revision.size)
        drawn = draw_preview(path, formats=previews.formats_of(revision.content_type), most_pages=MOST_PAGES)
    except FileDamaged:
        previews.keep_preview(revision.stored, PreviewFacts(why="damaged"))
    except PdfFailed as failure:
        if failure.why in _PASSING:
            raise
        previews.keep_preview(revision.stored, PreviewFacts(why=failure.why.value))
    else:
        previews.keep_preview(revision.stored, PreviewFacts(drawn.pages, len(drawn.pictures)), drawn.pictures)
    # It may have been disposed of meanwhile: then nothing of it stays.
    if not Revision.objects.filter(pk=revision.pk).exclude(stored="").exists():
        previews.forget(revision.stored)
