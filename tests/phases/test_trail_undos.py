"""The trail leads from an act of tailoring to the page that undoes it."""

from django.urls import reverse

from audittrail.models import Event
from phases.services.rows import change_status
from tests.cast import Cast


def left_out(cast: Cast) -> str:
    """Mara leaves CH.i out of phase 2; gives the address that undoes it."""
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status="not applicable",
        text="Our releases are run by the group.",
    )
    event = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]
    return reverse("tailoring_undo", args=["alder", event.seq])


def trail(client, cast: Cast, who: str) -> str:
    client.force_login(cast.people[who])
    return client.get(reverse("trail", args=["alder"])).content.decode()


def test_who_may_tailor_finds_the_way_back_at_the_event(client, cast: Cast) -> None:
    undo = left_out(cast)
    assert undo in trail(client, cast, "mara")
    client.post(undo)
    assert cast.row("CH.i", 2).status == "not started"


def test_who_only_reads_finds_none(client, cast: Cast) -> None:
    undo = left_out(cast)
    assert undo not in trail(client, cast, "audra")


def test_a_report_on_the_work_is_no_act_to_undo_there(client, cast: Cast) -> None:
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], status="in progress")
    assert "/plan/tailoring/undo/" not in trail(client, cast, "mara")
