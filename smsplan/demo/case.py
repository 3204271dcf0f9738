"""The business cases of the demo: what was asked for, what was approved, and what the draft says by now."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from accounts.models import User
from businesscase.choices import CaseKind, Rhythm
from businesscase.model_fields import month_start
from businesscase.models import BenefitLine, CaseSection, Condition, CostLine, Risk
from businesscase.selectors import case_of, submitted_version
from businesscase.services.approval import ConditionWish, decide, meet_condition, release_funds, submit_case
from businesscase.services.cases import recommend_conformity, start_case, write_section
from businesscase.services.rows import ROW_KINDS, add_row, change_row, values_of
from common import clock
from projects.models import Party, Project
from smsplan.demo.case_risks import add_risks
from smsplan.demo.case_spent import add_money
from smsplan.demo.script import Script, in_week

POINTS = ("low", "likely", "high")
_OF_ITS_OWN = re.compile(r"(?:[-*#]|\d+\.) |\|")


def read_case_story() -> dict[str, Any]:
    """What the cases of the demo say, as data."""
    path = Path(settings.CONTENT_DIR, "demo", "case.yaml")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


def folded(text: str) -> str:
    """`text` of the story without the line ends inside its paragraphs, which a page would show; lists stay lists."""
    lines: list[str] = []
    for line in text.splitlines():
        begins = not line.strip() or _OF_ITS_OWN.match(line.strip())
        if lines and lines[-1].strip() and not begins:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def add_business_cases(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put all that belongs to the business cases into the script."""
    story = read_case_story()
    add_risks(script, project, users, parties, start, today, story)
    for kind, told in ((CaseKind.GAP, story["small"]), (CaseKind.IMPLEMENTATION, story["case"])):
        _Case(script, project, users, parties, start, today, kind, told).add(story["draft"])
    add_money(script, project, users, start, today, story)


