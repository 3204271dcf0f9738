"""Decisions of Alder's committee: asked, called, answered, recorded."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from common import clock
from governance.models import Action, Attachment, Decision, Seat
from governance.services.actions import ActionWish, add_action
from governance.services.decisions import Wish, ask_decision
from governance.services.recording import Verdict, record_decision
from governance.services.voting import call_members, cast_vote
from tests.cast import Cast
from tests.evidence.conftest import add as add_item


def soon(days: int = 14) -> date:
    """A day ahead."""
    return clock.today("UTC") + timedelta(days=days)


def ask(cast: Cast, who: str = "mara", **values: Any) -> Decision:
    """A decision that is asked for."""
    wish = {"title": "Release 24,000 from contingency", "decide_by": soon(), "money": "24,000 of 60,000", **values}
    return ask_decision(acting_user=getattr(cast, who), project=cast.project, wish=Wish(**wish))


def called(cast: Cast, who: str = "mara", **values: Any) -> Decision:
    """A decision to which the members are called: Chen, who chairs, and Cora."""
    decision = ask(cast, who, **values)
    return call_members(acting_user=cast.mara, decision=decision, version=decision.version)


def seat_of(decision: Decision, user: User) -> Seat:
    """The seat of somebody."""
    return Seat.objects.get(decision=decision, member=user)


def vote(cast: Cast, decision: Decision, who: str, choice: str, words: str = "") -> Seat:
    """Somebody answers."""
    user = getattr(cast, who)
    version = seat_of(decision, user).version
    return cast_vote(acting_user=user, decision=decision, version=version, choice=choice, words=words)


def record(cast: Cast, decision: Decision, outcome: str = "approved", who: str = "chen", **values: Any) -> Decision:
    """The chair records."""
    fresh = Decision.objects.get(pk=decision.pk)
    fresh.project = cast.project
    return record_decision(
        acting_user=getattr(cast, who),
        decision=fresh,
        version=fresh.version,
        verdict=Verdict(outcome, **values),
    )


def condition(cast: Cast, text: str = "Sign the two contracts", who: str = "petra", days: int = 30) -> ActionWish:
    """A condition as a chair writes it."""
    return ActionWish(text, cast.parties[who], soon(days))


def action(cast: Cast, ref: str = "A-01") -> Action:
    """An action, fresh from the database."""
    row = Action.objects.select_related("owner").get(project=cast.project, ref=ref)
    row.project = cast.project
    return row


def asked_with_all(cast: Cast) -> Decision:
    """D-01, which waits for its members, with an attachment, and A-01, which Tim does."""
    decision = ask(cast)
    item = add_item(cast)
    Attachment.objects.create(pk=1, project=cast.project, decision=decision, item=item, added_by=cast.mara)
    add_action(acting_user=cast.mara, project=cast.project, wish=ActionWish("Ask legal", cast.parties["tim"], soon(5)))
    return call_members(acting_user=cast.mara, decision=decision, version=decision.version)
