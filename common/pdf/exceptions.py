"""Why there is no PDF."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import ServiceError


class Why(StrEnum):
    """What kept a process from its result: said by it, or seen from how it ended."""

    MEMORY = "memory"
    TIME = "time"
    FILE_SIZE = "file size"
    DISK = "disk"
    NESTING = "nesting"
    MISSING = "missing"
    PICTURE = "picture"
    ATTACHMENT = "attachment"
    NAMELESS = "nameless"
    UNREADABLE = "unreadable"
    NO_PAGE = "no page"
    LIBRARY = "library"
    FAULT = "fault"


_WORDS: dict[Why, str | Promise] = {
    Why.MEMORY: _("The document is too large: its PDF needs more memory than one may take. Leave something out."),
    Why.TIME: _("The PDF took too long and was stopped. Leave something out, or try again when less is going on."),
    Why.FILE_SIZE: _("The PDF would be larger than a file may be. Leave something out, or use smaller pictures."),
    Why.DISK: _("The disk is full. Nothing of it was kept. Tell the administrator, then try again."),
    Why.NESTING: _("The document is nested too deeply to be printed. Look for tables or lists inside each other."),
    Why.MISSING: _("The document refers to something that is not part of it: %(what)s. Remove that, then try again."),
    Why.PICTURE: _("A picture in the document cannot be printed: %(what)s. Replace it by a PNG or JPEG of usual size."),
    Why.ATTACHMENT: _("The document wants to attach a file: %(what)s. A PDF of ours carries none. Remove that link."),
    Why.NAMELESS: _("The document has no title or no language, which a PDF for everybody must have."),
    Why.UNREADABLE: _("The file is no PDF that can be read."),
    Why.NO_PAGE: _("The PDF has no such page."),
    Why.LIBRARY: _("PDFs cannot be made here: a library is missing. Tell the administrator to run make setup."),
    Why.FAULT: _("The PDF failed for a reason that the administrator finds in the log."),
}


class PdfFailed(ServiceError):
    """There is no PDF, no picture and no half of one; the message is a sentence for the person who asked."""

    def __init__(self, why: Why, what: str = "") -> None:
        words = gettext(str(_WORDS[why]))
        super().__init__(words % {"what": what[:120]} if "%(what)s" in words else words)
        self.why = why
