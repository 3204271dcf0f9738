"""Packages: dates and an owner for a component in one phase, which its activities follow until they have their own."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.models import Package
from phases.selectors.what_moves import WhatMoves
from phases.selectors.wishes import PackageWish, Wishes
from phases.services.hand_out import hand_out
from phases.services.schedule import apply_wishes
from projects.models import Party, Project
from projects.services.guards import refuse_stale, require_capability, write_versioned

MOST_PACKAGES = 200
PACKAGE = "package"


@transaction.atomic
def set_packages(
    *, acting_user: User | None, project: Project, wishes: Sequence[PackageWish], seen: str = ""
) -> WhatMoves:
    """Give packages dates and owners, all or none; the activities that follow them move along.

    `seen` is the digest of the preview that was shown, "" for none. Raises RuleBroken (with `field`) for dates that
    cannot be or a party that takes no activities, StaleWrite where a package or what would move has changed since,
    Package.DoesNotExist and Party.DoesNotExist for what is not this project's.
    """
    require_capability(acting_user, "phases.schedule", project)
    _check(project, wishes)
    standing = {
        (package.component, package.phase_number): package
        for package in Package.objects.filter(project=project).select_related("owner")
    }
    for wish in wishes:
        package = standing.get((wish.component, wish.phase))
        if package is None:
            raise Package.DoesNotExist
        refuse_stale(package, version=wish.version, shown=_words(package), sent=_wish_words(wish))
    applied = apply_wishes(project, Wishes(packages=tuple(wishes)), seen)
    drafts = []
    rows = Q()
    for wish in wishes:
        package = standing[wish.component, wish.phase]
        changes = _changes(package, wish)
        if not changes:
            continue
        if package.owner != wish.owner:
            rows |= Q(activity__component=wish.component, phase_number=wish.phase)
        write_versioned(
            package,
            version=wish.version,
            values={"start": wish.start, "end": wish.end, "owner": wish.owner},
            shown=_words(package),
            sent=_wish_words(wish),
        )
        drafts.append(Draft("set package", "package", f"{wish.component}@{wish.phase}", "", changes))
    handed = hand_out(project, PACKAGE, rows, acting_user=acting_user)[1] if rows else []
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[*drafts, *applied.drafts, *handed])
    return applied.outcome.what


def _check(project: Project, wishes: Sequence[PackageWish]) -> None:
    if not wishes:
        raise RuleBroken(_("Choose at least one package."))
    if len(wishes) > MOST_PACKAGES:
        raise RuleBroken(_("Choose %(most)d packages at most.") % {"most": MOST_PACKAGES})
    if len({(wish.component, wish.phase) for wish in wishes}) != len(wishes):
        raise RuleBroken(_("A package is named twice."))
    for wish in wishes:
        if wish.owner is not None and wish.owner.project_id != project.pk:
            raise Party.DoesNotExist
        if wish.owner is not None and not wish.owner.is_active:
            raise RuleBroken(
                _("%(name)s can no longer be given activities.") % {"name": wish.owner.name}, field="owner"
            )


def _changes(package: Package, wish: PackageWish) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if (package.start, package.end) != (wish.start, wish.end):
        changes |= {"start": [package.start, wish.start], "end": [package.end, wish.end]}
    if package.owner != wish.owner:
        changes["owner"] = [_name(package.owner), _name(wish.owner)]
        changes["owner id"] = [package.owner_id, wish.owner.pk if wish.owner is not None else None]
    return changes


def _name(party: Party | None) -> str | None:
    return party.name if party is not None else None


def _words(package: Package) -> dict[str, str]:
    return _shown(package.start, package.end, package.owner)


def _wish_words(wish: PackageWish) -> dict[str, str]:
    return _shown(wish.start, wish.end, wish.owner)


def _shown(start: Any, end: Any, owner: Party | None) -> dict[str, str]:
    return {
        _("Start"): start.isoformat() if start else _("as the phase"),
        _("End"): end.isoformat() if end else _("as the phase"),
        _("Owner"): _name(owner) or "",
    }
