"""A very small entity verifies its own work, never its audits, and the trail says so."""

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from phases.domain.verifying import is_audit
from phases.models import PlanRules
from phases.selectors.catalogue import texts_for
from phases.services.rows import RowsRefused, Target, change_status
from tests.cast import Cast


@pytest.fixture
def small(cast: Cast) -> Cast:
    PlanRules.objects.filter(project=cast.project).update(very_small=True)
    return cast


def done(cast: Cast, ref: str, phase: int) -> Target:
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], status=status)
    return cast.target(ref, phase)


def verify(cast: Cast, target: Target) -> None:
    change_status(acting_user=cast.mara, project=cast.project, targets=[target], status="verified")


def test_elsewhere_somebody_else_verifies(cast: Cast) -> None:
    with pytest.raises(RowsRefused, match="somebody else verifies"):
        verify(cast, done(cast, "CH.i", 1))


def test_the_same_person_verifies_and_the_trail_and_the_page_say_so(small: Cast, sign_in) -> None:
    verify(small, done(small, "CH.i", 1))
    assert small.row("CH.i", 1).status == "verified"
    event = Event.objects.filter(stream_id=small.project.uuid, action="change status").order_by("-seq").first()
    assert event.content["changes"]["verified by the same person"] == "very small entity"
    words = "".join(part.text for part in sentence(event).parts)
    assert words == ("Mara Moss verified CH.i in phase 1, which the same person had reported done (very small entity)")
    page = sign_in(small.mara).get("/projects/alder/activities/CH.i/").content.decode()
    assert "verified by the same person (very small entity)" in page


def test_another_person_verifies_as_everywhere(small: Cast) -> None:
    target = done(small, "CH.i", 1)
    change_status(acting_user=small.chen, project=small.project, targets=[target], status="verified")
    event = Event.objects.filter(stream_id=small.project.uuid, action="change status").order_by("-seq").first()
    assert "verified by the same person" not in event.content["changes"]


@pytest.mark.parametrize("ref", ["MM.d", "MM.a", "MR.h.3"])
def test_nobody_verifies_their_own_audit(small: Cast, ref: str) -> None:
    phase = small.project.phase_activities.filter(activity__ref=ref).order_by("phase_number")[0].phase_number
    with pytest.raises(RowsRefused, match="somebody else verifies"):
        verify(small, done(small, ref, phase))


def test_the_menu_of_a_row_offers_what_the_service_allows(small: Cast, sign_in) -> None:
    own, audit = done(small, "CH.i", 1), done(small, "MM.a", 2)
    client = sign_in(small.mara)
    assert "somebody else verifies it" not in client.get(f"/projects/alder/rows/{own.pk}/").content.decode()
    assert "somebody else verifies it" in client.get(f"/projects/alder/rows/{audit.pk}/").content.decode()


def test_every_activity_that_the_catalogue_gives_to_auditors_is_an_audit(cast: Cast) -> None:
    texts = texts_for(cast.project)
    given = [row for row in texts.activities.values() if "Audit" in row.roles]
    assert given
    assert all(is_audit(row.ref, row.component) for row in given)
    assert not is_audit("CH.i", "CH")
    assert is_audit("X.1", "CH", ["Audit"])
