"""A document under control set on pages: HTML for `common.pdf`, and the PDF itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common.paper.glyphs import shown
from common.paper.paper import ControlledPaper, Heading
from common.pdf.render import FOR_READING, PdfFacts, render_pdf
from common.pdf.series import Series

_BODY = re.compile(r"<body.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A section in the contents, with what stands below it."""

    heading: Heading
    below: tuple[Heading, ...]


def paper_html(paper: ControlledPaper) -> str:
    """The whole document. A letter that no font of ours has becomes a sign that says so (`common.paper.glyphs`)."""
    with translation.override(paper.language):
        html = render_to_string("print/paper/paper.html", paper_context(paper))
    # The head says title and people in any letters: no font is needed for it.
    return _BODY.sub(lambda found: shown(found[0]), html, count=1)


def paper_context(paper: ControlledPaper) -> dict[str, object]:
    """What the template of a paper needs; a page that shows one gives `on_screen` with it."""
    return {
        "paper": paper,
        "created": paper.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "language": paper.language,
        "control": control_rows(paper),
        "entries": contents_of(paper.headings),
        "digest_halves": [paper.digest[:32], paper.digest[32:]],
        "mark_size": "long" if len(paper.mark) > 9 else "",
    }


def paper_images(paper: ControlledPaper) -> dict[str, bytes]:
    """The images that `paper_html` refers to."""
    logo = {paper.style.logo_name: paper.style.logo} if paper.style.logo else {}
    return {**paper.images, **logo}


def write_paper(
    paper: ControlledPaper,
    target: Path,
    *,
    variant: str = FOR_READING,
    base_url: str = "",
    series: Series | None = None,
) -> PdfFacts:
    """Write the PDF of `paper` to `target`, whole or not at all; the same paper gives the same bytes, alone or as
    one of a `series_of_papers`.

    Raises PdfFailed, in words for a person.
    """
    return render_pdf(
        paper_html(paper),
        target,
        images=paper_images(paper),
        base_url=base_url,
        variant=variant,
        own_fonts=True,
        series=series,
    )


def series_of_papers() -> Series:
    """For several papers one after another; to be used as a context manager, and given to `write_paper`."""
    return Series(own_fonts=True)


def control_rows(paper: ControlledPaper) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The rows of the control table, left and right; a row without words is left out."""
    people = "; ".join(", ".join(part for part in (each.name, each.role) if part) for each in paper.approvals)
    left = [
        (_("Number"), paper.number),
        (_("Version"), paper.version),
        (_("State"), paper.state),
        (_("Classification"), paper.classification),
        (_("Serves"), paper.serves),
    ]
    right = [
        (paper.owner_label or _("Owner"), paper.owner),
        (paper.approvals_label or _("Approved by"), people),
        (_("Approved on"), paper.approved_on),
        (_("In force from"), paper.in_force),
        (_("Next review"), paper.review),
    ]
    left, right = [row for row in left if row[1]], [row for row in right if row[1]]
    for row in paper.facts:
        (left if len(left) <= len(right) else right).append(row)
    return left, right


def contents_of(headings: Iterable[Heading]) -> list[Entry]:
    """Sections with what stands below them. Something below no section stands as one."""
    entries: list[Entry] = []
    for heading in headings:
        if heading.level == 2 or not entries:
            entries.append(Entry(heading, ()))
        else:
            last = entries[-1]
            entries[-1] = Entry(last.heading, (*last.below, heading))
    return entries
