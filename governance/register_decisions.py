"""What decisions and actions put into the registries of this app and those below."""

from django.utils.translation import gettext_lazy as _

from common.verification import register_check
from evidence.registries import named_by, register_use
from governance import models, notices_decisions, panels_decisions, paper_jobs, wording_decisions
from governance.verification_decisions import check_decisions
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    wording_decisions.register()
    notices_decisions.register()
    panels_decisions.register()
    paper_jobs.register()
    register_check("decisions", "Decisions of committees", check_decisions, order=38)
    register_ownership(models.Decision, "meeting", "reopens", "record", "paper")
    register_ownership(models.Seat, "decision")
    register_ownership(models.Attachment, "decision", "item", "document")
    register_ownership(models.Action, "decision", "meeting", "lesson", "owner")
    register_use("decision", named_by(_("record of a decision"), models.Decision, "record", "paper"), order=20)
    register_use("attachment", named_by(_("ground of a decision"), models.Attachment, "item"), order=30)
