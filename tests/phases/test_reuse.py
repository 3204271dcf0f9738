"""A new project from an earlier one: what comes over, and what never does."""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from audittrail.models import Event
from audittrail.recent import recent_acts
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken
from phases.carrying import Carried, Carrier, carriers
from phases.choices import Approach, MadeAs, Origin, Status
from phases.models import PhaseActivity, PlanRules, ProjectActivity, RoleAssignment
from phases.selectors.catalogue import texts_for
from phases.selectors.reuse import offer_of, weeks_of
from phases.selectors.tailoring import tailoring_of
from phases.selectors.ties import relations_of
from phases.services.placing import WayOfWorking
from phases.services.reuse import Earlier, start_from
from phases.services.role_map import set_role_map
from phases.services.rows import Target, change_status
from phases.services.start import ProjectPlan
from phases.services.tailoring.leave_out import leave_out
from phases.services.tailoring.own import OwnActivity, add_own
from phases.services.tailoring.places import add_to_phase, move_to_phase
from phases.services.tailoring.split import join, split
from projects.choices import ProjectRole
from projects.models import Party, Project
from projects.services.team import create_party, grant_role
from tests.cast import CANARY, NOW, START, Cast

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
    said = OwnActivity(
        title=f"Tell the shops {words[:100]}",
        component="CH",
        nature="establish",
        roles=["Change management"],
        description=words,
    )
    add_own(acting_user=None, project=project, said=said, phases=[2], reason=f"Shops ask {words}"[:2000])
    party = create_party(acting_user=None, project=project, name=f"Desk {words[:100]}", function="Service desk")
    set_role_map(acting_user=None, project=project, entries={("Change management", ""): party})
    PlanRules.objects.filter(project=project).update(per_week=3)


def halve(project: Project, *names: str, ref: str = "CH.i", why: str = "Two sites") -> None:
    """Split an activity for sites."""
    activity = ProjectActivity.objects.get(project=project, ref=ref)
    split(acting_user=None, project=project, activity=activity, names=names or ("Graz", "Wien"), reason=why)


def parts_in(project: Project) -> list[tuple[str, str]]:
    parts = ProjectActivity.objects.filter(project=project, part_of__isnull=False).order_by("pk")
    return list(parts.values_list("ref", "part_name"))


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
    halve(cast.other, f"Graz {CANARY}", f"Wien {CANARY}", why=f"Two sites {CANARY}")
    halve(cast.other, f"Graz {CANARY}", "Linz", ref="CH.own-1", why=f"Two sites {CANARY}")
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
    assert phases_of(project, "CH.own-1") == [2]
    own = ProjectActivity.objects.get(project=project, ref="CH.own-1")
    assert (own.title, own.description, own.catalogue_activity_id) == ("Tell the shops here", "here", None)
    row = PhaseActivity.objects.get(project=project, activity=own)
    assert row.due is not None
    assert (row.origin, row.tailored_why) == (Origin.OWN, "Shops ask here (taken from Alder SMS)")
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
    project = start(cast, taken=["own:CH.own-1", "left:ZZ.z", "role:nobody/"])
    assert phases_of(project, "CH.own-1") == [2]
    assert not PhaseActivity.objects.filter(project=project, status=Status.NOT_APPLICABLE).exists()
    assert phases_of(project, "BA.a") == [2]
    assert not RoleAssignment.objects.filter(project=project).exists()
    assert PlanRules.objects.get(project=project).per_week == 5


def test_own_activities_come_over_by_the_path_that_every_own_activity_goes(cast: Cast) -> None:
    tailor(cast.project, words="here")
    project = start(cast)
    acts = Event.objects.filter(stream_id=project.uuid, key__startswith="CH.own-1").exclude(action="assign")
    assert [(event.action, event.key, event.actor_id) for event in acts.order_by("seq")] == [
        ("create own", "CH.own-1", cast.olga.pk),
        ("add own row", "CH.own-1@2", cast.olga.pk),
    ]
    over = Event.objects.get(stream_id=project.uuid, action="take from earlier")
    assert sentence(over).text == "Olga Alder took own activities over from alder: CH.own-1"


