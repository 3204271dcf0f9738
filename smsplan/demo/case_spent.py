"""Money of the demo: what was spent month by month, what benefits brought, and what is still to come."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle
from typing import Any

from accounts.models import User
from businesscase.choices import CaseKind
from businesscase.domain.content import Scenario, content_from_plain
from businesscase.domain.flow import benefit_flow, costs_by_line
from businesscase.domain.money import total
from businesscase.domain.months import Month, first_day, month_of
from businesscase.domain.outlook import costs_by_phase
from businesscase.models import ActualCost, BenefitLine, BusinessCase, CostLine, PhaseMoney
from businesscase.selectors import approved_version, case_of
from businesscase.selectors.content import benefit_item
from businesscase.services.money import CostEntry, confirm_benefit, record_costs, set_phase_money
from projects.models import Project
from smsplan.demo.script import Script, in_week

TEN = Decimal(10)
HALF_DAY = Decimal("0.5")
BOOKED_ON, CONFIRMED_ON = 8, 12


def add_money(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    start: date,
    today: date,
    story: Mapping[str, Any],
) -> None:
    """Put all that became of the money into the script."""
    _Spent(script, project, users, start, today, story).add()


def _nth_of_next(month: Month, day: int) -> datetime:
    """Noon of a day in the month after `month`; weekends move to Monday."""
    found = first_day(month + 1).replace(day=day)
    while found.weekday() > 4:
        found += timedelta(days=1)
    return datetime.combine(found, time(12), tzinfo=UTC)


def _steps(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def _wobble(text: str) -> Decimal:
    """A factor near 1, the same for the same text."""
    return 1 + Decimal(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 13 - 6) / 100


class _Spent:
    """Bookings, confirmations and outlooks, put into the script."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        start: date,
        today: date,
        story: Mapping[str, Any],
    ) -> None:
        self.script, self.project, self.users, self.story = script, project, users, story
        self.start, self.today, self.manager = start, today, users["manager"]
        self.lines = {entry["title"]: entry for entry in story["case"]["costs"]}
        self.titles = {entry["key"]: entry["title"] for entry in story["case"]["costs"]}

    def add(self) -> None:
        """All steps, each at its instant."""
        spent = self.story["small"]["spent"]
        self.script.add(in_week(self.start, spent["week"], spent["day"], 10), self._book_small, spent["shares"])
        begun = in_week(self.start, 10, 2, 11)
        last = begun
        for month in self._months(month_of(self.start), BOOKED_ON):
            last = max(_nth_of_next(month, BOOKED_ON), begun)
            self.script.add(last, self._book, month)
        for entry in self.story["case"]["benefits"]:
            for month, said in zip(self._confirmed_months(entry), cycle(self._said(entry)), strict=False):
                self.script.add(_nth_of_next(month, CONFIRMED_ON), self._confirm, entry, month, said)
        for entry in self.story["outlook"]:
            self.script.add(
                max(in_week(self.start, entry["week"], 1, 15), last if "share" in entry else begun),
                self._outlook,
                entry,
            )

    def _months(self, first: Month, booked_on: int) -> Iterator[Month]:
        """The months from `first` on that were booked before today."""
        month = first
        while _nth_of_next(month, booked_on).date() < self.today:
            yield month
            month += 1

    def _month(self, week: int) -> Month:
        return month_of(self.start + timedelta(weeks=week))

    def _case(self, kind: str = CaseKind.IMPLEMENTATION) -> BusinessCase:
        case = case_of(self.project, kind)
        assert case is not None  # noqa: S101 (it was begun by an earlier act)
        return case

    def _book_small(self, shares: Iterable[float]) -> None:
        case, month = self._case(CaseKind.GAP), first_day(self._month(8))
        entries = [
            CostEntry(month, _steps(line.likely * (line.day_rate or 1) * Decimal(str(share)), TEN), line=line.ref)
            for line, share in zip(CostLine.objects.filter(case=case), shares, strict=True)
        ]
        record_costs(acting_user=self.manager, case=case, entries=entries, until=month)

    def _book(self, month: Month) -> None:
        """What a month cost: near what version 1 has for it, as the story says."""
        case = self._case()
        version = approved_version(case)
        assert version is not None  # noqa: S101 (nothing is booked before)
        entries = []
        for item, flow in costs_by_line(content_from_plain(version.content), Scenario.LIKELY):
            share = Decimal(str(self.lines[item.title].get("spent", 1))) * _wobble(
                f"{item.title} {month - month_of(self.start)}"
            )
            late = self.story["late_start"]
            if item.phase == late["phase"] and month <= self._month(33):
                share *= Decimal(str(late["share"]))
            step = HALF_DAY * item.day_rate if item.day_rate else TEN
            amount = _steps(flow.get(month, Decimal(0)) * share, step)
            if amount:
                entries.append(CostEntry(first_day(month), amount, line=item.ref))
        refs = {row.title: row.ref for row in CostLine.objects.filter(case=case)}
        entries += [
            CostEntry(
                first_day(month), Decimal(each["amount"]), line=refs[self.titles[each["line"]]], note=each["note"]
            )
            for each in self.story["extra"]
            if self._month(each["week"]) == month
        ]
        record_costs(acting_user=self.manager, case=case, entries=entries, until=first_day(month))

    def _said(self, entry: Mapping[str, Any]) -> list[Any]:
        return list(entry.get("shares") or entry.get("observed") or [])

    def _confirmed_months(self, entry: Mapping[str, Any]) -> list[Month]:
        """The months of a benefit for which somebody gave their word: all but the last where it still waits."""
        if not self._said(entry):
            return []
        months = list(self._months(self._month(entry.get("week", 31)), CONFIRMED_ON))
        return months[:-1] if entry.get("waits") else months

    def _confirm(self, entry: Mapping[str, Any], month: Month, said: Any) -> None:
        line = BenefitLine.objects.select_related("confirmed_by").get(case=self._case(), title=entry["title"])
        line.project = self.project
        values: dict[str, Any] = {"observed": said}
        if line.form == "figures" and line.likely is not None:
            planned = benefit_flow(benefit_item(line), line.likely, month)[month]
            values = {"amount": _steps(planned * Decimal(str(said)), TEN)}
        confirm_benefit(acting_user=self.users[entry["confirmed_by"]], line=line, month=first_day(month), **values)

    def _outlook(self, entry: Mapping[str, Any]) -> None:
        case, phase = self._case(), entry["phase"]
        row = PhaseMoney.objects.filter(case=case, phase_number=phase).first()
        remaining = None
        version = approved_version(case)
        if "share" in entry and version is not None:
            plan = costs_by_phase(content_from_plain(version.content))
            whole = total(amount for (of, _month), amount in plan.items() if of == phase)
            booked = ActualCost.objects.filter(case=case, phase_number=phase).values_list("amount", flat=True)
            remaining = _steps(whole * (1 + Decimal(str(entry["share"]))) - total(booked), TEN)
        set_phase_money(
            acting_user=self.manager,
            case=case,
            phase=phase,
            version=row.version if row is not None else 0,
            remaining=remaining,
            reason=entry["reason"],
        )
