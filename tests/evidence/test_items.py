"""Taking in evidence: files, links, records; revisions; what stays of each failure."""

import hashlib
import os
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence import files
from evidence.choices import ProofNeeded
from evidence.exceptions import FileRefused, NoRoom, OffsetMismatch
from evidence.models import ActivityEvidence, EvidenceItem, IncomingFile, Revision, StorageUse
from evidence.registries import link_kinds
from evidence.selectors import same_content, seen_by
from evidence.selectors.register import register_rows
from evidence.services.intake import take_in_upload
from evidence.services.items import Facts, FileIn, LinkIn, add_evidence, add_revision, change_facts, withdraw_item
from evidence.services.links import link_activities, unlink_activity
from evidence.services.records import pin_record
from evidence.services.rules import set_rules
from evidence.services.uploads import add_piece, begin_upload, drop_old_uploads
from evidence.verification import check_files, check_orphans
from phases.services.work import change_status
from projects.permissions import access_to
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, came, leftovers, png, stored_of
from tests.phases.test_wording import said

pytestmark = pytest.mark.django_db


def test_a_file_is_kept_under_its_hash_and_proves_activities(cast: Cast, media) -> None:
    item = add(cast, shows="The signed policy", refs=("MR.a", "CH.i"))
    assert (item.key, item.title, item.revision.sha256) == ("E-0001", "report.pdf", hashlib.sha256(PDF).hexdigest())
    assert stored_of(item).read_bytes() == PDF
    assert stored_of(item).stat().st_mode & 0o777 == 0o440
    assert leftovers(media) == [item.revision.stored]
    assert said(cast) == "Mara Moss added the evidence E-0001 report.pdf"
    assert [link.activity.ref for link in ActivityEvidence.objects.all()] == ["MR.a", "CH.i"]
    assert StorageUse.objects.get().used == len(PDF)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.pdf", "empty"),
        (b"MZ\x90\x00" + b"\0" * 500, "invoice.pdf", "something else"),
        (PDF, "report.pdf.exe", "end in .exe"),
        (PDF, "report", r"end in .\?"),
        (PDF, "report.png", "something else"),
        (png(), "picture.pdf", "something else"),
        (png() + b"PK\x03\x04" + b"x" * 50 + b"PK\x05\x06" + b"\0" * 18, "picture.png", "two things at once"),
        (png()[:40], "cut.png", "cut off"),
        (b"MZ\0\0", "notes.txt", "something else"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(
    cast: Cast, media, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        add(cast, content, name)
    assert leftovers(media) == []
    assert not EvidenceItem.objects.exists()
    assert not StorageUse.objects.filter(used__gt=0).exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_read(cast: Cast) -> None:
    with pytest.raises(FileRefused, match="121 million pixels"):
        add(cast, png(11_000, 11_000, "1"), "flood.png")


def test_a_file_larger_than_allowed_is_refused_while_it_streams(cast: Cast, media) -> None:
    with pytest.raises(FileRefused, match="larger than 0 MB"):
        came(b"x" * 5000, most=4000)
    assert leftovers(media) == []


def test_what_fails_after_the_file_has_its_place_takes_it_away_again(cast: Cast, media) -> None:
    with pytest.raises(RuleBroken, match=r"no activity XX\.z"):
        add(cast, refs=("XX.z",))
    assert leftovers(media) == []
    assert StorageUse.objects.count() == 0


def test_the_quota_of_an_organization_is_not_passed(cast: Cast, settings, media) -> None:
    settings.EVIDENCE_QUOTA_MB = 1
    add(cast, b"a" * 600_000, "a.txt")
    with pytest.raises(NoRoom, match="may keep 1 MB"):
        add(cast, b"b" * 600_000, "b.txt")
    assert len(leftovers(media)) == 1


def test_a_newer_revision_leaves_the_older_one(cast: Cast) -> None:
    item = add(cast)
    newer = add_revision(
        acting_user=cast.mara,
        project=cast.project,
        key="E-0001",
        version=1,
        content=FileIn(came(PDF + b"%more\n"), "report.pdf"),
        why="Signed",
    )
    assert newer.revision.number == 2
    assert said(cast) == "Mara Moss added a newer revision of E-0001 report.pdf"
    assert stored_of(item).read_bytes() == PDF
    assert [each.number for each in Revision.objects.filter(item=item)] == [1, 2]
    refused: list[tuple[dict, str]] = [
        ({"why": " "}, "Say why"),
        ({"content": LinkIn("https://a.example", "x")}, "same kind"),
    ]
    for wrong, words in refused:
        values = {"content": FileIn(came(PDF), "report.pdf"), "why": "Again", **wrong}
        with pytest.raises(RuleBroken, match=words):
            add_revision(acting_user=cast.mara, project=cast.project, key="E-0001", version=2, **values)
    with pytest.raises(StaleWrite):
        add_revision(
            acting_user=cast.mara,
            project=cast.project,
            key="E-0001",
            version=1,
            content=FileIn(came(PDF + b"%third\n"), "report.pdf"),
            why="Late",
        )
    assert sum(len(names) for names in files.stored_by_folder()) == 2


def test_a_link_says_what_was_seen_and_when(cast: Cast) -> None:
    content = LinkIn("https://wiki.example/policy", "The signed policy, version 3")
    item = add_evidence(acting_user=cast.tim, project=cast.project, content=content, facts=Facts(title="Policy"))
    assert (item.revision.url, item.revision.seen_on) == ("https://wiki.example/policy", date(2026, 3, 2))
    for url in ("ftp://a.example", "javascript:alert(1)", "//evil.example", "wiki", "https://[bad"):
        with pytest.raises(RuleBroken, match="whole address"):
            add_evidence(acting_user=cast.tim, project=cast.project, content=LinkIn(url, "x"), facts=Facts())
    with pytest.raises(RuleBroken, match="what you saw"):
        add_evidence(acting_user=cast.tim, project=cast.project, content=LinkIn("https://a.example", ""), facts=Facts())


def test_a_record_is_pinned_as_it_stood(cast: Cast) -> None:
    item = pin_record(
        acting_user=cast.mara,
        project=cast.project,
        kind="answer",
        key="baseline Q-1",
        content={"value": "conforms", "on": date(2026, 3, 1)},
        title="Answer to Q-1",
    )
    assert item.revision.record == '{"on":"2026-03-01","value":"conforms"}'
    assert list(check_files(False)) == []


def test_duplicates_are_found_by_their_hash(cast: Cast) -> None:
    item = add(cast)
    again = add(cast, name="the same.pdf", who="petra", classification="confidential")
    access = access_to(cast.project, cast.tim)
    assert same_content(cast.project, access, item.revision.sha256) == [item]
    assert same_content(cast.project, access_to(cast.project, cast.petra), item.revision.sha256) == [item, again]


def test_confidential_items_are_absent_for_who_may_not_see_them(cast: Cast) -> None:
    add(cast, who="petra", classification="confidential")
    for name, count in {"petra": 1, "mara": 1, "audra": 1, "toma": 1, "tim": 0, "cora": 0}.items():
        assert seen_by(cast.project, access_to(cast.project, cast.people[name])).count() == count, name
    item = EvidenceItem.objects.get()
    with pytest.raises(EvidenceItem.DoesNotExist):
        link_activities(acting_user=cast.tim, project=cast.project, items=[item], refs=["CH.i"])
    with pytest.raises(EvidenceItem.DoesNotExist):
        change_facts(acting_user=cast.tim, project=cast.project, key="E-0001", version=1, facts=Facts(title="Mine"))


def test_auditors_add_nothing_and_members_change_only_their_own(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        add(cast, who="audra")
    add(cast, who="petra")
    with pytest.raises(NotPermitted, match="Who added it"):
        withdraw_item(acting_user=cast.tim, project=cast.project, key="E-0001", version=1, why="Old")


def test_what_is_said_about_an_item_changes_and_nothing_is_lost(cast: Cast) -> None:
    add(cast)
    change_facts(
        acting_user=cast.mara, project=cast.project, key="E-0001", version=1, facts=Facts(title="Policy, signed")
    )
    with pytest.raises(StaleWrite) as stale:
        change_facts(acting_user=cast.mara, project=cast.project, key="E-0001", version=1, facts=Facts(title="Mine"))
    assert stale.value.current["title"] == "Policy, signed"
    for wrong, field in [
        ({"collected_on": date(2026, 4, 1)}, "collected_on"),
        ({"covers_from": date(2026, 2, 1), "covers_until": date(2026, 1, 1)}, "covers_until"),
        ({"classification": "secret"}, "classification"),
        ({"valid_until": date(2200, 1, 1)}, "valid_until"),
    ]:
        with pytest.raises(RuleBroken) as refused:
            change_facts(
                acting_user=cast.mara, project=cast.project, key="E-0001", version=2, facts=Facts(title="T", **wrong)
            )
        assert refused.value.field == field


def test_links_are_made_once_and_taken_off(cast: Cast) -> None:
    item = add(cast)
    assert link_activities(acting_user=cast.tim, project=cast.project, items=[item], refs=["CH.i", "MR.a"]) == 2
    assert link_activities(acting_user=cast.tim, project=cast.project, items=[item], refs=["CH.i"]) == 0
    assert said(cast) == "Tim Tully linked E-0001 report.pdf to CH.i, MR.a"
    unlink_activity(acting_user=cast.tim, project=cast.project, item=item, ref="CH.i")
    assert said(cast) == "Tim Tully took E-0001 report.pdf off CH.i"


def test_the_register_names_refs_and_clauses_with_few_queries(cast: Cast, django_assert_num_queries) -> None:
    add(cast, refs=("CH.i",))
    access = access_to(cast.project, cast.mara)
    (row,) = register_rows(cast.project, access)
    assert (row.refs, row.freshness.value) == (("CH.i",), "fresh")
    assert "8.5.1.3" in row.clauses_2018
    for number in range(4):
        add(cast, PDF + b"%%%d\n" % number, refs=("MR.a", "CH.i"))
    with django_assert_num_queries(4 + len(list(link_kinds))):
        assert len(register_rows(cast.project, access)) == 5


def test_nothing_is_verified_without_evidence_where_the_project_asks_for_some(cast: Cast) -> None:
    set_rules(acting_user=cast.mara, project=cast.project, version=1, proof_needed=ProofNeeded.ALL, keep_months={})
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target()], status=status)
    with pytest.raises(RuleBroken, match="no evidence yet"):
        change_status(acting_user=cast.toma, project=cast.project, targets=[cast.target()], status="verified")
    add(cast, refs=("CH.i",))
    change_status(acting_user=cast.toma, project=cast.project, targets=[cast.target()], status="verified")
    assert cast.row().status == "verified"


# --- pieces ---------------------------------------------------------------------------------------------------


def test_a_large_file_comes_in_pieces_and_goes_on_after_a_break(
    cast: Cast, media, django_capture_on_commit_callbacks
) -> None:
    content = PDF + b"%" + b"x" * 5000
    upload = begin_upload(acting_user=cast.tim, project=cast.project, file_name="big.pdf", size=len(content))
    assert add_piece(acting_user=cast.tim, upload=upload, offset=0, piece=content[:3000]) == 3000
    with pytest.raises(OffsetMismatch) as mismatch:
        add_piece(acting_user=cast.tim, upload=upload, offset=0, piece=content[:3000])
    assert mismatch.value.offset == 3000
    with pytest.raises(RuleBroken, match="Send the rest"):
        take_in_upload(acting_user=cast.tim, upload=upload, facts=Facts())
    add_piece(acting_user=cast.tim, upload=upload, offset=3000, piece=content[3000:])
    with django_capture_on_commit_callbacks(execute=True):
        item = take_in_upload(acting_user=cast.tim, upload=upload, facts=Facts(refs=("CH.i",))).item
    assert stored_of(item).read_bytes() == content
    assert leftovers(media) == [item.revision.stored]
    with pytest.raises(IncomingFile.DoesNotExist):
        take_in_upload(acting_user=cast.tim, upload=upload, facts=Facts())


def test_a_piece_beyond_the_announced_size_or_anothers_is_refused(cast: Cast) -> None:
    upload = begin_upload(acting_user=cast.tim, project=cast.project, file_name="big.pdf", size=100)
    with pytest.raises(FileRefused):
        add_piece(acting_user=cast.tim, upload=upload, offset=0, piece=b"x" * 101)
    with pytest.raises(IncomingFile.DoesNotExist):
        add_piece(acting_user=cast.petra, upload=upload, offset=0, piece=b"x")
    for name, size, words in [("a.exe", 10, "end in .exe"), ("a.pdf", 0, "empty"), ("a.pdf", 3 * 2**30, "larger")]:
        with pytest.raises(FileRefused, match=words):
            begin_upload(acting_user=cast.tim, project=cast.project, file_name=name, size=size)


def test_what_never_came_in_whole_is_thrown_away_after_two_days(cast: Cast, media) -> None:
    begin_upload(acting_user=cast.tim, project=cast.project, file_name="big.pdf", size=100)
    assert drop_old_uploads() == 0
    assert len(leftovers(media)) == 1
    for path in media.rglob("*.part"):
        os.utime(path, (0, 0))
    with clock.moved_to(NOW + timedelta(days=3)):
        assert drop_old_uploads() == 1
    assert leftovers(media) == []


# --- integrity ------------------------------------------------------------------------------------------------


def test_verify_names_what_is_altered_missing_and_an_orphan(cast: Cast, media) -> None:
    altered, missing = add(cast), add(cast, PDF + b"%2\n", "two.pdf")
    path = stored_of(altered)
    path.chmod(0o640)
    path.write_bytes(PDF.replace(b"1 0 obj", b"2 0 obj"))
    stored_of(missing).unlink()
    (media / "ab").mkdir(exist_ok=True)
    (media / "ab" / ("ab" + "0" * 30)).write_bytes(b"stray")
    assert list(check_files(False)) == [
        f"E-0001 revision 1 of alder is altered: {altered.revision.stored}",
        f"E-0002 revision 1 of alder is missing: {missing.revision.stored}",
    ]
    assert list(check_orphans(False)) == [f"evidence/ab/ab{'0' * 30} is an orphan: no evidence stands for it"]


def test_a_changed_record_is_altered(cast: Cast) -> None:
    item = pin_record(
        acting_user=cast.mara, project=cast.project, kind="answer", key="Q", content={"value": 1}, title="Answer"
    )
    Revision.objects.filter(item=item).update(record='{"value":2}')
    assert list(check_files(False)) == ["E-0001 revision 1 of alder is altered"]


# --- commands -------------------------------------------------------------------------------------------------


def test_the_commands_take_in_a_file_and_write_the_register(cast: Cast, tmp_path, capsys) -> None:
    sent = tmp_path / "policy.pdf"
    sent.write_bytes(PDF)
    call_command("add_evidence", "alder", "--ref", "MR.b.1", "--file", str(sent), "--as", cast.mara.email)
    assert capsys.readouterr().out == "E-0001\n"
    target = tmp_path / "register.csv"
    call_command("export_evidence_register", "alder", "--format", "csv", "--output", str(target))
    head, line = target.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("key,revision,title,sha256,bytes,collected_on,valid_until,refs,clauses_2011,clauses_2018,")
    assert line.startswith(f"E-0001,1,policy.pdf,{hashlib.sha256(PDF).hexdigest()},{len(PDF)},2026-03-02,,MR.b.1,")
    call_command("export_evidence_register", "alder", "--format", "xlsx", "--output", str(tmp_path / "r.xlsx"))
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


def test_each_act_leaves_its_row_in_the_trail(cast: Cast) -> None:
    before = Event.objects.count()
    add(cast, refs=("CH.i",))
    assert Event.objects.count() == before + 1
