"""Words of the plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a phase activity stands."""

    NOT_STARTED = "not started", _("Not started")
    IN_PROGRESS = "in progress", _("In progress")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Verified")
    BLOCKED = "blocked", _("Blocked")
    NOT_APPLICABLE = "not applicable", _("Not applicable")


class Nature(models.TextChoices):
    """What kind of work an activity is: it decides when in the phase it is due."""

    DEFINE = "define", _("Define")
    ESTABLISH = "establish", _("Establish")
    OPERATE = "operate", _("Operate")
    REVIEW = "review", _("Review")


class PhaseState(models.TextChoices):
    """Where a phase stands."""

    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    IN_REVIEW = "in review", _("In review")
    CLOSED = "closed", _("Closed")


class AssignedBy(models.TextChoices):
    """How a phase activity got its accountable party: a later role map leaves what was set by hand."""

    NOBODY = "", _("Nobody")
    ROLE_MAP = "role map", _("Role map")
    HAND = "hand", _("By hand")


PHASE_NAMES = {
    0: _("Initiation"),
    1: _("React"),
    2: _("Anticipate"),
    3: _("Integrate"),
    4: _("Operation"),
}
