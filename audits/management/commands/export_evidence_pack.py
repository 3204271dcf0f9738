"""`manage.py export_evidence_pack SLUG --output FILE.zip`: an evidence pack, the same bytes for the same state."""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.domain.pack_options import ALL, CONFIDENTIAL, CURRENT, INTERNAL, PUBLIC
from audits.pack_ask import checked_options
from audits.pack_build import build_pack
from audits.pack_sign import sign_pack
from audits.selectors.pack_cut import cut_of
from audits.services.packs import record_export
from evidence.files import hash_of
from projects.commands import acting_user_of, add_as_option, command_act, day_of, project_of, tidy_when_stopped
from projects.permissions import access_to
from projects.services.guards import require_capability


class Command(BaseCommand):
    help = "Write an evidence pack of a project as a ZIP that can be verified without this system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the project, as in its address.")
        parser.add_argument("--output", metavar="FILE.zip", required=True, help="Write to this file.")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", default="", help="As it stood at the end of this day.")
        parser.add_argument("--phase", metavar="N", action="append", default=[], help="Only this phase (repeatable).")
        parser.add_argument(
            "--clause", metavar="N.N", action="append", default=[], help="Only this clause and those below it."
        )
        parser.add_argument("--component", metavar="CODE", action="append", default=[], help="Only this component.")
        parser.add_argument("--edition", choices=["2011", "2018"], default="", help="Default: the project's.")
        parser.add_argument("--since", metavar="YYYY-MM-DD", default="", help="Evidence of this day and later.")
        parser.add_argument("--until", metavar="YYYY-MM-DD", default="", help="Evidence of this day and earlier.")
        parser.add_argument(
            "--classification",
            choices=[PUBLIC, INTERNAL, CONFIDENTIAL],
            default=CONFIDENTIAL,
            help="The highest class that goes in.",
        )
        parser.add_argument("--revisions", choices=[CURRENT, ALL], default=CURRENT)
        add_as_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        acting_user = acting_user_of(options["acting_as"])
        project = project_of(options["slug"], acting_user)
        days = {name: day_of(f"--{name.replace('_', '-')}", options[name]) if options[name] else None
                for name in ("as_of", "since", "until")}  # fmt: skip
        target = Path(options["output"])
        with command_act():
            require_capability(acting_user, "packs.build", project)
            wanted = checked_options(
                project,
                edition=options["edition"],
                clauses=options["clause"],
                components=options["component"],
                phases=options["phase"],
                since=days["since"],
                until=days["until"],
                classification=options["classification"],
                revisions=options["revisions"],
            )
            cut = cut_of(project, days["as_of"])
            try:
                with tidy_when_stopped(), tempfile.TemporaryDirectory(dir=target.parent, prefix=".pack-") as folder:
                    made = Path(folder, "pack.zip")
                    built = build_pack(project, access_to(project, acting_user), cut, wanted, made)
                    signed_by = sign_pack(made)
                    sha256, size = hash_of(made)
                    os.replace(made, target)
                    if signed_by:
                        os.replace(f"{made}.p7s", f"{target}.p7s")
                record_export(acting_user=acting_user, project=project, cut=cut.seq, sha256=sha256, size=size)
            except OSError as error:
                raise CommandError(f"--output: {options['output']!r} cannot be written: {error.strerror}") from error
        self.stderr.write(
            f"Wrote {target}: {built.files} files, {built.size} bytes, cut at event {cut.seq} of {cut.day}."
        )
        self.stderr.write(f"SHA-256 {sha256}; " + (f"signed by {signed_by}." if signed_by else "not signed."))
        if built.left_out:
            self.stderr.write(f"{built.left_out} things were left out; the index says which and why.")
