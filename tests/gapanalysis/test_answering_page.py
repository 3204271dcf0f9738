"""The page on which one question is answered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from common import clock
from gapanalysis.models import Answer, Assessment, Question
from gapanalysis.selectors.answering import outline_of
from gapanalysis.services.assessments import set_assessors
from notifications.models import Comment
from phases.models import Phase
from phases.services.rows import change_status
from tests.cast import NOW, Cast
from tests.gapanalysis.conftest import answer_of, give, make, move

GAP = "/projects/alder/gap/"
REF = "Q-8.5.1.3-01"
PAGE = f"{GAP}baseline/answer/{REF}/"
HTMX = {"HTTP_HX_REQUEST": "true"}
FIELDS = ("value", "note", "evidence_note", "gap", "impact", "recommendation", "owner")


@pytest.fixture
def interim(cast: Cast, locked: Assessment) -> Assessment:
    """A later look, open, with the baseline's answers beside."""
    return move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")


@pytest.fixture
def tim_answers(cast: Cast, baseline: Assessment) -> None:
    """Tim was given 8.5.1."""
    set_assessors(
        acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["8.5.1"]}
    )


def filled(version: str = "1-0", **now: str) -> dict[str, str]:
    """The form as the page fills it for a question without an answer, with some fields changed."""
    was = {f"was_{name}": "unanswered" if name == "value" else "" for name in FIELDS}
    return {"version": version, "value": "unanswered", **was, **now}


def test_it_shows_what_is_asked_and_what_to_look_for(cast: Cast, baseline: Assessment, sign_in) -> None:
    page = sign_in(cast.mara).get(PAGE).content.decode()
    for text in (
        "Show me what Q-8.5.1.3-01 asks for.",
        "Customers feel it.",
        "A record",
        "There is none.",
        "8.5.1.3",
        "Question 1 of 2",
        "0 of 12 questions answered",
        "Nothing said yet.",
        "CH.i",
    ):
        assert text in page, text


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("L-01", "Changes are operated."),
        ("RF-a", "It is planned."),
        ("SV-a", "Ask who knows."),
        ("Q-11-4.1.4-01", "Only in the edition of 2011"),
    ],
)
def test_each_instrument_has_its_form(cast: Cast, baseline: Assessment, sign_in, ref: str, text: str) -> None:
    response = sign_in(cast.mara).get(f"{GAP}baseline/answer/{ref}/")
    assert response.status_code == 200
    assert text in response.content.decode()


@pytest.mark.parametrize(
    "path", ["none/answer/", "baseline/answer/Q-0/", "none/confirm/", "baseline/answer/?section=0"]
)
def test_what_is_not_there_is_not_found(cast: Cast, baseline: Assessment, sign_in, path: str) -> None:
    assert sign_in(cast.mara).get(GAP + path).status_code == 404


def test_save_and_next_saves_and_goes_on(cast: Cast, baseline: Assessment, sign_in) -> None:
    response = sign_in(cast.mara).post(PAGE, filled(value="minor gap", note="None for standard changes.", do="next"))
    assert (response.status_code, response["Location"]) == (302, f"{GAP}baseline/answer/Q-8.5.1.3-02/")
    row = answer_of(baseline, REF)
    assert (row.value, row.note) == ("minor gap", "None for standard changes.")


def test_back_saves_too(cast: Cast, baseline: Assessment, sign_in) -> None:
    response = sign_in(cast.mara).post(PAGE, filled(value="conforms", do="back"))
    assert response["Location"] == f"{GAP}baseline/answer/Q-5.2.1-02/"
    assert answer_of(baseline, REF).value == "conforms"


