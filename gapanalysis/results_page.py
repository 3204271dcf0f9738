"""What the page of results, its report and its PDF show: one question, one set of figures."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gapanalysis import panels_profile as profile
from gapanalysis import panels_results as panels
from gapanalysis.choices import AssessmentKind
from gapanalysis.domain.history import Change
from gapanalysis.models import Assessment
from gapanalysis.results_words import rule_sentences
from gapanalysis.selectors.results import Column, Results, results_of
from gapanalysis.selectors.said import texts_behind
from phases.selectors.catalogue import texts_for
from projects.models import Project

MOST_COLUMNS = 6
MOST_GAPS = 10
MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the assessment, what it is compared with, and where the charts begin."""

    found: Results
    now: Column
    before: Column | None
    base: Column | None
    against: str
    is_deep: bool


class NoEarlier(Exception):
    """What the assessment is to be compared with is no earlier one."""


def question_of(
    project: Project, assessment: Assessment, *, edition: str, against: str = "", is_deep: bool = False
) -> Question | None:
    """What stands after `assessment`, against the earlier one of key `against`; None where nothing does.

    Raises NoEarlier where `against` is none.
    """
    found = results_of(project, edition=edition, until=assessment)
    if found is None:
        return None
    now = found.everything[-1]
    wanted = found.column(against) if against else None
    if against and (wanted is None or wanted is now):
        raise NoEarlier
    before = wanted or _before(found, assessment)
    base = wanted or next(
        (each for each in found.everything[:-1] if each.assessment.kind == AssessmentKind.BASELINE), before
    )
    return Question(found, now, before, base, against, is_deep)


def _before(found: Results, assessment: Assessment) -> Column | None:
    """The assessment that this one started from, else the last one that is locked, else the last one at all."""
    earlier = found.everything[:-1]
    for wanted in (
        lambda each: each.assessment.pk == assessment.started_from_id,
        lambda each: each.assessment.is_locked,
        lambda each: True,
    ):
        column = next((each for each in reversed(earlier) if wanted(each)), None)
        if column is not None:
            return column
    return None


def shown_columns(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """All of them, or the first and the last five."""
    return columns if len(columns) <= MOST_COLUMNS else (columns[0], *columns[1 - MOST_COLUMNS :])


def results_context(project: Project, asked: Question, most: int | None) -> dict[str, Any]:
    """All that the templates show; `most` gaps, or all of them."""
    found, now, before = asked.found, asked.now, asked.before
    gaps = found.gaps(now, before)
    top = gaps[:most] if most is not None else gaps
    changes = found.changes(before, now) if before is not None else {}
    position = {ref: question.position for ref, question in found.questions.items()}
    worse = sorted((ref for ref, change in changes.items() if change == Change.WORSE), key=position.__getitem__)
    stuck = [line for line in gaps if line.since < now.place and now.words[line.gap.ref].is_asked]
    columns = shown_columns(found.everything)
    texts = texts_behind(found, now, {line.gap.ref for line in top} | set(worse[:MOST_OTHERS]))
    shown = [each for each in (before, now) if each is not None]

    def url(**narrowed: str) -> str:
        return panels.questions_url(project, shown, found.edition, **narrowed)

    return {
        "project": project,
        "assessment": now.assessment,
        "results": found,
        "now": now,
        "before": before,
        "base": asked.base,
        "edition": found.edition,
        "is_deep": asked.is_deep,
        "rule": rule_sentences(found.edition),
        "standing": panels.standing(found, now, before),
        "tiles": panels.tiles(found, now, before),
        "whole_bar": panels.answers_bar(now.whole, _("The whole edition"), height=14),
        "answers_legend": panels.answers_legend(now.whole),
        "top": [
            (line, texts.get(line.gap.ref), found.everything[line.since].assessment, found.said_in(now, line.gap.ref))
            for line in top
        ],
        "gap_count": len(gaps),
        "gaps_url": url(answer="gaps"),
        "worse": [
            (
                found.questions[ref],
                before.words[ref].said if before else None,
                now.words[ref].said,
                texts.get(ref),
                found.said_in(now, ref),
            )
            for ref in worse[:MOST_OTHERS]
        ],
        "worse_count": len(worse),
        "worse_url": url(what=Change.WORSE),
        "stuck": [(line, found.everything[line.since].assessment) for line in stuck[:MOST_OTHERS]],
        "stuck_count": len(stuck),
        "columns": columns,
        "clause_rows": profile.clause_rows(found, columns, deep=asked.is_deep),
        "has_targets": found.has_clause_targets,
        "components": profile.component_chart(found, now, asked.base, texts_for(project)),
        "ladders": profile.ladder_rows(found, now, asked.base),
        "readiness": profile.readiness_chart(found, now, asked.base),
        "weak_statements": profile.weakest_statements(found, now),
    }
