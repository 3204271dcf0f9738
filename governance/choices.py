"""What can be chosen in governance."""

from django.db import models
from django.utils.translation import gettext_lazy as _

GATES = (0, 1, 2, 3, 4)
LAST_GATE = 4


class DecisionKind(models.TextChoices):
    """What is decided: a gate, or anything else that the committee is asked for."""

    GATE = "gate", _("Gate")
    QUESTION = "question", _("Question")


class DecisionState(models.TextChoices):
    """Where a decision stands. What is decided never changes again: it is reopened by another decision."""

    ASKED = "asked", _("Asked for")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REOPENED = "reopened", _("Reopened")


class Outcome(models.TextChoices):
    """What was decided. The first four end a gate, the others answer a question."""

    GO = "go", _("Go")
    CONDITIONS = "go with conditions", _("Go with conditions")
    HOLD = "hold", _("Hold")
    STOP = "stop", _("Stop")
    APPROVED = "approved", _("Approved")
    APPROVED_CONDITIONS = "approved with conditions", _("Approved with conditions")
    SENT_BACK = "sent back", _("Sent back")
    DECLINED = "declined", _("Declined")


GATE_OUTCOMES = (Outcome.GO, Outcome.CONDITIONS, Outcome.HOLD, Outcome.STOP)
QUESTION_OUTCOMES = (Outcome.APPROVED, Outcome.APPROVED_CONDITIONS, Outcome.SENT_BACK, Outcome.DECLINED)
PASSING = frozenset({Outcome.GO, Outcome.CONDITIONS})
WITH_CONDITIONS = frozenset({Outcome.CONDITIONS, Outcome.APPROVED_CONDITIONS})


class Manner(models.TextChoices):
    """How the committee came to its decision."""

    CONSENSUS = "consensus", _("Consensus")
    VOTE = "vote", _("Vote")


class Setting(models.TextChoices):
    """Where the committee decided."""

    MEETING = "meeting", _("In a meeting")
    CIRCULATION = "circulation", _("By circulation")


class Choice(models.TextChoices):
    """What a member says to a decision."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstains")


class CriterionKind(models.TextChoices):
    """Where the word on a criterion comes from."""

    COMPUTED = "computed", _("Computed")
    ATTESTED = "attested", _("Attested")


class ActionState(models.TextChoices):
    """Where an action stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ActionSource(models.TextChoices):
    """Where an action came from. A condition is one that a decision depends on."""

    CONDITION = "condition", _("Condition of a decision")
    MEETING = "meeting", _("Meeting")
    LESSON = "lesson", _("Lesson learnt")
    COMMITTEE = "committee", _("Committee")
    REVIEW = "review", _("Management review")


class MeetingState(models.TextChoices):
    """Where a meeting stands. The minutes of one that was held are frozen when they are approved."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Presence(models.TextChoices):
    """Whether somebody was at a meeting."""

    INVITED = "invited", _("Invited")
    PRESENT = "present", _("Present")
    DEPUTY = "deputy", _("Sent a deputy")
    APOLOGIES = "apologies", _("Sent apologies")
    ABSENT = "absent", _("Absent")


class LessonState(models.TextChoices):
    """What became of a lesson."""

    OPEN = "open", _("To be acted on")
    APPLIED = "applied", _("Acted on")
    NOTED = "noted", _("Noted, nothing to do")


class Attested(models.TextChoices):
    """What the process owner says of an outcome of a phase."""

    NOT_YET = "not yet", _("Not yet")
    PARTLY = "partly", _("Partly")
    REACHED = "reached", _("Reached")
