"""What the plan says at a gate: key activities, the others, what was verified of them, what is blocked."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock
from governance.criteria.words import SHOWN, bare, named
from governance.domain.criteria import Progress, Rows, all_verified, others_done, rows_from, sample_verified
from governance.registries import GateCriterion, Reading, register_gate_criterion
from phases.choices import Status
from phases.models import PhaseActivity
from phases.selectors.catalogue import texts_for
from projects.models import Project

PHASE_GATES = (1, 2, 3)


def rows_in(project: Project, phase: int) -> Rows:
    """The rows of the main catalogue in `phase`: a supplement has figures of its own. One query."""
    values = (
        PhaseActivity.objects.filter(project=project, phase_number=phase, activity__is_supplement=False)
        .order_by()
        .values_list("activity__component", "activity__is_key", "status")
        .annotate(count=Count("pk"))
    )
    return rows_from(values)


def key_verified(project: Project, gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """Every key activity of the phase is verified. One query."""
    found = all_verified(rows_in(project, gate))
    return _reading(
        found,
        _("all %(n)d") % {"n": found.wanted},
        source=_("Board"),
        url=f"{reverse('board', args=[project.slug, gate])}?key=1",
        detail=ngettext("%(n)d is not verified yet", "%(n)d are not verified yet", found.wanted - found.value)
        % {"n": found.wanted - found.value}
        if not found.met
        else "",
    )


def others_are_done(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """A part of the other activities is done or verified. One query."""
    percent = threshold if threshold is not None else Decimal(85)
    found = others_done(rows_in(project, gate), percent)
    return _reading(
        found,
        _("%(percent)s%%, %(n)d") % {"percent": bare(percent), "n": found.wanted},
        source=_("Board"),
        url=reverse("board", args=[project.slug, gate]),
    )


def sample_is_verified(project: Project, gate: int, threshold: Decimal | None, _day: date) -> Reading:
    """A part of the other activities of each package is verified. One query."""
    percent = threshold if threshold is not None else Decimal(20)
    found, lacking = sample_verified(rows_in(project, gate), percent)
    components = texts_for(project).components
    titles = [components[code].short_title if code in components else code for code in lacking]
    detail = _("%(percent)s%% of each package") % {"percent": bare(percent)}
    if titles:
        detail = _("%(percent)s%% of each package; lacking: %(names)s") % {
            "percent": bare(percent),
            "names": named(titles),
        }
    return _reading(
        found,
        str(found.wanted),
        source=_("To verify"),
        url=f"{reverse('board', args=[project.slug, gate])}?view=verify",
        detail=detail,
    )


def blocks_explained(project: Project, gate: int, threshold: Decimal | None, day: date) -> Reading:
    """Nothing stands blocked for longer than `threshold` days without a reason or a note. One query."""
    days = int(threshold if threshold is not None else 10)
    before = clock.end_of(day - timedelta(days=days), project.time_zone)
    rows = list(
        PhaseActivity.objects.filter(
            Q(reason="") & Q(note=""),
            project=project,
            phase_number=gate,
            status=Status.BLOCKED,
            status_since__lt=before,
        )
        .order_by("status_since", "pk")
        .values_list("activity__ref", "status_since")
    )
    if not rows:
        return Reading(
            True,
            "0",
            _("none"),
            detail=_("without a reason for more than %(days)d days") % {"days": days},
            source=_("Board"),
            url=f"{reverse('board', args=[project.slug, gate])}?view=blocked",
            plain=0,
        )
    said = [
        _("%(ref)s: no reason given for %(days)d days")
        % {"ref": ref, "days": (day - clock.day_of(since, project.time_zone)).days}
        for ref, since in rows[:SHOWN]
    ]
    more = len(rows) - len(said)
    return Reading(
        False,
        str(len(rows)),
        _("none"),
        detail="; ".join(said) + (_(" and %(n)d more") % {"n": more} if more else ""),
        source=rows[0][0] if len(rows) == 1 else _("Board"),
        url=reverse("activity", args=[project.slug, rows[0][0]])
        if len(rows) == 1
        else f"{reverse('board', args=[project.slug, gate])}?view=blocked",
        plain=len(rows),
    )


def _reading(found: Progress, threshold: str, *, source: str, url: str, detail: str = "") -> Reading:
    if not found.total:
        return Reading(True, _("0 of 0"), threshold, _("nothing of this kind applies in this phase"), source, url)
    return Reading(
        found.met,
        _("%(n)d of %(of)d") % {"n": found.value, "of": found.total},
        threshold,
        detail,
        source,
        url,
        share=found.share,
        mark=found.mark,
        plain=found.value,
    )


def register() -> None:
    """Ask for these where a phase ends."""
    register_gate_criterion(
        "key-verified",
        GateCriterion(
            gettext_lazy("Key activities verified"),
            PHASE_GATES,
            key_verified,
            may_be_waived=False,
            help=gettext_lazy("Every key activity of the phase that applies was done and checked by somebody else."),
        ),
        order=10,
    )
    register_gate_criterion(
        "others-done",
        GateCriterion(
            gettext_lazy("Other activities done"),
            PHASE_GATES,
            others_are_done,
            threshold=Decimal(85),
            unit="percent",
            help=gettext_lazy("So many of the other activities that apply are done; verified ones count too."),
        ),
        order=11,
    )
    register_gate_criterion(
        "sample-verified",
        GateCriterion(
            gettext_lazy("Sample of the others verified"),
            PHASE_GATES,
            sample_is_verified,
            threshold=Decimal(20),
            unit="percent",
            help=gettext_lazy(
                "Of the other activities so many of each package were checked by somebody else. More in one package "
                "does not make up for none in another."
            ),
        ),
        order=12,
    )
    register_gate_criterion(
        "blocks-explained",
        GateCriterion(
            gettext_lazy("Blocks without explanation"),
            PHASE_GATES,
            blocks_explained,
            threshold=Decimal(10),
            unit="days",
            help=gettext_lazy("Nothing is blocked for longer than this many days with no reason and no note."),
        ),
        order=13,
    )
