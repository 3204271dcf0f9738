"""What the system knows for each input of a management review, gathered on a day."""

from collections.abc import Callable, Mapping

from audits.review_guide import Input
from audits.selectors import review_sources_operation as operation
from audits.selectors import review_sources_records as records
from audits.selectors.review_sheets import Period, Sheet, sheet

SOURCES: Mapping[str, Callable[[Period], Sheet]] = {
    "actions": records.earlier_outcomes,
    "changes": records.decisions_meanwhile,
    "findings": records.nonconformities,
    "conformity": records.conformity,
    "audits": records.audits_held,
    "improvements": records.improvements,
    "objectives": operation.objectives,
    "services": operation.services,
    "customers": operation.customers,
    "policies": operation.policies,
    "suppliers": operation.suppliers,
    "resources": operation.resources,
    "risks": operation.risks,
    "coming": operation.coming_changes,
    "words": lambda _period: sheet(""),
}


def facts_for(each: Input, period: Period) -> Sheet:
    """What the system knows for one input. A handful of queries."""
    return SOURCES[each.source](period)
