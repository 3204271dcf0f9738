"""From gap to plan: what the answers propose, and what a person decides on it. Nothing changes unasked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from gapanalysis.choices import AnswerValue, ProposalState
from gapanalysis.domain.proposals import Proposed
from gapanalysis.models import Answer, Assessment, Proposal
from gapanalysis.selectors.proposals import Line, lines_of, proposals_from
from phases.choices import Status
from phases.domain.transitions import path_to
from phases.services.follow_up import move_due, set_improve_only, set_key
from phases.services.reasons import check_reason
from phases.services.rows import Refusal, RowsRefused, Target, change_status
from projects.models import Project
from projects.services.guards import lock_project, require_capability

MOST = 2000
LONGEST_SAID = 600


@dataclass(frozen=True, slots=True)
class Choice:
    """A proposal, and the version of its row that the person saw (0: there was none)."""

    pk: int
    row_version: int


@transaction.atomic
def make_proposals(*, acting_user: User | None, project: Project, assessment: Assessment) -> int:
    """Work out anew what a locked assessment proposes for the plan as it stands; returns how many wait now.

    What was decided stays decided; open ones that no longer follow go. The same again changes nothing. Raises
    NotPermitted, RuleBroken where it is not locked, Assessment.DoesNotExist for another project's.
    """
    require_capability(acting_user, "gap.manage", project)
    fresh = _own(project, assessment)
    if not fresh.is_locked:
        raise RuleBroken(_("Lock the assessment first: proposals follow from answers that stay."))
    lock_project(project)
    added, dropped = store_proposals(fresh)
    if added or dropped:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft(
                "make proposals",
                "assessment",
                fresh.key,
                fresh.title,
                {"proposals added": [None, added], "proposals dropped": [None, dropped]},
            ),
        )
    return Proposal.objects.filter(assessment=fresh, state=ProposalState.OPEN).count()


def store_proposals(assessment: Assessment) -> tuple[int, int]:
    """Keep what `assessment` proposes; returns how many are new and how many open ones went. Eight queries at most.

    Open proposals of earlier assessments go where this one has a later word on their question.

    It decides nothing and asks for no right: locking an assessment calls it, whoever locks.
    """
    wanted = {(found.ref, found.phase, found.what.value): answer for found, answer in proposals_from(assessment)}
    standing = {
        (each.ref, each.phase_number, each.what): each for each in Proposal.objects.filter(assessment=assessment)
    }
    gone = [each.pk for place, each in standing.items() if each.state == ProposalState.OPEN and place not in wanted]
    told = Answer.objects.filter(assessment=assessment).exclude(value=AnswerValue.UNANSWERED)
    before = Q(assessment__locked_at__lt=assessment.locked_at) | Q(
        assessment__locked_at=assessment.locked_at, assessment__pk__lt=assessment.pk
    )
    earlier = Proposal.objects.filter(
        before,
        project=assessment.project,
        state=ProposalState.OPEN,
        answer__question__ref__in=told.values("question__ref"),
    )
    gone += earlier.values_list("pk", flat=True)
    if gone:
        Proposal.objects.filter(pk__in=gone).delete()
    new = [
        Proposal(
            project=assessment.project,
            assessment=assessment,
            answer=answer,
            ref=ref,
            phase_number=phase,
            what=what,
        )
        for (ref, phase, what), answer in wanted.items()
        if (ref, phase, what) not in standing
    ]
    Proposal.objects.bulk_create(new)
    return len(new), len(gone)


@transaction.atomic
def accept_proposals(
    *, acting_user: User | None, project: Project, assessment: Assessment, chosen: Sequence[Choice]
) -> int:
    """Do to the plan what the chosen proposals say, all or none; returns how many were accepted.

    Each goes through the service that a person would use, with its rights and checks, and its reason in the trail
    names the assessment and the question. What is already met is reported done by `acting_user`, so that somebody else
    verifies it. Those accepted already are left as they are. Raises RowsRefused with each that does not fit the plan
    as it stands, or whose row has changed since it was seen; RuleBroken for one that was dismissed.
    """
    require_capability(acting_user, "gap.manage", project)
    lock_project(project)
    fresh = _own(project, assessment)
    lines = _chosen(fresh, chosen, settled=ProposalState.ACCEPTED)
    if not lines:
        return 0
    seen = {choice.pk: choice.row_version for choice in chosen}
    refusals = []
    for line in lines:
        if line.obstacle:
            refusals.append(Refusal(line.proposal.ref, line.obstacle))
        elif line.row is None or line.row.version != seen[line.proposal.pk]:
            refusals.append(Refusal(line.proposal.ref, _("It has changed since you saw it. Look at it again.")))
    if refusals:
        raise RowsRefused(refusals, of=len(lines))
    for what, act in _ACTS.items():
        of_kind = [line for line in lines if line.proposal.what == what]
        if of_kind:
            act(acting_user, project, of_kind)
    _decide(acting_user, project, fresh, lines, ProposalState.ACCEPTED)
    return len(lines)


@transaction.atomic
def dismiss_proposals(
    *, acting_user: User | None, project: Project, assessment: Assessment, chosen: Sequence[Choice], why_not: str
) -> int:
    """Decide not to follow the chosen proposals, for a reason; the plan stays. Returns how many were dismissed.

    Raises RuleBroken without a reason, and for one that was accepted already.
    """
    require_capability(acting_user, "gap.manage", project)
    why = check_reason(why_not, field="why_not")
    lock_project(project)
    fresh = _own(project, assessment)
    lines = _chosen(fresh, chosen, settled=ProposalState.DISMISSED)
    if lines:
        _decide(acting_user, project, fresh, lines, ProposalState.DISMISSED, why)
    return len(lines)


def _own(project: Project, assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("project").get(pk=assessment.pk, project=project)


def _chosen(assessment: Assessment, chosen: Sequence[Choice], *, settled: ProposalState) -> list[Line]:
    """The open ones of `chosen` with their rows; those that are `settled` already are left out."""
    if not chosen:
        raise RuleBroken(_("Choose at least one proposal."))
    if len(chosen) > MOST:
        raise RuleBroken(_("Choose %(most)d proposals at most.") % {"most": MOST})
    wanted = {choice.pk for choice in chosen}
    found = list(
        Proposal.objects.filter(assessment=assessment, pk__in=wanted).select_related(
            "answer__question", "answer__finding"
        )
    )
    if len(found) != len(wanted):
        raise Proposal.DoesNotExist
    for each in found:
        if each.state not in (ProposalState.OPEN, settled):
            raise RuleBroken(
                _("%(ref)s in phase %(phase)d was %(state)s meanwhile. Look at it again.")
                % {"ref": each.ref, "phase": each.phase_number, "state": each.get_state_display().lower()}
            )
    return lines_of(assessment, [each for each in found if each.state == ProposalState.OPEN])


def _decide(
    acting_user: User | None,
    project: Project,
    assessment: Assessment,
    lines: Sequence[Line],
    state: ProposalState,
    why_not: str = "",
) -> None:
    for line in lines:
        line.proposal.state, line.proposal.why_not = state, why_not
        line.proposal.decided_by, line.proposal.decided_at = acting_user, clock.now()
        line.proposal.version += 1
    Proposal.objects.bulk_update(
        [line.proposal for line in lines], ["state", "why_not", "decided_by", "decided_at", "version"]
    )
    action = "accept proposals" if state == ProposalState.ACCEPTED else "dismiss proposals"
    said = [
        f"{line.proposal.ref}@{line.proposal.phase_number}: {line.proposal.what} ({line.proposal.answer.question.ref})"
        for line in lines
    ]
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "assessment", assessment.key, assessment.title, {"proposals": [None, said]}, why_not),
    )


# --- what each kind does to the plan ---------------------------------------------------------------------------------
def _row_id(line: Line) -> int:
    """The row of a line that was checked to have one."""
    if line.row is None:
        raise ValueError("a proposal without its row is refused before")
    return line.row.pk


def _targets(lines: Sequence[Line]) -> list[Target]:
    return [Target(line.row.pk, line.row.version) for line in lines if line.row is not None]


def source_of(line: Line) -> str:
    """How a reason names where it comes from: assessment and question, as the trail names the answer."""
    return f"{line.proposal.assessment.key} {line.proposal.answer.question.ref}"


def _met(acting_user: User | None, project: Project, lines: Sequence[Line]) -> None:
    reasons = {_row_id(line): _("met according to %(source)s") % {"source": source_of(line)} for line in lines}
    waiting = [line for line in lines if line.row and len(path_to(line.row.status, Status.DONE)) > 1]
    targets = {target.pk: target for target in _targets(lines)}
    if waiting:
        begun = change_status(
            acting_user=acting_user,
            project=project,
            targets=_targets(waiting),
            status=Status.IN_PROGRESS,
            texts=reasons,
        )
        targets |= {row.pk: Target(row.pk, row.version) for row in begun}
    change_status(
        acting_user=acting_user,
        project=project,
        targets=list(targets.values()),
        status=Status.DONE,
        texts=reasons,
    )


def _reopen(acting_user: User | None, project: Project, lines: Sequence[Line]) -> None:
    reasons = {}
    for line in lines:
        said = line.said.strip() or str(line.proposal.answer.get_value_display())
        reasons[_row_id(line)] = f"{said[:LONGEST_SAID]} ({source_of(line)})"
    change_status(
        acting_user=acting_user, project=project, targets=_targets(lines), status=Status.IN_PROGRESS, texts=reasons
    )


def _because(line: Line) -> str:
    answer = line.proposal.answer
    return _("%(value)s in %(source)s") % {"value": answer.get_value_display(), "source": source_of(line)}


def _improve(acting_user: User | None, project: Project, lines: Sequence[Line]) -> None:
    set_improve_only(
        acting_user=acting_user,
        project=project,
        targets=_targets(lines),
        improve_only=True,
        reasons={_row_id(line): _because(line) for line in lines},
    )


def _move(acting_user: User | None, project: Project, lines: Sequence[Line]) -> None:
    days: dict[int, date] = {_row_id(line): line.due_after for line in lines if line.due_after is not None}
    move_due(
        acting_user=acting_user,
        project=project,
        targets=_targets(lines),
        days=days,
        reasons={_row_id(line): _because(line) for line in lines},
    )


def _key(acting_user: User | None, project: Project, lines: Sequence[Line]) -> None:
    set_key(
        acting_user=acting_user,
        project=project,
        refs={line.proposal.ref: _because(line) for line in lines},
        is_key=True,
    )


_ACTS: dict[str, Callable[[User | None, Project, Sequence[Line]], None]] = {
    Proposed.ALREADY_MET.value: _met,
    Proposed.REOPEN.value: _reopen,
    Proposed.IMPROVE_ONLY.value: _improve,
    Proposed.START_EARLIER.value: _move,
    Proposed.MORE_TIME.value: _move,
    Proposed.KEY.value: _key,
}
