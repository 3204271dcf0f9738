"""Roles, parties and organizations: the services."""

from datetime import date

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from projects.choices import OrganizationRole, PartyKind, ProjectRole
from projects.models import Membership, OrganizationMembership, Party, Project
from projects.selectors.team import terms_digest
from projects.services.organizations import create_organization, set_organization_role
from projects.services.team import change_party, create_party, end_role, grant_role
from tests.cast import Cast, make_user

pytestmark = pytest.mark.django_db


def membership(cast: Cast, who: str) -> Membership:
    return Membership.objects.get(project=cast.project, user=cast.people[who])


def last_event(cast: Cast) -> Event:
    return Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]


class TestGrantRole:
    def test_it_makes_the_person_a_member_and_a_party_and_writes_both_down(self, cast: Cast) -> None:
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.nina, role=ProjectRole.TEAM)
        assert Project.objects.visible_to(cast.nina).get() == cast.project
        assert Party.objects.get(project=cast.project, user=cast.nina).name == "Nina Nobody"
        events = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[:2]
        assert [(e.kind, e.action) for e in events] == [("party", "create"), ("membership", "grant role")]

    @pytest.mark.parametrize("who", ["toma", "chen", "cora", "petra", "tim", "audra", "carl", "bruno", "nina"])
    def test_it_refuses_whoever_does_not_manage_the_project(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            grant_role(acting_user=cast.people[who], project=cast.project, user=cast.nina, role=ProjectRole.TEAM)

    def test_it_lets_the_owner_of_the_organization(self, cast: Cast) -> None:
        grant_role(acting_user=cast.olga, project=cast.project, user=cast.nina, role=ProjectRole.TEAM)
        assert membership(cast, "nina").is_current

    @pytest.mark.parametrize(
        ("who", "role"), [("tim", ProjectRole.AUDITOR), ("audra", ProjectRole.TEAM), ("audra", ProjectRole.MANAGER)]
    )
    def test_it_refuses_an_auditor_with_another_role(self, cast: Cast, who: str, role: str) -> None:
        with pytest.raises(RuleBroken, match="auditor") as refused:
            grant_role(acting_user=cast.mara, project=cast.project, user=cast.people[who], role=role)
        assert refused.value.field == "role"

    def test_it_lets_somebody_audit_whose_other_role_has_ended(self, cast: Cast) -> None:
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "tim").pk)
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.tim, role=ProjectRole.AUDITOR)

    def test_it_makes_no_party_of_an_auditor(self, cast: Cast) -> None:
        assert not Party.objects.filter(project=cast.project, user=cast.audra).exists()

    def test_it_refuses_an_unknown_role(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken):
            grant_role(acting_user=cast.mara, project=cast.project, user=cast.nina, role="emperor")

    @pytest.mark.parametrize("until", [date(2026, 3, 1), date(2200, 1, 1), date.max])
    def test_it_refuses_an_end_that_is_past_or_absurd(self, cast: Cast, until: date) -> None:
        with pytest.raises(RuleBroken) as refused:
            grant_role(
                acting_user=cast.mara, project=cast.project, user=cast.nina, role=ProjectRole.TEAM, valid_until=until
            )
        assert refused.value.field == "valid_until"

    def test_a_role_still_held_keeps_its_beginning_and_gets_the_new_end(self, cast: Cast) -> None:
        grant_role(
            acting_user=cast.mara,
            project=cast.project,
            user=cast.tim,
            role=ProjectRole.TEAM,
            valid_until=date(2026, 6, 30),
        )
        row = membership(cast, "tim")
        assert (row.valid_from, row.valid_until) == (date(2026, 1, 12), date(2026, 6, 30))
        assert last_event(cast).content["changes"] == {"role": ["team member"] * 2, "until": [None, "2026-06-30"]}

    def test_it_refuses_a_past_end_for_a_role_still_held(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken):
            grant_role(
                acting_user=cast.mara,
                project=cast.project,
                user=cast.tim,
                role=ProjectRole.TEAM,
                valid_until=date(2026, 3, 1),
            )

    def test_a_role_held_until_today_holds_to_the_end_of_the_day(self, cast: Cast) -> None:
        grant_role(
            acting_user=cast.mara,
            project=cast.project,
            user=cast.nina,
            role=ProjectRole.TEAM,
            valid_until=date(2026, 3, 2),
        )
        assert membership(cast, "nina").is_current

    def test_it_hands_over_the_party_that_waits_under_the_address(self, cast: Cast) -> None:
        waiting = create_party(
            acting_user=cast.mara, project=cast.project, name="Nina from the desk", email="Nina@nowhere.example"
        )
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.nina, role=ProjectRole.TEAM)
        waiting.refresh_from_db()
        assert (waiting.user, waiting.version) == (cast.nina, 2)
        assert Party.objects.filter(project=cast.project, user=cast.nina).count() == 1

    def test_it_refuses_a_form_made_before_the_roles_changed(self, cast: Cast) -> None:
        seen = terms_digest(cast.project, cast.tim)
        grant_role(acting_user=cast.olga, project=cast.project, user=cast.tim, role=ProjectRole.PROCESS_OWNER)
        with pytest.raises(StaleWrite) as stale:
            grant_role(
                acting_user=cast.mara, project=cast.project, user=cast.tim, role=ProjectRole.COMMITTEE, seen=seen
            )
        assert stale.value.current == {"Roles": "Process owner, no end; Team member, no end"}
        assert stale.value.sent == {"Roles": "Committee member, no end"}


