"""What EMAIL_URL means. Nothing here imports Django, as in `smsplan.environment`."""

from typing import Any
from urllib.parse import unquote, urlsplit

from smsplan.environment import ConfigurationError

BACKENDS = "django.core.mail.backends."
TIMEOUT = 30
# By scheme: the usual port, and how the connection is secured. (django-environ reads smtps:// as unsecured.)
SMTP: dict[str, tuple[int, str]] = {
    "smtp": (25, ""),
    "smtp+tls": (587, "EMAIL_USE_TLS"),
    "smtps": (465, "EMAIL_USE_SSL"),
    "smtp+ssl": (465, "EMAIL_USE_SSL"),
}
ESCAPES = "In a user name or password write / as %2F, : as %3A, @ as %40, # as %23, ? as %3F and % as %25"
FORMS = "smtp+tls://user:password@host:587, smtps://host, smtp://host, filemail:///folder or consolemail://"


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for the mail server that `url` names.

    Raises ConfigurationError, without the password in it, for anything that is none.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        # What stands where a port should be may be a piece of a password: it is not repeated.
        raise ConfigurationError(f"EMAIL_URL cannot be read. {ESCAPES}. Set it to {FORMS}") from error
    if parts.scheme == "consolemail":
        return {"EMAIL_BACKEND": f"{BACKENDS}console.EmailBackend"}
    if parts.scheme == "filemail":
        if not parts.path.startswith("/") or parts.netloc:
            raise ConfigurationError(
                "EMAIL_URL with filemail needs a whole path, such as filemail:///var/spool/smsplan"
            )
        return {"EMAIL_BACKEND": f"{BACKENDS}filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in SMTP:
        raise ConfigurationError(f"EMAIL_URL begins with {parts.scheme[:20]!r}. Set it to {FORMS}")
    if not host:
        raise ConfigurationError(f"EMAIL_URL names no host. Set it to {FORMS}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigurationError(f"EMAIL_URL goes on after the host. {ESCAPES}")
    usual_port, secured = SMTP[parts.scheme]
    found: dict[str, Any] = {
        "EMAIL_BACKEND": f"{BACKENDS}smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_TIMEOUT": TIMEOUT,
    }
    if secured:
        found[secured] = True
    return found
