"""Taking back, on the page of an activity, that a row is only made better."""

import pytest
from django.urls import reverse

from phases.services.follow_up import set_improve_only
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import Cast

PAGE = "/projects/alder/activities/CH.i/"


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """CH.i in phase 2 is only made better."""
    set_improve_only(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], improve_only=True)
    return cast


def address(cast: Cast) -> str:
    return reverse("row_whole", args=["alder", cast.row("CH.i", 2).pk])


def test_a_manager_takes_the_mark_back(marked: Cast, sign_in) -> None:
    client = sign_in(marked.mara)
    assert address(marked) in client.get(PAGE).content.decode()
    answer = client.post(address(marked), {"version": marked.row("CH.i", 2).version}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "CH.i asks for the whole work again." in answer.content.decode()
    assert not marked.row("CH.i", 2).is_improve_only
    assert address(marked) not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["tim", "petra", "chen", "audra"])
def test_others_see_the_mark_and_no_button(marked: Cast, sign_in, who: str) -> None:
    client = sign_in(marked.people[who])
    assert address(marked) not in client.get(PAGE).content.decode()
    assert client.post(address(marked), {"version": marked.row("CH.i", 2).version}).status_code == 403
    assert marked.row("CH.i", 2).is_improve_only


def test_a_stale_form_changes_nothing(marked: Cast, sign_in) -> None:
    assert sign_in(marked.mara).post(address(marked), {"version": 1}).status_code == 409
    assert sign_in(marked.mara).post(address(marked), {}).status_code == 428
    assert marked.row("CH.i", 2).is_improve_only


def test_a_row_of_another_project_is_absent(marked: Cast, sign_in) -> None:
    other = marked.other.phase_activities.get(activity__ref="CH.i", phase_number=2)
    path = reverse("row_whole", args=["alder", other.pk])
    assert sign_in(marked.mara).post(path, {"version": other.version}).status_code == 404


def test_a_closed_phase_stays_as_it_closed(marked: Cast, sign_in) -> None:
    for number in range(3):
        if number:
            start_phase(acting_user=marked.mara, project=marked.project, number=number)
        close_phase(acting_user=marked.mara, project=marked.project, number=number, reason="Test")
    assert address(marked) not in sign_in(marked.mara).get(PAGE).content.decode()
    answer = sign_in(marked.mara).post(address(marked), {"version": marked.row("CH.i", 2).version})
    assert answer.status_code == 422
    assert marked.row("CH.i", 2).is_improve_only
