"""Approved management reviews still say what was approved: as their hash, their record and their own parts say."""

import json
from collections.abc import Iterator

from audits.choices import ReviewState
from audits.models import Review
from common.canonical import sha256_of


def check_reviews(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each approved review that is not what was hashed, or not what its record says."""
    rows = Review.objects.filter(state=ReviewState.APPROVED).select_related("project", "evidence__revision")
    for row in rows.iterator(chunk_size=50):
        name = f"management review {row.ref} of {row.project.slug}"
        try:
            record = json.loads(row.record)
            intact = sha256_of(record) == row.sha256
        except ValueError:
            intact = False
        if not intact:
            yield f"{name} was changed"
            continue
        revision = row.evidence.revision if row.evidence is not None else None
        if revision is None or revision.sha256 != row.sha256:
            yield f"{name} is not what its evidence says"
        if (row.conclusion, row.held_on.isoformat()) != (record["conclusion"], record["held_on"]):
            yield f"{name} says something else than its record"
