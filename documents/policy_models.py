"""What was said of policies that do not fit each other, and stay as they are."""

from django.db import models

from accounts.models import User
from common import clock
from projects.models import Project


class PolicyExplanation(models.Model):
    """Why a policy stays as it is although a check finds something.

    `problem` is what is found (`domain.policy_checks.Problem`), `about` the hash of what exactly: once something else
    is found, this no longer explains it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="explanations")
    problem = models.CharField(max_length=30)
    about = models.CharField(max_length=64)
    why = models.CharField(max_length=400)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "problem", "about"], name="policy_explanation_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.problem}"
