"""`make bench`: the performance table, on the sizes that the design names.

Everything runs in one process against a throwaway SQLite file. Times are medians; what counts are the ratios,
which compare two things measured in the same run. Run with `--quick` for a first look at smaller sizes.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.bench_answers import bench_answers
from scripts.bench_audits import bench_audits
from scripts.bench_board import bench_board
from scripts.bench_case import bench_case
from scripts.bench_content import content_figures, load_all
from scripts.bench_documents import bench_documents
from scripts.bench_evidence import bench_evidence
from scripts.bench_gap import bench_gap
from scripts.bench_jobs import bench_jobs
from scripts.bench_packs import bench_packs
from scripts.bench_pdf import bench_pdf
from scripts.bench_planning import bench_planning

os.environ["SMSPLAN_ENV"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "smsplan.settings"


def median_ms(act: Callable[[], Any], runs: int = 9) -> float:
    """Median time of `act` in milliseconds, after one run that is not counted."""
    act()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the SQL statements inside the block."""
    from django.db import connection

    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


class Bench:
    """Holds one growing installation and prints rows of the table."""

    def __init__(self) -> None:
        self.made = 0
        self.rows: list[tuple[str, ...]] = []

    def prepare(self) -> None:
        """An empty database with the content, one client, one manager."""
        from django.core.management import call_command

        from accounts.models import User
        from common import clock
        from projects.services.organizations import create_organization

        begun = time.perf_counter()
        call_command("migrate", verbosity=0)
        took = load_all()
        self.row("migrate and load all content", f"{time.perf_counter() - begun:.1f} s", "", "< 30 s")
        self.row("load all content into an empty database", f"{took:.1f} s", "", "< 10 s")
        self.user = User.objects.create_user("bench@example.org", "bench-bench-42", name="Bench Manager")
        with clock.moved_to(datetime.now(UTC) - timedelta(weeks=41)):
            self.organization = create_organization(acting_user=None, name="Bench", owner=self.user)

    def row(self, *cells: str) -> None:
        """Add a row and print it at once."""
        self.rows.append(cells)
        print("| " + " | ".join(cells) + " |", flush=True)

    def make_projects(self, total: int) -> None:
        """Bring the installation to `total` projects, with work in all states in each."""
        from common import clock
        from phases.models import PhaseActivity
        from phases.services.lifecycle import close_phase, start_phase
        from phases.services.start import ProjectPlan, start_project

        start = (datetime.now(UTC) - timedelta(weeks=40)).date()
        statuses = ("not started", "in progress", "done", "verified", "blocked")
        while self.made < total:
            with clock.moved_to(datetime.now(UTC) - timedelta(weeks=40)):
                plan = ProjectPlan(name=f"Bench {self.made}", start=start, scope_statement="Bench")
                project = start_project(acting_user=self.user, organization=self.organization, plan=plan)
                for number in (0, 1):
                    close_phase(acting_user=self.user, project=project, number=number, reason="Bench")
                    start_phase(acting_user=self.user, project=project, number=number + 1)
            party = project.parties.get()
            for place, status in enumerate(statuses):
                keys = list(project.phase_activities.order_by("pk").values_list("pk", flat=True)[place::7])
                PhaseActivity.objects.filter(pk__in=keys).update(status=status, accountable=party)
            self.made += 1
            self.project = project

    def oversee(self) -> None:
        """Let a committee oversee every project, with a decision asked for in each, and compute their gates."""
        from governance.models import Committee, Decision, Oversight
        from governance.services.gate_figures import refresh_gate_figures
        from projects.models import Project

        committee, _made = Committee.objects.get_or_create(organization=self.organization, name="Bench")
        for project in Project.objects.filter(oversight=None):
            Oversight.objects.create(project=project, committee=committee)
            Decision.objects.create(project=project, ref="D-01", title="Bench", decide_by=project.start_date)
        refresh_gate_figures(list(Project.objects.all()))

    def grow_trail(self, total: int) -> None:
        """Fill the trails up to `total` events in all."""
        from audittrail.models import Event
        from audittrail.services import Draft, record_events
        from projects.models import Project

        projects = list(Project.objects.all())
        missing = total - Event.objects.count()
        turn = 0
        while missing > 0:
            size = min(5000, missing)
            record_events(
                stream_id=projects[turn % len(projects)].uuid,
                acting_user=self.user,
                drafts=[
                    Draft("change status", "phase activity", "CH.i@2", "", {"status": ["not started", "in progress"]})
                ]
                * size,
            )
            missing -= size
            turn += 1

    def page(self, title: str, path: str, budget: str) -> float:
        """Measure a page: time, statements, weight."""
        import gzip

        from django.test import Client

        client = Client()
        client.force_login(self.user, backend="accounts.backends.ActiveUserBackend")
        client.get(path)
        with counting() as statements:
            response = client.get(path)
        took = median_ms(lambda: client.get(path))
        weight = len(gzip.compress(response.content)) / 1000
        self.row(title, f"{took:.0f} ms", f"{len(statements)} queries, {weight:.0f} kB compressed", budget)
        return took

    def board_against_template(self) -> None:
        """The board's view against its template on ready-made values, in the same run."""
        from django.template import loader
        from django.test import Client

        client = Client()
        client.force_login(self.user, backend="accounts.backends.ActiveUserBackend")
        path = f"/projects/{self.project.slug}/phases/3/"
        response = client.get(path)
        layers: Any = response.context
        context: dict[str, Any] = {}
        for layer in layers:
            context |= layer.flatten()
        request = response.wsgi_request
        template = loader.get_template("phases/board.html")
        view = median_ms(lambda: client.get(path))
        bare = median_ms(lambda: template.render(context, request))
        self.row(
            "board of 223 against its template alone", f"{view / bare:.2f} x", f"{view:.0f} / {bare:.0f} ms", "<= 2.5 x"
        )

    def status_change(self) -> None:
        """One change of status through the service."""
        from phases.services.rows import Target, change_status

        row = self.project.phase_activities.filter(status="not started", phase_number=3)[0]
        state: dict[str, Any] = {"version": row.version, "status": "not started"}

        def step() -> None:
            after = "in progress" if state["status"] == "not started" else "not started"
            changed = change_status(
                acting_user=self.user, project=self.project, targets=[Target(row.pk, state["version"])], status=after
            )
            state.update(version=changed[0].version, status=after)

        with counting() as statements:
            step()
        self.row(
            "one change of status (service)", f"{median_ms(step):.0f} ms", f"{len(statements)} statements", "<= 15"
        )

    def new_project(self) -> None:
        """A new project of 471 phase activities and the initiation."""
        from phases.services.start import ProjectPlan, start_project

        def start() -> None:
            plan = ProjectPlan(name="Another", start=self.project.start_date, scope_statement="Bench")
            self.project_made = start_project(acting_user=self.user, organization=self.organization, plan=plan)

        with counting() as statements:
            start()
        self.row("new project", f"{median_ms(start, 3):.0f} ms", f"{len(statements)} statements", "<= 40")

    def plan_file(self) -> None:
        """The plan of one project, supplement included, as a workbook and as CSV: out, looked at, and taken in."""
        import io
        from uuid import UUID

        import openpyxl

        from common.uploads import Upload
        from phases.exports_plan import COLUMNS, plan_csv
        from phases.exports_workbook import plan_xlsx
        from phases.imports_plan import confirm_preview, look_at, preview_file
        from phases.models import PhaseActivity
        from phases.services.start import ProjectPlan, start_project

        plan = ProjectPlan(name="Bench file", start=self.project.start_date, scope_statement="Bench", edition="2018")
        project = start_project(acting_user=self.user, organization=self.organization, plan=plan)
        rows = PhaseActivity.objects.filter(project=project).count()
        content = plan_xlsx(project)
        book = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in book.worksheets:
            if sheet.title.startswith("Phase"):
                for row in sheet.iter_rows(min_row=2):
                    row[COLUMNS.index("note")].value = f"About {row[0].value}"
                    row[COLUMNS.index("due")].value = project.start_date + timedelta(days=200)
        target = io.BytesIO()
        book.save(target)
        same, other = (Upload("plan.xlsx", each, "0" * 64) for each in (content, target.getvalue()))

        def act(title: str, step: Callable[[], Any], budget: str) -> Any:
            begun = time.perf_counter()
            with counting() as statements:
                made = step()
            took = time.perf_counter() - begun
            self.row(f"{title}, {rows} rows", f"{took * 1000:.0f} ms", f"{len(statements)} statements", budget)
            return made

        who: dict[str, Any] = {"acting_user": self.user, "project": project}
        act("plan as CSV", lambda: plan_csv(project, with_initiation=True), "")
        act("plan as XLSX", lambda: plan_xlsx(project), "")
        act("look at a file that changes nothing", lambda: look_at(**who, upload=same), "")
        _looked, kept = act("preview of two cells in every row", lambda: preview_file(**who, upload=other), "")
        key: UUID = kept.uuid
        act("import of two cells in every row", lambda: confirm_preview(**who, preview_id=key), "")
        self.row(
            "memory at its highest so far",
            "",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
            "",
        )

    def verify(self) -> None:
        """The whole trail, event by event."""
        from audittrail.models import Event
        from audittrail.verification import check_streams

        count = Event.objects.count()
        begun = time.perf_counter()
        found = list(check_streams(False))
        self.row(
            f"verify {count:,} events", f"{time.perf_counter() - begun:.0f} s", f"{len(found)} findings", "< 120 s"
        )
        begun = time.perf_counter()
        list(check_streams(True))
        self.row("verify again from checkpoints", f"{time.perf_counter() - begun:.1f} s", "", "")