def test_later_keeps_a_question_for_the_end(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    client.post(f"{GAP}baseline/answer/Q-4.1-01/", filled(do="later", note="Ask Olga."))
    row = answer_of(baseline, "Q-4.1-01")
    assert (row.is_for_later, row.note) == (True, "Ask Olga.")
    assert client.get(f"{GAP}baseline/answer/")["Location"] == f"{GAP}baseline/answer/Q-5.2.1-01/"
    assert outline_of(baseline, cast.mara).open_of_mine[-1].ref == "Q-4.1-01"


def test_a_save_while_typing_says_when_and_renews_the_version(cast: Cast, baseline: Assessment, sign_in) -> None:
    response = sign_in(cast.mara).post(PAGE, filled(value="minor gap"), **HTMX)
    text = response.content.decode()
    assert response.status_code == 200
    assert "saved 09:00" in text
    assert '<input type="hidden" name="version" value="2-0">' in text
    assert '<input type="hidden" name="was_value" value="minor gap">' in text
    assert "1 of 12 questions answered" in text
    assert "<textarea" not in text


def test_a_bad_line_keeps_what_was_typed_and_saves_the_rest(cast: Cast, baseline: Assessment, sign_in) -> None:
    sent = filled(value="major gap", note="x" * 4001, do="next")
    plain = sign_in(cast.mara).post(PAGE, sent)
    page = plain.content.decode()
    assert plain.status_code == 422
    assert "x" * 4001 in page
    assert "Write 4000 characters at most." in page
    assert answer_of(baseline, REF).value == "major gap"
    typing = sign_in(cast.mara).post(PAGE, {**sent, "version": "2-0", "was_value": "major gap", "do": ""}, **HTMX)
    assert typing.status_code == 422
    assert "Write 4000 characters at most." in typing.content.decode()
    assert '<input type="hidden" name="was_note" value="">' in typing.content.decode()


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_two_people_on_one_question_see_both_texts(cast: Cast, baseline: Assessment, sign_in, extra) -> None:
    give(cast, baseline, REF, "conforms", note="All ten carry one.")
    client = sign_in(cast.olga)
    response = client.post(PAGE, filled(value="major gap", note="None carries one.", evidence_note="Ten"), **extra)
    text = response.content.decode()
    assert response.status_code == 409
    for said in (
        "Mara Moss changed this at 09:00",
        "All ten carry one.",
        "None carries one.",
        "Keep mine",
        "Keep theirs",
    ):
        assert said in text, said
    assert '<input type="hidden" name="version" value="1-0">' in text
    row = answer_of(baseline, REF)
    assert (row.value, row.note, row.evidence_note) == ("conforms", "All ten carry one.", "Ten")
    kept = client.post(PAGE, filled(value="major gap", note="None carries one.", over="3-0"), **extra)
    assert kept.status_code in (200, 302)
    assert (answer_of(baseline, REF).value, answer_of(baseline, REF).note) == ("major gap", "None carries one.")


def test_what_somebody_else_alone_changed_appears_with_the_next_save(cast: Cast, baseline: Assessment, sign_in) -> None:
    give(cast, baseline, REF, "conforms", note="All ten carry one.")
    response = sign_in(cast.olga).post(PAGE, filled(evidence_note="Ten records"), **HTMX)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Mara Moss changed meanwhile" in text
    assert "All ten carry one.</textarea>" in text


def test_one_form_saves_the_finding_too(cast: Cast, baseline: Assessment, sign_in) -> None:
    owner = str(cast.parties["petra"].pk)
    sent = filled(value="minor gap", gap="Three of ten lack one.", recommendation="Ask for it.", owner=owner)
    response = sign_in(cast.mara).post(PAGE, {**sent, "do": "stay"}, follow=True)
    assert "Three of ten lack one." in response.content.decode()
    finding = answer_of(baseline, REF).finding
    assert (finding.gap, finding.recommendation, finding.owner) == (
        "Three of ten lack one.",
        "Ask for it.",
        cast.parties["petra"],
    )


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 428),
        (filled(version="x"), 428),
        (filled(do="jump"), 400),
        (filled(owner="somebody"), 400),
        (filled(owner="999999"), 404),
        ({**filled(), "note": "a\x00b"}, 400),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(cast: Cast, baseline: Assessment, sign_in, sent, status: int) -> None:
    if sent.get("owner") == "999999":
        sent = {**sent, "gap": "Wrong."}
    assert sign_in(cast.mara).post(PAGE, sent).status_code == status
    assert answer_of(baseline, REF).version == 1


