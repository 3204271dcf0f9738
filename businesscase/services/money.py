"""What was spent, what was confirmed, and what is still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event, record_events
from businesscase.choices import CaseKind, Category
from businesscase.domain.months import month_label, month_of
from businesscase.models import ActualBenefit, ActualCost, BenefitLine, BusinessCase, CostLine, PhaseMoney
from businesscase.services import checks
from businesscase.services.guards import own_case
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from phases.selectors.whom import users_of
from projects.permissions import access_to
from projects.services.guards import refuse_stale, require_capability, write_versioned

MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class CostEntry:
    """One amount that was spent. `line` is the ref of a cost line, whose phase and category then count."""

    month: date
    amount: Decimal
    phase: int | None = None
    category: str = ""
    line: str = ""
    note: str = ""


@transaction.atomic
def record_costs(
    *, acting_user: User | None, case: BusinessCase, entries: Sequence[CostEntry], until: date | None = None
) -> list[ActualCost]:
    """Book what was spent; with `until`, say that all costs up to that month are in. One trail event an amount.

    Raises NotPermitted; RuleBroken for an amount below zero or of nothing, a month to come or outside the horizon, or
    a line, phase or category that is not there. Nothing of all is booked then.
    """
    require_capability(acting_user, "case.actuals", case.project)
    fresh = own_case(case)
    if len(entries) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(most)d amounts at once.") % {"most": MOST_AT_ONCE})
    lines = {row.ref: row for row in CostLine.objects.filter(case=fresh)}
    rows = [cost_row(fresh, lines, entry, acting_user) for entry in entries]
    made = ActualCost.objects.bulk_create(rows)
    if until is not None:
        set_actual_until(acting_user=acting_user, case=fresh, until=until)
    record_events(
        stream_id=fresh.project.uuid,
        acting_user=acting_user,
        drafts=[
            Draft(
                "book",
                "actual cost",
                f"{fresh.kind} {row.month:%Y-%m} {row.phase_number}",
                row.cost_line.title if row.cost_line else str(Category(row.category).label),
                {"month": f"{row.month:%Y-%m}", "phase": row.phase_number, "amount": f"{row.amount:.2f}"},
                row.note,
            )
            for row in made
        ],
    )
    return made


def cost_row(
    case: BusinessCase, lines: Mapping[str, CostLine], entry: CostEntry, acting_user: User | None
) -> ActualCost:
    """`entry` as the row that would be stored. `lines` are those of the case, by ref. Raises RuleBroken."""
    line = lines.get(entry.line) if entry.line else None
    if entry.line and line is None:
        raise RuleBroken(_("There is no cost line %(ref)s.") % {"ref": entry.line}, field="line")
    phase = line.phase_number if line else entry.phase
    category = line.category if line else entry.category
    if phase is None or phase not in range(5):
        raise RuleBroken(_("Choose a phase from 0 to 4."), field="phase")
    if category not in Category.values:
        raise RuleBroken(_("Choose one of the list."), field="category")
    amount = checks.amount({"amount": entry.amount}, "amount")
    if not amount:
        raise RuleBroken(_("Give the amount that was spent."), field="amount")
    return ActualCost(
        project=case.project,
        case=case,
        month=past_month(case, entry.month, "month"),
        phase_number=phase,
        category=category,
        cost_line=line,
        amount=amount,
        note=checks.line({"note": entry.note}, "note", 300),
        recorded_by=acting_user,
        recorded_at=clock.now(),
    )


def past_month(case: BusinessCase, month: date, field: str) -> date:
    """`month` within the horizon and not to come, as it is stored. Raises RuleBroken."""
    found = checks.month(case, {field: month}, field, needed=_("Give the month."))
    if found is None:
        raise RuleBroken(_("Give the month."), field=field)
    if month_of(found) > month_of(clock.today(case.project.time_zone)):
        raise RuleBroken(_("%(month)s has not come yet.") % {"month": month_label(month_of(found))}, field=field)
    return found


@transaction.atomic
def remove_cost(*, acting_user: User | None, row: ActualCost, version: int) -> None:
    """Take back an amount that was booked by mistake; the trail keeps it. Raises NotPermitted, StaleWrite."""
    require_capability(acting_user, "case.actuals", row.project)
    fresh = ActualCost.objects.select_related("case").get(pk=row.pk, project_id=row.project_id)
    refuse_stale(fresh, version=version, shown={_("Amount"): fresh.amount}, sent={})
    said: dict[str, object] = {
        "month": [f"{fresh.month:%Y-%m}", None],
        "phase": [fresh.phase_number, None],
        "amount": [f"{fresh.amount:.2f}", None],
    }
    key = f"{fresh.case.kind} {fresh.month:%Y-%m} {fresh.phase_number}"
    label = str(Category(fresh.category).label)
    fresh.delete()
    record_event(
        stream_id=row.project.uuid, acting_user=acting_user, draft=Draft("remove", "actual cost", key, label, said)
    )


@transaction.atomic
def set_actual_until(*, acting_user: User | None, case: BusinessCase, until: date | None) -> BusinessCase:
    """Say up to which month all costs are in: from there on the forecast begins. One trail event, or none."""
    require_capability(acting_user, "case.actuals", case.project)
    fresh = own_case(case)
    month = past_month(fresh, until, "until") if until is not None else None
    if month == fresh.actual_until:
        return fresh
    before = fresh.actual_until
    write_versioned(fresh, version=fresh.version, values={"actual_until": month}, shown={}, sent={})
    record_event(
        stream_id=fresh.project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "set actuals",
            "business case",
            fresh.kind,
            str(CaseKind(fresh.kind).label),
            {"until": [f"{before:%Y-%m}" if before else None, f"{month:%Y-%m}" if month else None]},
        ),
    )
    return fresh


@transaction.atomic
def set_phase_money(
    *,
    acting_user: User | None,
    case: BusinessCase,
    phase: int,
    version: int,
    tolerance: Decimal | None = None,
    remaining: Decimal | None = None,
    reason: str = "",
) -> PhaseMoney:
    """Settle the money of a phase: its tolerance (a fraction), what is still to come (None: what the lines hold), and
    why it differs from what was approved. One trail event, or none. `version` is 0 where nothing was settled yet.

    Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "case.actuals", case.project)
    fresh = own_case(case)
    if phase not in range(5):
        raise RuleBroken(_("Choose a phase from 0 to 4."), field="phase")
    if tolerance is not None and not 0 <= tolerance <= 1:
        raise RuleBroken(_("The tolerance lies between 0 and 100 percent."), field="tolerance")
    row, _made = PhaseMoney.objects.get_or_create(project=fresh.project, case=fresh, phase_number=phase)
    row.refresh_from_db()
    values: dict[str, object] = {
        "tolerance": row.tolerance if tolerance is None else tolerance,
        "remaining": checks.amount({"remaining": remaining}, "remaining"),
        "reason": checks.text({"reason": reason}, "reason", 2000),
    }
    changes = {name: [_said(getattr(row, name)), _said(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return row
    labels = {"tolerance": _("Tolerance"), "remaining": _("Still to come"), "reason": _("Reason")}
    write_versioned(
        row,
        version=max(version, 1),
        values=values,
        shown={labels[name]: pair[0] for name, pair in changes.items()},
        sent={labels[name]: pair[1] for name, pair in changes.items()},
    )
    record_event(
        stream_id=fresh.project.uuid,
        acting_user=acting_user,
        draft=Draft("settle", "phase money", f"{fresh.kind} {phase}", str(phase), changes),
    )
    return row


def _said(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


@transaction.atomic
def confirm_benefit(
    *,
    acting_user: User | None,
    line: BenefitLine,
    month: date,
    amount: Decimal | None = None,
    observed: str = "",
    note: str = "",
    version: int = 0,
) -> ActualBenefit:
    """Say what a benefit brought in one month: money, or (in words) what the indicator showed. One trail event.

    Who was named for it may, and who manages the project's money. `version` is 0 where the month has no word yet.
    Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "case.confirm", line.project)
    fresh = BenefitLine.objects.select_related("case", "confirmed_by").get(pk=line.pk, project_id=line.project_id)
    fresh.case.project = line.project
    _require_named(acting_user, fresh)
    at = past_month(fresh.case, month, "month")
    if fresh.form == "figures":
        found = checks.amount({"amount": amount}, "amount")
        if found is None:
            raise RuleBroken(_("Give the amount, 0 where it brought nothing."), field="amount")
        values: dict[str, object] = {"amount": found, "observed": ""}
    else:
        seen = checks.line({"observed": observed}, "observed", 120, needed=_("Say what the indicator showed."))
        values = {"amount": None, "observed": seen}
    values |= {
        "note": checks.line({"note": note}, "note", 300),
        "confirmed_by": acting_user,
        "confirmed_at": clock.now(),
    }
    row, _made = ActualBenefit.objects.get_or_create(project=line.project, benefit_line=fresh, month=at)
    before = _said(row.amount) or row.observed
    after = _said(values["amount"]) or str(values["observed"])
    write_versioned(
        row,
        version=max(version, 1),
        values=values,
        shown={_("Confirmed"): before},
        sent={_("Confirmed"): after},
    )
    record_event(
        stream_id=line.project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "confirm",
            "benefit",
            f"{fresh.case.kind} {fresh.ref}",
            fresh.title,
            {f"{at:%Y-%m}": [before or None, after]},
            str(values["note"]),
        ),
    )
    return row


def _require_named(acting_user: User | None, line: BenefitLine) -> None:
    access = access_to(line.project, acting_user)
    if access.is_system or access.can("case.actuals"):
        return
    named = line.confirmed_by
    if named is not None and acting_user is not None and acting_user.pk in users_of([named.pk])[named.pk]:
        return
    raise NotPermitted(_("Somebody else was named to confirm this benefit."))


@dataclass(frozen=True, slots=True)
class BenefitWord:
    """What somebody says about one month of a benefit. `version` is that of the word that stands there, 0 where none
    does."""

    month: date
    amount: Decimal | None = None
    observed: str = ""
    note: str = ""
    version: int = 0


@transaction.atomic
def confirm_months(*, acting_user: User | None, line: BenefitLine, words: Sequence[BenefitWord]) -> list[ActualBenefit]:
    """Confirm several months of one benefit, all or none. Raises as `confirm_benefit`; a rule's field is `month`,
    with the month after it, such as `amount-2026-03`."""
    rows = []
    for word in words:
        try:
            rows.append(
                confirm_benefit(
                    acting_user=acting_user,
                    line=line,
                    month=word.month,
                    amount=word.amount,
                    observed=word.observed,
                    note=word.note,
                    version=word.version,
                )
            )
        except RuleBroken as error:
            raise RuleBroken(str(error), field=f"{error.field}-{word.month:%Y-%m}") from error
    return rows
