"""The role map: from the roles that the catalogue names to the parties of a project."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken, StaleWrite
from phases.choices import AssignedBy, PhaseState, Status
from phases.models import Contributor, Phase, PhaseActivity, RoleAssignment
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.role_map import RoleKey, map_digest, parties_named
from projects.models import Party, Project
from projects.services.guards import require_capability


@transaction.atomic
def set_role_map(
    *,
    acting_user: User | None,
    project: Project,
    entries: Mapping[RoleKey, Party | None],
    seen: str | None = None,
) -> int:
    """Say which party takes a role, and give it the open work of that role. Returns how many rows changed.

    `entries` maps (role, component) to a party, or to None to empty the entry; component "" stands for all
    components that have no entry of their own. The first role of an activity is accountable, the others
    contribute. Rows that somebody assigned by hand, finished rows and closed phases stay as they are. `seen` is the
    `map_digest` of the map that the entries were made from: raises StaleWrite where it has changed since. Raises
    RuleBroken for a role or component that the catalogue does not have, or a party that is not active.
    """
    require_capability(acting_user, "phases.assign", project)
    texts = texts_for(project)
    known = {role for row in texts.activities.values() for role in row.roles}
    for (role, component), party in entries.items():
        if role not in known or (component and component not in texts.components):
            raise RuleBroken(_("The catalogue has no role %(role)s there.") % {"role": role})
        if party is not None and (party.project_id != project.pk or not party.is_active):
            raise RuleBroken(_("%(name)s can no longer be given activities.") % {"name": party.name})
    before = {
        (entry.role, entry.component): entry
        for entry in RoleAssignment.objects.filter(project=project).select_related("party")
    }
    if seen is not None and seen != map_digest({key: entry.party_id for key, entry in before.items()}):
        raise _stale(texts, before, entries)
    drafts = []
    for key, party in entries.items():
        old = before.get(key)
        if (old.party_id if old else None) == (party.pk if party else None):
            continue
        if party is None:
            RoleAssignment.objects.filter(project=project, role=key[0], component=key[1]).delete()
        else:
            RoleAssignment.objects.update_or_create(
                project=project, role=key[0], component=key[1], defaults={"party": party}
            )
        drafts.append(
            Draft(
                "set role",
                "role map",
                f"{key[0]} / {key[1] or 'all components'}",
                key[0],
                {"party": [old.party.name if old else None, party.name if party else None]},
            )
        )
    changed = _apply(project, drafts)
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return changed


def _stale(
    texts: CatalogueTexts, before: Mapping[RoleKey, RoleAssignment], entries: Mapping[RoleKey, Party | None]
) -> StaleWrite:
    def words(key: RoleKey) -> str:
        role, component = key
        return f"{role}: {texts.components[component].title}" if component else role

    nobody = _("Nobody")
    return StaleWrite(
        _("Somebody changed the role map meanwhile."),
        current={words(key): before[key].party.name if key in before else nobody for key in entries},
        sent={words(key): party.name if party else nobody for key, party in entries.items()},
    )


def _apply(project: Project, drafts: list[Draft]) -> int:
    """Give open rows the party that the map now names; append a draft for each row that changes."""
    texts = texts_for(project)
    entries = {
        (entry.role, entry.component): entry.party
        for entry in RoleAssignment.objects.filter(project=project).select_related("party")
    }
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True)
    rows = list(
        PhaseActivity.objects.filter(project=project)
        .exclude(phase_number__in=closed)
        .exclude(assigned_by=AssignedBy.HAND)
        .exclude(status__in=[Status.DONE, Status.VERIFIED, Status.NOT_APPLICABLE])
        .select_related("activity", "accountable")
    )
    moves: dict[int | None, list[int]] = defaultdict(list)
    helpers: dict[int, set[int]] = {}
    for row in rows:
        text = texts.text_of(row.activity.ref)
        if text is None:
            continue
        party, others = parties_named(entries, text)
        helpers[row.pk] = {helper.pk for helper in others}
        if (party.pk if party else None) == row.accountable_id:
            continue
        moves[party.pk if party else None].append(row.pk)
        drafts.append(
            Draft(
                "assign",
                "phase activity",
                f"{row.activity.ref}@{row.phase_number}",
                "",
                {
                    "responsible party": [
                        row.accountable.name if row.accountable else None,
                        party.name if party else None,
                    ],
                    "party id": [row.accountable_id, party.pk if party else None],
                },
                "role map",
            )
        )
    for party_id, keys in moves.items():
        PhaseActivity.objects.filter(pk__in=keys).update(
            accountable_id=party_id,
            assigned_by=AssignedBy.ROLE_MAP if party_id else AssignedBy.NOBODY,
            version=F("version") + 1,
        )
    names = {row.pk: f"{row.activity.ref}@{row.phase_number}" for row in rows}
    for row_id, before, after in _set_contributors(project, helpers):
        changes = {"contributors": [before, after]}
        drafts.append(Draft("set contributors", "phase activity", names[row_id], "", changes, "role map"))
    return sum(len(keys) for keys in moves.values())


def _set_contributors(project: Project, wanted: Mapping[int, set[int]]) -> list[tuple[int, list[str], list[str]]]:
    """Bring the contributors of rows to `wanted`; returns each row that changes, with the names before and after."""
    existing: dict[int, set[int]] = defaultdict(set)
    stale = []
    for pk, row_id, party_id in Contributor.objects.filter(project=project, phase_activity__in=wanted).values_list(
        "pk", "phase_activity_id", "party_id"
    ):
        existing[row_id].add(party_id)
        if party_id not in wanted[row_id]:
            stale.append(pk)
    Contributor.objects.filter(pk__in=stale).delete()
    Contributor.objects.bulk_create(
        Contributor(project=project, phase_activity_id=row_id, party_id=party_id)
        for row_id, parties in wanted.items()
        for party_id in parties - existing[row_id]
    )
    names = dict(Party.objects.filter(project=project).values_list("pk", "name"))
    return [
        (row_id, sorted(names[pk] for pk in existing[row_id]), sorted(names[pk] for pk in parties))
        for row_id, parties in wanted.items()
        if parties != existing[row_id]
    ]
