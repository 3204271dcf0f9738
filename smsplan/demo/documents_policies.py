"""The objectives of the demo: four with eight months of values each, from reached to got worse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from documents.domain.months import months_to
from documents.models import Objective
from documents.registers_library import model_objectives
from documents.services.objectives import ObjectiveFacts, set_objective, write_value
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week


@dataclass(frozen=True, slots=True)
class Pursued:
    """A typical objective, with its owner, where it began, and what the months before this one gave."""

    model: str
    of: str
    baseline: str
    values: str
    note: str = ""


STORY = (
    Pursued("first-contact", "klara", "47", "48 49.5 52 51 54 57 59 61.5", "Two colleagues trained on the web shop"),
    Pursued("changes-that-hold", "owner", "9", "8.5 8 6.9 7.2 6 5.1 4.6 4.2"),
    Pursued("requests-in-time", "klara", "72", "74 78 81 83 84 82 79 77", "Three people ill for two weeks"),
    Pursued("customers-content", "carla", "3.6", "3.6 3.7 3.9 3.8 4 4.1 4.2 4.3"),
)


def add_objectives_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put the objectives into the script: set in the twelfth week, measured in the first days of each month."""
    months = months_to(today, 9)[:-1]
    for pursued in STORY:
        script.add(in_week(start, 11, 2, 11), _set, project, users["manager"], parties, pursued, start)
        for place, (month, value) in enumerate(zip(months, pursued.values.split(), strict=True)):
            at = (month + timedelta(days=34)).replace(day=4)
            # What lies before the project was read from old reports, once it had begun.
            days = max(80, (min(at, today) - start).days)
            note = pursued.note if place == len(months) - 1 else ""
            moment = in_week(start, 0, days, 9)
            script.add(moment, _write, project, users["manager"], pursued, month, Decimal(value), note)


def _set(project: Project, manager: User, parties: Mapping[str, Party], pursued: Pursued, start: date) -> None:
    model = next(each for each in model_objectives() if each.key == pursued.model)
    set_objective(
        acting_user=manager,
        project=project,
        facts=ObjectiveFacts(
            title=model.title,
            measure=model.measure,
            unit=model.unit,
            target=model.target,
            target_on=start + timedelta(days=500),
            direction=model.direction,
            baseline=Decimal(pursued.baseline),
            owner=parties[pursued.of],
            policy="service-management-policy",
        ),
    )


def _write(project: Project, manager: User, pursued: Pursued, month: date, value: Decimal, note: str) -> None:
    model = next(each for each in model_objectives() if each.key == pursued.model)
    objective = Objective.objects.get(project=project, title=model.title)
    objective.project = project
    write_value(acting_user=manager, objective=objective, month=month, value=value, note=note)
