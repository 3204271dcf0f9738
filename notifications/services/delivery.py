"""Send what waits in the outbox. Whatever is retried or the clock does, nothing is sent twice.

A mail and its notices are claimed in a transaction of their own before anything is sent. What was refused goes back and
waits longer each time; what was claimed and whose outcome nobody knows stays claimed, is shown as unknown, and is not
sent again: never twice beats never lost (docs/decisions/0020-mail.md).
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from common import clock
from common.mail import Attached, MailRefused, MailUncertain, absolute_url, deliver, make_message, one_line
from notifications.choices import ALL_KINDS, MailState, NoticeState
from notifications.domain.slots import DIGESTS, local_day, pause_after, slot_after
from notifications.models import Mail, Notice
from notifications.registry import notice_kinds
from notifications.selectors.letters import Letter, letter_to
from notifications.selectors.outbox import people_with_due_mail
from notifications.selectors.recipients import INSTALLATION_ZONE, Recipient, recipients
from notifications.services.notices import note_occasions
from notifications.tokens import unsubscribe_token

UNKNOWN_AFTER = timedelta(minutes=15)
KEPT = timedelta(days=400)
# Unknown too: a process that was thought dead may end its mail after all.
OPEN_STATES = (NoticeState.SENDING, NoticeState.UNKNOWN)
log = logging.getLogger(__name__)


@dataclass
class Delivered:
    """What a round of sending came to."""

    sent: int = 0
    refused: int = 0
    unknown: int = 0
    dropped: int = 0


def deliver_due_mail() -> Delivered:
    """Send everybody what is due to them now, each in one mail; safe to run twice, also at the same time."""
    counts = Delivered(unknown=_settle_unknown())
    note_occasions()
    for person_id in people_with_due_mail():
        mail = _claim(person_id)
        if mail is not None:
            _send(mail, counts)
    return counts


def forget_old_mail() -> int:
    """Delete what was told long ago. What it told of cannot come again. Gives how many notices went."""
    before = clock.now() - KEPT
    ended = [NoticeState.SENT, NoticeState.DROPPED, NoticeState.UNKNOWN]
    count, _per_model = Notice.objects.filter(state__in=ended, noted_at__lt=before).delete()
    Mail.objects.filter(claimed_at__lt=before, notices=None).delete()
    return count


@transaction.atomic
def settle_restored_mail() -> int:
    """After a restore: what was due by now may have gone since the backup. Gives how much is unknown for that."""
    note_occasions()
    due = Notice.objects.filter(state__in=[NoticeState.WAITING, NoticeState.SENDING], goes_at__lte=clock.now())
    Mail.objects.filter(state=MailState.SENDING).update(
        state=MailState.UNKNOWN, ended_at=clock.now(), error="the database was restored"
    )
    return due.update(state=NoticeState.UNKNOWN)


def _settle_unknown() -> int:
    """Mark what was claimed and never ended: its process died. It stays away from the outbox."""
    lost = list(
        Mail.objects.filter(state=MailState.SENDING, claimed_at__lt=clock.now() - UNKNOWN_AFTER).values_list(
            "pk", flat=True
        )
    )
    if lost:
        log.error("%d mail(s) were claimed and never ended; they may have been sent: %s", len(lost), lost)
        _end(lost, MailState.UNKNOWN, NoticeState.UNKNOWN, error="the process ended while it was sending")
    return len(lost)


def _due(person_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person_id, state=NoticeState.WAITING, goes_at__lte=clock.now())


@transaction.atomic
def _claim(person_id: int) -> Mail | None:
    """Take what is due to a person, for one mail, so that no other process does; None where nothing is left."""
    recipient = recipients([person_id]).get(person_id)
    mail = Mail.objects.create(person_id=person_id, claimed_at=clock.now())
    taken = _due(person_id).exclude(pace__in=DIGESTS).update(state=NoticeState.SENDING, mail=mail)
    digest = _due(person_id).filter(pace__in=DIGESTS)
    if digest.exists():
        if _is_first_today(mail, recipient):
            taken += digest.update(state=NoticeState.SENDING, mail=mail)
        elif recipient is not None:
            _postpone(digest, recipient)
    if not taken:
        mail.delete()
        return None
    return mail


def _is_first_today(mail: Mail, recipient: Recipient | None) -> bool:
    """Make `mail` the digest of the person's day, unless there is one already."""
    day = local_day(clock.now(), recipient.zone if recipient is not None else INSTALLATION_ZONE)
    try:
        with transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(digest_day=day)
    except IntegrityError:
        return False
    mail.digest_day = day
    return True


def _postpone(digest: QuerySet[Notice], recipient: Recipient) -> None:
    """Leave what missed the digest of this day to the next: the clock went back, or the person moved."""
    today = local_day(clock.now(), recipient.zone)
    for pace in DIGESTS:
        digest.filter(pace=pace).update(goes_at=slot_after(pace, today, recipient.zone))


