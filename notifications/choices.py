"""Words of mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Instead of a kind: all there are, and all that will be.
ALL_KINDS = "all"


class Pace(models.TextChoices):
    """When a person is mailed about a kind of thing."""

    AT_ONCE = "at once", _("At once")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly, on Monday")
    NEVER = "never", _("Never")


class NoticeState(models.TextChoices):
    """Where a notice stands. What is unknown is never sent again."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Dropped")
    UNKNOWN = "unknown", _("Perhaps sent")


class MailState(models.TextChoices):
    """What came of a mail."""

    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused, tried again later")
    UNKNOWN = "unknown", _("Perhaps sent")
