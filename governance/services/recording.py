"""Recording what the committee decided: by the chair, once, with the moment kept as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from common import clock
from common.canonical import sha256_of
from common.exceptions import RuleBroken
from documents.selectors import is_very_small
from evidence.choices import Classification
from evidence.files import Incoming
from evidence.models import EvidenceItem
from evidence.services.items import Facts, FileIn, add_evidence
from evidence.services.records import pin_record
from governance.choices import (
    GATE_OUTCOMES,
    PASSING,
    QUESTION_OUTCOMES,
    WITH_CONDITIONS,
    ActionSource,
    Choice,
    DecisionKind,
    DecisionState,
    Manner,
    MeetingState,
    Outcome,
    Setting,
)
from governance.domain.voting import Tally, count
from governance.models import Action, Decision, Meeting, Seat
from governance.selectors import committee_of, members_of
from governance.selectors.gates import GateStanding, gate_standing
from governance.services.actions import ActionWish, make_action
from governance.services.boards import keep_board_soon
from governance.services.decision_telling import tell_decided, tell_of_decision
from governance.services.decisions import open_decision
from governance.services.freezing import frozen_moment
from governance.services.texts import day_to_come, lines
from jobs.services.request import request_job
from phases.selectors.whom import users_of
from projects.services.guards import refuse_stale, require_capability, write_versioned

RECORD_KIND = "decision"
#: The kind of job that makes and keeps the paper of what was decided.
KEPT_PAPER = "decision-kept-paper"
MOST_CONDITIONS = 20
#: What is said yes to; everything else is a no, for now or for good.
YES = frozenset({*PASSING, Outcome.APPROVED, Outcome.APPROVED_CONDITIONS})
NEEDS_WORDS = {
    Outcome.STOP: gettext_lazy("Say why the project stops here."),
    Outcome.SENT_BACK: gettext_lazy("Say what is missing, so that it can come back."),
    Outcome.DECLINED: gettext_lazy("Say why it is declined."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided and how. `hold_until` is when a gate that is on hold is met again."""

    outcome: str
    manner: str = Manner.CONSENSUS
    setting: str = Setting.MEETING
    words: str = ""
    hold_until: date | None = None
    meeting: Meeting | None = None
    conditions: Sequence[ActionWish] = field(default_factory=tuple)


@transaction.atomic
def record_decision(*, acting_user: User | None, decision: Decision, version: int, verdict: Verdict) -> Decision:
    """Record what the committee decided, freeze the moment, and pin it as evidence. Trail events of the decision and of
    its record.

    `version` is that of the decision as the chair saw it: of two chairs at once, one does. A decision that reopens
    another takes its place. Raises NotPermitted; AlreadyDecided; StaleWrite; RuleBroken for an outcome that the
    criteria, the votes or the words do not bear, and for who would decide alone on what they report.
    """
    project = decision.project
    require_capability(acting_user, "governance.decide", project)
    fresh = open_decision(decision)
    refuse_stale(fresh, version=version, shown={_("Title"): fresh.title}, sent={})
    outcome = _checked_outcome(fresh, verdict)
    words = lines(verdict.words, "words", needed=str(NEEDS_WORDS.get(outcome, "")))
    hold_until = _hold(fresh, outcome, verdict)
    meeting = _meeting(fresh, verdict)
    seats = _seats(fresh)
    committee = committee_of(project)
    quorum = committee.quorum if committee is not None else None
    tally = count(((each.choice, each.left_at is not None) for each in seats), quorum)
    standing = gate_standing(project, fresh.gate_number) if fresh.gate_number is not None else None
    _check_votes(fresh, outcome, verdict, tally, seats)
    own_work = _check_alone(acting_user, fresh, standing, seats)
    if outcome in PASSING:
        _check_criteria(standing)
    now = clock.now()
    conditions = _conditions(acting_user, fresh, outcome, verdict)
    values: dict[str, object] = {
        "state": DecisionState.DECIDED,
        "outcome": outcome,
        "manner": Manner(verdict.manner),
        "setting": Setting(verdict.setting),
        "meeting": meeting,
        "words": words,
        "hold_until": hold_until,
        "decided_on": clock.day_of(now, project.time_zone),
        "decided_at": now,
        "decided_by": acting_user,
    }
    for name, value in values.items():
        setattr(fresh, name, value)
    moment = frozen_moment(
        fresh, seats=seats, quorum=quorum, conditions=conditions, standing=standing, own_work=own_work
    )
    sha256 = sha256_of(moment)
    record = pin_record(
        acting_user=None,
        project=project,
        kind=RECORD_KIND,
        key=fresh.ref,
        content=moment,
        title=_("Decision %(ref)s: %(title)s") % {"ref": fresh.ref, "title": fresh.title[:150]},
        shows=_("What was decided, on what, by whom, and what it depends on."),
        # More people read evidence than decisions of the committee.
        classification=Classification.CONFIDENTIAL,
    )
    write_versioned(
        fresh,
        version=version,
        values={**values, "frozen": moment, "sha256": sha256, "record": record},
        shown={},
        sent={},
    )
    if fresh.reopens is not None:
        old = fresh.reopens
        write_versioned(old, version=old.version, values={"state": DecisionState.REOPENED}, shown={}, sent={})
    _tell(acting_user, fresh, tally, conditions, own_work)
    _tell_people(acting_user, fresh, seats, conditions)
    if acting_user is not None:
        request_job(
            acting_user=acting_user,
            project=project,
            kind=KEPT_PAPER,
            parameters={"decision": fresh.pk},
            idempotency_key=f"paper of decision {fresh.pk}",
        )
    keep_board_soon(project)
    return fresh


