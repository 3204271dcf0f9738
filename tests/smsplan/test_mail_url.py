"""What EMAIL_URL means, and what is said where it means nothing."""

import pytest

from smsplan.environment import ConfigurationError
from smsplan.mail_url import mail_settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", {"EMAIL_HOST": "mail.example", "EMAIL_PORT": 25}),
        ("smtp+tls://u:p@mail.example", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True}),
        ("smtps://u:p%40ss@mail.example", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_HOST_PASSWORD": "p@ss"}),
        ("smtp+ssl://mail.example:2465", {"EMAIL_PORT": 2465, "EMAIL_USE_SSL": True}),
        ("smtp://u%40x.example:p@[::1]:2525", {"EMAIL_HOST": "::1", "EMAIL_HOST_USER": "u@x.example"}),
        ("consolemail://", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("filemail:///var/spool/mails", {"EMAIL_FILE_PATH": "/var/spool/mails"}),
    ],
)
def test_the_forms_that_there_are(url: str, expected: dict[str, object]) -> None:
    found = mail_settings(url)
    assert {name: found[name] for name in expected} == expected


def test_a_connection_is_secured_only_as_asked() -> None:
    assert not {"EMAIL_USE_TLS", "EMAIL_USE_SSL"} & set(mail_settings("smtp://mail.example"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example", "begins with ''"),
        ("http://mail.example", "begins with 'http'"),
        ("smtp://", "names no host"),
        ("smtp://u:secret@mail.example:many", "cannot be read"),
        ("smtp://u:sec/ret@mail.example", "cannot be read"),
        ("smtp://mail.example/inbox", "goes on after the host"),
        ("smtp://u:sec#ret@mail.example", "cannot be read"),
        ("filemail://var/mails", "whole path"),
    ],
)
def test_what_means_nothing_is_named_without_its_secrets(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        mail_settings(url)
    assert "EMAIL_URL" in str(refused.value)
    assert words in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "'sec'" not in str(refused.value)
