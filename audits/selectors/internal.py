"""Reads of internal audits: the programme and what it leaves out, the list, one audit and its checklist."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q

from audits.choices import AuditState, CheckResult, FindingState, Grade, ProgrammeState
from audits.domain.impartial import Conflict, order_of
from audits.domain.programme import covers, missing, units
from audits.models import Audit, AuditClause, AuditFinding, AuditTeam, CheckItem, Programme, Sample
from audits.selectors.impartiality import ties_of
from common import clock
from phases.selectors.clauses import clause_titles
from projects.models import Project
from projects.permissions import Access

SETTLED = (FindingState.CLOSED, FindingState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit in a list: how far its checklist is, and what it found."""

    audit: Audit
    clauses: tuple[str, ...]
    lead: str
    points: int
    looked_at: int
    findings: int
    majors: int
    is_late: bool
    is_mine: bool

    @property
    def share(self) -> int:
        """How much of the checklist is worked through, in percent."""
        return 100 * self.looked_at // self.points if self.points else 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A clause of the matrix. `cells` holds for each audit the state of the audit that looks at it, or ""."""

    clause: str
    title: str
    cells: tuple[str, ...]
    is_planned: bool
    is_looked_at: bool


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """The rows of a clause at the top level."""

    clause: str
    title: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of audits shows. `programme` is the one at work, `earlier` the others."""

    programme: Programme | None
    earlier: tuple[Programme, ...]
    lines: tuple[AuditLine, ...]
    in_matrix: tuple[AuditLine, ...]
    matrix: tuple[MatrixGroup, ...]
    left_out: tuple[str, ...]
    reported: int
    total: int
    edition: str


def full_audit(project: Project, edition: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clauses of an edition, and those of them that no reported audit has looked at. One query."""
    wanted = units(clause_titles()[edition or project.edition])
    named = AuditClause.objects.filter(
        project=project, audit__state=AuditState.REPORTED, audit__edition=edition or project.edition
    )
    return wanted, missing(wanted, [set(named.values_list("clause", flat=True))])


def current_programme(project: Project) -> Programme | None:
    """The programme at work: the newest that is not closed. One query."""
    return (
        Programme.objects.filter(project=project)
        .exclude(state=ProgrammeState.CLOSED)
        .select_related("agreed_by")
        .order_by("-starts_on", "-pk")
        .first()
    )


def overview(project: Project, access: Access) -> Overview:
    """The programme at work with the matrix of clauses and audits, and all audits. Six queries."""
    programmes = list(Programme.objects.filter(project=project).select_related("agreed_by"))
    at_work = next((each for each in programmes if each.state != ProgrammeState.CLOSED), None)
    lines = audit_lines(project, access)
    edition = at_work.edition if at_work is not None else project.edition
    counting = [
        line
        for line in lines
        if line.audit.edition == edition
        and line.audit.state != AuditState.CANCELLED
        and (at_work is None or line.audit.programme_id == at_work.pk)
    ]
    titles = clause_titles()[edition]
    wanted = units(titles)
    groups: dict[str, list[MatrixRow]] = {}
    for unit in wanted:
        cells = tuple(
            line.audit.state if any(covers(clause, unit) for clause in line.clauses) else "" for line in counting
        )
        row = MatrixRow(unit, titles[unit], cells, any(cells), AuditState.REPORTED in cells)
        groups.setdefault(unit.split(".")[0], []).append(row)
    rows = [row for of in groups.values() for row in of]
    return Overview(
        programme=at_work,
        earlier=tuple(each for each in programmes if each is not at_work),
        lines=tuple(lines),
        in_matrix=tuple(counting),
        matrix=tuple(MatrixGroup(top, titles.get(top, ""), tuple(of)) for top, of in groups.items()),
        left_out=tuple(row.clause for row in rows if not row.is_planned),
        reported=sum(row.is_looked_at for row in rows),
        total=len(rows),
        edition=edition,
    )


