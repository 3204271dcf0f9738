"""What governance itself says at a gate: conditions, lessons, outcomes, who takes over."""

from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.choices import ActionSource, ActionState, DecisionKind, DecisionState
from governance.criteria.words import bare, named
from governance.domain.criteria import Progress, part_of
from governance.models import Action, Lesson
from governance.registries import GateCriterion, Reading, register_gate_criterion
from governance.selectors import oversight_of
from governance.selectors.outcomes import outcome_counts
from projects.models import Project


def conditions_met(project: Project, gate: int, _threshold: Decimal | None, day: date) -> Reading:
    """Every condition of earlier gates is met, and of other decisions those that are due. One query.

    What the chair dropped, with words, counts as settled. A decision that was reopened binds nobody any more.
    """
    of_gates = Q(decision__kind=DecisionKind.GATE, decision__gate_number__lt=gate)
    rows = Action.objects.filter(
        of_gates | Q(decision__kind=DecisionKind.QUESTION, due__lte=day),
        project=project,
        source=ActionSource.CONDITION,
        decision__state=DecisionState.DECIDED,
    )
    states = list(rows.order_by("due", "pk").values_list("ref", "state"))
    still_open = [ref for ref, state in states if state == ActionState.OPEN]
    return Reading(
        not still_open,
        _("%(n)d of %(of)d") % {"n": len(states) - len(still_open), "of": len(states)},
        _("all %(n)d") % {"n": len(states)},
        _("open: %(names)s") % {"names": named(still_open)} if still_open else "",
        _("Actions"),
        f"{reverse('steering', args=[project.slug])}actions/",
        share=(len(states) - len(still_open)) / len(states) if states else None,
        mark=1.0 if states else None,
        plain=len(states) - len(still_open),
    )


def lessons_captured(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """The phase left lessons. One query."""
    wanted = int(threshold if threshold is not None else 1)
    count = Lesson.objects.filter(project=project, phase_number=gate).count()
    return Reading(
        count >= wanted,
        str(count),
        _("%(n)d or more") % {"n": wanted},
        "" if count else _("nobody has captured one in this phase"),
        _("Lessons"),
        reverse("lessons", args=[project.slug]),
        plain=count,
    )


def outcomes_confirmed(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """Outcomes of the phase were attested as reached and confirmed by somebody else. Two queries."""
    percent = threshold if threshold is not None else Decimal(100)
    counts = outcome_counts(project, gate)
    found = Progress(counts.confirmed, counts.expected, part_of(counts.expected, percent))
    words = _("all %(n)d") if found.wanted == found.total else _("%(percent)s%%, %(n)d")
    waiting = counts.to_confirm
    return Reading(
        found.met,
        _("%(n)d of %(of)d") % {"n": found.value, "of": found.total},
        words % {"percent": bare(percent), "n": found.wanted},
        ngettext("%(n)d waits to be confirmed", "%(n)d wait to be confirmed", waiting) % {"n": waiting}
        if waiting
        else "",
        _("Outcomes"),
        reverse("outcomes", args=[project.slug, gate]),
        share=found.share,
        mark=found.mark,
        plain=found.value,
    )


def successor_named(project: Project, _gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """The group that takes over after the project has a name. One query."""
    oversight = oversight_of(project)
    named_group = oversight.successor if oversight is not None else ""
    return Reading(
        bool(named_group),
        _("yes") if named_group else _("no"),
        _("yes"),
        named_group or _("nobody is named yet"),
        _("Committee"),
        f"{reverse('steering', args=[project.slug])}committee/",
    )


def register() -> None:
    """Ask for them."""
    register_gate_criterion(
        "outcomes-confirmed",
        GateCriterion(
            gettext_lazy("Phase outcomes confirmed"),
            (1, 2, 3),
            outcomes_confirmed,
            threshold=Decimal(100),
            unit="percent",
            help=gettext_lazy(
                "Process owners say that the outcomes of the phase are reached, and somebody else confirms it."
            ),
        ),
        order=50,
    )
    register_gate_criterion(
        "conditions-met",
        GateCriterion(
            gettext_lazy("Conditions of earlier decisions met"),
            (1, 2, 3, 4),
            conditions_met,
            help=gettext_lazy("What earlier gates asked for is done, and of other decisions what is due."),
        ),
        order=51,
    )
    register_gate_criterion(
        "lessons-captured",
        GateCriterion(
            gettext_lazy("Lessons of the phase captured"),
            (1, 2, 3),
            lessons_captured,
            threshold=Decimal(1),
            unit="count",
            help=gettext_lazy("What the phase taught is written down while people still know it."),
        ),
        order=52,
    )
    register_gate_criterion(
        "successor-named",
        GateCriterion(
            gettext_lazy("Group that takes over named"),
            (3, 4),
            successor_named,
            help=gettext_lazy("When the project ends somebody has to govern the system. The group is named at gate 3."),
        ),
        order=53,
    )
