"""Where a job stands, and which workers take it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
STOPPED = (JobState.FAILED, JobState.CANCELLED)


class Queue(models.TextChoices):
    """Which workers take a job: short work never waits behind long work where each has workers of its own."""

    QUICK = "quick", _("Quick")
    HEAVY = "heavy", _("Heavy")
