"""What management reviews, improvements and risks to the SMS put into the registries of the apps below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audits import (
    models,
    notices_review,
    panels_review,
    review_calendar,
    review_criterion,
    review_jobs,
    wording_review,
)
from audits.verification_review import check_reviews
from common.verification import register_check
from evidence.registries import named_by, register_use
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav
from projects.verification import register_ownership

PARTS = (wording_review, review_criterion, review_jobs, notices_review, panels_review, review_calendar)


def _reviews(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Management review"), reverse("reviews", args=[project.slug]))]


def _improvements(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Improvements"), reverse("improvements", args=[project.slug]))]


def _sms_risks(project: Project) -> list[NavEntry]:
    return [NavEntry(_("SMS risks"), reverse("sms_risks", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    for part in PARTS:
        part.register()
    register_check("reviews", "Management reviews", check_reviews, order=46)
    register_nav("reviews", NavItem(_("Audit"), "review.view", "people", _reviews), order=64)
    register_nav("improvements", NavItem(_("Audit"), "review.view", "graph-up-arrow", _improvements), order=65)
    register_nav("sms risks", NavItem(_("Audit"), "review.view", "tri", _sms_risks), order=66)
    register_ownership(models.Improvement, "finding", "lesson", "review", "objective", "owner")
    register_ownership(models.ReviewAttendance, "review", "party")
    register_ownership(models.ReviewInput, "review")
    register_ownership(models.ReviewOutput, "review", "action", "improvement")
    register_ownership(models.Review, "chair", "evidence")
    register_ownership(models.SmsRisk, "owner")
    register_use("review", named_by(_("record of a management review"), models.Review, "evidence"), order=20)
