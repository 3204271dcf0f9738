"""Reads of the guided page of policies: which are needed, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import clock
from documents.choices import OPEN_STATES, VersionState
from documents.library import template_of
from documents.models import Document, DocumentVersion
from documents.policies_library import ModelPolicy, model_policies
from documents.selectors import seen_by
from documents.selectors.in_force import review_day, stands_on
from documents.selectors.register import Standing
from projects.models import Project
from projects.permissions import Access

_ON_WAY = {
    VersionState.IN_REVIEW: Standing.IN_REVIEW,
    VersionState.APPROVED: Standing.APPROVED,
    VersionState.SCHEDULED: Standing.SCHEDULED,
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy that is needed, and the document that became of it."""

    model: ModelPolicy
    title: str
    document: Document | None
    in_force: DocumentVersion | None
    on_way: DocumentVersion | None
    is_hidden: bool

    @property
    def standing(self) -> str:
        """Where it stands, as the register says it."""
        if self.in_force is not None:
            return Standing.PUBLISHED
        if self.on_way is None:
            return Standing.MISSING
        return _ON_WAY.get(VersionState(self.on_way.state), Standing.DRAFTED)

    @property
    def is_asking(self) -> bool:
        """Whether its questions can be answered now: not begun, or a draft that has a text to put them in."""
        if self.is_hidden or self.document is None:
            return not self.is_hidden
        return self.on_way is not None and self.on_way.is_draft and self.on_way.file_id is None


def policy_rows(project: Project, access: Access) -> list[PolicyRow]:
    """The policies that are needed, with what stands. Three queries."""
    models = model_policies()
    keys = [each.key for each in models]
    there = Document.objects.filter(project=project, template__in=keys).current()
    begun = set(there.values_list("template", flat=True))
    seen = seen_by(project, access).current().filter(template__in=keys).select_related("owner")
    documents = {each.template: each for each in seen}
    versions: dict[int, dict[str, DocumentVersion]] = {}
    wanted = (*OPEN_STATES, VersionState.PUBLISHED)
    found_rows = DocumentVersion.objects.filter(project=project, document__in=documents.values(), state__in=wanted)
    for version in stands_on(clock.today(project.time_zone), found_rows):
        versions.setdefault(version.document_id, {})[version.state] = version
    rows = []
    for model in models:
        document = documents.get(model.key)
        template = template_of(model.key)
        found = versions.get(document.pk, {}) if document is not None else {}
        if document is not None:
            document.review_on = review_day(document, found.get(VersionState.PUBLISHED))
        rows.append(
            PolicyRow(
                model,
                document.full_title if document is not None else template.title if template else model.key,
                document,
                found.get(VersionState.PUBLISHED),
                next((found[state] for state in OPEN_STATES if state in found), None),
                document is None and model.key in begun,
            )
        )
    return rows


def counts_words(rows: Sequence[PolicyRow]) -> str:
    """How many of the required ones are in force."""
    required = [row for row in rows if row.model.is_required and not row.is_hidden]
    held = sum(row.in_force is not None for row in required)
    return _("%(held)d of %(all)d required policies are in force.") % {"held": held, "all": len(required)}
