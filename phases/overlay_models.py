"""An organization's own copy of the wording of a catalogue. It belongs to the organization, never to a project."""

import uuid
from typing import Any

from django.db import models

from accounts.models import User
from common import clock
from projects.models import Organization


class WordingOverlayQuerySet(models.QuerySet["WordingOverlay"]):
    """Ways to reach overlays."""

    def visible_to(self, user: Any) -> "WordingOverlayQuerySet":
        """Those of organizations that `user` can see."""
        return self.filter(organization__in=Organization.objects.visible_to(user))


class WordingOverlay(models.Model):
    """The copy that an organization has loaded over one pack. A new one replaces it whole."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="wording_overlays")
    pack = models.CharField(max_length=60)
    file_sha256 = models.CharField(max_length=64)
    wording_count = models.PositiveIntegerField()
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(default=clock.now)
    from_preview = models.UUIDField(unique=True, editable=False)

    objects = WordingOverlayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "pack"], name="one_overlay_of_a_pack")]

    def __str__(self) -> str:
        return f"{self.wording_count} wordings over {self.pack}"


class Wording(models.Model):
    """The wording of one item of the standard, as the organization's own copy has it."""

    overlay = models.ForeignKey(WordingOverlay, on_delete=models.CASCADE, related_name="wordings")
    ref = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["overlay", "ref"], name="wording_once_in_overlay")]

    def __str__(self) -> str:
        return self.ref


class WordingPreview(models.Model):
    """A file that was read and found good, until the same person confirms it. `replaces` is the overlay it saw."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    pack = models.CharField(max_length=60)
    file_name = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64)
    replaces = models.UUIDField(null=True)
    rows = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Preview for {self.pack}"
