"""The period under audit: when it begins, and what shows only what was before."""

from datetime import date

from django.db.models import Q, Subquery

from evidence.models import EvidenceRules
from projects.models import Project


def period_of(project: Project) -> tuple[date | None, int]:
    """The first day of the period under audit, None where nobody set it, and the version of the rules. One query."""
    found = EvidenceRules.objects.filter(project=project).values_list("audit_from", "version").first()
    return found or (None, 1)


def older_than_period(project: Project) -> Q:
    """A condition on items: the last day they show lies before the period. True of none where it is not set."""
    begins = Subquery(EvidenceRules.objects.filter(project=project).values("audit_from")[:1])
    return Q(covers_until__lt=begins) | Q(covers_until__isnull=True, collected_on__lt=begins)
