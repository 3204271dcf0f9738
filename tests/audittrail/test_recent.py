"""The last acts: what was done at once is one line."""

import pytest

from audittrail import recent
from audittrail.recent import recent_acts
from audittrail.sentences import phrase, register_wording, wordings
from audittrail.services import Draft, record_events
from common import clock
from tests.audittrail.streams import STREAM, small_stream
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def bulk(count: int) -> None:
    """One act on `count` objects."""
    with clock.moved_to(NOW):
        record_events(
            stream_id=STREAM,
            acting_user=None,
            drafts=[Draft("change", "thing", f"B{number}") for number in range(count)],
        )


def test_an_act_on_many_objects_is_one_line() -> None:
    small_stream(2)
    bulk(5)
    acts = recent_acts(STREAM, 10)
    assert [(act.seq, act.count) for act in acts] == [(7, 5), (2, 1), (1, 1)]
    assert acts[0].sentence.text == "system changed 5 objects"


def test_it_gives_the_newest_first_and_no_more_than_asked_for() -> None:
    small_stream(6)
    assert [act.seq for act in recent_acts(STREAM, 3)] == [6, 5, 4]


def test_it_counts_an_act_that_reaches_behind_the_window(monkeypatch) -> None:
    monkeypatch.setattr(recent, "WINDOW", 10)
    small_stream(1)
    bulk(25)
    assert [act.count for act in recent_acts(STREAM, 5)] == [25]


def test_it_takes_one_query_however_long_the_stream_is(django_assert_num_queries) -> None:
    small_stream(3)
    with django_assert_num_queries(1):
        recent_acts(STREAM, 10)
    bulk(60)
    with django_assert_num_queries(1):
        recent_acts(STREAM, 10)


def test_two_acts_on_the_same_objects_at_the_same_instant_stay_two() -> None:
    small_stream(0)
    bulk(3)
    bulk(3)
    assert [act.count for act in recent_acts(STREAM, 10)] == [3, 3]


def test_acts_that_one_sentence_would_not_cover_stay_apart() -> None:
    register_wording(
        "test box",
        lambda _facts: None,
        say_many=lambda facts, count: phrase("{n} boxes to {after}", n=str(count), after=facts.after("colour")),
    )
    small_stream(0)
    try:
        with clock.moved_to(NOW):
            record_events(
                stream_id=STREAM,
                acting_user=None,
                drafts=[
                    Draft("change", "test box", f"B{place}", "", {"colour": ["white", colour]})
                    for place, colour in enumerate(("red", "red", "blue", "blue", "blue"))
                ],
            )
        assert [act.sentence.text for act in recent_acts(STREAM, 10)] == ["3 boxes to blue", "2 boxes to red"]
    finally:
        wordings.remove("test box")


def test_an_empty_stream_has_no_acts() -> None:
    small_stream(0)
    assert recent_acts(STREAM, 10) == []
