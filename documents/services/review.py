"""Sending a version for review, and what its approvers say."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_text
from documents.choices import Verdict, VersionState, Weight
from documents.domain.fill import example_count
from documents.domain.numbers import approved_number
from documents.exceptions import OwnWork
from documents.models import Approval, Author, DocumentVersion
from documents.selectors import is_very_small, last_in_force, version_in_force
from documents.services.freezing import frozen
from documents.services.guards import own_draft
from documents.services.telling import tell_asked, tell_decided, tell_of_version
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, require_capability, write_versioned

MOST_APPROVERS = 10
LONGEST_NOTE = 2000


@transaction.atomic
def submit_version(
    *,
    acting_user: User | None,
    project: Project,
    key: str,
    version: int,
    approvers: Sequence[User],
    decide_by: date | None,
    change_note: str,
    weight: str = Weight.MAJOR,
    although_incomplete: bool = False,
) -> DocumentVersion:
    """Freeze the draft under its number, with every place filled and its hash, and ask `approvers`. One trail event.

    `version` is that of the draft which the person saw. From here on it says what it says, whatever changes in the
    project. Raises as `own_draft`; StaleWrite; OwnWork where somebody would approve what they wrote; RuleBroken for no
    approver or one who may not approve, a date gone by, no word on what changed, places without anything or passages
    still marked as examples (unless `although_incomplete`), and a text that says nothing.
    """
    draft = own_draft(acting_user, project, key)
    until = _checked_day(project, decide_by)
    if not approvers:
        raise RuleBroken(_("Name at least one person who decides."), field="approvers")
    if len(approvers) > MOST_APPROVERS or len({each.pk for each in approvers}) < len(approvers):
        raise RuleBroken(_("Name each person once, at most %(most)d.") % {"most": MOST_APPROVERS}, field="approvers")
    for each in approvers:
        check_approver(draft, project, each, acting_user)
    note = clean_text(change_note)[:LONGEST_NOTE]
    in_force = version_in_force(draft.document)
    if in_force is not None and not note:
        raise RuleBroken(
            _("Say what changed since version %(number)s.") % {"number": in_force.number}, field="change_note"
        )
    if weight not in Weight.values:
        raise RuleBroken(_("Choose one of the list."), field="weight")
    if not draft.body.strip() and draft.file_id is None:
        raise RuleBroken(_("The draft says nothing yet."))
    # Numbers are never given twice: a document from the archive goes on from the last that was in force.
    before = in_force or last_in_force(draft.document)
    number = approved_number(before.number if before else None, is_major=weight == Weight.MAJOR)
    draft.major, draft.minor = number.major, number.minor
    fields, missing = frozen(draft, approvers)
    if (missing or example_count(str(fields["text"]))) and not although_incomplete:
        raise RuleBroken(
            _("Places are still empty, or examples not adapted. Complete them, or say that you send it as it is."),
            field="although_incomplete",
        )
    write_versioned(
        draft,
        version=version,
        values={
            **fields,
            "major": number.major,
            "minor": number.minor,
            "state": VersionState.IN_REVIEW,
            "change_note": note or _("First version."),
            "weight": weight,
            "decide_by": until,
            "round": draft.round + 1,
            "submitted_by": acting_user,
            "submitted_at": clock.now(),
        },
        shown={},
        sent={},
    )
    Approval.objects.bulk_create(
        [
            Approval(project=project, document_version=draft, approver=each, round=draft.round, asked_at=clock.now())
            for each in approvers
        ]
    )
    tell_of_version(
        acting_user,
        draft,
        "submit",
        {
            "approvers": [None, [str(each) for each in approvers]],
            "decide by": [None, until.isoformat()],
            "sha256": [None, draft.sha256],
        },
        reason=draft.change_note,
    )
    tell_asked(draft, acting_user, approvers)
    return draft


def check_approver(version: DocumentVersion, project: Project, approver: User, submitter: User | None) -> None:
    """Refuse who may not approve in `project`, and who wrote or sends what they would approve.

    In a very small entity people may, and it is logged with the approval.
    """
    if not access_to(project, approver).can("documents.approve"):
        raise RuleBroken(
            _("%(name)s cannot approve in this project (any more).") % {"name": approver}, field="approvers"
        )
    wrote = Author.objects.filter(document_version=version, user=approver).exists()
    if (wrote or (submitter is not None and submitter.pk == approver.pk)) and not is_very_small(project):
        raise OwnWork(
            _("%(name)s wrote a part of this version. Nobody approves what they wrote: name somebody else.")
            % {"name": approver},
            field="approvers",
        )


@transaction.atomic
def withdraw_version(*, acting_user: User | None, version: DocumentVersion, why: str = "") -> DocumentVersion:
    """Take a version back from review, so that it can be changed; managers also one that is approved and not published.
    One trail event.

    Raises NotPermitted, StaleWrite where it is decided already.
    """
    require_capability(acting_user, "documents.write", version.document.project)
    access = access_to(version.document.project, acting_user)
    fresh = _in_review(version, or_approved=bool(access.can("documents.publish")))
    if not access.can("documents.publish") and acting_user is not None and fresh.submitted_by_id != acting_user.pk:
        raise RuleBroken(_("Who sent it and managers take it back."))
    _back_to_draft(fresh)
    tell_of_version(acting_user, fresh, "withdraw", reason=clean_text(why)[:300])
    return fresh


@transaction.atomic
def replace_approver(*, acting_user: User | None, version: DocumentVersion, gone: User, instead: User) -> Approval:
    """Ask somebody else where an approver left or cannot decide; what was decided stays. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken, OwnWork, Approval.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", version.document.project)
    fresh = _in_review(version)
    approval = Approval.objects.get(document_version=fresh, round=fresh.round, approver=gone)
    if approval.verdict != Verdict.WAITING:
        raise RuleBroken(_("%(name)s has decided already.") % {"name": gone})
    if Approval.objects.filter(document_version=fresh, round=fresh.round, approver=instead).exists():
        raise RuleBroken(_("%(name)s is asked already.") % {"name": instead}, field="instead")
    check_approver(fresh, fresh.document.project, instead, fresh.submitted_by)
    write_versioned(
        approval,
        version=approval.version,
        values={"approver": instead, "asked_at": clock.now()},
        shown={},
        sent={},
    )
    tell_of_version(acting_user, fresh, "replace approver", {"approver": [str(gone), str(instead)]})
    tell_asked(fresh, acting_user, [instead])
    return approval


