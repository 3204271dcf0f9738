"""Rules on what a scope says."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from projects.leaving_out import refused_part


def check_left_out(lines: Sequence[str]) -> None:
    """Raise RuleBroken (field `left_out`) where a line leaves out a clause or a process."""
    for line in lines:
        refused = refused_part(line)
        if refused is not None:
            raise RuleBroken(
                _(
                    "“%(line)s” cannot be left out: clause %(clause)s holds for the whole SMS. A scope can leave out a "
                    "service, a place or a customer."
                )
                % {"line": line.strip(), "clause": refused.clause},
                field="left_out",
            )
