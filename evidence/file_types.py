"""What a file is: by its ending and by its content, which must agree."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import magic
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from evidence.domain.file_names import extension_of
from evidence.exceptions import FileRefused

HEAD = 8192
_TAIL = 66_000
MOST_PIXELS = 100_000_000
_ZIP_END = b"PK\x05\x06"
_TEXT = frozenset({"text/plain"})
_ZIP = frozenset({"application/zip", "application/octet-stream"})
_OLE = frozenset({"application/x-ole-storage", "application/CDFV2", "application/octet-stream"})
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is taken: what it is sent as, and what its content may look like."""

    content_type: str
    looks: frozenset[str]
    is_image: bool = False
    is_archive: bool = False


def _office(content_type: str) -> FileType:
    return FileType(content_type, _ZIP | {content_type}, is_archive=True)


def _old_office(content_type: str) -> FileType:
    return FileType(content_type, _OLE | {content_type})


def _image(content_type: str, *looks: str) -> FileType:
    return FileType(content_type, frozenset({content_type, *looks}), is_image=True)


def _text(content_type: str, *looks: str) -> FileType:
    return FileType(content_type, _TEXT | {content_type, *looks})


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", frozenset({"application/pdf"})),
    "png": _image("image/png"),
    "jpg": _image("image/jpeg"),
    "jpeg": _image("image/jpeg"),
    "gif": _image("image/gif"),
    "webp": _image("image/webp"),
    "tif": _image("image/tiff"),
    "tiff": _image("image/tiff"),
    "bmp": _image("image/bmp", "image/x-ms-bmp"),
    "heic": FileType("image/heic", frozenset({"image/heic", "image/heif"})),
    "docx": _office(f"{_OFFICE}wordprocessingml.document"),
    "xlsx": _office(f"{_OFFICE}spreadsheetml.sheet"),
    "pptx": _office(f"{_OFFICE}presentationml.presentation"),
    "odt": _office(f"{_ODF}text"),
    "ods": _office(f"{_ODF}spreadsheet"),
    "odp": _office(f"{_ODF}presentation"),
    "doc": _old_office("application/msword"),
    "xls": _old_office("application/vnd.ms-excel"),
    "ppt": _old_office("application/vnd.ms-powerpoint"),
    "msg": _old_office("application/vnd.ms-outlook"),
    "zip": FileType("application/zip", frozenset({"application/zip"}), is_archive=True),
    "txt": _text("text/plain"),
    "log": _text("text/plain", "application/octet-stream"),
    "md": _text("text/markdown", "text/html"),
    "csv": _text("text/csv", "application/csv"),
    "tsv": _text("text/tab-separated-values"),
    "json": _text("application/json"),
    "yaml": _text("application/yaml"),
    "yml": _text("application/yaml"),
    "xml": _text("application/xml", "text/xml"),
    "html": _text("text/html"),
    "svg": _text("image/svg+xml", "text/xml"),
    "eml": _text("message/rfc822", "text/html"),
    "ics": _text("text/calendar"),
    "mp4": FileType("video/mp4", frozenset({"video/mp4", "video/quicktime", "video/x-m4v"})),
    "mp3": FileType("audio/mpeg", frozenset({"audio/mpeg"})),
}
TEXT_LOOKS_LIKE_CODE = ("text/x-", "application/javascript", "text/troff", "application/x-wine-extension-ini")


def type_of(name: str, path: Path) -> FileType:
    """The type of the file at `path` that was sent as `name`.

    Raises FileRefused for an ending that is not taken, for content that is something else, for a picture with too
    many pixels, and for a file that is two things at once.
    """
    ending = extension_of(name)
    known = TYPES.get(ending)
    if known is None:
        raise FileRefused(
            _("Files that end in .%(ending)s are not taken. Save it as PDF, picture, text or office file, or as ZIP.")
            % {"ending": ending or "?"},
            field="file",
        )
    with path.open("rb") as handle:
        head = handle.read(HEAD)
        handle.seek(0, io.SEEK_END)
        size = handle.tell()
        handle.seek(max(0, size - _TAIL))
        tail = handle.read()
    looks = magic.from_buffer(head, mime=True)
    is_text = known.content_type.startswith("text/") or bool(known.looks & _TEXT)
    fits = looks in known.looks or (is_text and looks.startswith(TEXT_LOOKS_LIKE_CODE))
    if not fits or (is_text and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise FileRefused(
            _("The file ends in .%(ending)s but its content is something else (%(looks)s). Send it under its own name.")
            % {"ending": ending, "looks": looks},
            field="file",
        )
    if not known.is_archive and not is_text and _ZIP_END in tail and known.content_type not in ("video/mp4",):
        raise FileRefused(_("The file is two things at once: an archive hides in it. Send them apart."), field="file")
    if known.is_image:
        _check_pixels(path)
    return known


def _check_pixels(path: Path) -> None:
    """Only the head of a picture is read here; nothing is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                width, height = image.size
                frames = getattr(image, "n_frames", 1) if image.format in ("GIF", "WEBP", "TIFF") else 1
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused(_("The picture cannot be read. It may be cut off: send it again."), field="file") from error
    if width * height * min(frames, 1000) > MOST_PIXELS:
        raise FileRefused(
            _("The picture has %(pixels)d million pixels. Save it smaller than 100 million.")
            % {"pixels": width * height // 1_000_000},
            field="file",
        )
