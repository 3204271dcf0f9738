"""Every stored file is what was taken in, and every file belongs to an item."""

from collections.abc import Iterator

from common.canonical import sha256_of
from evidence import files
from evidence.exceptions import FileDamaged
from evidence.models import Revision


def check_files(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each file that is altered, missing or unreadable, by key of its evidence; and for each
    record or link whose hash no longer fits. Nothing is ever hashed anew into the row."""
    rows = Revision.objects.filter(disposed_at=None).select_related("item", "project").order_by("pk")
    for revision in rows.iterator(chunk_size=500):
        name = f"{revision.item.key} revision {revision.number} of {revision.project.slug}"
        if revision.stored:
            try:
                files.check_stored(revision.stored, revision.sha256, revision.size)
            except FileDamaged as damage:
                yield f"{name} is {damage.what}: {revision.stored}"
            except ValueError:
                yield f"{name} is missing: it names no stored file"
        elif not _still_says(revision):
            yield f"{name} is altered"


def _still_says(revision: Revision) -> bool:
    if revision.url:
        said = {"url": revision.url, "seen": revision.seen_note, "on": revision.seen_on}
        return sha256_of(said) == revision.sha256
    return files.text_sha256(revision.record) == revision.sha256


def check_orphans(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each stored file that no item stands for, such as a crash may leave."""
    known = set(Revision.objects.exclude(stored="").values_list("stored", flat=True))
    for stored in files.stored_names():
        if stored not in known:
            yield f"{files.FOLDER}/{stored} is an orphan: no evidence stands for it"
