"""The sender of mail. Everything that mails a person goes through `send_mail` or `deliver`."""

import logging
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string

LONGEST_SUBJECT = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a mail carries."""

    name: str
    content: bytes
    content_type: str


class MailRefused(Exception):
    """The mail was not taken: it can be sent again. The message says what the server said."""


class MailUncertain(Exception):
    """Nobody knows whether the mail was taken, because the connection ended in the middle."""


def absolute_url(path: str) -> str:
    """`path` on the canonical address of this installation (never the Host header of a request)."""
    return f"{settings.BASE_URL}{path}"


def one_line(subject: str) -> str:
    """`subject` folded into one line, so that no text of a person can add a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in subject).split())[:LONGEST_SUBJECT]


def make_message(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    attached: Sequence[Attached] = (),
) -> EmailMultiAlternatives:
    """A mail to one address from `email/<template>.txt`, with `.html` beside it and the files that it carries."""
    values = {**context, "base_url": settings.BASE_URL}
    text = render_to_string(f"email/{template}.txt", values)
    message = EmailMultiAlternatives(one_line(subject), text, to=[to], headers=dict(headers or {}))
    message.attach_alternative(render_to_string(f"email/{template}.html", values), "text/html")
    for file in attached:
        message.attach(one_line(file.name), file.content, file.content_type)
    return message


def send_mail(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Send `email/<template>.txt` to one address once the transaction commits, with `.html` beside it."""
    message = make_message(to=to, subject=subject, template=template, context=context)
    # robust: what was decided stands, even when the mail server does not answer; the failure is logged.
    transaction.on_commit(message.send, robust=True)


def deliver(message: EmailMultiAlternatives) -> None:
    """Hand one mail to the mail server now. Raises MailRefused, or MailUncertain where the outcome is unknown."""
    try:
        connection = get_connection()
        connection.open()
    except Exception as error:
        raise MailRefused(_words(error)) from error
    try:
        connection.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        raise MailRefused(_words(error)) from error
    except Exception as error:
        raise MailUncertain(_words(error)) from error
    finally:
        try:
            connection.close()
        except Exception:
            log.warning("the connection to the mail server did not end well", exc_info=True)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