def test_a_note_is_text_and_never_markup(cast: Cast, baseline: Assessment, sign_in) -> None:
    note = "<script>alert(1)</script>"
    give(cast, baseline, REF, "minor gap", note=note)
    for who in (cast.mara, cast.audra):
        page = sign_in(who).get(PAGE).content.decode()
        assert note not in page
        assert escape(note) in page


# Who answers what


def test_people_begin_with_their_own_and_see_the_rest(cast: Cast, baseline: Assessment, tim_answers, sign_in) -> None:
    client = sign_in(cast.tim)
    assert client.get(f"{GAP}baseline/answer/")["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "2 of yours are open" in page
    other = client.get(f"{GAP}baseline/answer/Q-8.6.1-01/").content.decode()
    assert "This section was given to somebody else." in other
    assert 'id="answer-form"' not in other
    assert client.post(f"{GAP}baseline/answer/Q-8.6.1-01/", filled(value="conforms")).status_code == 403


def test_their_way_leads_through_their_own_alone(cast: Cast, baseline: Assessment, tim_answers, sign_in) -> None:
    client = sign_in(cast.tim)
    client.post(PAGE, filled(value="conforms", do="next"))
    second = f"{GAP}baseline/answer/Q-8.5.1.3-02/"
    assert client.post(second, filled(value="conforms", do="next"))["Location"] == f"{GAP}baseline/answer/"
    page = client.get(f"{GAP}baseline/answer/").content.decode()
    assert "Everything you were asked is answered" in page
    assert "10 questions still wait for others." in page


def test_whoever_was_asked_everything_is_shown_everything_as_theirs(cast: Cast, baseline: Assessment) -> None:
    given = {cast.parties["tim"]: [], cast.parties["petra"]: ["8.6"]}
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given=given)
    whole, part, manager = (outline_of(baseline, user) for user in (cast.tim, cast.petra, cast.mara))
    assert (len(whole.asked), len(part.asked), len(manager.asked)) == (12, 2, 12)
    assert (whole.mine, part.mine, manager.mine) == ((), ("8.6",), None)
    assert part.section("8.6").people == ("Petra Pohl",)


@pytest.mark.parametrize("who", ["audra", "tim"])
def test_readers_read(cast: Cast, baseline: Assessment, sign_in, who: str) -> None:
    give(cast, baseline, REF, "minor gap", note="None for standard changes.")
    page = sign_in(cast.people[who]).get(PAGE).content.decode()
    assert "None for standard changes." in page
    assert 'id="answer-form"' not in page


