"""What people say to each other beside the work."""

import uuid

from django.db import models

from accounts.models import User
from common import clock
from notifications.mail_models import Mail as Mail
from notifications.mail_models import MailSettings as MailSettings
from notifications.mail_models import Notice as Notice
from notifications.mail_models import Occasion as Occasion
from projects.models import Project


class Comment(models.Model):
    """A remark on an object of a project; the object is named as in the trail (kind and key).

    With `asked` it is a question to that person, open until `answered_at`. With `answers` it is the answer to that
    question. A withdrawn comment keeps its place and loses its text; the trail keeps the text.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    asked = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_with")
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["project", "kind", "key", "at"], name="comment_of_object"),
            models.Index(fields=["asked", "answered_at"], name="comment_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.key}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.withdrawn_at is not None

    @property
    def is_open_question(self) -> bool:
        """Whether somebody still waits for an answer to it."""
        return self.asked_id is not None and self.answered_at is None and self.withdrawn_at is None


class Mention(models.Model):
    """A person who is named in a comment."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once")]
        indexes = [models.Index(fields=["user", "seen_at"], name="mention_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.comment_id}"
