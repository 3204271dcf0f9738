"""The sender of mail. Everything that mails a person goes through `send_mail`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string


def absolute_url(path: str) -> str:
    """`path` on the canonical address of this installation (never the Host header of a request)."""
    return f"{settings.BASE_URL}{path}"


def send_mail(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Send `email/<template>.txt` to one address once the transaction commits, with `.html` beside it if there is one.

    The subject is folded into one line, so that no text of a person can add a header.
    """
    line = " ".join(subject.split())[:200]
    values = {**context, "base_url": settings.BASE_URL}
    message = EmailMultiAlternatives(line, render_to_string(f"email/{template}.txt", values), to=[to])
    message.attach_alternative(render_to_string(f"email/{template}.html", values), "text/html")
    # robust: what was decided stands, even when the mail server does not answer; the failure is logged.
    transaction.on_commit(message.send, robust=True)
