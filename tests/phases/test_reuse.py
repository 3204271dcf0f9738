"""A new project from an earlier one: what comes over, and what never does."""

import json
from collections import Counter

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken
from phases.carrying import Carried, Carrier, carriers
from phases.choices import Approach, MadeAs, Origin, Status
from phases.models import PhaseActivity, PlanRules, ProjectActivity, RoleAssignment
from phases.selectors.reuse import offer_of, relations_of, weeks_of
from phases.services.placing import WayOfWorking
from phases.services.reuse import Earlier, start_from
from phases.services.role_map import set_role_map
from phases.services.rows import Target, change_status
from phases.services.start import ProjectPlan
from projects.choices import ProjectRole
from projects.models import Party, Project
from projects.services.team import create_party, grant_role
from tests.cast import CANARY, START, Cast

PLAN = ProjectPlan(name="Second SMS", start=START, scope_statement="What comes next.")


def tailor(project: Project, *, words: str) -> None:
    """Leave out, move, add, an activity of its own, a role map, rules: with `words` wherever there is text."""
    row = PhaseActivity.objects.get(project=project, activity__ref="NC.a", phase_number=3)
    change_status(
        acting_user=None,
        project=project,
        targets=[Target(row.pk, row.version)],
        status="not applicable",
        text=f"No new services are planned {words}",
    )
    PhaseActivity.objects.filter(project=project, activity__ref="BA.a", phase_number=2).update(
        phase_number=1, origin=Origin.MOVED, origin_phase=2, tailored_why=f"Sooner {words}"
    )
    added = PhaseActivity.objects.get(project=project, activity__ref="CH.i", phase_number=3)
    PhaseActivity.objects.filter(pk=added.pk).update(origin=Origin.ADDED, tailored_why=f"Again {words}", note=words)
    own = ProjectActivity.objects.create(
        project=project,
        ref="OWN.1",
        component="CH",
        position=9000,
        title=f"Tell the shops {words[:100]}",
        nature="establish",
        description=words,
        roles=["Change management"],
    )
    PhaseActivity.objects.create(project=project, activity=own, phase_number=2, origin=Origin.OWN)
    party = create_party(acting_user=None, project=project, name=f"Desk {words[:100]}", function="Service desk")
    set_role_map(acting_user=None, project=project, entries={("Change management", ""): party})
    PlanRules.objects.filter(project=project).update(per_week=3)


def phases_of(project: Project, ref: str) -> list[int]:
    rows = PhaseActivity.objects.filter(project=project, activity__ref=ref).order_by("phase_number")
    return list(rows.values_list("phase_number", flat=True))


def start(cast: Cast, who: str = "olga", **earlier) -> Project:
    return start_from(
        acting_user=cast.people[who],
        organization=cast.alder,
        plan=PLAN,
        earlier=Earlier(**{"slug": "alder", **earlier}),
    )


@pytest.fixture
def both(cast: Cast) -> Cast:
    """Carl is a consultant of Alder and manages Birch's project too, which is tailored and full of the canary."""
    grant_role(acting_user=None, project=cast.other, user=cast.carl, role=ProjectRole.MANAGER)
    tailor(cast.other, words=CANARY)
    return cast


# --- within an organization ----------------------------------------------------------------------------------------
def test_all_of_it_comes_over_within_an_organization(cast: Cast) -> None:
    tailor(cast.project, words="here")
    project = start(cast)
    left = PhaseActivity.objects.get(project=project, activity__ref="NC.a")
    assert (left.status, left.reason) == (
        Status.NOT_APPLICABLE,
        "No new services are planned here (taken from Alder SMS)",
    )
    assert phases_of(project, "BA.a") == [1]
    moved = PhaseActivity.objects.get(project=project, activity__ref="BA.a")
    assert (moved.origin, moved.origin_phase, moved.tailored_why) == (
        Origin.MOVED,
        2,
        "Sooner here (taken from Alder SMS)",
    )
    assert phases_of(project, "OWN.1") == [2]
    own = ProjectActivity.objects.get(project=project, ref="OWN.1")
    assert (own.title, own.description, own.catalogue_activity_id) == ("Tell the shops here", "here", None)
    assert PhaseActivity.objects.get(project=project, activity=own).due is not None
    entry = RoleAssignment.objects.get(project=project)
    assert (entry.role, entry.party.name, entry.party.function) == ("Change management", "Desk here", "Service desk")
    assert PhaseActivity.objects.filter(project=project, accountable=entry.party).exists()
    rules = PlanRules.objects.get(project=project)
    assert (rules.per_week, rules.made_from, rules.made_as) == (3, cast.project, MadeAs.METHOD)


