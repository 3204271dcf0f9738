"""Checking all stored files: broken off and gone on with, and what happens meanwhile."""

from pathlib import Path

import pytest

from evidence import files, verification
from evidence.models import EvidenceItem, FileCheck
from evidence.selectors.integrity import last_whole_check
from evidence.services.disposal import dispose_items
from evidence.verification import check_files, check_orphans
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, leftovers, stored_of
from tests.evidence.test_retention import nothing_kept, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked_at(monkeypatch) -> list[str]:
    """The stored names of the files that were hashed, in order; the place is kept after each of them."""
    seen: list[str] = []
    check = files.check_stored

    def noting(stored: str, sha256: str, size: int) -> Path:
        seen.append(stored)
        return check(stored, sha256, size)

    monkeypatch.setattr(files, "check_stored", noting)
    monkeypatch.setattr(verification, "CHECKPOINT_BYTES", 1)
    monkeypatch.setattr(verification, "BATCH", 2)
    return seen


def alter(item: EvidenceItem) -> str:
    """Write over the file of an item; returns what a check says."""
    path = stored_of(item)
    path.chmod(0o640)
    path.write_bytes(b"other")
    return f"{item.key} revision 1 of alder is altered: {item.revision.stored}"


def test_a_check_that_was_broken_off_goes_on_and_forgets_no_finding(cast: Cast, looked_at: list[str]) -> None:
    items = [add(cast, PDF + b"%%%d" % number) for number in range(5)]
    stored = [item.revision.stored for item in items]
    first, fourth = alter(items[0]), alter(items[3])
    run = check_files(False)
    assert [next(run), next(run)] == [first, fourth]
    run.close()  # the process ends at the fourth file
    assert last_whole_check() is None
    looked_at.clear()
    assert list(check_files(True)) == [first, fourth]
    assert looked_at == [stored[0], stored[3], stored[4]]
    assert last_whole_check() == NOW
    for resume in (True, False):
        looked_at.clear()
        assert list(check_files(resume)) == [first, fourth]
        assert looked_at == stored
    assert FileCheck.objects.count() == 1


def test_without_resume_it_begins_anew(cast: Cast, looked_at: list[str]) -> None:
    items = [add(cast, PDF + b"%%%d" % number) for number in range(3)]
    said = alter(items[1])
    run = check_files(False)
    assert next(run) == said
    run.close()
    looked_at.clear()
    assert list(check_files(False)) == [said]
    assert looked_at == [item.revision.stored for item in items]


def test_what_is_disposed_of_while_files_are_hashed_is_not_missing(
    cast: Cast, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    nothing_kept(cast)
    add(cast)
    withdrawn(cast, PDF + b"%2")
    check = files.check_stored

    def disposing(stored: str, sha256: str, size: int) -> Path:
        monkeypatch.setattr(files, "check_stored", check)
        with django_capture_on_commit_callbacks(execute=True):
            dispose_items(acting_user=cast.mara, project=cast.project, chosen={"E-0002": 2})
        return check(stored, sha256, size)

    monkeypatch.setattr(files, "check_stored", disposing)
    assert list(check_files(False)) == []


def test_a_file_whose_row_is_committed_meanwhile_is_no_orphan(cast: Cast, monkeypatch) -> None:
    add(cast)
    known, answers = verification._known, [set()]
    monkeypatch.setattr(verification, "_known", lambda names: answers.pop() if answers else known(names))
    assert list(check_orphans(False)) == []


def test_a_file_is_an_orphan_wherever_it_lies_but_not_while_it_comes_in(cast: Cast, media: Path) -> None:
    item = add(cast)
    for name in ("stray.pdf", f"{item.revision.stored}.bak", "deep/er/file", "incoming/0.part"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(b"x")
    strays = ["stray.pdf", f"{item.revision.stored}.bak", "deep/er/file"]
    assert {said.split(" is an orphan")[0] for said in check_orphans(False)} == {f"evidence/{name}" for name in strays}
    assert len(leftovers(media)) == 5
