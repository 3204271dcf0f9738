"""The kinds of long work of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from evidence.selectors.previews import PREVIEW_KIND
from evidence.services.previews import draw_for
from jobs.registry import JobKind, register_job_kind


def register() -> None:
    """Make the kinds known."""
    register_job_kind(PREVIEW_KIND, JobKind(_("Preview of a piece of evidence"), "", draw_for, seconds=180))
