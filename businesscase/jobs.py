"""The kinds of long work of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from businesscase.selectors.runs import RUNS_KIND
from businesscase.services.runs import run
from jobs.registry import JobKind, register_job_kind


def register() -> None:
    """Make the kinds known."""
    register_job_kind(
        RUNS_KIND,
        JobKind(title=_("Ten thousand runs of the business case"), capability="case.edit", run=run, seconds=300),
    )
