"""The part of `make bench` on gap analyses: rolling up the whole bank over four assessments."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

GIVEN = ("conforms", "minor gap", "conforms", "major gap", "conforms", "no case yet", "conforms")


def bench_gap(bench: Any, median_ms: Callable[..., float], counting: Callable[..., Any]) -> None:
    """Add the rows to the table of `bench`, measured on its newest project."""
    from gapanalysis.exports_results import results_xlsx
    from gapanalysis.selectors.results import Results, results_of
    from phases.selectors.catalogue import texts_for

    project = bench.project
    assessments, questions = _assessments(bench)

    def read() -> Results:
        found = results_of(project, edition="2018")
        if found is None:
            raise LookupError("the bench made no assessment")
        return found

    def roll_up() -> None:
        found = read()
        for column in found.columns:
            _all = column.clauses, column.components, column.whole
        found.gaps(found.now, found.columns[0])

    read()
    with counting() as statements:
        roll_up()
    tracemalloc.start()
    roll_up()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    what = f"{questions} questions and {len(assessments)} assessments"
    took = median_ms(roll_up)
    bench.row(f"roll-up over {what}", f"{took:.0f} ms", f"{len(statements)} queries, {peak:.1f} MB", "4 queries")
    here = f"/projects/{project.slug}/gap"
    bench.page(f"results of {what}", f"{here}/{assessments[-1].key}/results/", "<= 15 queries")
    bench.page(f"report to print of {what}", f"{here}/{assessments[-1].key}/results/print/", "<= 15 queries")
    bench.page(f"comparison of {what}", f"{here}/compare/", "<= 15 queries")
    found, texts = read(), texts_for(project)
    with counting() as statements:
        content = results_xlsx(found, found.now, found.columns[0], texts)
    took = median_ms(lambda: results_xlsx(found, found.now, found.columns[0], texts), 3)
    bench.row("results as XLSX", f"{took:.0f} ms", f"{len(statements)} query, {len(content) / 1000:.0f} kB", "")


def _assessments(bench: Any) -> tuple[list[Any], int]:
    """Four assessments of the bench's project, all answered, three of them locked; and how many questions they ask."""
    from django.conf import settings

    from gapanalysis.choices import Instrument
    from gapanalysis.models import Answer, Assessment
    from gapanalysis.services.answers import AnswerChange, give_answers
    from gapanalysis.services.assessments import AssessmentPlan, move_assessment, start_assessment
    from gapanalysis.services.questionnaires import load_questionnaire

    load_questionnaire(folder=Path(settings.CONTENT_DIR, "questionnaires", "iso20000-1"))
    who: dict[str, Any] = {"acting_user": bench.user, "project": bench.project}
    made: list[Assessment] = []
    for turn in range(4):
        plan = AssessmentPlan(kind="ad hoc", title=f"Bench {turn}")
        one = start_assessment(**who, plan=plan, started_from=made[-1] if made else None)
        one = move_assessment(**who, assessment=one, version=one.version, state="in progress")
        rows = Answer.objects.filter(assessment=one).select_related("question").order_by("question__position")
        changes = []
        for place, row in enumerate(rows):
            if row.question.instrument == Instrument.REQUIREMENT:
                value = GIVEN[(place + turn) % len(GIVEN)]
                changes.append(
                    AnswerChange(row.pk, row.version, value=value, note=f"What was seen at {row.question.ref}.")
                )
            elif row.question.instrument == Instrument.LADDER:
                changes.append(AnswerChange(row.pk, row.version, rungs=list(row.question.extra["rungs"])[: 1 + turn]))
            elif row.question.instrument == Instrument.READINESS:
                changes.append(AnswerChange(row.pk, row.version, rating=(place + turn) % 5))
        give_answers(**who, assessment=one, changes=changes)
        for state in ("in review", "locked") if turn < 3 else ():
            version_now = Assessment.objects.get(pk=one.pk).version
            one = move_assessment(**who, assessment=one, version=version_now, state=state)
        made.append(one)
    asked = Answer.objects.filter(assessment=made[-1], question__instrument=Instrument.REQUIREMENT).count()
    return made, asked