@transaction.atomic
def keep_paper(*, decision: Decision, incoming: Incoming, name: str) -> EvidenceItem:
    """Keep the PDF that was made of a decision as evidence of it. One trail event of the evidence.

    Called by the job that made it. A decision that has its paper gets no second one. Raises RuleBroken for one that is
    not decided.
    """
    project = decision.project
    require_capability(None, "governance.decide", project)
    fresh = Decision.objects.select_related("paper").get(pk=decision.pk, project_id=project.pk)
    if fresh.paper is not None:
        return fresh.paper
    if not fresh.sha256:
        raise RuleBroken(_("Only what is decided has a paper that is kept."))
    item = add_evidence(
        acting_user=None,
        project=project,
        content=FileIn(incoming, name),
        facts=Facts(
            title=_("Decision %(ref)s as PDF") % {"ref": fresh.ref},
            shows=_("The paper of this decision, as it was made when it was recorded."),
            classification=Classification.CONFIDENTIAL,
        ),
    )
    write_versioned(fresh, version=fresh.version, values={"paper": item}, shown={}, sent={})
    return item


def _checked_outcome(decision: Decision, verdict: Verdict) -> Outcome:
    known = GATE_OUTCOMES if decision.kind == DecisionKind.GATE else QUESTION_OUTCOMES
    if verdict.outcome not in {each.value for each in known}:
        raise RuleBroken(_("Choose what was decided."), field="outcome")
    if verdict.manner not in Manner.values:
        raise RuleBroken(_("Choose consensus or vote."), field="manner")
    if verdict.setting not in Setting.values:
        raise RuleBroken(_("Choose a meeting or circulation."), field="setting")
    return Outcome(verdict.outcome)


def _hold(decision: Decision, outcome: Outcome, verdict: Verdict) -> date | None:
    if outcome != Outcome.HOLD:
        return None
    needed = _("Say on which day the gate is met again.")
    return day_to_come(verdict.hold_until, "hold_until", decision.project, needed=needed, after_today=True)


def _meeting(decision: Decision, verdict: Verdict) -> Meeting | None:
    if verdict.setting != Setting.MEETING:
        return None
    meeting = verdict.meeting or decision.meeting
    if meeting is not None:
        if meeting.project_id != decision.project_id:
            raise Meeting.DoesNotExist
        if meeting.state == MeetingState.CANCELLED:
            raise RuleBroken(_("This meeting is cancelled."), field="meeting")
        day = clock.day_of(meeting.starts_at, decision.project.time_zone)
        if day > clock.today(decision.project.time_zone):
            raise RuleBroken(
                _("%(ref)s lies ahead, on %(day)s. Choose the meeting in which it was decided, or circulation.")
                % {"ref": meeting.ref, "day": date_format(day, "j M Y")},
                field="meeting",
            )
    return meeting


def _seats(decision: Decision) -> list[Seat]:
    """The seats of the decision, those of people who left since the call marked so; given now where none was called.

    Three queries and one for each who left.
    """
    members = members_of(decision.project)
    here = {user.pk for user, _chairs in members}
    seats = list(Seat.objects.filter(decision=decision).select_related("member"))
    if not seats:
        seats = Seat.objects.bulk_create(
            [
                Seat(project=decision.project, decision=decision, member=user, is_chair=chairs)
                for user, chairs in members
            ]
        )
    for seat in seats:
        if seat.member_id not in here:
            write_versioned(seat, version=seat.version, values={"left_at": clock.now()}, shown={}, sent={})
    return seats


