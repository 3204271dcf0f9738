"""Who is named in a text."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.domain.names import Person, find_people, fold, handles_of, name_people

PETRA = Person(1, "Petra Pohl", "petra@alder.example")
TIM = Person(2, "Tim Tully", "tim@alder.example")
ZOE = Person(3, "Zoë Müller-Łoś", "zoe@alder.example")
TEAM = (PETRA, TIM, ZOE)


@pytest.mark.parametrize(
    ("typed", "kept", "people"),
    [
        ("@Petra Pohl can you look?", "@Petra Pohl can you look?", (1,)),
        ("Ask @petra pohl.", "Ask @Petra Pohl.", (1,)),
        ("(@PETRA) and @tim: @Petra again", "(@Petra Pohl) and @Tim Tully: @Petra Pohl again", (1, 2)),
        ("@zoe muller-los", "@Zoë Müller-Łoś", (3,)),
        ("@Zoe\u0308 Mu\u0308ller-Łoś!", "@Zoë Müller-Łoś!", (3,)),
        ("@petra@alder.example", "@Petra Pohl", (1,)),
        ("**@Tim** and _@Tim_", "**@Tim Tully** and _@Tim Tully_", (2,)),
        ("@Petra\u00a0Pohl", "@Petra Pohl", (1,)),
        ("@Petra's list", "@Petra Pohl's list", (1,)),
        ("- @Tim\n- @Petra\n", "- @Tim Tully\n- @Petra Pohl\n", (2, 1)),
    ],
)
def test_a_name_is_found_and_kept_in_full(typed: str, kept: str, people: tuple[int, ...]) -> None:
    named = name_people(typed, TEAM)
    assert (named.text, named.people) == (kept, people)


@pytest.mark.parametrize(
    "typed",
    [
        "@Nobody knows",
        "@ Petra",
        "@Petrarca wrote",
        "mail petra@Petra Pohl",
        "https://example.org/@Tim",
        "@Petra Huber",  # somebody else, who is not here
        "@Petra@elsewhere.example",
        "@tim.tully",
        "@Tim-Ole",
        "`@Tim` in code",
        "``a ` @Tim``",
        "```\n@Petra Pohl\n```",
        "~~~\n@Petra Pohl",
        "@Petra_2",
        "@\nTim",
    ],
)
def test_what_is_not_a_name_stays_text(typed: str) -> None:
    named = name_people(typed, TEAM)
    assert (named.text, named.people) == (typed, ())


def test_a_first_name_that_two_people_have_names_nobody() -> None:
    other = Person(4, "Petra Huber", "huber@alder.example")
    assert name_people("@Petra look", [*TEAM, other]).people == ()
    assert name_people("@Petra Huber look", [*TEAM, other]).people == (4,)
    assert name_people("@petra pohl look", [*TEAM, other]).people == (1,)


def test_two_people_of_one_name_are_told_apart_by_their_mail_address() -> None:
    twin = Person(4, "Petra Pohl", "pohl2@alder.example")
    people = [PETRA, TIM, twin]
    assert handles_of(people) == {1: "petra@alder.example", 2: "Tim Tully", 4: "pohl2@alder.example"}
    assert name_people("@Petra Pohl or @Petra?", people).people == ()
    named = name_people("@Pohl2@alder.example, not @Petra Pohl", people)
    assert (named.text, named.people) == ("@pohl2@alder.example, not @Petra Pohl", (4,))


def test_the_longer_name_wins() -> None:
    short, long = Person(1, "Petra", "p@alder.example"), Person(2, "Petra Pohl", "pp@alder.example")
    assert name_people("@Petra Pohl", [short, long]).people == (2,)
    assert name_people("@Petra and", [short, long]).people == (1,)


def test_a_first_name_does_not_grow_into_a_longer_name() -> None:
    short, long = Person(1, "Tim Tully", "t@alder.example"), Person(2, "Tim Tully Senior", "s@alder.example")
    other = Person(3, "Ann Tully", "a@alder.example")
    assert name_people("@Ann senior", [other, Person(4, "Ann Tully Senior", "x@alder.example")]).people == ()
    assert name_people("@Tim Tully senior", [short, long]).people == (2,)


def test_a_person_without_a_name_is_named_by_mail_address() -> None:
    nameless = Person(7, "", "new@alder.example")
    assert nameless.label == "new@alder.example"
    assert name_people("@new@alder.example, welcome", [nameless]).people == (7,)


def test_the_places_are_those_of_the_text() -> None:
    text = "Für @Zoë Müller-Łoś und @Tim Tully."
    found = find_people(text, handles_of(TEAM))
    assert [(text[span.start : span.end], span.pk) for span in found] == [("@Zoë Müller-Łoś", 3), ("@Tim Tully", 2)]


NAMES = st.text(alphabet="aAbÄß éłØ-._@1\u0301İ", max_size=8).map(lambda text: " ".join(text.split()))
PEOPLE = st.lists(NAMES, max_size=4).map(
    lambda names: [Person(pk, name, f"p{pk}@x.example") for pk, name in enumerate(names)]
)
TEXTS = st.text(alphabet="@aAbÄß éłØ-._1\u0301İ\n`(,", max_size=40)


# People are built from several texts each, which a busy machine makes slowly.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(PEOPLE, TEXTS, st.data())
def test_what_was_kept_names_the_same_people_again(people: list[Person], text: str, data: st.DataObject) -> None:
    if people:
        handle = data.draw(st.sampled_from([name for one in people for name in (one.name, one.email)]))
        text = f"{text} @{handle}{data.draw(TEXTS)}"
    named = name_people(text, people)
    again = name_people(named.text, people)
    assert (again.text, again.people) == (named.text, named.people)
    assert set(named.people) <= {person.pk for person in people}
    spans = find_people(named.text, handles_of(people))
    assert tuple(dict.fromkeys(span.pk for span in spans)) == named.people
    ends = [0, *(edge for span in spans for edge in (span.start, span.end)), len(named.text)]
    assert ends == sorted(ends)
    for span in spans:
        assert fold(named.text[span.start : span.end]) == fold("@" + handles_of(people)[span.pk])


@given(TEXTS)
def test_without_people_a_text_stays_as_it_is(text: str) -> None:
    assert name_people(text, []).text == text


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
