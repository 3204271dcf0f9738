"""The points of a case on their pages: begun, listed with what is missing, written, previewed, clashing, locked."""

import pytest

from businesscase.models import BusinessCase, CaseSection
from businesscase.services.cases import start_case, write_section
from tests.businesscase.conftest import submit
from tests.cast import Cast

POINTS = "/projects/alder/business-case/points/"
SMALL = "/projects/alder/business-case/gap-analysis/"
LONG = "Two customers ask how we manage services, and nobody can answer."


def text(answer) -> str:
    return answer.content.decode()


def test_before_a_case_is_begun_it_says_what_will_be_asked(cast: Cast, sign_in) -> None:
    html = text(sign_in(cast.mara).get(POINTS))
    assert html.count("<li><b>") == 12
    assert "Begin the case" in html
    assert "Begin the case" not in text(sign_in(cast.cora).get(POINTS))


def test_a_manager_begins_it_and_sees_what_is_missing(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.mara).post("/projects/alder/business-case/start/", follow=True)
    assert answer.redirect_chain == [(POINTS, 302)]
    assert "0 of 12 complete" not in text(answer)
    assert "Add the first cost" in text(answer)
    assert "Name an assumption. Name a constraint" in text(answer)


def test_the_small_case_has_three_points(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert text(client.get(SMALL)).count("<li><b>") == 3
    assert "0 of 3 complete" in text(client.post(f"{SMALL}start/", follow=True))
    assert client.get(f"{SMALL}points/a/").status_code == 404
    assert client.get(f"{SMALL}points/approval/").status_code == 200


@pytest.mark.parametrize("point", "abcdefghijkl")
def test_each_point_opens_with_its_guide_empty_and_full(cast: Cast, case: BusinessCase, sign_in, point: str) -> None:
    html = text(sign_in(cast.mara).get(f"{POINTS}{point}/"))
    assert "Complete when" in html
    assert "Example of another provider" in html
    assert 'name="text"' in html
    assert 'name="text"' not in text(sign_in(cast.cora).get(f"{POINTS}{point}/"))


def test_a_text_is_written_and_read_as_markdown(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    answer = client.post(f"{POINTS}a/", {"text": f"**{LONG}**", "version": "0", "do": "next"})
    assert (answer.status_code, answer["Location"]) == (302, f"{POINTS}b/")
    assert CaseSection.objects.get().text == f"**{LONG}**"
    assert f"<strong>{LONG}</strong>" in text(sign_in(cast.cora).get(f"{POINTS}a/"))


def test_a_preview_shows_the_text_and_saves_nothing(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = {"text": "- one\n- <script>", "version": "0", "do": "preview"}
    whole = text(client.post(f"{POINTS}k/", sent))
    assert "<li>one</li>" in whole
    assert "- one" in whole
    part = client.post(f"{POINTS}k/", sent, headers={"HX-Request": "true"})
    assert text(part).strip().startswith('<div id="preview"')
    assert "<script" not in text(part)
    assert not CaseSection.objects.exists()


def test_two_people_on_one_text_each_see_both(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    write_section(acting_user=cast.olga, case=empty_case, point="a", version=0, text="Olga was faster.")
    answer = client.post(f"{POINTS}a/", {"text": LONG, "version": "0"})
    assert answer.status_code == 409
    html = text(answer)
    assert "Olga was faster." in html
    assert html.count(LONG) == 2
    assert "Save mine over it" in html
    assert CaseSection.objects.get().text == "Olga was faster."
    over = client.post(f"{POINTS}a/", {"text": LONG, "version": "2"})
    assert over.status_code == 302
    assert CaseSection.objects.get().text == LONG


def test_a_text_that_is_too_long_stays_on_the_page(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    answer = sign_in(cast.mara).post(f"{POINTS}a/", {"text": "x" * 20_001, "version": "0"})
    assert answer.status_code == 422
    assert "This is longer than 20000 characters." in text(answer)
    assert "x" * 20_001 in text(answer)


def test_a_form_without_its_version_is_refused(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    assert sign_in(cast.mara).post(f"{POINTS}a/", {"text": LONG}).status_code == 428


def test_conformity_is_recommended_together_with_why(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = {"text": LONG, "version": "0", "case_version": "1", "conformity": "recommended"}
    assert client.post(f"{POINTS}h/", sent).status_code == 302
    empty_case.refresh_from_db()
    assert (empty_case.conformity, CaseSection.objects.get().text) == ("recommended", LONG)


def test_neither_is_saved_where_the_recommendation_clashes(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = {"text": LONG, "version": "0", "case_version": "1", "conformity": "recommended"}
    client.post(f"{POINTS}h/", sent)
    answer = client.post(f"{POINTS}h/", {**sent, "version": "2", "conformity": "not recommended", "text": "Other."})
    assert answer.status_code == 409
    assert CaseSection.objects.get().text == LONG


def test_a_recommendation_that_is_not_on_the_list_is_refused(cast: Cast, empty_case: BusinessCase, sign_in) -> None:
    sent = {"text": LONG, "version": "0", "case_version": "1", "conformity": "perhaps"}
    answer = sign_in(cast.mara).post(f"{POINTS}h/", sent)
    assert answer.status_code == 422
    assert LONG in text(answer)


def test_while_a_version_is_submitted_the_draft_is_read_only(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    submit(cast, case)
    html = text(client.get(f"{POINTS}a/"))
    assert "Version 1 lies with its approvers" in html
    assert 'name="text"' not in html
    answer = client.post(f"{POINTS}a/", {"text": LONG, "version": "0"})
    assert answer.status_code == 422
    assert "Version 1 lies with its approvers" in text(answer)


def test_every_point_and_the_index_keep_to_fifteen_queries(cast: Cast, case: BusinessCase, sign_in) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(cast.mara)
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    assert small.is_small
    for path in (POINTS, *(f"{POINTS}{point}/" for point in "abcdefghijkl"), SMALL, f"{SMALL}points/cost/"):
        with CaptureQueriesContext(connection) as made:
            assert client.get(path).status_code == 200
        assert len(made) <= 15, f"{path}: {len(made)}"