def audit_lines(project: Project, access: Access) -> list[AuditLine]:
    """All audits by their days. Four queries."""
    today = clock.today(project.time_zone)
    audits = (
        Audit.objects.filter(project=project)
        .select_related("programme", "report")
        .prefetch_related(
            "clauses", Prefetch("team", AuditTeam.objects.select_related("party").order_by("-is_lead", "pk"))
        )
        .order_by("starts_on", "pk")
    )
    points = {
        audit: (total, done)
        for audit, total, done in CheckItem.objects.filter(project=project)
        .order_by()
        .values_list("audit_id")
        .annotate(total=Count("pk"), done=Count("pk", filter=~Q(result=CheckResult.OPEN)))
    }
    found: dict[int, Counter[str]] = {}
    raised = AuditFinding.objects.filter(project=project, audit__isnull=False).exclude(state=FindingState.WITHDRAWN)
    for audit_id, grade in raised.values_list("audit_id", "grade"):
        if audit_id is not None:
            found.setdefault(audit_id, Counter())[grade] += 1
    lines = []
    for audit in audits:
        audit.project = project
        team = list(audit.team.all())
        total, done = points.get(audit.pk, (0, 0))
        counts = found.get(audit.pk, Counter())
        lines.append(
            AuditLine(
                audit=audit,
                clauses=tuple(sorted((each.clause for each in audit.clauses.all()), key=order_of)),
                lead=next((each.party.name for each in team if each.is_lead), ""),
                points=total,
                looked_at=done,
                findings=counts.total(),
                majors=counts[Grade.MAJOR],
                is_late=_is_late(audit, today),
                is_mine=any(each.party.user_id == access.user_id for each in team if each.party.user_id is not None),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, and what keeps them from it by now."""

    row: AuditTeam
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point in the checklist of a page."""

    item: CheckItem
    samples: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClausePoints:
    """The points of one clause."""

    clause: str
    title: str
    points: tuple[PointLine, ...]

    @property
    def looked_at(self) -> int:
        """How many of them have a result."""
        return sum(each.item.result != CheckResult.OPEN for each in self.points)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """What the page of an audit shows."""

    audit: Audit
    clauses: tuple[tuple[str, str], ...]
    team: tuple[Member, ...]
    groups: tuple[ClausePoints, ...]
    findings: tuple[AuditFinding, ...]
    results: Mapping[str, int] = field(default_factory=dict)
    is_team: bool = False
    is_lead: bool = False
    is_late: bool = False
    next_point: CheckItem | None = None

    @property
    def points(self) -> int:
        """How many points the checklist has."""
        return sum(self.results.values())

    @property
    def looked_at(self) -> int:
        """How many of them have a result."""
        return self.points - self.results.get(CheckResult.OPEN, 0)


def audit_of(project: Project, ref: str) -> Audit | None:
    """The audit `ref`. One query."""
    audit = Audit.objects.filter(project=project, ref=ref).select_related("programme", "report", "reported_by").first()
    if audit is not None:
        audit.project = project
    return audit


def audit_page(audit: Audit, access: Access) -> AuditPage:
    """All of one audit; impartiality is looked at while it is planned. Fifteen queries at most."""
    project = audit.project
    titles = clause_titles()[audit.edition]
    clauses = sorted(AuditClause.objects.filter(audit=audit).values_list("clause", flat=True), key=order_of)
    team = list(AuditTeam.objects.filter(audit=audit).select_related("party").order_by("-is_lead", "party__name"))
    watched = audit.state in (AuditState.PLANNED, AuditState.UNDERWAY) and team
    ties = ties_of(project, audit.edition, but=audit.pk) if watched else None
    findings = list(AuditFinding.objects.filter(audit=audit).select_related("owner").order_by("pk"))
    items = list(CheckItem.objects.filter(audit=audit).annotate(sampled=Count("samples")))
    raised: dict[int, list[str]] = {}
    for each in findings:
        if each.check_item_id is not None and each.state != FindingState.WITHDRAWN:
            raised.setdefault(each.check_item_id, []).append(each.ref)
    groups: dict[str, list[PointLine]] = {}
    for item in items:
        groups.setdefault(item.clause, []).append(PointLine(item, item.sampled, tuple(raised.get(item.pk, ()))))
    mine = [each for each in team if access.user_id is not None and each.party.user_id == access.user_id]
    return AuditPage(
        audit=audit,
        clauses=tuple((clause, titles.get(clause, "")) for clause in clauses),
        team=tuple(Member(each, ties.conflicts(each.party_id, clauses) if ties is not None else ()) for each in team),
        groups=tuple(ClausePoints(clause, titles.get(clause, ""), tuple(of)) for clause, of in groups.items()),
        findings=tuple(findings),
        results=Counter(item.result for item in items),
        is_team=bool(mine),
        is_lead=any(each.is_lead for each in mine),
        is_late=_is_late(audit, clock.today(project.time_zone)),
        next_point=next((item for item in items if item.result == CheckResult.OPEN), None),
    )


@dataclass(frozen=True, slots=True)
class PointPage:
    """One point, with its neighbours and what was looked at for it."""

    item: CheckItem
    number: int
    total: int
    before: int | None
    after: int | None
    samples: tuple[Sample, ...]
    findings: tuple[AuditFinding, ...]


def point_page(audit: Audit, point: int) -> PointPage | None:
    """The point with that id, where it is one of `audit`. Four queries."""
    ids = list(CheckItem.objects.filter(audit=audit).values_list("pk", flat=True))
    if point not in ids:
        return None
    at = ids.index(point)
    item = CheckItem.objects.select_related("checked_by").get(pk=point)
    item.audit = audit
    return PointPage(
        item=item,
        number=at + 1,
        total=len(ids),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at + 1 < len(ids) else None,
        samples=tuple(
            Sample.objects.filter(check_item=item).select_related("evidence", "document", "activity", "taken_by")
        ),
        findings=tuple(AuditFinding.objects.filter(check_item=item).order_by("pk")),
    )


def _is_late(audit: Audit, today: date) -> bool:
    """Whether its days have gone by and it is not reported."""
    return audit.state in (AuditState.PLANNED, AuditState.UNDERWAY) and audit.ends_on < today
