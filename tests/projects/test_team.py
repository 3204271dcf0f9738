"""The team page and its forms."""

import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from phases.services.role_map import set_role_map
from projects.choices import PartyKind, ProjectRole
from projects.models import Invitation, Membership, Party
from projects.selectors.team import members_of, parties_of
from projects.services.invitations import invite
from projects.services.team import create_party, end_role, grant_role
from tests.cast import CANARY, Cast, make_user

pytestmark = pytest.mark.django_db
TEAM = "/projects/alder/team/"
INVITE = f"{TEAM}invite/"
GRANT = f"{TEAM}members/grant/"
NEW_PARTY = f"{TEAM}parties/new/"
READERS = ["mara", "toma", "chen", "cora", "petra", "tim", "audra", "olga"]


def party_path(party: Party) -> str:
    return reverse("party", args=[party.project.slug, party.uuid])


def membership(cast: Cast, who: str) -> Membership:
    return Membership.objects.get(project=cast.project, user=cast.people[who])


def invited(cast: Cast, **values) -> Invitation:
    given = {"email": "ines@new.example", "name": "Ines Iwa", "role": ProjectRole.TEAM, **values}
    return invite(acting_user=cast.mara, project=cast.project, **given)


class TestPage:
    def test_it_shows_members_parties_and_what_they_have_open(self, cast: Cast, sign_in) -> None:
        set_role_map(
            acting_user=cast.mara, project=cast.project, entries={("Top management", ""): cast.parties["toma"]}
        )
        page = sign_in(cast.mara).get(TEAM).content.decode()
        for words in ("Toma Tate", "toma@alder.example", "Top management", "12 Jan 2026", "Olga Alder"):
            assert words in page, words
        row = next(r for r in parties_of(cast.project, []) if r.name == "Toma Tate")
        assert row.load.open == 60
        assert f'<td data-label="Open" class="n">{row.load.open}</td>' in page

    @pytest.mark.parametrize("who", READERS)
    def test_everybody_of_the_project_sees_it(self, cast: Cast, sign_in, who: str) -> None:
        assert sign_in(cast.people[who]).get(TEAM).status_code == 200

    @pytest.mark.parametrize("who", ["bruno", "nina", "carl"])
    def test_for_others_it_does_not_exist(self, cast: Cast, sign_in, who: str) -> None:
        assert sign_in(cast.people[who]).get(TEAM).status_code == 404

    def test_only_who_manages_sees_invitations_and_the_ways_to_change(self, cast: Cast, sign_in) -> None:
        invited(cast)
        assert "ines@new.example" in sign_in(cast.mara).get(TEAM).content.decode()
        page = sign_in(cast.tim).get(TEAM).content.decode()
        for hidden in ("ines@new.example", INVITE, GRANT, NEW_PARTY):
            assert hidden not in page, hidden

    def test_nothing_of_another_client_is_in_it(self, cast: Cast, sign_in) -> None:
        invite(acting_user=cast.bruno, project=cast.other, email="k@birch.example", name=CANARY, role="team member")
        client = sign_in(cast.mara)
        for path in (TEAM, f"{TEAM}?format=csv", GRANT, NEW_PARTY, INVITE):
            assert CANARY not in client.get(path).content.decode()

    def test_ended_roles_are_folded_away(self, cast: Cast, sign_in) -> None:
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "tim").pk)
        page = sign_in(cast.mara).get(TEAM).content.decode()
        assert "1 ended role" in page
        assert page.index("1 ended role") < page.index("tim@alder.example")

    def test_states_are_said_in_words(self, cast: Cast) -> None:
        grant_role(
            acting_user=cast.mara,
            project=cast.project,
            user=cast.tim,
            role=ProjectRole.TEAM,
            valid_until=date(2026, 3, 5),
        )
        grant_role(
            acting_user=cast.mara,
            project=cast.project,
            user=cast.nina,
            role=ProjectRole.COMMITTEE,
            valid_from=date(2026, 4, 1),
        )
        User.objects.filter(pk=cast.cora.pk).update(is_active=False)
        states = {row.name: row.state.word for row in members_of(cast.project)}
        assert states["Tim Tully"] == "Ends in 3 d"
        assert states["Nina Nobody"] == "Begins later"
        assert states["Cora Cole"] == "Account closed"
        assert states["Mara Moss"] == "Active"
        assert states["Audra Ames"] == "No end set"

    def test_it_warns_when_the_last_manager_goes_on_a_day(self, cast: Cast, sign_in) -> None:
        grant_role(
            acting_user=cast.mara,
            project=cast.project,
            user=cast.mara,
            role=ProjectRole.MANAGER,
            valid_until=date(2026, 9, 30),
        )
        words = "The project will have no manager"
        assert words in sign_in(cast.mara).get(TEAM).content.decode()
        grant_role(acting_user=cast.mara, project=cast.project, user=cast.petra, role=ProjectRole.MANAGER)
        assert words not in sign_in(cast.mara).get(TEAM).content.decode()

    def test_it_warns_of_open_work_of_people_who_left(self, cast: Cast, sign_in) -> None:
        set_role_map(
            acting_user=cast.mara, project=cast.project, entries={("Top management", ""): cast.parties["toma"]}
        )
        end_role(acting_user=cast.mara, project=cast.project, membership_id=membership(cast, "toma").pk)
        assert "Toma Tate (60)" in sign_in(cast.mara).get(TEAM).content.decode()

    def test_filters_and_sorting_choose_the_parties(self, cast: Cast, sign_in) -> None:
        create_party(acting_user=cast.mara, project=cast.project, name="Desk", kind=PartyKind.GROUP)
        client = sign_in(cast.mara)

        def names(query: str) -> list[str]:
            text = client.get(f"{TEAM}?format=csv&{query}").content.decode()
            return [row["name"] for row in csv.DictReader(StringIO(text))]

        assert names("show=groups") == ["Desk"]
        assert names("q=tu") == ["Tim Tully"]
        assert names("show=persons&sort=-name")[0] == "Toma Tate"
        assert names("show=no+account") == []
        assert "Nobody fits" in client.get(f"{TEAM}?q=zzz").content.decode()

    def test_the_export_is_an_attachment_with_harmless_cells(self, cast: Cast, sign_in) -> None:
        create_party(acting_user=cast.mara, project=cast.project, name="=1+1")
        answer = sign_in(cast.tim).get(f"{TEAM}?format=csv&q=1")
        assert answer["Content-Disposition"] == 'attachment; filename="alder-parties.csv"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.content.decode().splitlines()[1].startswith("'=1+1,person")

    @pytest.mark.parametrize(
        "query",
        ["colour=red", "sort=pk", "sort=name&sort=open", "show=secret", "format=xml", "q=a%00", f"q={'x' * 201}"],
    )
    def test_an_address_that_asks_for_nonsense_is_refused(self, cast: Cast, sign_in, query: str) -> None:
        assert sign_in(cast.mara).get(f"{TEAM}?{query}").status_code == 400

    def test_the_number_of_queries_does_not_depend_on_people(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(TEAM).status_code == 200
            return len(seen)

        desk = {"name": "Desk", "kind": PartyKind.GROUP, "members": [cast.parties["tim"]]}
        create_party(acting_user=None, project=cast.project, **desk)
        queries()
        few = queries()
        for number in range(8):
            user = make_user(f"Person {number}", f"p{number}@alder.example")
            grant_role(acting_user=None, project=cast.project, user=user, role=ProjectRole.TEAM)
            invited(cast, email=f"i{number}@new.example")
            people = list(Party.objects.filter(project=cast.project, kind=PartyKind.PERSON)[:4])
            create_party(
                acting_user=None, project=cast.project, name=f"Group {number}", kind=PartyKind.GROUP, members=people
            )
        assert queries() == few
        assert few <= 15


class TestRights:
    @pytest.mark.parametrize("who", ["toma", "chen", "cora", "petra", "tim", "audra"])
    def test_who_does_not_manage_is_refused_everywhere(self, cast: Cast, sign_in, who: str) -> None:
        client = sign_in(cast.people[who])
        pk = membership(cast, "tim").pk
        offer = invited(cast)
        for path in (INVITE, GRANT, NEW_PARTY, f"{TEAM}members/{pk}/end/", party_path(cast.parties["tim"])):
            assert client.get(path).status_code == 403, path
            assert client.post(path, {"version": "1"}).status_code == 403, path
        assert client.post(f"{TEAM}invitations/{offer.pk}/revoke/").status_code == 403
        assert membership(cast, "tim").is_current

    def test_rows_of_another_client_do_not_exist(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        foreign = Membership.objects.get(project=cast.other)
        offer = invite(
            acting_user=cast.bruno, project=cast.other, email="k@birch.example", name=CANARY, role="team member"
        )
        party = Party.objects.get(project=cast.other)
        for path in (
            f"{TEAM}members/{foreign.pk}/end/",
            f"{TEAM}parties/{party.uuid}/",
            f"{INVITE}?again={offer.pk}",
            f"{GRANT}?person={cast.bruno.pk}",
        ):
            assert client.get(path).status_code == 404, path
        assert client.post(f"{TEAM}members/{foreign.pk}/end/").status_code == 404
        assert client.post(f"{TEAM}invitations/{offer.pk}/revoke/").status_code == 404
        offer.refresh_from_db()
        assert offer.revoked_at is None

    def test_a_get_revokes_nothing(self, cast: Cast, sign_in) -> None:
        offer = invited(cast)
        assert sign_in(cast.mara).get(f"{TEAM}invitations/{offer.pk}/revoke/").status_code == 405


class TestInviteForm:
    def test_it_sends_and_says_until_when_the_link_works(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        page = client.post(
            INVITE, {"name": "Ines Iwa", "email": "ines@new.example", "role": "team member"}, follow=True
        )
        assert "Invitation sent to ines@new.example. Its link works once, until 16 Mar 2026." in page.content.decode()
        assert Invitation.objects.get().invited_by == cast.mara

    def test_a_refusal_keeps_what_was_typed(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).post(
            INVITE, {"name": "Ines Iwa", "email": "not an address", "role": "auditor", "valid_until": "2026-13-01"}
        )
        text = page.content.decode()
        assert page.status_code == 422
        for typed in ('value="Ines Iwa"', 'value="not an address"', 'value="auditor" required checked', "2026-13-01"):
            assert typed in text, typed

    def test_what_the_service_refuses_stands_at_its_field(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).post(
            INVITE, {"name": "Tim", "email": "tim@alder.example", "role": "team member", "valid_until": "2026-09-01"}
        )
        assert page.status_code == 422
        assert page.context["form"].errors["email"] == [
            "Tim Tully holds this role already. Change its end on the team page."
        ]

    def test_an_auditor_without_an_end_is_asked_about_once(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        given = {"name": "Aki", "email": "aki@new.example", "role": "auditor", "valid_until": ""}
        page = client.post(INVITE, given)
        assert page.status_code == 422
        assert "Access without an end is meant" in page.content.decode()
        assert client.post(INVITE, {**given, "no_end": "on"}).status_code == 302

    def test_an_offer_that_ran_out_fills_the_form_again(self, cast: Cast, sign_in) -> None:
        offer = invited(cast)
        page = sign_in(cast.mara).get(f"{INVITE}?again={offer.pk}").content.decode()
        assert 'value="Ines Iwa"' in page
        assert 'value="ines@new.example"' in page

    @pytest.mark.parametrize("query", ["again=x", "again=-1", "who=1", "again=1&again=2", f"again={'9' * 30}"])
    def test_it_refuses_an_address_that_asks_for_nonsense(self, cast: Cast, sign_in, query: str) -> None:
        assert sign_in(cast.mara).get(f"{INVITE}?{query}").status_code == 400

    def test_an_offer_can_be_withdrawn_once(self, cast: Cast, sign_in) -> None:
        offer = invited(cast)
        client = sign_in(cast.mara)
        path = f"{TEAM}invitations/{offer.pk}/revoke/"
        assert client.post(path)["Location"] == f"{TEAM}#invitations"
        assert client.post(path).status_code == 422
        assert client.get(f"{INVITE}?again={offer.pk}").status_code == 404


class TestGrantForm:
    def test_people_of_team_and_organization_can_be_chosen_and_nobody_else(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).get(GRANT).content.decode()
        assert "Carl Consult" in page
        assert "Nina Nobody" not in page
        answer = sign_in(cast.mara).post(GRANT, {"person": cast.nina.pk, "role": "team member"})
        assert answer.status_code == 400
        assert not Membership.objects.filter(user=cast.nina).exists()

    def test_it_gives_a_further_role(self, cast: Cast, sign_in) -> None:
        answer = sign_in(cast.mara).post(
            GRANT, {"person": cast.tim.pk, "role": "process owner", "valid_until": "2026-12-31"}, follow=True
        )
        assert "Tim Tully is process owner until 31 Dec 2026." in answer.content.decode()
        assert Membership.objects.filter(user=cast.tim).count() == 2

    def test_the_role_of_an_auditor_stays_alone(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).post(GRANT, {"person": cast.audra.pk, "role": "team member"})
        assert page.status_code == 422
        assert page.context["form"].errors["role"]

    def test_it_shows_what_the_person_holds(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).get(f"{GRANT}?person={cast.tim.pk}&role=team+member")
        assert "Holds now: Team member, no end." in page.content.decode()
        assert page.context["form"]["role"].value() == "team member"

    def test_a_stale_form_gets_both_texts_and_can_be_sent_over_it(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        seen = client.get(f"{GRANT}?person={cast.tim.pk}").context["form"]["seen"].value()
        grant_role(
            acting_user=cast.olga,
            project=cast.project,
            user=cast.tim,
            role=ProjectRole.TEAM,
            valid_until=date(2026, 5, 1),
        )
        given = {"person": cast.tim.pk, "role": "team member", "valid_until": "2026-08-01", "seen": seen}
        page = client.post(GRANT, given)
        assert page.status_code == 409
        for words in ("Team member until 1 May 2026", "Team member until 1 Aug 2026"):
            assert words in page.content.decode()
        again = dict(page.context["hidden"])
        assert client.post(GRANT, again).status_code == 302
        assert membership(cast, "tim").valid_until == date(2026, 8, 1)


class TestEndPage:
    def test_it_says_what_will_happen_before_it_does(self, cast: Cast, sign_in) -> None:
        set_role_map(
            acting_user=cast.mara, project=cast.project, entries={("Top management", ""): cast.parties["toma"]}
        )
        client = sign_in(cast.mara)
        path = f"{TEAM}members/{membership(cast, 'toma').pk}/end/"
        page = client.get(path).content.decode()
        assert "can no longer open the project" in page
        assert "60 open activities" in page
        assert membership(cast, "toma").is_current
        assert client.post(path).status_code == 302
        assert sign_in(cast.toma).get(TEAM).status_code == 404

    def test_the_last_manager_stays_and_is_told_why(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).post(f"{TEAM}members/{membership(cast, 'mara').pk}/end/")
        assert page.status_code == 422
        assert "The project needs a manager." in page.content.decode()

    def test_a_second_click_is_told_that_it_has_ended(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        path = f"{TEAM}members/{membership(cast, 'tim').pk}/end/"
        assert client.post(path).status_code == 302
        page = client.post(path)
        assert page.status_code == 422
        assert "This role has ended already." in page.content.decode()


class TestPartyForms:
    def test_it_adds_a_group(self, cast: Cast, sign_in) -> None:
        given = {"name": "Desk", "kind": "group", "members": [cast.parties["tim"].pk, cast.parties["mara"].pk]}
        assert sign_in(cast.mara).post(NEW_PARTY, given).status_code == 302
        assert Party.objects.get(name="Desk").group_members.count() == 2

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": "", "kind": "person"}, "name"),
            ({"name": "Tim Tully", "kind": "person"}, "name"),
            ({"name": "X", "kind": "robot"}, "kind"),
            ({"name": "X", "kind": "person", "email": "nowhere"}, "email"),
            ({"name": "X" * 121, "kind": "person"}, "name"),
        ],
    )
    def test_it_refuses_at_the_field_and_keeps_the_rest(self, cast: Cast, sign_in, given, field: str) -> None:
        page = sign_in(cast.mara).post(NEW_PARTY, {**given, "function": "Typed function"})
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        assert 'value="Typed function"' in page.content.decode()

    def test_a_person_with_members_is_refused_in_words(self, cast: Cast, sign_in) -> None:
        given = {"name": "X", "kind": "person", "members": [cast.parties["tim"].pk]}
        page = sign_in(cast.mara).post(NEW_PARTY, given)
        assert page.context["form"].errors["members"] == ["Only a group has members."]

    def test_a_member_of_another_client_is_refused_and_nothing_written(self, cast: Cast, sign_in) -> None:
        foreign = Party.objects.get(project=cast.other)
        given = {"name": "X", "kind": "group", "members": [foreign.pk]}
        assert sign_in(cast.mara).post(NEW_PARTY, given).status_code == 400
        assert not Party.objects.filter(name="X").exists()

    def test_it_changes_one_and_raises_its_version(self, cast: Cast, sign_in) -> None:
        party = cast.parties["tim"]
        given = {"name": "Tim T.", "function": "Network", "is_active": "on", "version": "1"}
        assert sign_in(cast.mara).post(party_path(party), given).status_code == 302
        party.refresh_from_db()
        assert (party.name, party.function, party.version) == ("Tim T.", "Network", 2)
        assert party.email == "tim@alder.example"

    def test_the_address_of_an_account_and_what_is_not_in_the_form_stay(self, cast: Cast, sign_in) -> None:
        party = cast.parties["tim"]
        given = {"name": "Tim Tully", "is_active": "on", "version": "1"}
        forged = {"email": "evil@x.example", "user": cast.nina.pk, "project": cast.other.pk, "kind": "group"}
        sign_in(cast.mara).post(party_path(party), {**given, **forged})
        party.refresh_from_db()
        assert (party.email, party.user, party.project, party.kind) == (
            "tim@alder.example",
            cast.tim,
            cast.project,
            "person",
        )

    def test_a_stale_form_gets_both_texts_and_can_be_saved_over(self, cast: Cast, sign_in) -> None:
        group = create_party(acting_user=cast.mara, project=cast.project, name="Desk", kind=PartyKind.GROUP)
        client = sign_in(cast.mara)
        first = {"name": "Desk A", "is_active": "on", "version": "1"}
        assert client.post(party_path(group), first).status_code == 302
        second = {"name": "Desk B", "is_active": "on", "version": "1", "members": [cast.parties["tim"].pk]}
        page = client.post(party_path(group), second)
        assert page.status_code == 409
        assert {pair["label"] for pair in page.context["pairs"]} == {"Name", "Members"}
        for words in ("Desk A", "Desk B", "Tim Tully"):
            assert words in page.content.decode()
        assert client.post(party_path(group), dict(page.context["hidden"])).status_code == 302
        group.refresh_from_db()
        assert (group.name, group.group_members.count()) == ("Desk B", 1)

    def test_a_form_without_its_version_is_refused(self, cast: Cast, sign_in) -> None:
        page = sign_in(cast.mara).post(party_path(cast.parties["tim"]), {"name": "Tim"})
        assert page.status_code == 428


def test_the_parties_and_the_trail_leave_as_workbooks_too(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    book = openpyxl.load_workbook(BytesIO(client.get("/projects/alder/team/?format=xlsx").content))
    names = [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert "Petra Pohl" in names
    answer = client.get("/projects/alder/trail/export/?format=xlsx")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    lines = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    assert lines[0][:3] == ("seq", "at", "actor")
    assert client.get("/projects/alder/trail/export/?format=pdf").status_code == 400
