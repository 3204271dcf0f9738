"""Who decides about versions, what they said, and what was tied to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from businesscase.choices import APPROVED_STATES, Verdict, VersionState
from businesscase.models import Approval, BusinessCase, CaseVersion, Condition
from common import clock
from projects.models import Project
from projects.selectors.holders import holders_of, roles_of_holders

EVER_APPROVED = (*APPROVED_STATES, VersionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition and how far its day is: `days_late` above 0 is overdue, `days_left` given for one to come."""

    condition: Condition
    days_late: int | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """What one approver said. `has_left` marks one who has not decided and may not any more."""

    approval: Approval
    conditions: tuple[ConditionLine, ...]
    has_left: bool

    @property
    def waits(self) -> bool:
        """Whether nothing was said yet."""
        return self.approval.verdict == Verdict.WAITING


def approvers_of(project: Project) -> list[User]:
    """Everybody who may approve in `project` today, by name. One query."""
    return holders_of(project, "case.approve")


def roles_of_approvers(project: Project) -> dict[int, str]:
    """By user the role, in words, by which they may approve; owners of the organization have none. One query."""
    return roles_of_holders(project, "case.approve")


def version_of(case: BusinessCase, number: int) -> CaseVersion | None:
    """The version of a case with this number. One query."""
    version = CaseVersion.objects.select_related("submitted_by").filter(case=case, number=number).first()
    if version is not None:
        version.case, version.project = case, case.project
    return version


def approved_before(version: CaseVersion) -> CaseVersion | None:
    """The version that was approved last before this one was submitted, whatever became of it since. One query."""
    earlier = CaseVersion.objects.filter(case=version.case, number__lt=version.number, state__in=EVER_APPROVED)
    return earlier.order_by("-number").first()


def words_of(version: CaseVersion, may_approve: Collection[User]) -> list[Word]:
    """What each approver said, in the order in which they were asked; `may_approve` may do so today. Two queries."""
    approvals = list(Approval.objects.filter(case_version=version).select_related("approver"))
    lines: dict[int, list[ConditionLine]] = defaultdict(list)
    for line in _lines(version.project, Condition.objects.filter(approval__case_version=version)):
        lines[line.condition.approval_id].append(line)
    may = {user.pk for user in may_approve}
    return [
        Word(
            each,
            tuple(lines[each.pk]),
            has_left=version.state == VersionState.SUBMITTED
            and each.verdict == Verdict.WAITING
            and each.approver_id not in may,
        )
        for each in approvals
    ]


def open_conditions(version: CaseVersion) -> list[ConditionLine]:
    """The conditions of a version that nobody said were met, the earliest day first. One query."""
    found = _lines(version.project, Condition.objects.filter(approval__case_version=version, met_on=None))
    return sorted(found, key=lambda line: (line.condition.due or date.max, line.condition.pk))


def condition_of(version: CaseVersion, key: int) -> Condition | None:
    """A condition of a version. One query."""
    found = Condition.objects.filter(pk=key, approval__case_version=version).select_related("approval").first()
    if found is not None:
        found.project = version.project
    return found


def _lines(project: Project, conditions: Iterable[Condition]) -> list[ConditionLine]:
    today = clock.today(project.time_zone)
    lines = []
    for condition in conditions:
        left = (condition.due - today).days if condition.due and not condition.met_on else None
        lines.append(
            ConditionLine(
                condition,
                days_late=-left if left is not None and left < 0 else None,
                days_left=left if left is not None and left >= 0 else None,
            )
        )
    return lines
