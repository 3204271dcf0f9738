"""Ways round the rules that were found once, and stay closed."""

import pytest
from django.core.management import CommandError
from django.test import Client

from common.exceptions import NotPermitted
from phases.models import PhaseActivity
from projects.models import Organization
from projects.services.organizations import create_organization
from smsplan.management.commands.serve import refuse_busy_port
from tests.cast import Cast


def test_the_administration_signs_in_through_the_common_door(client: Client, db) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_only_an_administrator_opens_an_organization(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        create_organization(acting_user=cast.mara, name="Mine")
    assert not Organization.objects.filter(name="Mine").exists()


def test_a_bulk_edit_changes_rows_of_its_own_phase_only(cast: Cast, sign_in) -> None:
    row = cast.row("CH.i", 2)
    sent = {"action": "due", "row": f"{row.pk}:{row.version}", "due": "2026-08-03"}
    assert sign_in(cast.mara).post("/projects/alder/phases/1/bulk/", sent).status_code == 404
    assert PhaseActivity.objects.get(pk=row.pk).due == row.due


def test_an_address_that_is_none_is_400(cast: Cast, sign_in) -> None:
    response = sign_in(cast.mara).get(f"/projects/alder/rows/{cast.row().pk}/", {"next": "http://["})
    assert response.status_code == 400


def test_a_busy_port_is_one_line(live_server) -> None:
    with pytest.raises(CommandError, match="cannot be used"):
        refuse_busy_port("127.0.0.1", live_server.thread.port)


def test_the_trail_is_not_searched_in_the_names_of_its_fields(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Alder SMS" in client.get("/projects/alder/trail/", {"q": "Alder"}).content.decode()
    assert client.get("/projects/alder/trail/", {"q": "schema_version"}).context["page"].total == 0
