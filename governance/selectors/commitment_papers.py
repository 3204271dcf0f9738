"""Proof of top management's commitment from documents, messages and the business case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.choices import Verdict as CaseVerdict
from businesscase.models import Approval as CaseApproval
from businesscase.models import Release
from businesscase.templatetags.case_ui import money
from common import clock
from documents.choices import DocumentKind, Effect, LineKind, Verdict, VersionState
from documents.models import Approval, CommunicationLine, Reading
from documents.selectors import seen_by
from documents.selectors.in_force import in_force_today
from documents.selectors.values import MANAGEMENT_ROLE
from governance.registries import Asked, Proof

POLICY, SCOPE = "service-management-policy", "scope-of-the-sms"
OBJECTIVES, PLAN = "service-management-objectives", "service-management-plan"
RISKS = "risk-and-opportunity-approach"
FOUR = (SCOPE, POLICY, OBJECTIVES, PLAN)
BELOW = frozenset({DocumentKind.PROCEDURE, DocumentKind.DESCRIPTION, DocumentKind.APPROACH})
_SERVES: Mapping[str, Sequence[str]] = {
    POLICY: ("4.1.1.2-c", "4.1.1.1-a"),
    SCOPE: ("4.1.1.1-a",),
    OBJECTIVES: ("4.1.1.2-c", "4.1.1.1-g"),
    PLAN: ("4.1.1.2-c", "4.1.1.1-d"),
    RISKS: ("4.1.1.1-h", "4.1.1.2-d"),
}


def said_by(asked: Asked, user: User | None, instant: datetime | None) -> str:
    """A person with the role that they had at the top; their name alone where they had none."""
    if user is None:
        return ""
    role = asked.leaders.role_at(user.pk, instant)
    return f"{user}, {role.lower()}" if role else str(user)


def _day(asked: Asked, instant: datetime) -> date:
    return clock.day_of(instant, asked.project.time_zone)


def approvals_of_documents(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Documents that people at the top approved; of procedures also what others approved. One query."""
    found: dict[str, list[Proof]] = defaultdict(list)
    rows = (
        Approval.objects.filter(
            document_version__document__in=seen_by(asked.project, asked.access).values("pk"),
            verdict=Verdict.APPROVE,
            decided_at__isnull=False,
        )
        .exclude(document_version__state=VersionState.DROPPED)
        .select_related("document_version__document", "approver")
        .defer("document_version__body", "document_version__text", "document_version__values")
    )
    for row in rows:
        document, version = row.document_version.document, row.document_version
        is_leader = bool(asked.leaders.role_at(row.approver_id, row.decided_at))
        is_below = document.kind in BELOW
        if not is_leader and not is_below:
            continue
        proof = Proof(
            _("Approved: %(title)s %(number)s") % {"title": document.full_title, "number": version.number},
            _day(asked, row.decided_at),  # type: ignore[arg-type]  # filtered above
            said_by(asked, row.approver, row.decided_at),
            reverse("document", args=[asked.project.slug, document.key]),
        )
        served = _SERVES.get(document.template, ()) if is_leader else ()
        for point in served or (("4.1.1.2-d",) if is_below else ("4.1.1.1-a",)):
            found[point].append(proof)
    return found


def documents_in_force(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Scope, policy, objectives and plan that are in force, and who read them. Two queries."""
    seen = seen_by(asked.project, asked.access).current().filter(template__in=FOUR)
    four = (
        in_force_today(asked.project)
        .filter(document__in=seen.values("pk"))
        .select_related("document", "published_by")
        .defer("body", "text", "values")
        .order_by("effective_on")
    )
    there = [
        Proof(
            _("In force: %(title)s %(number)s") % {"title": row.document.full_title, "number": row.number},
            row.effective_on,
            "",
            reverse("document", args=[asked.project.slug, row.document.key]),
        )
        for row in four
    ]
    read = (
        Reading.objects.filter(document_version__document__in=seen.values("pk"), document_version__state="published")
        .values("document_version__document__key", "document_version__document__title")
        .annotate(count=Count("pk"), done=Count("read_at"), last=Max("read_at"))
        .order_by()
    )
    readers = [
        Proof(
            _("%(n)d of %(m)d people say that they read and understood: %(title)s")
            % {"n": row["done"], "m": row["count"], "title": row["document_version__document__title"]},
            _day(asked, row["last"]),
            "",
            reverse("document", args=[asked.project.slug, row["document_version__document__key"]]),
        )
        for row in read
        if row["done"]
    ]
    return {"4.1.1.2-b": there, "4.1.1.1-c": readers}


def messages(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """What people at the top said themselves, and whether it arrived. One query."""
    rows = CommunicationLine.objects.filter(
        project=asked.project, kind=LineKind.MESSAGE, done_on__isnull=False
    ).select_related("sender__user")
    proofs = []
    for row in rows:
        user = row.sender.user if row.sender is not None else None
        is_leader = user.pk in asked.leaders.people if user is not None else row.sender_role == MANAGEMENT_ROLE
        if not is_leader:
            continue
        effect = f" ({Effect(row.effect).label})" if row.effect else ""
        proofs.append(
            Proof(
                _("Told %(audience)s: %(message)s") % {"audience": row.audience, "message": row.message} + effect,
                row.done_on,
                row.from_whom,
                reverse("communication_line", args=[asked.project.slug, row.key]),
            )
        )
    return {"4.1.1.1-c": proofs}


def case_and_money(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Versions of the business case that people at the top approved, and money that was released. Two queries."""
    approvals = CaseApproval.objects.filter(
        project=asked.project, verdict__in=(CaseVerdict.APPROVE, CaseVerdict.CONDITIONS), decided_at__isnull=False
    ).select_related("case_version__case", "approver")
    proofs = [
        Proof(
            _("%(verdict)s: version %(n)d of the case for the gap analysis")
            % {"verdict": row.get_verdict_display(), "n": row.case_version.number}
            if row.case_version.case.is_small
            else _("%(verdict)s: version %(n)d of the business case")
            % {"verdict": row.get_verdict_display(), "n": row.case_version.number},
            _day(asked, row.decided_at),  # type: ignore[arg-type]  # filtered above
            said_by(asked, row.approver, row.decided_at),
            reverse(
                "small_version" if row.case_version.case.is_small else "case_version",
                args=[asked.project.slug, row.case_version.number],
            ),
        )
        for row in approvals.defer("case_version__content", "case_version__figures")
        if asked.leaders.role_at(row.approver_id, row.decided_at)
    ]
    releases = Release.objects.filter(project=asked.project).select_related("released_by")
    proofs += [
        Proof(
            _("%(amount)s %(currency)s released for phase %(n)d")
            % {"amount": money(row.amount), "currency": asked.project.currency, "n": row.phase_number},
            _day(asked, row.released_at),
            said_by(asked, row.released_by, row.released_at),
            reverse("case", args=[asked.project.slug]),
        )
        for row in releases
    ]
    return {"4.1.1.1-e": proofs}