def test_what_came_over_says_who_and_when_on_the_tailoring_page(cast: Cast, sign_in) -> None:
    tailor(cast.project, words="here")
    project = start(cast)
    # A plan that was made before own activities had events of their own: the row alone.
    old = ProjectActivity.objects.create(
        project=project, ref="IM.own-9", component="IM", position=99, title="An old one", nature="establish"
    )
    PhaseActivity.objects.create(project=project, activity=old, phase_number=2, origin=Origin.OWN)
    lines = {line.name: line for line in tailoring_of(project).differing}
    assert {name: (line.kind, line.who, line.at) for name, line in lines.items()} == {
        "NC.a@3": ("left out", "Olga Alder", NOW),
        "BA.a@1": ("moved", "Olga Alder", NOW),
        "CH.own-1@2": ("own", "Olga Alder", NOW),
        "IM.own-9@2": ("own", "Olga Alder", NOW),
    }
    assert {name for name, line in lines.items() if not line.can_undo} == {"BA.a@1", "IM.own-9@2"}
    page = sign_in(cast.olga).get(f"/projects/{project.slug}/plan/tailoring/").content.decode()
    who = re.findall(r'<td class="tai-who"[^>]*>(.*?)</td>', page)
    assert who == ['Olga Alder <span class="t3">2 Mar 2026</span>'] * 4


def test_an_own_activity_comes_over_where_it_applies_with_a_number_of_the_new_plan(cast: Cast) -> None:
    for title, phases in (("Ask the night shift", [1]), ("Ask the day shift", [1, 2])):
        said = OwnActivity(title=title, component="CH", nature="define", roles=["Change management"])
        add_own(acting_user=cast.mara, project=cast.project, said=said, phases=phases, reason="Shifts")
    row = cast.row("CH.own-2", 2)
    leave_out(
        acting_user=cast.mara, project=cast.project, targets=[Target(row.pk, row.version)], reason="Once is enough"
    )
    PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.own-2", phase_number=1).update(
        status=Status.VERIFIED
    )
    project = start(cast, taken=["own:CH.own-2"], made_as=MadeAs.WIDER_SCOPE)
    rows = PhaseActivity.objects.filter(project=project, activity__catalogue_activity__isnull=True)
    assert [(row.activity.ref, row.activity.title, row.phase_number, row.status) for row in rows] == [
        ("CH.own-1", "Ask the day shift", 1, Status.NOT_STARTED)
    ]
    assert rows[0].note.startswith("Exists already: verified in Alder SMS.")


def test_an_own_activity_whose_roles_the_catalogue_lacks_is_for_who_answers_for_the_component(cast: Cast) -> None:
    tailor(cast.project, words="here")
    ProjectActivity.objects.filter(project=cast.project, ref="CH.own-1").update(roles=["Keeper of shops"])
    own = ProjectActivity.objects.get(project=start(cast), ref="CH.own-1")
    assert own.roles == [texts_for(cast.project).activities["CH.i"].roles[0]]


def test_a_split_comes_over_with_the_names_of_its_parts_and_why(cast: Cast) -> None:
    halve(cast.project)
    stood = phases_of(cast.project, "CH.i/1")
    assert offer_of(cast.project, cast.alder).behind == ()
    project = start(cast)
    assert parts_in(project) == [("CH.i/1", "Graz"), ("CH.i/2", "Wien")]
    part = ProjectActivity.objects.get(project=project, ref="CH.i/1")
    assert part.title == f"{texts_for(project).activities['CH.i'].title}: Graz"
    assert phases_of(project, "CH.i/1") == phases_of(project, "CH.i/2") == stood
    rows = PhaseActivity.objects.filter(project=project, activity=part)
    assert {(row.status, row.origin, row.tailored_why) for row in rows} == {
        (Status.NOT_STARTED, Origin.PART, "Two sites (taken from Alder SMS)")
    }
    assert all(row.due is not None for row in rows)
    whole = PhaseActivity.objects.filter(project=project, activity__ref="CH.i")
    assert {(row.status, row.reason) for row in whole} == {
        (Status.NOT_APPLICABLE, "Split into CH.i/1 Graz, CH.i/2 Wien. Two sites (taken from Alder SMS)")
    }
    event = Event.objects.get(stream_id=project.uuid, action="split")
    assert "Olga Alder made 2 parts of CH.i" in [act.sentence.text for act in recent_acts(project.uuid, 12)]
    assert (event.key, event.actor_id) == ("CH.i", cast.olga.pk)


