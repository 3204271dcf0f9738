"""Gives open work to whom the plan names: the owner of its package, else whoever takes its role."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import F, Q

from accounts.models import User
from audittrail.services import Draft
from phases.choices import AssignedBy, PhaseState
from phases.domain.responsibility import Answer, answer_for
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Contributor, Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.people import Named, named_in
from phases.services.telling import tell_given
from projects.models import Project


def hand_out(
    project: Project, reason: str, among: Q | None = None, *, acting_user: User | None = None
) -> tuple[int, list[Draft]]:
    """Bring open rows to whom the plan now names. Returns how many changed hands, and a draft for each change.

    Called inside a service, after its own change, in its transaction; `reason` ("role map", "package") says in the
    trail what act it was; `among` narrows the rows (of one package, say). What was set by hand at a row stays: its
    accountable party, its contributors. Finished rows and closed phases stay as they are. A party that takes no
    activities any more keeps what it has and gets nothing new. Whoever gets rows is told, but `acting_user`. Nine
    queries, one more for each party that gets rows.
    """
    texts, named = texts_for(project), named_in(project)
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True)
    rows = list(
        PhaseActivity.objects.filter(among or Q(), project=project, status__in=OPEN_STATUSES)
        .exclude(phase_number__in=closed)
        .select_related("activity")
        .order_by("phase_number", "activity__position", "pk")
    )
    drafts: list[Draft] = []
    moves: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    helpers: dict[int, set[int]] = {}
    given: dict[int, set[int]] = defaultdict(set)
    count = 0
    for row in rows:
        text = effective_text(texts, row.activity)
        answer = answer_of(named, row, text.roles)
        if not row.contributors_by_hand:
            helpers[row.pk] = set(answer.contributors)
        if (answer.accountable, answer.assigned_by) == (row.accountable_id, row.assigned_by):
            continue
        moves[answer.accountable, answer.assigned_by].append(row.pk)
        if answer.accountable != row.accountable_id:
            count += 1
            if answer.accountable is not None:
                given[row.pk].add(answer.accountable)
            drafts.append(_assigned(named, row, answer, reason))
    for (party, assigned_by), keys in moves.items():
        PhaseActivity.objects.filter(pk__in=keys).update(
            accountable_id=party, assigned_by=assigned_by, version=F("version") + 1
        )
    names = {row.pk: _key(row) for row in rows}
    for row_id, before, after in set_contributors(project, helpers):
        changes = {
            "contributors": [sorted(named.parties[pk].name for pk in parties) for parties in (before, after)],
            "contributor ids": [sorted(before), sorted(after)],
        }
        drafts.append(Draft("set contributors", "phase activity", names[row_id], "", changes, reason))
        given[row_id] |= after - before
    tell_given(project, acting_user, given)
    return count, drafts


def answer_of(named: Named, row: PhaseActivity, roles: Sequence[str]) -> Answer:
    """Who answers for `row`, whose activity names `roles`, and takes part in it, as the plan now names them."""
    component, number = row.activity.component, row.phase_number
    by_hand = row.accountable_id if row.assigned_by == AssignedBy.HAND else None
    kept = answer_for(
        named.every, roles, component, by_hand=by_hand, package_owner=named.every_owner.get((component, number))
    )
    fresh = answer_for(
        named.people, roles, component, by_hand=by_hand, package_owner=named.owners.get((component, number))
    )
    return kept if kept.accountable == row.accountable_id and kept.accountable is not None else fresh


def _assigned(named: Named, row: PhaseActivity, answer: Answer, reason: str) -> Draft:
    def name(pk: int | None) -> str | None:
        return named.parties[pk].name if pk is not None else None

    return Draft(
        "assign",
        "phase activity",
        _key(row),
        "",
        {
            "responsible party": [name(row.accountable_id), name(answer.accountable)],
            "party id": [row.accountable_id, answer.accountable],
        },
        reason,
    )


def _key(row: PhaseActivity) -> str:
    return f"{row.activity.ref}@{row.phase_number}"


def set_contributors(project: Project, wanted: Mapping[int, set[int]]) -> list[tuple[int, set[int], set[int]]]:
    """Bring the contributors of rows (by id) to `wanted`; returns each row that changes, with who it was and is."""
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
        for party_id in sorted(parties - existing[row_id])
    )
    return [(row_id, existing[row_id], parties) for row_id, parties in wanted.items() if parties != existing[row_id]]
