"""Words of the chain from a clause to its records: cells of its table, gaps, and the sentence over all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.domain.chain import Gap
from audits.selectors.clause_chain import ChainActivity, ChainAnswer, ClauseChain, PhaseStand
from documents.selectors.register import RegisterRow, Standing
from evidence.domain.records import GOAL, MonthState, Strip
from gapanalysis.choices import AnswerValue
from gapanalysis.domain.answers import GAPS
from gapanalysis.domain.answers import Value as Said

OK, WARN, GAP, NOT_ASKED = "ok", "warn", "gap", "na"
ICONS = {OK: "check-lg", WARN: "diamond", GAP: "x-lg", NOT_ASKED: "st-not-applicable"}
MOST_IN_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of the chain in words. `state` is ok, warn, gap or na (not asked for)."""

    label: str
    state: str
    words: str
    small: str = ""

    @property
    def icon(self) -> str:
        """The shape that says the same as its colour."""
        return ICONS[self.state]


def steps() -> tuple[str, ...]:
    """The headings of the chain."""
    return (_("Activities"), _("Documents"), _("Answers"), _("Evidence"), _("Records"))


def cells_of(chains: Sequence[ClauseChain], phase: int) -> tuple[Cell, ...]:
    """The five steps of what hangs on `chains` together; `phase` is how far the project has come."""
    gaps = {gap for chain in chains for gap in chain.gaps}
    activities = list({each.pk: each for chain in chains for each in chain.activities}.values())
    documents = {id(row): row for chain in chains for row in chain.required}
    others = any(chain.documents for chain in chains)
    answers = {each.question.ref: each for chain in chains for each in chain.answers}
    items = frozenset[int]().union(*(chain.items for chain in chains))
    heads = steps()
    return (
        _activities(heads[0], activities, phase, is_gap=Gap.ACTIVITY in gaps, served=_is_served_above(chains)),
        _documents(heads[1], list(documents.values()), others=others),
        _answers(heads[2], list(answers.values())),
        _evidence(heads[3], chains, len(items), is_gap=Gap.PROOF in gaps),
        _records(heads[4], [each for each in activities if each.operates]),
    )


def present(activity: ChainActivity, phase: int) -> PhaseStand:
    """Where an activity stands now: in the last phase up to `phase` in which it is, else in its first."""
    return next((each for each in reversed(activity.phases) if each.number <= phase), activity.phases[0])


def _is_served_above(chains: Sequence[ClauseChain]) -> bool:
    return any(chain.links.above for chain in chains)


def _activities(label: str, found: Sequence[ChainActivity], phase: int, *, is_gap: bool, served: bool) -> Cell:
    if not found:
        if is_gap:
            return Cell(label, GAP, _("No activity"), _("nobody is to do it"))
        return Cell(label, NOT_ASKED, _("those of the clause above") if served else _("not asked for"))
    stands = [(each.ref, present(each, phase)) for each in found]
    done = sum(stand.is_served for _ref, stand in stands)
    words = _("%(done)d of %(all)d done") % {"done": done, "all": len(stands)}
    late = sorted(((stand.late, ref) for ref, stand in stands if stand.late), reverse=True)
    if is_gap:
        return Cell(label, GAP, words, _("one part has no activity"))
    if late:
        return Cell(label, WARN, words, _("%(ref)s %(days)d d late") % {"ref": late[0][1], "days": late[0][0]})
    begun = sum(stand.status == "in progress" for _ref, stand in stands)
    small = ngettext("one in progress", "%(n)d in progress", begun) % {"n": begun} if begun else ""
    return Cell(label, OK if done else WARN, words, small or ("" if done else _("none begun")))


def _documents(label: str, required: Sequence[RegisterRow], *, others: bool) -> Cell:
    if not required:
        return Cell(label, NOT_ASKED, _("none required"), _("there is one by good practice") if others else "")
    missing = [row for row in required if not row.is_in_force]
    if len(required) == 1:
        row = required[0]
        if row.in_force is not None:
            words = _("%(title)s %(number)s, in force") % {"title": row.title, "number": row.in_force.number}
            draft = _("%(number)s in draft") % {"number": row.on_way.number} if row.on_way is not None else ""
            return Cell(label, OK, words, draft)
        return Cell(label, GAP, row.title, document_words(row))
    words = _("%(n)d of %(all)d in force") % {"n": len(required) - len(missing), "all": len(required)}
    if missing:
        return Cell(label, GAP, words, f"{missing[0].title}: {document_words(missing[0])}")
    return Cell(label, OK, words)


