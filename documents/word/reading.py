"""Reading a Word file: what it is, whether it may be read, and what it says as Markdown."""

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # it ships no types
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.pdf.channel import Request
from common.pdf.exceptions import PdfFailed, Why
from common.pdf.guard import run_guarded
from common.pdf.limits import Limits
from documents.domain.from_html import html_to_markdown
from documents.exceptions import DocumentRefused

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_TEXT_BYTES = 20 * MEGABYTE
MOST_ALL_XML = 40 * MEGABYTE
MOST_PARTS = 3000
MOST_ELEMENTS, MOST_DEEP = 600_000, 120
LIMITS = Limits(memory_mb=1536, file_mb=1, cpu_seconds=40, seconds=50)
_OLE = b"\xd0\xcf\x11\xe0"
_PICTURES = frozenset({"drawing", "pict", "object"})
_BODY = "word/document.xml"


@dataclass(slots=True)
class _Counted:
    pictures: int = 0
    taken: int = 0
    left: int = 0
    comments: int = 0
    elements: int = field(default=0, repr=False)


@dataclass(frozen=True, slots=True)
class TextIn:
    """What a file says as Markdown, and sentences for the person about what did not come along."""

    body: str
    notes: tuple[str, ...] = ()


def word_to_markdown(content: bytes) -> TextIn:
    """The text of the Word file `content`. Raises DocumentRefused, in words, for what cannot be read or must not be."""
    counted = _checked(content)
    try:
        html: str = run_guarded("documents.word.convert", Request(LIMITS, {}, {"docx": content}))["html"]
        body = html_to_markdown(html)
    except (PdfFailed, RecursionError) as error:
        raise _refused(_WORDS_OF.get(getattr(error, "why", Why.NESTING), "fault")) from error
    return TextIn(body, tuple(_notes(counted)))


_WORDS_OF = {Why.MEMORY: "large", Why.TIME: "large", Why.NESTING: "deep", Why.UNREADABLE: "broken"}


def _refused(what: str) -> DocumentRefused:
    words = {
        "locked": _(
            "The file is protected by a password, or is a Word file from before 2007. Open it in Word, take the "
            "password away, save it as .docx, then send it again."
        ),
        "macros": _("The file holds macros. Save it in Word as “Word document (.docx)”, without them."),
        "large": _("The text of the file is larger than we can read. Split it, or save it as PDF and send that."),
        "deep": _("The file is nested too deeply to be read. Save it as PDF and send that."),
        "entities": _("The file declares entities, which no Word file does. Save it anew in Word, then send that."),
        "broken": _("The file is no Word file that can be read. It may be cut off: open it in Word and save it anew."),
        "fault": _("The file could not be converted. Save it anew in Word, or save it as PDF and send that."),
    }
    return DocumentRefused(words[what], field="file")


def _checked(content: bytes) -> _Counted:
    """What is in the file, once it is certain that it can be unpacked and parsed within limits."""
    if content.startswith(_OLE):
        raise _refused("locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _looked_through(archive)
    except DefusedXmlException:
        raise _refused("entities") from None
    except (zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, DocumentRefused):
            raise
        # zipfile raises RuntimeError for a locked part, and NotImplementedError, one of its kind, for an odd packing.
        raise _refused("locked" if "password" in str(error) else "broken") from None


def _looked_through(archive: zipfile.ZipFile) -> _Counted:
    parts = archive.infolist()
    names = [each.filename for each in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise _refused("broken")
    if "[Content_Types].xml" not in names or _BODY not in names:
        raise _refused("broken")
    if any(name.lower().rpartition("/")[2] in ("vbaproject.bin", "vbadata.xml") for name in names):
        raise _refused("macros")
    texts = [each for each in parts if each.filename.lower().endswith((".xml", ".rels"))]
    if archive.getinfo(_BODY).file_size > MOST_TEXT_BYTES or sum(each.file_size for each in texts) > MOST_ALL_XML:
        raise _refused("large")
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise _refused("macros")
    counted = _Counted()
    for each in texts:
        with archive.open(each) as handle:
            _count(handle, counted, body=each.filename == _BODY)
    return counted


def _count(handle: object, counted: _Counted, *, body: bool) -> None:
    """Go through one part without keeping it. `defusedxml` refuses what a parser could be led astray by."""
    depth = 0
    path: list[Any] = []
    for event, element in iterparse(handle, events=("start", "end"), forbid_dtd=True):
        if event == "end":
            depth -= 1
            path.pop()
            element.clear()
            if path:
                # What is done with hangs on no parent any more, so that memory does not grow.
                path[-1].clear()
            continue
        depth += 1
        path.append(element)
        counted.elements += 1
        if depth > MOST_DEEP:
            raise _refused("deep")
        if counted.elements > MOST_ELEMENTS:
            raise _refused("large")
        if body:
            _note(element.tag.rpartition("}")[2], counted)


def _note(name: str, counted: _Counted) -> None:
    if name in _PICTURES:
        counted.pictures += 1
    elif name in ("ins", "moveTo"):
        counted.taken += 1
    elif name in ("del", "moveFrom"):
        counted.left += 1
    elif name == "commentReference":
        counted.comments += 1


def _notes(counted: _Counted) -> list[str]:
    notes = []
    if counted.pictures:
        notes.append(
            ngettext(
                "%(n)d picture or drawing is left out: a document holds text and tables. Attach it as evidence.",
                "%(n)d pictures and drawings are left out: a document holds text and tables. Attach them as evidence.",
                counted.pictures,
            )
            % {"n": counted.pictures}
        )
    if counted.taken or counted.left:
        notes.append(
            _(
                "The file has tracked changes. Insertions are taken (%(taken)d), deletions are left out (%(left)d), "
                "as if all were accepted."
            )
            % {"taken": counted.taken, "left": counted.left}
        )
    if counted.comments:
        notes.append(
            ngettext("%(n)d comment is left out.", "%(n)d comments are left out.", counted.comments)
            % {"n": counted.comments}
        )
    return notes
