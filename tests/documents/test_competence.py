"""Competences: gaps first, and nobody judges their own level."""

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.models import Competence, CompetenceHeld
from documents.registers_library import model_competences
from documents.registries import blocks
from documents.selectors.competence import Standing, competence_board
from documents.services.competence import Judgement, add_competence, judge, set_need, take_competences
from phases.models import PlanRules, RoleAssignment
from phases.selectors.catalogue import texts_for
from projects.services.team import create_party
from tests.cast import Cast
from tests.evidence.conftest import add as add_item

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/documents/competence/"


@pytest.fixture
def restore(cast: Cast) -> Competence:
    """A competence that the role of Petra and Tim needs at level 3."""
    row = add_competence(acting_user=cast.mara, project=cast.project, name="Restores a server")
    need(cast, row, 3)
    for who in ("petra", "tim"):
        hold(cast, who)
    return row


def hold(cast: Cast, who: str, role: str = "Change management") -> None:
    component = "" if who == "petra" else "CH"
    RoleAssignment.objects.create(project=cast.project, role=role, component=component, party=cast.parties[who])


def need(cast: Cast, row: Competence, level: int, seen: int = 0, role: str = "Change management") -> None:
    set_need(acting_user=cast.mara, project=cast.project, key=row.key, role=role, level=level, seen=seen)


def give(
    cast: Cast, row: Competence, who: str, level: int, by: str = "mara", seen: int = 0, **values
) -> CompetenceHeld:
    return judge(
        acting_user=cast.people[by],
        project=cast.project,
        key=row.key,
        party=cast.parties[who],
        judgement=Judgement(**{"level": level, "how": "Ten records read", **values}),
        seen=seen,
    )


def test_our_model_names_only_competences_that_it_has_and_roles_of_the_catalogue(cast: Cast) -> None:
    model = model_competences()
    keys = {each.key for each in model.competences}
    roles = {str(each["name"]) for each in texts_for(cast.project).roles}
    assert set(model.needs) <= roles
    assert {key for needs in model.needs.values() for key in needs} <= keys
    assert all(set(each.levels) == {"1", "2", "3", "4"} for each in model.competences)
    assert take_competences(acting_user=cast.mara, project=cast.project) == len(keys)
    assert take_competences(acting_user=cast.mara, project=cast.project) == 0


def test_a_role_is_covered_by_the_best_of_those_who_hold_it(cast: Cast, restore: Competence) -> None:
    def standing() -> Standing:
        return competence_board(cast.project).role_needs[0].standing

    assert standing() == Standing.UNJUDGED
    give(cast, restore, "petra", 2)
    assert standing() == Standing.SHORT
    held = give(cast, restore, "tim", 3)
    assert standing() == Standing.COVERED
    assert competence_board(cast.project).on_one == [(restore, held)]
    give(cast, restore, "petra", 4, seen=1)
    assert competence_board(cast.project).on_one == []


def test_a_gap_stands_first_and_a_role_without_anybody_is_named(cast: Cast, restore: Competence) -> None:
    other = add_competence(acting_user=cast.mara, project=cast.project, name="Answers a call")
    need(cast, other, 2, role="Incident management")
    need(cast, other, 4)
    give(cast, restore, "petra", 2)
    give(cast, other, "tim", 1)
    board = competence_board(cast.project)
    assert [(gap.competence.name, gap.missing) for gap in board.gaps] == [
        ("Answers a call", 3),
        ("Restores a server", 1),
    ]
    assert board.without_holder == ["Incident management"]
    assert board.cell(restore, cast.parties["petra"]).is_short
    assert "| gap |" in blocks["table: competence"](cast.project, "").splitlines()[2]


def test_a_group_is_judged_by_its_people_and_needs_no_single_one(cast: Cast) -> None:
    row = add_competence(acting_user=cast.mara, project=cast.project, name="Chairs a meeting")
    members = [cast.parties["petra"], cast.parties["tim"]]
    group = create_party(acting_user=cast.mara, project=cast.project, name="Board", kind="group", members=members)
    RoleAssignment.objects.create(project=cast.project, role="Implementation board", party=group)
    need(cast, row, 3, role="Implementation board")
    give(cast, row, "tim", 3)
    board = competence_board(cast.project)
    assert board.role_needs[0].standing == Standing.COVERED
    assert board.needed_of(row, cast.parties["petra"]) == 0
    with pytest.raises(RuleBroken, match="one by one"):
        judge(
            acting_user=cast.mara,
            project=cast.project,
            key=row.key,
            party=group,
            judgement=Judgement(3, "Seen"),
            seen=0,
        )


def test_nobody_judges_their_own_level_unless_the_entity_is_very_small(cast: Cast, restore: Competence) -> None:
    with pytest.raises(RuleBroken, match="their own level"):
        give(cast, restore, "petra", 4, by="petra")
    with pytest.raises(NotPermitted):
        give(cast, restore, "petra", 4, by="tim")
    give(cast, restore, "petra", 4, by="toma")
    said = sentence(Event.objects.filter(stream_id=cast.project.uuid).latest("seq")).text
    assert said == "Toma Tate judged Petra Pohl in Restores a server: level 4"
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    assert give(cast, restore, "petra", 3, by="petra", seen=1).judged_by == cast.petra


@pytest.mark.parametrize(
    ("values", "field"), [({"level": 5}, "level"), ({"how": ""}, "how"), ({"evidence": "E-0099"}, "evidence")]
)
def test_a_judgement_says_how_it_was_made(cast: Cast, restore: Competence, values: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        give(cast, restore, "tim", **{"level": 3, **values})
    assert caught.value.field == field


def test_two_who_judge_at_once_both_hear_of_it(cast: Cast, restore: Competence) -> None:
    item = add_item(cast)
    assert give(cast, restore, "tim", 2, evidence=item.key.lower()).evidence == item
    with pytest.raises(StaleWrite) as caught:
        give(cast, restore, "tim", 4, by="toma")
    assert caught.value.current["Level"] == "2"
    with pytest.raises(StaleWrite):
        need(cast, restore, 4, seen=2)


def test_the_pages_lead_from_our_model_to_a_judged_person(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    hold(cast, "petra")
    client = sign_in(cast.mara)
    assert b"Take our model over" in client.get(PAGE).content
    client.post(f"{PAGE}take/")
    with django_assert_max_num_queries(15):
        assert "Not judged yet" in client.get(PAGE).content.decode()
    one = f"{PAGE}judge-change/"
    address = f"{one}{cast.parties['petra'].uuid}/"
    form = {"level": "2", "how": "Two cases of her own", "judged_on": "2026-01-13", "version": "0"}
    refused = client.post(address, {**form, "how": "", "plan": "Typed words"})
    assert (refused.status_code, b"Typed words" in refused.content) == (422, True)
    assert client.post(address, {**form, "judged_on": "2999-01-01"}).status_code == 422
    assert client.post(address, form)["Location"] == PAGE
    assert client.post(address, {**form, "level": "4"}).status_code == 409
    assert "In 1 place a role has less than it needs." in client.get(PAGE).content.decode()
    assert b"Two cases of her own" in client.get(one).content
    assert client.post(f"{one}need/", {"role": "Audit", "level": "2", "seen": "0"}).status_code == 302
    assert client.post(f"{one}need/", {"role": "Audit", "level": "3", "seen": "0"}).status_code == 409
    assert "Petra Pohl" in client.get(f"{PAGE}export/?format=csv").content.decode()
    assert b"Nobody judges their own level" in sign_in(cast.petra).get(address).content
