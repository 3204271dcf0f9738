"""What management reviews say at gate 3."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.choices import ReviewState
from audits.selectors.reviews import latest_approved, reviews_of
from governance.registries import GateCriterion, Reading, register_gate_criterion
from projects.models import Project


def review_complete(project: Project, _gate: int, _threshold: Decimal | None, day: date) -> Reading:
    """A management review of the last year is complete: each input treated, its minutes approved. Two queries."""
    found = latest_approved(project, day)
    wanted = _("approved")
    if found is not None:
        value = _("%(ref)s of %(day)s") % {"ref": found.ref, "day": date_format(found.held_on, "j M Y")}
        return Reading(
            True, value, wanted, "", _("Management review"), reverse("review", args=[project.slug, found.ref]), plain=1
        )
    open_now = [each for each in reviews_of(project) if each.is_open]
    if not open_now:
        return Reading(
            False,
            "–",
            wanted,
            _("none of the last year is planned or approved"),
            _("Management review"),
            reverse("reviews", args=[project.slug]),
            plain=0,
        )
    nearest = next((each for each in open_now if each.review.state == ReviewState.HELD), open_now[-1])
    review = nearest.review
    detail = (
        _("%(ref)s waits for approval") % {"ref": review.ref}
        if nearest.is_written
        else _("%(ref)s has %(n)d of %(of)d inputs treated")
        % {"ref": review.ref, "n": nearest.treated, "of": nearest.inputs}
    )
    return Reading(
        False,
        _("%(n)d of %(of)d") % {"n": nearest.treated, "of": nearest.inputs},
        wanted,
        detail,
        _("Management review"),
        reverse("review", args=[project.slug, review.ref]),
        share=nearest.treated / nearest.inputs if nearest.inputs else None,
        mark=1.0,
        plain=0,
    )


def register() -> None:
    """Compute what a person attested before."""
    register_gate_criterion(
        "management-review",
        GateCriterion(
            gettext_lazy("Management review complete"),
            (3,),
            review_complete,
            help=gettext_lazy(
                "Top management has looked at all inputs that the standard names, decided on them, and approved the "
                "minutes, within the last year."
            ),
        ),
        order=62,
    )
