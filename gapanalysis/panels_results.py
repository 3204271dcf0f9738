"""Results as a page shows them: sentences, tables, charts, each with the address of the questions behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from common.charts import Chart, DumbbellRow, HeatCell, LegendItem, Series, Steps, dumbbells, percent, segments
from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.domain.ladder import RUNGS, Rung, standing_of
from gapanalysis.domain.rollup import Tally
from gapanalysis.results_words import rung_label, value_label
from gapanalysis.selectors.results import Column, Results
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Project

# In the order of the bar: what holds, what cannot be told yet, what is wrong. `tone` is a fill of the charts.
SERIES = (
    (Value.CONFORMS, "ok"),
    (Value.NO_CASE, "soft"),
    (Value.UNANSWERED, "track"),
    (Value.MINOR, "warn"),
    (Value.MAJOR, "bad"),
    (Value.EXCLUDED, "text"),
)
LEAST_FOR_A_CLAUSE = 2
"""Levels of clauses that are always shown: 8 and 8.5."""


def questions_url(project: Project, columns: Sequence[Column], edition: str, **asked: str) -> str:
    """The page that lists questions with what each of `columns` says, narrowed by `asked`."""
    query = [("with", each.assessment.key) for each in columns]
    query += [("edition", edition)] if edition != "2018" else []
    query += [(name, value) for name, value in asked.items() if value]
    return f"{reverse('gap_compare', args=[project.slug])}?{urlencode(query)}#questions"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the provider stands, in a word and in sentences; what changed; what does not count."""

    word: str
    tone: str
    shape: str
    now: str
    since: str
    open: tuple[str, ...]


def standing(found: Results, now: Column, before: Column | None) -> Standing:
    """The first thing on the page."""
    whole = now.whole
    word, tone, shape = _word(whole)
    return Standing(word, tone, shape, _now(found, now), _since(found, now, before), _open(now))


def _word(whole: Tally) -> tuple[str, str, str]:
    if not whole.answered:
        return _("Not answered yet"), "mute", "health-unknown"
    if whole.of(Value.EXCLUDED):
        return _("Conformity cannot be claimed"), "bad", "health-late"
    if whole.of(Value.MAJOR):
        return _("Major gaps"), "bad", "health-late"
    if whole.of(Value.MINOR):
        return _("Minor gaps"), "warn", "health-at-risk"
    if whole.of(Value.UNANSWERED):
        return _("Not all known yet"), "mute", "health-unknown"
    if whole.of(Value.NO_CASE):
        return _("No case yet"), "warn", "health-at-risk"
    return _("Conforms"), "ok", "health-on-track"


def _now(found: Results, now: Column) -> str:
    whole = now.whole
    parts = [
        _counted(whole, Value.CONFORMS, ngettext_lazy("%(count)d conforms", "%(count)d conform", "count")),
        _counted(
            whole, Value.MAJOR, ngettext_lazy("%(count)d shows a major gap", "%(count)d show a major gap", "count")
        ),
        _counted(
            whole, Value.MINOR, ngettext_lazy("%(count)d shows a minor gap", "%(count)d show a minor gap", "count")
        ),
        _counted(whole, Value.EXCLUDED, ngettext_lazy("%(count)d is excluded", "%(count)d are excluded", "count")),
        _counted(
            whole, Value.NO_CASE, ngettext_lazy("%(count)d has no case yet", "%(count)d have no case yet", "count")
        ),
    ]
    said = ", ".join(part for part in parts if part)
    values = {"answered": whole.answered, "asked": whole.asked, "edition": found.edition, "said": said}
    if not whole.answered:
        return (
            _("None of the %(asked)d requirement questions of the edition of %(edition)s has been looked at.") % values
        )
    if whole.answered < whole.asked:
        return (
            _(
                "So far %(answered)d of %(asked)d requirement questions of the edition of %(edition)s have been looked "
                "at: %(said)s."
            )
            % values
        )
    return (
        _("All %(asked)d requirement questions of the edition of %(edition)s have been looked at: %(said)s.") % values
    )


def _counted(whole: Tally, value: Value, words: Any) -> str:
    """How many have an answer, in words; "" for none."""
    count = whole.of(value)
    return str(words % {"count": count}) if count else ""


def _since(found: Results, now: Column, before: Column | None) -> str:
    if before is None:
        return _("It is the first assessment, so there is nothing to compare it with.")
    counts = change_counts(found, before, now)
    if not any(counts[change] for change in (Change.BETTER, Change.WORSE, Change.SAME)):
        return _("Since %(before)s nothing has been answered again.") % {"before": before.assessment.title}
    return _("Since %(before)s, %(better)d are better, %(worse)d worse, and %(same)d the same.") % {
        "before": before.assessment.title,
        "better": counts[Change.BETTER],
        "worse": counts[Change.WORSE],
        "same": counts[Change.SAME],
    }


