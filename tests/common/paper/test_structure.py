"""What a PDF of ours is made of, as pikepdf reads it. That it is valid is said by no test: only a validator can."""

from pathlib import Path
from typing import Any

import pytest

from common.paper.pages import write_paper
from common.pdf.render import FOR_ARCHIVE, FOR_READING
from tests.common.paper.papers import paper

pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")


@pytest.mark.parametrize("variant", [FOR_READING, FOR_ARCHIVE])
def test_structure_language_title_fonts_and_standard_are_there(tmp_path: Path, variant: str) -> None:
    write_paper(paper(title_page=True), tmp_path / "a.pdf", variant=variant)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        root: Any = pdf.Root
        assert "/StructTreeRoot" in root
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(root.Lang) == "en"
        assert len(pdf.attachments) == 0
        assert ("/OutputIntents" in root) is (variant == FOR_ARCHIVE)
        assert "/ID" in pdf.trailer
        described = [each for each in pdf.objects if _is(each, "/FontDescriptor")]
        assert described
        assert all("/FontFile2" in each or "/FontFile3" in each for each in described)
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == ("3B" if variant == FOR_ARCHIVE else "")
            assert metadata.get("pdfuaid:part") == ("1" if variant == FOR_READING else None)
            assert metadata["dc:title"] == "Service management policy, version 2.0"
            assert metadata["xmp:CreateDate"] == "2026-10-12T12:06:00Z"


def _is(thing: Any, kind: str) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == kind
