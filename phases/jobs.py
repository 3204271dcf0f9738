"""The kinds of long work of this app, registered when it is ready."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.exceptions import RuleBroken
from jobs.choices import Queue
from jobs.domain import Every
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind, register_schedule
from phases.exports_plan import plan_csv
from phases.services.reminders import note_reminders
from phases.services.snapshots import keep_yesterday

EXPORT_PLAN = "phases.export_plan"
REMIND = "notifications.reminders"
KEEP_FIGURES = "phases.keep_figures"
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as the code page of the machine


def export_plan(work: Work) -> str:
    """Write the plan of the job's project as CSV, initiation included."""
    project = work.project
    work.progress(0, 0, gettext("Reading the plan"))
    text = _BYTE_ORDER_MARK + plan_csv(project, with_initiation=True)
    work.target.write_text(text, encoding="utf-8", newline="")
    return f"{project.slug}-plan-{clock.today(project.time_zone).isoformat()}.csv"


def keep_figures(work: Work) -> None:
    """Keep every project as it stood yesterday. Raises RuleBroken naming the projects that failed; the rest is done."""
    kept = keep_yesterday(work.progress)
    if kept.failed:
        raise RuleBroken(
            gettext("%(failed)d of %(total)d projects failed: %(names)s. The log says why.")
            % {
                "failed": len(kept.failed),
                "total": kept.figures + len(kept.failed),
                "names": ", ".join(kept.failed[:10]),
            }
        )


def remind(_work: Work) -> None:
    """Tell people what comes due and what became overdue."""
    note_reminders()


def register() -> None:
    """Make the kinds known, and let the reminders recur."""
    register_job_kind(
        REMIND, JobKind(title=_("Look for what comes due"), capability="", run=remind, queue=Queue.QUICK, seconds=600)
    )
    register_schedule(REMIND, Every(timedelta(hours=1)))
    register_job_kind(KEEP_FIGURES, JobKind(_("Keep the figures of yesterday"), "", keep_figures, seconds=3600))
    register_nightly(KEEP_FIGURES, 0)
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
