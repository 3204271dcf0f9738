"""In words: what the dates of a plan do not keep."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phases.domain.planning import LINK, ORDER, OVERLOAD, Problem
from phases.domain.schedule import Window, last_due_day
from phases.selectors.plan_state import PlanState
from phases.selectors.wishes import PackageWish
from projects.models import Party

MOST_OF_A_KIND = 6


def day_words(day: date) -> str:
    """A day as sentences say it: 12 Mar 2027."""
    return date_format(day, "j M Y")


def sentences_of(state: PlanState, problems: Sequence[Problem]) -> tuple[str, ...]:
    """A sentence for each problem, of each kind the first few and how many more there are. One query."""
    if not problems:
        return ()
    names = dict(Party.objects.filter(project=state.project).values_list("pk", "name"))
    refs = {row.pk: f"{row.ref}" for row in state.rows}
    components = {row.pk: row.component for row in state.rows}
    counted: Counter[str] = Counter()
    found = []
    for problem in problems:
        counted[problem.kind] += 1
        if counted[problem.kind] > MOST_OF_A_KIND:
            continue
        if problem.kind == OVERLOAD:
            monday = date.fromisocalendar(problem.week[0], problem.week[1], 1)
            found.append(
                _("%(who)s has %(count)d due in the week of %(day)s; the plan allows %(most)d.")
                % {
                    "who": _bearer(problem.bearer, names),
                    "count": problem.count,
                    "day": day_words(monday),
                    "most": state.rules.per_week,
                }
            )
        elif problem.kind == LINK:
            found.append(
                _("%(after)s is due no later than %(before)s, which it waits for.")
                % {"after": refs[problem.key], "before": refs[problem.other]}
            )
        elif problem.kind == ORDER:
            found.append(
                _("%(after)s is due before work of the same kind in %(before)s, which comes first.")
                % {
                    "after": components[problem.key],
                    "before": components[problem.other],
                }
            )
        else:
            found.append(_("%(ref)s is due outside its phase.") % {"ref": refs[problem.key]})
    return (*found, *_more(counted))


def _bearer(bearer: int | str, names: Mapping[int, str]) -> str:
    return names[bearer] if isinstance(bearer, int) else bearer or _("Nobody")


def _more(counted: Counter[str]) -> Iterable[str]:
    more = sum(count - MOST_OF_A_KIND for count in counted.values() if count > MOST_OF_A_KIND)
    if more:
        yield ngettext("%(count)d more of the same kind.", "%(count)d more of the same kinds.", more) % {"count": more}


def warnings_of_packages(state: PlanState, wishes: Sequence[PackageWish]) -> tuple[str, ...]:
    """What is unusual about dates of packages that somebody wants."""
    found = []
    for wish in wishes:
        phase = state.phases.get(wish.phase)
        if wish.start is None or wish.end is None or phase is None or phase.start is None or phase.end is None:
            continue
        said = {"code": wish.component, "number": wish.phase, "end": day_words(phase.end)}
        if wish.end > phase.end:
            found.append(_("%(code)s ends after phase %(number)d, which ends on %(end)s.") % said)
        elif wish.end > (last := last_due_day(Window(phase.start, phase.end))):
            free = (phase.end - last).days
            found.append(
                _("%(code)s uses up part of the %(days)d days kept free before gate %(number)d.")
                % {**said, "days": free}
            )
        if wish.start < phase.start:
            found.append(
                _("%(code)s starts before phase %(number)d, which starts on %(start)s.")
                % {**said, "start": day_words(phase.start)}
            )
        if wish.end < state.today:
            found.append(_("%(code)s would be over already: its open activities keep their dates.") % said)
    return tuple(found)
