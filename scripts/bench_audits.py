"""The part of `make bench` on the clause view: all clauses of an edition and one of them, with 5,000 links of evidence.

python -m scripts.bench_audits [--links 5000]
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any


def bench_audits(bench: Any, median: Callable[..., float], counting: Callable[..., Any], *, links: int = 5000) -> None:
    """Add the rows on the clause view to the table of `bench`, measured on its newest project."""
    from audits.selectors.clause_chain import chains_of
    from projects.permissions import access_to

    where = f"/projects/{bench.project.slug}/clauses/"
    _operate(bench)
    for total in (100, links):
        _grow(bench, total)
        bench.page(f"all clauses, {total:,} links", where, "<= 15 queries")
        bench.page(f"clause 8.5.1, {total:,} links", f"{where}2018/8.5.1/", "<= 24 queries")
        bench.page(f"clause 8 with all below it, {total:,} links", f"{where}2018/8/", "<= 24 queries")
        access = access_to(bench.project, bench.user)
        with counting() as statements:
            chains = chains_of(bench.project, access, "2018")
        took = median(lambda: chains_of(bench.project, access, "2018"))  # noqa: B023 (called at once)
        bench.row(
            f"the chains of 77 clauses alone, {total:,} links, {chains.gaps} gaps",
            f"{took:.0f} ms",
            f"{len(statements)} queries",
            "<= 12 queries",
        )


def _operate(bench: Any) -> None:
    from phases.models import PhaseActivity

    rows = PhaseActivity.objects.filter(project=bench.project, activity__nature="operate", phase_number=1)
    rows.update(operating_since=(datetime.now(UTC) - timedelta(days=300)).date())


def _grow(bench: Any, total: int) -> None:
    """Bring the project to `total` links: one item each on an activity, every tenth on a clause as well."""
    from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem, Revision
    from phases.models import ProjectActivity

    project = bench.project
    activities = list(ProjectActivity.objects.filter(project=project).order_by("pk"))
    known = EvidenceItem.objects.filter(project=project).count()
    now = datetime.now(UTC)
    made = EvidenceItem.objects.bulk_create(
        EvidenceItem(
            project=project,
            key=f"A-{number:05d}",
            kind="link",
            title=f"Record number {number}",
            collected_on=(now - timedelta(days=number % 300)).date(),
            state="current",
            added_by=bench.user,
        )
        for number in range(known, total)
    )
    revisions = Revision.objects.bulk_create(
        Revision(project=project, item=item, number=1, sha256=f"{item.pk:064x}", url="https://a.example", seen_note="x")
        for item in made
    )
    for item, revision in zip(made, revisions, strict=True):
        item.revision = revision
    EvidenceItem.objects.bulk_update(made, ["revision"], batch_size=500)
    ActivityEvidence.objects.bulk_create(
        ActivityEvidence(project=project, item=item, activity=activities[place % len(activities)])
        for place, item in enumerate(made)
    )
    ClauseEvidence.objects.bulk_create(
        ClauseEvidence(project=project, item=item, edition="2018", clause="8.5.1.3") for item in made[::10]
    )


def main() -> None:
    """Print the rows on the clause view alone."""
    from scripts.bench import Bench, counting, median_ms

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smsplan-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django

        django.setup()
        from django.test.utils import setup_test_environment

        setup_test_environment()
        bench = Bench()
        bench.prepare()
        bench.make_projects(1)
        bench_audits(bench, median_ms, counting, links=options.links)


if __name__ == "__main__":
    main()