def test_the_longest_justification_comes_over_with_its_mark(cast: Cast) -> None:
    tailor(cast.project, words="x" * 1970)
    project = start(cast)
    reason = PhaseActivity.objects.get(project=project, activity__ref="NC.a").reason
    assert len(reason) == 2000
    assert reason.endswith("x (taken from Alder SMS)")


def test_statuses_dates_and_notes_never_come_over(cast: Cast) -> None:
    tailor(cast.project, words="here")
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], status="in progress")
    project = start(cast)
    statuses = Counter(PhaseActivity.objects.filter(project=project).values_list("status", flat=True))
    assert set(statuses) == {"not started", "not applicable"}
    assert not PhaseActivity.objects.filter(project=project).exclude(note="").exists()


def test_only_what_is_ticked_comes_over(cast: Cast) -> None:
    tailor(cast.project, words="here")
    project = start(cast, taken=["own:OWN.1", "left:ZZ.z", "role:nobody/"])
    assert phases_of(project, "OWN.1") == [2]
    assert not PhaseActivity.objects.filter(project=project, status=Status.NOT_APPLICABLE).exists()
    assert phases_of(project, "BA.a") == [2]
    assert not RoleAssignment.objects.filter(project=project).exists()
    assert PlanRules.objects.get(project=project).per_week == 5


def test_a_party_that_is_no_longer_active_stays_behind(cast: Cast) -> None:
    tailor(cast.project, words="here")
    Party.objects.filter(project=cast.project, name="Desk here").update(is_active=False)
    project = start(cast)
    assert not RoleAssignment.objects.filter(project=project).exists()
    assert not Party.objects.filter(project=project, name="Desk here").exists()


def test_nobody_gets_access_because_they_are_named_in_the_role_map(cast: Cast) -> None:
    set_role_map(acting_user=None, project=cast.project, entries={("Change management", ""): cast.parties["petra"]})
    project = start(cast)
    party = RoleAssignment.objects.get(project=project).party
    assert (party.name, party.user, party.email) == ("Petra Pohl", None, "petra@alder.example")
    assert not Project.objects.visible_to(cast.petra).filter(pk=project.pk).exists()


def test_moved_rows_stay_behind_where_the_plan_goes_another_way(cast: Cast) -> None:
    tailor(cast.project, words="here")
    plan = ProjectPlan(name="Levels", start=START, scope_statement="x", way=WayOfWorking(Approach.LEVELS))
    project = start_from(acting_user=cast.olga, organization=cast.alder, plan=plan, earlier=Earlier(slug="alder"))
    assert not PhaseActivity.objects.filter(project=project, origin__in=[Origin.MOVED, Origin.ADDED]).exists()
    assert (
        PhaseActivity.objects.filter(project=project, activity__ref="NC.a", status=Status.NOT_APPLICABLE).count() == 1
    )


def test_what_a_higher_app_offers_comes_over_item_by_item(cast: Cast) -> None:
    carried: list[str] = []
    carriers.register(
        "lessons",
        Carrier(
            "Lessons",
            lambda _source: [Carried("1", "Train first"), Carried("2", "Ask early")],
            lambda _user, _source, _project, keys: carried.extend(keys),
        ),
    )
    try:
        assert "lessons:1" in offer_of(cast.project, cast.alder).keys
        start(cast, taken=["lessons:2"])
    finally:
        carriers.remove("lessons")
    assert carried == ["2"]


# --- across organizations ------------------------------------------------------------------------------------------
def everything_about(project: Project) -> str:
    """All that is stored of a project, as text."""
    found = [project.__dict__]
    for relation in ("activities", "phase_activities", "parties", "role_map", "packages", "phases", "memberships"):
        found += list(getattr(project, relation).values())
    found += list(PlanRules.objects.filter(project=project).values())
    found += list(Event.objects.filter(stream_id=project.uuid).values("payload", "key"))
    return json.dumps(found, default=str)


