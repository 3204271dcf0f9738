"""`manage.py show_mail`: what waits to be mailed, and what did not go well. No subjects: they are a client's."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min

from notifications.choices import MailState, NoticeState
from notifications.models import Mail, Notice

SHOWN = 50


class Command(BaseCommand):
    """Print the state of the outbox, the newest trouble first."""

    help = "Show how much waits to be mailed, and which mails were refused or are unknown."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for what waits and for each state, then the mails in trouble."""
        waiting = Notice.objects.filter(state=NoticeState.WAITING).aggregate(count=Count("pk"), first=Min("goes_at"))
        first = f", the first goes at {waiting['first']:%Y-%m-%d %H:%M} UTC" if waiting["first"] else ""
        self.stdout.write(f"{waiting['count']} thing(s) wait to be told{first}")
        counts = dict(Mail.objects.values_list("state").annotate(count=Count("pk")).order_by())
        for state in MailState:
            self.stdout.write(f"{counts.get(state.value, 0)} mail(s) {state.value}")
        trouble = Mail.objects.filter(state__in=[MailState.FAILED, MailState.UNKNOWN]).select_related("person")
        for mail in trouble.order_by("-claimed_at", "-pk")[:SHOWN]:
            at = f"{mail.claimed_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"{at} {mail.state} to {mail.person.email} {mail.message_id} {mail.error}")
