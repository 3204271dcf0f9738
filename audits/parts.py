"""What the parts of this app register when it is ready: one module a part, `register_<part>.py`."""

from collections.abc import Callable

from audits import (
    register_asking,
    register_certification,
    register_clauses,
    register_internal,
    register_packs,
    register_review,
)

PARTS: tuple[Callable[[], None], ...] = (
    register_clauses.register,
    register_asking.register,
    register_packs.register,
    register_internal.register,
    register_review.register,
    register_certification.register,
)