def _check_votes(decision: Decision, outcome: Outcome, verdict: Verdict, tally: Tally, seats: Sequence[Seat]) -> None:
    """Refuse an outcome that is not what the members said."""
    if verdict.manner == Manner.CONSENSUS:
        against = [str(each.member) for each in seats if each.choice == Choice.AGAINST and each.left_at is None]
        if against:
            raise RuleBroken(
                _("%(names)s said no: that is no consensus. Record it as a vote.") % {"names": ", ".join(against)},
                field="manner",
            )
        if verdict.setting == Setting.CIRCULATION and (tally.waiting or not tally.answered):
            raise RuleBroken(
                _("Consensus by circulation needs the word of every member; %(n)d have not answered. Wait, or vote.")
                % {"n": tally.waiting},
                field="manner",
            )
        return
    if decision.called_at is None:
        raise RuleBroken(_("Nobody was called. Call the members, so that they can vote."), field="manner")
    if not tally.has_quorum:
        raise RuleBroken(
            ngettext(
                "%(needed)d member must take part in the vote; so far it is %(answered)d.",
                "%(needed)d members must take part in the vote; so far it is %(answered)d.",
                tally.needed,
            )
            % {"needed": tally.needed, "answered": tally.answered},
            field="manner",
        )
    said = _("%(yes)d for, %(no)d against, %(none)d abstained") % {
        "yes": tally.votes_for,
        "no": tally.votes_against,
        "none": tally.abstained,
    }
    if outcome in YES and not tally.is_carried:
        raise RuleBroken(_("The vote is not carried: %(said)s.") % {"said": said}, field="outcome")
    if outcome not in YES and tally.is_carried:
        raise RuleBroken(_("The vote is carried: %(said)s.") % {"said": said}, field="outcome")


def _check_alone(
    acting_user: User | None, decision: Decision, standing: GateStanding | None, seats: Sequence[Seat]
) -> bool:
    """Refuse who would decide alone on what they asked for or attested.

    Whether they do so as a very small entity may, which is logged.
    """
    if acting_user is None:
        return False
    attested = standing is not None and any(
        each.attestation is not None and each.attestation.attested_by_id == acting_user.pk for each in standing.criteria
    )
    if decision.asked_by_id != acting_user.pk and not attested:
        return False
    if any(each.choice and each.left_at is None and each.member_id != acting_user.pk for each in seats):
        return False
    if is_very_small(decision.project):
        return True
    raise RuleBroken(
        _("Nobody decides alone on what they report: you asked for this yourself, or attested a criterion of it.")
        + " "
        + _("Call the members, and let at least one of them answer first.")
    )


def _check_criteria(standing: GateStanding | None) -> None:
    if standing is not None and not standing.may_go:
        names = ", ".join(each.title for each in standing.open)
        raise RuleBroken(
            ngettext(
                "%(gate)s cannot go yet: %(n)d criterion is open (%(names)s).",
                "%(gate)s cannot go yet: %(n)d criteria are open (%(names)s).",
                len(standing.open),
            )
            % {"gate": standing.name, "n": len(standing.open), "names": names},
            field="outcome",
        )


def _conditions(acting_user: User | None, decision: Decision, outcome: Outcome, verdict: Verdict) -> list[Action]:
    wishes = list(verdict.conditions)
    if outcome not in WITH_CONDITIONS:
        if wishes:
            raise RuleBroken(
                _("You wrote a condition. Choose the outcome with conditions, or empty the condition."),
                field="outcome",
            )
        return []
    if not wishes:
        raise RuleBroken(_("Write at least one condition, with an owner and a day."), field="conditions")
    if len(wishes) > MOST_CONDITIONS:
        raise RuleBroken(_("Write at most %(most)d conditions.") % {"most": MOST_CONDITIONS}, field="conditions")
    made = []
    for place, wish in enumerate(wishes):
        try:
            made.append(
                make_action(acting_user, decision.project, wish, source=ActionSource.CONDITION, decision=decision)
            )
        except RuleBroken as error:
            raise RuleBroken(str(error), field=f"{error.field}_{place}") from error
    return made


def _tell(
    acting_user: User | None, decision: Decision, tally: Tally, conditions: Sequence[Action], own_work: bool
) -> None:
    changes: dict[str, object] = {
        "outcome": [None, decision.outcome],
        "manner": [None, decision.manner],
        "setting": [None, decision.setting],
        "sha256": [None, decision.sha256],
        "record": [None, decision.record.key if decision.record is not None else None],
    }
    if tally.answered:
        changes["votes"] = [None, f"{tally.votes_for} for, {tally.votes_against} against, {tally.abstained} abstained"]
    if decision.gate_number is not None:
        changes["gate"] = [None, f"G{decision.gate_number}"]
    if decision.meeting is not None:
        changes["meeting"] = [None, decision.meeting.ref]
    if decision.hold_until is not None:
        changes["hold until"] = [None, decision.hold_until.isoformat()]
    if conditions:
        changes["conditions"] = [None, [each.ref for each in conditions]]
    if decision.reopens is not None:
        changes["reopens"] = [None, decision.reopens.ref]
    if own_work:
        changes["own work"] = [None, True]
    tell_of_decision(acting_user, decision, "decide", changes, reason=decision.words)


def _tell_people(
    acting_user: User | None, decision: Decision, seats: Sequence[Seat], conditions: Sequence[Action]
) -> None:
    people = {each.member_id for each in seats if each.left_at is None}
    if decision.asked_by_id is not None:
        people.add(decision.asked_by_id)
    owners = {each.owner_id for each in conditions if each.owner_id is not None}
    for found in users_of(owners).values():
        people |= found
    tell_decided(decision, acting_user, people)