def _open(now: Column) -> tuple[str, ...]:
    said = []
    unanswered = now.whole.of(Value.UNANSWERED)
    if unanswered:
        said.append(
            ngettext(
                "%(count)d question does not count because nobody has looked at it yet.",
                "%(count)d questions do not count because nobody has looked at them yet.",
                unanswered,
            )
            % {"count": unanswered}
        )
    if now.waiting.asked:
        said.append(
            ngettext(
                "%(count)d of them has an earlier answer that waits to be confirmed (%(conform)d conform).",
                "%(count)d of them have an earlier answer that waits to be confirmed (%(conform)d conform).",
                now.waiting.asked,
            )
            % {"count": now.waiting.asked, "conform": now.waiting.of(Value.CONFORMS)}
        )
    if now.standing:
        said.append(
            ngettext(
                "%(count)d answer stands from an earlier assessment; this one did not ask again.",
                "%(count)d answers stand from earlier assessments; this one did not ask again.",
                now.standing,
            )
            % {"count": now.standing}
        )
    return tuple(said)


def change_counts(found: Results, before: Column, now: Column) -> dict[Change, int]:
    """How many questions became what, with 0 for a change that none has."""
    counts = dict.fromkeys(Change, 0)
    for change in found.changes(before, now).values():
        counts[change] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Tile:
    """A count and its base; `bar` where it has one. Conformity and looking are never in one tile."""

    label: str
    value: int
    unit: str
    note: str
    bar: SafeString | str
    icon: str
    tone: str
    url: str


def tiles(found: Results, now: Column, before: Column | None) -> list[Tile]:
    """The key figures: what conforms, what was looked at, and what is wrong."""
    whole, project = now.whole, found.project
    shown = [each for each in (before, now) if each is not None]

    def url(**asked: str) -> str:
        return questions_url(project, shown, found.edition, **asked)

    counts = change_counts(found, before, now) if before is not None else dict.fromkeys(Change, 0)
    return [
        Tile(
            _("Conform"),
            whole.of(Value.CONFORMS),
            _("of %(count)d questions") % {"count": whole.asked},
            _("what nobody has looked at does not conform"),
            _share(whole.of(Value.CONFORMS), whole.asked, "ok", _("Conform")),
            "check-circle",
            "ok",
            url(answer=Value.CONFORMS),
        ),
        Tile(
            _("Looked at"),
            whole.answered,
            _("of %(count)d questions") % {"count": whole.asked},
            _("says nothing about what was found"),
            _share(whole.answered, whole.asked, "accent", _("Looked at")),
            "eye",
            "",
            url(answer=Value.UNANSWERED) if whole.of(Value.UNANSWERED) else "",
        ),
        Tile(
            _("Major gaps"),
            whole.of(Value.MAJOR),
            "",
            _("and %(count)d excluded") % {"count": whole.of(Value.EXCLUDED)},
            "",
            "tri",
            "bad" if whole.of(Value.MAJOR) else "",
            url(answer=Value.MAJOR),
        ),
        Tile(
            _("Minor gaps"),
            whole.of(Value.MINOR),
            "",
            _("and %(count)d without a case yet") % {"count": whole.of(Value.NO_CASE)},
            "",
            "diamond",
            "warn" if whole.of(Value.MINOR) else "",
            url(answer=Value.MINOR),
        ),
        *(
            [
                Tile(
                    _("Worse than before"),
                    counts[Change.WORSE],
                    "",
                    _("and %(count)d better") % {"count": counts[Change.BETTER]},
                    "",
                    "down",
                    "bad" if counts[Change.WORSE] else "",
                    url(what=Change.WORSE),
                )
            ]
            if before is not None
            else []
        ),
    ]


def _share(part: int, total: int, tone: str, label: str) -> SafeString:
    return segments(
        (part, max(0, total - part)), (Series(label, tone), Series(_("others"), "track")), label=label, height=8
    )


def answers_bar(tally: Tally, label: str, height: int = 12) -> SafeString:
    """All answers of a group in one bar."""
    return segments(
        [tally.of(value) for value, _tone in SERIES],
        [Series(value_label(value).lower(), tone) for value, tone in SERIES],
        label=label,
        height=height,
    )


def answers_legend(whole: Tally) -> tuple[LegendItem, ...]:
    """The swatches of `answers_bar`, with how many there are of each."""
    return tuple(LegendItem(f"f-{tone}", value_label(value), whole.of(value)) for value, tone in SERIES)


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
