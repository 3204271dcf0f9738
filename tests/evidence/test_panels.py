"""What other pages show of evidence."""

import pytest

from evidence.selectors.panels import proof_of, unproven_rows, wrong_in
from phases.services.work import change_status
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import PDF, add

pytestmark = pytest.mark.django_db


def done(cast: Cast, ref: str = "CH.i", phase: int = 1) -> None:
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], status=status)


def test_done_without_proof_is_wrong_until_an_item_counts(cast: Cast, sign_in) -> None:
    done(cast)
    add(cast, refs=("MR.a",))
    access = access_to(cast.project, cast.mara)
    assert [row.activity.ref for row in unproven_rows(cast.project)] == ["CH.i"]
    page = sign_in(cast.audra).get("/projects/alder/evidence/wrong/").content.decode()
    assert "CH.i" in page
    assert "Attach to" not in page
    add(cast, PDF + b"%2", refs=("CH.i",))
    assert wrong_in(cast.project, access).unproven == 0
    assert (
        "Everything that is done is shown" in sign_in(cast.mara).get("/projects/alder/evidence/wrong/").content.decode()
    )


def test_proof_of_another_phase_does_not_count(cast: Cast) -> None:
    done(cast)
    add(cast, refs=("CH.i",), phase_number=2)
    assert len(unproven_rows(cast.project)) == 1


def test_the_panels_take_two_queries_at_most(cast: Cast, django_assert_num_queries) -> None:
    for number in range(3):
        add(cast, PDF + b"%%%d" % number, refs=("CH.i",))
    access = access_to(cast.project, cast.mara)
    activity = cast.row().activity
    proof_of(cast.project, access, activity)
    with django_assert_num_queries(1):
        assert len(proof_of(cast.project, access, activity).lines) == 3
    with django_assert_num_queries(2):
        assert wrong_in(cast.project, access).current == 3


def test_an_activity_says_what_proves_it_or_what_usually_does(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    before = client.get("/projects/alder/activities/CH.i/").content.decode()
    assert "Nothing proves this yet." in before
    assert "Usual proof:" in before
    add(cast, refs=("CH.i",), title="Ten change records")
    assert "Ten change records" in client.get("/projects/alder/activities/CH.i/").content.decode()
    assert "Attach" not in sign_in(cast.audra).get("/projects/alder/activities/CH.i/").content.decode()


def test_the_overview_shows_what_is_wrong_once_there_is_evidence(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Done or verified without evidence" not in client.get("/projects/alder/").content.decode()
    done(cast)
    add(cast)
    assert "Done or verified without evidence" in client.get("/projects/alder/").content.decode()
