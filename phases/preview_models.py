"""Files that came in and wait for their person to confirm them."""

import uuid
from typing import Any, ClassVar

from django.db import models

from accounts.models import User
from common import clock
from common.marked_rows import Columns
from projects.models import Project


class FilePreviewQuerySet(models.QuerySet[Any]):
    """Ways to reach previews."""

    def visible_to(self, user: Any) -> "FilePreviewQuerySet":
        """A preview belongs to who sent the file."""
        return self.filter(user=user, project__in=Project.objects.visible_to(user))


class FilePreview(models.Model):
    """Rows that came in as a file and were found sound, until the same person confirms them.

    `content` as `phases.selectors.file_preview` keeps it; `columns` says what kind of rows they are.
    """

    columns: ClassVar[Columns]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    objects = FilePreviewQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Preview for {self.project_id}"
