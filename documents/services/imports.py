"""Taking in files that somebody has already: Word and Markdown as text, a PDF as it is."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.pdf.exceptions import PdfFailed
from common.pdf.pages import page_count
from common.texts import clean_text
from documents.choices import Classification, Origin
from documents.domain.markdown_in import fitted, without_front_matter
from documents.exceptions import DocumentRefused
from documents.models import DocumentVersion
from documents.services.begin import FirstText, take_in_text
from documents.services.bodies import checked_body
from documents.services.guards import own_draft
from documents.word.reading import MEGABYTE, MOST_BYTES, TextIn, word_to_markdown
from evidence import files
from evidence.choices import Classification as EvidenceClassification
from evidence.choices import ItemState
from evidence.domain.file_names import extension_of, shown_name
from evidence.file_types import type_of
from evidence.files import Incoming
from evidence.models import EvidenceItem
from evidence.selectors import item_of
from evidence.services.items import Facts, FileIn, add_evidence
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import refuse_stale

MOST_PDF_BYTES = 50 * MEGABYTE
PDF_TYPE = "application/pdf"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORD_OF_BEFORE = b"\xd0\xcf\x11\xe0"
TEXTS = frozenset({"md", "markdown", "txt"})


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came in: a PDF (`is_pdf`), which waits where `incoming` says, or what a text says."""

    name: str
    incoming: Incoming | None = None
    text: TextIn | None = None

    @property
    def is_pdf(self) -> bool:
        """Whether it is kept as it is."""
        return self.incoming is not None


def look_at(incoming: Incoming, name: str) -> Came:
    """What the file is that came in as `name`, and what it says where it becomes text. Nothing is written.

    The file is gone afterwards, but for a PDF. Raises FileRefused and DocumentRefused, in words, for all that cannot be
    taken; then it is gone too.
    """
    is_kept = False
    try:
        shown = shown_name(name)
        ending = extension_of(shown)
        if ending == "pdf":
            _check_pdf(incoming, shown)
            is_kept = True
            return Came(shown, incoming=incoming)
        return Came(shown, text=_text_of(incoming, shown, ending))
    finally:
        if not is_kept:
            files.discard(incoming.path)


