"""What an organization brings along: how its papers look, and templates of its own."""

from django.db import models

from accounts.models import User
from common import clock
from common.paper.style import Accent, Typeface
from projects.models import Organization


class HouseStyle(models.Model):
    """How the papers of an organization look."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="house_style")
    logo = models.BinaryField(blank=True, default=bytes)
    accent = models.CharField(max_length=20, choices=Accent, default=Accent.INK)
    typeface = models.CharField(max_length=20, choices=Typeface, default=Typeface.CLASSIC)
    header = models.CharField(max_length=80, blank=True)
    footer = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"House style of {self.organization_id}"


class OwnTemplate(models.Model):
    """A template that an organization added; `front` and `body` are as in the files of the library."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="document_templates")
    key = models.SlugField(max_length=80)
    front = models.JSONField(default=dict)
    body = models.TextField()
    is_offered = models.BooleanField(default=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="own_template_once")]

    def __str__(self) -> str:
        return self.key
