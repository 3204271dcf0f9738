"""`manage.py show_gate SLUG G1 --format json`: how a gate of a project stands, for other programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.choices import GATES
from governance.selectors.gate_contract import gate_contract
from projects.models import Project


class Command(BaseCommand):
    help = "Print how a gate of a project stands: its criteria, and the decision that holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="The project, as in its address.")
        parser.add_argument("gate", help="G0 to G4.")
        parser.add_argument("--format", choices=["json"], default="json", help="How to print it.")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["gate"].upper()
        known = {f"G{number}": number for number in GATES}
        if name not in known:
            raise CommandError(f"There is no gate {options['gate']!r}: gates are {', '.join(known)}.")
        project = Project.objects.select_related("organization").filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']!r}.")
        self.stdout.write(json.dumps(gate_contract(project, known[name]), indent=2, ensure_ascii=False))