def test_a_split_that_is_not_ticked_leaves_the_activity_whole(cast: Cast) -> None:
    halve(cast.project)
    project = start(cast, taken=[])
    assert parts_in(project) == []
    assert set(
        PhaseActivity.objects.filter(project=project, activity__ref="CH.i").values_list("status", flat=True)
    ) == {Status.NOT_STARTED}


def test_a_split_own_activity_is_split_where_it_comes_over_itself(cast: Cast) -> None:
    tailor(cast.project, words="here")
    halve(cast.project, ref="CH.own-1")
    offer = offer_of(cast.project, cast.alder)
    assert {"own:CH.own-1", "split:CH.own-1"} < set(offer.keys)
    assert not any(key.endswith(("/1", "/2")) for key in offer.keys)
    assert parts_in(start(cast, taken=["split:CH.own-1"])) == []
    assert parts_in(start(cast)) == [("CH.own-1/1", "Graz"), ("CH.own-1/2", "Wien")]


def test_parts_keep_their_order_and_what_was_verified_of_each_under_new_refs(cast: Cast) -> None:
    halve(cast.project)
    whole = ProjectActivity.objects.get(project=cast.project, ref="CH.i")
    join(acting_user=None, project=cast.project, activity=whole, reason="One site again")
    names = [f"Site {number}" for number in range(1, 10)]
    halve(cast.project, *names)
    assert parts_in(cast.project)[-1] == ("CH.i/11", "Site 9")
    PhaseActivity.objects.filter(pk=cast.row("CH.i/4", 1).pk).update(status=Status.VERIFIED)
    project = start(cast, made_as=MadeAs.WIDER_SCOPE)
    assert [name for _ref, name in parts_in(project)] == names
    noted = PhaseActivity.objects.filter(project=project).exclude(note="").select_related("activity")
    assert [(row.activity.part_name, row.phase_number) for row in noted] == [("Site 2", 1)]


def test_an_activity_left_out_in_one_phase_is_split_in_the_others(cast: Cast) -> None:
    row = cast.row("CH.i", 1)
    leave_out(acting_user=cast.mara, project=cast.project, targets=[Target(row.pk, row.version)], reason="Done before")
    halve(cast.project)
    project = start(cast)
    left = PhaseActivity.objects.get(project=project, activity__ref="CH.i", phase_number=1)
    assert left.reason == "Done before (taken from Alder SMS)"
    assert phases_of(project, "CH.i/1") == phases_of(cast.project, "CH.i/1")
    assert 1 not in phases_of(project, "CH.i/1")


def test_what_was_left_out_of_one_part_stays_behind_and_is_said(cast: Cast) -> None:
    halve(cast.project)
    row = cast.row("CH.i/2", 2)
    leave_out(acting_user=cast.mara, project=cast.project, targets=[Target(row.pk, row.version)], reason="No changes")
    assert offer_of(cast.project, cast.alder).behind == (
        "What was left out or moved of single parts: CH.i. Tailor those parts again.",
    )
    project = start(cast)
    assert PhaseActivity.objects.get(project=project, activity__ref="CH.i/2", phase_number=2).status == "not started"


