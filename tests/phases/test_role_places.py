"""The role map by component and role, further parties, what is unassigned, suggestions from the last project."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from phases.models import Contributor, PhaseActivity, RoleAssignment, RoleParticipant
from phases.selectors.role_map import role_map_of
from phases.selectors.role_places import component_lines, gaps_of, shares_of
from phases.selectors.role_suggestions import suggestions_for
from phases.services.role_map import set_role_map
from phases.services.start import ProjectPlan, start_project
from projects.models import Organization, Party, Project
from projects.services.team import create_party, grant_role
from tests.cast import CANARY, START, Cast

pytestmark = pytest.mark.django_db
CHANGE, TOP = "Change management", "Top management"
MAP = "/projects/alder/role-map/"
COMPONENT, ROLE = MAP + "components/CH/", MAP + "roles/change-management/"


def give(cast: Cast, role: str, who: str | None, component: str = "", **more) -> int:
    party = cast.parties[who] if who else None
    return set_role_map(acting_user=cast.mara, project=cast.project, entries={(role, component): party}, **more)


def take_part(cast: Cast, component: str = "", role: str = CHANGE, **parts: str) -> int:
    further = {(role, component): {cast.parties[who]: part for who, part in parts.items()}}
    return set_role_map(acting_user=cast.mara, project=cast.project, entries={}, further=further)


def said(cast: Cast) -> list[str]:
    return [sentence(event).text for event in Event.objects.filter(stream_id=cast.project.uuid, kind="role map")]


class TestFurtherParties:
    def test_who_contributes_is_named_at_every_open_activity_of_the_role(self, cast: Cast) -> None:
        give(cast, CHANGE, "tim")
        take_part(cast, petra="contributes", cora="consulted", chen="informed")
        mine = PhaseActivity.objects.filter(accountable=cast.parties["tim"])
        assert mine.count() > 0
        assert mine.exclude(contributors__party=cast.parties["petra"]).count() == 0
        assert not Contributor.objects.filter(party__in=[cast.parties["cora"], cast.parties["chen"]]).exists()

    def test_in_one_component_it_is_named_there_alone(self, cast: Cast) -> None:
        take_part(cast, "CH", petra="contributes")
        helped = Contributor.objects.filter(party=cast.parties["petra"])
        assert set(helped.values_list("phase_activity__activity__component", flat=True)) == {"CH"}
        take_part(cast, "CH")
        assert not helped.exists()
        assert not RoleParticipant.objects.exists()

    def test_the_trail_says_who_takes_part_and_how(self, cast: Cast) -> None:
        take_part(cast, "CH", petra="contributes", cora="consulted")
        take_part(cast, "CH")
        assert said(cast) == [
            "Mara Moss set who else takes part in the role Change management in component CH: "
            "Cora Cole (Is consulted), Petra Pohl (Contributes)",
            "Mara Moss set who else takes part in the role Change management in component CH: nobody",
        ]

    def test_set_again_as_it_is_it_writes_nothing(self, cast: Cast) -> None:
        take_part(cast, petra="contributes")
        before = Event.objects.count()
        take_part(cast, petra="contributes")
        assert Event.objects.count() == before

    def test_who_takes_the_role_does_not_also_take_part(self, cast: Cast) -> None:
        give(cast, CHANGE, "petra")
        with pytest.raises(RuleBroken, match="Petra Pohl takes the role Change management already"):
            take_part(cast, petra="informed")

    def test_a_party_of_another_client_or_an_unknown_part_is_refused(self, cast: Cast) -> None:
        foreign = Party.objects.get(project=cast.other)
        for party, part in ((foreign, "informed"), (cast.parties["tim"], "emperor")):
            with pytest.raises(RuleBroken):
                set_role_map(
                    acting_user=cast.mara, project=cast.project, entries={}, further={(CHANGE, ""): {party: part}}
                )
        assert not RoleParticipant.objects.exists()

    def test_a_map_whose_further_parties_changed_is_stale(self, cast: Cast) -> None:
        seen = role_map_of(cast.project).digest
        take_part(cast, petra="informed")
        with pytest.raises(StaleWrite) as stale:
            set_role_map(
                acting_user=cast.olga,
                project=cast.project,
                entries={},
                further={(CHANGE, ""): {cast.parties["cora"]: "consulted"}},
                seen=seen,
            )
        assert stale.value.current == {"Change management, further parties": "Petra Pohl (Is informed)"}
        assert stale.value.sent == {"Change management, further parties": "Cora Cole (Is consulted)"}


class TestPlaces:
    def test_the_page_of_a_component_saves_takers_and_further_parties_together(self, cast: Cast, sign_in) -> None:
        client, seen = sign_in(cast.mara), role_map_of(cast.project).digest
        tim, petra = cast.parties["tim"].pk, cast.parties["petra"].pk
        sent = {
            "seen": seen,
            "role.change-management.CH": tim,
            "add.change-management.CH": petra,
            "how.change-management.CH": "consulted",
        }
        assert client.post(COMPONENT, sent).status_code == 302
        assert RoleAssignment.objects.get().party_id == tim
        assert RoleParticipant.objects.values_list("component", "party", "part").get() == ("CH", petra, "consulted")
        name = f"part.change-management.CH.{petra}"
        assert name in client.get(COMPONENT).content.decode()
        for part, left in (("informed", "informed"), ("", None)):
            client.post(COMPONENT, {"seen": role_map_of(cast.project).digest, name: part})
            assert RoleParticipant.objects.values_list("part", flat=True).first() == left

    def test_the_page_of_a_role_shows_what_holds_in_each_component(self, cast: Cast, sign_in) -> None:
        give(cast, CHANGE, "tim")
        take_part(cast, chen="informed")
        page = sign_in(cast.audra).get(ROLE)
        text = page.content.decode().split('id="main"')[1]
        assert "as for the role" in text
        assert "in all components" in text
        assert "<select" not in text
        assert sign_in(cast.audra).post(ROLE, {"seen": "x"}).status_code == 403

    def test_what_it_does_not_know_is_refused(self, cast: Cast, sign_in) -> None:
        client, seen = sign_in(cast.mara), role_map_of(cast.project).digest
        foreign, tim = Party.objects.get(project=cast.other).pk, cast.parties["tim"].pk
        for bad in (
            {"add.change-management.CH": foreign},
            {"add.change-management.XX": tim},
            {"add.change-management.CH": tim, "how.change-management.CH": "emperor"},
            {f"part.change-management.CH.{foreign}": "informed"},
            {f"part.change-management.CH.{tim}": "emperor"},
            {"add.change-management.CH": [tim, tim]},
        ):
            assert client.post(COMPONENT, {"seen": seen, **bad}).status_code == 400, bad
        assert client.post(COMPONENT, {"add.change-management.CH": tim}).status_code == 428
        assert client.get(MAP + "components/XX/").status_code == 404
        assert client.get(MAP + "roles/emperor/").status_code == 404
        assert not RoleParticipant.objects.exists()

    def test_a_refusal_is_said_on_the_page_and_a_stale_form_can_be_saved_over(self, cast: Cast, sign_in) -> None:
        client, petra = sign_in(cast.mara), cast.parties["petra"].pk
        give(cast, CHANGE, "petra", "CH")
        seen = role_map_of(cast.project).digest
        page = client.post(COMPONENT, {"seen": seen, "add.change-management.CH": petra})
        assert page.status_code == 422
        assert "Petra Pohl takes the role Change management already." in page.content.decode()
        take_part(cast, "CH", cora="informed")
        page = client.post(COMPONENT, {"seen": seen, "role.change-management.CH": cast.parties["tim"].pk})
        assert page.status_code == 409
        assert client.post(COMPONENT, dict(page.context["hidden"])).status_code == 302
        assert RoleAssignment.objects.get().party == cast.parties["tim"]

    def test_the_lines_of_components_agree_with_the_plan(self, cast: Cast) -> None:
        give(cast, CHANGE, "tim")
        lines = {line.code: line for line in component_lines(cast.project, role_map_of(cast.project))}
        assert sum(line.open for line in lines.values()) == 479
        assert sum(line.unassigned for line in lines.values()) == role_map_of(cast.project).unassigned
        assert [party.name for party in lines["CH"].parties] == ["Tim Tully"]
        (share,) = shares_of(cast.project, "CH", role_map_of(cast.project))
        assert share.accountable == lines["CH"].open - lines["CH"].unassigned

    @pytest.mark.parametrize(
        "path", [MAP, MAP + "components/", COMPONENT, ROLE, MAP + "unassigned/", MAP + "suggestions/"]
    )
    def test_the_number_of_queries_does_not_depend_on_the_map(self, cast: Cast, sign_in, path: str) -> None:
        client = sign_in(cast.mara)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            return len(seen)

        queries()
        few = queries()
        for row in role_map_of(cast.project).rows:
            give(cast, row.entry.role, "petra")
        take_part(cast, "CH", tim="informed", cora="contributes", chen="consulted")
        assert queries() == few
        assert few <= 15


class TestGaps:
    def test_it_counts_by_role_and_by_package(self, cast: Cast) -> None:
        gaps = gaps_of(cast.project)
        assert (gaps.count, gaps.of) == (479, 479)
        assert sum(gap.count for gap in gaps.by_role) == sum(gap.count for gap in gaps.by_package) == 479
        give(cast, TOP, "toma")
        after = gaps_of(cast.project)
        assert after.count == 419
        assert TOP not in [gap.name for gap in after.by_role]

    def test_each_leads_to_where_it_is_put_right(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        page = client.get(MAP + "unassigned/")
        assert ROLE in page.content.decode()
        gap = next(gap for gap in page.context["gaps"].by_package if (gap.code, gap.phase) == ("CH", 1))
        board = client.get("/projects/alder/phases/1/?view=unassigned&component=CH").context["board"]
        assert len([row for group in board.groups for row in group.rows]) == gap.count


class TestSuggestions:
    @pytest.fixture
    def later(self, cast: Cast) -> Project:
        """A second project of Alder, in which Mara manages, Tim has an account and Petra is known by mail."""
        give(cast, CHANGE, "tim")
        give(cast, TOP, "petra")
        give(cast, "Audit", "cora", "MM")
        with clock.moved_to(datetime(2026, 2, 2, 8, 0, tzinfo=UTC)):
            project = start_project(
                acting_user=None,
                organization=cast.alder,
                slug="later",
                plan=ProjectPlan(name="Later SMS", start=START, scope_statement="The SMS of Alder IT supports print."),
            )
            grant_role(acting_user=None, project=project, user=cast.mara, role="manager")
            grant_role(acting_user=None, project=project, user=cast.tim, role="team member")
        create_party(acting_user=None, project=project, name="P. Pohl", email="PETRA@alder.example")
        return project

    def offered(self, project: Project, user) -> dict[str, tuple[str, str]]:
        found = suggestions_for(project, user, role_map_of(project))
        return {each.role: (each.party.name, each.by) for each in found.offered if each.party}

    def test_they_are_matched_by_account_then_mail_then_name(self, cast: Cast, later: Project) -> None:
        assert self.offered(later, cast.mara) == {CHANGE: ("Tim Tully", "account"), TOP: ("P. Pohl", "mail")}
        missing = suggestions_for(later, cast.mara, role_map_of(later)).missing
        assert [(each.role, each.component, each.name) for each in missing] == [("Audit", "MM", "Cora Cole")]
        create_party(acting_user=None, project=later, name="cora cole")
        assert self.offered(later, cast.mara)["Audit"] == ("cora cole", "name")

    def test_what_somebody_takes_here_is_not_offered_and_nothing_is_taken_silently(
        self, cast: Cast, later: Project, sign_in
    ) -> None:
        sign_in(cast.mara).get("/projects/later/role-map/suggestions/")
        assert not RoleAssignment.objects.filter(project=later).exists()
        party = Party.objects.get(project=later, user=cast.mara)
        set_role_map(acting_user=cast.mara, project=later, entries={(CHANGE, ""): party})
        assert set(self.offered(later, cast.mara)) == {TOP}

    def test_one_click_takes_all_or_what_is_ticked(self, cast: Cast, later: Project, sign_in) -> None:
        client, page = sign_in(cast.mara), "/projects/later/role-map/suggestions/"
        assert "suggests parties for 2 roles" in client.get("/projects/later/role-map/").content.decode()
        seen = role_map_of(later).digest
        assert client.post(page, {"seen": seen, "do": "ticked"}).status_code == 422
        assert client.post(page, {"seen": seen, "take": "role.emperor"}).status_code == 400
        assert client.post(page, {"do": "all"}).status_code == 428
        client.post(page, {"seen": seen, "take": "role.top-management"})
        assert RoleAssignment.objects.get(project=later).role == TOP
        client.post(page, {"seen": role_map_of(later).digest, "do": "all"})
        assert set(RoleAssignment.objects.filter(project=later).values_list("role", flat=True)) == {CHANGE, TOP}

    def test_they_come_from_a_project_that_the_person_may_see(self, cast: Cast, later: Project) -> None:
        grant_role(acting_user=None, project=later, user=cast.nina, role="manager")
        assert suggestions_for(later, cast.nina, role_map_of(later)).source is None
        assert suggestions_for(later, cast.olga, role_map_of(later)).source == cast.project

    def test_they_never_cross_organizations(self, cast: Cast, later: Project, sign_in) -> None:
        grant_role(acting_user=None, project=cast.other, user=cast.mara, role="manager")
        party = Party.objects.filter(project=cast.other, user=cast.bruno).get()
        for component in ("", "CH"):
            set_role_map(acting_user=None, project=cast.other, entries={("Problem management", component): party})
        Project.objects.filter(pk=cast.other.pk).update(created_at=datetime(2026, 1, 20, tzinfo=UTC))
        found = suggestions_for(later, cast.mara, role_map_of(later))
        assert found.source == cast.project
        assert CANARY not in sign_in(cast.mara).get("/projects/later/role-map/suggestions/").content.decode()

    def test_a_later_project_and_one_without_a_map_suggest_nothing(self, cast: Cast, later: Project) -> None:
        assert Organization.objects.get(pk=cast.alder.pk).projects.count() == 2
        assert suggestions_for(cast.project, cast.olga, role_map_of(cast.project)).source is None
        RoleAssignment.objects.filter(project=cast.project).delete()
        assert suggestions_for(later, cast.olga, role_map_of(later)).source is None
