"""Saving the form of one question, field by field."""

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted
from gapanalysis.models import Answer, Assessment, Finding, Presence
from gapanalysis.services.presence import be_at
from gapanalysis.services.saving import Clash, Saved, Sent, save_question, values_of, version_of
from projects.models import Party
from tests.cast import Cast
from tests.gapanalysis.conftest import answer_of, give, move

REF = "Q-8.5.1.3-01"


class Form:
    """The form of a question as somebody opened it; `send` sends it with some fields changed."""

    def __init__(self, cast: Cast, assessment: Assessment, ref: str = REF, who: str = "mara") -> None:
        self.cast, self.assessment, self.ref, self.who = cast, assessment, ref, who
        row = answer_of(assessment, ref)
        finding = Finding.objects.filter(answer=row).first()
        self.was, self.version = values_of(row, finding), version_of(row, finding)

    def send(self, over: str = "", **now) -> Saved:
        return save_question(
            acting_user=self.cast.people[self.who],
            project=self.cast.project,
            answer=answer_of(self.assessment, self.ref),
            version=self.version,
            sent={name: Sent(now.get(name, was), was) for name, was in self.was.items()},
            over=over,
        )


def test_what_was_changed_is_saved_as_one_event(cast: Cast, baseline: Assessment) -> None:
    events = Event.objects.count()
    saved = Form(cast, baseline).send(value="minor gap", note="Standard changes carry none.")
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.answered_by, row.version) == (
        "minor gap",
        "Standard changes carry none.",
        cast.mara,
        2,
    )
    assert saved.is_whole
    assert (saved.stands["value"], version_of(saved.answer, saved.finding)) == ("minor gap", "2-0")
    assert Event.objects.count() == events + 1


def test_a_form_in_which_nothing_was_changed_writes_nothing(cast: Cast, baseline: Assessment) -> None:
    form = Form(cast, baseline)
    give(cast, baseline, REF, "conforms")
    events = Event.objects.count()
    assert form.send().stands["value"] == "conforms"
    assert (answer_of(baseline, REF).version, Event.objects.count()) == (2, events)


def test_a_text_that_is_too_long_loses_nothing_else(cast: Cast, baseline: Assessment) -> None:
    saved = Form(cast, baseline).send(
        value="major gap", note="x" * 4001, evidence_note="Ten records", gap="None exists.", impact="y" * 4001
    )
    assert saved.wrong == {
        "note": "Write 4000 characters at most.",
        "impact": "Write 4000 characters at most.",
    }
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.evidence_note) == ("major gap", "", "Ten records")
    assert (Finding.objects.get().gap, Finding.objects.get().impact) == ("None exists.", "")


def test_a_value_that_is_no_answer_loses_nothing_else(cast: Cast, baseline: Assessment) -> None:
    saved = Form(cast, baseline).send(value="4", note="Seen.")
    assert list(saved.wrong) == ["value"]
    assert (answer_of(baseline, REF).value, answer_of(baseline, REF).note) == ("unanswered", "Seen.")


def test_a_finding_without_its_gap_is_not_written_and_the_answer_is(cast: Cast, baseline: Assessment) -> None:
    saved = Form(cast, baseline).send(value="minor gap", impact="Changes fail.")
    assert saved.wrong == {"gap": "Say what is wrong."}
    assert (answer_of(baseline, REF).value, Finding.objects.count()) == ("minor gap", 0)


def test_two_people_who_change_different_fields_are_not_in_each_others_way(cast: Cast, baseline: Assessment) -> None:
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(value="minor gap")
    saved = second.send(note="No record since May.")
    assert (saved.is_whole, saved.theirs) == (True, frozenset({"value"}))
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.version) == ("minor gap", "No record since May.", 3)


def test_two_people_who_change_the_same_field_see_both_texts(cast: Cast, baseline: Assessment) -> None:
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(note="All carry one.")
    saved = second.send(note="None carries one.", evidence_note="Ten records")
    assert saved.clashes == (Clash("note", "All carry one.", "None carries one."),)
    row = answer_of(baseline, REF)
    assert (row.note, row.evidence_note) == ("All carry one.", "Ten records")


