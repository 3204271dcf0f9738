"""The kinds of long work of this app, registered when it is ready."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from common import clock
from jobs.models import Job
from jobs.registry import JobKind, register_job_kind
from phases.exports_plan import plan_csv

EXPORT_PLAN = "phases.export_plan"
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as the code page of the machine


def export_plan(job: Job, target: Path) -> str:
    """Write the plan of the job's project as CSV, initiation included."""
    text = _BYTE_ORDER_MARK + plan_csv(job.project, with_initiation=True)
    target.write_text(text, encoding="utf-8", newline="")
    return f"{job.project.slug}-plan-{clock.today(job.project.time_zone).isoformat()}.csv"


def register() -> None:
    """Make the kinds known."""
    register_job_kind(
        EXPORT_PLAN, JobKind(_("Plan as a spreadsheet (CSV)"), "phases.export", export_plan, "text/csv; charset=utf-8")
    )
