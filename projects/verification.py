"""Does every owned row belong to the project that its parent belongs to?"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Model

from audittrail.models import Stream
from common.registry import Registry
from projects.models import Organization, Project


@dataclass(frozen=True, slots=True)
class Ownership:
    """`model.project_id` must equal the project of `path` (a lookup such as `activity__project_id`)."""

    model: type[Model]
    path: str


ownerships: Registry[Ownership] = Registry("ownerships")


def register_ownership(model: type[Model], *paths: str) -> None:
    """Let `verify` count rows of `model` whose parents at `paths` belong to another project."""
    for path in paths:
        ownerships.register(f"{model._meta.label}.{path}", Ownership(model, path))


def check_ownership(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each relation that crosses from one project into another."""
    for ownership in ownerships:
        lookup = f"{ownership.path}__project_id"
        rows = ownership.model._default_manager.exclude(**{lookup: F("project_id")}).exclude(
            **{f"{ownership.path}__isnull": True}
        )
        count = rows.count()
        if count:
            name = ownership.model._meta.verbose_name
            yield f"{count} row(s) of {name} belong to another project than their {ownership.path}"


def check_trails(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each project and organization whose trail is gone."""
    for model in (Project, Organization):
        for uuid, slug in model._default_manager.values_list("uuid", "slug"):
            if not Stream.objects.filter(pk=uuid, head_seq__gt=0).exists():
                yield f"the {model._meta.verbose_name} {slug} has no trail"
