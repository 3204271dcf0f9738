"""A new project and the supplement: taken, declined, or not for its edition."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import RuleBroken
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.catalogue import SUPPLEMENT_POSITION, texts_for
from projects.models import Project
from tests.cast import START, Cast
from tests.phases.supplement_plans import extra_rows, new_project


def started(project: Project) -> Event:
    """The one event of a new project."""
    return Event.objects.get(stream_id=project.uuid)


@pytest.fixture
def project(cast: Cast, supplement) -> Project:
    return new_project(cast)


def test_a_plan_for_2018_gets_it_in_the_phases_that_it_marks(project: Project) -> None:
    rows = extra_rows(project)
    assert Counter(phase for _ref, phase in rows) == {1: 14, 2: 28, 3: 28}
    assert ProjectActivity.objects.filter(project=project, is_supplement=True).count() == 34
    main = PhaseActivity.objects.filter(project=project, activity__is_supplement=False)
    assert Counter(main.values_list("phase_number", flat=True)) == {0: 8, 1: 76, 2: 172, 3: 223}


def test_its_rows_stand_after_all_others(project: Project) -> None:
    places = list(
        ProjectActivity.objects.filter(project=project).order_by("position").values_list("is_supplement", "position")
    )
    assert [extra for extra, _place in places] == [False] * 287 + [True] * 34
    assert places[287] == (True, SUPPLEMENT_POSITION + 1)


def test_version_and_hash_are_pinned_and_stand_in_the_one_event(project: Project, supplement) -> None:
    assert (project.supplement_pack, project.supplement_version, project.supplement_sha256) == (
        supplement.pack,
        supplement.version,
        supplement.sha256,
    )
    event = started(project)
    changes = event.content["changes"]
    assert (changes["phase activities"], changes["supplement"]) == (471 + 8, 70)
    assert changes["supplement_sha256"] == supplement.sha256
    assert sentence(event).text == (
        "Olga Alder started the project Fresh with 479 phase activities, and 70 of the supplement"
    )


def test_dates_lie_in_their_phase_and_a_role_keeps_five_a_week(project: Project) -> None:
    windows = {phase.number: (phase.start, phase.end) for phase in project.phases.all()}
    texts = texts_for(project)
    weeks: Counter[tuple[int, str, int, int]] = Counter()
    for row in PhaseActivity.objects.filter(project=project).select_related("activity"):
        first, last = windows[row.phase_number]
        assert row.due is not None
        assert first <= row.due <= last
        role = texts.activities[row.activity.ref].roles[0]
        weeks[row.phase_number, role, *row.due.isocalendar()[:2]] += 1
    assert max(weeks.values()) <= 5


def test_an_older_edition_never_gets_it(cast: Cast, supplement) -> None:
    project = new_project(cast, edition="2011")
    assert (project.supplement_pack, project.supplement_declined, extra_rows(project)) == ("", "", {})
    assert "supplement" not in started(project).content["changes"]


def test_a_plan_may_decline_it_with_a_reason(cast: Cast, supplement) -> None:
    project = new_project(cast, supplement_declined=" Runs in our ISO 9001 system ")
    assert (project.supplement_pack, extra_rows(project)) == ("", {})
    assert project.supplement_declined == "Runs in our ISO 9001 system"
    assert started(project).content["changes"]["supplement declined"] == "Runs in our ISO 9001 system"


@pytest.mark.parametrize("reason", [" ", "...", "–", "x" * 2001])
def test_a_reason_without_words_is_refused_at_its_field(cast: Cast, supplement, reason: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        new_project(cast, supplement_declined=reason)
    assert refused.value.field == "supplement_reason"
    assert not Project.objects.filter(name="Fresh").exists()


def test_without_a_loaded_supplement_the_plan_is_that_of_the_catalogue(cast: Cast) -> None:
    project = new_project(cast)
    assert (project.supplement_pack, extra_rows(project)) == ("", {})


def test_it_takes_at_most_forty_queries(cast: Cast, supplement, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(40):
        new_project(cast)


def test_the_texts_of_a_project_hold_both_and_cost_no_query(project: Project, django_assert_num_queries) -> None:
    texts_for(project)
    with django_assert_num_queries(0):
        texts = texts_for(project)
    refs = list(texts.activities)
    assert refs[-34:] == list(texts.supplement.activities)
    assert list(texts.components)[-8:] == list(texts.supplement.components)
    assert (texts.is_supplement("S.CX.a"), texts.is_supplement("CH.i")) == (True, False)
    assert texts.source_of("S.CX.a").pack == "sms-2018-supplement"
    assert texts.source_of("CH.i").pack == texts.pack == "tr20000-5-2010"
    assert texts.activities["S.CX.a"].position > max(texts.activities[ref].position for ref in refs[:-34])


def test_the_command_leaves_it_out_with_a_reason(cast: Cast, supplement) -> None:
    options = {"organization": "Alder IT", "start": START.isoformat(), "scope": "x", "stdout": StringIO()}
    call_command("create_project", name="With", **options)
    call_command("create_project", name="Without", without_supplement="Runs elsewhere", **options)
    assert len(extra_rows(Project.objects.get(slug="with"))) == 70
    assert Project.objects.get(slug="without").supplement_declined == "Runs elsewhere"
