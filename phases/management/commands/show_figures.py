"""`manage.py show_figures SLUG --format json`: the figures of a project, for other programs."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from phases.selectors.as_of import first_day
from phases.selectors.figures import contract_of, figures_of
from projects.models import Project


class Command(BaseCommand):
    help = "Print the figures of a project, today or on a past day: phases 1 to 3, components by phase."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="The project, as in its address.")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="The day to show (default: today).")
        parser.add_argument(
            "--current", action="store_true", help="Give closed phases as they are now, not as they were closed."
        )
        parser.add_argument("--format", choices=["json"], default="json", help="How to print them.")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']!r}.")
        day = None
        if options["as_of"]:
            try:
                day = date.fromisoformat(options["as_of"])
            except ValueError as error:
                raise CommandError(f"--as-of {options['as_of']!r} is not a date (YYYY-MM-DD).") from error
            today, first = clock.today(project.time_zone), first_day(project)
            if day > today:
                raise CommandError(f"--as-of {day} has not come yet; today is {today} in {project.time_zone}.")
            if day < first:
                raise CommandError(f"--as-of {day} lies before the project: it starts on {first}.")
        figures = figures_of(project, day=day, current=options["current"])
        self.stdout.write(json.dumps(contract_of(figures), indent=2, sort_keys=True))
