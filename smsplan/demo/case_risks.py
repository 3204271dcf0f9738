"""The risk register of the demo: what was reported, looked at again, and settled."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from businesscase.models import Risk
from businesscase.services.risks import change_risk, report_risk, review_risk, settle_risk
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week

LOOKED_AT_IN_WEEK = 46
SAID = (
    "title",
    "category",
    "cause",
    "event",
    "effect",
    "probability",
    "impact",
    "response",
    "response_text",
    "response_cost",
    "residual_probability",
    "residual_impact",
    "owner",
    "review_on",
    "challenge",
)


def add_risks(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
    story: Mapping[str, Any],
) -> None:
    """Put the story of the risks into the script."""
    titles = {entry["key"]: entry["title"] for entry in story["risks"]}
    manager = users["manager"]

    def found(key: str) -> Risk:
        return Risk.objects.select_related("owner").get(project=project, title=titles[key])

    def report(entry: Mapping[str, Any]) -> None:
        likely, harm = entry.get("residual", (None, None))
        more = {
            "residual_probability": likely,
            "residual_impact": harm,
            "owner": parties[entry["owner"]] if "owner" in entry else None,
        }
        if "response_cost" in entry:
            more["response_cost"] = Decimal(entry["response_cost"])
        report_risk(acting_user=users[entry.get("who", "manager")], project=project, values={**entry, **more})

    def change(key: str, more: Mapping[str, Any]) -> None:
        risk = found(key)
        values = {name: getattr(risk, name) for name in SAID}
        change_risk(acting_user=manager, project=project, ref=risk.ref, version=risk.version, values={**values, **more})

    def reassess(entry: Mapping[str, Any]) -> None:
        owner = {"owner": parties[entry["owner"]]} if "owner" in entry else {}
        change(entry["key"], {**entry, **owner})

    def look(key: str, review_on: date) -> None:
        risk = found(key)
        review_risk(acting_user=manager, project=project, ref=risk.ref, version=risk.version, review_on=review_on)

    def settle(entry: Mapping[str, Any]) -> None:
        risk = found(entry["key"])
        settle_risk(
            acting_user=manager,
            project=project,
            ref=risk.ref,
            version=risk.version,
            state=entry["state"],
            outcome=entry["outcome"],
        )

    for entry in story["risks"]:
        script.add(in_week(start, entry["week"], 3, 10), report, entry)
        if "review_weeks_ahead" in entry:
            day = today + timedelta(weeks=entry["review_weeks_ahead"])
            script.add(in_week(start, LOOKED_AT_IN_WEEK, 0, 15), look, entry["key"], day)
    for entry in story["reassessed"]:
        script.add(in_week(start, entry["week"], 4, 9), reassess, entry)
    for entry in story["settled"]:
        script.add(in_week(start, entry["week"], 4, 14), settle, entry)
