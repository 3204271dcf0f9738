"""What `verify` finds out about closed phases and kept days."""

from datetime import timedelta

import pytest

from common import clock
from phases.models import Phase, Snapshot
from phases.services.lifecycle import close_phase
from phases.services.snapshots import take_snapshot
from phases.verification import check_frozen, check_snapshots
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_a_closed_phase_holds_what_it_closed_with_and_verify_finds_a_change(cast: Cast):
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    assert list(check_frozen(False)) == []
    frozen = Phase.objects.get(project=cast.project, number=0).frozen
    frozen["rows"][0]["status"] = "verified"
    Phase.objects.filter(project=cast.project, number=0).update(frozen=frozen)
    assert list(check_frozen(False)) == ["phase 0 of alder does not hold what it closed with"]


def test_an_altered_snapshot_is_found(cast: Cast):
    with clock.moved_to(NOW + timedelta(days=1)):
        take_snapshot(project=cast.project, day=NOW.date())
    assert list(check_snapshots(False)) == []
    Snapshot.objects.update(content={"rows": [], "phases": []})
    assert list(check_snapshots(False)) == ["the snapshot of alder of 2026-03-02 was altered"]
