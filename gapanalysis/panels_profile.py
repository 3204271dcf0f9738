"""Results in profile: clauses, components, processes on their ladders, readiness."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts import Chart, DumbbellRow, HeatCell, Steps, dumbbells, percent
from gapanalysis.domain.answers import Value
from gapanalysis.domain.ladder import RUNGS, Rung, standing_of
from gapanalysis.domain.rollup import Tally
from gapanalysis.panels_results import answers_bar, questions_url
from gapanalysis.results_words import rung_label
from gapanalysis.selectors.results import Column, Results
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.clauses import clause_order, clause_titles

LEAST_FOR_A_CLAUSE = 2
"""Levels of clauses that are always shown: 8 and 8.5."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A clause, a chapter or the whole: its share in each assessment, its answers now, its target, its weakest answer.

    `short` is how many points are missing to the target even if all that is open conformed; `is_reached` whether it
    is reached already. Neither where only the open questions can tell.
    """

    number: str
    title: str
    depth: int
    cells: tuple[HeatCell, ...]
    bar: SafeString | str
    weakest: Value | None
    target: int | None
    short: int
    is_reached: bool
    has_open: bool
    is_total: bool = False


def clause_rows(found: Results, columns: Sequence[Column], *, deep: bool) -> list[GroupRow]:
    """Chapters with their clauses, `deep` with all that lies below them, then the whole."""
    titles = clause_titles().get(found.edition, {})
    numbers = sorted({clause for each in columns for clause in each.clauses}, key=clause_order)
    rows = [
        _group_row(
            found, columns, clause, titles.get(clause, ""), [each.clauses.get(clause, Tally()) for each in columns]
        )
        for clause in numbers
        if deep or clause.count(".") < LEAST_FOR_A_CLAUSE
    ]
    return [*rows, _group_row(found, columns, "", _("The whole edition"), [each.whole for each in columns])]


def _group_row(
    found: Results, columns: Sequence[Column], clause: str, title: str, tallies: Sequence[Tally]
) -> GroupRow:
    now = tallies[-1]
    target = found.target_of_clause(clause) if clause else None
    conform, unanswered = now.of(Value.CONFORMS), now.of(Value.UNANSWERED)
    most = 100 * (conform + unanswered) // now.asked if now.asked else 0
    name = f"{clause} {title}".strip()
    return GroupRow(
        number=clause,
        title=title,
        depth=clause.count(".") if clause else 0,
        cells=tuple(
            heat_cell(found, column, columns, tally, name, clause)
            for column, tally in zip(columns, tallies, strict=True)
        ),
        bar=answers_bar(now, name) if now.asked else "",
        weakest=now.standing,
        target=target,
        short=max(0, target - most) if target is not None and now.asked else 0,
        is_reached=target is not None and bool(now.asked) and 100 * conform >= target * now.asked,
        has_open=bool(unanswered),
        is_total=not clause,
    )


def heat_cell(
    found: Results, column: Column, columns: Sequence[Column], tally: Tally, name: str, clause: str
) -> HeatCell:
    """The share of a group that conforms in one assessment; a word where nobody has looked at any of it."""
    if not tally.asked:
        return HeatCell(0, 0)
    unanswered = tally.of(Value.UNANSWERED)
    title = _("%(name)s, %(assessment)s: %(conform)d of %(asked)d conform, %(gaps)d show a gap") % {
        "name": name,
        "assessment": column.assessment.title,
        "conform": tally.of(Value.CONFORMS),
        "asked": tally.asked,
        "gaps": tally.gaps,
    }
    return HeatCell(
        part=tally.of(Value.CONFORMS),
        total=tally.asked,
        title=title,
        url=questions_url(found.project, columns, found.edition, clause=clause),
        mark=_("%(count)d not looked at") % {"count": unanswered} if unanswered and tally.answered else "",
        word="" if tally.answered else _("open"),
        aside=_("%(count)d open") % {"count": unanswered} if unanswered and tally.answered else "",
    )


def component_chart(found: Results, now: Column, before: Column | None, texts: CatalogueTexts) -> Chart | None:
    """Components: the share that conforms, then, now and wanted."""
    codes = [code for code in texts.components if code in now.components]
    codes += sorted(set(now.components) - set(codes))
    if not codes:
        return None
    shown = [each for each in (before, now) if each is not None]
    rows = []
    for code in codes:
        tally = now.components[code]
        then = before.components.get(code) if before is not None else None
        text = texts.components.get(code)
        rows.append(
            DumbbellRow(
                label=text.short_title if text else code,
                before=percent(then.of(Value.CONFORMS), then.asked) if then and then.answered else None,
                now=percent(tally.of(Value.CONFORMS), tally.asked) if tally.answered else None,
                target=found.target_of_component(code, now),
                most=percent(tally.of(Value.CONFORMS) + tally.of(Value.UNANSWERED), tally.asked)
                if tally.of(Value.UNANSWERED)
                else None,
                base=_("%(part)d of %(total)d") % {"part": tally.of(Value.CONFORMS), "total": tally.asked},
                url=questions_url(found.project, shown, found.edition, component=code),
            )
        )
    return dumbbells(
        rows,
        title=_("Questions that conform, of those of the component"),
        description=_("Per component: then, now, what it could still become, and the target"),
        most_name=_("Not looked at"),
        label=_("Component"),
        names=(before.assessment.title if before is not None else _("Before"), now.assessment.title),
        say=lambda value: f"{value}%",
    )


@dataclass(frozen=True, slots=True)
class LadderRow:
    """A process on its ladder. `level` is None where nobody has ticked it; `above` are rungs over a gap, in words."""

    title: str
    picture: SafeString
    level: int | None
    before: int | None
    target: int | None
    above: str
    waits: bool


def ladder_rows(found: Results, now: Column, before: Column | None) -> list[LadderRow]:
    """Every process that has a ladder, in the order of the instrument."""
    refs = sorted(now.ladders, key=lambda ref: found.questions[ref].position)
    return [_ladder_row(found, ref, now, before) for ref in refs]


def _ladder_row(found: Results, ref: str, now: Column, before: Column | None) -> LadderRow:
    word, question = now.ladders[ref], found.questions[ref]
    earlier = before.ladders.get(ref) if before is not None else None
    then = standing_of(earlier.said).level if earlier is not None and earlier.said is not None else None
    ticked: tuple[Rung, ...] = word.said or ()
    stands = standing_of(ticked)
    target = found.target_of_process(question.text)
    above = ""
    if stands.above and stands.missing is not None:
        above = _("%(above)s, not %(missing)s") % {
            "above": ", ".join(rung_label(rung) for rung in stands.above),
            "missing": rung_label(stands.missing),
        }
    if word.said is None:
        words = _("%(process)s: nobody has looked yet") % {"process": question.text}
    else:
        words = _("%(process)s: level %(level)d of 7") % {"process": question.text, "level": stands.level}
    if then is not None:
        words = _("%(words)s, before %(level)d") % {"words": words, "level": then}
    if target is not None:
        words = _("%(words)s, target %(level)d") % {"words": words, "level": target}
    if above:
        words = f"{words}; {above}"
    return LadderRow(
        title=question.text,
        picture=Steps(tuple(rung in ticked for rung in RUNGS), words, before=then, target=target).svg(),
        level=None if word.said is None else stands.level,
        before=then,
        target=target,
        above=above,
        waits=word.waiting is not None,
    )


@dataclass(frozen=True, slots=True)
class Weak:
    """A statement of readiness that few could agree with, and what raises it."""

    statement: str
    rating: int
    raises: tuple[str, ...]


def readiness_chart(found: Results, now: Column, before: Column | None) -> Chart | None:
    """The profile of readiness: the mean rating per dimension, of what was rated. None where nothing was."""
    if not any(word.said is not None for word in now.ratings.values()):
        return None
    dimensions: dict[str, list[str]] = {}
    for ref in sorted(now.ratings, key=lambda ref: found.questions[ref].position):
        dimensions.setdefault(found.questions[ref].extra.get("dimension", ""), []).append(ref)
    rows = []
    for dimension, refs in dimensions.items():
        rated = [word.said for ref in refs if (word := now.ratings[ref]).said is not None]
        rows.append(
            DumbbellRow(
                label=dimension_label(dimension),
                before=mean_rating([before.ratings[ref].said for ref in refs if ref in before.ratings])
                if before
                else None,
                now=mean_rating(rated),
                base=_("%(part)d of %(total)d rated") % {"part": len(rated), "total": len(refs)},
            )
        )
    return dumbbells(
        rows,
        title=_("Readiness by dimension, mean rating from 0 to 4"),
        label=_("Dimension"),
        names=(before.assessment.title if before is not None else _("Before"), now.assessment.title),
        top=40,
        say=lambda value: f"{value / 10:.1f}",
    )


def mean_rating(ratings: Sequence[int | None]) -> int | None:
    """The mean in tenths, rounded half up; None of nothing."""
    rated = [rating for rating in ratings if rating is not None]
    return (20 * sum(rated) + len(rated)) // (2 * len(rated)) if rated else None


def dimension_label(name: str) -> str:
    """What a dimension of readiness is called."""
    return {
        "financial": _("Financial"),
        "people": _("People"),
        "risk": _("Risk"),
        "process": _("Process"),
        "technology": _("Technology"),
        "organization": _("Organization"),
    }.get(name, name)


def weakest_statements(found: Results, now: Column, most: int = 5) -> list[Weak]:
    """The statements of readiness with the lowest ratings, 0 and 1 only, the lowest first."""
    low = sorted(
        (word.said, found.questions[ref].position, ref)
        for ref, word in now.ratings.items()
        if word.said is not None and word.said <= 1
    )
    return [
        Weak(found.questions[ref].text, rating, tuple(found.questions[ref].extra.get("raise") or ()))
        for rating, _place, ref in low[:most]
    ]
