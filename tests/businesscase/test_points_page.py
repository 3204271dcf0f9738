"""The points of a case on their pages: begun, listed, with what is missing."""

from tests.cast import Cast

POINTS = "/projects/alder/business-case/points/"
SMALL = "/projects/alder/business-case/gap-analysis/"


def test_before_a_case_is_begun_it_says_what_will_be_asked(cast: Cast, sign_in) -> None:
    html = sign_in(cast.mara).get(POINTS).content.decode()
    assert html.count("<li><b>") == 12
    assert "Begin the case" in html
    assert "Begin the case" not in sign_in(cast.cora).get(POINTS).content.decode()


def test_a_manager_begins_it_and_sees_what_is_missing(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    answer = client.post("/projects/alder/business-case/start/", follow=True)
    assert answer.redirect_chain == [(POINTS, 302)]
    html = answer.content.decode()
    assert "Add the first cost" in html
    assert "Name an assumption. Name a constraint" in html


def test_the_small_case_has_three_points(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert client.get(SMALL).content.decode().count("<li><b>") == 3
    html = client.post(f"{SMALL}start/", follow=True).content.decode()
    assert "0 of 3 complete" in html
