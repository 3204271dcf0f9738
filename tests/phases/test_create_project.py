"""Starting a project from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Event
from phases.models import PhaseActivity, PlanRules
from projects.models import Organization, Project
from tests.cast import Cast


def create(**options: str) -> str:
    out = StringIO()
    values = {"organization": "Cedar", "name": "Cedar SMS", "start": "2026-09-01", **options}
    call_command("create_project", stdout=out, stderr=StringIO(), **values)
    return out.getvalue()


def test_it_prints_the_slug_as_its_last_line(catalogue) -> None:
    slug = create().strip().splitlines()[-1]
    project = Project.objects.get(slug=slug)
    assert (project.name, project.organization.name, str(project.start_date)) == ("Cedar SMS", "Cedar", "2026-09-01")
    assert PhaseActivity.objects.filter(project=project).count() == 479


def test_it_leaves_the_scope_to_be_written_and_the_pages_know(catalogue) -> None:
    create()
    project = Project.objects.get(name="Cedar SMS")
    assert project.scope_statement == "to be written"
    assert project.scope_is_missing


def test_it_takes_a_scope(catalogue) -> None:
    create(scope="Mail for the group")
    assert not Project.objects.get(name="Cedar SMS").scope_is_missing


def test_it_uses_an_organization_that_is_there(cast: Cast) -> None:
    create(organization="Alder IT", name="Second")
    assert Organization.objects.filter(name="Alder IT").count() == 1
    assert Project.objects.get(name="Second").organization == cast.alder


def test_it_acts_as_the_system_by_command(catalogue) -> None:
    create()
    event = Event.objects.get(kind="project", action="create", stream_id=Project.objects.get(name="Cedar SMS").uuid)
    assert (event.content["actor"], event.content["via"]) == ("system", "command")


def test_it_acts_as_a_user_who_becomes_the_manager(cast: Cast) -> None:
    create(organization="Alder IT", name="Second", acting_as="CARL@alder.example")
    project = Project.objects.get(name="Second")
    assert list(project.memberships.values_list("user__email", "role")) == [("carl@alder.example", "manager")]


def test_it_refuses_who_may_not_and_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(CommandError, match="owners and consultants"):
        create(organization="Alder IT", name="Second", acting_as="tim@alder.example")
    assert not Project.objects.filter(name="Second").exists()


@pytest.mark.parametrize("day", ["2026-02-30", "01.09.2026", "20260901", "soon", "2026-W01-1", ""])
def test_it_names_a_day_that_does_not_exist(catalogue, day: str) -> None:
    with pytest.raises(CommandError) as refused:
        create(start=day)
    assert repr(day) in str(refused.value)
    assert not Organization.objects.filter(name__in=("Cedar", "")).exists()


@pytest.mark.parametrize(
    ("options", "said"), [({"name": "  "}, "name"), ({"scope": " "}, "scope"), ({"organization": " "}, "name")]
)
def test_it_refuses_blanks_and_leaves_nothing_behind(catalogue, options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        create(**options)
    assert not Project.objects.filter(organization__name__in=("Cedar", "")).exists()
    assert not Organization.objects.filter(name__in=("Cedar", "")).exists()


def test_it_asks_which_of_two_organizations_of_one_name(cast: Cast) -> None:
    Organization.objects.create(name="Alder IT", slug="alder-two")
    with pytest.raises(CommandError, match="several named 'Alder IT'"):
        create(organization="Alder IT")


def test_it_says_that_the_content_is_not_loaded(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phases.services.start.newest_catalogue", lambda: None)
    with pytest.raises(CommandError, match="load_content"):
        create()


def test_it_starts_from_an_earlier_project_with_its_approach_and_weeks(cast: Cast) -> None:
    PlanRules.objects.filter(project=cast.project).update(approach="levels", very_small=True)
    create(organization="Alder IT", name="Second", earlier="alder", acting_as="olga@alder.example")
    rules = PlanRules.objects.get(project__name="Second")
    assert (rules.approach, rules.very_small, rules.made_from, rules.made_as) == (
        "levels",
        True,
        cast.project,
        "method",
    )


def test_it_widens_a_scope_in_less_time(cast: Cast) -> None:
    create(organization="Alder IT", name="Second", earlier="alder", wider_scope=True)
    project = Project.objects.get(name="Second")
    assert [(phase.end - phase.start).days + 1 for phase in project.phases.exclude(number=4)] == [42, 77, 98, 126]
    assert PlanRules.objects.get(project=project).made_as == "wider scope"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"earlier": "birch", "acting_as": "olga@alder.example"}, "--from: there is no project 'birch'"),
        ({"earlier": "nothing"}, "--from: there is no project 'nothing'"),
        ({"wider_scope": True}, "--wider-scope: say with --from"),
        ({"earlier": "birch", "wider_scope": True}, "within one organization"),
    ],
)
def test_it_refuses_a_source_that_cannot_be(cast: Cast, options: dict, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        create(organization="Alder IT", name="Second", **options)
    assert not Project.objects.filter(name="Second").exists()