def web_process(row: Callable[..., None]) -> None:
    """Start time and memory of a bare web process."""
    code = (
        "import resource, time; begun = time.perf_counter(); import smsplan.wsgi; "
        "print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    row("web process", f"{float(said[0]):.1f} s to start", f"{int(said[1]) / 1024:.0f} MB", "< 2 s, < 200 MB")


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 and 5 projects, 20,000 events")
    quick = parser.parse_args().quick
    sizes = (1, 5) if quick else (1, 20, 200)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        from django.test.utils import setup_test_environment

        setup_test_environment()
        bench = Bench()
        bench.row("what", "time", "cost", "budget")
        bench.row("---", "---", "---", "---")
        web_process(bench.row)
        bench.prepare()
        times: dict[str, list[float]] = {"dashboard": [], "portfolio": [], "board": [], "steering": []}
        for size in sizes:
            bench.make_projects(size)
            if size == sizes[-1]:
                bench.grow_trail(20_000 if quick else 1_200_000)
            slug = bench.project.slug
            times["board"].append(
                bench.page(f"board of 172, {size} projects", f"/projects/{slug}/phases/2/", "<= 12 queries")
            )
            times["dashboard"].append(bench.page(f"dashboard, {size} projects", f"/projects/{slug}/", "<= 15 queries"))
            past = (datetime.now(UTC) - timedelta(weeks=20)).date()
            bench.page(f"dashboard of a past day, {size} projects", f"/projects/{slug}/?as_of={past}", "")
            bench.oversee()
            times["portfolio"].append(bench.page(f"portfolio, {size} projects", "/", "<= 12 queries"))
            times["steering"].append(
                bench.page(f"steering, {size} projects", f"/projects/{slug}/governance/", "<= 30 queries")
            )
            bench.page(f"My work, {size} projects", "/work/", "<= 12 queries, 30 kB")
        for name, values in times.items():
            bench.row(f"{name}: {sizes[-1]} projects against 1", f"{values[-1] / values[0]:.2f} x", "", "<= 1.3 x")
        bench.board_against_template()
        bench.status_change()
        bench.new_project()
        bench.plan_file()
        bench_planning(bench, median_ms, counting)
        bench_gap(bench, median_ms, counting)
        bench_answers(bench, counting)
        bench_case(bench, median_ms, counting)
        bench_board(bench, median_ms, counting)
        bench_audits(bench, median_ms, counting, **({"links": 1000} if quick else {}))
        bench_packs(bench, **({"files": 20, "megabytes": 32} if quick else {}))
        bench_evidence(bench, counting, **({"megabytes": 32, "items": 2000} if quick else {}))
        bench.verify()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bench.row("memory of this run at its peak", f"{peak:.0f} MB", "", "")
        bench_jobs(bench.row)
        bench_pdf(bench.row)
        bench_documents(bench.row)
        content_figures(lambda what, figure: bench.row(str(what), "", str(figure), ""))


if __name__ == "__main__":
    main()
