"""All documents in force as one ZIP: a PDF each, and the master list as a workbook."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from common import clock
from common.paper.pages import series_of_papers
from common.workbook_out import to_xlsx
from documents.exports import COLUMNS, master_table
from documents.models import DocumentVersion
from documents.pdf import file_name, write_version
from documents.selectors.in_force import stands_on
from documents.selectors.register import register_rows
from projects.models import Project
from projects.permissions import Access

MASTER = "master-list.xlsx"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write_all(
    project: Project, access: Access, target: Path, *, report: Callable[[int, int, str], None] | None = None
) -> int:
    """Write the ZIP to `target`; returns how many PDFs it holds. One PDF is on the disk at a time.

    Entries bear no time of making. Raises RuleBroken and PdfFailed as `write_version`; the ZIP is no file then.
    """
    rows = register_rows(project, access)
    in_force = [row for row in rows if row.in_force is not None and row.document is not None]
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        zipfile.ZipFile(target, "w") as bundle,
        series_of_papers() as series,
    ):
        for place, row in enumerate(in_force):
            if report is not None:
                report(place, len(in_force), row.title)
            # The register leaves the words out; a paper needs them.
            version = DocumentVersion.objects.select_related("submitted_by", "file__revision").get(pk=row.in_force.pk)  # type: ignore[union-attr]  # in force, as chosen above
            stands_on(clock.today(project.time_zone), [version])
            version.document = row.document  # type: ignore[assignment]  # there, as chosen above
            version.document.project = project
            made = Path(folder, "one.pdf")
            write_version(version, made, series=series)
            _put(bundle, file_name(version), made.read_bytes())
        _put(bundle, MASTER, to_xlsx(str(_("Documents")), COLUMNS, master_table(rows)))
    return len(in_force)


def _put(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)
