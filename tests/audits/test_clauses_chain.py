"""The chains of all clauses of an edition, from what hangs on them."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.domain.chain import Gap
from audits.selectors.clause_chain import Chains, chains_of, gap_counts
from evidence.choices import Classification
from evidence.services.links import link_clause
from phases.models import PhaseActivity
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def seen(cast: Cast, who: str = "audra", edition: str = "2018") -> Chains:
    return chains_of(cast.project, access_to(cast.project, cast.people[who]), edition)


def test_a_new_project_shows_its_activities_and_no_proof(cast: Cast) -> None:
    chains = seen(cast)
    rules = chains.of["8.5.1.1"]
    assert rules.activities
    assert rules.gaps == (Gap.PROOF, Gap.RECORDS)
    assert [row.title for row in chains.of["8.5.1"].required]
    assert chains.of["8.5.1"].gaps == (Gap.DOCUMENT,)
    assert chains.of["8.3.1"].gaps == (Gap.ACTIVITY, Gap.PROOF)
    assert [chain.number for chain in chains.within("8.5.1")] == ["8.5.1", "8.5.1.1", "8.5.1.2", "8.5.1.3"]
    assert (chains.whole, len(chains.leaves)) == (0, 57)
    counts = gap_counts(cast.project)
    assert counts == chains.gap_counts
    assert sum(counts[top] for top in ["4", "5", "6", "7", "8", "9", "10"]) == chains.gaps
    assert gap_counts(cast.project, "2011")["4.5.4"] > 0


def test_proof_of_an_activity_of_a_clause_and_of_one_above_closes_the_gap(cast: Cast) -> None:
    ref = seen(cast).of["4.1"].activities[0].ref
    item = add(cast, refs=(ref,))
    assert seen(cast).of["4.1"].items == {item.pk}
    assert seen(cast).of["4.1"].gaps == ()
    link_clause(acting_user=cast.mara, project=cast.project, item=item, edition="2018", clause="8.3.1")
    assert seen(cast).of["8.3.1"].gaps == (Gap.ACTIVITY,)


def test_what_a_person_may_not_see_closes_no_gap_for_them(cast: Cast) -> None:
    ref = seen(cast).of["4.1"].activities[0].ref
    item = add(cast, refs=(ref,), classification=Classification.CONFIDENTIAL)
    assert seen(cast).of["4.1"].items == {item.pk}
    assert seen(cast, "petra").of["4.1"].gaps == (Gap.PROOF,)


def test_what_runs_shows_three_months_in_a_row_or_breaks_the_chain(cast: Cast) -> None:
    chain = seen(cast).of["8.5.1.1"]
    ref = next(each.ref for each in chain.activities if each.operates)
    rows = PhaseActivity.objects.filter(project=cast.project, activity__ref=ref)

    def breaks() -> bool:
        return Gap.RECORDS in seen(cast).of["8.5.1.1"].gaps

    assert breaks(), "nothing of it runs"
    rows.update(operating_since=date(2026, 2, 10))
    assert not breaks()
    rows.update(operating_since=date(2025, 11, 10))
    assert breaks(), "December, January and February are missing"
    add(cast, refs=(ref,), covers_from=date(2025, 12, 1), covers_until=date(2026, 2, 28))
    assert not breaks()


def test_the_whole_edition_takes_as_many_queries_whatever_hangs_on_it(cast: Cast) -> None:
    seen(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            seen(cast)
        return len(caught)

    for activity in seen(cast).of["8.5.1.3"].activities[:3]:
        PhaseActivity.objects.filter(activity=activity.pk).update(operating_since=date(2026, 1, 12))
        add(cast, content=f"%PDF-1.7 {activity.ref} %%EOF".encode(), refs=(activity.ref,))
    before = queries()
    for activity in seen(cast).of["9.4"].activities[:5]:
        add(cast, content=f"%PDF-1.7 {activity.ref} %%EOF".encode(), refs=(activity.ref,))
    assert queries() == before <= 12
