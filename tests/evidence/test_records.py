"""Records over time: which months of what operates are shown."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.domain.freshness import Span
from evidence.domain.records import GOAL, LONGEST, MonthState, strip_of
from evidence.selectors.records import records_of, strip_of_activity
from evidence.services.items import withdraw_item
from phases.models import PhaseActivity, ProjectActivity
from phases.services.work import change_status
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import PDF, add

TODAY = date(2026, 7, 20)
DAYS = st.integers(0, 930).map(lambda days: TODAY - timedelta(days=days))


def whole(*months: int) -> list[Span]:
    return [Span(date(2026, month, 3), date(2026, month, 3)) for month in months]


def test_a_hole_is_a_whole_month_that_is_over_and_that_nothing_shows() -> None:
    strip = strip_of(whole(4, 6, 7), date(2026, 3, 10), TODAY)
    assert [state.value for _month, state in strip.months] == ["open", "covered", "missing", "covered", "covered"]
    assert strip.missing == (date(2026, 5, 1),)
    assert (strip.in_a_row, strip.still_wanted, strip.wanted_now) == (2, 1, date(2026, 5, 1))


def test_a_first_month_that_is_whole_is_missed() -> None:
    assert strip_of([], date(2026, 6, 1), TODAY).missing == (date(2026, 6, 1),)
    assert strip_of([], date(2026, 6, 2), TODAY).missing == ()


def test_this_month_is_never_missing_and_breaks_no_row() -> None:
    strip = strip_of(whole(4, 5, 6), date(2026, 4, 1), TODAY)
    assert (strip.in_a_row, strip.reaches_goal, strip.wanted_now) == (3, True, date(2026, 7, 1))
    assert strip_of(whole(3, 4, 5), date(2026, 3, 1), TODAY).in_a_row == 0


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: Span(*pair)), max_size=6), DAYS)
def test_every_month_is_one_of_three_and_more_proof_never_takes_a_month_away(spans: list[Span], since: date) -> None:
    strip, fewer = strip_of(spans, since, TODAY), strip_of(spans[1:], since, TODAY)
    assert 1 <= len(strip.months) <= LONGEST
    assert strip.months[-1][1] != MonthState.MISSING
    assert strip.covered + len(strip.missing) <= len(strip.months)
    assert set(strip.missing) <= set(fewer.missing)
    assert strip.in_a_row >= fewer.in_a_row
    assert strip.reaches_goal == (strip.in_a_row >= GOAL)


@pytest.fixture
def operating(cast: Cast) -> ProjectActivity:
    """An activity of Alder's that operates since 10 December 2025; today is the day of the cast."""
    row = (
        PhaseActivity.objects.filter(project=cast.project, activity__nature="operate", phase_number=1)
        .select_related("activity")
        .first()
    )
    assert row is not None
    change_status(
        acting_user=cast.mara, project=cast.project, targets=[cast.target(row.activity.ref)], status="in progress"
    )
    PhaseActivity.objects.filter(pk=row.pk).update(operating_since=date(2025, 12, 10))
    return row.activity


@pytest.mark.django_db
def test_the_page_shows_holes_and_leads_to_where_they_are_mended(
    cast: Cast, operating: ProjectActivity, sign_in
) -> None:
    ref = operating.ref
    add(cast, refs=(ref,), covers_from=date(2026, 1, 1), covers_until=date(2026, 1, 31))
    page = sign_in(cast.mara).get("/projects/alder/evidence/records/").content.decode()
    assert "January 2026: shown" in page
    assert "February 2026: missing" in page
    form = sign_in(cast.mara).get(f"/projects/alder/evidence/new/?ref={ref}&month=2026-02").content.decode()
    assert 'value="2026-02-01"' in form
    assert 'value="2026-02-28"' in form
    assert "Attach proof" not in sign_in(cast.audra).get("/projects/alder/evidence/records/").content.decode()


@pytest.mark.django_db
def test_only_what_counts_covers_and_an_item_without_a_span_the_month_it_was_collected_in(
    cast: Cast, operating: ProjectActivity
) -> None:
    access = access_to(cast.project, cast.mara)
    item = add(cast, refs=(operating.ref,), collected_on=date(2026, 1, 20))
    strip = strip_of_activity(cast.project, access, operating)
    assert strip is not None
    assert dict(strip.months)[date(2026, 1, 1)] == MonthState.COVERED
    withdraw_item(acting_user=cast.mara, project=cast.project, key=item.key, version=item.version, why="Wrong year")
    (line,) = records_of(cast.project, access).lines
    assert line.strip.covered == 0


@pytest.mark.django_db
def test_it_takes_two_queries_however_many_items_there_are(
    cast: Cast, operating: ProjectActivity, django_assert_num_queries
) -> None:
    access = access_to(cast.project, cast.mara)
    for number in range(4):
        add(cast, PDF + b"%%%d" % number, refs=(operating.ref,))
    records_of(cast.project, access)
    with django_assert_num_queries(2):
        assert len(records_of(cast.project, access).lines) == 1


@pytest.mark.django_db
def test_it_is_filtered_exported_and_refuses_what_it_does_not_know(
    cast: Cast, operating: ProjectActivity, sign_in
) -> None:
    client, path = sign_in(cast.mara), "/projects/alder/evidence/records/"
    assert operating.ref in client.get(path, {"component": operating.component}).content.decode()
    assert "Nothing fits" in client.get(path, {"component": "none"}).content.decode()
    for bad in ({"show": "x"}, {"page": "2"}, {"y": "1"}):
        assert client.get(path, bad).status_code == 400
    for month in ("2026-13", "x", "1200-01"):
        assert client.get("/projects/alder/evidence/new/", {"month": month}).status_code == 400
    lines = client.get(f"{path}export/").content.decode().splitlines()
    assert lines[0].startswith("ref,title,component,operating_since,months_in_a_row")
    assert lines[1].startswith(operating.ref)


@pytest.mark.django_db
def test_the_page_of_an_activity_that_operates_shows_its_months(
    cast: Cast, operating: ProjectActivity, sign_in
) -> None:
    page = sign_in(cast.mara).get(f"/projects/alder/activities/{operating.ref}/").content.decode()
    assert "Records over time" in page
    assert "months more in a row before the certification audit" in page
