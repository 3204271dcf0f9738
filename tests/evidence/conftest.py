"""Files that people send, and evidence of Alder's."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from evidence import files
from evidence.files import Incoming, receive
from evidence.models import EvidenceItem, EvidenceRequest
from evidence.services.items import Facts, FileIn, add_evidence
from evidence.services.requests import ask_for_evidence
from tests.cast import Cast

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def png(width: int = 4, height: int = 4, mode: str = "RGB") -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new(mode, (width, height), 1 if mode == "1" else "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """A folder of its own for the stored files of each test."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media" / "evidence"


def came(content: bytes = PDF, *, most: int = 10**9) -> Incoming:
    """A file that came in."""
    return receive([content[place : place + 1000] for place in range(0, len(content), 1000)] or [b""], most=most)


def add(cast: Cast, content: bytes = PDF, name: str = "report.pdf", who: str = "mara", **facts) -> EvidenceItem:
    """Take in a file of Alder's."""
    return add_evidence(
        acting_user=cast.people[who],
        project=cast.project,
        content=FileIn(came(content), name),
        facts=Facts(**facts),
    )


def ask_for(cast: Cast, who: str = "petra", **said) -> EvidenceRequest:
    """Let Mara ask somebody of Alder's for evidence by 20 March."""
    values = {"text": "Ten change records", "asked_of": cast.parties[who], "due": date(2026, 3, 20), **said}
    return ask_for_evidence(acting_user=cast.mara, project=cast.project, **values)


def stored_of(item: EvidenceItem) -> Path:
    """Where the newest revision of an item lies."""
    return files.stored_path(item.revision.stored)


def leftovers(media: Path) -> list[str]:
    """What lies in the folder of stored files, by name."""
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())
