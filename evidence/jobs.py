"""The kinds of long work of this app, registered when it is ready."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.spreadsheet import to_csv
from common.workbook_out import CSV, XLSX, XLSX_TYPE, to_xlsx
from evidence.exports import COLUMNS, register_table
from evidence.selectors.listing import RegisterQuery, filtered
from evidence.selectors.previews import PREVIEW_KIND
from evidence.selectors.register import RegisterRow, each_register_row
from evidence.selectors.uploads import CHECK_KIND
from evidence.services.intake import check_for
from evidence.services.previews import draw_for
from jobs.registry import JobKind, Work, register_job_kind
from projects.permissions import access_to

EXPORT_KINDS = {CSV: "evidence.export_csv", XLSX: "evidence.export_xlsx"}


def export_register(work: Work, *, form: str) -> str:
    """Write the register, as it was asked for, for who may see what of it now."""
    project = work.project
    access = access_to(project, work.job.requester)
    items = filtered(project, access, RegisterQuery(**work.job.parameters["query"]))
    total = items.count()
    work.progress(0, total, gettext("Reading the register"))
    table = register_table(_counted(each_register_row(project, access, items), work, total))
    content = to_xlsx("Evidence", COLUMNS, table) if form == XLSX else to_csv(COLUMNS, table).encode()
    work.target.write_bytes(content)
    return f"{project.slug}-evidence-{clock.today(project.time_zone).isoformat()}.{form}"


def _counted(rows: Iterable[RegisterRow], work: Work, total: int) -> Iterator[RegisterRow]:
    for place, row in enumerate(rows):
        if place % 500 == 0:
            work.progress(place, total, gettext("Writing the rows"))
        yield row


def register() -> None:
    """Make the kinds known."""
    register_job_kind(PREVIEW_KIND, JobKind(_("Preview of a piece of evidence"), "", draw_for, seconds=180))
    register_job_kind(CHECK_KIND, JobKind(_("Check of a large file"), "evidence.add", check_for, seconds=1800))
    for form, content_type in ((CSV, "text/csv; charset=utf-8"), (XLSX, XLSX_TYPE)):
        register_job_kind(
            EXPORT_KINDS[form],
            JobKind(
                _("Register of evidence as a file"),
                "evidence.view",
                partial(export_register, form=form),
                content_type=content_type,
                seconds=900,
            ),
        )
