"""What the page of one finding shows, and what its reader may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.choices import FindingState, StepState
from audits.domain.correcting import NONCONFORMITIES, check_from, lacks
from audits.finding_permissions import may_check_effect, may_describe, may_handle
from audits.models import (
    AuditFinding,
    AuditMessage,
    CorrectiveAction,
    EffectCheck,
    FindingEvidence,
    Improvement,
)
from audits.selectors.findings import FindingLine, own_parties
from common import clock
from common.decisions import Decision
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem
from evidence.selectors import seen_by
from projects.models import Project
from projects.permissions import Access

SUGGESTED = 12


@dataclass(frozen=True, slots=True)
class StepLine:
    """A corrective action. `may_do`: its reader may say that it is done."""

    step: CorrectiveAction
    days_left: int
    may_do: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.step.state == StepState.OPEN

    @property
    def days_late(self) -> int | None:
        """How many days ago it was due, where it is open."""
        return -self.days_left if self.is_open and self.days_left < 0 else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where it is open."""
        return self.days_left if self.is_open and self.days_left >= 0 else None


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A finding with all that hangs on it. `hidden` counts items that its reader may not see."""

    line: FindingLine
    steps: Sequence[StepLine]
    checks: Sequence[EffectCheck]
    messages: Sequence[AuditMessage]
    items: Sequence[EvidenceItem]
    hidden: int
    improvement: Improvement | None
    check_from: date | None
    lacks: Sequence[str]
    is_early: bool
    may_handle: bool
    may_describe: bool
    check: Decision
    may_reopen: bool

    @property
    def finding(self) -> AuditFinding:
        """The finding."""
        return self.line.finding

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing before its effect is awaited."""
        return self.finding.is_nonconformity and self.finding.state in ("open", "acting") and not self.lacks

    @property
    def next(self) -> str:
        """What happens next, in a sentence; "" where nothing does."""
        return _next(self)


def finding_page(line: FindingLine, project: Project, access: Access) -> FindingPage:
    """All of the page, in ten queries at most."""
    finding = line.finding
    steps = list(CorrectiveAction.objects.filter(finding=finding).select_related("owner", "done_by").order_by("number"))
    today = clock.today(project.time_zone)
    own = own_parties(project, access)
    handles = bool(may_handle(finding, access))
    describes = bool(may_describe(finding, access))
    answers = bool(access.can("requests.answer"))
    done = [step.done_on for step in steps if step.state == StepState.DONE and step.done_on is not None]
    first = check_from(done, finding.verify_on)
    links = FindingEvidence.objects.filter(finding=finding).order_by("pk").values_list("item_id", flat=True)
    items, hidden = seen_items(project, access, list(links))
    settled = line.is_settled
    return FindingPage(
        line,
        [StepLine(step, (step.due - today).days, handles or (answers and step.owner_id in own)) for step in steps],
        list(EffectCheck.objects.filter(finding=finding).select_related("checked_by").order_by("-checked_at", "-pk")),
        list(AuditMessage.objects.filter(finding=finding).select_related("said_by")),
        items,
        hidden,
        Improvement.objects.filter(finding=finding).order_by("pk").first(),
        first,
        lacks(finding.grade, cause=finding.cause, steps=[step.state for step in steps]),
        first is not None and today < first,
        handles and not settled,
        describes and not settled,
        may_check_effect(finding, access, steps),
        (settled and (describes or bool(access.can("audits.manage"))))
        or (finding.state == FindingState.VERIFYING and handles),
    )


def seen_items(project: Project, access: Access, wanted: Sequence[int]) -> tuple[list[EvidenceItem], int]:
    """Those of the items with these ids that the reader may see, and how many they may not. One query."""
    if not wanted:
        return [], 0
    found = {item.pk: item for item in seen_by(project, access).filter(pk__in=wanted).select_related("revision")}
    return [found[pk] for pk in wanted if pk in found], len(set(wanted)) - len(found)


def suggested_items(
    project: Project, access: Access, *, clauses: Sequence[tuple[str, str]] = (), activity: int | None = None
) -> list[EvidenceItem]:
    """Items that may be meant: of the activity or the clauses (edition, number), then what the reader added last.

    Two queries at most.
    """
    fitting: set[int] = set()
    if activity is not None:
        fitting |= set(ActivityEvidence.objects.filter(activity=activity).values_list("item_id", flat=True))
    numbers = {number for _edition, number in clauses}
    if numbers:
        direct = ClauseEvidence.objects.filter(project=project, clause__in=numbers)
        fitting |= {
            item
            for item, edition, number in direct.values_list("item_id", "edition", "clause")
            if (edition, number) in clauses
        }
    seen = seen_by(project, access).current()
    found = list(seen.filter(pk__in=fitting).order_by("-pk")[:SUGGESTED]) if fitting else []
    if len(found) < SUGGESTED and access.user_id is not None:
        also = seen.filter(added_by=access.user_id).exclude(pk__in=[item.pk for item in found])
        found += also.order_by("-pk")[: min(6, SUGGESTED - len(found))]
    return found


def _next(page: FindingPage) -> str:
    finding = page.finding
    owner = finding.owner.name if finding.owner is not None else ""
    if finding.state == FindingState.VERIFYING:
        if page.is_early and page.check_from is not None:
            return _("All is done. From %(day)s on, somebody who did none of it says whether it works.") % {
                "day": date_format(page.check_from, "j F Y")
            }
        return _("All is done. Somebody who did none of it says now whether it works.")
    if finding.state not in (FindingState.OPEN, FindingState.ACTING):
        return ""
    if not owner:
        return _("Nobody corrects it yet: name an owner.")
    if finding.grade not in NONCONFORMITIES:
        return _("%(owner)s decides what becomes of it; it closes with a word on that.") % {"owner": owner}
    if not page.lacks:
        return _("Cause and actions are there, and all actions are done: report it, so that somebody else looks.")
    said = {
        "cause": _("say why it came about"),
        "action": _("add an action that takes the cause away"),
        "open": _("finish the actions that are open"),
    }
    todo = [said[each] for each in page.lacks]
    return _("Still to do for %(owner)s: %(what)s.") % {"owner": owner, "what": ", ".join(todo)}
