"""Reads of the outbox: who is to be mailed now, and what went to somebody."""

from django.db.models import Exists, Min, OuterRef, QuerySet

from accounts.models import User
from common import clock
from notifications.choices import MailState, NoticeState
from notifications.models import Mail, Notice, Occasion
from projects.models import Project

LAST_MAILS = 20


def has_due_mail() -> bool:
    """Whether anything happened or waits to be sent now, or was claimed and never ended. Three queries at most."""
    waits = Notice.objects.filter(state=NoticeState.WAITING, goes_at__lte=clock.now())
    return waits.exists() or Occasion.objects.exists() or Mail.objects.filter(state=MailState.SENDING).exists()


def people_with_due_mail() -> list[int]:
    """The ids of whom something is due to now, who waits longest first. One query."""
    due = Notice.objects.filter(state=NoticeState.WAITING, goes_at__lte=clock.now())
    return [pk for pk, _first in due.values_list("person").annotate(first=Min("goes_at")).order_by("first", "person")]


def waiting_for(user: User) -> int:
    """How many things wait for the next mail to `user`. One query."""
    return Notice.objects.filter(person=user, state=NoticeState.WAITING).count()


def last_mails_to(user: User) -> QuerySet[Mail]:
    """The last mails to `user`, newest first: what was sent, and what perhaps was. One query.

    `is_hidden` where one told of a project that `user` can no longer see: its subject is not to be shown.
    """
    told = Notice.objects.filter(mail=OuterRef("pk")).exclude(state=NoticeState.DROPPED)
    mails = Mail.objects.filter(person=user, state__in=[MailState.SENT, MailState.UNKNOWN]).annotate(
        is_hidden=Exists(told.exclude(project__in=Project.objects.visible_to(user)))
    )
    return mails.order_by("-claimed_at", "-pk")[:LAST_MAILS]