def document_words(row: RegisterRow) -> str:
    """Where a document stands, in a few words."""
    if row.in_force is not None:
        return _("%(number)s in force") % {"number": row.in_force.number}
    if row.standing == Standing.MISSING:
        return _("not begun")
    if row.on_way is None:
        return _("not in force")
    if row.on_way.is_scheduled:
        return _("%(number)s, in force from %(day)s") % {
            "number": row.on_way.number,
            "day": row.on_way.begins_words,
        }
    day = date_format(row.on_way.begun_at, "j M")
    if row.on_way.is_draft:
        return _("%(number)s, draft since %(day)s") % {"number": row.on_way.number, "day": day}
    return _("%(number)s, not in force yet") % {"number": row.on_way.number}


_SHORT = {
    Said.CONFORMS: ("%(n)d conforms", "%(n)d conform"),
    Said.NO_CASE: ("%(n)d without a case", "%(n)d without a case"),
    Said.MINOR: ("%(n)d minor", "%(n)d minor"),
    Said.MAJOR: ("%(n)d major", "%(n)d major"),
    Said.EXCLUDED: ("%(n)d excluded", "%(n)d excluded"),
}


def _answers(label: str, found: Sequence[ChainAnswer]) -> Cell:
    if not found:
        return Cell(label, NOT_ASKED, _("not assessed"))
    parts = []
    for value, forms in _SHORT.items():
        count = sum(each.value == value for each in found)
        if count:
            parts.append(ngettext(*forms, count) % {"n": count})
    open_ones = sum(each.value is None for each in found)
    if not parts:
        return Cell(label, WARN, _("none answered"))
    small = _("%(n)d open") % {"n": open_ones} if open_ones else ""
    weak = open_ones or any(each.value in GAPS for each in found)
    return Cell(label, WARN if weak else OK, ", ".join(parts), small)


def answer_word(value: Said | None) -> tuple[str, str]:
    """An answer in words, and the tone of its tag."""
    if value is None:
        return str(_("Open")), "faint"
    tone = {Said.CONFORMS: "ok", Said.MINOR: "warn", Said.MAJOR: "bad", Said.EXCLUDED: "bad"}.get(value, "")
    return str(_("Excluded") if value == Said.EXCLUDED else AnswerValue(value).label), tone


def _evidence(label: str, chains: Sequence[ClauseChain], count: int, *, is_gap: bool) -> Cell:
    words = ngettext("one item", "%(n)d items", count) % {"n": count}
    if is_gap:
        without = sum(Gap.PROOF in chain.gaps for chain in chains)
        if len(chains) == 1 or not count:
            return Cell(label, GAP, _("No proof"), _("nothing shows it"))
        return Cell(label, GAP, words, _("%(n)d of %(all)d without proof") % {"n": without, "all": len(chains)})
    if not count:
        return Cell(
            label, NOT_ASKED, _("proven by the clause above") if _is_served_above(chains) else _("not asked for")
        )
    return Cell(label, OK, words)


def _records(label: str, operating: Sequence[ChainActivity]) -> Cell:
    if not operating:
        return Cell(label, NOT_ASKED, _("not asked for"))
    running = [each for each in operating if each.strip is not None]
    if not running:
        return Cell(label, GAP, _("No records"), _("nothing of it runs yet"))
    behind = sorted((each for each in running if each.is_behind), key=lambda each: each.ref)
    if behind:
        words = none_since(behind[0].strip)
        share = _("%(n)d of %(all)d behind") % {"n": len(behind), "all": len(running)}
        return Cell(label, GAP, f"{behind[0].ref}: {words}", share if len(running) > 1 else "")
    in_a_row = min(each.strip.in_a_row for each in running if each.strip is not None)
    waiting = len(operating) - len(running)
    small = _("%(n)d do not run yet") % {"n": waiting} if waiting else ""
    if in_a_row >= GOAL:
        words = ngettext("%(n)d month in a row", "%(n)d months in a row", in_a_row) % {"n": in_a_row}
        return Cell(label, OK, words, small)
    return Cell(
        label, WARN, _("%(n)d of %(goal)d months") % {"n": in_a_row, "goal": GOAL}, small or _("no hole so far")
    )


