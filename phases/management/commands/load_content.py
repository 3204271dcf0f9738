"""`manage.py load_content`: bring the content packs of this release into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from phases.exceptions import ContentError
from phases.services.catalogues import load_catalogue


class Command(BaseCommand):
    help = "Load every catalogue pack under fixtures/; a version that is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in sorted(Path(settings.CONTENT_DIR, "catalogues").iterdir()):
            if not (folder / "catalogue.yaml").is_file():
                continue
            try:
                catalogue, is_new = load_catalogue(folder=folder)
            except ContentError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{catalogue}: {'loaded' if is_new else 'there already'}")
