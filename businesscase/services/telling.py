"""Tell approvers that they are asked, and who submitted that it is decided.

The act writes one row, in its transaction; whom it concerns is found by the next round of sending.
"""

from collections.abc import Iterable

from accounts.models import User
from businesscase.models import CaseVersion
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import occur

ASKED, DECIDED = "case approval", "case decided"


def tell_asked(version: CaseVersion, acting_user: User | None, people: Iterable[User]) -> None:
    """Let `people` know that they are asked to decide about `version`."""
    facts = {"version": version.pk, "people": [each.pk for each in people]}
    occur(version.project, ASKED, acting_user=acting_user, facts=facts)


def tell_decided(version: CaseVersion, acting_user: User | None) -> None:
    """Let whoever submitted `version` know what became of it."""
    if version.submitted_by_id is not None:
        facts = {"version": version.pk, "person": version.submitted_by_id}
        occur(version.project, DECIDED, acting_user=acting_user, facts=facts)


def news_of_asked(occasion: Occasion) -> list[News]:
    """Who is asked about which version; each is told of it once. No query."""
    version = occasion.facts["version"]
    return [
        News(person, ASKED, f"case version {version}", occasion.project_id, version)
        for person in occasion.facts["people"]
    ]


def news_of_decided(occasion: Occasion) -> list[News]:
    """Who submitted the version that is decided. No query."""
    version = occasion.facts["version"]
    return [News(occasion.facts["person"], DECIDED, f"case version {version}", occasion.project_id, version)]
