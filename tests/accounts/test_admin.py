"""The administration: accounts and organizations, through the services; trail and evidence out of reach."""

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from accounts.services import change_account, create_account
from audittrail.models import Event, Stream
from audittrail.services import INSTALLATION_STREAM
from common.exceptions import NotPermitted, RuleBroken
from projects.models import Organization, OrganizationMembership
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


@pytest.fixture
def ada(cast: Cast) -> User:
    """The administrator of the installation."""
    return User.objects.create_superuser("ada@installation.example", PASSWORD, name="Ada Admin")


@pytest.fixture
def desk(ada: User, sign_in) -> Client:
    """Ada's browser."""
    return sign_in(ada)


def installation_actions() -> list[tuple[str, str, int | None]]:
    events = Event.objects.filter(stream_id=INSTALLATION_STREAM, kind="account").order_by("seq")
    return [(event.action, event.key, event.actor_id) for event in events]


class TestAccounts:
    def test_it_opens_an_account_and_writes_it_down(self, ada: User, desk: Client) -> None:
        given = {"email": "New@Alder.Example", "name": "New", "password1": PASSWORD, "password2": PASSWORD}
        assert desk.post(f"{USERS}add/", {**given, "usable_password": "true"}).status_code == 302
        made = User.objects.get(email="new@alder.example")
        assert made.check_password(PASSWORD)
        assert installation_actions() == [("create", "new@alder.example", ada.pk)]

    def test_it_refuses_an_address_in_another_spelling(self, cast: Cast, desk: Client) -> None:
        twin = "\uff34\uff29\uff2d@alder.example"
        given = {"email": twin, "name": "Twin", "password1": PASSWORD, "password2": PASSWORD}
        before = User.objects.count()
        assert desk.post(f"{USERS}add/", given).status_code == 200
        assert User.objects.count() == before

    def test_it_deactivates_one_who_is_out_at_once(self, cast: Cast, ada: User, desk: Client, sign_in) -> None:
        tim = sign_in(cast.tim)
        given = {"email": cast.tim.email, "name": cast.tim.name}
        assert desk.post(f"{USERS}{cast.tim.pk}/change/", given).status_code == 302
        assert tim.get("/projects/alder/team/").status_code == 302
        assert installation_actions() == [("change", "tim@alder.example", ada.pk)]

    def test_it_deletes_nobody_and_sets_nobodys_password(self, cast: Cast, desk: Client) -> None:
        assert desk.post(f"{USERS}{cast.tim.pk}/delete/", {"post": "yes"}).status_code == 403
        assert desk.get(f"{USERS}{cast.tim.pk}/password/").status_code == 403
        action = {"action": "delete_selected", "_selected_action": [cast.tim.pk], "post": "yes"}
        desk.post(USERS, action)
        assert User.objects.filter(pk=cast.tim.pk).exists()

    def test_the_last_administrator_stays(self, ada: User, desk: Client) -> None:
        page = desk.post(f"{USERS}{ada.pk}/change/", {"email": ada.email, "name": ada.name, "is_staff": "on"})
        assert page.status_code == 200
        assert "The installation needs an administrator." in page.content.decode()
        with pytest.raises(RuleBroken):
            change_account(acting_user=None, user=ada, is_active=False)

    def test_members_do_not_get_in(self, cast: Cast, sign_in) -> None:
        assert sign_in(cast.olga).get("/admin/").status_code == 302

    def test_the_services_serve_administrators_only(self, cast: Cast) -> None:
        with pytest.raises(NotPermitted):
            create_account(acting_user=cast.olga, email="x@y.example", name="X", password=PASSWORD)
        with pytest.raises(NotPermitted):
            change_account(acting_user=cast.olga, user=cast.tim, is_superuser=True)

    def test_a_change_of_nothing_is_not_written_down(self, cast: Cast) -> None:
        change_account(acting_user=None, user=cast.tim, name=cast.tim.name)
        assert installation_actions() == []


class TestOrganizations:
    def test_it_opens_one_through_the_service(self, cast: Cast, desk: Client) -> None:
        given = {"name": "Cedar", "owner": cast.nina.pk}
        assert desk.post("/admin/projects/organization/add/", given).status_code == 302
        made = Organization.objects.get(name="Cedar")
        assert OrganizationMembership.objects.get(organization=made).user == cast.nina
        assert Stream.objects.filter(pk=made.uuid).exists()

    def test_it_gives_a_role_and_ends_one_by_its_last_day(self, cast: Cast, ada: User, desk: Client) -> None:
        path = "/admin/projects/organizationmembership/"
        given = {"organization": cast.alder.pk, "user": cast.nina.pk, "role": "consultant"}
        assert desk.post(f"{path}add/", given).status_code == 302
        row = OrganizationMembership.objects.get(user=cast.nina)
        assert desk.post(f"{path}{row.pk}/change/", {"role": "member", "valid_until": "2026-03-02"}).status_code == 302
        row.refresh_from_db()
        assert (row.role, str(row.valid_until)) == ("member", "2026-03-02")
        assert desk.post(f"{path}{row.pk}/change/", {"role": "member", "valid_until": "2020-01-01"}).status_code == 200
        events = Event.objects.filter(stream_id=cast.alder.uuid, actor_id=ada.pk)
        assert events.count() == 2


def test_trail_projects_and_memberships_cannot_be_written_there(cast: Cast, desk: Client) -> None:
    names = {f"{model._meta.app_label}.{model._meta.model_name}" for model in admin.site._registry}
    own = {name for name in names if name.split(".")[0] in ("accounts", "audittrail", "projects", "phases", "jobs")}
    assert own == {"accounts.user", "projects.organization", "projects.organizationmembership"}
    for path in ("audittrail/event/", "audittrail/stream/", "projects/project/", "auth/group/"):
        assert desk.post(f"/admin/{path}add/").status_code == 404
