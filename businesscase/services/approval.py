"""Submitting a case, what its approvers say, and the money that follows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from businesscase.choices import APPROVED_STATES, Verdict, VersionState
from businesscase.domain.completeness import states_of
from businesscase.domain.content import content_from_plain, content_to_plain
from businesscase.domain.export import case_plain
from businesscase.domain.money import LARGEST, ZERO
from businesscase.domain.parts import by_phase
from businesscase.exceptions import OwnWork
from businesscase.models import Approval, BusinessCase, CaseVersion, Condition, Release
from businesscase.selectors import approved_version
from businesscase.selectors.content import content_of, content_sha256
from businesscase.selectors.releases import release_count
from businesscase.services import checks
from businesscase.services.approval_checks import (
    ConditionWish,
    check_approver,
    checked_conditions,
    checked_submission,
    is_very_small,
)
from businesscase.services.guards import open_draft, own_case
from businesscase.services.telling import tell_asked, tell_decided
from common import clock
from common.canonical import sha256_of
from common.exceptions import RuleBroken, StaleWrite
from projects.services.guards import require_capability, write_versioned

__all__ = [
    "ConditionWish",
    "decide",
    "is_very_small",
    "meet_condition",
    "release_funds",
    "released",
    "replace_approver",
    "submit_case",
    "version_sha256",
    "withdraw_version",
]


def version_sha256(content: object, figures: object) -> str:
    """The hash of a version: over what it says and what it comes to."""
    return sha256_of({"content": content, "figures": figures})


@transaction.atomic
def submit_case(
    *,
    acting_user: User | None,
    case: BusinessCase,
    approvers: Sequence[User],
    decide_by: date | None,
    note: str = "",
    although_incomplete: bool = False,
    seen_sha256: str = "",
) -> CaseVersion:
    """Freeze the draft as a version with its figures and hash, and ask `approvers`. One trail event.

    `seen_sha256` is the hash of the content that the person saw; "" where no person did. Raises NotPermitted;
    StaleWrite where the draft changed meanwhile; OwnWork where who submits would approve; RuleBroken for no approver
    or one who may not approve, a date gone by, points that are missing (unless `although_incomplete`), a case without
    lines, or one that says what the approved version says.
    """
    fresh = open_draft(acting_user, case)
    content = content_of(fresh)
    if seen_sha256 and seen_sha256 != content_sha256(content):
        raise StaleWrite(
            _("The draft changed while you prepared to submit it. Look at it again; nothing was submitted."),
            current={},
            sent={},
        )
    until = checked_submission(acting_user, fresh, approvers, decide_by)
    if not content.costs:
        raise RuleBroken(_("The case has no cost yet. Nobody can approve an amount that is not there."))
    if not although_incomplete and any(not each.complete for each in states_of(content)):
        raise RuleBroken(
            _("Some points are not complete. Complete them, or say that you submit it as it is."),
            field="although_incomplete",
        )
    plain = content_to_plain(content)
    last = CaseVersion.objects.filter(case=fresh).order_by("-number").first()
    in_force = approved_version(fresh)
    if in_force is not None and in_force.content == plain:
        raise RuleBroken(_("Nothing changed since version %(number)d was approved.") % {"number": in_force.number})
    figures = case_plain(content)
    version = CaseVersion.objects.create(
        project=fresh.project,
        case=fresh,
        number=(last.number if last else 0) + 1,
        content=plain,
        figures=figures,
        sha256=version_sha256(plain, figures),
        note=checks.text({"note": note}, "note", 2000),
        decide_by=until,
        submitted_by=acting_user,
        submitted_at=clock.now(),
    )
    Approval.objects.bulk_create(
        [Approval(project=fresh.project, case_version=version, approver=each) for each in approvers]
    )
    _record(
        acting_user,
        version,
        "submit",
        {
            "approvers": [None, [str(each) for each in approvers]],
            "decide by": [None, until.isoformat()],
            "sha256": [None, version.sha256],
            "net present value": [None, figures["npv"]],
            "cost": [None, figures["cost"]],
        },
        reason=version.note,
    )
    tell_asked(version, acting_user, approvers)
    return version


@transaction.atomic
def withdraw_version(*, acting_user: User | None, version: CaseVersion, note: str = "") -> CaseVersion:
    """Take a submitted version back, so that the draft can be changed. Raises NotPermitted, StaleWrite, RuleBroken."""
    require_capability(acting_user, "case.edit", version.project)
    fresh = _submitted(version)
    said = checks.line({"note": note}, "note", 300)
    _move(fresh, VersionState.WITHDRAWN)
    _record(acting_user, fresh, "withdraw", {"state": [VersionState.SUBMITTED.value, fresh.state]}, reason=said)
    return fresh


@transaction.atomic
def replace_approver(*, acting_user: User | None, version: CaseVersion, gone: User, instead: User) -> Approval:
    """Ask somebody else where an approver left or cannot decide; what was decided stays. One trail event.

    Raises NotPermitted, StaleWrite where the version is decided, RuleBroken, OwnWork, Approval.DoesNotExist.
    """
    require_capability(acting_user, "case.edit", version.project)
    fresh = _submitted(version)
    approval = Approval.objects.get(case_version=fresh, approver=gone)
    if approval.verdict != Verdict.WAITING:
        raise RuleBroken(_("%(name)s has decided already.") % {"name": gone})
    if Approval.objects.filter(case_version=fresh, approver=instead).exists():
        raise RuleBroken(_("%(name)s is asked already.") % {"name": instead}, field="instead")
    check_approver(fresh.submitted_by, fresh.project, instead)
    approval.approver = instead
    approval.version += 1
    approval.save(update_fields=["approver", "version"])
    _record(acting_user, fresh, "replace approver", {"approver": [str(gone), str(instead)]})
    tell_asked(fresh, acting_user, [instead])
    return approval


@transaction.atomic
def decide(
    *,
    acting_user: User | None,
    version: CaseVersion,
    seen_sha256: str,
    verdict: str,
    comment: str = "",
    conditions: Sequence[ConditionWish] = (),
) -> CaseVersion:
    """Say one approver's word. One trail event; the version moves on once it is clear.

    A rejection or changes asked for end it at once; it is approved when all have approved, with conditions where one
    had any, and then supersedes the version before. Raises NotPermitted (also for who left), StaleWrite where the
    version is not the one that was seen or no longer waits, OwnWork, RuleBroken for a missing word or condition.
    """
    require_capability(acting_user, "case.approve", version.project)
    fresh = _submitted(version)
    if seen_sha256 != fresh.sha256:
        raise StaleWrite(
            _("This is not the version that you saw: another was submitted meanwhile. Read it before you decide."),
            current={_("Hash"): fresh.sha256[:12]},
            sent={_("Hash"): seen_sha256[:12]},
        )
    approval = Approval.objects.filter(case_version=fresh, approver=acting_user).first()
    if approval is None:
        raise RuleBroken(_("You were not asked to decide about this version."))
    if approval.verdict != Verdict.WAITING:
        raise StaleWrite(_("You have decided about this version already."), current={}, sent={})
    if verdict not in Verdict.values or verdict == Verdict.WAITING:
        raise RuleBroken(_("Choose what you decide."), field="verdict")
    own = fresh.submitted_by_id is not None and acting_user is not None and fresh.submitted_by_id == acting_user.pk
    if own and not is_very_small(fresh.project):
        raise OwnWork(_("Nobody approves what they submitted."))
    needed = _("Say why, so that it can be mended.") if verdict in (Verdict.CHANGES, Verdict.REJECT) else ""
    said = checks.text({"comment": comment}, "comment", needed=needed)
    wished = checked_conditions(fresh.project, conditions) if verdict == Verdict.CONDITIONS else []
    if verdict == Verdict.CONDITIONS and not wished:
        raise RuleBroken(_("Write at least one condition, or approve without."), field="conditions")
    write_versioned(
        approval,
        version=approval.version,
        values={"verdict": verdict, "comment": said, "own_work": own, "decided_at": clock.now()},
        shown={},
        sent={},
    )
    Condition.objects.bulk_create(
        [Condition(project=fresh.project, approval=approval, text=each.text, due=each.due) for each in wished]
    )
    _conclude(fresh)
    changes: dict[str, object] = {"verdict": [None, verdict], "sha256": [None, fresh.sha256]}
    if wished:
        changes["conditions"] = [None, [each.text for each in wished]]
    if own:
        changes["own work"] = [None, True]
    if fresh.state != VersionState.SUBMITTED:
        changes["state"] = [VersionState.SUBMITTED.value, fresh.state]
    _record(acting_user, fresh, "decide", changes, reason=said)
    if fresh.state != VersionState.SUBMITTED:
        tell_decided(fresh, acting_user)
    return fresh


def _conclude(version: CaseVersion) -> None:
    verdicts = set(Approval.objects.filter(case_version=version).values_list("verdict", flat=True))
    if Verdict.REJECT in verdicts:
        _move(version, VersionState.REJECTED)
    elif Verdict.CHANGES in verdicts:
        _move(version, VersionState.CHANGES)
    elif Verdict.WAITING not in verdicts:
        earlier = CaseVersion.objects.filter(case_id=version.case_id, state__in=APPROVED_STATES)
        for each in earlier:
            _move(each, VersionState.SUPERSEDED)
        _move(version, VersionState.CONDITIONS if Verdict.CONDITIONS in verdicts else VersionState.APPROVED)


def _submitted(version: CaseVersion) -> CaseVersion:
    fresh = CaseVersion.objects.select_related("case", "submitted_by").get(pk=version.pk, project_id=version.project_id)
    fresh.project = version.project
    fresh.case.project = version.project
    if fresh.state != VersionState.SUBMITTED:
        state = VersionState(fresh.state)
        raise StaleWrite(
            _("Version %(number)d no longer waits: it is %(state)s.")
            % {"number": fresh.number, "state": state.label.lower()},
            current={_("State"): state.label},
            sent={},
        )
    return fresh


def _move(version: CaseVersion, state: VersionState) -> None:
    values: dict[str, object] = {"state": state}
    if state != VersionState.SUPERSEDED:
        values["decided_at"] = clock.now()
    write_versioned(version, version=version.version, values=values, shown={}, sent={})


@transaction.atomic
def meet_condition(
    *, acting_user: User | None, condition: Condition, version: int, met_on: date | None, note: str = ""
) -> Condition:
    """Say that a condition is met, since when and by what; `met_on` None takes it back. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken for a day to come.
    """
    require_capability(acting_user, "case.edit", condition.project)
    fresh = Condition.objects.select_related("approval__case_version__case").get(
        pk=condition.pk, project_id=condition.project_id
    )
    if met_on is not None and met_on > clock.today(condition.project.time_zone):
        raise RuleBroken(_("This day lies ahead."), field="met_on")
    said = checks.line({"note": note}, "note", 300, needed=_("Say by what it is met.") if met_on else "")
    before = fresh.met_on
    write_versioned(
        fresh,
        version=version,
        values={"met_on": met_on, "met_note": said},
        shown={_("Met on"): before or ""},
        sent={_("Met on"): met_on or ""},
    )
    case_version = fresh.approval.case_version
    case_version.project = condition.project
    _record(
        acting_user,
        case_version,
        "meet condition",
        {fresh.text[:80]: [before.isoformat() if before else None, met_on.isoformat() if met_on else None]},
        reason=said,
    )
    return fresh


@transaction.atomic
def release_funds(
    *,
    acting_user: User | None,
    case: BusinessCase,
    phase: int,
    amount: Decimal | None,
    note: str = "",
    seen_releases: int | None = None,
) -> Release:
    """Set money free for a phase, up to what was approved for it. One trail event.

    `seen_releases` is how many releases there were when the form was filled; None where no person filled one. Raises
    NotPermitted; StaleWrite where there is another by now; RuleBroken without an approved version, for an amount of
    nothing, or beyond what is left.
    """
    require_capability(acting_user, "case.release", case.project)
    fresh = own_case(case)
    if seen_releases is not None and release_count(fresh) != seen_releases:
        raise StaleWrite(
            _("Money was released since you opened this page. Look at what is left; nothing more was released."),
            current={},
            sent={},
        )
    version = approved_version(fresh)
    if version is None:
        raise RuleBroken(_("No version is approved yet. Money is released once one is."))
    if phase not in range(5):
        raise RuleBroken(_("Choose a phase from 0 to 4."), field="phase")
    found = checks.amount({"amount": amount}, "amount", most=LARGEST)
    if not found:
        raise RuleBroken(_("Give the amount that is released."), field="amount")
    approved = by_phase(content_from_plain(version.content))[phase].cost
    left = approved - released(fresh, phase)
    if found > left:
        raise RuleBroken(
            _("Phase %(phase)d was approved with %(approved)s; %(left)s of it is left to release.")
            % {"phase": phase, "approved": f"{approved:,.2f}", "left": f"{max(left, ZERO):,.2f}"},
            field="amount",
        )
    row = Release.objects.create(
        project=fresh.project,
        case_version=version,
        phase_number=phase,
        amount=found,
        note=checks.line({"note": note}, "note", 300),
        released_by=acting_user,
        released_at=clock.now(),
    )
    version.project = fresh.project
    version.case = fresh
    _record(
        acting_user, version, "release", {"phase": [None, phase], "amount": [None, f"{found:.2f}"]}, reason=row.note
    )
    return row


def released(case: BusinessCase, phase: int) -> Decimal:
    """What was released for a phase, over all versions."""
    found = Release.objects.filter(case_version__case=case, phase_number=phase).aggregate(whole=Sum("amount"))["whole"]
    return found if found is not None else ZERO


def _record(
    acting_user: User | None, version: CaseVersion, action: str, changes: dict[str, object], reason: str = ""
) -> None:
    record_event(
        stream_id=version.project.uuid,
        acting_user=acting_user,
        draft=Draft(
            action,
            "case version",
            f"{version.case.kind} {version.number}",
            _("Version %(number)d") % {"number": version.number},
            changes,
            reason,
        ),
    )