class TestEndRole:
    def test_access_ends_at_once(self, cast: Cast) -> None:
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "tim").pk)
        assert not Project.objects.visible_to(cast.tim).exists()
        assert last_event(cast).content["changes"] == {"role": ["team member", None]}

    def test_the_last_manager_stays(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken, match="needs a manager"):
            end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "mara").pk)
        assert membership(cast, "mara").is_current

    def test_a_manager_whose_account_is_closed_does_not_count(self, cast: Cast) -> None:
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.nina, role=ProjectRole.MANAGER)
        cast.nina.is_active = False
        cast.nina.save()
        with pytest.raises(RuleBroken, match="needs a manager"):
            end_role(acting_user=cast.olga, project=cast.project, membership_id=membership(cast, "mara").pk)
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "nina").pk)

    def test_one_of_two_managers_may_go(self, cast: Cast) -> None:
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.petra, role=ProjectRole.MANAGER)
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "mara").pk)
        assert not membership(cast, "mara").is_current

    def test_it_refuses_a_role_that_has_ended(self, cast: Cast) -> None:
        pk = membership(cast, "tim").pk
        end_role(acting_user=cast.mara, project=cast.project, membership_id=pk)
        with pytest.raises(RuleBroken, match="ended already"):
            end_role(acting_user=cast.mara, project=cast.project, membership_id=pk)

    def test_a_role_of_another_project_does_not_exist(self, cast: Cast) -> None:
        other = Membership.objects.get(project=cast.other)
        with pytest.raises(Membership.DoesNotExist):
            end_role(acting_user=cast.mara, project=cast.project, membership_id=other.pk)


