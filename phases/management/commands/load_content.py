"""`manage.py load_content`: bring the content packs of this release into the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.content import ContentError, content_kinds


class Command(BaseCommand):
    help = "Load every content pack under fixtures/; a version that is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in content_kinds:
            packs = Path(settings.CONTENT_DIR, kind.folder)
            for folder in sorted(packs.iterdir()) if packs.is_dir() else ():
                if not (folder / kind.marker).is_file():
                    continue
                try:
                    loaded, is_new = kind.load(folder=folder)
                except ContentError as error:
                    raise CommandError(str(error)) from error
                self.stdout.write(f"{loaded}: {'loaded' if is_new else 'there already'}")
