"""Asking the committee for a decision, changing what is asked, taking it back, and what it is decided on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from documents.models import Document
from documents.selectors import document_of
from evidence.models import EvidenceItem
from evidence.selectors import item_of
from governance.choices import GATES, DecisionKind, DecisionState, MeetingState, Outcome
from governance.exceptions import AlreadyDecided
from governance.models import Attachment, Decision, Meeting, Seat
from governance.selectors import gate_decision
from governance.services.decision_telling import tell_of_decision
from governance.services.texts import SENT_TWICE, day_to_come, line, lines
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned
from projects.services.refs import next_ref

MOST_ATTACHMENTS = 30
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What the committee is asked for. `gate` is the number of a gate, None for a question.

    `reopens` is a decision that was made: what is decided now takes its place.
    """

    title: str
    decide_by: date | None
    background: str = ""
    without_it: str = ""
    money: str = ""
    effect: str = ""
    advice: str = ""
    gate: int | None = None
    meeting: Meeting | None = None
    reopens: Decision | None = None


@transaction.atomic
def ask_decision(*, acting_user: User | None, project: Project, wish: Wish) -> Decision:
    """Ask the committee for a decision; nobody is called yet. One trail event.

    The same question from the same person within a minute gives the decision that is asked for already.
    Raises NotPermitted; RuleBroken for words that are missing, a day gone by, a gate that is asked for already or
    decided (it is reopened then), or a decision that cannot be reopened; DoesNotExist for rows of another project.
    """
    require_capability(acting_user, "governance.prepare", project)
    values = _checked(project, wish)
    values["reopens"] = _reopened(project, wish)
    gate = values["reopens"].gate_number if values["reopens"] is not None else wish.gate
    if gate is not None:
        _check_gate(project, gate, values["reopens"])
    elif (before := _sent_before(acting_user, project, values)) is not None:
        return before
    decision = Decision.objects.create(
        project=project,
        ref=next_ref(project, "D"),
        kind=DecisionKind.QUESTION if gate is None else DecisionKind.GATE,
        gate_number=gate,
        asked_by=acting_user,
        asked_at=clock.now(),
        **values,
    )
    said: dict[str, object] = {"decide by": [None, decision.decide_by.isoformat()]}
    if gate is not None:
        said["gate"] = [None, f"G{gate}"]
    if decision.reopens is not None:
        said["reopens"] = [None, decision.reopens.ref]
    tell_of_decision(acting_user, decision, "ask for", said)
    return decision


@transaction.atomic
def change_decision(*, acting_user: User | None, decision: Decision, version: int, wish: Wish) -> Decision:
    """Change what is asked, while nobody has answered. One trail event, or none where nothing changed.

    What it is about (a gate, a question, what it reopens) stays. Raises NotPermitted, AlreadyDecided, StaleWrite,
    RuleBroken as `ask_decision`, and where somebody has answered to the words as they are.
    """
    require_capability(acting_user, "governance.prepare", decision.project)
    fresh = open_decision(decision)
    refuse_answered(fresh)
    values = _checked(fresh.project, wish, before=fresh)
    changes = {name: (getattr(fresh, name), value) for name, value in values.items() if getattr(fresh, name) != value}
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("Title"): fresh.title, _("Background"): fresh.background},
        sent={_("Title"): values["title"], _("Background"): values["background"]},
    )
    said = {name.replace("_", " "): [_plain(before), _plain(after)] for name, (before, after) in changes.items()}
    tell_of_decision(acting_user, fresh, "change", said)
    return fresh


@transaction.atomic
def withdraw_decision(*, acting_user: User | None, decision: Decision, version: int, why: str) -> Decision:
    """Take back what is asked for; it stays in the register. One trail event.

    Raises NotPermitted, AlreadyDecided, StaleWrite, RuleBroken without words.
    """
    require_capability(acting_user, "governance.prepare", decision.project)
    fresh = open_decision(decision)
    said = line(why, "why", 300, needed=_("Say why it is withdrawn."))
    write_versioned(
        fresh,
        version=version,
        values={"state": DecisionState.WITHDRAWN, "words": said},
        shown={_("State"): DecisionState(fresh.state).label},
        sent={_("State"): DecisionState.WITHDRAWN.label},
    )
    tell_of_decision(acting_user, fresh, "withdraw", reason=said)
    return fresh


@transaction.atomic
def attach(*, acting_user: User | None, decision: Decision, key: str) -> Attachment:
    """Let the decision be made on an item of evidence (`E-0012`) or a document (its key). One trail event.

    Raises NotPermitted, AlreadyDecided, RuleBroken for what is not there or attached already, or once somebody has
    answered.
    """
    project = decision.project
    require_capability(acting_user, "governance.prepare", project)
    fresh = open_decision(decision)
    refuse_answered(fresh)
    access = access_to(project, acting_user)
    wanted = line(key, "key", 120, needed=_("Choose an item of evidence or a document."))
    item: EvidenceItem | None = item_of(project, access, wanted.upper())
    document: Document | None = document_of(project, access, wanted) if item is None else None
    if item is None and document is None:
        raise RuleBroken(
            _("There is no item of evidence and no document %(key)s that you can see.") % {"key": wanted[:40]},
            field="key",
        )
    there = Attachment.objects.filter(decision=fresh)
    if there.filter(item=item, document=document).exists():
        raise RuleBroken(_("It is attached already."), field="key")
    if there.count() >= MOST_ATTACHMENTS:
        raise RuleBroken(_("At most %(most)d attachments.") % {"most": MOST_ATTACHMENTS}, field="key")
    row = Attachment.objects.create(
        project=project, decision=fresh, item=item, document=document, added_by=acting_user, added_at=clock.now()
    )
    tell_of_decision(acting_user, fresh, "attach", {"attachment": [None, name_of(row)]})
    return row


