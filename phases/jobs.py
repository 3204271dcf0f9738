"""The kinds of long work of this app, registered when it is ready."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from jobs.choices import Queue
from jobs.registry import JobKind, Work, register_job_kind
from phases.exports_plan import plan_csv

EXPORT_PLAN = "phases.export_plan"
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as the code page of the machine


def export_plan(work: Work) -> str:
    """Write the plan of the job's project as CSV, initiation included."""
    project = work.project
    work.progress(0, 0, gettext("Reading the plan"))
    text = _BYTE_ORDER_MARK + plan_csv(project, with_initiation=True)
    work.target.write_text(text, encoding="utf-8", newline="")
    return f"{project.slug}-plan-{clock.today(project.time_zone).isoformat()}.csv"


def register() -> None:
    """Make the kinds known."""
    register_job_kind(
        EXPORT_PLAN,
        JobKind(
            title=_("Plan as a spreadsheet (CSV)"),
            capability="phases.export",
            run=export_plan,
            content_type="text/csv; charset=utf-8",
            queue=Queue.QUICK,
            seconds=120,
        ),
    )
