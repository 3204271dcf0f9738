"""Taking the supplement into a running project, and out of it."""

from collections import Counter
from datetime import date, timedelta

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.services.comments import add_comment
from phases.models import Contributor, Phase, PhaseActivity, ProjectActivity, RoleAssignment
from phases.selectors.catalogue import texts_for
from phases.services.role_map import set_role_map
from phases.services.rows import Target, assign_party, change_status, set_due, write_note
from phases.services.supplement import SupplementHoldsWork, add_supplement, decline_supplement
from tests.cast import Cast
from tests.phases.supplement_plans import close, extra_rows

TODAY = date(2026, 3, 2)


@pytest.fixture
def taken(cast: Cast, supplement) -> Cast:
    """Alder's project has taken the supplement."""
    add_supplement(acting_user=cast.mara, project=cast.project)
    return cast


def last_event(cast: Cast) -> Event:
    return Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]


def target(cast: Cast, ref: str = "S.CX.a", phase: int = 1) -> Target:
    row = extra_rows(cast.project)[ref, phase]
    return Target(row.pk, row.version)


def test_adding_it_makes_its_rows_in_the_open_phases_and_one_event(cast: Cast, supplement) -> None:
    events = Event.objects.filter(stream_id=cast.project.uuid).count()
    rows = add_supplement(acting_user=cast.mara, project=cast.project)
    assert Counter(row.phase_number for row in rows) == {1: 14, 2: 28, 3: 28}
    assert cast.project.supplement_sha256 == supplement.sha256
    assert Event.objects.filter(stream_id=cast.project.uuid).count() == events + 1
    event = last_event(cast)
    assert (event.action, event.content["changes"]["supplement"]) == ("add supplement", 70)
    assert sentence(event).text == "Mara Moss added the supplement for 2018 to the plan, with 70 phase activities"


def test_what_stands_already_is_not_touched(cast: Cast, supplement) -> None:
    def others() -> list[tuple[object, ...]]:
        rows = PhaseActivity.objects.filter(project=cast.project, activity__is_supplement=False)
        return list(rows.order_by("pk").values_list("pk", "due", "status", "version"))

    before = others()
    add_supplement(acting_user=cast.mara, project=cast.project)
    assert others() == before


def test_dates_lie_in_what_is_left_of_each_phase_and_a_role_keeps_five_a_week(cast: Cast, supplement) -> None:
    # Half of phase 1 is over.
    close(cast.project, 0, on=TODAY)
    first = cast.project.phases.get(number=1)
    with clock.moved_to(clock.start_of(first.start + timedelta(weeks=9), "UTC")):
        add_supplement(acting_user=None, project=cast.project)
    ends = {phase.number: (phase.start, phase.end) for phase in cast.project.phases.all()}
    for (_ref, number), row in extra_rows(cast.project).items():
        start, end = ends[number]
        assert max(start, first.start + timedelta(weeks=9)) <= row.due <= end
    texts = texts_for(cast.project)
    weeks: Counter[tuple[int, str, int, int]] = Counter()
    for row in PhaseActivity.objects.filter(project=cast.project).select_related("activity"):
        weeks[row.phase_number, texts.activities[row.activity.ref].roles[0], *row.due.isocalendar()[:2]] += 1
    assert max(weeks.values()) <= 5


def test_a_phase_whose_time_is_over_gives_no_dates(cast: Cast, supplement) -> None:
    Phase.objects.filter(project=cast.project, number=1).update(end=TODAY - timedelta(days=1))
    add_supplement(acting_user=cast.mara, project=cast.project)
    assert {row.due for (_ref, number), row in extra_rows(cast.project).items() if number == 1} == {None}


def test_closed_phases_get_nothing_and_their_work_comes_into_the_next_one_or_the_current(
    cast: Cast, supplement
) -> None:
    close(cast.project, 0, 1, 2, on=TODAY)
    add_supplement(acting_user=cast.mara, project=cast.project)
    rows = extra_rows(cast.project)
    assert {number for _ref, number in rows} == {3}
    assert len(rows) == 34
    # Marked for phases 1 and 2 alone, both closed: the phase that runs takes it.
    assert texts_for(cast.project).activities["S.KN.a"].phases == (1, 2)
    assert ("S.KN.a", 3) in rows


def test_in_operation_all_of_it_comes_there_without_dates(cast: Cast, supplement) -> None:
    close(cast.project, 0, 1, 2, 3, on=TODAY)
    add_supplement(acting_user=cast.mara, project=cast.project)
    rows = extra_rows(cast.project)
    assert {number for _ref, number in rows} == {4}
    assert {row.due for row in rows.values()} == {None}


def test_the_role_map_gives_its_rows_out_at_once(cast: Cast, supplement) -> None:
    toma, tim = cast.parties["toma"], cast.parties["tim"]
    entries = {("Top management", ""): toma, ("Project (or team member)", ""): tim}
    set_role_map(acting_user=cast.mara, project=cast.project, entries=entries)
    add_supplement(acting_user=cast.mara, project=cast.project)
    row = extra_rows(cast.project)["S.CX.a", 1]
    assert (row.accountable, row.assigned_by) == (toma, "role map")
    assert list(Contributor.objects.filter(phase_activity=row).values_list("party", flat=True)) == [tim.pk]


