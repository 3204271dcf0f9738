"""Agenda and minutes of a management review as a paper."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audits.choices import ReviewState
from audits.selectors.review_lines import visible_lines
from audits.selectors.reviews import ReviewPage
from common import clock
from common.paper.paper import Approval, ControlledPaper, Heading
from documents.selectors.style import style_of
from projects.permissions import Access


def review_paper(found: ReviewPage, access: Access) -> ControlledPaper:
    """The paper of a review: what is to be looked at, and once it was held what was said and what follows.

    Facts that the reader may not see are left out.
    """
    review, project = found.review, found.review.project
    was_held = review.state in (ReviewState.HELD, ReviewState.APPROVED)
    named = (
        ("people", _("Who was there") if was_held else _("Who is asked"), bool(found.attendance)),
        ("conclusion", _("Conclusion"), bool(review.conclusion)),
        ("outputs", _("What follows"), bool(found.outputs)),
        ("inputs", _("Inputs"), True),
    )
    headings = {name: Heading(2, words, f"review-{name}") for name, words, is_there in named if is_there}
    with timezone.override(project.time_zone):
        day = date_format(review.held_on, "j F Y")
        context = {
            "found": found,
            "review": review,
            "was_held": was_held,
            "anchors": headings,
            "points": [(point, visible_lines(point.facts, access)) for point in found.points],
        }
        return ControlledPaper(
            title=_("Management review") if was_held else _("Agenda of the management review"),
            kind=_("Minutes") if was_held else _("Agenda"),
            lede=_("%(project)s, %(from)s to %(until)s")
            % {
                "project": project.name,
                "from": date_format(review.covers_from, "j F Y"),
                "until": date_format(review.covers_until, "j F Y"),
            },
            organization=project.organization.name,
            created=_created(found),
            body=render_to_string("print/audits/review.html", context),
            headings=tuple(headings.values()),
            number=review.ref,
            state=str(review.get_state_display()),
            mark=_("Draft") if review.state == ReviewState.HELD else "",
            approvals=_approvals(found),
            approvals_label=_("Approved by") if review.approved_at else "",
            facts=(
                (_("Project"), project.name),
                (_("Held") if was_held else _("Planned for"), date_format(review.held_on, "D j F Y")),
                (_("Place"), review.place),
                (_("Led by"), review.chair.name if review.chair is not None else ""),
                (_("Edition"), f"ISO/IEC 20000-1:{review.edition}"),
            ),
            running=f"{project.name}, {day}",
            digest=review.sha256,
            digest_label=_("Record of these minutes") if review.sha256 else "",
            style=style_of(project.organization),
            title_page=False,
            numbered=False,
        )


def paper_name(found: ReviewPage) -> str:
    """What the file is called."""
    review = found.review
    what = "minutes" if review.state in (ReviewState.HELD, ReviewState.APPROVED) else "agenda"
    return f"{review.project.slug}-{review.ref}-{what}-{review.held_on.isoformat()}.pdf"


def _created(found: ReviewPage) -> datetime:
    review = found.review
    return review.approved_at or clock.start_of(review.held_on, review.project.time_zone)


def _approvals(found: ReviewPage) -> tuple[Approval, ...]:
    review = found.review
    if review.approved_at is None:
        return ()
    local = review.approved_at.astimezone(ZoneInfo(review.project.time_zone))
    return (Approval(str(review.approved_by or _("the system")), when=date_format(local, "j F Y, H:i")),)
