"""The page from gap to plan, and the panel on the page of an activity."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gapanalysis.models import Answer, Assessment, Proposal
from phases.models import PhaseActivity, ProjectActivity
from tests.cast import Cast
from tests.gapanalysis.conftest import give, move
from tests.gapanalysis.test_proposals import choices, do

PAGE = "/projects/alder/gap/baseline/proposals/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def tokens(assessment: Assessment, **asked) -> list[str]:
    return [f"{choice.pk}:{choice.row_version}" for choice in choices(assessment, **asked)]


def lock_everything(cast: Cast, assessment: Assessment) -> Assessment:
    """Lock it with an answer to every question, so that all of the plan is reached that these questions can reach."""
    for answer in Answer.objects.filter(assessment=assessment, question__instrument="requirement"):
        give(cast, assessment, Answer.objects.get(pk=answer.pk).question.ref, "conforms")
    return move(cast, assessment, "in review", "locked")


def test_it_says_what_is_proposed_and_why(cast: Cast, locked: Assessment, sign_in) -> None:
    page = text(sign_in(cast.mara).get(PAGE))
    assert "From gap to plan" in page
    assert "Already met" in page
    assert "Q-8.6.1-01" in page
    assert "reported done, for somebody else to verify" in page
    assert "Signed in February." in page
    assert "Accept all" in page


def test_who_only_looks_sees_no_button(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.audra)
    page = text(client.get(PAGE))
    assert "Already met" in page
    assert 'name="row"' not in page
    assert "Accept" not in page
    assert client.post(PAGE, {"do": "accept", "row": tokens(locked)}).status_code == 403


def test_before_it_is_locked_it_says_so(cast: Cast, baseline: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "It is not locked yet" in text(client.get(PAGE))
    answer = client.post(PAGE, {"do": "make"})
    assert answer.status_code == 422
    assert "Lock the assessment first" in text(answer)


def test_one_kind_is_shown_alone(cast: Cast, locked: Assessment, sign_in) -> None:
    page = text(sign_in(cast.mara).get(PAGE, {"kind": "already met"}))
    assert page.count('name="row"') == 2
    assert sign_in(cast.mara).get(PAGE, {"kind": "nonsense"}).status_code == 400
    assert sign_in(cast.mara).get(PAGE, {"other": "x"}).status_code == 400


def test_one_is_accepted_by_its_button(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    (token,) = tokens(locked, what="already met", ref="MR.a")
    answer = client.post(PAGE, {"one": token, "kind": "already met"})
    assert answer["Location"] == f"{PAGE}?kind=already+met"
    assert cast.row("MR.a", 1).status == "done"
    assert cast.row("MR.b.1", 1).status == "not started"
    assert "1 proposal accepted; the plan has it." in text(client.get(PAGE))


def test_who_came_from_the_end_of_a_phase_is_led_back_there(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    path = "/projects/alder/governance/phase-end/1/"
    assert f'href="{PAGE}?phase=1"' in text(client.get(path))
    page = text(client.get(PAGE, {"phase": "1"}))
    assert f'href="{path}#proposals"' in page
    assert f'action="{PAGE}?phase=1"' in page
    (token,) = tokens(locked, what="already met", ref="MR.a")
    answer = client.post(f"{PAGE}?phase=1", {"one": token, "kind": "already met"})
    assert answer["Location"] == f"{PAGE}?kind=already+met&phase=1"
    assert f'href="{path}#proposals"' in text(client.get(answer["Location"]))
    assert path not in text(client.get(PAGE))
    assert [client.get(PAGE, {"phase": phase}).status_code for phase in ("9", "//evil.example")] == [400, 400]


def test_all_that_is_shown_is_accepted_at_once_unless_it_changed(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    page = client.get(PAGE, {"kind": "improve only"}).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    sent = {"do": "accept all", "kind": "improve only", "seen": seen}
    PhaseActivity.objects.filter(project=cast.project).update(version=7)
    refused = client.post(PAGE, sent)
    assert refused.status_code == 422
    assert "changed since this page was shown" in text(refused)
    assert not PhaseActivity.objects.filter(project=cast.project, is_improve_only=True).exists()
    sent["seen"] = re.search(r'name="seen" value="([0-9a-f]+)"', refused.content.decode())[1]
    assert client.post(PAGE, sent).status_code == 302
    marked = PhaseActivity.objects.filter(project=cast.project, is_improve_only=True).count()
    assert marked == Proposal.objects.filter(assessment=locked, what="improve only").count() > 0
    assert Proposal.objects.filter(state="accepted").count() == marked


def test_what_was_ticked_and_typed_stays_when_it_is_refused(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    chosen = tokens(locked, what="already met")
    answer = client.post(PAGE, {"do": "dismiss", "row": chosen, "why_not": "?"})
    page = text(answer)
    assert answer.status_code == 422
    assert "Say why in a line" in page
    assert len(re.findall(r'name="row"[^>]* checked>', page)) == len(chosen) == 2
    assert client.post(PAGE, {"do": "dismiss", "row": chosen, "why_not": "Bought anew"}).status_code == 302
    decided = text(client.get(PAGE, {"show": "decided"}))
    assert decided.count("Bought anew") == 2
    assert "Mara Moss" in decided


def test_a_single_one_is_dismissed_in_its_row(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    (token,) = tokens(locked, what="already met", ref="MR.a")
    page = text(client.get(PAGE, {"dismiss": token.partition(":")[0]}))
    assert page.count("Why is this not followed for MR.a?") == 1
    client.post(PAGE, {"do": "dismiss", "row": token, "why_not": "Not in this phase"})
    assert Proposal.objects.get(state="dismissed").ref == "MR.a"


def test_forms_that_no_page_sends_are_bad_requests(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    assert client.post(PAGE, {"do": "explode"}).status_code == 400
    assert client.post(PAGE, {"do": "accept", "row": "1"}).status_code == 400
    assert client.post(PAGE, {"do": "accept", "row": "999999:1"}).status_code == 404
    assert client.post(PAGE, {"do": "accept"}).status_code == 422


def test_what_the_plan_went_past_is_counted_until_it_is_worked_out_anew(
    cast: Cast, locked: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)
    do(cast, "MR.a", 1, "in progress", "done")
    page = text(client.get(PAGE, {"kind": "already met"}))
    assert "1 more no longer fits: the plan went past it." in page
    assert "Accept the one shown" in page
    client.post(PAGE, {"do": "make"})
    assert "no longer fits" not in text(client.get(PAGE))


def test_done_work_with_a_gap_has_a_tab(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "No done work has a gap" in text(client.get(PAGE, {"show": "gaps"}))
    do(cast, "CH.i", 1, "in progress", "done")
    page = text(client.get(PAGE, {"show": "gaps"}))
    assert "done by Mara Moss" in page
    assert "Standard changes carry no way back." in page
    assert "Nothing proposed" in page
    client.post(PAGE, {"do": "make"})
    assert "Reopening waits for a decision" in text(client.get(PAGE, {"show": "gaps"}))


def test_the_number_of_queries_does_not_grow(cast: Cast, baseline: Assessment, sign_in) -> None:
    give(cast, baseline, "Q-8.6.1-02", "conforms")
    client = sign_in(cast.mara)
    locked = lock_everything(cast, baseline)
    client.get(PAGE)
    counts = {}
    for show in ("open", "gaps", "decided"):
        with CaptureQueriesContext(
            connection,
        ) as many:
            client.get(PAGE, {"show": show})
        counts[show] = len(many)
    assert Proposal.objects.filter(assessment=locked).count() > 5
    Proposal.objects.filter(assessment=locked).exclude(ref="IN.b").delete()
    for show, count in counts.items():
        with CaptureQueriesContext(connection) as few:
            client.get(PAGE, {"show": show})
        assert len(few) == count <= 15


def test_the_page_of_an_activity_says_what_was_found(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    page = text(client.get("/projects/alder/activities/IN.a/"))
    assert "What the gap analysis says" in page
    assert "Q-8.6.1-01" in page
    assert "waits for a decision" in page
    assert "What the gap analysis says" not in text(client.get("/projects/alder/activities/CH.a/"))
    assert "What the gap analysis says" in text(sign_in(cast.audra).get("/projects/alder/activities/CH.i/"))


def test_an_improved_row_says_so_on_the_board_and_on_its_page(cast: Cast, locked: Assessment, sign_in) -> None:
    client = sign_in(cast.mara)
    row = PhaseActivity.objects.filter(project=cast.project, activity__ref="MR.a", phase_number__gt=1).first()
    board = f"/projects/alder/phases/{row.phase_number}/"
    assert "Improve only" not in text(client.get(board))
    client.post(PAGE, {"one": tokens(locked, what="improve only", ref="MR.a")[0]})
    assert text(client.get(board)).count("Improve only") == 1
    assert "Improve only" in text(client.get("/projects/alder/activities/MR.a/"))
    assert ProjectActivity.objects.get(project=cast.project, ref="MR.a").version == 1
