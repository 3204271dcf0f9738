"""verify_pack.py, as the process that an auditor starts: each thing that can be wrong is found and named."""

import hashlib
import json
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from audits import pack_build
from audits.pack.verify_pack import NoPack, Zip, verify
from tests.audits.packs import Opened, build, changed, opened, verified, written
from tests.cast import Cast
from tests.evidence.conftest import add

KEPT: dict[str, Path] = {}


@pytest.fixture
def pack(cast: Cast, tmp_path_factory: pytest.TempPathFactory, monkeypatch, settings) -> Path:
    """A pack of Alder's, built once for all of these tests."""
    if "pack" not in KEPT:
        settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
        monkeypatch.setattr(pack_build, "write_paper", lambda _paper, target, **_more: target.write_bytes(b"%PDF-"))
        add(cast, b"%PDF-1.7 the first\n", "first.pdf", refs=("CH.i",))
        add(cast, b"%PDF-1.7 the second\n", "Prüfung №2.pdf", refs=("CH.a", "CH.i"))
        KEPT["pack"] = tmp_path_factory.mktemp("pack") / "alder.zip"
        build(cast, KEPT["pack"])
    return KEPT["pack"]


@pytest.fixture
def read(pack: Path) -> Opened:
    """Its files."""
    return opened(pack)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where an altered one goes."""
    return tmp_path / "altered.zip"


def path_of(read: Opened, key: str) -> str:
    """Where an item lies."""
    return next(row["path"] for row in read.manifest["files"] if row.get("evidence") == key)


def sums(files: dict[str, bytes]) -> None:
    """Make the list of hashes fit, as somebody would who knows of it."""
    names = sorted(name for name in files if name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names]
    files["SHA256SUMS"] = "".join(lines).encode()


def told(files: dict[str, bytes], path: str) -> None:
    """Make manifest and list fit what a file says now."""
    manifest = json.loads(files["manifest.json"])
    for row in manifest["files"]:
        if row["path"] == path:
            row["sha256"], row["bytes"] = hashlib.sha256(files[path]).hexdigest(), len(files[path])
    files["manifest.json"] = json.dumps(manifest).encode()
    sums(files)


def test_a_pack_as_it_was_built_holds_and_the_words_say_so(pack, read):
    code, words = verified(pack)

    assert code == 0
    assert "The pack holds: nothing in it was altered, added, removed or renamed since it was built." in words
    assert f"as of event {read.manifest['cut']['seq']} of its trail" in words
    assert "The ZIP around the files is as it was built." in words
    assert "2 revisions of evidence have the hash that the trail told" in words
    assert "There is no signature beside the file" in words


def test_an_unpacked_pack_holds_and_sha256sum_agrees(pack, read, tmp_path):
    with zipfile.ZipFile(pack) as bundle:
        bundle.extractall(tmp_path)

    assert verified(tmp_path / read.top)[0] == 0
    run = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / read.top, capture_output=True, check=False
    )
    assert (run.returncode, run.stdout.count(b": OK")) == (0, len(read.files) - 1)

    (tmp_path / read.top / "more.txt").write_text("x")
    assert "more.txt: was added" in verified(tmp_path / read.top)[1]


def test_it_does_not_matter_who_zips_a_pack_anew(read, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in read.files.items():
            bundle.writestr(f"moved/{name}", content)

    code, words = verified(target)
    assert code == 0
    assert "The ZIP was packed anew by another program." in words


def test_any_one_bit_that_is_turned_around_is_found(pack, target):
    """Anywhere in the file: in what it holds, in the names, in what a ZIP says around them."""
    content, random = pack.read_bytes(), Random(13)
    directory = content.rindex(b"PK\x05\x06")
    places = [random.randrange(len(content)) for _ in range(60)]
    places += [random.randrange(directory - 6000, len(content)) for _ in range(120)]
    for place in places:
        altered = bytearray(content)
        altered[place] ^= 1 << random.randrange(8)
        target.write_bytes(altered)
        with suppress(NoPack):
            assert verify(str(target), signature=False).faults, place


def test_an_altered_file_is_named_with_what_it_is(read, target):
    path = path_of(read, "E-0001")

    code, words = verified(changed(target, read, lambda files: files.update({path: files[path][:-1] + b"!"})))

    assert code == 1
    assert f"WRONG   {path}: was altered: it is not what the manifest says (E-0001 1)" in words
    assert "The pack does NOT hold" in words


def test_a_bit_on_the_disk_is_named_by_its_file(pack, read, target):
    content = bytearray(pack.read_bytes())
    content[content.index(b"%PDF-1.7 the first") + 3] ^= 1
    target.write_bytes(content)

    code, words = verified(target)
    assert code == 1
    assert f"WRONG   {path_of(read, 'E-0001')}: was altered: its bytes do not fit its check sum" in words
    assert "the manifest knows them all" not in words


def test_an_added_a_removed_and_a_renamed_file_are_named(read, target):
    path = path_of(read, "E-0002")

    assert "evil.pdf: was added" in verified(changed(target, read, lambda files: files.update({"evil.pdf": b"x"})))[1]
    assert f"{path}: was removed" in verified(changed(target, read, lambda files: files.pop(path)))[1]
    renamed = changed(target, read, lambda files: files.update({"other/x.pdf": files.pop(path)}))
    assert verified(renamed) == (1, verified(renamed)[1])
    assert f"{path}: was renamed to other/x.pdf" in verified(renamed)[1]


@pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS", "trail.jsonl", "index.html", "verify_pack.py"])
def test_each_file_of_its_own_is_missed_and_its_alteration_found(read, target, name):
    gone = verified(changed(target, read, lambda files: files.pop(name)))
    assert (gone[0], f"{name}: was removed" in gone[1]) == (1, True)

    altered = verified(changed(target, read, lambda files: files.update({name: files[name].replace(b"e", b"f", 1)})))
    assert (altered[0], f"WRONG   {name}: was altered" in altered[1]) == (1, True)


def test_lines_of_the_list_in_another_order_are_an_alteration(read, target):
    def turn(files: dict[str, bytes]) -> None:
        files["SHA256SUMS"] = b"".join(sorted(files["SHA256SUMS"].splitlines(keepends=True)))

    assert "SHA256SUMS: was altered: its lines are not in their order" in verified(changed(target, read, turn))[1]


def test_a_file_changed_together_with_manifest_and_list_is_found_by_the_trail(read, target):
    path = path_of(read, "E-0001")

    def forge(files: dict[str, bytes]) -> None:
        files[path] = b"forged"
        told(files, path)

    code, words = verified(changed(target, read, forge))
    assert code == 1
    assert f"{path}: the trail never told of these bytes (E-0001 1)" in words


def trail_wrong(read: Opened, target: Path, change) -> str:
    """What is said of a trail that was changed by somebody who made manifest and list fit."""

    def forge(files: dict[str, bytes]) -> None:
        lines = files["trail.jsonl"].splitlines(keepends=True)
        change(lines)
        files["trail.jsonl"] = b"".join(lines)
        told(files, "trail.jsonl")

    code, words = verified(changed(target, read, forge))
    assert code == 1
    return words


def test_a_trail_that_was_cut_reordered_or_altered_is_found_though_manifest_and_list_fit(read, target):
    last = len(read.trail)

    def swap(lines: list[bytes]) -> None:
        lines[4], lines[5] = lines[5], lines[4]

    def reword(lines: list[bytes]) -> None:
        place = next(number for number, line in enumerate(lines) if b"first.pdf" in line)
        lines[place] = lines[place].replace(b"first.pdf", b"other.pdf")

    assert f"it was cut: events {last} to {last} are missing" in trail_wrong(read, target, lambda lines: lines.pop())
    assert "event 3 is missing or out of its place: event 4 follows" in trail_wrong(
        read, target, lambda lines: lines.pop(2)
    )
    assert "event 5 is missing or out of its place: event 6 follows" in trail_wrong(read, target, swap)
    assert "was altered: its content does not match its hash" in trail_wrong(read, target, reword)
    assert "line 1 is no event" in trail_wrong(read, target, lambda lines: lines.insert(0, b"{}\n"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("top/../../etc/passwd", "leads out of the pack"),
        ("/etc/passwd", "leads out of the pack (an absolute path)"),
        ("C:/x", "leads out of the pack (an absolute path)"),
        ("top/a\\b", "has letters in its name that no pack has"),
    ],
)
def test_names_that_lead_out_of_a_pack_are_named(read, target, name, said):
    written(target, read.files, "top")
    with zipfile.ZipFile(target, "a") as bundle:
        bundle.writestr(zipfile.ZipInfo(name), b"x")

    code, words = verified(target)
    assert (code, said in words) == (1, True)


def test_names_that_differ_by_capital_letters_alone_or_stand_twice_are_named(read, target):
    written(target, {**read.files, "INDEX.html": b"x"}, "top")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as bundle:
        bundle.writestr("top/index.pdf", b"x")

    words = verified(target)[1]
    assert "differs from index.html by capital letters alone" in words
    assert "index.pdf: stands in the ZIP twice" in words


def test_what_is_no_pack_is_said_to_be_none(pack, tmp_path):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(pack.read_bytes()[: pack.stat().st_size // 2])
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("manifest.json", bytes(50_000_000))
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as bundle:
        bundle.writestr("holiday.jpg", b"x")

    assert verified(cut)[0] == 2
    assert "it was cut off or altered" in verified(cut)[1]
    assert "would grow from" in verified(bomb)[1]
    assert verified(other) == (
        2,
        "There is no pack that could be verified: the ZIP holds neither manifest.json nor SHA256SUMS.\n",
    )
    assert verified(tmp_path / "nothing.zip")[0] == 2
    assert json.loads(verified(cut, "--json")[1])["read"] is False


def test_the_report_for_programs_says_the_same(pack, read, target):
    said = json.loads(verified(pack, "--json")[1])
    assert (said["read"], said["ok"], said["faults"]) == (True, True, [])
    assert said["pack"]["cut"] == read.manifest["cut"]

    changed(target, read, lambda files: files.update({"evil.pdf": b"x"}))
    said = json.loads(verified(target, "--json")[1])
    assert said["ok"] is False
    assert ["evil.pdf", "was added: the manifest does not know it"] in said["faults"]


def test_headers_of_the_zip_are_those_that_were_written(pack):
    source = Zip(str(pack))
    assert all(source.is_as_built(entry) for entry in source.all)
    assert source.end_is_as_built()
    source.close()
