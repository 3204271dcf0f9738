"""Events in words, whatever kind of object they are on."""

from datetime import UTC, datetime

import pytest

from audittrail.selectors import events_of, history_of
from audittrail.sentences import (
    Facts,
    Part,
    act_wordings,
    object_name,
    phrase,
    register_act_wording,
    register_wording,
    sentence,
    sentence_of,
    sentence_of_many,
    shown,
    title_of,
    wordings,
)
from tests.audittrail.streams import STREAM, alter, events, small_stream

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def facts(action: str = "change", kind: str = "thing", **values) -> Facts:
    """An event by Mara on the object T1."""
    return Facts(
        **{"seq": 1, "at": AT, "action": action, "kind": kind, "key": "T1", "actor_id": 1, "actor": "Mara", **values}
    )


def test_an_unknown_kind_reads_as_a_sentence_of_what_changed() -> None:
    said = sentence_of(facts(label="Box", changes={"size": [1, 2], "colour": [None, "red"], "party id": [1, 2]}))
    assert said.text == "Mara changed thing Box: size from 1 to 2, colour from nothing to red"


def test_an_unknown_act_is_named() -> None:
    assert sentence_of(facts("fold")).text == "Mara recorded “fold” on thing T1"


def test_a_new_object_is_said_without_its_values() -> None:
    assert sentence_of(facts("create", changes={"name": "Box", "members": ["a", "b"]})).text == "Mara created thing T1"


def test_a_new_objects_list_of_two_is_a_value_and_not_a_change() -> None:
    assert facts("create", changes={"members": ["a", "b"]}).pair("members") == (None, ["a", "b"])
    assert facts("change", changes={"members": ["a", "b"]}).pair("members") == ("a", "b")


def test_dates_read_as_dates_and_long_texts_are_cut() -> None:
    said = sentence_of(facts(changes={"due": ["2027-01-08", "2027-01-22"], "note": ["", "word " * 40]})).text
    assert "due from 8 Jan 2027 to 22 Jan 2027" in said
    assert said.endswith("word…")
    assert len(said) < 180


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (["a", "b"], "a, b"),
        ({"1": 18}, "1: 18"),
        ("2026-11-06", "6 Nov 2026"),
        ("2026-11-06T09:30:00.000000Z", "6 Nov 2026 09:30 UTC"),
        ("2026-13-45", "2026-13-45"),
    ],
)
def test_it_shows_a_recorded_value_as_a_person_reads_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_braces_in_a_name_stay_what_they_are() -> None:
    parts = phrase("{actor} set {object} to {after}", actor="{object}", object="A{after}B", after="{actor}")
    assert "".join(part.text for part in parts) == "{object} set A{after}B to {actor}"
    assert [part.role for part in parts] == ["actor", "", "object", "", "value"]


def test_a_kind_can_be_given_words_of_its_own() -> None:
    register_wording(
        "test thing",
        lambda f: (
            phrase("{actor} painted {object}", actor=f.actor, object=object_name(f)) if f.action == "paint" else None
        ),
        title="Thing of tests",
        name=lambda key, _label: f"number {key}",
        say_many=lambda f, count: phrase("{actor} painted {n}", actor=f.actor, n=str(count)),
    )
    try:
        assert sentence_of(facts("paint", "test thing")).text == "Mara painted number T1"
        assert sentence_of(facts("change", "test thing")).text == "Mara changed thing of tests number T1"
        assert sentence_of_many(facts("paint", "test thing"), 4).text == "Mara painted 4"
        assert title_of("test thing") == "Thing of tests"
    finally:
        wordings.remove("test thing")


def test_an_act_can_be_given_words_for_every_kind() -> None:
    register_act_wording("test act", lambda f: (Part(f"{f.actor} waved at {object_name(f)}"),))
    try:
        assert sentence_of(facts("test act")).text == "Mara waved at T1"
    finally:
        act_wordings.remove("test act")


def test_the_same_act_on_many_objects_is_counted_where_nobody_has_words() -> None:
    assert sentence_of_many(facts(), 3).text == "Mara changed 3 objects"


def test_a_reason_stands_beside_the_sentence() -> None:
    assert sentence_of(facts(reason="it grew")).reason == "it grew"


@pytest.mark.django_db
def test_an_event_is_read_from_its_payload() -> None:
    small_stream(1)
    said = sentence(events().get())
    assert (said.text, said.actor) == ("system changed thing Thing 1: size from 1 to 2", "system")


@pytest.mark.django_db
def test_what_was_disposed_of_is_said() -> None:
    small_stream(1)
    alter(1, payload=None, actor_id=7)
    event = events().get()
    assert sentence(event).text == "somebody acted on T1; what was recorded has been disposed of"
    assert sentence(event, {7: "Mara Moss"}).text == "Mara Moss acted on T1; what was recorded has been disposed of"


@pytest.mark.django_db
def test_histories_read_one_stream_newest_first() -> None:
    small_stream(4)
    assert [event.seq for event in events_of(STREAM)] == [4, 3, 2, 1]
    assert [event.key for event in history_of(STREAM, "thing", ["T1", "T3", "T9"])] == ["T3", "T1"]
    assert not history_of(STREAM, "other", ["T1"]).exists()
