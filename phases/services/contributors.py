"""Who contributes to single phase activities, set by hand."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken
from phases.models import Contributor, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.people import named_in
from phases.services.hand_out import answer_of, set_contributors
from phases.services.rows import Target, key_of, load_rows
from phases.services.telling import tell_given
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require, write_versioned


@transaction.atomic
def set_row_contributors(
    *, acting_user: User | None, project: Project, targets: Sequence[Target], parties: Collection[Party] | None
) -> list[PhaseActivity]:
    """Say by hand who contributes to rows; None lets the rows follow the role map again. All or none.

    What was set by hand stays when the role map changes. Raises RuleBroken for a party that takes no activities any
    more (unless it contributes already) or is accountable for one of the rows, Party.DoesNotExist for one of another
    project, StaleWrite for a stale row, RowsRefused for a row of a closed phase.
    """
    require(access_to(project, acting_user).can("phases.assign"))
    rows, _ties = load_rows(project, acting_user, targets)
    texts, named = texts_for(project), named_in(project)
    before: dict[int, set[int]] = {row.pk: set() for row in rows}
    for row_id, party_id in Contributor.objects.filter(project=project, phase_activity__in=rows).values_list(
        "phase_activity_id", "party_id"
    ):
        before[row_id].add(party_id)
    _check(rows, before, parties, project)
    wanted = {
        row.pk: set(answer_of(named, row, effective_text(texts, row.activity).roles).contributors)
        if parties is None
        else {party.pk for party in parties}
        for row in rows
    }

    def names(ids: Collection[int]) -> list[str]:
        return sorted(named.parties[pk].name for pk in ids)

    by_hand = parties is not None
    drafts = []
    for row, target in zip(rows, targets, strict=True):
        by_hand_before = row.contributors_by_hand
        write_versioned(
            row,
            version=target.version,
            values={"contributors_by_hand": by_hand},
            shown={_("Contributes"): ", ".join(names(before[row.pk]))},
            sent={_("Contributes"): ", ".join(names(wanted[row.pk]))},
        )
        changes: dict[str, object] = {}
        if before[row.pk] != wanted[row.pk]:
            changes["contributors"] = [names(before[row.pk]), names(wanted[row.pk])]
            changes["contributor ids"] = [sorted(before[row.pk]), sorted(wanted[row.pk])]
        if by_hand_before != by_hand:
            changes["contributors by hand"] = [by_hand_before, by_hand]
        if changes:
            drafts.append(Draft("set contributors", "phase activity", key_of(row), "", changes))
    set_contributors(project, wanted)
    tell_given(project, acting_user, {pk: wanted[pk] - before[pk] for pk in wanted})
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return rows


def _check(
    rows: Sequence[PhaseActivity],
    before: dict[int, set[int]],
    parties: Collection[Party] | None,
    project: Project,
) -> None:
    for party in parties or ():
        if party.project_id != project.pk:
            raise Party.DoesNotExist
        if not party.is_active and any(party.pk not in before[row.pk] for row in rows):
            raise RuleBroken(_("%(name)s can no longer be given activities.") % {"name": party.name}, field="party")
        for row in rows:
            if party.pk == row.accountable_id:
                raise RuleBroken(
                    _("%(name)s is responsible for %(ref)s already, and does the work too. Leave them out here.")
                    % {"name": party.name, "ref": row.activity.ref},
                    field="party",
                )
