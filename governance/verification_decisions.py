"""Decisions still say what was decided: as their hash, their record and their own parts say."""

from collections.abc import Iterator

from common.canonical import sha256_of
from governance.choices import DecisionState
from governance.domain.frozen import contradictions
from governance.models import Decision


def check_decisions(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each decision whose moment is not what was hashed, pinned or possible."""
    made = Decision.objects.filter(state__in=(DecisionState.DECIDED, DecisionState.REOPENED))
    for row in made.select_related("project", "record__revision", "decided_by").iterator(chunk_size=50):
        name = f"decision {row.ref} of {row.project.slug}"
        if row.frozen is None or sha256_of(row.frozen) != row.sha256:
            yield f"{name} was changed"
            continue
        revision = row.record.revision if row.record is not None else None
        if revision is None or revision.sha256 != row.sha256:
            yield f"{name} is not what its record says"
        said = (row.outcome, row.words, row.decided_on.isoformat() if row.decided_on else "", row.gate_number)
        gate = row.frozen["gate"]
        kept = (row.frozen["outcome"], row.frozen["words"], row.frozen["decided_on"], int(gate[1:]) if gate else None)
        if said != kept:
            yield f"{name} says something else than its moment"
        for each in contradictions(row.frozen):
            yield f"{name} {each}"
