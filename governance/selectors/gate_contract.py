"""How a gate stands, in the form that `show_gate` prints: a contract with other programs."""

from typing import Any

from governance.choices import PASSING, ActionSource, Choice
from governance.models import Action, Decision, Seat
from governance.selectors import gate_decision
from governance.selectors.gates import gate_standing
from projects.models import Project

NAMES = ("key", "title", "met", "value", "threshold", "source")


def gate_contract(project: Project, number: int) -> dict[str, Any]:
    """The criteria of a gate and the decision that holds.

    Where that lets the phase close, the criteria are those that it was made on; else those of today. Raises ValueError
    for no gate.
    """
    decision = gate_decision(project, number)
    kept = kept_criteria(decision) if decision is not None and decision.outcome in PASSING else None
    criteria = kept if kept is not None else [each.as_plain() for each in gate_standing(project, number).criteria]
    return {
        "gate": f"G{number}",
        "criteria": [{name: each[name] for name in NAMES} for each in criteria],
        "decision": _decision(decision) if decision is not None else None,
    }


def kept_criteria(decision: Decision) -> list[dict[str, Any]] | None:
    """The criteria as a decision keeps them; None where it keeps none. One query where `frozen` was left out."""
    frozen = decision.frozen
    found = frozen.get("criteria") if isinstance(frozen, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) and set(NAMES) <= set(each) for each in found):
        return None
    return found


def _decision(decision: Decision) -> dict[str, Any]:
    conditions = Action.objects.filter(decision=decision, source=ActionSource.CONDITION).select_related("owner")
    against = Seat.objects.filter(decision=decision, choice=Choice.AGAINST).select_related("member")
    return {
        "outcome": decision.outcome,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "conditions": [
            {
                "ref": each.ref,
                "text": each.text,
                "owner": each.owner.name if each.owner else "",
                "due": each.due.isoformat(),
                "state": each.state,
                "met_on": each.done_on.isoformat() if each.done_on else None,
            }
            for each in conditions.order_by("pk")
        ],
        "dissent": [{"member": str(each.member), "words": each.words} for each in against.order_by("pk")],
    }
