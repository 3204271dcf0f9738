"""What a person attests at the gates that end phases 1 to 3, and before the audit of stage 1 is booked."""

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase.models import Release
from businesscase.templatetags.case_ui import money as spoken
from governance.registries import Beside, GateCriterion, register_gate_criterion
from phases.choices import Status
from phases.models import PhaseActivity
from projects.models import Project


def staffing(project: Project, phase: int) -> str:
    """How many activities of a phase have somebody responsible; "" where it has none. One query."""
    counts = (
        PhaseActivity.objects.filter(project=project, phase_number=phase)
        .exclude(status=Status.NOT_APPLICABLE)
        .aggregate(total=Count("pk"), given=Count("pk", filter=Q(accountable__isnull=False)))
    )
    if not counts["total"]:
        return ""
    return _("%(n)d of %(of)d activities of phase %(phase)d have somebody responsible") % {
        "n": counts["given"],
        "of": counts["total"],
        "phase": phase,
    }


def released(project: Project, phase: int) -> str:
    """What was released for a phase. One query."""
    amount = Release.objects.filter(project=project, phase_number=phase).aggregate(whole=Sum("amount"))["whole"]
    if not amount:
        return _("no money is released for phase %(phase)d") % {"phase": phase}
    return _("%(amount)s %(currency)s are released for phase %(phase)d") % {
        "amount": spoken(amount),
        "currency": project.currency,
        "phase": phase,
    }


def means_of(project: Project, phase: int) -> Beside:
    """People and money of a phase, as the record has them. Two queries."""
    words = "; ".join(each for each in (staffing(project, phase), released(project, phase)) if each)
    return Beside(words, _("Business case"), reverse("case", args=[project.slug]))


def _means_title(_project: Project, gate: int) -> str:
    return _("People and funds for phase %(n)d committed") % {"n": gate + 1}


def register() -> None:
    """Ask for them."""
    register_gate_criterion(
        "means-committed",
        GateCriterion(
            gettext_lazy("People and funds for the next phase committed"),
            (1, 2, 3),
            named=_means_title,
            beside=lambda project, gate: means_of(project, gate + 1),
            help=gettext_lazy(
                "Those who decide about people and money have said yes to the next phase: by name, with days in their "
                "calendars, and a budget that can be used."
            ),
        ),
        order=60,
    )
    register_gate_criterion(
        "internal-audit",
        GateCriterion(
            gettext_lazy("Internal audit of the whole system complete"),
            (3,),
            help=gettext_lazy(
                "The whole system was audited by people who did not build it, and what they found has an owner."
            ),
        ),
        order=61,
    )
    register_gate_criterion(
        "management-review",
        GateCriterion(
            gettext_lazy("Management review complete"),
            (3,),
            help=gettext_lazy("Top management has looked at all inputs that the standard names, and decided on them."),
        ),
        order=62,
    )
    register_gate_criterion(
        "no-major-nonconformity",
        GateCriterion(
            gettext_lazy("No major nonconformity open"),
            (4,),
            help=gettext_lazy("What an audit called major is corrected, and somebody checked that it holds."),
        ),
        order=63,
    )
