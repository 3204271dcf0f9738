"""Words of evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EvidenceKind(models.TextChoices):
    """What an item is by its making."""

    FILE = "file", _("File")
    LINK = "link", _("Link")
    RECORD = "record", _("Record of this system")


class Classification(models.TextChoices):
    """Who may see an item."""

    INTERNAL = "internal", _("Internal: everybody in the project")
    CONFIDENTIAL = "confidential", _("Confidential: who added or owns it, management, auditors")


class ItemState(models.TextChoices):
    """Whether an item still counts."""

    CURRENT = "current", _("Current")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISPOSED = "disposed", _("Disposed of")


class ProofNeeded(models.TextChoices):
    """Whether a project lets an activity be verified without evidence."""

    NONE = "none", _("No activity needs evidence to be verified")
    KEY = "key", _("Key activities need evidence to be verified")
    ALL = "all", _("Every activity needs evidence to be verified")


class RequestState(models.TextChoices):
    """Where a request for evidence stands."""

    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    ACCEPTED = "accepted", _("Accepted")
    SENT_BACK = "sent back", _("Sent back")
    CANCELLED = "cancelled", _("Cancelled")


class UploadState(models.TextChoices):
    """Where a file that comes in pieces stands."""

    RECEIVING = "receiving", _("Coming in")
    CHECKING = "checking", _("Being checked")
    HELD = "held", _("Here already")
    FINISHED = "finished", _("Taken in")
    CANCELLED = "cancelled", _("Cancelled")
