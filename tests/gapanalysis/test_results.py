"""What assessments say, rolled up over both editions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from gapanalysis.choices import TargetOf
from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.models import Assessment, Target
from gapanalysis.selectors.results import Results, results_of
from phases.models import ProjectActivity
from tests.cast import Cast
from tests.gapanalysis.conftest import give, make, move


def read(cast: Cast, edition: str = "2018", **asked) -> Results:
    found = results_of(cast.project, edition=edition, **asked)
    assert found is not None
    return found


def again(cast: Cast, locked: Assessment, title: str = "Interim") -> Assessment:
    """An assessment that asks everything again, beside the baseline's answers; open."""
    return move(cast, make(cast, "ad hoc", title=title, started_from=locked), "in progress")


def test_a_project_without_an_assessment_has_no_results(cast: Cast, questionnaire) -> None:
    assert results_of(cast.project, edition="2018") is None
    make(cast)
    assert results_of(cast.project, edition="2018") is None, "a draft says nothing"


def test_answers_roll_up_to_clauses_chapters_and_the_whole(cast: Cast, locked: Assessment) -> None:
    now = read(cast).now
    assert (now.whole.asked, now.whole.answered, now.whole.of(Value.CONFORMS), now.whole.gaps) == (8, 4, 2, 2)
    assert now.clauses["5.2.1"].may_claim
    assert now.clauses["5"].may_claim
    assert (now.clauses["8"].asked, now.clauses["8"].standing) == (4, Value.MAJOR)
    assert now.clauses["8.5.1.3"].standing == Value.MINOR


def test_a_question_of_one_edition_does_not_count_in_the_other(cast: Cast, locked: Assessment) -> None:
    old = read(cast, "2011").now
    assert "Q-11-4.1.4-01" in old.words
    assert "Q-4.1-01" not in old.words
    assert old.clauses["4.1.2"].may_claim, "one answer counts in both editions"
    assert old.whole.asked == 8


def test_answers_roll_up_to_components(cast: Cast, locked: Assessment) -> None:
    components = read(cast).now.components
    assert components["MR"].may_claim
    assert (components["CH"].asked, components["CH"].answered, components["CH"].standing) == (2, 1, Value.MINOR)


def test_what_nobody_looked_at_again_does_not_count(cast: Cast, locked: Assessment) -> None:
    interim = again(cast, locked)
    give(cast, interim, "Q-5.2.1-01", "conforms")
    now = read(cast, until=interim).now
    assert (now.whole.of(Value.CONFORMS), now.whole.answered) == (1, 1)
    assert {value: now.waiting.of(value) for value in (Value.CONFORMS, Value.MINOR, Value.MAJOR)} == {
        Value.CONFORMS: 1,
        Value.MINOR: 1,
        Value.MAJOR: 1,
    }


def test_what_a_phase_end_does_not_ask_stands_as_it_was(cast: Cast, locked: Assessment) -> None:
    phase_end = move(cast, make(cast, "end of phase 1"), "in progress")
    now = read(cast).now
    asked = set(phase_end.answers.values_list("question__ref", flat=True))
    stood = {ref for ref, word in now.words.items() if not word.is_asked and word.said is not None}
    assert stood == {"Q-5.2.1-01", "Q-5.2.1-02"} - asked
    assert now.standing == len(stood)
    assert now.own.asked == len(now.words) - len({ref for ref in now.words if ref not in asked})


def test_changes_name_better_worse_same_and_not_looked_at(cast: Cast, locked: Assessment) -> None:
    interim = again(cast, locked)
    give(cast, interim, "Q-5.2.1-01", "minor gap")
    give(cast, interim, "Q-8.5.1.3-01", "conforms")
    give(cast, interim, "Q-8.6.1-01", "major gap")
    give(cast, interim, "Q-9.2-01", "no case yet")
    found = read(cast)
    changes = found.changes(found.columns[0], found.now)
    assert changes == {
        "Q-5.2.1-01": Change.WORSE,
        "Q-5.2.1-02": Change.OPEN,
        "Q-8.5.1.3-01": Change.BETTER,
        "Q-8.5.1.3-02": Change.OPEN,
        "Q-8.6.1-01": Change.SAME,
        "Q-8.6.1-02": Change.OPEN,
        "Q-9.2-01": Change.FIRST,
        "Q-4.1-01": Change.OPEN,
    }


def test_gaps_come_by_weight_and_say_since_when(cast: Cast, locked: Assessment) -> None:
    interim = again(cast, locked)
    give(cast, interim, "Q-8.5.1.3-01", "major gap")
    give(cast, interim, "Q-8.6.1-01", "major gap")
    ProjectActivity.objects.filter(project=cast.project).update(is_key=False)
    ProjectActivity.objects.filter(project=cast.project, ref="IN.a").update(is_key=True)
    found = read(cast)
    gaps = found.gaps(found.now, found.columns[0])
    assert [(line.gap.ref, line.gap.weight, line.change, line.since) for line in gaps] == [
        ("Q-8.6.1-01", 6, Change.SAME, 0),
        ("Q-8.5.1.3-01", 3, Change.WORSE, 1),
    ]


def test_picked_assessments_still_stand_on_all_before_them(cast: Cast, locked: Assessment) -> None:
    interim = again(cast, locked)
    found = read(cast, keys=[interim.key])
    assert [each.assessment for each in found.columns] == [interim]
    assert found.now.waiting.asked == 4


def test_results_of_an_assessment_do_not_look_ahead(cast: Cast, locked: Assessment) -> None:
    with clock.moved_to(clock.now()):
        again(cast, locked)
    assert [each.assessment for each in read(cast, until=locked).columns] == [locked]


def test_another_project_says_nothing_here(cast: Cast, locked: Assessment) -> None:
    assert results_of(cast.other, edition="2018") is None


def test_a_clause_has_its_own_target_or_that_of_what_holds_it(cast: Cast, locked: Assessment) -> None:
    Target.objects.create(project=cast.project, of=TargetOf.CLAUSE, key="8", value=60)
    Target.objects.create(project=cast.project, of=TargetOf.CLAUSE, key="8.5", value=80)
    Target.objects.create(project=cast.project, of=TargetOf.PROCESS, key="change-management", value=5)
    found = read(cast)
    assert [found.target_of_clause(clause) for clause in ("8", "8.6.1", "8.5.1.3", "5")] == [60, 60, 80, None]
    assert found.target_of_process("Change management") == 5
    assert [found.target_of_component(code, found.now) for code in ("CH", "IN", "MR")] == [80, 60, None]
    assert read(cast, "2011").target_of_clause("8.1") is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_roll_up_takes_the_same_queries_whatever_the_number(cast: Cast, locked: Assessment, count: int) -> None:
    for number in range(count):
        again(cast, locked, f"Round {number}")
    read(cast)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = read(cast)
        _all = [(each.clauses, each.components, found.gaps(each, None)) for each in found.columns]
    assert len(found.columns) == count + 1
    assert len(queries) == 4
