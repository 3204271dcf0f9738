"""Addresses for calendar programs: whose is this one, and which has a person."""

from collections.abc import Sequence

from accounts.models import User
from projects.calendar_addresses import uuid_of
from projects.models import CalendarFeed, Project


def feed_behind(token: str) -> CalendarFeed | None:
    """The address with this secret, with its person and project; None where there is none, or it was revoked.

    One query, none for a secret that we never made. What the person may see still has to be asked.
    """
    uuid = uuid_of(token)
    if uuid is None:
        return None
    return (
        CalendarFeed.objects.select_related("user", "project__organization").filter(uuid=uuid, revoked_at=None).first()
    )


def feeds_of(user: User, project: Project | None = None) -> Sequence[CalendarFeed]:
    """The addresses of `user` that hold, of one project or all, by project. One query."""
    feeds = CalendarFeed.objects.visible_to(user).select_related("project")
    return list(feeds.filter(project=project) if project is not None else feeds)
