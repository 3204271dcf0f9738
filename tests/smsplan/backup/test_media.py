"""Stored files are packed, unpacked and exchanged as a whole, also where their folder cannot be renamed."""

import os
from pathlib import Path

import pytest

from smsplan.backup.media import exchange_media, media_files, pack_media, unpack_media


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Two files that were packed, then one changed and one came."""
    top = tmp_path / "media"
    (top / "a").mkdir(parents=True)
    (top / "a" / "1").write_bytes(b"one")
    (top / "2").write_bytes(b"two")
    pack_media(top, tmp_path / "media.tar")
    (top / "2").write_bytes(b"changed")
    (top / "3").write_bytes(b"new")
    return top


def content(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for path, name, _size in media_files(folder)}


OLD, NEW = {"a/1": b"one", "2": b"changed", "3": b"new"}, {"a/1": b"one", "2": b"two"}


def test_a_folder_is_exchanged_by_its_name(top: Path) -> None:
    new = unpack_media(top.parent / "media.tar", top)
    assert content(top) == OLD
    kept = exchange_media(top, new, "replaced-x")
    assert kept == top.parent / "media.replaced-x"
    assert (content(top), content(kept)) == (NEW, OLD)
    assert not new.exists()


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path, top: Path) -> None:
    other = tmp_path / "other" / "media"
    assert exchange_media(other, unpack_media(tmp_path / "media.tar", other), "replaced-x") is None
    assert content(other) == NEW


def test_within_a_mount_point_its_content_is_exchanged(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: path == top)
    for aside in ("replaced-x", "replaced-y"):
        new = unpack_media(top.parent / "media.tar", top)
        kept = exchange_media(top, new, aside)
        assert kept == top / f".{aside}"
        assert content(top) == NEW
    assert (content(top / ".replaced-x"), content(top / ".replaced-y")) == (OLD, NEW)
    # What was set aside is no part of the next backup.
    assert {entry["path"] for entry in pack_media(top, top.parent / "again.tar")} == set(NEW)
