"""Committees: set up once, shared by projects of one organization, seen by nobody else."""

from datetime import date

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.models import Committee, Oversight
from governance.selectors.committee import committee_page, joinable
from governance.services.committee import (
    CommitteeFacts,
    agree_terms,
    change_committee,
    join_committee,
    name_successor,
    set_up_committee,
)
from governance.services.seats import seat_everywhere
from phases.services.start import ProjectPlan, start_project
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.services.team import grant_role
from tests.cast import NAMES, START, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


def set_up(cast: Cast, name: str = "Steering committee", **values) -> Oversight:
    """Mara sets up a committee of Alder's project."""
    facts = CommitteeFacts(name, **values)
    return set_up_committee(acting_user=cast.mara, project=cast.project, facts=facts)


def second_project(cast: Cast) -> Project:
    """Another project of Alder, which Mara manages too."""
    plan = ProjectPlan(name="Alder print", start=START, scope_statement="Printing for the group, delivered from Graz.")
    project = start_project(acting_user=None, organization=cast.alder, slug="print", plan=plan)
    grant_role(acting_user=None, project=project, user=cast.mara, role=ProjectRole.MANAGER)
    return project


def said(project: Project) -> str:
    """The newest sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=project.uuid).order_by("-seq")[0]).text


def test_a_committee_is_set_up_once_with_the_day_its_terms_were_agreed(cast: Cast) -> None:
    facts = CommitteeFacts(" Steering  committee ", purpose="Decides at gates.", quorum=2)
    found = set_up_committee(acting_user=cast.mara, project=cast.project, facts=facts, agreed_on=date(2026, 1, 9))
    assert (found.committee.name, found.committee.quorum, found.agreed_on) == (
        "Steering committee",
        2,
        date(2026, 1, 9),
    )
    assert said(cast.project) == ("Mara Moss set up the committee Steering committee, its terms agreed on 9 Jan 2026")
    page = committee_page(cast.project, cast.mara)
    assert [(str(each.user), each.is_chair) for each in page.members] == [
        (NAMES["chen"], True),
        (NAMES["cora"], False),
    ]
    assert not page.quorum_is_out_of_reach
    with pytest.raises(RuleBroken, match="oversees this project already"):
        set_up(cast, "Another")


@pytest.mark.parametrize(
    ("values", "agreed_on", "needed"),
    [
        ({"name": " "}, None, "Give the committee a name"),
        ({"name": "Board", "quorum": 0}, None, "A quorum is a number from 1 to 50"),
        ({"name": "Board", "purpose": "x" * 4001}, None, "longer than 4000"),
        ({"name": "Board"}, date(2026, 3, 3), "This day lies ahead"),
    ],
)
def test_what_makes_no_committee_is_refused(cast: Cast, values: dict, agreed_on: date | None, needed: str) -> None:
    with pytest.raises(RuleBroken, match=needed):
        set_up_committee(
            acting_user=cast.mara, project=cast.project, facts=CommitteeFacts(**values), agreed_on=agreed_on
        )
    assert not Committee.objects.exists()


def test_only_who_prepares_governance_sets_it_up(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        set_up_committee(acting_user=cast.cora, project=cast.project, facts=CommitteeFacts("Board"))


def test_terms_and_the_group_that_takes_over_are_noted_against_the_version_that_was_read(cast: Cast) -> None:
    found = set_up(cast)
    with pytest.raises(RuleBroken, match="Name the group"):
        name_successor(acting_user=cast.chen, project=cast.project, version=found.version, successor=" ")
    later = name_successor(
        acting_user=cast.chen,
        project=cast.project,
        version=found.version,
        successor="Service management board",
        tasks="Reviews, audits, improvements",
        from_day=date(2027, 6, 1),
    )
    assert said(cast.project) == (
        "Chen Chair named who takes over from the committee Steering committee: Service management board"
    )
    with pytest.raises(StaleWrite):
        agree_terms(
            acting_user=cast.mara,
            project=cast.project,
            version=found.version,
            agreed_on=date(2026, 2, 1),
            terms=None,
        )
    agree_terms(
        acting_user=cast.mara, project=cast.project, version=later.version, agreed_on=date(2026, 2, 1), terms=None
    )
    assert Oversight.objects.get(project=cast.project).agreed_on == date(2026, 2, 1)


def test_one_committee_oversees_several_projects_and_who_is_missing_gets_a_seat_in_all(cast: Cast) -> None:
    committee = set_up(cast).committee
    print_project = second_project(cast)
    join_committee(acting_user=cast.mara, project=print_project, committee=committee)
    assert said(print_project) == "Mara Moss let the committee Steering committee oversee the project"
    page = committee_page(cast.project, cast.mara)
    assert page.others == (print_project,)
    assert [[place.project.slug for place in each.missing] for each in page.members] == [["print"], ["print"]]
    # Who does not see the other project is not told of it.
    assert committee_page(cast.project, cast.cora).others == ()

    seated = seat_everywhere(acting_user=cast.mara, project=cast.project, user=cast.cora, role=ProjectRole.COMMITTEE)
    assert seated.given == (print_project,)
    assert Membership.objects.filter(project=print_project, user=cast.cora, role=ProjectRole.COMMITTEE).count() == 1
    with pytest.raises(RuleBroken, match="Cora Cole has a seat in all of them already"):
        seat_everywhere(acting_user=cast.mara, project=cast.project, user=cast.cora, role=ProjectRole.COMMITTEE)
    with pytest.raises(NotPermitted):
        seat_everywhere(acting_user=cast.chen, project=cast.project, user=cast.chen, role=ProjectRole.CHAIR)


def test_a_change_of_a_shared_committee_needs_somebody_who_prepares_all_its_projects(cast: Cast) -> None:
    committee = set_up(cast).committee
    print_project = second_project(cast)
    join_committee(acting_user=cast.mara, project=print_project, committee=committee)
    with pytest.raises(NotPermitted, match="oversees projects that you do not prepare"):
        change_committee(acting_user=cast.chen, project=cast.project, version=1, facts=CommitteeFacts("Board"))
    change_committee(acting_user=cast.mara, project=cast.project, version=1, facts=CommitteeFacts("Board"))
    assert said(cast.project) == said(print_project) == "Mara Moss changed what the committee Board is and may do"
    with pytest.raises(StaleWrite):
        change_committee(acting_user=cast.mara, project=cast.project, version=1, facts=CommitteeFacts("Panel"))


def test_committees_of_another_client_or_of_hidden_projects_cannot_be_joined(cast: Cast) -> None:
    theirs = set_up_committee(acting_user=None, project=cast.other, facts=CommitteeFacts("Birch board"))
    print_project = second_project(cast)
    hidden = set_up_committee(acting_user=None, project=print_project, facts=CommitteeFacts("Print board"))
    assert list(joinable(cast.project, cast.chen)) == []
    for found in (theirs, hidden):
        with pytest.raises(Committee.DoesNotExist):
            join_committee(acting_user=cast.chen, project=cast.project, committee=found.committee)


def test_the_chair_alone_moves_a_project_to_another_committee_and_says_why(cast: Cast) -> None:
    set_up(cast)
    other = set_up_committee(acting_user=None, project=second_project(cast), facts=CommitteeFacts("Print board"))
    with pytest.raises(NotPermitted):
        join_committee(acting_user=cast.mara, project=cast.project, committee=other.committee, why="Fewer meetings")
    grant_role(acting_user=None, project=other.project, user=cast.chen, role=ProjectRole.COMMITTEE)
    with pytest.raises(RuleBroken, match="Say why"):
        join_committee(acting_user=cast.chen, project=cast.project, committee=other.committee)
    join_committee(acting_user=cast.chen, project=cast.project, committee=other.committee, why="Fewer meetings")
    assert said(cast.project) == (
        "Chen Chair let the committee Print board oversee the project in place of Steering committee"
    )
