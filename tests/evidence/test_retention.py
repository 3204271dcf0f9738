"""Retention: from when something may go, what keeps it, and that what went went on the record."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence import files
from evidence.domain.retention import kept_until, months_before
from evidence.models import Disposal, EvidenceItem, Revision, StorageUse
from evidence.selectors.retention import due_items, held_items, retention_of, rules_of
from evidence.services.disposal import dispose_items, hold_item, remove_disposed_files
from evidence.services.items import withdraw_item
from evidence.services.records import pin_record
from evidence.services.rules import set_rules
from evidence.verification import check_files, check_orphans
from projects.permissions import access_to
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, leftovers
from tests.phases.test_wording import said

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS, DAYS, st.integers(0, 600))
def test_from_both_ends_the_months_of_retention_say_the_same(left: date, today: date, months: int) -> None:
    assert (kept_until(left, months) <= today) == (left <= months_before(today, months))
    assert kept_until(left, months) >= left


@pytest.mark.parametrize(
    ("left", "months", "until"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 24, date(2028, 3, 2)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
    ],
)
def test_a_month_that_is_too_short_keeps_a_day_longer(left: date, months: int, until: date) -> None:
    assert kept_until(left, months) == until


def keep(cast: Cast, version: int = 1, **months: int) -> None:
    set_rules(acting_user=cast.mara, project=cast.project, version=version, proof_needed="none", keep_months=months)


def nothing_kept(cast: Cast) -> None:
    """What no longer counts may go at once."""
    keep(cast, file=0, link=0, record=0)


def withdrawn(cast: Cast, content: bytes = PDF, **facts) -> EvidenceItem:
    """An item that no longer counts, at its second version."""
    item = add(cast, content, **facts)
    return withdraw_item(acting_user=cast.mara, project=cast.project, key=item.key, version=1, why="Old")


def dispose(cast: Cast, who: str = "mara", why: str = "", **chosen: int) -> list[Disposal]:
    return dispose_items(
        acting_user=cast.people[who],
        project=cast.project,
        chosen={key.replace("_", "-"): version for key, version in chosen.items()},
        why=why,
    )


def hold(cast: Cast, version: int, *, on: bool = True, key: str = "E-0001", why: str = "Court") -> EvidenceItem:
    return hold_item(acting_user=cast.mara, project=cast.project, key=key, version=version, hold=on, why=why)


@pytest.mark.django_db
def test_what_is_due_goes_on_the_record_and_its_hashes_and_trail_stay(
    cast: Cast, media: Path, django_capture_on_commit_callbacks
) -> None:
    keep(cast, file=24)
    item = withdrawn(cast)
    before = Event.objects.count()
    later = NOW + timedelta(days=800)
    with clock.moved_to(later), django_capture_on_commit_callbacks(execute=True):
        (disposal,) = dispose(cast, why="Agreed", E_0001=2)
    assert disposal.rule == "File: 24 months after it no longer counts"
    assert disposal.revisions == [
        {"revision": 1, "sha256": item.revision.sha256, "bytes": len(PDF), "file name": "report.pdf"}
    ]
    assert (disposal.reason, disposal.disposed_by, disposal.disposed_at) == ("Agreed", cast.mara, later)
    revision = Revision.objects.get()
    assert (revision.sha256, revision.stored, revision.file_name) == (item.revision.sha256, "", "")
    assert said(cast) == "Mara Moss disposed of E-0001 report.pdf"
    assert Event.objects.count() == before + 1
    assert StorageUse.objects.get().used == 0
    assert leftovers(media) == []
    assert list(check_files(False)) == list(check_orphans(False)) == []


@pytest.mark.django_db
def test_where_nobody_has_said_what_no_longer_counts_is_kept_for_three_years(cast: Cast) -> None:
    withdrawn(cast)
    with pytest.raises(RuleBroken, match="kept until 2029-03-02: File: 36 months"):
        dispose(cast, E_0001=2)


@pytest.mark.django_db
def test_what_counts_or_is_too_young_or_held_is_never_disposed_of(cast: Cast) -> None:
    keep(cast, file=12)
    add(cast)
    with pytest.raises(RuleBroken, match="E-0001 still counts"):
        dispose(cast, E_0001=1)
    withdraw_item(acting_user=cast.mara, project=cast.project, key="E-0001", version=1, why="Old")
    with pytest.raises(RuleBroken, match=r"kept until 2027-03-02: File: 12 months"):
        dispose(cast, E_0001=2)
    with clock.moved_to(NOW + timedelta(days=366)):
        hold(cast, 2)
        assert list(held_items(cast.project, access_to(cast.project, cast.audra))) == [EvidenceItem.objects.get()]
        with pytest.raises(RuleBroken, match="E-0001 is under legal hold"):
            dispose(cast, E_0001=3)
        hold(cast, 3, on=False, why="Settled")
        dispose(cast, E_0001=4)
    with pytest.raises(RuleBroken, match="nothing left to hold"):
        hold(cast, 5)


@pytest.mark.django_db
def test_one_that_may_not_go_keeps_all_that_were_chosen_with_it(cast: Cast) -> None:
    nothing_kept(cast)
    withdrawn(cast)
    withdrawn(cast, PDF + b"%2")
    hold(cast, 2, key="E-0002")
    with pytest.raises(RuleBroken, match="E-0002 is under legal hold"), transaction.atomic():
        dispose(cast, E_0001=2, E_0002=3)
    assert not Disposal.objects.exists()
    assert Revision.objects.exclude(stored="").count() == 2


@pytest.mark.django_db
def test_a_second_click_finds_it_changed(cast: Cast) -> None:
    nothing_kept(cast)
    withdrawn(cast)
    dispose(cast, E_0001=2)
    with pytest.raises(StaleWrite, match="E-0001 changed since you chose it"):
        dispose(cast, E_0001=2)
    assert Disposal.objects.count() == 1


@pytest.mark.django_db
def test_only_who_may_dispose_does_and_nobody_chooses_nothing(cast: Cast) -> None:
    withdrawn(cast)
    for who in ("tim", "petra", "audra"):
        with pytest.raises(NotPermitted):
            dispose(cast, who, E_0001=2)
    with pytest.raises(RuleBroken, match="from one to 200"):
        dispose(cast)
    with pytest.raises(EvidenceItem.DoesNotExist):
        dispose(cast, E_0001=2, E_0099=1)


@pytest.mark.django_db
def test_records_and_links_lose_what_they_said(cast: Cast) -> None:
    nothing_kept(cast)
    item = pin_record(
        acting_user=cast.mara, project=cast.project, kind="answer", key="Q", content={"value": 1}, title="Answer"
    )
    withdraw_item(acting_user=cast.mara, project=cast.project, key=item.key, version=1, why="Old")
    (disposal,) = dispose(cast, E_0001=2)
    assert (Revision.objects.get().record, disposal.files_gone_at) == ("", NOW)


@pytest.mark.django_db
def test_a_crash_between_commit_and_removal_leaves_an_orphan_that_a_night_takes_away(cast: Cast, media: Path) -> None:
    nothing_kept(cast)
    stored = withdrawn(cast).revision.stored
    dispose(cast, E_0001=2)  # in a test nothing commits by itself: the file stays, as after a crash
    assert leftovers(media) == [stored]
    assert list(check_orphans(False)) == [
        f"evidence/{stored} is an orphan: E-0001 of alder was disposed of, and the next clean-up removes it"
    ]
    assert remove_disposed_files() == 1
    assert leftovers(media) == []
    assert list(check_orphans(False)) == []
    assert remove_disposed_files() == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_removed_does_not_undo_the_disposal(
    cast: Cast, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    def refuse(_stored: str) -> None:
        raise PermissionError

    nothing_kept(cast)
    withdrawn(cast)
    monkeypatch.setattr(files, "destroy", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        dispose(cast, E_0001=2)
    assert Disposal.objects.get().files_gone_at is None


@pytest.mark.django_db
def test_the_figures_say_what_is_due_what_waits_and_until_when(cast: Cast, django_assert_num_queries) -> None:
    keep(cast, file=1, link=0)
    add(cast)
    withdrawn(cast, PDF + b"%2")
    with clock.moved_to(NOW + timedelta(days=20)):
        withdrawn(cast, PDF + b"%3")
    withdrawn(cast, PDF + b"%4")
    hold(cast, 2, key="E-0004")
    access, rules = access_to(cast.project, cast.mara), rules_of(cast.project)
    with clock.moved_to(NOW + timedelta(days=40)), django_assert_num_queries(2):
        found = retention_of(cast.project, access, rules)
    assert (found.due, found.held, found.waiting, found.disposed) == (1, 1, 1, 0)
    assert found.next_on == date(2026, 4, 22)
    with clock.moved_to(NOW + timedelta(days=40)):
        assert [(item.key, item.weight) for item in due_items(cast.project, access, rules)] == [
            ("E-0002", len(PDF) + 2)
        ]


@pytest.mark.django_db
def test_rules_are_changed_by_managers_and_each_change_is_told(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        set_rules(acting_user=cast.tim, project=cast.project, version=1, proof_needed="none", keep_months={})
    keep(cast, file=24)
    assert said(cast) == "Mara Moss changed the rules of evidence"
    assert '"months for a file":[36,24]' in str(Event.objects.latest("pk").payload)
    with pytest.raises(StaleWrite) as stale:
        keep(cast, file=48)
    assert (stale.value.current, stale.value.sent) == ({"months for a file": "24"}, {"months for a file": "48"})
    before = Event.objects.count()
    keep(cast, version=2, file=24)
    assert Event.objects.count() == before
    for months in (-1, 601):
        with pytest.raises(RuleBroken) as refused:
            keep(cast, version=2, file=months)
        assert refused.value.field == "keep_file"