def test_no_word_of_another_client_comes_over(both: Cast) -> None:
    offer = offer_of(both.other, both.alder)
    project = start(both, "carl", slug="birch", taken=offer.keys, why_left="We plan no new services either.")
    assert CANARY not in everything_about(project)
    assert "birch" not in everything_about(project)
    assert PlanRules.objects.get(project=project).made_from is None
    assert phases_of(project, "BA.a") == [1]
    assert phases_of(project, "OWN.1") == []
    left = PhaseActivity.objects.get(project=project, activity__ref="NC.a")
    assert left.reason == "We plan no new services either."


def test_the_offer_across_organizations_holds_refs_and_figures_only(both: Cast) -> None:
    offer = offer_of(both.other, both.alder)
    said = [offer.groups, offer.left, offer.why, offer.moved, offer.added, offer.behind, offer.rules, offer.weeks]
    assert CANARY not in repr(said)
    assert {group.key for group in offer.groups} == {"left", "moved", "added", "rules"}
    assert "left:NC.a" not in offer.proposed


def test_what_another_client_left_out_needs_words_of_ones_own(both: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        start(both, "carl", slug="birch", taken=["left:NC.a"])
    assert refused.value.field == "why_left"
    project = start(both, "carl", slug="birch")
    assert not PhaseActivity.objects.filter(project=project, status=Status.NOT_APPLICABLE).exists()


def test_who_reads_the_new_project_sees_no_tie_to_another_client(both: Cast) -> None:
    project = start(both, "carl", slug="birch")
    assert relations_of(project, both.carl) == []
    assert relations_of(both.other, both.bruno) == []


# --- who may -------------------------------------------------------------------------------------------------------
def test_a_project_that_one_does_not_see_is_no_source(cast: Cast) -> None:
    for slug in ("birch", "nothing"):
        with pytest.raises(RuleBroken) as refused:
            start(cast, slug=slug)
        assert refused.value.field == "source"
    assert not Project.objects.filter(name="Second SMS").exists()


def test_who_sees_the_source_but_may_not_start_projects_starts_none(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        start(cast, "mara")


def test_a_source_out_of_sight_since_the_page_was_shown_starts_nothing(both: Cast) -> None:
    both.other.memberships.filter(user=both.carl).update(ends_at=both.other.created_at)
    with pytest.raises(RuleBroken):
        start(both, "carl", slug="birch")


# --- a wider scope -------------------------------------------------------------------------------------------------
def test_what_was_verified_exists_already_and_is_to_be_improved(cast: Cast) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.i", 1).pk).update(status=Status.VERIFIED)
    project = start(cast, made_as=MadeAs.WIDER_SCOPE)
    noted = PhaseActivity.objects.filter(project=project).exclude(note="").select_related("activity")
    assert [(row.activity.ref, row.phase_number, row.status) for row in noted] == [("CH.i", 1, "not started")]
    assert noted[0].note == "Exists already: verified in Alder SMS. Improve it for the wider scope."


def test_both_projects_say_what_they_are_to_each_other(cast: Cast) -> None:
    project = start(cast, made_as=MadeAs.WIDER_SCOPE)
    assert [(tie.project, tie.words) for tie in relations_of(project, cast.olga)] == [
        (cast.project, "Widens the scope of")
    ]
    assert [(tie.project, tie.words) for tie in relations_of(cast.project, cast.olga)] == [
        (project, "Scope widened by")
    ]
    assert relations_of(cast.project, cast.mara) == []


def test_a_scope_is_widened_within_one_organization_only(both: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        start(both, "carl", slug="birch", made_as=MadeAs.WIDER_SCOPE)
    assert refused.value.field == "made_as"


def test_weeks_are_those_that_a_phase_took(cast: Cast) -> None:
    phases = list(cast.project.phases.all())
    assert weeks_of(phases) == {0: 10, 1: 18, 2: 24, 3: 30}
    phases[0].started_on, phases[0].closed_on = START, START.replace(day=31)
    assert weeks_of(phases)[0] == 3


def test_a_plan_of_the_catalogue_takes_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    from phases.services.start import start_project

    with django_assert_max_num_queries(40):
        start_project(acting_user=cast.olga, organization=cast.alder, plan=PLAN)
