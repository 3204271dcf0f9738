"""The moment of a decision as plain values that have one hash: what it was made on, by whom, and what follows."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from common.canonical import canonical_json
from documents.selectors import last_in_force, newest_text
from evidence.choices import Classification
from governance.models import Action, Attachment, Decision, Seat
from governance.selectors.gates import CriterionStanding, GateStanding
from phases.selectors.figures import contract_of, figures_of

FORM = 1


def frozen_moment(
    decision: Decision,
    *,
    seats: Sequence[Seat],
    quorum: int | None,
    conditions: Iterable[Action],
    standing: GateStanding | None,
    own_work: bool,
) -> dict[str, Any]:
    """What is kept of `decision`, whose fields hold what was decided. The figures are those of its day.

    Some ten queries.
    """
    project = decision.project
    moment = {
        "form": FORM,
        "project": project.slug,
        "organization": project.organization.name,
        "ref": decision.ref,
        "kind": decision.kind,
        "gate": None if decision.gate_number is None else f"G{decision.gate_number}",
        "title": decision.title,
        "background": decision.background,
        "without_it": decision.without_it,
        "money": decision.money,
        "effect": decision.effect,
        "advice": decision.advice,
        "asked_by": _name(decision.asked_by),
        "asked_at": decision.asked_at,
        "decide_by": decision.decide_by,
        "called_at": decision.called_at,
        "reopens": decision.reopens.ref if decision.reopens is not None else None,
        "outcome": decision.outcome,
        "manner": decision.manner,
        "setting": decision.setting,
        "meeting": decision.meeting.ref if decision.meeting is not None else None,
        "words": decision.words,
        "hold_until": decision.hold_until,
        "decided_on": decision.decided_on,
        "decided_at": decision.decided_at,
        "decided_by": _name(decision.decided_by),
        "own_work": own_work,
        "quorum": quorum,
        "seats": [
            {
                "name": str(each.member),
                "chair": each.is_chair,
                "choice": each.choice,
                "words": each.words,
                "cast_at": each.cast_at,
                "left": each.left_at is not None,
            }
            for each in seats
        ],
        "conditions": [
            {"ref": each.ref, "text": each.text, "owner": each.owner.name if each.owner else "", "due": each.due}
            for each in conditions
        ],
        "criteria": [_criterion(each) for each in standing.criteria] if standing is not None else [],
        "figures": contract_of(figures_of(project)),
        "attachments": [_attached(each) for each in attachments_of(decision)],
    }
    # As a database gives it back: what is hashed and what is read later are the same values.
    plain: dict[str, Any] = json.loads(canonical_json(moment))
    return plain


def attachments_of(decision: Decision) -> list[Attachment]:
    """What a decision is made on. One query."""
    return list(
        Attachment.objects.filter(decision=decision).select_related("item__revision", "document").order_by("pk")
    )


def _criterion(each: CriterionStanding) -> dict[str, Any]:
    waiver = each.waiver if each.state == "waived" else None
    return {
        **each.as_plain(),
        "state": each.state,
        "detail": str(each.reading.detail),
        "waived_by": _name(waiver.waived_by) if waiver is not None else "",
        "waived_why": waiver.why if waiver is not None else "",
        "attested_by": _name(each.attestation.attested_by) if each.attestation is not None else "",
    }


def _attached(row: Attachment) -> dict[str, Any]:
    """Key, revision and hash. More people read a decision than a confidential item or document: no title of those."""
    if row.item is not None:
        revision = row.item.revision
        hidden = row.item.classification == Classification.CONFIDENTIAL
        return {
            "kind": "evidence",
            "key": row.item.key,
            "title": "" if hidden else row.item.title,
            "version": str(revision.number) if revision is not None else "",
            "sha256": revision.sha256 if revision is not None else "",
        }
    document = row.document
    assert document is not None  # noqa: S101 (the constraint of the table says so)
    document.project = row.decision.project
    version = last_in_force(document) or newest_text(document)
    hidden = document.classification == "confidential"
    return {
        "kind": "document",
        "key": document.number,
        "title": "" if hidden else document.full_title,
        "version": str(version.number) if version is not None else "",
        "sha256": version.sha256 if version is not None else "",
    }


def _name(person: object) -> str:
    return str(person) if person is not None else ""
