"""What people say to each other beside the work."""

import uuid

from django.db import models

from accounts.models import User
from common import clock
from projects.models import Project


class Comment(models.Model):
    """A remark on an object of a project; the object is named as in the trail (kind and key)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["project", "kind", "key", "at"], name="comment_of_object")]

    def __str__(self) -> str:
        return f"{self.author} on {self.key}"
