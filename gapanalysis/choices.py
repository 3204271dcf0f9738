"""What can be chosen in a gap analysis."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Instrument(models.TextChoices):
    """What kind of question it is."""

    REQUIREMENT = "requirement", _("Requirement")
    LADDER = "ladder", _("Process ladder")
    SURVEY = "survey", _("Survey")
    READINESS = "readiness", _("Readiness")


class AssessmentKind(models.TextChoices):
    """What an assessment is for."""

    BASELINE = "baseline", _("Baseline before phase 1")
    PHASE_1 = "end of phase 1", _("Achievement at the end of phase 1")
    PHASE_2 = "end of phase 2", _("Achievement at the end of phase 2")
    PHASE_3 = "end of phase 3", _("Achievement at the end of phase 3")
    READINESS = "readiness", _("Readiness for certification")
    AD_HOC = "ad hoc", _("Between times")


PHASE_OF = {AssessmentKind.PHASE_1: 1, AssessmentKind.PHASE_2: 2, AssessmentKind.PHASE_3: 3}


class AssessmentState(models.TextChoices):
    """Where an assessment stands. What is locked never changes again."""

    DRAFT = "draft", _("Draft")
    OPEN = "in progress", _("In progress")
    REVIEW = "in review", _("In review")
    LOCKED = "locked", _("Locked")


NEXT_STATES = {
    AssessmentState.DRAFT: (AssessmentState.OPEN,),
    AssessmentState.OPEN: (AssessmentState.REVIEW,),
    AssessmentState.REVIEW: (AssessmentState.OPEN, AssessmentState.LOCKED),
    AssessmentState.LOCKED: (),
}


class AnswerValue(models.TextChoices):
    """An answer to a requirement question; the same words as `domain.answers.Value`."""

    CONFORMS = "conforms", _("Conforms")
    MINOR = "minor gap", _("Minor gap")
    MAJOR = "major gap", _("Major gap")
    NO_CASE = "no case yet", _("No case yet")
    EXCLUDED = "excluded", _("Excluded: conformity cannot be claimed")
    UNANSWERED = "unanswered", _("Unanswered")


class Asked(models.TextChoices):
    """Why a question is asked."""

    ALL = "all", _("Part of the whole")
    PHASE = "phase", _("Its activities belong to this phase")
    EARLIER_GAP = "earlier gap", _("It was no clear conformity before")
    CHECK = "check", _("Drawn to see that nothing has slipped")


class Reading(models.TextChoices):
    """What was done with the answer of an earlier assessment."""

    NEW = "new", _("Answered for the first time")
    OPEN = "open", _("Not looked at yet")
    CONFIRMED = "confirmed", _("Confirmed")
    CHANGED = "changed", _("Changed")
    REGRESSED = "regressed", _("Regressed")


class ProposalState(models.TextChoices):
    """What a person decided on a proposal."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")


class ProposalKind(models.TextChoices):
    """What is proposed for a row; the same words as `domain.proposals.Proposed`, in the order of the page."""

    REOPEN = "reopen", _("Reopen")
    MORE_TIME = "needs more time", _("Needs more time")
    START_EARLIER = "start earlier", _("Start earlier")
    KEY = "key", _("Key activity")
    ALREADY_MET = "already met", _("Already met")
    IMPROVE_ONLY = "improve only", _("Improve only")


class TargetOf(models.TextChoices):
    """What a target is set for."""

    CLAUSE = "clause", _("Clause")
    PROCESS = "process", _("Process")
