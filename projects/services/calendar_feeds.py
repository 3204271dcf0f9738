"""Acts on addresses for calendar programs."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event, record_events
from common import clock
from common.exceptions import RuleBroken
from projects.choices import CalendarContent
from projects.models import CalendarFeed, Project
from projects.services.guards import require_capability

KIND = "calendar address"
# Calendar programs ask every few minutes to hours; when they last did need not be known better than this.
NOTE_EVERY = timedelta(minutes=15)


@transaction.atomic
def make_calendar_address(*, acting_user: User, project: Project, content: str) -> CalendarFeed:
    """Give `acting_user` a new secret address for their own calendar programs; the one before it ends.

    Raises RuleBroken for another content than `CalendarContent` has.
    """
    require_capability(acting_user, "project.view", project)
    if content not in CalendarContent.values:
        raise RuleBroken(_("Choose what the calendar is to show."), field="content")
    now = clock.now()
    before = CalendarFeed.objects.filter(project=project, user=acting_user, content=content, revoked_at=None).first()
    drafts = []
    if before is not None:
        CalendarFeed.objects.filter(pk=before.pk).update(revoked_at=now)
        drafts.append(_draft("revoke calendar address", before, "a new one was made"))
    feed = CalendarFeed.objects.create(project=project, user=acting_user, content=content, created_at=now)
    drafts.append(_draft("make calendar address", feed))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return feed


@transaction.atomic
def revoke_calendar_address(*, acting_user: User, project: Project, feed_id: int) -> CalendarFeed:
    """End an address of one's own: programs that still ask get what a wrong one gets.

    Raises CalendarFeed.DoesNotExist for somebody else's or one that has ended.
    """
    require_capability(acting_user, "project.view", project)
    feed = CalendarFeed.objects.get(pk=feed_id, project=project, user=acting_user, revoked_at=None)
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])
    record_event(stream_id=project.uuid, acting_user=acting_user, draft=_draft("revoke calendar address", feed))
    return feed


def note_fetch(feed: CalendarFeed) -> None:
    """Keep that a program read the calendar, so that its owner sees which address is used.

    Bookkeeping and no act: it is not in the trail, and is written at most once in `NOTE_EVERY`.
    """
    now = clock.now()
    if feed.last_fetched_at is None or feed.last_fetched_at <= now - NOTE_EVERY:
        CalendarFeed.objects.filter(Q(last_fetched_at=None) | Q(last_fetched_at__lt=now), pk=feed.pk).update(
            last_fetched_at=now
        )


def _draft(action: str, feed: CalendarFeed, reason: str = "") -> Draft:
    return Draft(action, KIND, str(feed.uuid), "", {"content": feed.content}, reason)