@transaction.atomic
def decide(
    *, acting_user: User | None, version: DocumentVersion, seen_sha256: str, verdict: str, reason: str = ""
) -> DocumentVersion:
    """Say one approver's word. One trail event; the version moves on once it is clear.

    One who sends it back makes it a draft again, with the reason; it is approved when all have approved. Raises
    NotPermitted (also for who lost the role), StaleWrite where the version is not the one that was seen or no longer
    waits, OwnWork, RuleBroken without a reason for sending back.
    """
    require_capability(acting_user, "documents.approve", version.document.project)
    fresh = _in_review(version)
    if seen_sha256 != fresh.sha256:
        raise StaleWrite(
            _("This is not the version that you saw: another was sent meanwhile. Read it before you decide."),
            current={_("Hash"): fresh.sha256[:12]},
            sent={_("Hash"): seen_sha256[:12]},
        )
    approval = Approval.objects.filter(document_version=fresh, round=fresh.round, approver=acting_user).first()
    if approval is None:
        raise RuleBroken(_("You were not asked to decide about this version."))
    if approval.verdict != Verdict.WAITING:
        raise StaleWrite(_("You have decided about this version already."), current={}, sent={})
    if verdict not in (Verdict.APPROVE, Verdict.RETURN):
        raise RuleBroken(_("Choose what you decide."), field="verdict")
    own = acting_user is not None and (
        fresh.submitted_by_id == acting_user.pk
        or Author.objects.filter(document_version=fresh, user=acting_user).exists()
    )
    if own and not is_very_small(fresh.document.project):
        raise OwnWork(_("Nobody approves what they wrote."))
    said = clean_text(reason)[:LONGEST_NOTE]
    if verdict == Verdict.RETURN and not said:
        raise RuleBroken(_("Say why, so that it can be mended."), field="reason")
    write_versioned(
        approval,
        version=approval.version,
        values={"verdict": verdict, "reason": said, "own_work": own, "decided_at": clock.now()},
        shown={},
        sent={},
    )
    _conclude(fresh)
    changes: dict[str, object] = {"sha256": [None, fresh.sha256]}
    if own:
        changes["own work"] = [None, True]
    if fresh.state != VersionState.IN_REVIEW:
        changes["state"] = [VersionState.IN_REVIEW.value, fresh.state]
    action = "approve" if verdict == Verdict.APPROVE else "send back"
    tell_of_version(acting_user, fresh, action, changes, reason=said)
    if fresh.state != VersionState.IN_REVIEW:
        tell_decided(fresh, acting_user)
    return fresh


def _conclude(version: DocumentVersion) -> None:
    verdicts = set(
        Approval.objects.filter(document_version=version, round=version.round).values_list("verdict", flat=True)
    )
    if Verdict.RETURN in verdicts:
        _back_to_draft(version)
    elif Verdict.WAITING not in verdicts:
        values = {"state": VersionState.APPROVED, "approved_at": clock.now()}
        write_versioned(version, version=version.version, values=values, shown={}, sent={})


def _back_to_draft(version: DocumentVersion) -> None:
    """A draft again: its words are open, and what they were filled with is let go of."""
    values = {"state": VersionState.DRAFT, "text": "", "values": {}, "facts": {}}
    write_versioned(version, version=version.version, values=values, shown={}, sent={})


def _in_review(version: DocumentVersion, *, or_approved: bool = False) -> DocumentVersion:
    fresh = DocumentVersion.objects.select_related("submitted_by", "file__revision").get(
        pk=version.pk, project_id=version.project_id
    )
    fresh.document = version.document
    if fresh.state != VersionState.IN_REVIEW and not (or_approved and fresh.state == VersionState.APPROVED):
        state = VersionState(fresh.state)
        raise StaleWrite(
            _("Version %(number)s no longer waits: it is %(state)s.")
            % {"number": fresh.number, "state": state.label.lower()},
            current={_("State"): state.label},
            sent={},
        )
    return fresh


def _checked_day(project: Project, decide_by: date | None) -> date:
    if decide_by is None:
        raise RuleBroken(_("Say by when it is to be decided."), field="decide_by")
    if decide_by < clock.today(project.time_zone):
        raise RuleBroken(_("This day has gone by."), field="decide_by")
    if decide_by > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="decide_by")
    return decide_by
