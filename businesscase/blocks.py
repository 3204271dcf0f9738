"""The risks, as documents draw on them."""

from django.utils.translation import gettext as _

from businesscase.choices import RiskState
from businesscase.domain.risks import level_of
from businesscase.models import Risk
from businesscase.risk_words import LEVEL_WORDS
from documents.domain.fill import table
from documents.registries import register_block
from projects.models import Project


def risks(project: Project, _argument: str) -> str:
    """The open risks, the highest first. One query."""
    rows = Risk.objects.filter(project=project, state=RiskState.OPEN).select_related("owner")
    return table(
        [_("No."), _("Risk"), _("Level"), _("What is done"), _("Owner"), _("Next look")],
        [
            [
                row.ref,
                row.title,
                str(LEVEL_WORDS[level_of(row.probability, row.impact)]),
                row.response_text or row.get_response_display(),
                str(row.owner or ""),
                row.review_on.isoformat() if row.review_on else "",
            ]
            for row in sorted(rows, key=lambda row: (-row.probability * row.impact, row.pk))
        ],
    )


def register() -> None:
    """Let documents draw on them."""
    register_block("table: risks", risks)