def _send(mail: Mail, counts: Delivered) -> None:
    """Write and send a claimed mail, and note what came of it."""
    notices = list(Notice.objects.filter(mail=mail, state=NoticeState.SENDING).order_by("pk"))
    try:
        person = User.objects.get(pk=mail.person_id)
        recipient = recipients([person.pk]).get(person.pk)
        with translation.override(settings.LANGUAGE_CODE), timezone.override(_zone(recipient)):
            letter = letter_to(person, notices, is_digest=mail.digest_day is not None)
            counts.dropped += _drop(mail, letter.dropped)
            if not letter.lines:
                # Nothing is left to say: the day's digest is still free.
                mail.delete()
                return
            message = _message(mail, person, letter, [one for one in notices if one.pk not in letter.dropped])
    except Exception as error:
        # Nothing was sent yet: another round may do better.
        log.exception("a mail could not be written")
        counts.refused += 1
        _give_back(mail, f"{type(error).__name__} while writing it")
        return
    try:
        deliver(message)
    except MailRefused as refusal:
        log.warning("the mail server refused a mail: %s", refusal)
        counts.refused += 1
        _give_back(mail, str(refusal))
    except MailUncertain as error:
        log.error("nobody knows whether mail %s was sent: %s", mail.uuid, error)
        counts.unknown += 1
        _end([mail.pk], MailState.UNKNOWN, NoticeState.UNKNOWN, error=str(error))
    else:
        counts.sent += 1
        _end([mail.pk], MailState.SENT, NoticeState.SENT)


def _zone(recipient: Recipient | None) -> str:
    return recipient.zone if recipient is not None else INSTALLATION_ZONE


@transaction.atomic
def _end(mails: Sequence[int], state: MailState, notices: NoticeState, *, error: str = "") -> None:
    Mail.objects.filter(pk__in=mails).update(state=state, ended_at=clock.now(), error=error[:300])
    Notice.objects.filter(mail__in=mails, state__in=OPEN_STATES).update(state=notices)


@transaction.atomic
def _drop(mail: Mail, dropped: Mapping[int, str]) -> int:
    reasons: dict[str, list[int]] = {}
    for pk, why in dropped.items():
        reasons.setdefault(why, []).append(pk)
    for why, keys in reasons.items():
        Notice.objects.filter(pk__in=keys, mail=mail).update(state=NoticeState.DROPPED, dropped_why=why)
    return len(dropped)


@transaction.atomic
def _give_back(mail: Mail, why: str) -> None:
    """Put what was refused back into the outbox, for later; give up what was refused too often."""
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED, ended_at=clock.now(), error=why[:300], digest_day=None
    )
    for notice in Notice.objects.filter(mail=mail, state__in=OPEN_STATES):
        notice.attempts += 1
        pause = pause_after(notice.attempts)
        if pause is None:
            notice.state, notice.dropped_why = NoticeState.DROPPED, "refused too often"
        else:
            notice.state, notice.goes_at = NoticeState.WAITING, clock.now() + pause
        notice.save(update_fields=["attempts", "state", "goes_at", "dropped_why"])


def _message(mail: Mail, person: User, letter: Letter, notices: Sequence[Notice]) -> Any:
    """The mail as it goes out; what is shown of it later is kept with it."""
    kind = letter.kinds[0] if len(letter.kinds) == 1 else ALL_KINDS
    stop = absolute_url(reverse("mail_unsubscribe", args=[unsubscribe_token(person.pk, kind)]))
    mail.subject, mail.lines = one_line(letter.subject), letter.lines
    mail.message_id = _message_id(notices)
    mail.save(update_fields=["subject", "lines", "message_id"])
    return make_message(
        to=person.email,
        subject=letter.subject,
        template="letter",
        context={
            "person": person,
            "letter": letter,
            "is_digest": mail.digest_day is not None,
            "kind_title": notice_kinds[kind].title if kind != ALL_KINDS else "",
            "stop_url": stop,
            "settings_url": absolute_url(reverse("mail_settings")),
            "work_url": absolute_url(reverse("my_work")),
        },
        headers={
            "Message-ID": mail.message_id,
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        attached=_attached(person, notices),
    )


def _attached(person: User, notices: Sequence[Notice]) -> list[Attached]:
    """The files that go with what is told."""
    files: list[Attached] = []
    for key, kind in notice_kinds.items():
        told = [notice for notice in notices if notice.kind == key]
        if told and kind.attached is not None:
            files += kind.attached(person, told)
    return files


def _message_id(notices: Sequence[Notice]) -> str:
    """The same for the same things told: a mail program shows a mail that came twice once."""
    told = "\n".join(f"{notice.pk} {notice.kind} {notice.key}" for notice in notices)
    digest = hashlib.sha256(told.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