def _text_of(incoming: Incoming, name: str, ending: str) -> TextIn:
    if ending in ("docm", "dotm"):
        raise DocumentRefused(
            _("Files with macros are not taken. Save it in Word as “Word document (.docx)”, then send it again."),
            field="file",
        )
    if ending not in ("docx", *TEXTS):
        raise DocumentRefused(
            _("Send a Word file (.docx), Markdown or plain text (.md, .txt), or a PDF. This one ends in .%(ending)s.")
            % {"ending": ending or "?"},
            field="file",
        )
    if incoming.size > MOST_BYTES:
        raise DocumentRefused(
            _("The file is larger than %(most)d MB. Leave out its pictures, or save it as PDF and send that.")
            % {"most": MOST_BYTES // MEGABYTE},
            field="file",
        )
    content = incoming.path.read_bytes()
    if ending == "docx":
        if not content.startswith(_WORD_OF_BEFORE):
            type_of(name, incoming.path)
        text = word_to_markdown(content)
    else:
        text = _plain(content, incoming.path, ending)
    body = checked_body(text.body)
    if not body:
        raise DocumentRefused(_("There is no text in this file."), field="file")
    return TextIn(body, text.notes)


def _plain(content: bytes, path: Path, ending: str) -> TextIn:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        said = content.decode(encoding)
    except UnicodeDecodeError:
        said = "\0"
    if "\0" in said or content.startswith((b"MZ", b"%PDF", b"PK\x03\x04", b"\x7fELF")):
        # The name may lie; where it does not, the letters are in an encoding that nobody can tell for certain.
        type_of(f"file.{'txt' if ending == 'txt' else 'md'}", path)
        raise DocumentRefused(
            _("The text is not in UTF-8, so its letters cannot be read for certain. Save it as UTF-8, then send it."),
            field="file",
        )
    text, had_front = without_front_matter(clean_text(said))
    notes = [_("The lines of facts before the text (front matter) are left out.")] if had_front else []
    if "](" in text and "![" in text:
        notes.append(_("Pictures that the text refers to do not come along. Attach them as evidence."))
    return TextIn(fitted(text), tuple(notes))


def _check_pdf(incoming: Incoming, name: str) -> None:
    most = min(MOST_PDF_BYTES, int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
    if incoming.size > most:
        raise DocumentRefused(
            _("The PDF is larger than %(most)d MB. Save it smaller.") % {"most": most // MEGABYTE}, field="file"
        )
    type_of(name, incoming.path)
    try:
        pages = page_count(incoming.path)
    except PdfFailed as error:
        raise DocumentRefused(
            _("The PDF cannot be opened: it is cut off, or a password locks it. Save it anew without, then send it."),
            field="file",
        ) from error
    if not pages:
        raise DocumentRefused(_("The PDF has no page."), field="file")


def take_in_pdf(
    *, acting_user: User | None, project: Project, key: str, version: int, incoming: Incoming, name: str, replace: bool
) -> DocumentVersion:
    """Keep a PDF that `look_at` has seen as evidence, and make it what the draft says. Two trail events.

    `replace`: the draft's text may give way; without it, RuleBroken where there is one. Raises as `take_in_text` and
    `add_evidence`, and nothing is kept then.
    """
    try:
        with transaction.atomic():
            draft = own_draft(acting_user, project, key)
            refuse_stale(draft, version=version, shown={}, sent={})
            if draft.body.strip() and not replace:
                raise RuleBroken(
                    _("The draft has a text. Tick that the PDF takes its place, or drop this draft first."),
                    field="replace",
                )
            document = draft.document
            is_confidential = document.classification == Classification.CONFIDENTIAL
            facts = Facts(
                title=f"{document.number} {document.full_title}"[:200],
                shows=_("The text of version %(number)s, as it came in.") % {"number": draft.number},
                owner=document.owner,
                classification=(
                    EvidenceClassification.CONFIDENTIAL if is_confidential else EvidenceClassification.INTERNAL
                ),
            )
            item = add_evidence(acting_user=acting_user, project=project, content=FileIn(incoming, name), facts=facts)
            text = FirstText(origin=Origin.FILE, note=shown_name(name), file=item)
            return take_in_text(acting_user=acting_user, project=project, key=key, version=version, text=text)
    finally:
        files.discard(incoming.path)


def take_in_kept(
    *, acting_user: User | None, project: Project, key: str, version: int, item_key: str
) -> DocumentVersion:
    """Make a PDF that is kept as evidence already what the draft says; nothing is kept twice. One trail event.

    Raises as `take_in_text`, RuleBroken for what is no PDF or does not count, EvidenceItem.DoesNotExist.
    """
    with transaction.atomic():
        own_draft(acting_user, project, key)
        item = item_of(project, access_to(project, acting_user), item_key)
        if item is None:
            raise EvidenceItem.DoesNotExist
        revision = item.revision
        if item.state != ItemState.CURRENT or revision is None or not revision.stored:
            raise RuleBroken(_("%(item)s no longer counts, or holds no file.") % {"item": item.key})
        if revision.content_type != PDF_TYPE:
            raise RuleBroken(_("%(item)s holds no PDF.") % {"item": item.key})
        text = FirstText(origin=Origin.FILE, note=revision.file_name, file=item)
        return take_in_text(acting_user=acting_user, project=project, key=key, version=version, text=text)


def take_in_words(
    *, acting_user: User | None, project: Project, key: str, version: int, body: str, name: str
) -> DocumentVersion:
    """Make what a file says, as its preview showed it, the text of the draft. One trail event. Raises `take_in_text`'s,
    and DocumentRefused for an empty text."""
    if not body.strip():
        raise DocumentRefused(_("There is no text in this file."), field="file")
    text = FirstText(body=body, origin=Origin.IMPORT, note=shown_name(name))
    return take_in_text(acting_user=acting_user, project=project, key=key, version=version, text=text)