@transaction.atomic
def detach(*, acting_user: User | None, decision: Decision, pk: int) -> None:
    """Take an attachment off, while nobody has answered. One trail event.

    Raises NotPermitted, AlreadyDecided, RuleBroken, Attachment.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", decision.project)
    fresh = open_decision(decision)
    refuse_answered(fresh)
    row = Attachment.objects.select_related("item", "document").get(pk=pk, decision=fresh)
    name = name_of(row)
    row.delete()
    tell_of_decision(acting_user, fresh, "detach", {"attachment": [name, None]})


def name_of(row: Attachment) -> str:
    """The key of what is attached: it names it without telling what it is about."""
    if row.item is not None:
        return row.item.key
    return row.document.number if row.document is not None else ""


def open_decision(decision: Decision) -> Decision:
    """`decision` as it stands now; AlreadyDecided, in words, where it is not asked for any more. One query."""
    fresh = (
        Decision.objects.select_related("reopens", "meeting", "asked_by", "decided_by")
        .defer("frozen", "reopens__frozen")
        .get(pk=decision.pk, project_id=decision.project_id)
    )
    fresh.project = decision.project
    if fresh.state == DecisionState.WITHDRAWN:
        raise AlreadyDecided(_("%(ref)s was withdrawn. Nothing was changed.") % {"ref": fresh.ref})
    if fresh.state != DecisionState.ASKED:
        raise AlreadyDecided(
            _("%(who)s has recorded %(ref)s already: %(outcome)s. It stays, unless another decision reopens it.")
            % {
                "who": fresh.decided_by or _("Somebody"),
                "ref": fresh.ref,
                "outcome": str(Outcome(fresh.outcome).label).lower(),
            }
        )
    return fresh


def refuse_answered(decision: Decision) -> None:
    """Raise RuleBroken where a member has answered: what they answered to must stay as it is."""
    if Seat.objects.filter(decision=decision).exclude(choice="").exists():
        raise RuleBroken(
            _("Somebody has answered already, to the words as they are. Withdraw it and ask anew to change it.")
        )


def _checked(project: Project, wish: Wish, before: Decision | None = None) -> dict[str, Any]:
    """The values of a decision as they are stored."""
    if before is not None and wish.decide_by == before.decide_by and wish.decide_by is not None:
        decide_by = wish.decide_by
    else:
        decide_by = day_to_come(wish.decide_by, "decide_by", project, needed=_("Say by when it is to be decided."))
    meeting = wish.meeting
    if meeting is not None:
        if meeting.project_id != project.pk:
            raise Meeting.DoesNotExist
        if meeting.state == MeetingState.CANCELLED:
            raise RuleBroken(_("This meeting is cancelled."), field="meeting")
    return {
        "title": line(wish.title, "title", LONGEST_TITLE, needed=_("Say in one line what is to be decided.")),
        "background": lines(wish.background, "background"),
        "without_it": lines(wish.without_it, "without_it"),
        "money": line(wish.money, "money", 200),
        "effect": line(wish.effect, "effect", 200),
        "advice": line(wish.advice, "advice", 200),
        "decide_by": decide_by,
        "meeting": meeting,
    }


def _sent_before(acting_user: User | None, project: Project, values: Mapping[str, Any]) -> Decision | None:
    """The question that the same form made when it was sent before."""
    since = clock.now() - SENT_TWICE
    asked = Decision.objects.filter(project=project, state=DecisionState.ASKED, gate_number=None)
    return asked.filter(asked_by=acting_user, asked_at__gt=since, **values).first()


def _reopened(project: Project, wish: Wish) -> Decision | None:
    if wish.reopens is None:
        return None
    old = Decision.objects.defer("frozen").get(pk=wish.reopens.pk, project=project)
    if old.state != DecisionState.DECIDED:
        raise RuleBroken(_("Only what is decided can be reopened."))
    waiting = Decision.objects.filter(reopens=old, state=DecisionState.ASKED).first()
    if waiting is not None:
        raise RuleBroken(_("%(ref)s asks for that already.") % {"ref": waiting.ref})
    return old


def _check_gate(project: Project, gate: int, reopens: Decision | None) -> None:
    if gate not in GATES:
        raise RuleBroken(_("Choose a gate from G0 to G4."), field="gate")
    asked = Decision.objects.filter(
        project=project, kind=DecisionKind.GATE, gate_number=gate, state=DecisionState.ASKED
    ).first()
    if asked is not None:
        raise RuleBroken(_("G%(gate)d is asked for already: %(ref)s.") % {"gate": gate, "ref": asked.ref}, field="gate")
    holds = gate_decision(project, gate)
    # A hold is no end: the gate is asked for again on its day. Anything else is reopened, so that it shows.
    if holds is not None and holds.outcome != Outcome.HOLD and (reopens is None or reopens.pk != holds.pk):
        raise RuleBroken(
            _("G%(gate)d is decided (%(ref)s). Reopen that decision to ask again.") % {"gate": gate, "ref": holds.ref},
            field="gate",
        )


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Meeting):
        return value.ref
    return value
