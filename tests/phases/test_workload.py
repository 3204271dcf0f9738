"""Who has how much due in which week: the counting, the page, the file."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from phases.domain.workload import Week, Work, loads_by_week, read_week, week_of, weeks_from
from phases.models import PhaseActivity, PlanRules
from phases.selectors.workload import workload_of
from projects.models import GroupMember
from projects.services.team import create_party
from tests.cast import CANARY, NOW, Cast

PAGE = "/projects/alder/workload/"
TODAY = date(2026, 3, 4)  # a Wednesday
WEEKS = weeks_from(week_of(TODAY))


class TestWeeks:
    def test_a_week_is_an_iso_week(self) -> None:
        assert str(week_of(date(2027, 1, 1))) == "2026-W53"
        assert read_week("2026-W53").monday == date(2026, 12, 28)
        assert week_of(date(2026, 12, 28)).sunday == date(2027, 1, 3)

    @pytest.mark.parametrize("text", ["", "2026-W54", "2026-W00", "2026W10", "2026-W1", "26-W10", "2027-W53"])
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 (datetime words its own)
            read_week(text)

    @given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
    def test_every_day_is_in_its_week_and_the_word_leads_back(self, day: date) -> None:
        week = week_of(day)
        assert week.monday <= day <= week.sunday
        assert read_week(str(week)) == week


class TestCounting:
    def loads(self, *work: Work, parties=(1, 2), per_week: int = 5, members=None):
        return loads_by_week(work, WEEKS, TODAY, parties=parties, per_week=per_week, members=members or {})

    def test_a_row_counts_in_the_week_it_is_due(self) -> None:
        one, two, nobody = self.loads(Work(1, date(2026, 3, 8), 1), Work(1, date(2026, 3, 9), 2), Work(None, TODAY, 1))
        assert [cell.count for cell in one.cells[:3]] == [1, 1, 0]
        assert one.cells[1].phases == {2: 1}
        assert two.is_idle
        assert nobody.cells[0].count == 1

    def test_what_is_late_is_in_no_week_not_even_this_one(self) -> None:
        one, *_rest = self.loads(Work(1, date(2026, 3, 3), 1), Work(1, date(2025, 1, 1), 2))
        assert one.late == {1: 1, 2: 1}
        assert sum(cell.count for cell in one.cells) == 0

    def test_five_are_enough_and_six_too_many(self) -> None:
        one, two, _nobody = self.loads(*[Work(1, TODAY, 1)] * 5, *[Work(2, TODAY, 1)] * 6)
        assert (one.cells[0].is_over, one.over) == (False, 0)
        assert (two.cells[0].is_over, two.over) == (True, 1)

    def test_a_group_may_have_as_much_as_its_members_and_stands_beside_each_of_them(self) -> None:
        one, two, group, _nobody = self.loads(
            *[Work(3, TODAY, 1)] * 10, Work(1, TODAY, 1), parties=(1, 2, 3), members={3: [1, 2]}
        )
        assert (group.limit, group.over) == (10, 0)
        assert (one.cells[0].count, one.cells[0].shared) == (1, 10)
        assert (two.cells[0].count, two.cells[0].shared, two.is_idle) == (0, 10, False)

    def test_nobody_has_no_limit(self) -> None:
        assert self.loads(*[Work(None, TODAY, 1)] * 99)[-1].over == 0

    @given(
        st.lists(
            st.builds(
                Work,
                st.none() | st.integers(1, 3),
                st.none() | st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=200)),
                st.integers(0, 4),
            )
        )
    )
    def test_every_row_is_counted_once(self, work: list[Work]) -> None:
        loads = self.loads(*work, parties=(1, 2, 3), members={3: [1, 2]})
        counted = sum(
            sum(load.late.values()) + sum(load.undated.values()) + load.later + sum(c.count for c in load.cells)
            for load in loads
        )
        assert counted == len(work)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def _march(self):
        with clock.moved_to(NOW):
            yield

    def give(self, cast: Cast, who: str, count: int, due: date) -> None:
        rows = PhaseActivity.objects.filter(project=cast.project, phase_number=1, accountable=None)[:count]
        PhaseActivity.objects.filter(pk__in=[row.pk for row in rows]).update(accountable=cast.parties[who], due=due)

    def test_a_number_leads_to_exactly_these_rows_on_the_board(self, cast: Cast, sign_in) -> None:
        self.give(cast, "tim", 6, date(2026, 3, 12))
        client = sign_in(cast.mara)
        page = client.get(PAGE)
        (line,) = page.context["lines"]
        cell = line["cells"][1]
        assert (cell["cell"].count, cell["cell"].is_over) == (6, True)
        (link,) = cell["links"]
        board = client.get(link["url"])
        assert len([row for group in board.context["board"].groups for row in group.rows]) == 6
        text = page.content.decode()
        assert text.count("load-over") == 1
        assert "over</small>" in text

    def test_late_work_leads_to_the_board_too(self, cast: Cast, sign_in) -> None:
        self.give(cast, "tim", 3, date(2026, 2, 20))
        client = sign_in(cast.mara)
        (line,) = client.get(PAGE).context["lines"]
        (link,) = line["late"]
        assert link["count"] == line["late_count"] == 3
        board = client.get(link["url"])
        assert len([row for group in board.context["board"].groups for row in group.rows]) == 3

    def test_the_limit_is_that_of_the_plan(self, cast: Cast) -> None:
        self.give(cast, "tim", 4, date(2026, 3, 12))
        assert workload_of(cast.project).over == 0
        PlanRules.objects.filter(project=cast.project).update(per_week=3)
        assert workload_of(cast.project).over == 1

    def test_it_turns_pages_by_twelve_weeks_and_never_goes_before_this_week(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        first = client.get(PAGE)
        assert (str(first.context["weeks"][0]), first.context["is_first"]) == ("2026-W10", True)
        second = client.get(first.context["following"])
        assert (str(second.context["weeks"][0]), second.context["is_first"]) == ("2026-W22", False)
        assert second.context["earlier"].endswith("week=2026-W10")
        assert client.get(PAGE + "?week=2020-W01").context["weeks"][0] == Week(date(2026, 3, 2))

    @pytest.mark.parametrize("bad", ["week=2026-W54", "week=x", "week=9999-W52", "week=2026-W10&week=2026-W11", "x=1"])
    def test_a_week_that_is_none_is_refused(self, cast: Cast, sign_in, bad: str) -> None:
        assert sign_in(cast.mara).get(f"{PAGE}?{bad}").status_code == 400

    def test_the_file_says_the_same(self, cast: Cast, sign_in) -> None:
        self.give(cast, "tim", 6, date(2026, 3, 12))
        client = sign_in(cast.mara)
        lines = client.get(PAGE + "export/?format=csv").content.decode().splitlines()
        assert lines[0].startswith("party,kind,limit_per_week,late,without_date,2026-W10,2026-W11,")
        assert lines[1].startswith("Tim Tully,person,5,0,0,0,6,")
        assert lines[1].endswith(",0,1")
        assert lines[-1].startswith(",nobody,,")
        assert client.get(PAGE + "export/?format=xlsx").content[:2] == b"PK"
        assert client.get(PAGE + "export/?format=pdf").status_code == 400
        assert CANARY not in "".join(lines)

    def test_the_number_of_queries_does_not_depend_on_the_team(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                client.get(PAGE)
            return len(seen)

        queries()
        few = queries()
        for who in ("tim", "petra", "mara"):
            self.give(cast, who, 7, date(2026, 3, 12))
        group = create_party(acting_user=None, project=cast.project, name="Desk", kind="group")
        GroupMember.objects.create(project=cast.project, group=group, person=cast.parties["tim"])
        assert queries() == few
        assert few <= 15
