"""The secret in an address for calendar programs: an id and a signature over it, in one opaque word.

The database holds the id alone, so that neither a copy of it nor a backup opens a calendar. As the signature can be
made again, the address can be shown again. Another `SECRET_KEY` ends every address.
"""

import base64
import binascii
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "smsplan.calendar-address"
_ID_BYTES = 16
_MAC_BYTES = 24


def _mac(uuid: UUID) -> bytes:
    return salted_hmac(_SALT, uuid.bytes, algorithm="sha256").digest()[:_MAC_BYTES]


def token_of(uuid: UUID) -> str:
    """The secret word of an address."""
    return base64.urlsafe_b64encode(uuid.bytes + _mac(uuid)).rstrip(b"=").decode("ascii")


def uuid_of(token: str) -> UUID | None:
    """Whose address `token` is, or None where we did not sign it. No query."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    if len(raw) != _ID_BYTES + _MAC_BYTES:
        return None
    uuid = UUID(bytes=raw[:_ID_BYTES])
    return uuid if constant_time_compare(raw[_ID_BYTES:], _mac(uuid)) else None
