"""The list, starting an assessment, the page of one, and what other pages show of it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gapanalysis.models import Answer, Assessment, Question, Questionnaire
from gapanalysis.selectors.progress import Progress, progress_by_assessment, progress_by_section
from gapanalysis.selectors.sections import section_name, section_order
from gapanalysis.selectors.starting import starting_point
from gapanalysis.selectors.waiting import waiting_for
from notifications.services.comments import add_comment
from phases.selectors.work_asked import asked_of
from phases.selectors.work_projects import work_projects
from phases.services.lifecycle import close_phase, review_phase, start_phase
from tests.cast import CANARY, Cast
from tests.gapanalysis.conftest import give, make, move
from tests.gapanalysis.test_assessors import assign

LIST = "/projects/alder/gap/"
ONE = "/projects/alder/gap/baseline/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


# --- sections and progress -------------------------------------------------------------------------------------------
def test_sections_come_in_the_order_of_the_standard_then_what_only_2011_asks() -> None:
    names = ["survey", "2011 6", "10", "8.5.1", "ladders", "4", "8.10", "8.2", "readiness"]
    assert sorted(names, key=section_order) == [
        "4", "8.2", "8.5.1", "8.10", "10", "2011 6", "ladders", "survey", "readiness",
    ]  # fmt: skip


def test_a_section_is_named_by_its_clause() -> None:
    assert section_name("8.5.1") == "8.5.1 Change management"
    assert section_name("2011 6") == "2011 6 Service delivery processes"
    assert section_name("ladders") == "Process ladders"
    assert section_name("99") == "99"


def test_progress_counts_each_kind_of_question_in_its_own_way(cast: Cast, baseline: Assessment) -> None:
    asked = Answer.objects.filter(assessment=baseline).count()
    give(cast, baseline, "Q-5.2.1-01", "conforms")
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    Answer.objects.filter(assessment=baseline, question__instrument="readiness").update(rating=0)
    Answer.objects.filter(assessment=baseline, question__instrument="survey").update(note="Seen.")
    assert progress_by_assessment([baseline]) == {baseline.pk: Progress(asked, 4, 0, 0, 1)}
    assert sum((line.progress for line in progress_by_section(baseline)), Progress()) == Progress(asked, 4, 0, 0, 1)


# --- starting --------------------------------------------------------------------------------------------------------
def test_the_baseline_comes_first_then_the_end_of_the_phase_in_review(cast: Cast, questionnaire) -> None:
    assert starting_point(cast.project).kind == "baseline"
    make(cast)
    assert starting_point(cast.project).kind == "ad hoc"
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    review_phase(acting_user=cast.mara, project=cast.project, number=1)
    assert starting_point(cast.project).kind == "end of phase 1"


def test_a_manager_starts_one_and_says_then_who_answers(cast: Cast, questionnaire, sign_in) -> None:
    answer = sign_in(cast.mara).post(f"{LIST}new/", {"kind": "baseline", "title": "", "starts_on": "2026-03-02"})
    assessment = Assessment.objects.get(project=cast.project)
    assert answer["Location"] == f"{ONE}assessors/"
    assert (assessment.title, assessment.state, assessment.starts_on) == (
        "Baseline, March 2026",
        "draft",
        date(2026, 3, 2),
    )


def test_what_was_typed_stays_when_it_is_refused(cast: Cast, questionnaire, sign_in) -> None:
    typed = {"kind": "baseline", "starts_on": "2026-03-02", "ends_on": "2026-02-01", "scope": "The desk in Brno"}
    answer = sign_in(cast.mara).post(f"{LIST}new/", typed)
    assert answer.status_code == 422
    assert "The end lies before the beginning." in text(answer)
    assert "The desk in Brno" in text(answer)
    assert not Assessment.objects.exists()


def test_a_second_baseline_is_not_offered(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    assert 'value="baseline"' not in text(client.get(f"{LIST}new/"))
    assert client.post(f"{LIST}new/", {"kind": "baseline"}).status_code == 422


def test_it_starts_from_an_earlier_one(cast: Cast, locked: Assessment, sign_in) -> None:
    sign_in(cast.mara).post(f"{LIST}new/", {"kind": "ad hoc", "started_from": "baseline", "title": "Spring"})
    made = Assessment.objects.get(project=cast.project, key="spring")
    assert made.started_from == locked
    assert Answer.objects.filter(assessment=made, before__isnull=False, reading="open").count() == 4


def test_one_of_another_client_is_no_choice(cast: Cast, questionnaire, sign_in) -> None:
    answer = sign_in(cast.mara).post(f"{LIST}new/", {"kind": "ad hoc", "started_from": "theirs", "title": "Spring"})
    assert answer.status_code == 422


def test_a_title_that_is_an_address_of_ours_gets_another_key(cast: Cast, questionnaire) -> None:
    assert make(cast, "ad hoc", title="Compare").key == "compare-2"
    assert make(cast, "ad hoc", title="New").key == "new-2"


def test_without_questions_the_page_says_who_loads_them(cast: Cast, sign_in) -> None:
    Questionnaire.objects.all().delete()
    assert "No questions are loaded" in text(sign_in(cast.mara).get(f"{LIST}new/"))


def test_a_newer_version_of_the_questions_leaves_what_was_begun_as_it_is(cast: Cast, locked: Assessment) -> None:
    begun = make(cast, "ad hoc", title="Spring", started_from=locked)
    newer = Questionnaire.objects.create(pack="iso20000-1", version="9.0", title="Newer", licence="CC", sha256="1")
    Question.objects.create(
        questionnaire=newer, instrument="requirement", ref="Q-5.2.1-09", position=1, section="5", text="New?"
    )
    move(cast, begun, "in progress")
    assert Answer.objects.filter(assessment=begun).count() == 12
    assert Assessment.objects.get(pk=begun.pk).questionnaire == locked.questionnaire
    assert starting_point(cast.project).questionnaire == newer
    beside = make(cast, "ad hoc", title="Summer", started_from=locked)
    afresh = make(cast, "ad hoc", title="Autumn")
    assert (beside.questionnaire, afresh.questionnaire) == (locked.questionnaire, newer)


# --- the list --------------------------------------------------------------------------------------------------------
def test_the_list_is_empty_with_a_next_step(cast: Cast, sign_in) -> None:
    assert "Start the baseline" in text(sign_in(cast.mara).get(LIST))
    page = text(sign_in(cast.petra).get(LIST))
    assert "No assessment yet" in page
    assert "Start the baseline" not in page


def test_the_list_says_how_far_each_is_in_as_many_queries_for_three_as_for_one(
    cast: Cast, locked: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        assert "4/12" in text(client.get(LIST))
    for title in ("Spring", "Summer"):
        move(cast, make(cast, "ad hoc", title=title, started_from=locked), "in progress")
    with CaptureQueriesContext(connection) as three:
        page = text(client.get(LIST))
    places = [page.index(f"/gap/{key}/") for key in ("summer", "spring", "baseline")]
    assert places == sorted(places)
    assert len(one) == len(three) <= 15


# --- the page of one -------------------------------------------------------------------------------------------------
def test_it_shows_whose_each_section_is_and_marks_the_readers_own(cast: Cast, baseline: Assessment, sign_in) -> None:
    assign(cast, baseline, {"petra": ["8.5.1"]})
    page = text(sign_in(cast.petra).get(ONE))
    assert page.count("is-mine") == 1
    assert "8.5.1 Change management" in page
    assert '<b class="num">0</b> of 12 answered' in page


def test_it_goes_through_its_states_and_a_refusal_says_why(cast: Cast, questionnaire, sign_in) -> None:
    make(cast)
    client = sign_in(cast.mara)

    def step(state: str):
        version = Assessment.objects.get(project=cast.project).version
        return client.post(f"{ONE}state/", {"state": state, "version": version}, follow=True)

    assert "is open" in text(step("in progress"))
    refused = step("locked")
    assert refused.status_code == 422
    assert "An assessment that is in progress cannot become locked." in text(refused)
    step("in review")
    assert "Nothing has been answered yet." in text(step("locked"))
    step("in progress")
    give(cast, Assessment.objects.get(project=cast.project), "Q-5.2.1-01", "conforms")
    step("in review")
    assert "It never changes again." in text(step("locked"))


def test_a_chair_locks_but_does_not_open(cast: Cast, questionnaire, sign_in) -> None:
    assessment = make(cast)
    client = sign_in(cast.chen)
    assert client.post(f"{ONE}state/", {"state": "in progress", "version": 1}).status_code == 403
    move(cast, assessment, "in progress")
    give(cast, assessment, "Q-5.2.1-01", "conforms")
    move(cast, assessment, "in review")
    version = Assessment.objects.get(pk=assessment.pk).version
    client.post(f"{ONE}state/", {"state": "locked", "version": version})
    assert Assessment.objects.get(pk=assessment.pk).locked_by == cast.chen


def test_who_comes_second_to_lock_it_is_told(cast: Cast, baseline: Assessment, sign_in) -> None:
    answer = sign_in(cast.mara).post(f"{ONE}state/", {"state": "in review", "version": 1})
    assert answer.status_code == 409


def test_its_words_and_dates_change_until_it_is_locked(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    page = client.get(f"{ONE}change/").content.decode()
    assert 'value="Baseline"' in page
    values = {"title": "Baseline, spring", "scope": "Desk and network", "version": baseline.version}
    assert client.post(f"{ONE}change/", values)["Location"] == ONE
    fresh = Assessment.objects.get(pk=baseline.pk)
    assert (fresh.title, fresh.scope) == ("Baseline, spring", "Desk and network")
    stale = client.post(f"{ONE}change/", {**values, "title": "Mine"})
    assert stale.status_code == 409
    assert "Mine" in text(stale)


def test_a_locked_one_is_not_changed(cast: Cast, locked: Assessment, sign_in) -> None:
    version = Assessment.objects.get(pk=locked.pk).version
    answer = sign_in(cast.mara).post(f"{ONE}change/", {"title": "Other", "version": version})
    assert answer.status_code == 422
    assert "It never changes again" in text(sign_in(cast.mara).get(ONE))
    assert Assessment.objects.get(pk=locked.pk).title == "Baseline"


def test_the_page_takes_as_many_queries_whatever_is_asked(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    client.get(ONE)
    with CaptureQueriesContext(connection) as few:
        client.get(ONE)
    template = Question.objects.filter(questionnaire=baseline.questionnaire).first()
    assert template is not None
    for number in range(30):
        template.pk, template.ref, template.section = None, f"Q-{number}", f"{4 + number % 6}"
        template.save()
        Answer.objects.create(project=cast.project, assessment=baseline, question=template)
    assign(cast, baseline, {"petra": ["8.5.1"], "tim": [], "cora": ["9"]})
    with CaptureQueriesContext(connection) as many:
        client.get(ONE)
    assert len(few) == len(many) <= 15


# --- other pages -----------------------------------------------------------------------------------------------------
def test_my_work_names_what_waits_in_the_sections_that_were_given(cast: Cast, baseline: Assessment, sign_in) -> None:
    assign(cast, baseline, {"petra": ["8.5.1"]})
    (waiting,) = waiting_for(cast.petra, [cast.project.pk])
    assert (waiting.key, waiting.sections) == ("baseline", ("8.5.1 Change management",))
    assert waiting.open == waiting.of == Answer.objects.filter(question__section="8.5.1").count()
    page = text(sign_in(cast.petra).get("/work/"))
    assert "Questions that wait for you" in page
    assert "questions to answer" in page


def test_a_question_put_on_an_answer_waits_in_my_work_and_leads_there(
    cast: Cast, baseline: Assessment, sign_in
) -> None:
    add_comment(
        acting_user=cast.mara,
        project=cast.project,
        kind="answer",
        key="baseline Q-8.6.1-01",
        body="Which ten?",
        asked_id=cast.petra.pk,
    )
    (item,) = asked_of(cast.petra, work_projects(cast.petra)).items
    assert (item.place, item.is_question) == ("Q-8.6.1-01 of Baseline", True)
    assert item.url.startswith(f"{ONE}answer/Q-8.6.1-01/#comment-")
    assert f'href="{item.url}"' in text(sign_in(cast.petra).get("/work/"))
    overview = text(sign_in(cast.mara).get("/projects/alder/"))
    assert f'href="{item.url}">Q-8.6.1-01 of Baseline</a>' in overview


def test_nothing_waits_once_it_is_answered_in_review_or_not_ones_own(cast: Cast, baseline: Assessment) -> None:
    assert waiting_for(cast.petra, [cast.project.pk]) == []
    assign(cast, baseline, {"petra": ["8.6"]})
    assert waiting_for(cast.petra, []) == []
    refs = Answer.objects.filter(assessment=baseline, question__section="8.6").values_list("question__ref", flat=True)
    for ref in refs:
        give(cast, baseline, ref, "conforms", who="petra")
    assert waiting_for(cast.petra, [cast.project.pk]) == []
    assign(cast, baseline, {"petra": []})
    assert len(waiting_for(cast.petra, [cast.project.pk])) == 1
    move(cast, baseline, "in review")
    assert waiting_for(cast.petra, [cast.project.pk]) == []


def test_the_overview_of_the_project_shows_what_each_assessment_found(cast: Cast, locked: Assessment, sign_in) -> None:
    page = text(sign_in(cast.mara).get("/projects/alder/"))
    assert 'id="gap-analysis"' in page
    assert ONE in page
    assert CANARY not in page


def test_without_an_assessment_the_overview_says_nothing_of_it(cast: Cast, sign_in) -> None:
    assert 'id="gap-analysis"' not in text(sign_in(cast.mara).get("/projects/alder/"))


@pytest.mark.parametrize("path", [ONE, f"{ONE}assessors/"])
def test_an_unknown_key_is_not_there(cast: Cast, sign_in, path: str) -> None:
    assert sign_in(cast.mara).get(path).status_code == 404