class _Case:
    """One of the two cases, put into the script step by step."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        parties: Mapping[str, Party],
        start: date,
        today: date,
        kind: CaseKind,
        told: Mapping[str, Any],
    ) -> None:
        self.script, self.project, self.users, self.parties = script, project, users, parties
        self.start, self.today, self.kind, self.told = start, today, kind, told
        self.manager = users["manager"]
        self.titles = {
            entry["key"]: entry["title"] for entry in [*told["costs"], *told.get("benefits", ())] if "key" in entry
        }

    def add(self, draft: Mapping[str, Any]) -> None:
        """All its steps, each at its instant."""
        told = self.told
        self.script.add(
            self._at(told["started"], 10), start_case, acting_user=self.manager, project=self.project, kind=self.kind
        )
        self.script.add(self._at(told.get("rows", told["started"]), 11), self._write)
        self.script.add(self._at(told["submitted"], 16), self._submit)
        for entry in told["decided"]:
            self.script.add(self._at(entry, entry.get("hour", 10)), self._decide, entry)
            for condition in entry.get("conditions", ()):
                if "met" in condition:
                    self.script.add(self._at(condition["met"], 15), self._meet, condition)
        for entry in [told["released"]] if isinstance(told["released"], Mapping) else told["released"]:
            self.script.add(self._at(entry, entry.get("hour", 11)), self._release, entry)
        if self.kind == CaseKind.IMPLEMENTATION:
            self.script.add(in_week(self.start, draft["week"], 1, 14), self._go_on, draft)

    def _at(self, when: Mapping[str, Any], hour: int) -> Any:
        return in_week(self.start, when["week"], when["day"], hour)

    def _month(self, week: int) -> date:
        return month_start(self.start + timedelta(weeks=week))

    def _act(self) -> dict[str, Any]:
        case = case_of(self.project, self.kind)
        assert case is not None  # noqa: S101 (it was begun by the first act)
        return {"acting_user": self.manager, "case": case}

    def _party(self, entry: Mapping[str, Any], name: str) -> Party | None:
        return self.parties[entry[name]] if name in entry else None

    def _write(self) -> None:
        """All that version 1 says."""
        for point, text in self.told["sections"].items():
            write_section(**self._act(), point=point, version=0, text=folded(text))
        for entry in self.told["costs"]:
            add_row(**self._act(), kind="cost", values=self._cost(entry))
        for entry in self.told.get("benefits", ()):
            add_row(**self._act(), kind="benefit", values=self._benefit(entry))
        self._more(self.told)
        if "conformity" in self.told:
            act = self._act()
            recommend_conformity(**act, version=act["case"].version, conformity=self.told["conformity"])

    def _more(self, told: Mapping[str, Any]) -> None:
        """The lines without money."""
        for entry in told.get("assumptions", ()):
            more = {"check_how": entry.get("check", ""), "owner": self._party(entry, "owner")}
            add_row(**self._act(), kind="assumption", values={**entry, **more})
        for entry in told.get("interested", ()):
            add_row(**self._act(), kind="interested party", values=entry)
        for entry in told.get("measures", ()):
            add_row(**self._act(), kind="measure", values={**entry, "owner": self._party(entry, "owner")})

    def _cost(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        weeks = entry["weeks"]
        rate = entry.get("day_rate")
        risk = {"risk": Risk.objects.get(project=self.project, title=entry["risk"])} if "risk" in entry else {}
        return {
            **entry,
            "phase_number": entry.get("phase", 0),
            "rhythm": entry.get("rhythm", Rhythm.ONCE),
            "first_month": self._month(weeks[0]),
            "last_month": self._month(weeks[1]) if len(weeks) > 1 else None,
            "day_rate": Decimal(rate) if rate else None,
            **self._points(entry),
            **risk,
        }

    def _benefit(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        found = {**entry, "phase_number": entry["phase"], "confirmed_by": self._party(entry, "confirmed_by")}
        if "estimate" not in entry:
            return {**found, "form": "words"}
        more = {"form": "figures", "from_month": self._month(entry["week"]), "ramp_months": entry["ramp"]}
        return {**found, **more, **self._points(entry)}

    def _points(self, entry: Mapping[str, Any]) -> dict[str, Decimal]:
        return {name: Decimal(str(value)) for name, value in zip(POINTS, entry["estimate"], strict=True)}

    def _submit(self) -> None:
        told = self.told["submitted"]
        submit_case(
            **self._act(),
            approvers=[self.users[key] for key in told["to"]],
            decide_by=clock.today() + timedelta(days=told["days"]),
            note=told["note"],
        )

    def _decide(self, entry: Mapping[str, Any]) -> None:
        version = submitted_version(self._act()["case"])
        assert version is not None  # noqa: S101 (it was submitted by an earlier act)
        version.project = self.project
        decide(
            acting_user=self.users[entry["who"]],
            version=version,
            seen_sha256=version.sha256,
            verdict=entry["verdict"],
            comment=entry["comment"],
            conditions=[ConditionWish(each["text"], self._due(each)) for each in entry.get("conditions", ())],
        )

    def _due(self, condition: Mapping[str, Any]) -> date | None:
        if "days_ahead" in condition:
            return self.today + timedelta(days=condition["days_ahead"])
        return self._at(condition["met"], 9).date() + timedelta(days=7) if "met" in condition else None

    def _meet(self, told: Mapping[str, Any]) -> None:
        condition = Condition.objects.get(project=self.project, text=told["text"])
        meet_condition(
            acting_user=self.manager,
            condition=condition,
            version=condition.version,
            met_on=clock.today(),
            note=told["met"]["note"],
        )

    def _release(self, entry: Mapping[str, Any]) -> None:
        release_funds(
            acting_user=self.users[entry["who"]],
            case=self._act()["case"],
            phase=entry["phase"],
            amount=Decimal(entry["amount"]),
            note=entry["note"],
        )

    def _go_on(self, draft: Mapping[str, Any]) -> None:
        """What the manager learned since, written into the draft."""
        for entry in draft["add_costs"]:
            add_row(**self._act(), kind="cost", values=self._cost(entry))
        for kind, name in (("cost", "change_costs"), ("benefit", "change_benefits")):
            for entry in draft[name]:
                self._change(kind, entry)
        for entry in draft["add_benefits"]:
            add_row(**self._act(), kind="benefit", values=self._benefit(entry))
        self._more({"measures": draft["add_measures"]})
        for point, text in draft["sections"].items():
            section = CaseSection.objects.get(case=self._act()["case"], point=point)
            write_section(**self._act(), point=point, version=section.version, text=folded(text))

    def _change(self, kind: str, entry: Mapping[str, Any]) -> None:
        spec = ROW_KINDS[kind]
        model = CostLine if kind == "cost" else BenefitLine
        row = model.objects.get(case=self._act()["case"], title=self.titles[entry["key"]])
        values = values_of(row, spec)
        if "estimate" in entry:
            values |= self._points(entry)
        if "week" in entry:
            values["from_month"] = self._month(entry["week"])
        if "confirmed_by" in entry:
            values["confirmed_by"] = self._party(entry, "confirmed_by")
        values["source"] = entry.get("source", values["source"])
        change_row(**self._act(), kind=kind, ref=row.ref, version=row.version, values=values)
