"""Gate 0: the entry criteria of the catalogue, each attested, with what the record says beside it."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from businesscase.choices import CaseKind
from businesscase.models import CaseVersion
from businesscase.selectors.approval import EVER_APPROVED
from common import clock
from gapanalysis.choices import ProposalState
from gapanalysis.models import Proposal
from governance.choices import MeetingState
from governance.criteria.attested import means_of
from governance.models import Meeting
from governance.registries import Beside, GateCriterion, register_gate_criterion
from governance.selectors import members_of, oversight_of
from phases.selectors.catalogue import texts_for
from projects.choices import ProjectRole
from projects.models import Membership, Project


def _day(value: date) -> str:
    return dateformat.format(value, "j M Y")


def decided_to_build(project: Project, _gate: int) -> Beside:
    """Whether a case for the implementation was ever approved. One query."""
    url = reverse("case", args=[project.slug])
    approved = (
        CaseVersion.objects.filter(project=project, case__kind=CaseKind.IMPLEMENTATION, state__in=EVER_APPROVED)
        .order_by("number")
        .only("number", "decided_at")
        .first()
    )
    if approved is None or approved.decided_at is None:
        return Beside(_("no business case for the implementation is approved"), _("Business case"), url)
    return Beside(
        _("version %(number)d of the business case was approved on %(day)s, to edition %(edition)s")
        % {
            "number": approved.number,
            "day": _day(clock.day_of(approved.decided_at, project.time_zone)),
            "edition": project.edition,
        },
        _("Business case"),
        url,
    )


def people_at_the_top(project: Project, _gate: int) -> Beside:
    """Who is top management in the project. One query."""
    names = list(
        Membership.objects.current()
        .filter(project=project, role=ProjectRole.TOP_MANAGEMENT, user__is_active=True)
        .order_by("user__name")
        .values_list("user__name", flat=True)
    )
    url = reverse("team", args=[project.slug])
    if not names:
        return Beside(_("nobody is top management in this project"), _("Team"), url)
    return Beside(_("top management here: %(names)s") % {"names": ", ".join(names)}, _("Team"), url)


def gaps_answered(project: Project, _gate: int) -> Beside:
    """How many proposals from the gap analysis were decided on. One query."""
    counts = Proposal.objects.filter(project=project).aggregate(
        total=Count("pk"), still_open=Count("pk", filter=Q(state=ProposalState.OPEN))
    )
    url = reverse("gap", args=[project.slug])
    if not counts["total"]:
        return Beside(_("the gap analysis has proposed nothing for the plan yet"), _("Gap analysis"), url)
    return Beside(
        _("%(n)d of %(of)d proposals of the gap analysis are decided")
        % {"n": counts["total"] - counts["still_open"], "of": counts["total"]},
        _("Gap analysis"),
        url,
    )


def group_in_place(project: Project, _gate: int) -> Beside:
    """Committee, members, terms, meetings. Three queries."""
    url = f"{reverse('steering', args=[project.slug])}committee/"
    oversight = oversight_of(project)
    if oversight is None:
        return Beside(_("no committee oversees this project yet"), _("Committee"), url)
    count = len(members_of(project))
    held = Meeting.objects.filter(project=project, state=MeetingState.HELD).count()
    parts = [
        ngettext("%(name)s has %(n)d member", "%(name)s has %(n)d members", count)
        % {"name": oversight.committee.name, "n": count},
        _("its terms were agreed on %(day)s") % {"day": _day(oversight.agreed_on)}
        if oversight.agreed_on
        else _("its terms are not agreed"),
        ngettext("it met %(n)d time", "it met %(n)d times", held) % {"n": held},
    ]
    return Beside("; ".join(parts), _("Committee"), url)


_BESIDE: dict[str, Callable[[Project, int], Beside]] = {
    "E.a": decided_to_build,
    "E.b": people_at_the_top,
    "E.c": gaps_answered,
    "E.d": lambda project, _gate: means_of(project, 1),
    "E.e": group_in_place,
}


def _title(ref: str, project: Project, _gate: int) -> str:
    return next((str(each["title"]) for each in texts_for(project).entry_criteria if each["ref"] == ref), "")


def key_of(ref: str) -> str:
    """How a gate names an entry criterion: E.a is entry-a."""
    return f"entry-{ref.rpartition('.')[2].lower()}"


def guidance_of(project: Project, key: str) -> tuple[str, tuple[str, ...]]:
    """What the catalogue says of the entry criterion `key`, and what shows it; nothing for any other criterion."""
    for each in texts_for(project).entry_criteria:
        if key_of(each["ref"]) == key:
            return str(each["guidance"]), tuple(each["evidence"])
    return "", ()


def register() -> None:
    """Ask for each before phase 1 begins, where the catalogue of the project has it."""
    for order, (ref, beside) in enumerate(_BESIDE.items(), start=1):
        register_gate_criterion(
            key_of(ref),
            GateCriterion(gettext_lazy("Entry criterion"), (0,), named=partial(_title, ref), beside=beside),
            order=order,
        )
