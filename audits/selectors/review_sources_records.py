"""What the registers say for a management review: earlier outcomes, findings, audits, conformity, improvements."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import (
    AuditState,
    FindingState,
    ImprovementState,
    ReviewState,
)
from audits.models import (
    Audit,
    AuditFinding,
    EffectCheck,
    ExternalAudit,
    Improvement,
    ReviewOutput,
)
from audits.selectors.clause_chain import gap_counts
from audits.selectors.findings import AT_WORK
from audits.selectors.improvements import line_of as improvement_line
from audits.selectors.review_sheets import Period, Sheet, day_words, line, sheet
from common import clock
from gapanalysis.domain.answers import Value
from gapanalysis.selectors.results import results_of
from governance.choices import ActionState, DecisionState
from governance.models import Decision


def earlier_outcomes(period: Period) -> Sheet:
    """What came of earlier reviews. One query."""
    outputs = list(
        ReviewOutput.objects.filter(
            project=period.project, review__state=ReviewState.APPROVED, review__held_on__lt=period.until
        )
        .select_related("review", "action__owner", "improvement")
        .order_by("-review__held_on", "pk")
    )
    lines = []
    still = 0
    for each in outputs:
        words, tone, to = each.text, "", ["review", each.review.ref]
        if each.action is not None:
            is_open = each.action.state == ActionState.OPEN
            late = is_open and each.action.due < period.today
            still += is_open
            words = f"{each.action.ref} {each.text}: " + (
                _("late since %(day)s") % {"day": day_words(each.action.due)}
                if late
                else str(each.action.get_state_display()).lower()
            )
            tone, to = "bad" if late else "warn" if is_open else "ok", ["action", each.action.ref]
        elif each.improvement is not None:
            words = f"{each.improvement.ref} {each.text}: {str(each.improvement.get_state_display()).lower()}"
            to = ["improvement", each.improvement.ref]
        lines.append(line(words, tone, to=to))
    if not outputs:
        return sheet(_("No review was held and approved before."))
    said = ngettext("%(n)d outcome of earlier reviews", "%(n)d outcomes of earlier reviews", len(outputs)) % {
        "n": len(outputs)
    }
    if still:
        said += ", " + ngettext("%(n)d action open", "%(n)d actions open", still) % {"n": still}
    return sheet(said, "warn" if still else "ok", lines)


def decisions_meanwhile(period: Period) -> Sheet:
    """What the committee decided in the period. One query."""
    decided = Decision.objects.filter(
        project=period.project,
        state=DecisionState.DECIDED,
        decided_on__gte=period.since,
        decided_on__lte=period.until,
    ).defer("frozen")
    lines = [
        line(
            f"{each.ref} {each.title}: {str(each.get_outcome_display()).lower()}",
            to=["decision", each.ref],
            needs="governance.view",
        )
        for each in decided.order_by("-decided_on", "-pk")
    ]
    said = ngettext(
        "%(n)d decision of the committee in this time", "%(n)d decisions of the committee in this time", len(lines)
    ) % {"n": len(lines)}
    return sheet(said + ". " + _("What changed outside, people say."), "", lines)


def is_late(each: AuditFinding, period: Period) -> bool:
    """Whether a finding is still worked on after its day; one of which only the effect is open is not."""
    return each.state in AT_WORK and each.due is not None and each.due < period.today


def finding_line(each: AuditFinding, period: Period) -> dict[str, Any]:
    """A finding as a line."""
    late = is_late(each, period)
    words = f"{each.ref} {each.title}, {str(each.get_grade_display()).lower()}: {str(each.get_state_display()).lower()}"
    if late:
        words += ", " + _("late since %(day)s") % {"day": day_words(each.due)}  # type: ignore[arg-type]  # late has a day
    return line(words, "bad" if late or each.grade == "major" else "", to=["finding", each.ref])


def nonconformities(period: Period) -> Sheet:
    """Findings that need a cause and an action. Two queries."""
    rows = list(AuditFinding.objects.filter(project=period.project).nonconformities())
    open_now = [each for each in rows if each.state in (FindingState.OPEN, FindingState.ACTING, FindingState.VERIFYING)]
    raised = sum(period.holds(each.seen_on) for each in rows)
    zone = period.project.time_zone
    closed = sum(each.closed_at is not None and period.holds(clock.day_of(each.closed_at, zone)) for each in rows)
    failed = EffectCheck.objects.filter(project=period.project, holds=False).values("finding").distinct().count()
    if not rows:
        return sheet(_("No nonconformity is on the register."))
    said = _("%(raised)d raised and %(closed)d closed in this time, %(open)d open") % {
        "raised": raised,
        "closed": closed,
        "open": len(open_now),
    }
    if failed:
        said += "; " + ngettext(
            "in %(n)d case a corrective action did not help", "in %(n)d cases corrective actions did not help", failed
        ) % {"n": failed}
    late = any(is_late(each, period) for each in open_now)
    order = sorted(open_now, key=lambda each: (each.grade != "major", each.due or date.max, each.pk))
    return sheet(said, "bad" if late else "warn" if open_now else "ok", [finding_line(each, period) for each in order])


def conformity(period: Period) -> Sheet:
    """What the newest assessment says, against the one before, and where the chain breaks off."""
    found = results_of(period.project, edition=period.edition)
    lines = []
    said = _("No assessment was begun yet.")
    tone = ""
    if found is not None:
        now, before = found.columns[-1], found.columns[-2] if len(found.columns) > 1 else None
        whole = now.whole
        said = _("%(n)d of %(of)d requirements conform (%(title)s)") % {
            "n": whole.of(Value.CONFORMS),
            "of": whole.asked,
            "title": now.assessment.title,
        }
        if before is not None:
            said += ", " + _("%(n)d before (%(title)s)") % {
                "n": before.whole.of(Value.CONFORMS),
                "title": before.assessment.title,
            }
        tone = "ok" if whole.of(Value.CONFORMS) == whole.asked else "warn"
        lines = [
            line(f"{each.gap.ref} {each.question.text}"[:200], "bad")
            for each in found.gaps(now, before)
            if each.gap.value == Value.MAJOR
        ]
    broken = sum(1 for count in gap_counts(period.project, period.edition).values() if count)
    if broken:
        lines.insert(
            0,
            line(
                ngettext(
                    "In %(n)d clause the chain from activity to record breaks off",
                    "In %(n)d clauses the chain from activity to record breaks off",
                    broken,
                )
                % {"n": broken},
                "warn",
                to=["clauses"],
            ),
        )
    return sheet(said, tone, lines)


def audits_held(period: Period) -> Sheet:
    """Audits inside and from outside, the newest first. Two queries."""
    held = list(
        Audit.objects.filter(project=period.project)
        .exclude(state=AuditState.CANCELLED)
        .annotate(found=Count("audit_findings"))
        .order_by("-starts_on", "-pk")
    )
    reported = [each for each in held if each.state == AuditState.REPORTED]
    lines = [
        line(
            f"{each.ref} {each.title}, {day_words(each.starts_on)}: {str(each.get_state_display()).lower()}, "
            + ngettext("%(n)d finding", "%(n)d findings", each.found) % {"n": each.found},
            to=["audit", each.ref],
        )
        for each in held
    ]
    external = ExternalAudit.objects.filter(project=period.project).order_by("-starts_on")
    lines += [
        line(
            f"{each.ref} {each.get_kind_display()}, {day_words(each.starts_on)}: "
            + str(each.get_outcome_display() or each.get_state_display()).lower()
        )
        for each in external
    ]
    if not lines:
        return sheet(_("No audit is planned."), "bad")
    said = ngettext("%(n)d internal audit is reported", "%(n)d internal audits are reported", len(reported)) % {
        "n": len(reported)
    }
    return sheet(said, "" if reported else "warn", lines)


def improvements(period: Period) -> Sheet:
    """What is proposed, under way, and what was measured in the period. One query."""
    rows = [improvement_line(each, period.project) for each in Improvement.objects.filter(project=period.project)]
    if not rows:
        return sheet(_("No improvement is on the register."))
    counts = Counter(each.row.state for each in rows)
    measured = [each for each in rows if each.row.measured_on is not None and period.holds(each.row.measured_on)]
    said = _(
        "%(proposed)d proposed, %(going)d under way, %(done)d to be measured, %(measured)d measured in this time"
    ) % {
        "proposed": counts[ImprovementState.PROPOSED],
        "going": counts[ImprovementState.APPROVED] + counts[ImprovementState.UNDERWAY],
        "done": counts[ImprovementState.DONE],
        "measured": len(measured),
    }
    lines = [
        line(
            f"{each.row.ref} {each.row.title}: "
            + (_("target not reached") if each.effect.reached is False else _("done and measured")),
            "warn" if each.effect.reached is False else "ok",
            to=["improvement", each.row.ref],
        )
        for each in measured
    ]
    lines += [
        line(
            f"{each.row.ref} {each.row.title}: {str(each.row.get_state_display()).lower()}",
            to=["improvement", each.row.ref],
        )
        for each in sorted(rows, key=lambda each: (each.row.priority, each.row.pk))
        if each.is_unsettled
    ]
    return sheet(said, "", lines)
