"""Answering, confirming, and findings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from gapanalysis.models import Answer, Assessment, Finding
from gapanalysis.services.answers import AnswerChange, confirm_earlier, give_answers, write_finding
from gapanalysis.services.assessments import set_assessors
from projects.models import Party
from tests.cast import NOW, Cast
from tests.gapanalysis.conftest import answer_of, give, make, move


@pytest.fixture
def interim(cast: Cast, locked: Assessment) -> Assessment:
    """A later look, open, with the baseline's answers beside."""
    return move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")


def test_an_answer_says_who_and_when(cast: Cast, baseline: Assessment) -> None:
    answer = give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note="  Standard changes carry none. ")
    assert (answer.value, answer.note) == ("minor gap", "Standard changes carry none.")
    assert (answer.answered_by, answer.answered_at, answer.reading, answer.version) == (cast.mara, NOW, "new", 2)


def test_it_is_one_event_that_reads_as_a_sentence(cast: Cast, baseline: Assessment) -> None:
    from audittrail.sentences import sentence

    give(cast, baseline, "Q-8.6.1-01", "major gap")
    event = Event.objects.order_by("-pk").first()
    assert sentence(event).text == "Mara Moss answered Q-8.6.1-01 (baseline) with Major gap"


def test_putting_a_question_aside_reads_as_a_sentence(cast: Cast, baseline: Assessment) -> None:
    from audittrail.sentences import sentence

    for later, said in ((True, "Mara Moss put Q-8.6.1-01 (baseline) aside for later"), (False, "took Q-8.6.1-01")):
        row = answer_of(baseline, "Q-8.6.1-01")
        change = AnswerChange(row.pk, row.version, is_for_later=later)
        give_answers(acting_user=cast.mara, project=cast.project, assessment=baseline, changes=[change])
        assert said in sentence(Event.objects.order_by("-pk").first()).text


def test_many_answers_take_as_many_reads_as_one(cast: Cast, interim: Assessment) -> None:
    rows = [answer_of(interim, ref) for ref in ("Q-4.1-01", "Q-5.2.1-01", "Q-5.2.1-02", "Q-8.6.1-01")]

    def answer(of: list[Answer], value: str) -> int:
        fresh = {row.pk: Answer.objects.get(pk=row.pk).version for row in of}
        changes = [AnswerChange(row.pk, fresh[row.pk], value=value) for row in of]
        with CaptureQueriesContext(connection) as asked:
            give_answers(acting_user=cast.mara, project=cast.project, assessment=interim, changes=changes)
        return sum(query["sql"].startswith("SELECT") for query in asked)

    assert answer(rows[:1], "conforms") == answer(rows, "minor gap")


def test_the_same_answer_again_writes_nothing(cast: Cast, baseline: Assessment) -> None:
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    events = Event.objects.count()
    assert give(cast, baseline, "Q-8.6.1-01", "major gap").version == 2
    assert Event.objects.count() == events


def test_a_stale_answer_is_refused_and_shows_both(cast: Cast, baseline: Assessment) -> None:
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    with pytest.raises(StaleWrite) as stale:
        give(cast, baseline, "Q-8.6.1-01", "conforms", version=1)
    assert (stale.value.current, stale.value.sent) == ({"Answer": "major gap"}, {"Answer": "conforms"})


def test_one_stale_answer_among_many_writes_none(cast: Cast, baseline: Assessment) -> None:
    first, second = (answer_of(baseline, ref) for ref in ("Q-4.1-01", "Q-8.6.1-01"))
    changes = [AnswerChange(first.pk, 1, value="conforms"), AnswerChange(second.pk, 7, value="conforms")]
    with pytest.raises(StaleWrite):
        give_answers(acting_user=cast.mara, project=cast.project, assessment=baseline, changes=changes)
    assert answer_of(baseline, "Q-4.1-01").value == "unanswered"


@pytest.mark.parametrize("value", ["not applicable", "", "Conforms", "4"])
def test_there_is_no_other_answer(cast: Cast, baseline: Assessment, value: str) -> None:
    with pytest.raises(RuleBroken, match="is no answer"):
        give(cast, baseline, "Q-8.6.1-01", value)


def test_a_draft_takes_no_answers(cast: Cast, questionnaire) -> None:
    with pytest.raises(NotPermitted, match="not been opened"):
        give(cast, make(cast), "Q-8.6.1-01", "conforms")


def test_people_answer_the_sections_they_were_given(cast: Cast, baseline: Assessment) -> None:
    with pytest.raises(NotPermitted, match="no assessor"):
        give(cast, baseline, "Q-8.6.1-01", "conforms", who="tim")
    set_assessors(
        acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["8.6"]}
    )
    assert give(cast, baseline, "Q-8.6.1-01", "conforms", who="tim").answered_by == cast.tim
    with pytest.raises(NotPermitted, match="somebody else"):
        give(cast, baseline, "Q-4.1-01", "conforms", who="tim")


def test_an_assessor_whose_account_was_closed_answers_nothing(cast: Cast, baseline: Assessment) -> None:
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: []})
    cast.tim.is_active = False
    with pytest.raises(NotPermitted):
        give(cast, baseline, "Q-8.6.1-01", "conforms", who="tim")


