"""Results and comparisons as workbooks."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.workbook_out import Sheet, sheets_to_xlsx
from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.domain.ladder import RUNGS, standing_of
from gapanalysis.domain.rollup import Tally
from gapanalysis.panels_compare import ANSWERS
from gapanalysis.panels_results import standing
from gapanalysis.results_words import change_label, rule_sentences, rung_label, value_label
from gapanalysis.selectors.compare import Line
from gapanalysis.selectors.results import Column, Results
from gapanalysis.selectors.said import SaidText, texts_behind
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.clauses import clause_order, clause_titles
from projects.permissions import Access


def results_xlsx(
    found: Results, now: Column, before: Column | None, texts: CatalogueTexts, access: Access | None = None
) -> bytes:
    """The report: summary with the rule, gaps by weight, clauses, components, processes, readiness, every question.

    With `access`, the keys of the evidence on each answer, of what that person may see.
    """
    columns = [each for each in (before, now) if each is not None]
    said = texts_behind(found, now, list(now.words), access)
    return sheets_to_xlsx(
        [
            _summary(found, now, before, columns),
            _gaps(found, now, before, said),
            _clauses(found, columns),
            _components(found, columns, texts),
            _processes(found, columns),
            _readiness(found, columns),
            _questions(found, columns, found.changes(before, now) if before is not None else {}, said, None),
        ]
    )


def comparison_xlsx(
    found: Results, lines: Sequence[Line], texts: CatalogueTexts, access: Access | None = None
) -> bytes:
    """The assessments shown, side by side, with the questions of `lines`. `access` as in `results_xlsx`."""
    columns = found.columns
    said = texts_behind(found, found.now, [line.question.ref for line in lines], access)
    changes = {line.question.ref: line.change for line in lines if line.change is not None}
    return sheets_to_xlsx(
        [
            _figures(columns),
            _clauses(found, columns),
            _components(found, columns, texts),
            _processes(found, columns),
            _readiness(found, columns),
            _questions(found, columns, changes, said, [line.question.ref for line in lines]),
        ]
    )


def _summary(found: Results, now: Column, before: Column | None, columns: Sequence[Column]) -> Sheet:
    says = standing(found, now, before)
    rows: list[tuple[Any, ...]] = [(says.word,), (says.now,), (says.since,), *((text,) for text in says.open), ("",)]
    rows += [(_("How to read this"),), *((text,) for text in rule_sentences(found.edition)), ("",)]
    header, figures = _figure_rows(columns)
    return Sheet(_("Summary"), (now.assessment.title,), [*rows, header, *figures])


def _figures(columns: Sequence[Column]) -> Sheet:
    header, rows = _figure_rows(columns)
    return Sheet(_("Assessments"), header, rows)


def _figure_rows(columns: Sequence[Column]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    header = (
        _("Assessment"),
        _("State"),
        _("Questions"),
        *(value_label(value) for value in ANSWERS),
        _("Asked by it"),
        _("Answered in it"),
        _("Stand from earlier"),
    )
    return header, [
        (
            each.assessment.title,
            str(each.assessment.get_state_display()),
            each.whole.asked,
            *(each.whole.of(value) for value in ANSWERS),
            each.own.asked,
            each.own.answered,
            each.standing,
        )
        for each in columns
    ]


def _gaps(found: Results, now: Column, before: Column | None, said: dict[str, SaidText]) -> Sheet:
    header = (
        _("Weight"),
        _("Ref"),
        _("Clauses"),
        _("Question"),
        _("Answer"),
        _("Key activity"),
        _("Change"),
        _("Since"),
        _("Finding"),
        _("Impact"),
        _("Recommendation"),
        _("Owner"),
        _("Activities"),
    )
    rows = []
    for line in found.gaps(now, before):
        text = said.get(line.gap.ref, SaidText())
        rows.append(
            (
                line.gap.weight,
                line.gap.ref,
                ", ".join(line.question.clauses[found.edition]),
                line.question.text,
                value_label(line.gap.value),
                _("yes") if line.gap.is_key else "",
                change_label(line.change) if line.change else "",
                found.everything[line.since].assessment.title,
                text.first,
                text.impact,
                text.recommendation,
                text.owner,
                ", ".join(line.question.activities),
            )
        )
    return Sheet(_("Gaps"), header, rows)


def _tallies(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(
        f"{each.assessment.title}: {word}"
        for each in columns
        for word in (_("questions"), _("conform"), _("looked at"), _("gaps"), _("weakest answer"))
    )


def _tally_cells(tallies: Iterable[Tally]) -> tuple[Any, ...]:
    return tuple(
        cell
        for each in tallies
        for cell in (
            each.asked,
            each.of(Value.CONFORMS),
            each.answered,
            each.gaps,
            value_label(each.standing) if each.standing is not None else "",
        )
    )


def _clauses(found: Results, columns: Sequence[Column]) -> Sheet:
    titles = clause_titles().get(found.edition, {})
    numbers = sorted({clause for each in columns for clause in each.clauses}, key=clause_order)
    rows: list[tuple[Any, ...]] = [
        (
            clause,
            titles.get(clause, ""),
            *_tally_cells(each.clauses.get(clause, Tally()) for each in columns),
            found.target_of_clause(clause),
        )
        for clause in numbers
    ]
    rows.append(("", _("The whole edition"), *_tally_cells(each.whole for each in columns), None))
    return Sheet(_("Clauses"), (_("Clause"), _("Title"), *_tallies(columns), _("Target, percent")), rows)


def _components(found: Results, columns: Sequence[Column], texts: CatalogueTexts) -> Sheet:
    codes = [code for code in texts.components if any(code in each.components for each in columns)]
    return Sheet(
        _("Components"),
        (_("Component"), _("Title"), *_tallies(columns)),
        [
            (code, texts.components[code].title, *_tally_cells(each.components.get(code, Tally()) for each in columns))
            for code in codes
        ],
    )


def _processes(found: Results, columns: Sequence[Column]) -> Sheet:
    refs = sorted({ref for each in columns for ref in each.ladders}, key=lambda ref: found.questions[ref].position)
    rows = []
    for ref in refs:
        words = [each.ladders.get(ref) for each in columns]
        levels = [standing_of(word.said).level if word and word.said is not None else None for word in words]
        latest = words[-1]
        ticked = (latest.said or ()) if latest is not None else ()
        stands = standing_of(ticked)
        rows.append(
            (
                found.questions[ref].text,
                *levels,
                found.target_of_process(found.questions[ref].text),
                *(_("yes") if rung in ticked else "" for rung in RUNGS),
                ", ".join(rung_label(rung) for rung in stands.above),
            )
        )
    header = (
        _("Process"),
        *(_("%(assessment)s: level") % {"assessment": each.assessment.title} for each in columns),
        _("Target"),
        *(rung_label(rung) for rung in RUNGS),
        _("Above a gap"),
    )
    return Sheet(_("Processes"), header, rows)


def _readiness(found: Results, columns: Sequence[Column]) -> Sheet:
    refs = sorted({ref for each in columns for ref in each.ratings}, key=lambda ref: found.questions[ref].position)
    header = (_("Ref"), _("Dimension"), _("Statement"), *(each.assessment.title for each in columns))
    rows = [
        (
            ref,
            found.questions[ref].extra.get("dimension", ""),
            found.questions[ref].text,
            *(word.said if (word := each.ratings.get(ref)) is not None else None for each in columns),
        )
        for ref in refs
    ]
    return Sheet(_("Readiness"), header, rows)


def _questions(
    found: Results,
    columns: Sequence[Column],
    changes: dict[str, Change],
    said: dict[str, SaidText],
    refs: Sequence[str] | None,
) -> Sheet:
    now = columns[-1]
    shown = refs if refs is not None else sorted(now.words, key=lambda ref: found.questions[ref].position)
    header = (
        _("Ref"),
        _("Clauses of 2018"),
        _("Clauses of 2011"),
        _("Question"),
        *(each.assessment.title for each in columns),
        _("Change"),
        _("Said in"),
        _("Note"),
        _("Evidence"),
        _("Items of evidence"),
        _("Finding"),
        _("Answered by"),
    )
    rows = []
    for ref in shown:
        question, text = found.questions[ref], said.get(ref, SaidText())
        rows.append(
            (
                ref,
                ", ".join(question.clauses["2018"]),
                ", ".join(question.clauses["2011"]),
                question.text,
                *(value_label(each.values[ref]) if ref in each.values else "" for each in columns),
                change_label(changes[ref]) if ref in changes else "",
                found.said_in(now, ref).title,
                text.note,
                text.evidence,
                text.items,
                text.gap,
                text.by,
            )
        )
    return Sheet(_("Questions"), header, rows)
