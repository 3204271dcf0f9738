"""Who contributes to one row: set by hand, kept when the role map changes, and back to the role map."""

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.models import Contributor, Phase
from phases.selectors.catalogue import texts_for
from phases.selectors.row import contributors_of
from phases.services.contributors import set_row_contributors
from phases.services.role_map import set_role_map
from phases.services.rows import RowsRefused, assign_party
from projects.models import Party
from projects.services.team import create_party
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HELPING = "Documentation management"


def choose(cast: Cast, *who: str, ref: str = "CH.i") -> None:
    set_row_contributors(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target(ref)],
        parties=[cast.parties[name] for name in who],
    )


def follow(cast: Cast, ref: str = "CH.i") -> None:
    set_row_contributors(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref)], parties=None)


def names(cast: Cast, ref: str = "CH.i") -> set[str]:
    return {Party.objects.get(pk=pk).name for pk in contributors_of(cast.row(ref))}


def helped_ref(cast: Cast) -> str:
    """An activity of phase 1 that names the helping role after another."""
    return next(
        text.ref
        for text in texts_for(cast.project).activities.values()
        if HELPING in text.roles[1:] and 1 in text.phases
    )


def said(cast: Cast) -> str:
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


class TestService:
    def test_it_sets_them_and_says_so(self, cast: Cast) -> None:
        choose(cast, "tim", "petra")
        assert names(cast) == {"Petra Pohl", "Tim Tully"}
        assert cast.row().contributors_by_hand
        assert said(cast) == "Mara Moss let Petra Pohl, Tim Tully contribute to CH.i in phase 1"

    def test_the_role_map_leaves_alone_what_was_set_by_hand_nobody_included(self, cast: Cast) -> None:
        ref = helped_ref(cast)
        set_role_map(acting_user=cast.mara, project=cast.project, entries={(HELPING, ""): cast.parties["tim"]})
        assert names(cast, ref) == {"Tim Tully"}
        choose(cast, ref=ref)
        set_role_map(acting_user=cast.mara, project=cast.project, entries={(HELPING, ""): cast.parties["petra"]})
        assert names(cast, ref) == set()

    def test_back_to_the_role_map(self, cast: Cast) -> None:
        ref = helped_ref(cast)
        set_role_map(acting_user=cast.mara, project=cast.project, entries={(HELPING, ""): cast.parties["tim"]})
        choose(cast, "petra", ref=ref)
        follow(cast, ref)
        assert names(cast, ref) == {"Tim Tully"}
        assert not cast.row(ref).contributors_by_hand
        choose(cast, "tim", ref=ref)
        assert said(cast) == f"Mara Moss kept who contributes to {ref} in phase 1 by hand"
        follow(cast, ref)
        assert said(cast) == f"Mara Moss let {ref} in phase 1 follow the role map again"

    def test_a_row_given_by_hand_still_gets_contributors_by_the_role_map(self, cast: Cast) -> None:
        ref = helped_ref(cast)
        assign_party(
            acting_user=cast.mara, project=cast.project, targets=[cast.target(ref)], party=cast.parties["cora"]
        )
        set_role_map(acting_user=cast.mara, project=cast.project, entries={(HELPING, ""): cast.parties["tim"]})
        assert cast.row(ref).accountable == cast.parties["cora"]
        assert names(cast, ref) == {"Tim Tully"}

    def test_saved_as_it_is_it_writes_no_event(self, cast: Cast) -> None:
        choose(cast, "tim")
        before = Event.objects.count()
        choose(cast, "tim")
        assert Event.objects.count() == before

    def test_who_is_responsible_does_not_also_contribute(self, cast: Cast) -> None:
        assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["tim"])
        with pytest.raises(RuleBroken, match=r"Tim Tully is responsible for CH\.i already"):
            choose(cast, "tim")

    def test_an_inactive_party_stays_but_is_not_added(self, cast: Cast) -> None:
        choose(cast, "tim")
        Party.objects.filter(pk=cast.parties["tim"].pk).update(is_active=False)
        cast.parties["tim"].refresh_from_db()
        choose(cast, "tim", "petra")
        assert names(cast) == {"Petra Pohl", "Tim Tully"}
        choose(cast, "petra")
        with pytest.raises(RuleBroken, match="can no longer be given activities"):
            choose(cast, "tim")

    def test_a_party_of_another_client_is_none(self, cast: Cast) -> None:
        with pytest.raises(Party.DoesNotExist):
            set_row_contributors(
                acting_user=cast.mara,
                project=cast.project,
                targets=[cast.target()],
                parties=[Party.objects.get(project=cast.other)],
            )
        assert not Contributor.objects.exists()

    def test_a_closed_phase_stays_as_it_was(self, cast: Cast) -> None:
        Phase.objects.filter(project=cast.project, number=1).update(state="closed")
        with pytest.raises(RowsRefused):
            choose(cast, "tim")

    @pytest.mark.parametrize("who", ["toma", "petra", "tim", "audra", "carl", "bruno"])
    def test_it_refuses_whoever_may_not_assign(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotPermitted):
            set_row_contributors(
                acting_user=cast.people[who], project=cast.project, targets=[cast.target()], parties=[]
            )

    def test_it_refuses_a_stale_row_with_both_texts(self, cast: Cast) -> None:
        seen = cast.target()
        choose(cast, "tim")
        with pytest.raises(StaleWrite) as stale:
            set_row_contributors(
                acting_user=cast.olga, project=cast.project, targets=[seen], parties=[cast.parties["petra"]]
            )
        assert (stale.value.current, stale.value.sent) == (
            {"Contributes": "Tim Tully"},
            {"Contributes": "Petra Pohl"},
        )
        assert names(cast) == {"Tim Tully"}