def none_since(strip: Strip | None) -> str:
    """Since when there is no record of what operates."""
    if strip is None:
        return _("does not run yet")
    covered = [month for month, state in strip.months if state == MonthState.COVERED]
    if not covered:
        return _("no record yet")
    last = strip.missing[-1] if strip.missing else covered[-1]
    if last > covered[-1]:
        return _("none since %(month)s") % {"month": date_format(covered[-1], "M Y")}
    return _("none in %(month)s") % {"month": date_format(last, "M Y")}


def gap_words(chain: ClauseChain) -> list[str]:
    """The gaps of one clause, each as the beginning of a sentence without its full stop."""
    found = []
    for gap in chain.gaps:
        if gap == Gap.ACTIVITY:
            found.append(_("no activity serves it"))
        elif gap == Gap.DOCUMENT:
            missing = [row for row in chain.required if not row.is_in_force]
            if len(missing) == 1:
                found.append(f"{missing[0].title}: {document_words(missing[0])}")
            else:
                found.append(_("%(n)d required documents are not in force") % {"n": len(missing)})
        elif gap == Gap.PROOF:
            found.append(_("nothing shows that it is done"))
        else:
            found.append(_without_records(sorted(each.ref for each in chain.activities if each.is_behind), chain))
    return found


def _without_records(behind: Sequence[str], chain: ClauseChain) -> str:
    if not behind:
        return _("no records over time, because nothing of it runs yet")
    if len(behind) > 1:
        return _("%(n)d activities that run lack months of records") % {"n": len(behind)}
    strip = next(each.strip for each in chain.activities if each.ref == behind[0])
    return _("records of %(ref)s: %(words)s") % {"ref": behind[0], "words": none_since(strip)}


def all_gaps(chains: Iterable[ClauseChain]) -> list[tuple[str, str]]:
    """Every gap of `chains`: the number of its clause and what is missing."""
    return [(chain.number, words) for chain in chains for words in gap_words(chain)]


def banner_of(number: str, chains: Sequence[ClauseChain]) -> tuple[str, str, str]:
    """How whole the chain of a clause is: how many gaps in words, what that means, and the first of them."""
    gaps = all_gaps(chains)
    if not gaps:
        return (
            _("No gap"),
            _("The chain from %(clause)s to its records is whole.") % {"clause": number},
            _("Each part has its activity, its documents, proof, and records where they are asked for."),
        )
    heading = ngettext("one gap", "%(n)d gaps", len(gaps)) % {"n": len(gaps)}
    says = ngettext(
        "The chain from %(clause)s to its records breaks in one place.",
        "The chain from %(clause)s to its records breaks in %(n)d places.",
        len(gaps),
    ) % {"clause": number, "n": len(gaps)}
    told = "; ".join(words if clause == number else f"{clause}: {words}" for clause, words in gaps[:MOST_IN_SENTENCE])
    more = len(gaps) - MOST_IN_SENTENCE
    rest = " " + ngettext("And one more.", "And %(n)d more.", more) % {"n": more} if more > 0 else ""
    return heading[:1].upper() + heading[1:], says, told[:1].upper() + told[1:] + "." + rest


def in_a_row_words(strip: Strip | None, *, is_behind: bool) -> str:
    """How many months in a row are shown."""
    if strip is None:
        return _("does not run yet")
    if is_behind and not strip.in_a_row:
        return _("none")
    return ngettext("%(n)d month", "%(n)d months", strip.in_a_row) % {"n": strip.in_a_row}


def month_word(month: date) -> str:
    """A month at the head of a column."""
    return date_format(month, "M")
