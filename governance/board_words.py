"""The committee's page in words: where it stands in one sentence, what it costs, how late it is."""

from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import date as date_words
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.charts import Unit, unit_of
from common.charts import percent
from governance.choices import Outcome
from governance.domain.board import Board, Decided, Milestone, Money
from phases.choices import HealthLevel
from phases.domain.health import Rule
from phases.panels_health import SHAPES, TONES, rule_sentence


@dataclass(frozen=True, slots=True)
class Banner:
    """Where the project stands: a word, the sentence that matters, the others, and how it was."""

    word: str
    shape: str
    tone: str
    first: str
    others: tuple[str, ...]
    before: str


def day_words(day: date | None, *, year: bool = True) -> str:
    """26 November 2026; "–" for no day."""
    return date_words(day, "j F Y" if year else "j F") if day is not None else "–"


def short_day(day: date | None) -> str:
    """26 Nov 2026; "–" for no day."""
    return date_words(day, "j M Y") if day is not None else "–"


def banner_of(board: Board) -> Banner:
    """The first thing on the page."""
    current = board.current
    if not current.is_under_way:
        word = _("Closed") if current.is_closed else _("Not started")
        shape = "ps-closed" if current.is_closed else "ps-planned"
        return Banner(word, shape, "mute", _standing(board), _money_sentences(board.money), "")
    rules = [rule_sentence(Rule(key, level, value, of)) for key, level, value, of in board.rules]
    return Banner(
        str(HealthLevel(board.health).label),
        SHAPES[board.health],
        TONES[board.health],
        _standing(board),
        (*rules, *_money_sentences(board.money)),
        _before(board),
    )


def _standing(board: Board) -> str:
    """How far the phase is, against its plan for the day."""
    current = board.current
    if not current.applicable:
        return _("Phase %(number)d, %(name)s, has no activities.") % {"number": current.number, "name": current.name}
    values = {
        "number": current.number,
        "share": percent(current.finished, current.applicable),
        "plan": percent(current.planned, current.applicable),
        "on": short_day(current.closed_on),
        "start": short_day(current.start),
    }
    if current.is_closed:
        return _("Phase %(number)d was closed on %(on)s, %(share)d percent done.") % values
    if not current.is_under_way:
        return _("Phase %(number)d has not started; it is planned from %(start)s.") % values
    return _("Phase %(number)d is %(share)d percent done, planned %(plan)d.") % values


def _before(board: Board) -> str:
    """How it was when the committee met last."""
    if not board.was or board.was_on is None or board.was == board.health:
        return ""
    return _("was %(word)s on %(day)s") % {
        "word": str(HealthLevel(board.was).label).lower(),
        "day": date_words(board.was_on, "j M"),
    }


def _money_sentences(money: Money | None) -> tuple[str, ...]:
    return (money_sentence(money),) if money is not None else ()


def unit_of_money(money: Money) -> Unit:
    """In what the page counts."""
    return unit_of(money.currency, (money.budget, money.forecast))


def money_sentence(money: Money) -> str:
    """What it will have cost against what was approved, and whether that is tolerated."""
    unit = unit_of_money(money)
    values = {
        "forecast": unit.say(money.forecast),
        "budget": unit.say(money.budget),
        "unit": unit.word,
        "by": unit.say(abs(money.difference)),
    }
    if not money.approved:
        return _("No budget was approved yet; the case plans %(budget)s %(unit)s.") % values
    if values["by"] == "0":
        return _("The forecast keeps to the budget of %(budget)s %(unit)s.") % values
    if money.difference < 0:
        return _("The forecast of %(forecast)s %(unit)s is %(by)s below the budget.") % values
    if not any(each.is_beyond for each in money.phases):
        return _("The forecast of %(forecast)s %(unit)s is %(by)s over the budget, which is tolerated.") % values
    return _("The forecast of %(forecast)s %(unit)s is %(by)s over the budget, more than is tolerated.") % values


def benefits_sentence(money: Money) -> str:
    """What of the benefits came so far, and when the case pays back."""
    unit = unit_of_money(money)
    parts = []
    if money.until is not None and (money.benefits_planned or money.benefits_confirmed):
        parts.append(
            _("Benefits to %(month)s: %(confirmed)s confirmed, %(planned)s planned.")
            % {
                "month": date_words(money.until, "M Y"),
                "confirmed": unit.say(money.benefits_confirmed),
                "planned": unit.say(money.benefits_planned),
            }
        )
    if money.payback is not None:
        parts.append(_("The case pays back in %(month)s.") % {"month": date_words(money.payback, "M Y")})
    return " ".join(parts)


