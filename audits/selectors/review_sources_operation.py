"""What operation says for a management review: objectives, services, customers, policies, resources, risks, changes."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import (
    FindingSource,
    RiskKind,
    ServiceChangeState,
    SmsRiskState,
)
from audits.models import (
    AuditFinding,
    ServiceChange,
    SmsRisk,
)
from audits.selectors.review_sheets import MOST, Period, Sheet, day_words, line, sheet
from audits.selectors.review_sources_records import finding_line
from audits.selectors.sms_risks import line_of as risk_line
from businesscase.choices import RiskState
from businesscase.domain.risks import Level, Trend, level_of
from businesscase.models import Release, Risk
from documents.choices import DocumentKind
from documents.domain.objective_standing import Standing
from documents.selectors.objectives import ObjectiveRow, objectives_of
from documents.selectors.register import Standing as DocumentStanding
from documents.selectors.register import register_rows
from governance.selectors.steering_worth import money_of
from phases.choices import PHASE_NAMES, PhaseState, Status
from phases.models import Phase, PhaseActivity
from phases.selectors.clauses import is_within
from projects.choices import Edition
from projects.permissions import access_to

CUSTOMERS: Mapping[str, Sequence[str]] = {Edition.E2011: ("7.1",), Edition.E2018: ("8.3.2",)}
SUPPLIERS: Mapping[str, Sequence[str]] = {Edition.E2011: ("7.2", "4.2"), Edition.E2018: ("8.3.4", "8.2.3")}
SERVICES: Mapping[str, Sequence[str]] = {Edition.E2011: ("5", "6", "7", "8", "9"), Edition.E2018: ("8", "9.4")}


def _objective_sheet(period: Period, rows: Sequence[ObjectiveRow], nothing: str) -> Sheet:
    if not rows:
        return sheet(nothing)
    counts = Counter(row.standing for row in rows)
    said = _("%(reached)d reached, %(way)d on the way, %(off)d off, %(none)d not measured") % {
        "reached": counts[Standing.REACHED],
        "way": counts[Standing.ON_THE_WAY],
        "off": counts[Standing.OFF],
        "none": counts[Standing.UNMEASURED],
    }
    charts = [
        {
            "key": row.objective.key,
            "title": row.objective.title,
            "unit": row.objective.unit,
            "standing": row.standing.value,
            "target": str(row.objective.target),
            "values": [[each.month.isoformat(), str(each.value)] for each in row.values if each.month <= period.until],
        }
        for row in rows
    ]
    return sheet(said, "bad" if counts[Standing.OFF] else "ok", charts=charts)


def _serving(period: Period, clauses: Mapping[str, Sequence[str]]) -> list[ObjectiveRow]:
    wanted = clauses[period.edition]
    return [
        row
        for row in objectives_of(period.project)
        if any(is_within(number, clause) for number in row.objective.clauses for clause in wanted)
    ]


def objectives(period: Period) -> Sheet:
    """All objectives that are pursued. Two queries."""
    return _objective_sheet(period, objectives_of(period.project), _("No objective is pursued."))


def services(period: Period) -> Sheet:
    """The objectives about services. Two queries."""
    nothing = _("No objective is about a service. Bring the service reports.")
    return _objective_sheet(period, _serving(period, SERVICES), nothing)


def customers(period: Period) -> Sheet:
    """The objectives about customers, and complaints of the period. Three queries."""
    made = _objective_sheet(
        period, _serving(period, CUSTOMERS), _("No objective is about customers. Bring what they said.")
    )
    complaints = AuditFinding.objects.filter(project=period.project, source=FindingSource.COMPLAINT)
    made["lines"] += [finding_line(each, period) for each in complaints if period.holds(each.seen_on)][:MOST]
    return made


def suppliers(period: Period) -> Sheet:
    """The objectives about suppliers and other parties. Two queries."""
    nothing = _("No objective is about suppliers. Bring the reviews of their agreements.")
    return _objective_sheet(period, _serving(period, SUPPLIERS), nothing)


def policies(period: Period) -> Sheet:
    """Policies that are not in force or overdue for their review."""
    rows = [
        row
        for row in register_rows(period.project, access_to(period.project, None))
        if row.kind == DocumentKind.POLICY and row.standing != DocumentStanding.ARCHIVED
    ]
    in_force = sum(row.is_in_force for row in rows)
    lines = []
    for row in rows:
        if row.is_in_force and row.standing != DocumentStanding.OVERDUE:
            continue
        # More people read a review than a confidential document.
        hidden = row.document is not None and row.document.classification == "confidential"
        title = _("a confidential policy") if hidden else row.title
        words = _("overdue for its review") if row.standing == DocumentStanding.OVERDUE else _("not in force")
        lines.append(line(f"{title}: {words}", "warn"))
    said = _("%(n)d of %(of)d policies are in force") % {"n": in_force, "of": len(rows)}
    return sheet(said, "ok" if not lines else "warn", lines)


def resources(period: Period) -> Sheet:
    """Who is missing, what is late, and money (for who may see it). Four queries."""
    project = period.project
    active = Phase.objects.filter(project=project, state=PhaseState.ACTIVE).values("number")
    rows = PhaseActivity.objects.filter(project=project, phase_number__in=active).exclude(status=Status.NOT_APPLICABLE)
    counts = rows.aggregate(
        total=Count("pk"),
        alone=Count("pk", filter=Q(accountable__isnull=True)),
        late=Count("pk", filter=Q(due__lt=period.today) & ~Q(status__in=(Status.DONE, Status.VERIFIED))),
    )
    lines = [
        line(
            ngettext(
                "%(n)d activity at work is past its day", "%(n)d activities at work are past their day", counts["late"]
            )
            % {"n": counts["late"]},
            "warn" if counts["late"] else "",
            to=["workload"],
        )
    ]
    released = Release.objects.filter(project=project).aggregate(whole=Sum("amount"))["whole"]
    money = money_of(project)
    if money is not None:
        spent = sum(each.actual for each in money.phases)
        forecast = sum(each.forecast for each in money.phases)
        words = _("%(spent)s %(currency)s spent, %(forecast)s expected, %(released)s released") % {
            "spent": f"{spent:,.0f}",
            "forecast": f"{forecast:,.0f}",
            "released": f"{released or 0:,.0f}",
            "currency": money.currency,
        }
        lines.append(line(words, to=["case"], needs="case.view"))
    said = _("%(n)d of %(of)d activities at work have nobody responsible") % {
        "n": counts["alone"],
        "of": counts["total"],
    }
    return sheet(said, "warn" if counts["alone"] else "ok", lines)


def risks(period: Period) -> Sheet:
    """Risks to the SMS, and the high ones of the project. Two queries."""
    project = period.project
    rows = [
        risk_line(each, project)
        for each in SmsRisk.objects.filter(project=project, state=SmsRiskState.OPEN, kind=RiskKind.RISK)
    ]
    theirs = Risk.objects.filter(project=project, state=RiskState.OPEN)
    high = sum(level_of(each.probability, each.impact) is Level.HIGH for each in theirs)
    waiting = sum("acceptance" in each.needs or "treatment" in each.needs for each in rows)
    rising = sum(each.trend is Trend.RISING for each in rows)
    said = _("%(n)d open risks to the SMS, %(high)d high, %(rising)d rising, %(waiting)d not accepted") % {
        "n": len(rows),
        "high": sum(each.level is Level.HIGH for each in rows),
        "rising": rising,
        "waiting": waiting,
    }
    order = sorted(rows, key=lambda each: -each.row.probability * each.row.impact)
    lines = [
        line(
            f"{each.row.ref} {each.row.title}", "bad" if each.level is Level.HIGH else "", to=["sms_risk", each.row.ref]
        )
        for each in order
    ]
    words = ngettext("%(n)d high risk of the project", "%(n)d high risks of the project", high) % {"n": high}
    return sheet(said, "warn" if waiting or rising else "ok", [*lines[: MOST - 1], line(words, to=["risks"])])


def coming_changes(period: Period) -> Sheet:
    """New and changed services, and phases to come. Two queries."""
    changes = ServiceChange.objects.filter(project=period.project, state=ServiceChangeState.OPEN)
    lines = [
        line(
            f"{each.ref} {each.service}, {str(each.get_kind_display()).lower()}"
            + (", " + _("wanted by %(day)s") % {"day": day_words(each.wanted_by)} if each.wanted_by else "")
        )
        for each in changes
    ]
    phases = Phase.objects.filter(project=period.project, end__gt=period.until).exclude(state=PhaseState.CLOSED)
    ends = [
        line(
            _("phase %(n)d %(name)s ends on %(day)s")
            % {"n": each.number, "name": PHASE_NAMES[each.number], "day": day_words(each.end)}  # type: ignore[arg-type]  # has an end
        )
        for each in phases.order_by("number")[:2]
    ]
    said = ngettext(
        "%(n)d new or changed service is under way", "%(n)d new or changed services are under way", len(lines)
    ) % {"n": len(lines)}
    return sheet(said, "", [*lines[: MOST - len(ends)], *ends])