class TestParties:
    def test_it_adds_a_group_with_its_members(self, cast: Cast) -> None:
        group = create_party(
            acting_user=cast.mara,
            project=cast.project,
            name=" Service desk ",
            kind=PartyKind.GROUP,
            members=[cast.parties["tim"]],
        )
        assert group.name == "Service desk"
        assert list(group.group_members.values_list("person__name", flat=True)) == ["Tim Tully"]

    @pytest.mark.parametrize("name", ["", "   ", "Tim Tully", "x" * 121])
    def test_it_refuses_a_name_that_is_empty_taken_or_too_long(self, cast: Cast, name: str) -> None:
        with pytest.raises(RuleBroken) as refused:
            create_party(acting_user=cast.mara, project=cast.project, name=name)
        assert refused.value.field == "name"

    def test_a_name_of_another_client_is_free(self, cast: Cast) -> None:
        taken = Party.objects.filter(project=cast.other).values_list("name", flat=True)[0]
        assert create_party(acting_user=cast.mara, project=cast.project, name=taken).name == taken

    def test_a_person_has_no_members(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken, match="Only a group"):
            create_party(acting_user=cast.mara, project=cast.project, name="Solo", members=[cast.parties["tim"]])
        assert not Party.objects.filter(name="Solo").exists()

    def test_a_party_of_another_client_cannot_be_a_member(self, cast: Cast) -> None:
        foreign = Party.objects.get(project=cast.other)
        with pytest.raises(RuleBroken, match="of this project"):
            create_party(
                acting_user=cast.mara, project=cast.project, name="Mixed", kind=PartyKind.GROUP, members=[foreign]
            )

    def test_a_change_is_written_down_field_by_field(self, cast: Cast) -> None:
        party = cast.parties["tim"]
        change_party(
            acting_user=cast.mara,
            project=cast.project,
            party=party,
            version=1,
            name="Tim Tully",
            function="Network",
            email="tim@alder.example",
            is_active=False,
            members=[],
        )
        assert last_event(cast).content["changes"] == {"function": ["", "Network"], "is_active": [True, False]}

    def test_a_stale_change_is_refused_with_both_texts(self, cast: Cast) -> None:
        group = create_party(acting_user=cast.mara, project=cast.project, name="Desk", kind=PartyKind.GROUP)
        values = {"function": "", "email": "", "is_active": True}
        change_party(
            acting_user=cast.mara,
            project=cast.project,
            party=group,
            version=1,
            name="Desk A",
            members=[cast.parties["tim"]],
            **values,
        )
        with pytest.raises(StaleWrite) as stale:
            change_party(
                acting_user=cast.olga,
                project=cast.project,
                party=Party.objects.get(pk=group.pk),
                version=1,
                name="Desk B",
                members=[],
                **values,
            )
        assert (stale.value.current["Name"], stale.value.sent["Name"]) == ("Desk A", "Desk B")
        assert (stale.value.current["Members"], stale.value.sent["Members"]) == ("Tim Tully", "")
        assert Party.objects.get(pk=group.pk).group_members.count() == 1

    def test_a_party_of_another_project_does_not_exist(self, cast: Cast) -> None:
        foreign = Party.objects.get(project=cast.other)
        with pytest.raises(Party.DoesNotExist):
            change_party(
                acting_user=cast.mara,
                project=cast.project,
                party=foreign,
                version=1,
                name="Mine",
                function="",
                email="",
                is_active=True,
                members=[],
            )


class TestOrganizations:
    def test_it_opens_one_with_its_owner_and_its_trail(self, cast: Cast) -> None:
        made = create_organization(acting_user=None, name=" Cedar ", owner=cast.nina)
        assert made.name == "Cedar"
        assert OrganizationMembership.objects.get(organization=made).role == OrganizationRole.OWNER
        assert Event.objects.filter(stream_id=made.uuid).count() == 2

    def test_a_taken_short_name_gets_a_tail_that_counts_nothing(self, cast: Cast) -> None:
        first = create_organization(acting_user=None, name="Cedar")
        second = create_organization(acting_user=None, name="Cedar")
        assert first.slug == "cedar"
        assert second.slug.startswith("cedar-")
        assert len(second.slug) == len("cedar-") + 6

    def test_it_refuses_an_empty_name(self, db) -> None:
        with pytest.raises(RuleBroken):
            create_organization(acting_user=None, name=" ")

    @pytest.mark.parametrize("who", ["carl", "mara", "bruno", "nina"])
    def test_only_owners_and_administrators_give_roles(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            set_organization_role(
                acting_user=cast.people[who], organization=cast.alder, user=cast.nina, role=OrganizationRole.OWNER
            )
        admin = make_user("Ada Admin", "ada@installation.example")
        admin.is_superuser = True
        for allowed in (cast.olga, admin):
            set_organization_role(
                acting_user=allowed, organization=cast.alder, user=cast.nina, role=OrganizationRole.MEMBER
            )

    def test_it_refuses_an_unknown_role(self, cast: Cast) -> None:
        with pytest.raises(RuleBroken):
            set_organization_role(acting_user=cast.olga, organization=cast.alder, user=cast.nina, role="king")
