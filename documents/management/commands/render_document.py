"""`manage.py render_document SLUG KEY --output FILE.pdf`: a document of a project as PDF."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.library import template_of
from documents.models import Document
from documents.pdf import VARIANTS, wanted_version, write_version
from documents.selectors import document_of
from projects.commands import acting_user_of, add_as_option, command_act, project_of
from projects.permissions import access_to
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write a document as PDF: the version in force, else the one on its way."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` names a version of the document here, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("key", help="Key of the document, as in its address.")
        parser.add_argument("--output", metavar="FILE.pdf", required=True)
        parser.add_argument("--variant", choices=VARIANTS, default=VARIANTS[0])
        parser.add_argument("--version", dest="which", metavar="M.N", default="", help="This version, such as 1.0.")
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        with command_act():
            require_capability(acting_user, "documents.view", project)
        document = document_of(project, access_to(project, acting_user), options["key"])
        if document is None:
            raise CommandError(_not_there(project.slug, options["key"]))
        try:
            with command_act():
                version = wanted_version(document, options["which"])
                facts = write_version(version, Path(options["output"]), variant=options["variant"])
        except ValueError as error:
            raise CommandError(f"--version: {options['which']!r} is no version; give one such as 1.0") from error
        except OSError as error:
            raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(
            f"Wrote {options['output']}: {document} {version.number} ({version.state}), {facts.pages} pages."
        )


def _not_there(slug: str, key: str) -> str:
    if template_of(key) is not None:
        return f"{slug} has not begun the document {key}; there is a template for it"
    near = Document.objects.filter(project__slug=slug).values_list("key", flat=True)[:5]
    return f"{slug} has no document {key}" + (f"; it has {', '.join(near)} and others" if near else "")
