"""The role map: its page, its figures, and the saving of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.models import Contributor, PhaseActivity, RoleAssignment
from phases.selectors.figures import figures_of
from phases.selectors.role_map import RoleRow, field_name, role_map_of
from phases.services.role_map import set_role_map
from phases.services.rows import assign_party, change_status
from projects.models import Party
from projects.services.team import create_party
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/role-map/"
TOP = "Top management"
PROJECT = "Project (or team member)"


def row_of(cast: Cast, role: str) -> RoleRow:
    return next(row for row in role_map_of(cast.project).rows if row.entry.role == role)


def give(cast: Cast, role: str, who: str, component: str = "") -> int:
    return set_role_map(acting_user=cast.mara, project=cast.project, entries={(role, component): cast.parties[who]})


def holders(cast: Cast, **lookup) -> set[str | None]:
    return set(PhaseActivity.objects.filter(project=cast.project, **lookup).values_list("accountable__name", flat=True))


class TestFigures:
    def test_it_has_the_roles_of_the_catalogue(self, cast: Cast) -> None:
        role_map = role_map_of(cast.project)
        assert len(role_map.rows) == 25
        assert (role_map.unassigned, role_map.open, role_map.covered) == (479, 479, 0)

    def test_every_activity_is_accounted_to_exactly_one_role(self, cast: Cast) -> None:
        role_map = role_map_of(cast.project)
        assert sum(row.entry.accountable for row in role_map.rows) == 479
        for row in role_map.rows:
            assert sum(part.accountable for part in row.components) == row.entry.accountable
            assert sum(part.contributing for part in row.components) == row.entry.contributing

    def test_what_does_not_apply_is_not_counted(self, cast: Cast) -> None:
        before = row_of(cast, PROJECT).entry.accountable
        row = next(
            r
            for r in PhaseActivity.objects.filter(project=cast.project)
            if r.activity.catalogue_activity.roles == [PROJECT]
        )
        PhaseActivity.objects.filter(pk=row.pk).update(status="not applicable", reason="x")
        assert row_of(cast, PROJECT).entry.accountable == before - 1

    def test_unassigned_agrees_with_the_figures_of_the_dashboard(self, cast: Cast) -> None:
        give(cast, TOP, "toma")
        figures = figures_of(cast.project)
        assert role_map_of(cast.project).unassigned == sum(t.unassigned for t in figures.phases.values()) == 419

    def test_field_names_are_distinct(self, cast: Cast) -> None:
        names = [entry.field for entry in role_map_of(cast.project).entries()]
        assert len(names) == len(set(names))
        assert "role.project-or-team-member.CH" in names


class TestSaving:
    def test_it_gives_the_open_activities_and_says_how_many(self, cast: Cast) -> None:
        assert give(cast, TOP, "toma") == 60
        assert PhaseActivity.objects.filter(accountable=cast.parties["toma"]).count() == 60

    def test_a_component_can_have_its_own(self, cast: Cast) -> None:
        give(cast, PROJECT, "mara")
        give(cast, PROJECT, "petra", "CH")
        mine = [
            row
            for row in PhaseActivity.objects.filter(project=cast.project).select_related("activity__catalogue_activity")
            if row.activity.catalogue_activity.roles[0] == PROJECT
        ]
        assert {r.accountable_id for r in mine if r.activity.component == "CH"} == {cast.parties["petra"].pk}
        assert {r.accountable_id for r in mine if r.activity.component != "CH"} == {cast.parties["mara"].pk}

    def test_the_later_roles_contribute(self, cast: Cast) -> None:
        give(cast, PROJECT, "mara")
        give(cast, "Documentation management", "tim")
        contributing = row_of(cast, "Documentation management").entry.contributing
        assert contributing == 47
        assert Contributor.objects.filter(party=cast.parties["tim"]).count() == contributing
        give(cast, "Documentation management", "mara")
        assert not Contributor.objects.filter(party=cast.parties["tim"]).exists()

    def test_emptying_an_entry_takes_the_activities_back(self, cast: Cast) -> None:
        give(cast, TOP, "toma")
        assert set_role_map(acting_user=cast.mara, project=cast.project, entries={(TOP, ""): None}) == 60
        assert holders(cast) == {None}

    def test_what_was_set_by_hand_stays(self, cast: Cast) -> None:
        target = cast.target("CH.i")
        assign_party(acting_user=cast.mara, project=cast.project, targets=[target], party=cast.parties["tim"])
        for row in role_map_of(cast.project).rows:
            give(cast, row.entry.role, "petra")
        assert cast.row("CH.i").accountable == cast.parties["tim"]
        assert role_map_of(cast.project).by_hand == 1

    def test_what_is_finished_stays(self, cast: Cast) -> None:
        for status in ("in progress", "done"):
            change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], status=status)
        for row in role_map_of(cast.project).rows:
            give(cast, row.entry.role, "petra")
        assert cast.row("CH.i").accountable is None

    def test_each_entry_and_each_activity_stands_in_the_trail(self, cast: Cast) -> None:
        before = Event.objects.filter(stream_id=cast.project.uuid).count()
        give(cast, TOP, "toma")
        assert Event.objects.filter(stream_id=cast.project.uuid).count() == before + 61

    @pytest.mark.parametrize("key", [("Emperor", ""), (TOP, "XX")])
    def test_it_refuses_what_the_catalogue_does_not_have(self, cast: Cast, key: tuple[str, str]) -> None:
        with pytest.raises(RuleBroken):
            set_role_map(acting_user=cast.mara, project=cast.project, entries={key: cast.parties["tim"]})

    def test_it_refuses_a_party_of_another_client_or_one_that_is_inactive(self, cast: Cast) -> None:
        away = create_party(acting_user=cast.mara, project=cast.project, name="Away")
        Party.objects.filter(pk=away.pk).update(is_active=False)
        away.refresh_from_db()
        for party in (Party.objects.get(project=cast.other), away):
            with pytest.raises(RuleBroken):
                set_role_map(acting_user=cast.mara, project=cast.project, entries={(TOP, ""): party})
        assert not RoleAssignment.objects.exists()

    @pytest.mark.parametrize("who", ["toma", "petra", "tim", "audra", "carl", "bruno"])
    def test_it_refuses_whoever_may_not_assign(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            set_role_map(acting_user=cast.people[who], project=cast.project, entries={(TOP, ""): cast.parties["toma"]})

    def test_it_refuses_a_map_made_from_an_older_one(self, cast: Cast) -> None:
        seen = role_map_of(cast.project).digest
        give(cast, TOP, "toma")
        with pytest.raises(StaleWrite) as stale:
            set_role_map(
                acting_user=cast.olga, project=cast.project, entries={(TOP, ""): cast.parties["chen"]}, seen=seen
            )
        assert stale.value.current == {TOP: "Toma Tate"}
        assert stale.value.sent == {TOP: "Chen Chair"}


class TestPage:
    def form(self, client) -> dict[str, str]:
        """The form as a browser would send it, untouched."""
        context = client.get(PAGE).context
        fields = {"seen": context["map"].digest}
        for item in context["rows"]:
            for shown in (item["whole"], *item["components"]):
                fields[shown["entry"].field] = str(shown["chosen"] or "")
        return fields

    @pytest.mark.parametrize("who", ["toma", "petra", "tim", "audra"])
    def test_who_may_not_assign_reads_it(self, cast: Cast, sign_in, who: str) -> None:
        give(cast, TOP, "toma")
        client = sign_in(cast.people[who])
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "Toma Tate" in page.content.decode()
        assert "<select" not in page.content.decode().split('id="main"')[1]
        assert client.post(PAGE, {"seen": "x"}).status_code == 403

    def test_for_another_client_it_does_not_exist(self, cast: Cast, sign_in) -> None:
        assert sign_in(cast.bruno).get(PAGE).status_code == 404
        assert CANARY not in sign_in(cast.mara).get(PAGE).content.decode()

    def test_saving_says_how_many_activities_changed_hands(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        given = {**self.form(client), field_name(TOP): cast.parties["toma"].pk}
        page = client.post(PAGE, given, follow=True).content.decode()
        assert "Role map saved. 60 activities have a new responsible party." in page

    def test_saving_it_untouched_changes_nothing(self, cast: Cast, sign_in) -> None:
        give(cast, TOP, "toma")
        client = sign_in(cast.mara)
        before = Event.objects.count()
        assert "Nothing was changed" in client.post(PAGE, self.form(client), follow=True).content.decode()
        assert Event.objects.count() == before

    def test_what_a_form_leaves_out_stays(self, cast: Cast, sign_in) -> None:
        give(cast, TOP, "toma")
        client = sign_in(cast.mara)
        client.post(PAGE, {"seen": role_map_of(cast.project).digest, field_name("Audit"): cast.parties["tim"].pk})
        assert RoleAssignment.objects.count() == 2

    def test_a_stale_form_gets_both_and_can_be_saved_over(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        given = {**self.form(client), field_name(TOP): str(cast.parties["chen"].pk)}
        give(cast, TOP, "toma")
        page = client.post(PAGE, given)
        assert page.status_code == 409
        assert [(p["current"], p["sent"]) for p in page.context["pairs"]] == [("Toma Tate", "Chen Chair")]
        assert client.post(PAGE, dict(page.context["hidden"])).status_code == 302
        assert row_of(cast, TOP).entry.party.name == "Chen Chair"

    def test_a_form_without_its_digest_is_refused(self, cast: Cast, sign_in) -> None:
        assert sign_in(cast.mara).post(PAGE, {field_name(TOP): ""}).status_code == 428

    def test_foreign_and_unknown_values_are_refused_and_nothing_is_written(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        seen = role_map_of(cast.project).digest
        foreign = Party.objects.get(project=cast.other).pk
        tim = cast.parties["tim"].pk
        for bad in (
            {field_name(TOP): foreign},
            {field_name(TOP): "x"},
            {field_name(TOP): [tim, tim]},
            {"role.emperor": tim},
            {field_name(TOP, "XX"): tim},
        ):
            assert client.post(PAGE, {"seen": seen, field_name("Audit"): tim, **bad}).status_code == 400, bad
        assert not RoleAssignment.objects.exists()

    def test_a_party_that_became_inactive_is_refused_in_words_and_choices_are_kept(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        given = {
            **self.form(client),
            field_name(TOP): cast.parties["toma"].pk,
            field_name("Audit"): cast.parties["tim"].pk,
        }
        Party.objects.filter(pk=cast.parties["toma"].pk).update(is_active=False)
        page = client.post(PAGE, given)
        assert page.status_code == 422
        text = page.content.decode()
        assert "Toma Tate can no longer be given activities." in text
        chosen = {s["whole"]["entry"].role: s["whole"]["chosen"] for s in page.context["rows"]}
        assert chosen[TOP] == cast.parties["toma"].pk
        assert chosen["Audit"] == cast.parties["tim"].pk

    def test_it_warns_of_an_auditor_of_their_own_work(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        assert "Whoever audits should not own what is audited." in client.get(PAGE).content.decode()
        give(cast, "Audit", "tim")
        give(cast, "Change management", "tim")
        assert "Tim Tully would audit work they answer for." in client.get(PAGE).content.decode()

    def test_it_warns_of_a_party_that_takes_no_activities_any_more(self, cast: Cast, sign_in) -> None:
        give(cast, TOP, "toma")
        Party.objects.filter(pk=cast.parties["toma"].pk).update(is_active=False)
        assert "Toma Tate takes no activities any more." in sign_in(cast.mara).get(PAGE).content.decode()

    def test_the_number_of_queries_does_not_depend_on_the_map(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                client.get(PAGE)
            return len(seen)

        queries()
        few = queries()
        for number in range(5):
            create_party(acting_user=None, project=cast.project, name=f"Party {number}")
        for row in role_map_of(cast.project).rows:
            give(cast, row.entry.role, "petra")
        assert queries() == few
        assert few <= 12
