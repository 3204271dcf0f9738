"""Whom to tell that an internal audit was reported, or that one begins."""

from accounts.models import User
from audits.models import Audit
from audits.selectors.audits_told import people_told
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur

REPORTED = "audit reported"


def tell_reported(acting_user: User | None, audit: Audit) -> None:
    """Let those who answer for the audited clauses, the manager and top management know. No query but the row."""
    occur(audit.project, REPORTED, acting_user=acting_user, facts={"audit": audit.pk})


def news_of_reported(occasion: Occasion) -> list[News]:
    """Who is told of a report."""
    audit = occasion.facts["audit"]
    return [News(person, REPORTED, f"audit {audit}", occasion.project_id, audit) for person in people_told(audit)]
