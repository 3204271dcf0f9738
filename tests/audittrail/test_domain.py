"""The arithmetic of the chain, by example and on random chains."""

import hashlib
import hmac
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audittrail.domain import GENESIS, Link, faults_of, link_hash, link_mac, payload_hash

KEY = "a key"
PAYLOADS = st.lists(st.text(max_size=30), min_size=1, max_size=8)


def chain(payloads: list[str], key: str = KEY) -> list[Link]:
    """Links as the service writes them, with salts that a test can foresee."""
    links, previous = [], GENESIS
    for seq, payload in enumerate(payloads, start=1):
        salt = f"{seq:032x}"
        digest = payload_hash(salt, payload)
        hash_ = link_hash(seq, previous, digest)
        links.append(Link(seq, payload, salt, digest, previous, hash_, link_mac(key, hash_)))
        previous = hash_
    return links


def faults(links: list[Link], key: str | None = KEY) -> list[str]:
    """Everything wrong in a chain that is walked from its beginning."""
    found, seq, previous = [], 0, GENESIS
    for link in links:
        found += faults_of(link, expected_seq=seq + 1, expected_prev=previous, key=key)
        seq, previous = link.seq, link.hash
    return found


def test_it_hashes_salt_and_payload_as_anybody_can_with_a_shell() -> None:
    assert payload_hash("00ff", '{"a":"ä"}') == hashlib.sha256('00ff{"a":"ä"}'.encode()).hexdigest()


def test_it_hashes_place_and_content_with_colons_between() -> None:
    assert link_hash(7, "aa", "bb") == hashlib.sha256(b"7:aa:bb").hexdigest()


def test_its_mac_is_the_plain_hmac_of_the_hash() -> None:
    assert link_mac("key", "aa") == hmac.new(b"key", b"aa", "sha256").hexdigest()


@given(PAYLOADS)
def test_it_finds_nothing_wrong_in_what_was_written(payloads: list[str]) -> None:
    assert faults(chain(payloads)) == []


@given(PAYLOADS)
def test_a_chain_can_be_checked_without_the_key(payloads: list[str]) -> None:
    assert faults(chain(payloads, key="another"), key=None) == []


@given(PAYLOADS, st.data())
def test_it_notices_a_payload_that_was_altered(payloads: list[str], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.text(max_size=30).filter(lambda text: text != links[place].payload))
    links[place] = replace(links[place], payload=other)
    assert faults(links) == [f"event {place + 1} was altered: its content does not match its hash"]


@given(PAYLOADS, st.data())
def test_it_notices_a_payload_that_was_altered_together_with_its_hash(payloads: list[str], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    link = links[place]
    links[place] = replace(link, payload="other!" * 9, payload_sha256=payload_hash(link.salt, "other!" * 9))
    assert faults(links) == [f"event {place + 1} was altered: its place does not match its hash"]


@given(PAYLOADS, st.data())
def test_it_notices_an_event_written_anew_without_the_key(payloads: list[str], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 1))
    link = links[place]
    links[place] = replace(link, mac=link_mac("guessed", link.hash))
    assert faults(links) == [f"event {place + 1} was not written with this installation's trail key"]


@given(st.lists(st.text(max_size=30), min_size=3, max_size=8), st.data())
def test_it_notices_an_event_that_was_taken_out(payloads: list[str], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    assert faults(links) == [
        f"event {place + 1} is missing, {place + 2} follows",
        f"event {place + 2} does not continue the one before it",
    ]


@given(st.lists(st.text(max_size=30), min_size=2, max_size=8, unique=True), st.data())
def test_it_notices_two_events_that_changed_places(payloads: list[str], data: st.DataObject) -> None:
    links = chain(payloads)
    place = data.draw(st.integers(0, len(links) - 2))
    links[place], links[place + 1] = links[place + 1], links[place]
    assert faults(links)


@given(PAYLOADS)
def test_a_payload_can_be_disposed_of_and_the_chain_stays_whole(payloads: list[str]) -> None:
    assert faults([replace(link, payload=None) for link in chain(payloads)]) == []
