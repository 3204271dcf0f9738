"""The record of disposals as a table: a line for each revision whose content is gone."""

from collections.abc import Iterable, Iterator
from typing import Any

from evidence.models import Disposal

COLUMNS = (
    "key",
    "title",
    "kind",
    "revision",
    "sha256",
    "bytes",
    "file_name",
    "rule",
    "reason",
    "no_longer_counts_since",
    "disposed_at",
    "disposed_by",
)


def disposal_table(disposals: Iterable[Disposal]) -> Iterator[list[Any]]:
    """The rows under `COLUMNS`."""
    for disposal in disposals:
        item = disposal.item
        for each in disposal.revisions:
            yield [
                item.key,
                item.title,
                item.kind,
                each["revision"],
                each["sha256"],
                each["bytes"],
                each["file name"],
                disposal.rule,
                disposal.reason,
                item.left_at.isoformat(timespec="seconds") if item.left_at else "",
                disposal.disposed_at.isoformat(timespec="seconds"),
                str(disposal.disposed_by or ""),
            ]
