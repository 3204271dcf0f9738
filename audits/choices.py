"""Words that audits, findings, reviews and the way to the certificate are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """Where a request of an auditor stands. What was given is accepted, or not enough and asked again."""

    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    NOT_ENOUGH = "not enough", _("Not enough")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Grade(models.TextChoices):
    """How grave a finding is. The first two are nonconformities."""

    MAJOR = "major", _("Major nonconformity")
    MINOR = "minor", _("Minor nonconformity")
    OBSERVATION = "observation", _("Observation")
    OPPORTUNITY = "opportunity", _("Opportunity for improvement")


class FindingSource(models.TextChoices):
    """Where a finding comes from."""

    INTERNAL = "internal audit", _("Internal audit")
    EXTERNAL = "external audit", _("External audit")
    AUDITOR = "auditor", _("Auditor, outside of an audit")
    REVIEW = "review", _("Management review")
    GAP = "gap analysis", _("Gap analysis")
    COMPLAINT = "complaint", _("Complaint of a customer")
    INCIDENT = "incident", _("Incident or problem")
    OWN = "own", _("Seen in our own work")


class FindingState(models.TextChoices):
    """Where a finding stands: open, acted on, waiting for proof that it works, closed; or withdrawn."""

    OPEN = "open", _("Open")
    ACTING = "acting", _("Being corrected")
    VERIFYING = "verifying", _("Effect to be verified")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StepState(models.TextChoices):
    """Where a corrective action stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ProgrammeState(models.TextChoices):
    """Where an audit programme stands."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")
    CLOSED = "closed", _("Closed")


class AuditState(models.TextChoices):
    """Where an internal audit stands."""

    PLANNED = "planned", _("Planned")
    UNDERWAY = "underway", _("Under way")
    REPORTED = "reported", _("Reported")
    CANCELLED = "cancelled", _("Cancelled")


class CheckResult(models.TextChoices):
    """What an auditor found at one point of a checklist."""

    OPEN = "open", _("Not looked at yet")
    CONFORMS = "conforms", _("Conforms")
    FINDING = "finding", _("Finding")
    NO_CASE = "no case", _("No case yet")
    LEFT = "left", _("Left for another audit")


class ReviewState(models.TextChoices):
    """Where a management review stands. The minutes of one that was held are frozen when they are approved."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    APPROVED = "approved", _("Minutes approved")
    CANCELLED = "cancelled", _("Cancelled")


class OutputKind(models.TextChoices):
    """What a management review brings about."""

    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")
    IMPROVEMENT = "improvement", _("Improvement")
    RESOURCES = "resources", _("Resources")


class ImprovementSource(models.TextChoices):
    """Where an improvement comes from."""

    REVIEW = "review", _("Management review")
    AUDIT = "audit", _("Audit")
    FINDING = "finding", _("Finding")
    LESSON = "lesson", _("Lesson learnt")
    MEASURE = "measure", _("Measurement")
    CUSTOMER = "customer", _("Customer")
    STAFF = "staff", _("Staff")
    SUPPLIER = "supplier", _("Supplier")


class ImprovementState(models.TextChoices):
    """Where an improvement stands."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    UNDERWAY = "underway", _("Under way")
    DONE = "done", _("Done, effect to be measured")
    MEASURED = "measured", _("Effect measured")
    REJECTED = "rejected", _("Not pursued")


class Priority(models.IntegerChoices):
    """What comes first."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


class RiskKind(models.TextChoices):
    """Whether it would harm or help."""

    RISK = "risk", _("Risk")
    OPPORTUNITY = "opportunity", _("Opportunity")


class Treatment(models.TextChoices):
    """What is done about a risk to the SMS or its services."""

    UNDECIDED = "", _("Not decided yet")
    AVOID = "avoid", _("Avoid")
    REDUCE = "reduce", _("Reduce")
    SHARE = "share", _("Share")
    ACCEPT = "accept", _("Accept")
    PURSUE = "pursue", _("Pursue")


class SmsRiskState(models.TextChoices):
    """Whether it may still happen."""

    OPEN = "open", _("Open")
    HAPPENED = "happened", _("Happened")
    CLOSED = "closed", _("Closed")


class Way(models.TextChoices):
    """How conformity is shown to others in the end."""

    UNDECIDED = "undecided", _("Not decided yet")
    CERTIFICATE = "certificate", _("Certificate of a certification body")
    DECLARATION = "declaration", _("Self-declaration")
    CUSTOMERS = "customers", _("Assurance to customers")


class BodyState(models.TextChoices):
    """Where the talk with a certification body stands."""

    ASKED = "asked", _("Asked for a quote")
    QUOTED = "quoted", _("Quoted")
    CHOSEN = "chosen", _("Chosen")
    DECLINED = "declined", _("Not chosen")


class ExternalAuditKind(models.TextChoices):
    """The audits of a round of certification, in their order."""

    STAGE_1 = "stage 1", _("Stage 1")
    STAGE_2 = "stage 2", _("Stage 2")
    FOLLOW_UP = "follow-up", _("Follow-up")
    SURVEILLANCE_1 = "surveillance 1", _("Surveillance, first year")
    SURVEILLANCE_2 = "surveillance 2", _("Surveillance, second year")
    RECERTIFICATION = "recertification", _("Recertification")
    CUSTOMER = "customer", _("Audit by a customer")


class ExternalAuditState(models.TextChoices):
    """Where an audit by others stands."""

    PLANNED = "planned", _("Planned")
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class ExternalAuditOutcome(models.TextChoices):
    """What an audit by others came to."""

    NONE = "", _("No outcome yet")
    PASSED = "passed", _("Passed")
    PASSED_WITH = "passed with findings", _("Passed with findings to correct")
    NOT_PASSED = "not passed", _("Not passed")


class CyclePart(models.TextChoices):
    """The parts of Plan-Do-Check-Act."""

    PLAN = "plan", _("Plan")
    DO = "do", _("Do")
    CHECK = "check", _("Check")
    ACT = "act", _("Act")


class ServiceChangeKind(models.TextChoices):
    """What becomes of a service."""

    NEW = "new", _("New service")
    CHANGED = "changed", _("Changed service")
    REMOVED = "removed", _("Removal of a service")
    TRANSFERRED = "transferred", _("Transfer of a service")


class ServiceChangeState(models.TextChoices):
    """Where a new or changed service stands."""

    OPEN = "open", _("Under way")
    LIVE = "live", _("Live")
    STOPPED = "stopped", _("Stopped")


class PackState(models.TextChoices):
    """Where an evidence pack stands. One that failed says which file was at fault."""

    WAITING = "waiting", _("Being built")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    GONE = "gone", _("No longer kept")
