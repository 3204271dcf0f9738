"""Whoever leaves an activity out on the board hears when a clause loses its last one."""

import pytest
from django.urls import reverse

from phases.models import PhaseActivity
from tests.cast import Cast


@pytest.fixture
def last_of_clause(cast: Cast) -> PhaseActivity:
    """The only applicable row for clause 5.2.2: all others of the plan are left out already."""
    row = cast.row("MR.i", 1)
    PhaseActivity.objects.filter(project=cast.project).exclude(pk=row.pk).update(
        status="not applicable", reason="Left out for this test."
    )
    return row


def test_the_form_says_which_clause_loses_its_last_activity(client, cast: Cast, last_of_clause: PhaseActivity) -> None:
    client.force_login(cast.mara)
    url = reverse("row", args=["alder", last_of_clause.pk])
    page = client.get(url, {"part": "status", "to": "not applicable"}).content.decode()
    assert "loses its last applicable activity" in page
    assert "5.2.2" in page
    assert "loses its last applicable" not in client.get(url, {"part": "status", "to": "blocked"}).content.decode()


def test_a_row_that_others_stand_beside_warns_of_nothing(client, cast: Cast) -> None:
    client.force_login(cast.mara)
    url = reverse("row", args=["alder", cast.row("CH.i", 2).pk])
    page = client.get(url, {"part": "status", "to": "not applicable"})
    assert "loses its last applicable" not in page.content.decode()


def test_many_rows_at_once_tell_it_after_the_change(client, cast: Cast, last_of_clause: PhaseActivity) -> None:
    client.force_login(cast.mara)
    sent = {
        "action": "status",
        "status": "not applicable",
        "text": "Bought as a service.",
        "row": f"{last_of_clause.pk}:{last_of_clause.version}",
    }
    page = client.post(reverse("board_bulk", args=["alder", 1]), sent, follow=True).content.decode()
    assert "no applicable activity any more" in page
    assert "5.2.2" in page
