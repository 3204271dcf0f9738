"""An organization's own copy of the wording: what is loaded, and what it says of an activity. For its members alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from phases.models import Catalogue, CatalogueActivity, ProjectActivity, Wording, WordingOverlay
from phases.selectors.catalogue import SUPPLEMENT_PACK
from projects.models import Organization, Project


@dataclass(frozen=True, slots=True)
class PackState:
    """A pack over which an organization may load its copy, and the copy that it has."""

    pack: str
    title: str
    overlay: WordingOverlay | None


@dataclass(frozen=True, slots=True)
class OrganizationCopies:
    """An organization of the reader, and how many wordings of its own copy are loaded."""

    name: str
    slug: str
    wordings: int


def packs_for_wording() -> dict[str, str]:
    """The title of each pack that follows a standard, by its name. The supplement is our own text. One query."""
    loaded = Catalogue.objects.exclude(pack=SUPPLEMENT_PACK).order_by("pack", "loaded_at", "pk")
    return dict(loaded.values_list("pack", "title"))


def refs_of_pack(pack: str) -> tuple[Sequence[str], Sequence[str]]:
    """The refs of all loaded versions of `pack`, and those of phases 1 to 3 of the newest in catalogue order."""
    newest = Catalogue.objects.filter(pack=pack).order_by("-loaded_at", "-pk").first()
    rows = CatalogueActivity.objects.filter(catalogue__pack=pack).order_by("catalogue__loaded_at", "position")
    known, expected = [], []
    for ref, catalogue_id, phases in rows.values_list("ref", "catalogue_id", "phases"):
        known.append(ref)
        if newest is not None and catalogue_id == newest.pk and set(phases) & {1, 2, 3}:
            expected.append(ref)
    return known, expected


def states_of(user: User, organization: Organization) -> list[PackState]:
    """Every pack with the copy that `organization` has over it, as `user` may see it. Two queries."""
    overlays = {
        overlay.pack: overlay
        for overlay in WordingOverlay.objects.visible_to(user)
        .filter(organization=organization)
        .select_related("loaded_by")
    }
    titles = packs_for_wording()
    # A copy stays reachable, to be removed, even where its pack is not loaded here any more.
    titles.update({pack: pack for pack in overlays if pack not in titles})
    return [PackState(pack, title, overlays.get(pack)) for pack, title in titles.items()]


def overlay_of(user: User, organization: Organization, pack: str) -> WordingOverlay | None:
    """The copy that `organization` has over `pack`, as `user` may see it. One query."""
    return (
        WordingOverlay.objects.visible_to(user)
        .filter(organization=organization, pack=pack)
        .select_related("loaded_by")
        .first()
    )


def identity_of(overlay: WordingOverlay | None) -> UUID | None:
    """What a preview remembers of the copy that it would replace."""
    return overlay.uuid if overlay is not None else None


def wording_of(user: User, project: Project, activity: ProjectActivity) -> str:
    """What the copy of the project's organization says of `activity`, or "". One query, none for a project's own."""
    if activity.catalogue_activity_id is None or activity.is_supplement:
        return ""
    found = (
        Wording.objects.filter(
            overlay__in=WordingOverlay.objects.visible_to(user).filter(
                organization=project.organization_id, pack=project.catalogue_pack
            ),
            ref=activity.ref,
        )
        .values_list("text", flat=True)
        .first()
    )
    return found or ""


def wordings_for(user: User | None, project: Project) -> dict[str, str]:
    """The whole copy of the project's organization by ref, for an export that asks for it. One query.

    `user` None is the application itself.
    """
    overlays = WordingOverlay.objects.all() if user is None else WordingOverlay.objects.visible_to(user)
    overlays = overlays.filter(organization=project.organization_id, pack=project.catalogue_pack)
    return dict(Wording.objects.filter(overlay__in=overlays).values_list("ref", "text"))


def copies_of(user: User) -> list[OrganizationCopies]:
    """The organizations that `user` can see, with the number of their own wordings. One query."""
    rows = (
        Organization.objects.visible_to(user)
        .annotate(wordings=Count("wording_overlays__wordings"))
        .order_by("name")
        .values_list("name", "slug", "wordings")
    )
    return [OrganizationCopies(*row) for row in rows]
