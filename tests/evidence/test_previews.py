"""What files look like: drawn by a process with limits, kept apart from evidence, shown to who sees the item."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common import clock
from common.pdf import previews as drawing
from evidence import previews
from evidence.models import Revision
from evidence.selectors.previews import preview_of
from evidence.services.disposal import dispose_items
from evidence.services.items import withdraw_item
from evidence.services.previews import want_preview
from evidence.verification import check_files, check_orphans
from jobs.models import Job
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, png, stored_of

pytestmark = pytest.mark.django_db
ITEM = "/projects/alder/evidence/E-0001/"
PREVIEW = f"{ITEM}preview/1/"


def photo(width: int = 40, height: int = 20) -> bytes:
    """A picture as a telephone takes it: on its side, red at the left, with the name of the camera and a place."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    facts = Image.Exif()
    facts[0x0112], facts[0x010F] = 6, "Secret Camera"
    facts.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=facts, comment=b"Secret comment", quality=95)
    return out.getvalue()


def pdf_of(pages: int) -> bytes:
    """A PDF of blank pages."""
    out = io.BytesIO()
    sheets = [Image.new("RGB", (210, 297), "white") for _page in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


@pytest.fixture
def draw(django_capture_on_commit_callbacks):
    """Ask for the preview of a revision, and let the job run."""

    def run(revision: Revision):
        with django_capture_on_commit_callbacks(execute=True):
            want_preview(revision)
        return preview_of(revision)

    return run


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in (tmp_path / "previews").rglob("*") if path.is_file())


def test_a_photo_stands_upright_and_says_nothing_about_its_making(cast: Cast, draw) -> None:
    item = add(cast, photo(), "photo.jpg")
    assert draw(item.revision).pages == (1,)
    content = previews.page_path(item.revision.stored, 1).read_bytes()
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size, drawn.info, dict(drawn.getexif())) == ("PNG", (20, 40), {}, {})
        top = drawn.getpixel((10, 5))
        assert top[0] > 200 > 100 > top[2]
    assert b"Secret" not in content


def test_of_a_pdf_the_first_three_pages_are_drawn(cast: Cast, draw, tmp_path: Path) -> None:
    stands = draw(add(cast, pdf_of(5)).revision)
    assert (stands.state, stands.pages, stands.of) == ("ready", (1, 2, 3), 5)
    assert kept(tmp_path) == ["1.png", "2.png", "3.png", "json"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(PDF, "a.pdf", "could not be opened"), (png(400, 300)[:120], "a.png", "could not be opened")],
)
def test_what_cannot_be_drawn_says_why(cast: Cast, draw, monkeypatch, content: bytes, name: str, words: str) -> None:
    monkeypatch.setattr("evidence.file_types._check_pixels", lambda _path: None)
    stands = draw(add(cast, content, name).revision)
    assert stands.state == "failed"
    assert words in str(stands.why)


def test_a_flood_of_pixels_ends_the_drawing_and_nothing_else(cast: Cast, draw, monkeypatch) -> None:
    monkeypatch.setattr("evidence.file_types.MOST_PIXELS", 10**9)
    stands = draw(add(cast, png(11_000, 11_000, "1"), "flood.png").revision)
    assert (stands.state, str(stands.why)) == ("failed", "It has more pixels than a preview may take.")


def test_a_drawing_that_takes_too_long_is_stopped(cast: Cast, draw, monkeypatch) -> None:
    monkeypatch.setattr(drawing, "LIMITS", drawing.Limits(seconds=0))
    assert str(draw(add(cast, png(), "a.png").revision).why) == "Drawing it took too long and was stopped."


def test_an_altered_file_is_not_drawn_and_a_second_try_looks_again(cast: Cast, draw) -> None:
    item = add(cast, png(), "a.png")
    path, content = stored_of(item), png()
    path.chmod(0o640)
    path.write_bytes(b"other")
    assert "not what was taken in" in str(draw(item.revision).why)
    path.write_bytes(content)
    assert draw(item.revision).state == "ready"


def test_previews_are_no_evidence_and_can_be_thrown_away(cast: Cast, draw) -> None:
    revision = add(cast, png(), "a.png").revision
    draw(revision)
    assert [*check_files(False), *check_orphans(False)] == []
    assert previews.drop_old() == 0
    long_ago = (clock.now() - timedelta(days=91)).timestamp()
    for path in previews.page_path(revision.stored, 1).parent.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert previews.drop_old() == 2
    assert preview_of(revision).state == "missing"
    draw(revision)
    stored_of(revision.item).unlink()
    assert previews.drop_old() == 2


def test_disposal_takes_the_preview_along(cast: Cast, draw, tmp_path: Path, django_capture_on_commit_callbacks) -> None:
    item = add(cast, png(), "a.png")
    draw(item.revision)
    acts = {"acting_user": cast.people["mara"], "project": cast.project}
    withdraw_item(**acts, key=item.key, version=1, why="Old")
    with django_capture_on_commit_callbacks(execute=True), clock.moved_to(NOW + timedelta(days=1200)):
        dispose_items(**acts, chosen={item.key: 2})
    assert kept(tmp_path) == []
    assert str(preview_of(Revision.objects.get()).why) == "What it held was disposed of."


def test_the_page_asks_once_polls_and_shows(cast: Cast, sign_in, django_capture_on_commit_callbacks) -> None:
    add(cast, png(), "a.png")
    client = sign_in(cast.audra)
    assert "Make the preview" in client.get(ITEM).content.decode()
    with django_capture_on_commit_callbacks() as waiting:
        asked = client.post(PREVIEW, headers={"HX-Request": "true"}).content.decode()
        assert "every 1s" in asked
        client.post(PREVIEW)
    assert Job.objects.count() == 1
    for callback in waiting:
        callback()
    assert f'src="{PREVIEW}1/"' in client.get(ITEM).content.decode()
    picture = client.get(f"{PREVIEW}1/")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert picture["Cache-Control"] == "no-store, private"
    assert client.get(f"{PREVIEW}2/").status_code == 404


def test_adding_in_the_browser_asks_for_it(cast: Cast, sign_in, django_capture_on_commit_callbacks) -> None:
    form = {"classification": "internal", "file": SimpleUploadedFile("a.png", png())}
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.tim).post("/projects/alder/evidence/new/", form)
    assert preview_of(Revision.objects.get()).state == "ready"


def test_a_file_that_is_neither_picture_nor_pdf_says_so(cast: Cast, sign_in) -> None:
    add(cast, b"Some words", "notes.txt")
    client = sign_in(cast.tim)
    assert "Only pictures and PDFs are shown here" in client.get(PREVIEW).content.decode()
    assert client.post(PREVIEW).status_code == 302
    assert not Job.objects.exists()


def test_nobody_sees_the_preview_of_what_they_may_not_see(cast: Cast, draw, sign_in) -> None:
    draw(add(cast, png(), "a.png", who="petra", classification="confidential").revision)
    for who in ("tim", "bruno"):
        client = sign_in(cast.people[who])
        assert client.get(PREVIEW).status_code == 404
        assert client.post(PREVIEW).status_code == 404
        assert client.get(f"{PREVIEW}1/").status_code == 404
    assert sign_in(cast.petra).get(f"{PREVIEW}1/").status_code == 200