def test_it_is_refused_twice_for_another_edition_when_not_loaded_and_at_the_end(cast: Cast, supplement) -> None:
    project = cast.project
    for values, said in (
        ({"supplement_pack": "sms-2018-supplement"}, "part of this plan already"),
        ({"supplement_pack": "", "edition": "2011"}, "goes with the edition of 2018"),
    ):
        type(project).objects.filter(pk=project.pk).update(**values)
        with pytest.raises(RuleBroken, match=said):
            add_supplement(acting_user=cast.mara, project=project)
    type(project).objects.filter(pk=project.pk).update(edition="2018")
    Phase.objects.filter(project=project).update(state="closed")
    with pytest.raises(RuleBroken, match="Every phase"):
        add_supplement(acting_user=cast.mara, project=project)
    assert extra_rows(project) == {}


def test_it_says_when_none_is_loaded(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="No supplement is loaded"):
        add_supplement(acting_user=cast.mara, project=cast.project)


@pytest.mark.parametrize("who", ["toma", "petra", "tim", "audra", "carl", "bruno"])
def test_only_who_may_tailor_decides(cast: Cast, supplement, who: str) -> None:
    user = cast.people[who]
    with pytest.raises(NotPermitted):
        add_supplement(acting_user=user, project=cast.project)
    with pytest.raises(NotPermitted):
        decline_supplement(acting_user=user, project=cast.project, reason="No need")


def test_a_project_that_changed_meanwhile_is_not_decided_on(cast: Cast, supplement) -> None:
    seen = cast.project.version
    decline_supplement(acting_user=cast.mara, project=cast.project, reason="Not now", version=seen)
    with pytest.raises(StaleWrite):
        add_supplement(acting_user=cast.olga, project=cast.project, version=seen)
    assert extra_rows(cast.project) == {}


def test_declining_takes_it_out_with_all_that_hangs_on_it(taken: Cast) -> None:
    toma = taken.parties["toma"]
    entries = {("Top management", "S.CX"): toma, ("Top management", ""): toma}
    set_role_map(acting_user=taken.mara, project=taken.project, entries=entries)
    events = Event.objects.filter(stream_id=taken.project.uuid).count()
    decline_supplement(acting_user=taken.mara, project=taken.project, reason=" Runs elsewhere ")
    project = type(taken.project).objects.get(pk=taken.project.pk)
    assert (project.supplement_pack, project.supplement_sha256) == ("", "")
    assert project.supplement_declined == "Runs elsewhere"
    assert not ProjectActivity.objects.filter(project=project, is_supplement=True).exists()
    assert PhaseActivity.objects.filter(project=project).count() == 479
    assert list(RoleAssignment.objects.filter(project=project).values_list("component", flat=True)) == [""]
    assert Event.objects.filter(stream_id=project.uuid).count() == events + 1
    event = last_event(taken)
    assert (event.action, event.content["reason"]) == ("decline supplement", "Runs elsewhere")
    assert event.content["changes"]["phase activities removed"] == 70
    assert event.content["changes"]["role map entries removed"] == ["Top management / S.CX: Toma Tate"]


def test_what_was_declined_can_be_added_after_all(cast: Cast, supplement) -> None:
    decline_supplement(acting_user=cast.mara, project=cast.project, reason="Not now")
    add_supplement(acting_user=cast.mara, project=cast.project)
    assert cast.project.supplement_declined == ""
    assert last_event(cast).content["changes"]["supplement declined"] == ["Not now", None]


def _work(cast: Cast, kind: str) -> None:
    """Leave a mark of one kind on S.CX.a."""
    act = {"acting_user": cast.mara, "project": cast.project}
    if kind == "status":
        change_status(**act, targets=[target(cast)], status="in progress")
    elif kind == "note":
        write_note(**act, target=target(cast), note="Begun")
    elif kind == "comment":
        add_comment(**act, kind="activity", key="S.CX.a", body="Who does it?")
    elif kind == "date":
        set_due(**act, targets=[target(cast)], due=date(2026, 5, 5))
    else:
        assign_party(**act, targets=[target(cast)], party=cast.parties["tim"])


@pytest.mark.parametrize("kind", ["status", "note", "comment", "date", "party"])
def test_it_stays_while_somebody_has_worked_on_it_and_says_on_what(taken: Cast, kind: str) -> None:
    _work(taken, kind)
    with pytest.raises(SupplementHoldsWork, match=r"S\.CX\.a") as refused:
        decline_supplement(acting_user=taken.mara, project=taken.project, reason="No need")
    assert refused.value.refs == ["S.CX.a"]
    assert len(extra_rows(taken.project)) == 70
    assert taken.project.supplement_pack == "sms-2018-supplement"


def test_what_the_role_map_gave_out_is_no_work(taken: Cast) -> None:
    entries = {("Top management", ""): taken.parties["toma"]}
    set_role_map(acting_user=taken.mara, project=taken.project, entries=entries)
    assert extra_rows(taken.project)["S.CX.a", 1].accountable == taken.parties["toma"]
    decline_supplement(acting_user=taken.mara, project=taken.project, reason="No need")
    assert extra_rows(taken.project) == {}


@pytest.mark.parametrize("reason", ["", "  ", "?!", "x" * 2001])
def test_a_reason_needs_words(taken: Cast, reason: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        decline_supplement(acting_user=taken.mara, project=taken.project, reason=reason)
    assert refused.value.field == "supplement_reason"
    assert len(extra_rows(taken.project)) == 70


def test_a_project_of_2011_has_nothing_to_decline_but_may_give_back_what_it_took(taken: Cast) -> None:
    project = taken.project
    type(project).objects.filter(pk=project.pk).update(edition="2011")
    decline_supplement(acting_user=taken.mara, project=project, reason="Back to the old edition")
    with pytest.raises(RuleBroken, match="goes with the edition of 2018"):
        decline_supplement(acting_user=taken.mara, project=project, reason="Once more")
