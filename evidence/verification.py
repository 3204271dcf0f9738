"""Every stored file is what was taken in, and every file belongs to an item.

Files are hashed one after another, a megabyte at a time, in the order of their revisions. How far a run came is kept,
so that one that was broken off (`--resume`, and each night but Sunday) goes on instead of beginning anew.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from common import clock
from common.canonical import sha256_of
from evidence import files
from evidence.exceptions import FileDamaged
from evidence.models import Disposal, FileCheck, Revision

BATCH = 200
CHECKPOINT_BYTES = 256 * 1024 * 1024


def check_files(resume: bool) -> Iterator[str]:
    """Yield a sentence for each file that is altered, missing or unreadable, by key of its evidence; and for each
    record or link whose hash no longer fits. Nothing is ever hashed anew into the row.

    With `resume` it goes on where a run was broken off, and looks again at what that run found.
    """
    run = _run(resume=resume)
    again, found = list(run.found), set(run.found)
    for revision in _kept().filter(pk__in=again).order_by("pk"):
        if said := _wrong_with(revision):
            yield said
        else:
            found.discard(revision.pk)
    weight = 0
    while batch := list(_kept().filter(pk__gt=run.position).order_by("pk")[:BATCH]):
        for revision in batch:
            if said := _wrong_with(revision):
                found.add(revision.pk)
                yield said
            run.position = revision.pk
            weight += revision.size
            if weight >= CHECKPOINT_BYTES:
                _note(run, found)
                weight = 0
        _note(run, found)
    FileCheck.objects.filter(pk=run.pk).update(position=0, found=[], whole_at=clock.now())


def _run(*, resume: bool) -> FileCheck:
    run, made = FileCheck.objects.get_or_create(pk=1)
    if not made and not (resume and run.position):
        run.position, run.found, run.begun_at = 0, [], clock.now()
        run.save(update_fields=["position", "found", "begun_at"])
    return run


def _note(run: FileCheck, found: set[int]) -> None:
    FileCheck.objects.filter(pk=run.pk).update(position=run.position, found=sorted(found))


def _kept() -> QuerySet[Revision]:
    return Revision.objects.filter(disposed_at=None).select_related("item", "project")


def _wrong_with(revision: Revision) -> str:
    """What is wrong with a revision, "" where nothing is."""
    name = f"{revision.item.key} revision {revision.number} of {revision.project.slug}"
    if not revision.stored:
        return "" if _still_says(revision) else f"{name} is altered"
    try:
        files.check_stored(revision.stored, revision.sha256, revision.size)
    except FileDamaged as damage:
        # It may have been disposed of since the row was read: hashing what came before takes its time.
        if damage.what == "missing" and not _kept().filter(pk=revision.pk).exists():
            return ""
        return f"{name} is {damage.what}: {revision.stored}"
    except ValueError:
        return f"{name} is missing: it names no stored file"
    return ""


def _still_says(revision: Revision) -> bool:
    if revision.url:
        said = {"url": revision.url, "seen": revision.seen_note, "on": revision.seen_on}
        return sha256_of(said) == revision.sha256
    return files.text_sha256(revision.record) == revision.sha256


def check_orphans(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each stored file that no item stands for, such as a crash may leave.

    One folder at a time. A file gets its place a moment before its row is committed, so what nobody seems to know is
    asked for once more at the end.
    """
    strangers: list[str] = []
    for names in files.stored_by_folder():
        known = _known(names)
        strangers += [name for name in names if name not in known]
    leaving = _leaving() if strangers else {}
    for start in range(0, len(strangers), BATCH):
        names = strangers[start : start + BATCH]
        known = _known(names)
        for name in names:
            if name in leaving:
                said = f"{leaving[name]} was disposed of, and the next clean-up removes it"
                yield f"{files.FOLDER}/{name} is an orphan: {said}"
            elif name not in known:
                yield f"{files.FOLDER}/{name} is an orphan: no evidence stands for it"


def _known(names: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), BATCH):
        part = names[start : start + BATCH]
        found.update(Revision.objects.filter(stored__in=part).values_list("stored", flat=True))
    return found


def _leaving() -> dict[str, str]:
    """Files of disposals whose removal was cut off, and the item that each was of."""
    return {
        stored: f"{disposal.item.key} of {disposal.project.slug}"
        for disposal in Disposal.objects.filter(files_gone_at=None).select_related("item", "project")
        for stored in disposal.stored
    }