class TestPage:
    def url(self, cast: Cast) -> str:
        return f"/projects/alder/rows/{cast.row().pk}/contributors/"

    def test_it_shows_them_and_takes_others(self, cast: Cast, sign_in) -> None:
        choose(cast, "tim")
        client = sign_in(cast.mara)
        page = client.get(self.url(cast))
        assert {c["party"].name for c in page.context["choices"] if c["checked"]} == {"Tim Tully"}
        answer = client.post(
            self.url(cast), {"version": cast.row().version, "how": "hand", "party": [cast.parties["petra"].pk]}
        )
        assert answer["Location"] == "/projects/alder/activities/CH.i/"
        assert names(cast) == {"Petra Pohl"}

    def test_a_refusal_keeps_what_was_ticked(self, cast: Cast, sign_in) -> None:
        away = create_party(acting_user=cast.mara, project=cast.project, name="Away")
        Party.objects.filter(pk=away.pk).update(is_active=False)
        page = sign_in(cast.mara).post(
            self.url(cast), {"version": cast.row().version, "how": "hand", "party": [away.pk, cast.parties["tim"].pk]}
        )
        assert page.status_code == 422
        assert "Away can no longer be given activities." in page.content.decode()
        assert {c["party"].name for c in page.context["choices"] if c["checked"]} == {"Away", "Tim Tully"}

    def test_a_stale_form_gets_both_and_can_be_saved_over(self, cast: Cast, sign_in) -> None:
        client, version = sign_in(cast.mara), cast.row().version
        choose(cast, "tim")
        page = client.post(self.url(cast), {"version": version, "how": "hand", "party": [cast.parties["petra"].pk]})
        assert page.status_code == 409
        again: dict[str, list[object]] = {}
        for name, value in page.context["hidden"]:
            again.setdefault(name, []).append(value)
        assert client.post(self.url(cast), again).status_code == 303
        assert names(cast) == {"Petra Pohl"}

    def test_foreign_and_broken_values_are_refused(self, cast: Cast, sign_in) -> None:
        client, version = sign_in(cast.mara), cast.row().version
        foreign = Party.objects.get(project=cast.other).pk
        tim = cast.parties["tim"].pk
        for bad in (
            {"how": "hand", "party": [foreign]},
            {"how": "hand", "party": ["x"]},
            {"how": "hand", "party": [tim, tim]},
            {"how": "", "party": [tim]},
        ):
            assert client.post(self.url(cast), {"version": version, **bad}).status_code == 400
        assert client.post(self.url(cast), {"how": "hand"}).status_code == 428
        assert client.get(self.url(cast) + "?x=1").status_code == 400
        assert not Contributor.objects.exists()
        other = Party.objects.get(project=cast.other).project.phase_activities.first()
        assert client.get(f"/projects/alder/rows/{other.pk}/contributors/").status_code == 404

    def test_the_page_of_the_activity_leads_there(self, cast: Cast, sign_in) -> None:
        assert self.url(cast) in sign_in(cast.mara).get("/projects/alder/activities/CH.i/").content.decode()
        assert self.url(cast) not in sign_in(cast.tim).get("/projects/alder/activities/CH.i/").content.decode()
