"""Results as a page shows them: sentences, tables, charts, each with the address of the questions behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from common.charts import LegendItem, Series, segments
from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.domain.rollup import Tally
from gapanalysis.results_words import value_label
from gapanalysis.selectors.results import Column, Results
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


def questions_url(project: Project, columns: Sequence[Column], edition: str, **asked: str) -> str:
    """The page that lists questions with what each of `columns` says, narrowed by `asked`."""
    query = [("with", each.assessment.key) for each in columns]
    query += [("edition", edition)] if edition != project.edition else []
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
