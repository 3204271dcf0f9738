"""The arithmetic of the chain. No Django: anybody can check a trail with these lines.

    payload_sha256 = SHA256(salt + payload)
    hash           = SHA256("seq:prev_hash:payload_sha256")
    mac            = HMAC-SHA256(trail key, hash)

The salt keeps a handed-out bare hash from being guessed back to its payload. The mac shows that the chain was
written by somebody who holds the key, which is kept outside the database.
"""

import hashlib
import hmac
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a stream as the chain sees it. `payload` is None where it was disposed of."""

    seq: int
    payload: str | None
    salt: str
    payload_sha256: str
    prev_hash: str
    hash: str
    mac: str


def payload_hash(salt: str, payload: str) -> str:
    """Hash of one payload (canonical JSON) under its salt (hex text)."""
    return hashlib.sha256((salt + payload).encode("utf-8")).hexdigest()


def link_hash(seq: int, prev_hash: str, payload_sha256: str) -> str:
    """Hash that ties an event to its place and to the event before it."""
    return hashlib.sha256(f"{seq}:{prev_hash}:{payload_sha256}".encode("ascii")).hexdigest()


def link_mac(key: str, hash_: str) -> str:
    """Authentication code of a link under the trail key."""
    return hmac.digest(key.encode("utf-8"), hash_.encode("ascii"), "sha256").hex()


def faults_of(link: Link, *, expected_seq: int, expected_prev: str, key: str | None) -> list[str]:
    """What is wrong with one link, given the one before it. Empty when it holds.

    With `key` None the mac is not checked (a trail handed out, checked without the key).
    """
    wrong = []
    if link.seq != expected_seq:
        wrong.append(f"event {expected_seq} is missing, {link.seq} follows")
    if link.prev_hash != expected_prev:
        wrong.append(f"event {link.seq} does not continue the one before it")
    if link.payload is not None and payload_hash(link.salt, link.payload) != link.payload_sha256:
        wrong.append(f"event {link.seq} was altered: its content does not match its hash")
    if link_hash(link.seq, link.prev_hash, link.payload_sha256) != link.hash:
        wrong.append(f"event {link.seq} was altered: its place does not match its hash")
    if key is not None and not hmac.compare_digest(link_mac(key, link.hash), link.mac):
        wrong.append(f"event {link.seq} was not written with this installation's trail key")
    return wrong
