"""The gates of the night: what the portfolio shows of each project."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from governance.services.gate_figures import refresh_gate_figures
from jobs.nightly import register_nightly
from jobs.registry import JobKind, Work, register_job_kind
from projects.models import Project

GATE_FIGURES = "governance.gate_figures"


def compute(work: Work) -> None:
    """Compute the next gate and the money of every project. Raises RuleBroken naming those that failed."""
    kept = refresh_gate_figures(list(Project.objects.select_related("organization").order_by("pk")), work.progress)
    if kept.failed:
        raise RuleBroken(
            gettext("%(failed)d of %(total)d projects failed: %(names)s. The log says why.")
            % {
                "failed": len(kept.failed),
                "total": kept.projects + len(kept.failed),
                "names": ", ".join(kept.failed[:10]),
            }
        )


def register() -> None:
    """Make the kind and its time known."""
    register_job_kind(GATE_FIGURES, JobKind(_("Compute the next gate of every project"), "", compute, seconds=3600))
    register_nightly(GATE_FIGURES, 7)
