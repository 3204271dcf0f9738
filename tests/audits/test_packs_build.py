"""Building packs: the same bytes for the same state, what goes in, and loud failure where something is wrong."""

import errno
import os
import signal
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from audits import pack_build
from audits.domain.pack_names import Names, plain_name
from audits.domain.pack_options import from_plain
from audits.pack_ask import checked_options
from audits.pack_build import PackFailed
from audits.selectors.pack_cut import PACK_KIND, cut_of
from audits.services.findings import FindingFacts, raise_finding, withdraw_finding
from audittrail.models import Event
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from evidence import files
from evidence.choices import Classification
from evidence.models import EvidenceItem
from evidence.services.items import Facts, FileIn, LinkIn, add_evidence, add_revision, change_facts, withdraw_item
from evidence.services.links import link_activities, unlink_activity
from evidence.services.records import pin_record
from phases.services.work import report_work
from tests.audits.packs import build, opened, verified
from tests.cast import NOW, Cast
from tests.evidence.conftest import add, came, stored_of


@pytest.fixture
def no_paper(monkeypatch, settings, tmp_path) -> None:
    """The index on paper takes a process of its own; most tests have no need of it."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(pack_build, "write_paper", lambda _paper, target, **_more: target.write_bytes(b"%PDF-"))


def exported(tmp_path: Path, name: str, *more: str) -> bytes:
    """What the command writes."""
    call_command("export_evidence_pack", "alder", "--output", str(tmp_path / name), *more, stderr=StringIO())
    return (tmp_path / name).read_bytes()


def test_the_command_gives_the_same_bytes_twice_with_all_that_the_contract_names(cast, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    add(cast, refs=("CH.i",))
    first = exported(tmp_path, "one.zip")
    with clock.moved_to(NOW + timedelta(days=3)):
        second = exported(tmp_path, "two.zip")

    assert first == second
    pack = opened(tmp_path / "one.zip")
    named = {"index.html", "index.pdf", "register.xlsx", "trail.jsonl", "manifest.json", "SHA256SUMS", "VERIFY.txt"}
    assert named | {"verify_pack.py"} <= set(pack.files)
    assert pack.files["index.pdf"].startswith(b"%PDF-")
    assert b"<script" not in pack.files["index.html"]
    assert b"http" not in pack.files["index.html"]
    assert verified(tmp_path / "one.zip")[0] == 0
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
    with pikepdf.open(BytesIO(pack.files["index.pdf"])) as paper:
        assert paper.open_metadata().pdfa_status == "3B"


def test_a_command_that_is_stopped_leaves_nothing_half_written_behind(cast, no_paper, tmp_path, monkeypatch):
    def stopped(*_paper: object, **_more: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(pack_build, "write_paper", stopped)
    folder = tmp_path / "packs"
    folder.mkdir()

    with pytest.raises(SystemExit) as ended:
        exported(folder, "one.zip")

    assert ended.value.code == 128 + signal.SIGTERM
    assert list(folder.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def change_much(cast: Cast, item: EvidenceItem) -> None:
    """All that can happen to an item, and to the plan, after a pack was built."""
    found = {"acting_user": cast.mara, "project": cast.project, "key": item.key}
    change_facts(**found, version=1, facts=Facts(title="Another title", classification=Classification.INTERNAL))
    add_revision(**found, version=2, content=FileIn(came(b"%PDF-1.7 newer\n"), "newer.pdf"), why="newer")
    unlink_activity(acting_user=cast.mara, project=cast.project, item=item, ref="CH.i")
    link_activities(acting_user=cast.mara, project=cast.project, items=[item], refs=["CH.a"])
    withdraw_item(**found, version=3, why="wrong month")
    add(cast, b"%PDF-1.7 later\n", "later.pdf", refs=("CH.i",))
    report_work(acting_user=cast.mara, project=cast.project, target=cast.target("CH.i"), status="in progress")


def test_a_pack_of_a_past_day_has_the_bytes_that_it_had_on_that_day(cast, tmp_path, no_paper):
    item = add(cast, refs=("CH.i",), title="Minutes of the change board")
    with clock.moved_to(NOW + timedelta(hours=1)):
        build(cast, tmp_path / "then.zip")
    with clock.moved_to(NOW + timedelta(days=10)):
        change_much(cast, item)
        build(cast, tmp_path / "now.zip")
        build(cast, tmp_path / "again.zip", as_of=NOW.date())

    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "then.zip").read_bytes()
    now = opened(tmp_path / "now.zip")
    assert now.evidence()["E-0001 2"]["title"] == "Another title"
    assert set(now.evidence()) == {"E-0001 2", "E-0002 1"}


def test_findings_go_in_as_they_stood(cast, tmp_path, no_paper):
    facts = FindingFacts(title="No approvals", found="Seven of nine lack one", grade="major", clauses=("8.5.1",))
    raised = raise_finding(acting_user=cast.audra, project=cast.project, facts=facts)
    with clock.moved_to(NOW + timedelta(days=2)):
        withdraw_finding(acting_user=cast.audra, finding=raised, version=raised.version, reason="It was another")
        build(cast, tmp_path / "then.zip", as_of=NOW.date(), clauses=("8.5.1",))
        build(cast, tmp_path / "now.zip", clauses=("8.5.1",))

    def page(name: str) -> str:
        files = opened(tmp_path / name).files
        return next(files[path] for path in files if path.startswith("clauses/8.5.1-")).decode()

    assert "No approvals" in page("then.zip")
    assert "<td>Open</td>" in page("then.zip")
    assert "<td>Withdrawn</td>" in page("now.zip")


def test_events_of_packs_neither_move_the_cut_nor_are_told(cast, tmp_path, no_paper):
    cut = cut_of(cast.project)
    record_event(stream_id=cast.project.uuid, acting_user=cast.mara, draft=Draft("build", PACK_KIND, "P-01", "secret"))
    assert cut_of(cast.project) == cut

    add(cast)
    build(cast, tmp_path / "pack.zip")
    pack = opened(tmp_path / "pack.zip")
    assert [event["seq"] for event in pack.trail] == list(range(1, cut.seq + 3))
    assert "payload" not in pack.trail[cut.seq]
    assert b"secret" not in b"".join(pack.files.values())


def test_the_trail_tells_what_is_in_and_gives_the_hash_of_all_else(cast, tmp_path, no_paper):
    add(cast, refs=("CH.i",), name="in.pdf")
    add(cast, b"%PDF-1.7 other\n", "out.pdf", refs=("MR.a",))
    build(cast, tmp_path / "pack.zip", clauses=("8.5.1",))

    pack = opened(tmp_path / "pack.zip")
    full = [event["payload"] for event in pack.trail if "payload" in event]
    assert any("in.pdf" in payload for payload in full)
    assert not any("out.pdf" in payload or ("Mara Moss" in payload and "membership" in payload) for payload in full)
    assert pack.manifest["trail"] == {"file": "trail.jsonl", "events": len(pack.trail), "told_in_full": len(full)}
    assert b"out.pdf" not in b"".join(pack.files.values())


def test_an_item_lies_once_in_the_folder_of_its_first_clause_with_its_links(cast, tmp_path, no_paper):
    add(cast, refs=("CH.i",), name="Protokoll März.pdf")
    link = LinkIn("https://wiki.example.org/x", "The list of changes", date(2026, 2, 27))
    add_evidence(acting_user=cast.mara, project=cast.project, content=link, facts=Facts(title="Wiki", refs=("CH.i",)))
    pin_record(acting_user=cast.mara, project=cast.project, kind="x", key="y", content={"a": "ü"}, title="Kept")
    build(cast, tmp_path / "pack.zip")

    pack = opened(tmp_path / "pack.zip")
    rows = pack.evidence()
    one = rows["E-0001 1"]
    folder = one["path"].split("/")[1]
    assert one["path"].endswith("/E-0001-r1-Protokoll-Marz.pdf")
    assert folder.startswith(one["links"]["clauses"][0] + "-")
    assert one["links"]["activities"] == ["CH.i"]
    assert (one["in_trail"], one["revision"], one["what"]) == (True, 1, "evidence")
    assert b"Protokoll-Marz.pdf" in pack.files[f"clauses/{folder}/index.html"]
    assert rows["E-0002 1"]["path"].endswith("/E-0002-r1-Wiki.json")
    assert b'"seen":"The list of changes"' in pack.files[rows["E-0002 1"]["path"]]
    assert rows["E-0003 1"]["path"] == "other/E-0003-r1-Kept.json"
    assert pack.files["other/E-0003-r1-Kept.json"] == '{"a":"ü"}'.encode()
    assert verified(tmp_path / "pack.zip")[0] == 0


def test_earlier_revisions_go_in_where_they_are_asked_for(cast, tmp_path, no_paper):
    item = add(cast)
    add_revision(
        acting_user=cast.mara, project=cast.project, key=item.key, version=1, why="newer",
        content=FileIn(came(b"%PDF-1.7 newer\n"), "newer.pdf"),
    )  # fmt: skip
    build(cast, tmp_path / "one.zip")
    build(cast, tmp_path / "all.zip", revisions="all")

    assert set(opened(tmp_path / "one.zip").evidence()) == {"E-0001 2"}
    assert set(opened(tmp_path / "all.zip").evidence()) == {"E-0001 1", "E-0001 2"}


def test_clause_component_phase_period_and_class_narrow_a_pack_down(cast, tmp_path, no_paper):
    add(cast, b"%PDF-1.7 a\n", "a.pdf", refs=("CH.i",), phase_number=1, collected_on=date(2026, 1, 20))
    add(cast, b"%PDF-1.7 b\n", "b.pdf", refs=("CH.i",), phase_number=2, collected_on=date(2026, 2, 20))
    add(cast, b"%PDF-1.7 c\n", "c.pdf", refs=("MR.a",), classification=Classification.CONFIDENTIAL)

    def keys(**asked) -> set[str]:
        build(cast, tmp_path / "pack.zip", **asked)
        return {key.partition(" ")[0] for key in opened(tmp_path / "pack.zip").evidence()}

    assert keys() == {"E-0001", "E-0002", "E-0003"}
    assert keys(components=("CH",)) == {"E-0001", "E-0002"}
    assert keys(phases=(2,)) == {"E-0002"} | (keys(phases=(2,)) & {"E-0003"})
    assert keys(clauses=("8.5.1",), until=date(2026, 1, 31)) == {"E-0001"}
    assert keys(since=date(2026, 2, 1), components=("CH",)) == {"E-0002"}
    assert keys(edition="2011", clauses=("9.2",)) == {"E-0001", "E-0002"}
    assert keys(classification="internal") == {"E-0001", "E-0002"}
    pack = opened(tmp_path / "pack.zip")
    assert pack.manifest["left_out"] == [
        {"what": "evidence", "name": "E-0003", "why": "It is confidential, and the pack was asked for without."}
    ]
    assert b"c.pdf" not in b"".join(pack.files.values())
    assert b"E-0003" in pack.files["index.html"]


def test_what_the_asker_may_not_see_is_left_out_and_listed_by_its_key_alone(cast, tmp_path, no_paper):
    add(cast, title="Salaries", name="salaries.pdf", classification=Classification.CONFIDENTIAL, refs=("CH.i",))
    build(cast, tmp_path / "pack.zip", who="petra")

    pack = opened(tmp_path / "pack.zip")
    assert pack.evidence() == {}
    assert [each["name"] for each in pack.manifest["left_out"]] == ["E-0001"]
    assert b"alaries" not in b"".join(pack.files.values())


@pytest.mark.parametrize(("how", "said"), [("alter", "is altered"), ("remove", "is missing"), ("cut", "is altered")])
def test_a_file_that_is_not_what_was_taken_in_fails_the_pack_and_is_named(cast, tmp_path, no_paper, how, said):
    add(cast, b"%PDF-1.7 fine\n", "fine.pdf")
    path = stored_of(add(cast, b"%PDF-1.7 the one\n", "the one.pdf"))
    os.chmod(path, 0o600)
    if how == "remove":
        path.unlink()
    else:
        path.write_bytes(b"%PDF-1.7 the One\n" if how == "alter" else b"%PDF")

    with pytest.raises(PackFailed, match=rf"E-0002 revision 1 \(the one.pdf\) {said}"):
        build(cast, tmp_path / "pack.zip")
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".zip"] == []


def test_a_full_disk_is_said_and_leaves_nothing(cast, tmp_path, no_paper, monkeypatch):
    add(cast)

    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(files, "pieces_of", full)
    with pytest.raises(PackFailed, match="The disk is full"):
        build(cast, tmp_path / "pack.zip")
    assert not (tmp_path / "pack.zip").exists()

    monkeypatch.setattr(pack_build.shutil, "disk_usage", lambda _path: SimpleNamespace(free=5 * 1024 * 1024))
    with pytest.raises(PackFailed, match="The pack needs 65 MB and the disk has 5 MB free"):
        build(cast, tmp_path / "pack.zip")


def test_days_before_the_project_and_days_ahead_are_refused_in_words(cast, tmp_path):
    with pytest.raises(RuleBroken, match=r"2026-03-09 has not come yet; today is 2026-03-02"):
        cut_of(cast.project, date(2026, 3, 9))
    with pytest.raises(RuleBroken, match="1999-01-01 lies before the project: its trail begins on 2026-01-12"):
        cut_of(cast.project, date(1999, 1, 1))
    with pytest.raises(CommandError, match="has not come yet"):
        exported(tmp_path, "x.zip", "--as-of", "2031-01-01")
    with pytest.raises(CommandError, match=r"The edition of 2011 has no clause 8\.5\.1"):
        exported(tmp_path, "x.zip", "--edition", "2011", "--clause", "8.5.1")
    with pytest.raises(CommandError, match="7 is no phase"):
        exported(tmp_path, "x.zip", "--phase", "7")
    assert list(tmp_path.glob("*.zip")) == []


def test_a_day_is_that_of_the_project_s_time_zone(cast):
    with clock.moved_to(NOW + timedelta(hours=5)):  # 14:00 in London, 3:00 of the next day in Auckland
        add(cast)
    with clock.moved_to(NOW + timedelta(days=5)):
        newest = cut_of(cast.project)
        assert cut_of(cast.project, date(2026, 3, 2)) == newest
        cast.project.time_zone = "Pacific/Auckland"
        assert cut_of(cast.project, date(2026, 3, 2)).seq == newest.seq - 1
        assert cut_of(cast.project, date(2026, 3, 3)).day == date(2026, 3, 3)


def test_a_trail_of_many_days_is_cut_at_the_last_event_of_the_day(cast):
    seqs = []
    for day in range(1, 4):
        with clock.moved_to(NOW + timedelta(days=day)):
            add(cast, f"%PDF-1.7 {day}\n".encode())
            seqs.append(Event.objects.filter(stream_id=cast.project.uuid).count())
    with clock.moved_to(NOW + timedelta(days=9)):
        assert [cut_of(cast.project, NOW.date() + timedelta(days=day)).seq for day in (1, 2, 3, 5)] == [*seqs, seqs[-1]]


def test_the_register_bears_no_time_of_making_and_lists_what_is_in(cast, tmp_path, no_paper):
    add(cast, refs=("CH.i",), title="=1+1")
    build(cast, tmp_path / "pack.zip")
    (tmp_path / "register.xlsx").write_bytes(opened(tmp_path / "pack.zip").files["register.xlsx"])

    book = load_workbook(tmp_path / "register.xlsx")
    assert book.properties.created == book.properties.modified == NOW.replace(tzinfo=None)
    rows = list(book["Evidence"].values)
    assert (rows[1][0], rows[1][2]) == ("E-0001", "'=1+1")
    assert book.sheetnames[:4] == ["Evidence", "Documents", "Activities", "Clauses"]


def test_names_are_plain_for_every_computer_and_never_alike():
    names = Names()
    given = [names.free(f"a/{plain_name(each)}") for each in ("Ab.pdf", "aB.PDF", "caf\u00e9.txt", "cafe\u0301.txt")]
    assert given == ["a/Ab.pdf", "a/aB-2.PDF", "a/cafe.txt", "a/cafe-2.txt"]
    assert plain_name("CON.txt") == "CON-.txt"
    assert plain_name("../../etc/pass*wd?.") == "etc-pass-wd"
    assert plain_name("変更.pdf") == "file.pdf"
    assert plain_name("x" * 300 + ".pdf") == "x" * 76 + ".pdf"


def test_options_come_back_from_their_plain_form(cast):
    options = checked_options(cast.project, clauses=("8.5.1", "4.1"), phases=("2",), since=date(2026, 1, 1))
    assert options.clauses == ("4.1", "8.5.1")
    assert from_plain(options.as_plain()) == options
