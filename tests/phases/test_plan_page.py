"""The plan: packages with their figures, the timeline, the table, print and export."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.charts import Chart
from phases.models import Baseline, Package, Phase, PhaseActivity, PlanRules
from phases.panels_plan import chart_of, headline
from phases.selectors.figures import figures_of
from phases.selectors.plan_package import PackageDetail, package_of
from phases.selectors.plan_packages import PackageLine, plan_of_packages
from phases.selectors.plan_query import PACKAGE_SORTS, PlanQuery, asked_packages
from phases.services.rows import change_status
from phases.services.start import ProjectPlan, start_project
from phases.timeline_parts import Timeline, timeline_rows
from projects.choices import Edition
from tests.cast import CANARY, START, Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/plan/"


def line_of(cast: Cast, component: str, phase: int) -> PackageLine:
    return plan_of_packages(cast.project).by_key[component, phase]


def drawn(cast: Cast, query: PlanQuery) -> tuple[Timeline, Chart]:
    plan = plan_of_packages(cast.project)
    found = chart_of(plan, asked_packages(plan.lines, query), query)
    assert found is not None
    return found


def detail_of(cast: Cast, component: str, phase: int) -> PackageDetail:
    found = package_of(plan_of_packages(cast.project), (component, phase))
    assert found is not None
    return found


def own_dates(cast: Cast, component: str, phase: int, start: date, end: date) -> None:
    Package.objects.filter(project=cast.project, component=component, phase_number=phase).update(start=start, end=end)


class TestPackages:
    def test_the_catalogue_makes_55_of_them_and_initiation_one(self, cast: Cast) -> None:
        lines = plan_of_packages(cast.project).lines
        assert (len([line for line in lines if line.phase]), len(lines)) == (55, 56)
        assert not any(line.is_supplement for line in lines)

    def test_the_supplement_stands_apart_and_last(self, cast: Cast, supplement) -> None:
        plan = ProjectPlan(name="Elm SMS", start=START, scope_statement="Elm.", edition=Edition.E2018)
        project = start_project(acting_user=None, organization=cast.alder, plan=plan)
        lines = plan_of_packages(project).lines
        extra = [line.is_supplement for line in lines]
        assert extra == sorted(extra)
        assert extra.count(True) == len(lines) - 56 > 0
        assert {line.component[:2] for line in lines if line.is_supplement} == {"S."}
        rows = timeline_rows(lines)
        assert [row.code for row in rows if row.first_of_supplement] == ["S.CX"]
        assert [row.is_supplement for row in rows] == sorted(row.is_supplement for row in rows)

    def test_without_dates_of_its_own_a_package_follows_its_phase(self, cast: Cast) -> None:
        phase = Phase.objects.get(project=cast.project, number=2)
        line = line_of(cast, "CH", 2)
        assert (line.start, line.end, line.has_own_dates) == (phase.start, phase.end, False)
        own_dates(cast, "CH", 2, date(2026, 9, 7), date(2026, 10, 2))
        line = line_of(cast, "CH", 2)
        assert (line.start, line.end, line.has_own_dates) == (date(2026, 9, 7), date(2026, 10, 2), True)

    def test_its_counts_are_those_of_the_dashboard(self, cast: Cast) -> None:
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target()], status="in progress")
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target()], status="done")
        figures = figures_of(cast.project)
        for line in plan_of_packages(cast.project).lines:
            assert line.tally == figures.components[line.component][line.phase], line.key
        assert line_of(cast, "CH", 1).tally.done == 1

    def test_the_last_due_date_leaves_out_what_does_not_apply(self, cast: Cast) -> None:
        rows = PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__component="CH")
        last = rows.order_by("-due").first()
        assert line_of(cast, "CH", 1).last_due == last.due
        rows.filter(due=last.due).update(status="not applicable", reason="x")
        assert line_of(cast, "CH", 1).last_due == rows.exclude(status="not applicable").order_by("-due")[0].due

    def test_activities_with_a_date_of_their_own_do_not_follow(self, cast: Cast) -> None:
        before = line_of(cast, "CH", 1).following
        PhaseActivity.objects.filter(pk=cast.row().pk).update(due_is_own=True)
        assert line_of(cast, "CH", 1).following == before - 1

    def test_nothing_is_critical_in_a_fresh_plan_and_what_ends_with_its_phase_is(self, cast: Cast) -> None:
        assert plan_of_packages(cast.project).critical == []
        phase = Phase.objects.get(project=cast.project, number=2)
        own_dates(cast, "RE", 2, phase.start, phase.end)
        named = [line.key for line in plan_of_packages(cast.project).critical]
        # Configuration and changes come before releases, and overlap them.
        assert named == [("CF", 2), ("CH", 2), ("RE", 2)]

    def test_a_finished_package_is_never_critical(self, cast: Cast) -> None:
        phase = Phase.objects.get(project=cast.project, number=2)
        own_dates(cast, "RE", 2, phase.start, phase.end)
        PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__component="RE").update(
            status="verified"
        )
        line = line_of(cast, "RE", 2)
        assert (line.reserve, line.is_critical, line.state) == (None, False, "verified")

    def test_rules_of_order_tell_which_package_waits(self, cast: Cast) -> None:
        waits = plan_of_packages(cast.project).waits
        assert (("CH", 2), ("RE", 2)) in waits
        assert (("CH", 1), ("RE", 1)) not in waits  # release management begins in phase 2
        PlanRules.objects.filter(project=cast.project).update(component_order=[["MR", "CH"]])
        assert {pair for pair in plan_of_packages(cast.project).waits if pair[0][0] in ("MR", "CH")} == {
            (("MR", number), ("CH", number)) for number in (1, 2, 3)
        }

    def test_the_number_of_queries_does_not_depend_on_the_plan(self, cast: Cast) -> None:
        plan_of_packages(cast.project)
        with CaptureQueriesContext(connection) as few:
            plan_of_packages(cast.project)
        PhaseActivity.objects.filter(project=cast.project).exclude(activity__component="CH").delete()
        with CaptureQueriesContext(connection) as fewer:
            assert len(plan_of_packages(cast.project).lines) == 3
        assert len(few) == len(fewer) <= 9


class TestOnePackage:
    def test_it_knows_what_it_waits_for_and_feeds(self, cast: Cast) -> None:
        detail = detail_of(cast, "RE", 2)
        assert [line.key for line in detail.waits_for] == [("CF", 2), ("CH", 2)]
        assert (detail.feeds, detail.before) == ((), None)
        assert detail.after is not None
        assert detail.after.key == ("RE", 3)
        assert [line.key for line in detail_of(cast, "CH", 2).feeds] == [("RE", 2)]

    def test_natures_and_owners_add_up_to_its_activities(self, cast: Cast) -> None:
        PhaseActivity.objects.filter(pk=cast.row("CH.i", 1).pk).update(accountable=cast.parties["petra"])
        detail = detail_of(cast, "CH", 1)
        total = detail.line.tally.applicable
        assert sum(nature.count for nature in detail.natures) == total
        assert [(owner.party and owner.party.name, owner.count) for owner in detail.owners] == [
            ("Petra Pohl", 1),
            (None, total - 1),
        ]

    def test_a_package_that_the_plan_lacks_is_none(self, cast: Cast) -> None:
        assert package_of(plan_of_packages(cast.project), ("RE", 1)) is None


class TestAsking:
    @pytest.mark.parametrize("sort", PACKAGE_SORTS)
    def test_every_order_keeps_all_packages(self, cast: Cast, sort: str) -> None:
        lines = plan_of_packages(cast.project).lines
        up = asked_packages(lines, PlanQuery(sort=sort))
        down = asked_packages(lines, PlanQuery(sort=sort, descending=True))
        assert {line.key for line in up} == {line.key for line in down} == {line.key for line in lines}

    def test_filters_leave_what_was_asked_for(self, cast: Cast) -> None:
        Package.objects.filter(project=cast.project, component="CH").update(owner=cast.parties["petra"])
        lines = plan_of_packages(cast.project).lines
        assert {line.component for line in asked_packages(lines, PlanQuery(owner=cast.parties["petra"].pk))} == {"CH"}
        assert len(asked_packages(lines, PlanQuery(owner=0))) == 53
        assert {line.phase for line in asked_packages(lines, PlanQuery(phase=2))} == {2}
        late = asked_packages(lines, PlanQuery(late=True))
        assert [line.key for line in late] == [line.key for line in lines if line.tally.overdue > 0]


class TestTimeline:
    def test_it_has_a_title_a_bar_for_each_package_and_the_same_as_a_table(self, cast: Cast) -> None:
        timeline, chart = drawn(cast, PlanQuery())
        assert chart.title == "56 packages, January 2026 to September 2027"
        assert f'aria-label="{chart.title}"' in chart.svg
        assert chart.svg.count('class="tl-a"') == len(chart.table.rows) == 56
        assert len(timeline.rows) == 22
        assert [gate.label for gate in timeline.gates] == ["G0", "G1", "G2", "G3", "Stage 1"]
        assert chart.svg.count("Today") == 1

    def test_it_carries_no_style_and_no_script(self, cast: Cast) -> None:
        svg = drawn(cast, PlanQuery())[1].svg
        assert "style=" not in svg
        assert "<script" not in svg

    def test_a_window_shows_its_phase_alone(self, cast: Cast) -> None:
        timeline, chart = drawn(cast, PlanQuery(phase=2))
        assert [frame.label for frame in timeline.frames] == ["Phase 2"]
        assert [gate.label for gate in timeline.gates] == ["G2"]
        assert "Today" not in chart.svg  # phase 2 has not begun
        assert timeline.zoom == "month"

    def test_arrows_lead_to_what_waits(self, cast: Cast) -> None:
        svg = drawn(cast, PlanQuery(phase=2))[1].svg
        assert svg.count('class="tl-arr"') == 4

    def test_critical_packages_carry_a_mark_and_the_word(self, cast: Cast) -> None:
        phase = Phase.objects.get(project=cast.project, number=2)
        own_dates(cast, "BA", 2, phase.start, phase.end)
        chart = drawn(cast, PlanQuery())[1]
        assert chart.svg.count('class="tl-crit"') == 1
        assert [row[0] for row in chart.table.rows if row[-1] == "yes"] == ["BA 2"]
        assert "BA 2" in headline(plan_of_packages(cast.project))[1]

    def test_a_baseline_is_marked_and_named(self, cast: Cast, sign_in) -> None:
        row = {"ref": "CH.i", "component": "CH", "phase": 2, "due": "2026-10-01", "status": "not started"}
        left_out = {**row, "ref": "CH.j", "due": "2026-12-01", "status": "not applicable"}
        Baseline.objects.create(
            project=cast.project, number=3, name="Third", content={"rows": [row, left_out]}, sha256="0" * 64
        )
        assert line_of(cast, "CH", 2).baseline_due == date(2026, 10, 1)
        assert drawn(cast, PlanQuery())[1].svg.count('<rect class="f-text"') == 1
        assert "Baseline B3, 2 Mar 2026" in sign_in(cast.mara).get(PAGE).content.decode()

    def test_a_forecast_after_the_last_due_date_stands_out(self, cast: Cast) -> None:
        plan = plan_of_packages(cast.project)
        late = replace(plan.by_key["CH", 2], forecast=date(2026, 12, 24))
        found = chart_of(plan, [late], PlanQuery(phase=2))
        assert found is not None
        assert found[1].svg.count('class="f-warn"') == 1
        assert "forecast 24 Dec 2026" in found[1].svg

    def test_without_dates_there_is_no_picture(self, cast: Cast) -> None:
        Phase.objects.filter(project=cast.project).update(start=None, end=None)
        plan = plan_of_packages(cast.project)
        assert chart_of(plan, plan.lines, PlanQuery()) is None


class TestPage:
    @pytest.mark.parametrize("who", ["olga", "mara", "toma", "chen", "cora", "petra", "tim", "audra"])
    def test_everybody_of_the_project_reads_it(self, cast: Cast, sign_in, who: str) -> None:
        page = sign_in(cast.people[who]).get(PAGE)
        assert page.status_code == 200
        assert ('name="row"' in page.content.decode()) is (who in ("olga", "mara"))

    def test_for_another_client_it_does_not_exist(self, cast: Cast, sign_in) -> None:
        for path in ("", "print/", "packages/export/", "packages/CH/1/"):
            assert sign_in(cast.bruno).get(PAGE + path).status_code == 404
        assert CANARY not in sign_in(cast.mara).get(PAGE).content.decode()

    def test_its_queries_stay_few(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        client.get(PAGE)
        for path in (PAGE, f"{PAGE}packages/CH/1/"):
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            assert len(seen) <= 15

    @pytest.mark.parametrize(
        "query",
        [
            "zoom=day",
            "phase=9",
            "phase=x",
            "owner=0",
            "owner=999999",
            "late=yes",
            "sort=colour",
            "page=2",
            "phase=1&phase=2",
        ],
    )
    def test_a_question_it_does_not_know_is_refused(self, cast: Cast, sign_in, query: str) -> None:
        assert sign_in(cast.mara).get(f"{PAGE}?{query}").status_code == 400
        assert sign_in(cast.mara).get(f"{PAGE}packages/export/?{query}").status_code == 400

    def test_nothing_found_says_so(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).get(f"{PAGE}?owner={cast.parties['tim'].pk}").content.decode()
        assert "No package passes the filters." in page

    def test_the_sheet_for_print_holds_every_bar(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).get(f"{PAGE}print/").content.decode()
        assert page.count('class="tl-a"') == 56
        assert "plan-print" in page

    def test_a_package_that_the_plan_lacks_is_not_found(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        assert client.get(f"{PAGE}packages/RE/1/").status_code == 404
        assert client.get(f"{PAGE}packages/RE/2/?x=1").status_code == 400
        assert "Release management" in client.get(f"{PAGE}packages/RE/2/").content.decode()


class TestExport:
    def test_it_gives_what_the_page_shows_in_its_order(self, cast: Cast, sign_in) -> None:
        answer = sign_in(cast.mara).get(f"{PAGE}packages/export/?phase=2&sort=-due")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        plan = plan_of_packages(cast.project)
        shown = asked_packages(plan.lines, PlanQuery(phase=2, sort="due", descending=True))
        assert [row["component"] for row in rows] == [line.component for line in shown]
        assert {row["dates"] for row in rows} == {"phase"}

    def test_it_comes_as_a_workbook(self, cast: Cast, sign_in) -> None:
        answer = sign_in(cast.mara).get(f"{PAGE}packages/export/?format=xlsx")
        assert answer.content[:2] == b"PK"
        assert sign_in(cast.mara).get(f"{PAGE}packages/export/?format=pdf").status_code == 400
