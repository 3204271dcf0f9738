"""The trail row of an act on a management review, and whom to tell of it."""

from collections.abc import Mapping

from accounts.models import User
from audits.models import Review, ReviewAttendance
from audittrail.services import Draft, record_event
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur
from phases.selectors.whom import users_of

KIND = "management review"
ASKED = "management review"


def tell_of_review(
    acting_user: User | None, review: Review, action: str, changes: Mapping[str, object] | None = None, reason: str = ""
) -> None:
    """Record `action` on `review`, last in its service."""
    record_event(
        stream_id=review.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, review.ref, "", dict(changes or {}), reason),
    )


def tell_people(review: Review, acting_user: User | None) -> None:
    """Let who is asked to `review` know that it is planned, moved, cancelled or approved."""
    parties = set(ReviewAttendance.objects.filter(review=review).values_list("party_id", flat=True))
    people = sorted({user for users in users_of(parties).values() for user in users})
    facts = {"review": review.pk, "version": review.version, "people": people}
    occur(review.project, ASKED, acting_user=acting_user, facts=facts)


def news_of_review(occasion: Occasion) -> list[News]:
    """Who is told of which review; once for each of its versions. No query."""
    review, version = occasion.facts["review"], occasion.facts["version"]
    return [
        News(person, ASKED, f"review {review} {version}", occasion.project_id, review)
        for person in occasion.facts["people"]
    ]
