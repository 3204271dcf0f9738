"""The templates that an organization can use: those of the library, and its own, which come before them."""

from collections.abc import Mapping
from typing import Any

from common.canonical import sha256_of
from documents.library import Template, library, template_of
from documents.models import OwnTemplate
from projects.models import Organization


def offered_templates(organization: Organization) -> Mapping[str, Template]:
    """All templates by key; an own one of the same key takes the place of ours. One query."""
    own = {row.key: own_template(row) for row in OwnTemplate.objects.filter(organization=organization, is_offered=True)}
    return {**library(), **own}


def offered_template(organization: Organization, key: str) -> Template | None:
    """The template of that key that this organization uses, or None."""
    row = OwnTemplate.objects.filter(organization=organization, key=key, is_offered=True).first()
    return own_template(row) if row is not None else template_of(key)


def own_template(row: OwnTemplate) -> Template:
    """An organization's template as a value."""
    front: dict[str, Any] = row.front
    return Template(
        key=row.key,
        title=front["title"],
        kind=front["kind"],
        clauses_2011=tuple(front.get("clauses_2011", ())),
        clauses_2018=tuple(front.get("clauses_2018", ())),
        obligation=front.get("obligation", "practice"),
        activities=tuple(front.get("activities", ())),
        owner_role=front.get("owner_role", ""),
        approver_role=front.get("approver_role", ""),
        review_months=front.get("review_months", 12),
        classification=front.get("classification", "internal"),
        phase=front.get("phase", 1),
        several=front.get("several", ""),
        summary=front.get("summary", ""),
        body=row.body,
        sha256=sha256_of({"front": front, "body": row.body}),
    )