def test_a_draft_and_a_locked_assessment_say_why_they_take_nothing(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "What it says never changes again." in client.get(PAGE).content.decode()
    assert client.post(PAGE, filled(value="conforms")).status_code == 403
    typing = client.post(PAGE, filled(value="conforms"), **HTMX)
    assert typing.status_code == 409
    assert "What you typed is still here" in typing.content.decode()
    make(cast, "ad hoc", title="Draft")
    assert "has not been opened yet" in client.get(f"{GAP}draft/answer/{REF}/").content.decode()


def test_an_account_that_was_closed_answers_nothing(cast: Cast, baseline: Assessment, tim_answers, sign_in) -> None:
    client = sign_in(cast.tim)
    cast.tim.is_active = False
    cast.tim.save()
    assert client.post(PAGE, filled(value="conforms")).status_code == 302
    assert answer_of(baseline, REF).value == "unanswered"


# Who is here


def test_each_sees_who_else_is_on_the_question(cast: Cast, baseline: Assessment, tim_answers, sign_in) -> None:
    tim, mara = sign_in(cast.tim), sign_in(cast.mara)
    tim.post(f"{PAGE}here/", {"seen": "1-0"}, **HTMX)
    assert "Tim Tully is on this question" in mara.post(f"{PAGE}here/", {"seen": "1-0"}, **HTMX).content.decode()
    elsewhere = mara.post(f"{GAP}baseline/answer/Q-4.1-01/here/", {"seen": "1-0"}, **HTMX).content.decode()
    assert "Tim Tully is at" in elsewhere
    with clock.moved_to(NOW + timedelta(minutes=2)):
        assert "Tim Tully" not in mara.post(f"{PAGE}here/", {"seen": "1-0"}, **HTMX).content.decode()


def test_they_hear_of_an_answer_that_was_given_meanwhile(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.olga)
    assert "changed this" not in client.post(f"{PAGE}here/", {"seen": "1-0"}, **HTMX).content.decode()
    give(cast, baseline, REF, "major gap")
    assert "Mara Moss changed this at 09:00" in client.post(f"{PAGE}here/", {"seen": "1-0"}, **HTMX).content.decode()


# Earlier answers


def test_the_earlier_answer_stands_beside_and_can_be_confirmed(cast: Cast, interim: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    page = f"{GAP}interim/answer/{REF}/"
    shown = client.get(page).content.decode()
    assert "Standard changes carry no way back." in shown
    assert "Still so: confirm" in shown
    response = client.post(page, filled(do="confirm"))
    assert response["Location"] == f"{GAP}interim/answer/Q-8.5.1.3-02/"
    row = answer_of(interim, REF)
    assert (row.value, row.note, row.reading) == ("minor gap", "Standard changes carry no way back.", "confirmed")


@pytest.mark.parametrize(
    ("value", "said"),
    [("conforms", "better than Baseline"), ("major gap", "worse than Baseline"), ("minor gap", "as in")],
)
def test_it_says_what_became_of_it_since(cast: Cast, interim: Assessment, sign_in, value: str, said: str) -> None:
    give(cast, interim, REF, value)
    assert said in sign_in(cast.mara).get(f"{GAP}interim/answer/{REF}/").content.decode()


def test_a_section_is_confirmed_at_once_except_what_somebody_answered_meanwhile(
    cast: Cast, interim: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)
    page = client.get(f"{GAP}interim/confirm/?section=5").content.decode()
    assert "2 earlier answers" in page
    rows = [answer_of(interim, ref) for ref in ("Q-5.2.1-01", "Q-5.2.1-02")]
    give(cast, interim, "Q-5.2.1-02", "major gap", who="olga")
    response = client.post(
        f"{GAP}interim/confirm/", {"section": "5", "row": [f"{row.pk}-{row.version}" for row in rows]}, follow=True
    )
    said = response.content.decode()
    assert "1 earlier answer confirmed." in said
    assert "Somebody answered meanwhile, and that stands: Q-5.2.1-02." in said
    assert [answer_of(interim, row.question.ref).reading for row in rows] == ["confirmed", "regressed"]


def test_nothing_ticked_confirms_nothing(cast: Cast, interim: Assessment, sign_in) -> None:
    response = sign_in(cast.mara).post(f"{GAP}interim/confirm/", {"section": "5"})
    assert response.status_code == 422
    assert "Tick the answers that still hold." in response.content.decode()


def test_another_assessments_answers_cannot_be_confirmed(cast: Cast, interim: Assessment, locked, sign_in) -> None:
    row = answer_of(locked, "Q-5.2.1-01")
    sent = {"section": "5", "row": [f"{row.pk}-{row.version}"]}
    assert sign_in(cast.mara).post(f"{GAP}interim/confirm/", sent).status_code == 404


# Comments


def test_what_is_said_stays_with_the_question(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    nonce = "5f6f1d9e-6f0e-4b8e-9a46-b9f1a4d6f001"
    sent = {"body": "Is the trial of May on file?", "nonce": nonce, "asked": str(cast.petra.pk)}
    response = client.post(f"{PAGE}comments/", sent)
    comment = Comment.objects.get()
    assert response["Location"] == f"{PAGE}#comment-{comment.pk}"
    assert (comment.kind, comment.key) == ("answer", f"baseline {REF}")
    page = sign_in(cast.petra).get(PAGE).content.decode()
    assert "Is the trial of May on file?" in page
    assert f'action="{PAGE}comments/{comment.pk}/"' in page
    answered = sign_in(cast.petra).post(
        f"{PAGE}comments/{comment.pk}/",
        {"do": "answer", "version": "1", "body": "Yes.", "nonce": "5f6f1d9e-6f0e-4b8e-9a46-b9f1a4d6f002"},
    )
    assert answered.status_code == 302
    assert sign_in(cast.mara).post(f"{PAGE}comments/", {**sent, "body": " "}).status_code == 422
    assert sign_in(cast.mara).post(f"{PAGE}comments/read/").status_code == 302


def test_mails_about_a_comment_lead_to_the_question(cast: Cast, baseline: Assessment) -> None:
    from gapanalysis.selectors.talk import answer_spots

    comment = Comment(pk=7, project=cast.project, kind="answer", key=f"baseline {REF}")
    gone = Comment(pk=8, project=cast.project, kind="answer", key="baseline Q-0")
    spots = answer_spots([comment, gone])
    assert list(spots) == [7]
    assert (spots[7].title, spots[7].path) == (f"{REF} of Baseline", f"{PAGE}#comment-7")


# The plan


def test_activities_show_their_status_in_the_phase_under_way(cast: Cast, baseline: Assessment, sign_in) -> None:
    assert Phase.objects.get(project=cast.project, number=1).state != "closed"
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 1)], status="in progress")
    page = sign_in(cast.mara).get(PAGE).content.decode()
    assert "Activities that serve this question" in page
    assert "In progress" in page


