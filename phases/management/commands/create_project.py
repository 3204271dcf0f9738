"""`manage.py create_project`: start a project, and its organization where there is none of that name yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from phases.choices import MadeAs
from phases.selectors.reuse import offer_of, source_of
from phases.services.reuse import Earlier, proposed_plan, start_from
from phases.services.start import ProjectPlan, start_project
from projects.commands import acting_user_of, add_as_option, command_act, day_of
from projects.models import Organization
from projects.services.organizations import create_organization

UNWRITTEN_SCOPE = "to be written"


class Command(BaseCommand):
    help = "Start a project with its whole plan. Prints its short name (slug) as the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="NAME", help="Made where there is none yet.")
        parser.add_argument("--name", required=True, metavar="NAME", help="Name of the project.")
        parser.add_argument("--start", required=True, metavar="YYYY-MM-DD", help="First day of the initiation.")
        parser.add_argument(
            "--scope",
            default=UNWRITTEN_SCOPE,
            metavar="TEXT",
            help="What the SMS covers; without it the pages say that the scope is still to be written.",
        )
        parser.add_argument(
            "--without-supplement",
            default="",
            metavar="REASON",
            help="Leave the supplement for ISO/IEC 20000-1:2018 out of the plan, and why.",
        )
        parser.add_argument(
            "--from",
            dest="earlier",
            default="",
            metavar="SLUG",
            help="Take over from this project: all within one organization, only its method across two. Its approach "
            "and the weeks of its phases come with it.",
        )
        parser.add_argument(
            "--wider-scope",
            action="store_true",
            help="With --from: the same SMS with a wider scope, phase 1 again, faster.",
        )
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        start = day_of("--start", options["start"])
        source = source_of(acting_user, options["earlier"]) if options["earlier"] else None
        if options["earlier"] and source is None:
            raise CommandError(f"--from: there is no project {options['earlier']!r} that can be seen")
        if options["wider_scope"] and source is None:
            raise CommandError("--wider-scope: say with --from which project's scope is widened")
        plan = ProjectPlan(
            name=options["name"],
            start=start,
            scope_statement=options["scope"],
            supplement_declined=options["without_supplement"],
        )
        with command_act(), transaction.atomic():
            organization = self._organization(options["organization"].strip(), acting_user)
            if source is None:
                project = start_project(acting_user=acting_user, organization=organization, plan=plan)
            else:
                made_as = MadeAs.WIDER_SCOPE if options["wider_scope"] else MadeAs.METHOD
                project = start_from(
                    acting_user=acting_user,
                    organization=organization,
                    plan=proposed_plan(plan, offer_of(source, organization), made_as=made_as),
                    earlier=Earlier(source.slug, made_as=made_as),
                )
        if project.scope_is_missing:
            self.stderr.write("The scope is still to be written: do it on the settings page of the project.")
        self.stdout.write(f"Started {project.name} of {organization.name}, from {project.start_date.isoformat()}.")
        self.stdout.write(project.slug)

    def _organization(self, name: str, acting_user: User | None) -> Organization:
        found = list(Organization.objects.filter(name=name)[:2])
        if len(found) > 1:
            raise CommandError(f"--organization: there are several named {name!r}; rename one of them first")
        return found[0] if found else create_organization(acting_user=acting_user, name=name)
