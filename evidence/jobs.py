"""The kinds of long work of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from evidence.selectors.previews import PREVIEW_KIND
from evidence.selectors.uploads import CHECK_KIND
from evidence.services.intake import check_for
from evidence.services.previews import draw_for
from jobs.registry import JobKind, register_job_kind


def register() -> None:
    """Make the kinds known."""
    register_job_kind(PREVIEW_KIND, JobKind(_("Preview of a piece of evidence"), "", draw_for, seconds=180))
    register_job_kind(CHECK_KIND, JobKind(_("Check of a large file"), "evidence.add", check_for, seconds=1800))