@pytest.mark.parametrize("who", ["audra", "bruno", "nina"])
def test_auditors_and_strangers_answer_nothing(cast: Cast, baseline: Assessment, who: str) -> None:
    with pytest.raises(NotPermitted):
        give(cast, baseline, "Q-8.6.1-01", "conforms", who=who)


def test_an_answer_of_another_assessment_is_absent(cast: Cast, interim: Assessment, locked: Assessment) -> None:
    change = AnswerChange(answer_of(locked, "Q-8.6.1-01").pk, 2, value="conforms")
    with pytest.raises(Answer.DoesNotExist):
        give_answers(acting_user=cast.mara, project=cast.project, assessment=interim, changes=[change])


@pytest.mark.parametrize(
    ("ref", "value", "reading"),
    [
        ("Q-5.2.1-01", "conforms", "confirmed"),
        ("Q-5.2.1-01", "minor gap", "regressed"),
        ("Q-8.6.1-01", "minor gap", "changed"),
        ("Q-9.2-01", "conforms", "new"),
        ("Q-8.6.1-01", "unanswered", "open"),
    ],
)
def test_an_earlier_answer_is_confirmed_changed_or_regressed(
    cast: Cast, interim: Assessment, ref: str, value: str, reading: str
) -> None:
    assert give(cast, interim, ref, value, note="Seen today.").reading == reading


def test_earlier_answers_are_confirmed_together_with_their_notes(cast: Cast, interim: Assessment) -> None:
    rows = [answer_of(interim, ref) for ref in ("Q-5.2.1-01", "Q-8.5.1.3-01")]
    confirm_earlier(
        acting_user=cast.mara,
        project=cast.project,
        assessment=interim,
        versions={row.pk: row.version for row in rows},
    )
    first, second = (answer_of(interim, row.question.ref) for row in rows)
    assert (first.value, first.note, first.reading) == ("conforms", "Signed in February.", "confirmed")
    assert (second.value, second.reading) == ("minor gap", "confirmed")


def test_what_was_never_answered_cannot_be_confirmed(cast: Cast, interim: Assessment) -> None:
    row = answer_of(interim, "Q-9.2-01")
    with pytest.raises(RuleBroken, match="no earlier answer"):
        confirm_earlier(acting_user=cast.mara, project=cast.project, assessment=interim, versions={row.pk: row.version})


def test_rungs_are_kept_in_order_and_only_known_ones(cast: Cast, baseline: Assessment) -> None:
    row = answer_of(baseline, "L-01")

    def tick(*rungs: str) -> Answer:
        fresh = answer_of(baseline, "L-01")
        change = AnswerChange(row.pk, fresh.version, rungs=rungs)
        return give_answers(acting_user=cast.mara, project=cast.project, assessment=baseline, changes=[change])[0]

    assert tick("operated", "defined").rungs == ["defined", "operated"]
    with pytest.raises(RuleBroken, match="no rung flown"):
        tick("flown")


def test_a_ladder_without_a_rung_is_answered_once_somebody_says_so(cast: Cast, baseline: Assessment) -> None:
    answer = give(cast, baseline, "L-01", "unanswered", rungs=[])
    assert (answer.rungs, answer.answered_by, answer.version) == ([], cast.mara, 2)
    assert give(cast, baseline, "L-01", "unanswered", rungs=[]).version == 2


@pytest.mark.parametrize("rating", [-1, 5])
def test_a_rating_is_from_0_to_4(cast: Cast, baseline: Assessment, rating: int) -> None:
    row = answer_of(baseline, "RF-a")
    with pytest.raises(RuleBroken, match="from 0 to 4"):
        give_answers(
            acting_user=cast.mara,
            project=cast.project,
            assessment=baseline,
            changes=[AnswerChange(row.pk, row.version, rating=rating)],
        )


def test_a_finding_says_what_is_wrong_and_who_sees_to_it(cast: Cast, baseline: Assessment) -> None:
    answer = give(cast, baseline, "Q-8.5.1.3-01", "minor gap")
    finding = write_finding(
        acting_user=cast.mara,
        project=cast.project,
        answer=answer,
        version=0,
        gap="Three of ten changes carry no way back.",
        owner=cast.parties["petra"],
    )
    assert Finding.objects.get().owner == cast.parties["petra"]
    with pytest.raises(StaleWrite):
        write_finding(acting_user=cast.mara, project=cast.project, answer=answer, version=9, gap="Other.")
    again = write_finding(
        acting_user=cast.mara, project=cast.project, answer=answer, version=finding.version, gap="Two of ten."
    )
    assert (again.gap, again.owner, again.version) == ("Two of ten.", None, 2)


def test_a_finding_needs_words_and_an_owner_of_this_project(cast: Cast, baseline: Assessment) -> None:
    answer = give(cast, baseline, "Q-8.5.1.3-01", "minor gap")
    with pytest.raises(RuleBroken, match="what is wrong"):
        write_finding(acting_user=cast.mara, project=cast.project, answer=answer, version=0, gap=" ")
    stranger = Party.objects.filter(project=cast.other).first()
    with pytest.raises(Party.DoesNotExist):
        write_finding(
            acting_user=cast.mara, project=cast.project, answer=answer, version=0, gap="Wrong.", owner=stranger
        )