def asked_heading(board: Board) -> str:
    """How many decisions are asked for."""
    count = len(board.asked)
    if not count:
        return _("No decision is asked of you")
    words = ("", _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine"))
    said = words[count] if count < len(words) else str(count)
    return ngettext("%(n)s decision asked of you", "%(n)s decisions asked of you", count) % {"n": said}


def next_gate_words(board: Board) -> tuple[str, str]:
    """How long it is to the next gate, and which: ("99 days", "to gate 2"); empty where its day is not known."""
    gate = board.next_gate
    if gate is None or gate.planned_on is None:
        return "", ""
    days = (gate.planned_on - board.day).days
    if days < 0:
        return (
            _("Gate %(number)d is late:") % {"number": gate.number},
            ngettext("it was planned %(n)d day ago", "it was planned %(n)d days ago", -days) % {"n": -days},
        )
    return (
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
        _("to gate %(number)d") % {"number": gate.number},
    )


def milestone_title(line: Milestone) -> str:
    """What a milestone is called."""
    if line.kind == "stage 1":
        return _("Stage 1 audit")
    if line.is_reached:
        return _("Phase %(number)d closed") % {"number": line.number}
    return _("Gate %(number)d") % {"number": line.number}


def outcome_word(line: Decided) -> str:
    """What was decided."""
    return str(Outcome(line.outcome).label) if line.outcome in Outcome.values else line.outcome


def decided_note(line: Decided) -> str:
    """What is to be known beside the outcome: dissent, conditions, reopened."""
    parts = []
    if line.is_reopened:
        parts.append(_("reopened since"))
    if line.dissent:
        parts.append(ngettext("%(n)d against", "%(n)d against", line.dissent) % {"n": line.dissent})
    if line.conditions:
        parts.append(
            ngettext("%(met)d of %(n)d condition met", "%(met)d of %(n)d conditions met", line.conditions)
            % {"met": line.met, "n": line.conditions}
        )
    return ", ".join(parts)


def slip_sentence(board: Board) -> str:
    """How late the plan runs, in a finding."""
    known = [each for each in board.milestones if each.late is not None]
    if not known:
        return _("No baseline was taken, so nobody can say how late the plan runs.")
    late = [each for each in known if each.late is not None and each.late > 0 and not each.is_reached]
    if not late:
        return _("Every milestone ahead keeps its day in %(name)s.") % {"name": board.baseline}
    first = late[0]
    return ngettext(
        "%(what)s is forecast %(n)d day later than in %(name)s.",
        "%(what)s is forecast %(n)d days later than in %(name)s.",
        first.late or 0,
    ) % {"what": milestone_title(first), "n": first.late, "name": board.baseline}


def gap_sentence(board: Board) -> str:
    """How far the provider is from the standard, in a finding."""
    if not board.assessments:
        return _("No assessment was locked yet, so nothing can be said about conformity.")
    now, first = board.assessments[-1], board.assessments[0]
    words = _("Of %(asked)d requirement questions, %(now)d conform.") % {"asked": now.asked, "now": now.conforms}
    if len(board.assessments) > 1:
        words += " " + _("In %(month)s %(then)d did.") % {"month": date_words(first.day, "F Y"), "then": first.conforms}
    return words


def phases_sentence(board: Board) -> str:
    """How far the phase is from its plan, and which components make that."""
    current = board.current
    by = current.finished - current.planned
    if not current.is_under_way or not current.applicable:
        return _standing(board)
    values = {"number": current.number, "n": abs(by)}
    if by == 0:
        return _("Phase %(number)d is where its plan wants it today.") % values
    if by > 0:
        return (
            ngettext(
                "Phase %(number)d is %(n)d activity ahead of its plan.",
                "Phase %(number)d is %(n)d activities ahead of its plan.",
                by,
            )
            % values
        )
    words = (
        ngettext(
            "Phase %(number)d is %(n)d activity behind its plan.",
            "Phase %(number)d is %(n)d activities behind its plan.",
            -by,
        )
        % values
    )
    worst = [each for each in board.components if each.against_plan < 0][:2]
    if len(worst) == 2:
        words += " " + _("Furthest behind: %(first)s (%(a)d) and %(second)s (%(b)d).") % {
            "first": worst[0].title,
            "a": -worst[0].against_plan,
            "second": worst[1].title,
            "b": -worst[1].against_plan,
        }
    elif worst:
        words += " " + _("All of that in: %(first)s.") % {"first": worst[0].title}
    return words


def carried_words(board: Board) -> str:
    """What the last closed phase left to the next one; "" where it left nothing."""
    found = next((each for each in reversed(board.phases) if each.carried and each.is_closed), None)
    if found is None:
        return ""
    return ngettext(
        "%(n)d activity of phase %(phase)d was carried over into phase %(into)d.",
        "%(n)d activities of phase %(phase)d were carried over into phase %(into)d.",
        found.carried,
    ) % {"n": found.carried, "phase": found.number, "into": found.number + 1}


def risks_sentence(board: Board) -> str:
    """How serious the open risks are."""
    high = sum(each.level == "high" for each in board.risks)
    if not board.risks_open:
        return _("No risk is open.")
    words = ngettext("%(n)d risk is open.", "%(n)d risks are open.", board.risks_open) % {"n": board.risks_open}
    if high:
        words += " " + ngettext("%(n)d is rated high.", "%(n)d are rated high.", high) % {"n": high}
    return words


def past_words(board: Board) -> str:
    """What a board of a past day was made of, for who reads it; "" for one that says it all itself."""
    if board.rest_on is not None:
        return _(
            "Figures of phases are those of %(day)s. Money and risks are as kept on %(kept)s, the newest before it."
        ) % {"day": day_words(board.day), "kept": day_words(board.rest_on)}
    if board.loose:
        return _(
            "Figures of phases are those of %(day)s. Money and risks of that time were not kept: they are those of now."
        ) % {"day": day_words(board.day)}
    return ""


def findings_sentence(board: Board) -> str:
    """How many nonconformities are late, or that nobody kept it; "" where there are none."""
    if board.findings is None:
        return _("Which nonconformities were late at that time was not kept.")
    return (
        ngettext(
            "%(n)d nonconformity is so late that it is yours: say who corrects it, and by when.",
            "%(n)d nonconformities are so late that they are yours: say who corrects them, and by when.",
            len(board.findings),
        )
        % {"n": len(board.findings)}
        if board.findings
        else ""
    )
