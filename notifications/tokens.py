"""The secret in the unsubscribe link of a mail: it names one person and one kind, and can only turn mail off."""

from django.core import signing

_SALT = "notifications.unsubscribe"


def unsubscribe_token(person_id: int, kind: str) -> str:
    """A token for `kind`, or ALL_KINDS. It does not run out: a link in an old mail must still work."""
    return signing.Signer(salt=_SALT).sign_object([person_id, kind])


def read_token(token: str) -> tuple[int, str] | None:
    """The person's id and the kind, or None for what this installation has not signed."""
    try:
        person_id, kind = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person_id, kind
