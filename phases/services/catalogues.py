"""Loading catalogue packs."""

from pathlib import Path

from django.db import transaction

from audittrail.services import Draft, record_installation_event
from common import clock
from common.content import ContentError
from phases.content import read_pack
from phases.models import Catalogue, CatalogueActivity, Component, EntryCriterion


@transaction.atomic
def load_catalogue(*, folder: Path) -> tuple[Catalogue, bool]:
    """Load the pack in `folder`; returns it and whether it is new here.

    A version that was loaded before is left as it is. Raises ContentError where its files have changed since,
    because projects are pinned to what a version said, and where the pack is not sound.
    """
    pack = read_pack(folder)
    existing = Catalogue.objects.filter(pack=pack.meta["pack"], version=pack.meta["version"]).first()
    if existing is not None:
        changed = sorted(
            name for name in {*pack.files, *existing.files} if pack.files.get(name) != existing.files.get(name)
        )
        if changed:
            raise ContentError(
                f"{folder.name}: version {existing.version} was released and loaded; {', '.join(changed)} "
                "differ from it. A change needs a new version in catalogue.yaml."
            )
        return existing, False
    catalogue = Catalogue.objects.create(
        **{name: pack.meta[name] for name in ("pack", "version", "title", "source", "licence")},
        sha256=pack.sha256,
        files=pack.files,
        roles=pack.roles,
        texts=pack.texts,
        loaded_at=clock.now(),
    )
    components = {
        row["code"]: Component(
            catalogue=catalogue,
            code=row["code"],
            number=row["number"],
            title=row["title"],
            short_title=row.get("short_title") or row["title"][:40],
            texts={k: v for k, v in row.items() if k not in ("code", "number", "title", "short_title")},
        )
        for row in pack.components
    }
    Component.objects.bulk_create(components.values())
    CatalogueActivity.objects.bulk_create(
        CatalogueActivity(
            catalogue=catalogue,
            component=components[row["component"]],
            ref=row["ref"],
            position=position,
            kind=row["kind"],
            title=row["title"],
            nature=row["nature"],
            is_key=bool(row.get("key", False)),
            effort=row.get("effort", ""),
            phases=row.get("phases", []),
            roles=row.get("roles", []),
            guidance=row.get("guidance", ""),
            phase_notes={str(k): v for k, v in (row.get("phase_notes") or {}).items()},
            evidence=row.get("evidence", []),
            clauses_2011=row.get("clauses_2011", []),
            clauses_2018=row.get("clauses_2018", []),
            points=row.get("points", []),
            succeeds=row.get("succeeds", ""),
        )
        for position, row in enumerate(pack.activities, start=1)
    )
    EntryCriterion.objects.bulk_create(
        EntryCriterion(
            catalogue=catalogue,
            ref=row["ref"],
            title=row["title"],
            guidance=row.get("guidance", ""),
            evidence=row.get("evidence", []),
        )
        for row in pack.entry_criteria
    )
    record_installation_event(
        acting_user=None,
        draft=Draft(
            "load",
            "catalogue",
            f"{catalogue.pack} {catalogue.version}",
            catalogue.title,
            {"sha256": catalogue.sha256, "activities": len(pack.activities)},
        ),
    )
    return catalogue, True
