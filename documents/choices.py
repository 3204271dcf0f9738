"""Words of controlled documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a document is for; the prefix of its number follows from it (`domain.numbers`)."""

    POLICY = "policy", _("Policy")
    PLAN = "plan", _("Plan")
    PROCEDURE = "procedure", _("Procedure")
    APPROACH = "approach", _("Approach")
    DESCRIPTION = "description", _("Description")
    REGISTER = "register", _("Register")
    AGREEMENT = "agreement", _("Agreement")
    CATALOGUE = "catalogue", _("Catalogue")
    CHECKLIST = "checklist", _("Checklist")
    RECORD = "record", _("Record form")


class Obligation(models.TextChoices):
    """Whether the standard asks for it (2018), or good practice does."""

    REQUIRED = "required", _("Required")
    PRACTICE = "practice", _("Good practice")


class Several(models.TextChoices):
    """What there is one document for each of."""

    PROCESS = "process", _("one for each process")
    SERVICE = "service", _("one for each service")
    CUSTOMER = "customer", _("one for each customer")
    SUPPLIER = "supplier", _("one for each supplier")
    PLAN = "plan", _("one for each plan")
    RELEASE = "release", _("one for each release")


class Classification(models.TextChoices):
    """Who may read a document."""

    PUBLIC = "public", _("Public: may be handed out")
    INTERNAL = "internal", _("Internal: everybody in the project")
    CONFIDENTIAL = "confidential", _("Confidential: owner, authors, approvers, management, auditors")


class DocumentState(models.TextChoices):
    """Whether a document is kept up."""

    CURRENT = "current", _("Current")
    ARCHIVED = "archived", _("Archived")


class VersionState(models.TextChoices):
    """Where one version of a document stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("In force later")
    PUBLISHED = "published", _("Published")
    OBSOLETE = "obsolete", _("Obsolete")
    DROPPED = "dropped", _("Dropped")


#: A document has at most one version that is on its way.
OPEN_STATES = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.SCHEDULED)
#: What these say never changes again.
FROZEN_STATES = (
    VersionState.IN_REVIEW,
    VersionState.APPROVED,
    VersionState.SCHEDULED,
    VersionState.PUBLISHED,
    VersionState.OBSOLETE,
)
#: People can be asked to read these: what holds, and what will hold from a day on that is set.
READ_STATES = (VersionState.SCHEDULED, VersionState.PUBLISHED)


class Origin(models.TextChoices):
    """What a version was made of."""

    TEMPLATE = "template", _("From a template")
    BLANK = "blank", _("Written here")
    EARLIER = "earlier", _("From the version before")
    IMPORT = "import", _("From a file, as text")
    FILE = "file", _("A PDF, kept as it is")


class Weight(models.TextChoices):
    """How much a version changes; it decides which part of the number grows."""

    MAJOR = "major", _("It changes what people do")
    MINOR = "minor", _("It only says the same better")


class Verdict(models.TextChoices):
    """What an approver said."""

    WAITING = "waiting", _("Not decided")
    APPROVE = "approve", _("Approved")
    RETURN = "return", _("Sent back")


class ObjectiveState(models.TextChoices):
    """Whether an objective is pursued."""

    ACTIVE = "active", _("Pursued")
    MET = "met", _("Met")
    DROPPED = "dropped", _("Dropped")


class Direction(models.TextChoices):
    """Which way a measure is better."""

    HIGHER = "higher", _("At least the target")
    LOWER = "lower", _("At most the target")


class InterfaceState(models.TextChoices):
    """Whether the two processes agree on what passes between them."""

    OPEN = "open", _("To be agreed")
    AGREED = "agreed", _("Agreed")
    DROPPED = "dropped", _("Dropped")


class LineKind(models.TextChoices):
    """What a line of the communication and training plan is."""

    MESSAGE = "message", _("Message")
    TRAINING = "training", _("Training")


class LineState(models.TextChoices):
    """Where such a line stands."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Effect(models.TextChoices):
    """Whether a message arrived, or a training changed what people do."""

    YES = "yes", _("It arrived")
    PARTLY = "partly", _("Partly")
    NO = "no", _("It did not arrive")