def test_what_was_placed_in_operation_or_initiation_stays_behind_and_is_said(cast: Cast) -> None:
    move_to_phase(
        acting_user=cast.mara, project=cast.project, target=cast.target("CH.i", 3), phase=4, reason="Once it runs"
    )
    said = OwnActivity(title="Tell the shops", component="CH", nature="operate", roles=["Change management"])
    add_own(acting_user=cast.mara, project=cast.project, said=said, phases=[4], reason="Shops ask")
    activity = ProjectActivity.objects.get(project=cast.project, ref="CH.h")
    add_to_phase(acting_user=cast.mara, project=cast.project, activity=activity, phase=0, reason="Begin early")
    assert offer_of(cast.project, cast.alder).behind == (
        "What was moved or added to initiation or operation: CH.h in phase 0, CH.i in phase 4, CH.own-1 in phase 4. "
        "Move or add it again.",
    )
    across = offer_of(cast.project, cast.other.organization).behind
    assert across[0] == (
        "What was moved or added to initiation or operation: CH.h in phase 0, CH.i in phase 4. Move or add it again."
    )
    assert across[-1] == "1 own activity: its words may be another's."


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
    assert phases_of(project, "CH.own-1") == []
    assert parts_in(project) == []
    whole = PhaseActivity.objects.filter(project=project, activity__ref="CH.i")
    assert set(whole.values_list("status", flat=True)) == {Status.NOT_STARTED}
    left = PhaseActivity.objects.get(project=project, activity__ref="NC.a")
    assert left.reason == "We plan no new services either."


def test_the_offer_across_organizations_holds_refs_and_figures_only(both: Cast) -> None:
    offer = offer_of(both.other, both.alder)
    said = [offer.groups, offer.left, offer.why, offer.moved, offer.added, offer.behind, offer.rules, offer.weeks]
    said += [offer.own, offer.splits]
    assert CANARY not in repr(said)
    assert "Graz" not in repr(said)
    assert (offer.own, offer.splits) == ({}, {})
    assert "The parts of CH.i: their names are another's, so it comes over whole." in offer.behind
    assert "1 own activity: its words may be another's." in offer.behind
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


@pytest.mark.parametrize("statement", ["", "  the sms of ALDER IT\nsupports mail for staff, delivered from Graz."])
def test_a_scope_that_stays_the_same_is_not_widened(cast: Cast, statement: str) -> None:
    parts = {"services": ["Mail"], "delivered_by": "Alder IT", "locations": ["Graz"], "customers": ["staff"]}
    sentence_of_parts = "The SMS of Alder IT supports Mail for staff, delivered from Graz."
    Project.objects.filter(pk=cast.project.pk).update(
        scope_statement=sentence_of_parts if statement else "Ours, in our own words.", **parts
    )
    same = replace(PLAN, scope_statement=statement or sentence_of_parts, **parts)
    wider = replace(same, scope_statement="The SMS of Alder IT supports Mail for staff, delivered from Graz and Linz.")
    earlier = Earlier("alder", made_as=MadeAs.WIDER_SCOPE)
    with pytest.raises(RuleBroken, match="still that of Alder SMS") as refused:
        start_from(acting_user=cast.olga, organization=cast.alder, plan=same, earlier=earlier)
    assert refused.value.field == "scope"
    assert start_from(acting_user=cast.olga, organization=cast.alder, plan=wider, earlier=earlier).pk
    assert start_from(acting_user=cast.olga, organization=cast.alder, plan=same, earlier=Earlier("alder")).pk


def test_a_wider_scope_may_be_written_later(cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(scope_statement="To be written")
    earlier = Earlier("alder", made_as=MadeAs.WIDER_SCOPE)
    plan = replace(PLAN, scope_statement="To be written")
    assert start_from(acting_user=None, organization=cast.alder, plan=plan, earlier=earlier).scope_is_missing


def test_weeks_are_those_that_a_phase_took(cast: Cast) -> None:
    phases = list(cast.project.phases.all())
    assert weeks_of(phases) == {0: 10, 1: 18, 2: 24, 3: 30}
    phases[0].started_on, phases[0].closed_on = START, START.replace(day=31)
    assert weeks_of(phases)[0] == 3


def test_a_plan_of_the_catalogue_takes_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    from phases.services.start import start_project

    with django_assert_max_num_queries(40):
        start_project(acting_user=cast.olga, organization=cast.alder, plan=PLAN)
