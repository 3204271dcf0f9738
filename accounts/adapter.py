"""What allauth may do here: people come by invitation only."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Installation:
    """What mails say of where they come from, in the names that allauth's texts use."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up; mails name the canonical address, never the Host header."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        from django.urls import reverse  # noqa: PLC0415 (the adapter is loaded before the URLs are)

        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        uid, _, token = key.partition("-")
        return settings.BASE_URL + path.replace("UID", uid).replace("KEY", token)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails name this installation by its canonical address, whatever Host the request came with."""
        host = settings.BASE_URL.partition("://")[2]
        super().send_mail(template_prefix, email, {**context, "current_site": Installation("smsplan", host)})

    def format_email_subject(self, subject: str) -> str:
        return " ".join(subject.split())

    def get_from_email(self) -> Any:
        return settings.DEFAULT_FROM_EMAIL