# Figures


def _grow(assessment: Assessment, count: int) -> None:
    """Let it ask `count` questions more."""
    questions = Question.objects.bulk_create(
        Question(
            questionnaire=assessment.questionnaire,
            instrument="requirement",
            ref=f"Q-X-{number}",
            position=100 + number,
            section=f"8.{number % 7 + 1}",
            text="Show me.",
            look_for=["A record", "A date"],
            activities=["CH.i", "CH.j"],
            components=["CH"],
            clauses_2018=["8.5.1"],
        )
        for number in range(count)
    )
    Answer.objects.bulk_create(
        Answer(project=assessment.project, assessment=assessment, question=question) for question in questions
    )


def _queries(client: Client, path: str, django_assert_max_num_queries) -> int:
    client.get(path)
    with django_assert_max_num_queries(15) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", [f"interim/answer/{REF}/", "interim/confirm/?section=5"])
def test_a_page_asks_the_database_as_often_for_12_questions_as_for_252(
    cast: Cast, interim: Assessment, sign_in, django_assert_max_num_queries, path: str
) -> None:
    client = sign_in(cast.mara)
    few = _queries(client, GAP + path, django_assert_max_num_queries)
    _grow(interim, 240)
    assert _queries(client, GAP + path, django_assert_max_num_queries) == few


def test_a_save_while_typing_takes_as_many_queries_for_12_questions_as_for_252(
    cast: Cast, interim: Assessment, sign_in, django_assert_max_num_queries
) -> None:
    client, counts = sign_in(cast.mara), []
    page = f"{GAP}interim/answer/{REF}/"
    for version, value in (("1-0", "conforms"), ("2-0", "minor gap")):
        with django_assert_max_num_queries(34) as asked:
            assert client.post(page, filled(version, value=value), **HTMX).status_code == 200
        counts.append(len(asked))
        _grow(interim, 240) if version == "1-0" else None
    assert counts[0] == counts[1]
