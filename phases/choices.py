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
    PACKAGE = "package", _("Owner of the package")
    HAND = "hand", _("By hand")


class Approach(models.TextChoices):
    """How the work is cut into phases (the two approaches of the 2022 edition, and the table of 2010)."""

    THREE_PHASES = "three phases", _("Three phases, as in the catalogue")
    SUBSETS = "subsets", _("A subset of the processes in each phase")
    LEVELS = "levels", _("All processes together, in three levels")


class Origin(models.TextChoices):
    """Why a phase activity is in the plan where it is."""

    CATALOGUE = "", _("As in the catalogue")
    OWN = "own", _("Own activity")
    ADDED = "added", _("Added to this phase")
    MOVED = "moved", _("Moved to this phase")
    PART = "part", _("Part of a split activity")
    APPROACH = "approach", _("Placed by the approach")
    CARRIED = "carried", _("Carried over")


# Rows that somebody placed: neither the catalogue nor an approach put them where they stand.
BY_HAND = frozenset({Origin.OWN, Origin.ADDED, Origin.MOVED, Origin.PART})


class Part(models.TextChoices):
    """How a further party takes part in what a role does."""

    CONTRIBUTES = "contributes", _("Contributes")
    CONSULTED = "consulted", _("Is consulted")
    INFORMED = "informed", _("Is informed")


class MadeAs(models.TextChoices):
    """What a project has from an earlier one."""

    NEW = "", _("From the catalogue")
    METHOD = "method", _("With the method of an earlier project")
    WIDER_SCOPE = "wider scope", _("For a wider scope")


class HealthLevel(models.TextChoices):
    """Whether a project is on course."""

    ON_TRACK = "on track", _("On track")
    AT_RISK = "at risk", _("At risk")
    LATE = "late", _("Late")
    UNKNOWN = "unknown", _("Unknown")


class Rhythm(models.TextChoices):
    """How often an activity of operation comes round."""

    NONE = "", _("No rhythm")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    YEARLY = "yearly", _("Yearly")


# The reason that the trail has for dates which followed from something else.
BY_PLAN = "plan"

# The act by which a row is only improved from now on, because what it asks is met already, or no longer so.
IMPROVE_ONLY = "set improve only"

PHASE_NAMES = {
    0: _("Initiation"),
    1: _("React"),
    2: _("Anticipate"),
    3: _("Integrate"),
    4: _("Operation"),
}
