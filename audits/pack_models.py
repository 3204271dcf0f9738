"""Evidence packs, who fetched them, and what people from outside looked at."""

from typing import Any

from django.db import models

from accounts.models import User
from audits.choices import PackState
from common import clock
from jobs.models import Job
from projects.models import Project


class PackQuerySet(models.QuerySet["EvidencePack"]):
    """Ways to reach packs."""

    def visible_to(self, user: Any) -> "PackQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))


class EvidencePack(models.Model):
    """A pack that somebody asked for: what of (`options`), cut at which event of the trail, why, and what came of it.

    `job` builds it, into a folder of packs (`selectors.packs`) and not as its own result: taking one away is recorded.
    Its hash stays here when the file is no longer kept. `rights` are what its asker held over what may be in: who
    fetches it needs them too.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="packs")
    ref = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    options = models.JSONField(default=dict)
    rights = models.JSONField(default=list)
    cut_seq = models.PositiveBigIntegerField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=PackState, default=PackState.WAITING)
    problem = models.TextField(blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    built_at = models.DateTimeField(null=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="pack_ref_once")]

    def __str__(self) -> str:
        return self.ref


class PackFetch(models.Model):
    """Somebody took a pack away."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(EvidencePack, on_delete=models.PROTECT, related_name="fetches")
    fetched_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    fetched_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-fetched_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pack_id} at {self.fetched_at:%Y-%m-%d}"


class Visit(models.Model):
    """What an auditor from outside looked at on a day (in the project's time zone), and how often."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    address = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "user", "on", "address"], name="visit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on} {self.address}"
