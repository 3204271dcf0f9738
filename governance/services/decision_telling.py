"""The trail row of an act on a decision or an action, and whom to tell of it."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from audittrail.services import Draft, record_event
from governance.models import Action, Decision
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur

ASKED, DECIDED = "decision asked", "decision made"
ACTION_DUE, ACTION_LATE = "action due", "action overdue"


def tell_of_decision(
    acting_user: User | None,
    decision: Decision,
    action: str,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record `action` on `decision`, last in its service."""
    record_event(
        stream_id=decision.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "decision", decision.ref, decision.title, dict(changes or {}), reason),
    )


def tell_of_action(
    acting_user: User | None,
    row: Action,
    action: str,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record `action` on an action of the committee, last in its service."""
    record_event(
        stream_id=row.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "action", row.ref, row.text[:120], dict(changes or {}), reason),
    )


def tell_called(decision: Decision, acting_user: User | None, people: Iterable[User]) -> None:
    """Let `people` know that they are called to `decision`."""
    facts = {"decision": decision.pk, "people": [each.pk for each in people]}
    occur(decision.project, ASKED, acting_user=acting_user, facts=facts)


def tell_decided(decision: Decision, acting_user: User | None, people: Iterable[int]) -> None:
    """Let people (by id) know what was decided."""
    facts = {"decision": decision.pk, "people": sorted(set(people))}
    occur(decision.project, DECIDED, acting_user=acting_user, facts=facts)


def news_of_called(occasion: Occasion) -> list[News]:
    """Who is called to which decision; each is told once. No query."""
    return _news(occasion, ASKED)


def news_of_decided(occasion: Occasion) -> list[News]:
    """Who is told what was decided. No query."""
    return _news(occasion, DECIDED)


def _news(occasion: Occasion, kind: str) -> list[News]:
    decision = occasion.facts["decision"]
    return [
        News(person, kind, f"decision {decision}", occasion.project_id, decision) for person in occasion.facts["people"]
    ]