def test_ones_own_text_stands_once_one_has_chosen_it_over_what_one_saw(cast: Cast, baseline: Assessment) -> None:
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(note="All carry one.")
    saw = version_of(answer_of(baseline, REF), None)
    assert second.send(over=saw, note="None carries one.").is_whole
    assert answer_of(baseline, REF).note == "None carries one."


def test_choosing_ones_own_text_is_no_leave_to_write_over_a_third(cast: Cast, baseline: Assessment) -> None:
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(note="All carry one.")
    saw = version_of(answer_of(baseline, REF), None)
    Form(cast, baseline).send(note="Nine carry one.")
    saved = second.send(over=saw, note="None carries one.")
    assert saved.clashes == (Clash("note", "Nine carry one.", "None carries one."),)


def test_the_same_word_of_two_people_is_no_clash(cast: Cast, baseline: Assessment) -> None:
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(value="conforms")
    assert second.send(value="conforms").is_whole
    assert answer_of(baseline, REF).version == 2


def test_findings_are_compared_field_by_field_too(cast: Cast, baseline: Assessment) -> None:
    Form(cast, baseline).send(value="minor gap", gap="Three of ten lack one.")
    first, second = Form(cast, baseline), Form(cast, baseline, who="olga")
    first.send(gap="Four of ten lack one.")
    saved = second.send(gap="Two of ten lack one.", owner=cast.parties["petra"].pk)
    assert saved.clashes == (Clash("gap", "Four of ten lack one.", "Two of ten lack one."),)
    finding = Finding.objects.get()
    assert (finding.gap, finding.owner) == ("Four of ten lack one.", cast.parties["petra"])


def test_the_owner_of_a_finding_belongs_to_the_project(cast: Cast, baseline: Assessment) -> None:
    stranger = Party.objects.filter(project=cast.other).first()
    with pytest.raises(Party.DoesNotExist):
        Form(cast, baseline).send(gap="Wrong.", owner=stranger.pk)


def test_answering_takes_a_question_off_those_for_later_and_a_note_does_not(cast: Cast, baseline: Assessment) -> None:
    Answer.objects.filter(question__ref=REF).update(is_for_later=True)
    Form(cast, baseline).send(note="Ask Petra.")
    assert answer_of(baseline, REF).is_for_later is True
    Form(cast, baseline).send(value="conforms")
    assert answer_of(baseline, REF).is_for_later is False


def test_a_ladder_without_a_rung_is_an_answer_once_somebody_says_so(cast: Cast, baseline: Assessment) -> None:
    saved = save_question(
        acting_user=cast.mara,
        project=cast.project,
        answer=answer_of(baseline, "L-01"),
        version="1-0",
        sent={"rungs": Sent([], None)},
    )
    assert (saved.answer.rungs, saved.answer.answered_by) == ([], cast.mara)


@pytest.mark.parametrize("who", ["tim", "audra", "bruno", "nina"])
def test_whoever_was_not_asked_saves_nothing(cast: Cast, baseline: Assessment, who: str) -> None:
    with pytest.raises(NotPermitted):
        Form(cast, baseline, who=who).send(value="conforms")


def test_what_is_locked_takes_nothing(cast: Cast, baseline: Assessment) -> None:
    form = Form(cast, baseline)
    give(cast, baseline, "Q-4.1-01", "conforms")
    move(cast, baseline, "in review", "locked")
    with pytest.raises(NotPermitted, match="locked"):
        form.send(value="conforms")


def test_somebody_is_at_one_question_of_an_assessment_at_a_time(cast: Cast, baseline: Assessment) -> None:
    events = Event.objects.count()
    for ref in (REF, "Q-8.6.1-01"):
        be_at(acting_user=cast.tim, project=cast.project, answer=answer_of(baseline, ref))
    assert Presence.objects.get().answer == answer_of(baseline, "Q-8.6.1-01")
    assert Event.objects.count() == events
    with pytest.raises(NotPermitted):
        be_at(acting_user=cast.audra, project=cast.project, answer=answer_of(baseline, REF))
