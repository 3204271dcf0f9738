"""Management reviews as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.reviews import ReviewStanding
from common import clock

REVIEW_COLUMNS = (
    "ref",
    "edition",
    "held_on",
    "covers_from",
    "covers_until",
    "led_by",
    "state",
    "inputs",
    "inputs_treated",
    "outcomes",
    "approved_by",
    "approved_on",
    "sha256",
    "record",
)


def review_lines(rows: Iterable[ReviewStanding]) -> Iterator[list[Any]]:
    """One row for each of `rows` under REVIEW_COLUMNS."""
    for each in rows:
        review = each.review
        yield [
            review.ref,
            review.edition,
            review.held_on,
            review.covers_from,
            review.covers_until,
            review.chair.name if review.chair is not None else "",
            review.state,
            each.inputs,
            each.treated,
            each.outputs,
            str(review.approved_by or ""),
            clock.day_of(review.approved_at, review.project.time_zone) if review.approved_at is not None else None,
            review.sha256,
            review.evidence.key if review.evidence is not None else "",
        ]
