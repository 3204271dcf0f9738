"""How a project plans: its figures, and the order of its components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from phases.choices import Nature
from phases.domain.order import component_steps, path_between
from phases.models import PlanRules
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

MOST_PER_WEEK = 50
MOST_PAIRS = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """The rules that dates follow: percent of the phase by nature, due dates a week, pairs of components in order."""

    shares: Mapping[str, int]
    per_week: int
    order: Sequence[tuple[str, str]]


@transaction.atomic
def set_plan_rules(*, acting_user: User | None, project: Project, version: int, figures: Figures) -> PlanRules:
    """Change the rules of a plan. No date moves by that alone: the next recomputation follows them.

    Raises RuleBroken (with `field`) for shares outside 1 to 100 or not rising by nature, for a week of nothing, for
    an order that closes a circle; StaleWrite where the rules have changed since.
    """
    require_capability(acting_user, "phases.schedule", project)
    _check(project, figures)
    rules = PlanRules.objects.get(project=project)
    values = {
        "shares": {str(nature): int(figures.shares[nature]) for nature in Nature.values},
        "per_week": figures.per_week,
        "component_order": [list(pair) for pair in dict.fromkeys(figures.order)],
    }
    before = {name: getattr(rules, name) for name in values}
    write_versioned(
        rules,
        version=version,
        values=values,
        shown=_words(Figures(rules.shares, rules.per_week, [(a, b) for a, b in rules.component_order])),
        sent=_words(figures),
    )
    changes = {name.replace("_", " "): [before[name], values[name]] for name in values if before[name] != values[name]}
    if changes:
        draft = Draft("set plan rules", "plan", project.slug, project.name, changes)
        record_event(stream_id=project.uuid, acting_user=acting_user, draft=draft)
    return rules


def _check(project: Project, figures: Figures) -> None:
    shares = [figures.shares.get(nature, 0) for nature in Nature.values]
    for nature, share in zip(Nature.values, shares, strict=True):
        if not 1 <= share <= 100:
            raise RuleBroken(_("Give a share from 1 to 100 percent."), field=f"share_{nature}")
    if shares != sorted(set(shares)):
        raise RuleBroken(
            _("Each kind of work must be due after the one before: define, establish, operate, review."),
            field="share_review",
        )
    if not 1 <= figures.per_week <= MOST_PER_WEEK:
        raise RuleBroken(_("Give a number from 1 to %(most)d.") % {"most": MOST_PER_WEEK}, field="per_week")
    if len(figures.order) > MOST_PAIRS:
        raise RuleBroken(_("Give %(most)d lines at most.") % {"most": MOST_PAIRS}, field="order")
    known = texts_for(project).components
    for before, after in figures.order:
        for code in (before, after):
            if code not in known:
                raise RuleBroken(_("The plan has no component %(code)s.") % {"code": code}, field="order")
        if before == after:
            raise RuleBroken(_("%(code)s cannot come before itself.") % {"code": before}, field="order")
    try:
        component_steps(tuple(figures.order))
    except ValueError as error:
        raise RuleBroken(_circle(figures.order), field="order") from error


def _circle(order: Sequence[tuple[str, str]]) -> str:
    for before, after in order:
        way = path_between(order, after, before)
        if way:
            return _("These components would wait for each other: %(way)s. Take one of the lines out.") % {
                "way": " → ".join([*way, after])
            }
    return _("These components would wait for each other.")


def _words(figures: Figures) -> dict[str, str]:
    return {
        _("Due at"): ", ".join(f"{nature} {figures.shares[nature]} %" for nature in Nature.values),
        _("Due per person and week"): str(figures.per_week),
        _("Order of components"): ", ".join(f"{before} > {after}" for before, after in figures.order),
    }
