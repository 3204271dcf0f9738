"""Starting a project."""

from collections import Counter

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken
from phases.models import PhaseActivity
from phases.services.start import ProjectPlan, start_project
from projects.models import Project
from tests.cast import START, Cast


def test_it_plans_every_activity_of_the_catalogue_in_the_phases_where_it_is_marked(cast: Cast) -> None:
    phases = Counter(PhaseActivity.objects.filter(project=cast.project).values_list("phase_number", flat=True))
    assert phases == {0: 8, 1: 76, 2: 172, 3: 223}


def test_it_gives_every_row_a_due_date_inside_its_phase(cast: Cast) -> None:
    ends = {phase.number: (phase.start, phase.end) for phase in cast.project.phases.all()}
    for number, due in PhaseActivity.objects.filter(project=cast.project).values_list("phase_number", "due"):
        start, end = ends[number]
        assert start <= due <= end
        assert due.weekday() < 5


def test_it_writes_one_trail_event_with_the_hash_of_the_catalogue(cast: Cast, catalogue) -> None:
    events = list(Event.objects.filter(stream_id=cast.project.uuid, kind="project"))
    assert [event.action for event in events] == ["create"]
    assert events[0].content["changes"]["catalogue_sha256"] == catalogue.sha256


def test_who_starts_it_becomes_its_manager(cast: Cast) -> None:
    plan = ProjectPlan(name="Second", start=START, scope_statement="x")
    project = start_project(acting_user=cast.carl, organization=cast.alder, plan=plan)
    assert list(project.memberships.values_list("user__email", "role")) == [("carl@alder.example", "manager")]


@pytest.mark.parametrize("who", ["mara", "nina", "bruno"])
def test_it_refuses_who_is_neither_owner_nor_consultant_there(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        start_project(
            acting_user=cast.people[who],
            organization=cast.alder,
            plan=ProjectPlan(name="Mine", start=START, scope_statement="x"),
        )
    assert not Project.objects.filter(name="Mine").exists()


def test_it_refuses_an_empty_scope_and_names_the_field(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        start_project(acting_user=cast.olga, organization=cast.alder, plan=ProjectPlan(name="No scope", start=START))
    assert refused.value.field == "scope"


def test_it_takes_at_most_forty_queries(cast: Cast, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(40):
        start_project(
            acting_user=cast.olga,
            organization=cast.alder,
            plan=ProjectPlan(name="Counted", start=START, scope_statement="x"),
        )
