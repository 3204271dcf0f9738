"""What waits to be mailed, what was mailed, and how each person wants it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from notifications.choices import MailState, NoticeState, Pace
from projects.models import Project


class MailSettings(models.Model):
    """How one person wants mail. Without a row, or a kind in `paces`, the usual pace of the kind holds.

    An empty `time_zone` is that of the person's first project.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_settings")
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    paces = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "mail settings"

    def __str__(self) -> str:
        return f"Mail settings of {self.user_id}"


class Mail(models.Model):
    """A mail to one person, made in the instant in which its notices are claimed.

    `digest_day` is the person's day whose digest it is: there is one of each day at most, whatever the clock does.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mails")
    digest_day = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.SENDING)
    subject = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    lines = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest_day"], name="one_digest_a_day")]
        indexes = [
            models.Index(fields=["person", "-claimed_at"], name="mail_of_person"),
            models.Index(fields=["state", "claimed_at"], name="mail_by_state"),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.uuid)


class Occasion(models.Model):
    """Something of which people shall be told, written by the act that caused it: neither is without the other.

    Whom it concerns is found by the next round of sending, which makes notices of it and deletes it.
    """

    kind = models.CharField(max_length=40)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.project_id}"


class Notice(models.Model):
    """One thing that one person is told, once: the outbox.

    `key` names the thing within its kind, so that it is never told twice; `subject` is its id there, `facts` what must
    still be true when it is told. It waits until `goes_at`.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    subject = models.BigIntegerField()
    facts = models.JSONField(default=dict, blank=True)
    noted_at = models.DateTimeField(default=clock.now)
    pace = models.CharField(max_length=10, choices=Pace)
    goes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, related_name="notices")
    dropped_why = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="told_once")]
        indexes = [models.Index(fields=["state", "goes_at"], name="notice_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.person_id}"
