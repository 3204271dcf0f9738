"""What a management review brings about: decisions, actions, improvements, means."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import ImprovementSource, OutputKind, ReviewState
from audits.models import Review, ReviewOutput
from audits.review_guide import all_inputs
from audits.services.improvements import ImprovementFacts, propose_improvement
from audits.services.review_telling import tell_of_review
from common import clock
from common.exceptions import RuleBroken
from governance.choices import ActionSource
from governance.services.actions import ActionWish, add_action
from governance.services.texts import line
from projects.models import Party, Project
from projects.services.guards import require_capability


@dataclass(frozen=True, slots=True)
class OutputFacts:
    """What is decided. An action needs an owner and a day; an improvement may have them."""

    kind: str
    text: str
    input_key: str = ""
    owner: Party | None = None
    due: date | None = None


@transaction.atomic
def add_output(*, acting_user: User | None, project: Project, ref: str, facts: OutputFacts) -> ReviewOutput:
    """Write down an outcome; an action and an improvement get a row of their own in their register.

    The same words of the same kind again give the one that is there. Raises NotPermitted, Review.DoesNotExist;
    RuleBroken at the field that is wrong, before it was held, or once it is approved.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own_held(project, ref)
    if facts.kind not in OutputKind.values:
        raise RuleBroken(_("Choose one of the list."), field="kind")
    if facts.input_key and facts.input_key not in all_inputs():
        raise RuleBroken(_("Choose one of the list."), field="input_key")
    longest = 160 if facts.kind == OutputKind.IMPROVEMENT else 300
    text = line(facts.text, "text", longest, needed=_("Say what was decided."))
    there = ReviewOutput.objects.filter(review=review, kind=facts.kind, text=text).first()
    if there is not None:
        return there
    row = ReviewOutput(
        project=project,
        review=review,
        kind=facts.kind,
        input_key=facts.input_key,
        text=text,
        created_by=acting_user,
        created_at=clock.now(),
    )
    if facts.kind == OutputKind.ACTION:
        wish = ActionWish(text, facts.owner, facts.due)
        row.action = add_action(acting_user=acting_user, project=project, wish=wish, source=ActionSource.REVIEW)
    elif facts.kind == OutputKind.IMPROVEMENT:
        said = ImprovementFacts(text, ImprovementSource.REVIEW, owner=facts.owner, due=facts.due)
        row.improvement = propose_improvement(acting_user=acting_user, project=project, facts=said, review=review)
    row.save()
    made = row.action or row.improvement
    tell_of_review(
        acting_user,
        review,
        "output",
        {"kind": facts.kind, "text": text, "made": made.ref if made is not None else ""},
    )
    return row


@transaction.atomic
def remove_output(*, acting_user: User | None, project: Project, ref: str, pk: int) -> None:
    """Take an outcome back that made no row elsewhere. One trail event.

    Raises NotPermitted, DoesNotExist; RuleBroken for an action or an improvement, or once the minutes are approved.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own_held(project, ref)
    row = ReviewOutput.objects.get(pk=pk, review=review)
    if row.action_id is not None or row.improvement_id is not None:
        raise RuleBroken(_("It is on a register by now: let it go there, with words."))
    row.delete()
    tell_of_review(acting_user, review, "take back", {"kind": row.kind, "text": row.text})


def _own_held(project: Project, ref: str) -> Review:
    review = Review.objects.get(project=project, ref=ref)
    review.project = project
    if review.state == ReviewState.APPROVED:
        raise RuleBroken(_("The minutes are approved: nothing changes any more. Correct it in the next review."))
    if review.state != ReviewState.HELD:
        raise RuleBroken(_("Note first who was there: then it was held."))
    return review
