"""Words of a business case."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    """The small case that pays for the gap analysis, and the one for the implementation (Annex A b, e)."""

    GAP = "gap analysis", _("Case for the gap analysis")
    IMPLEMENTATION = "implementation", _("Case for the implementation")


class Category(models.TextChoices):
    """What money is spent on."""

    OWN_PEOPLE = "own people", _("Own people")
    PEOPLE_OUTSIDE = "people outside", _("People outside")
    TECHNOLOGY = "technology", _("Technology and licences")
    TRAINING = "training", _("Training")
    CERTIFICATION = "certification", _("Certification and audit")
    TRAVEL = "travel", _("Travel and accommodation")
    OTHER = "other", _("Other")


class Rhythm(models.TextChoices):
    """How often an amount falls due: once (spread evenly over its months), or again and again."""

    ONCE = "once", _("One-off")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    YEARLY = "yearly", _("Every year")


class BenefitKind(models.TextChoices):
    """The ten kinds of benefit under d)."""

    SERVICES = "1", _("Better services, targets met")
    WORKLOAD = "2", _("Workload, processes, support needs")
    STRATEGY = "3", _("Support of the business strategy")
    SUPPLIERS = "4", _("Suppliers and partners")
    RESPONSIVE = "5", _("Responsiveness to customers")
    SATISFACTION = "6", _("Customer satisfaction")
    RELATIONSHIPS = "7", _("Long-term relationships")
    SAVINGS = "8", _("Cost savings, overall and per unit")
    INDIRECT = "9", _("Direct and indirect benefits")
    RETURN = "10", _("Return on investment")


class BenefitForm(models.TextChoices):
    """Whether a benefit is counted in money or shown by an indicator."""

    FIGURES = "figures", _("In figures")
    WORDS = "words", _("In words, with an indicator")


class AssumptionKind(models.TextChoices):
    """What is taken for true, and what cannot be chosen."""

    ASSUMPTION = "assumption", _("Assumption")
    CONSTRAINT = "constraint", _("Constraint")


class Grade(models.TextChoices):
    """How much, in three steps."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Conformity(models.TextChoices):
    """Whether a formal, independent assessment is recommended (point h)."""

    OPEN = "open", _("Not decided yet")
    RECOMMENDED = "recommended", _("Recommended")
    NOT_RECOMMENDED = "not recommended", _("Not recommended")


class VersionState(models.TextChoices):
    """Where a submitted version stands. The draft is what has not been submitted."""

    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    CONDITIONS = "approved with conditions", _("Approved with conditions")
    CHANGES = "changes asked for", _("Changes asked for")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")


APPROVED_STATES = (VersionState.APPROVED, VersionState.CONDITIONS)


class Verdict(models.TextChoices):
    """What one approver said."""

    WAITING = "waiting", _("Not decided yet")
    APPROVE = "approve", _("Approved")
    CONDITIONS = "conditions", _("Approved with conditions")
    CHANGES = "changes", _("Changes asked for")
    REJECT = "reject", _("Rejected")


class RiskCategory(models.TextChoices):
    """The three kinds of risk under f)."""

    CHANGE = "organizational change", _("Organizational change")
    FINANCIAL = "financial", _("Financial")
    TECHNICAL = "technical", _("Technical")


class RiskState(models.TextChoices):
    """What became of a risk."""

    OPEN = "open", _("Open")
    HAPPENED = "happened", _("Happened")
    CLOSED = "closed", _("Closed")


class RiskResponse(models.TextChoices):
    """What is done about a risk."""

    AVOID = "avoid", _("Avoid")
    REDUCE = "reduce", _("Reduce")
    SHARE = "share", _("Share")
    ACCEPT = "accept", _("Accept")


class Probability(models.IntegerChoices):
    """How likely a risk is."""

    RARE = 1, _("Rare")
    UNLIKELY = 2, _("Unlikely")
    POSSIBLE = 3, _("Possible")
    LIKELY = 4, _("Likely")


class Impact(models.IntegerChoices):
    """How much a risk would hurt."""

    SLIGHT = 1, _("Slight")
    NOTICEABLE = 2, _("Noticeable")
    SERIOUS = 3, _("Serious")
    SEVERE = 4, _("Severe")
