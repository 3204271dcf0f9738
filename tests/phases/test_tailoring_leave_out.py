"""Rows are left out with a justification and a warning, and brought back, one or many."""

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken
from phases.choices import Status
from phases.domain.tailoring import LEFT_OUT, PhaseCount
from phases.models import Phase, PhaseActivity
from phases.selectors.tailoring import tailoring_of
from phases.services.rows import RowsRefused, Target
from phases.services.tailoring.leave_out import ClausesLost, bring_back, leave_out
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def targets(cast: Cast, *refs: str) -> list[Target]:
    """All rows of activities."""
    rows = PhaseActivity.objects.filter(project=cast.project, activity__ref__in=refs).order_by("pk")
    return [Target(row.pk, row.version) for row in rows]


def lonely(cast: Cast) -> tuple[str, str]:
    """A clause that hangs on one activity, and that activity."""
    each = tailoring_of(cast.project).checks.hanging[0]
    return each.clause.number, each.refs[0]


def test_a_row_left_out_stands_in_the_compare_view_with_reason_who_and_when(cast: Cast):
    leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="One site only")
    (line,) = tailoring_of(cast.project).differing
    assert (line.ref, line.phase, line.kind, line.why, line.who) == ("CH.i", 2, LEFT_OUT, "One site only", "Mara Moss")
    event = Event.objects.filter(stream_id=cast.project.uuid).latest("seq")
    assert (line.seq, line.at) == (event.seq, event.at)


def test_many_rows_take_one_justification_and_the_counts_follow(cast: Cast):
    before = tailoring_of(cast.project)
    refs = ["CH.e", "CH.i", "SU.f"]
    chosen = targets(cast, *refs)
    leave_out(acting_user=cast.mara, project=cast.project, targets=chosen, reason="Not ours")
    after = tailoring_of(cast.project)
    assert before.total.left_out == 0
    assert after.total.left_out == len(chosen)
    assert after.total.in_catalogue == before.total.marked - len(chosen) == after.total.applicable
    assert {line.why for line in after.differing} == {"Not ours"}
    assert before.counts[1] == PhaseCount(marked=76, in_catalogue=76, applicable=76)
    assert [before.counts[n].marked for n in (1, 2, 3)] == [76, 172, 223]


def test_what_is_brought_back_applies_again(cast: Cast):
    leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target()], reason="One site only")
    bring_back(acting_user=cast.mara, project=cast.project, targets=[cast.target()])
    assert tailoring_of(cast.project).differing == ()
    assert cast.row().status == Status.NOT_STARTED


@pytest.mark.parametrize("reason", ["", "  ", "7!", "x" * 2001])
def test_a_justification_needs_words(cast: Cast, reason: str):
    with pytest.raises(RuleBroken) as refused:
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target()], reason=reason)
    assert refused.value.field == "reason"


def test_a_clause_is_not_lost_unseen(cast: Cast):
    clause, ref = lonely(cast)
    chosen = targets(cast, ref)
    with pytest.raises(ClausesLost) as lost:
        leave_out(acting_user=cast.mara, project=cast.project, targets=chosen, reason="Not ours", seen="")
    assert clause in [each.clause.number for each in lost.value.warnings.lost]
    assert tailoring_of(cast.project).differing == ()
    seen = lost.value.warnings.seen
    leave_out(acting_user=cast.mara, project=cast.project, targets=chosen, reason="Not ours", seen=seen)
    found = tailoring_of(cast.project).checks
    assert clause in [each.clause.number for each in found.bare]
    assert found.left_out == len(chosen)


def test_only_who_may_tailor_leaves_out(cast: Cast):
    for person in (cast.petra, cast.chen, cast.audra, cast.bruno):
        with pytest.raises(NotPermitted):
            leave_out(acting_user=person, project=cast.project, targets=[cast.target()], reason="Not ours")
        with pytest.raises(NotPermitted):
            bring_back(acting_user=person, project=cast.project, targets=[cast.target()])


def test_rows_of_a_closed_phase_and_what_is_done_stay(cast: Cast):
    PhaseActivity.objects.filter(pk=cast.row("CH.i", 2).pk).update(status="done")
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    for phase, said in ((1, "Phase 1 is closed"), (2, "It was reported done")):
        with pytest.raises(RowsRefused, match=said):
            leave_out(
                acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", phase)], reason="Not ours"
            )


def test_a_row_of_another_project_is_never_touched(cast: Cast):
    strange = PhaseActivity.objects.filter(project=cast.other).first()
    with pytest.raises(PhaseActivity.DoesNotExist):
        leave_out(
            acting_user=cast.mara, project=cast.project, targets=[Target(strange.pk, strange.version)], reason="No no"
        )


def test_the_compare_view_takes_as_many_queries_with_one_difference_as_with_many(cast: Cast, django_assert_num_queries):
    leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="Not ours")
    with django_assert_num_queries(3):
        tailoring_of(cast.project)
    leave_out(acting_user=cast.mara, project=cast.project, targets=targets(cast, "CH.e", "SU.f"), reason="Not ours")
    with django_assert_num_queries(3):
        tailoring_of(cast.project)


def test_a_hundred_rows_are_left_out_under_one_lock(cast: Cast, django_assert_max_num_queries):
    rows = PhaseActivity.objects.filter(project=cast.project, phase_number=3).order_by("pk")[:100]
    chosen = [Target(row.pk, row.version) for row in rows]
    seen = " ".join(number for line in tailoring_of(cast.project).lines for number in line.clauses)
    with django_assert_max_num_queries(115) as counted:
        leave_out(acting_user=cast.mara, project=cast.project, targets=chosen, reason="Later", seen=seen)
    locks = [query for query in counted.captured_queries if 'UPDATE "audittrail_stream"' in query["sql"]]
    assert len(locks) == 1


class TestPages:
    """What the pages say and take."""

    def test_the_summary_is_that_of_the_catalogue_at_first(self, cast: Cast, sign_in):
        page = sign_in(cast.audra).get("/projects/alder/plan/tailoring/").content.decode()
        assert "This plan is as the catalogue has it" in page
        assert "Every activity left out" not in page
        assert "Leave out" not in page

    def test_a_whole_component_is_offered_with_its_warning(self, cast: Cast, sign_in):
        clause, ref = lonely(cast)
        page = sign_in(cast.mara).get(f"/projects/alder/plan/tailoring/leave-out/?ref={ref}").content.decode()
        assert "its last applicable activity" in page
        assert clause in page
        assert "Leave out all the same" in page

    def test_a_post_leaves_out_and_leads_back(self, cast: Cast, sign_in):
        row = cast.row()
        answer = sign_in(cast.mara).post(
            "/projects/alder/plan/tailoring/leave-out/",
            {"row": f"{row.pk}:{row.version}", "reason": "One site only", "seen": ""},
        )
        assert (answer.status_code, answer["Location"]) == (302, "/projects/alder/plan/tailoring/")
        assert cast.row().reason == "One site only"

    def test_without_a_reason_what_was_chosen_stays_on_the_page(self, cast: Cast, sign_in):
        row = cast.row()
        answer = sign_in(cast.mara).post(
            "/projects/alder/plan/tailoring/leave-out/", {"row": f"{row.pk}:{row.version}", "reason": " "}
        )
        assert answer.status_code == 422
        assert f'value="{row.pk}:{row.version}"' in answer.content.decode()
        assert "Say why in a line" in answer.content.decode()

    def test_an_unseen_loss_is_shown_and_asked_again(self, cast: Cast, sign_in):
        clause, ref = lonely(cast)
        data = {"row": [f"{t.pk}:{t.version}" for t in targets(cast, ref)], "reason": "Not ours", "seen": ""}
        answer = sign_in(cast.mara).post("/projects/alder/plan/tailoring/leave-out/", data)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Read the warning" in page
        assert "Not ours" in page
        assert f'name="seen" value="{clause}"' in page or clause in page

    @pytest.mark.parametrize(
        "query",
        ["?kind=wrong", "?phase=9", "?component=XX", "?show=none", "?what=1", "?phase=1&phase=2"],
    )
    def test_an_address_that_no_page_writes_is_a_bad_request(self, cast: Cast, sign_in, query: str):
        assert sign_in(cast.mara).get(f"/projects/alder/plan/tailoring/{query}").status_code == 400

    @pytest.mark.parametrize("act", ["leave-out", "bring-back"])
    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("ref=ZZ", 404),
            ("ref=CH.i&ref=ZZ", 404),
            ("row=ZZ.a@2", 404),
            ("row=CH.i@4", 404),
            ("ref=CH.i", 200),
            ("row=CH.i@2&row=ZZ.a@2", 200),
            ("ref=CH.i&phase=4", 200),
            ("component=CH", 200),
            ("", 200),
        ],
    )
    def test_what_the_plan_does_not_have_is_not_found(self, cast: Cast, sign_in, act: str, query: str, status: int):
        client = sign_in(cast.mara)
        assert client.get(f"/projects/alder/plan/tailoring/{act}/?{query}").status_code == status

    def test_a_row_named_wrongly_is_a_bad_request(self, cast: Cast, sign_in):
        client = sign_in(cast.mara)
        assert client.get("/projects/alder/plan/tailoring/leave-out/?row=nonsense").status_code == 400
        assert client.post("/projects/alder/plan/tailoring/leave-out/", {"row": "a:b"}).status_code == 400

    def test_a_stale_row_is_a_conflict(self, cast: Cast, sign_in):
        row = cast.row()
        answer = sign_in(cast.mara).post(
            "/projects/alder/plan/tailoring/leave-out/", {"row": f"{row.pk}:{row.version + 1}", "reason": "No no"}
        )
        assert answer.status_code == 409

    def test_the_file_has_the_lines_of_the_page(self, cast: Cast, sign_in):
        leave_out(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], reason="=One site")
        client = sign_in(cast.audra)
        lines = client.get("/projects/alder/plan/tailoring/export/?format=csv").content.decode().splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("CH.i,2,Change management,")
        assert "left out,,not applicable,'=One site,Mara Moss,2026-03-02" in lines[1]
        assert client.get("/projects/alder/plan/tailoring/export/?format=xlsx").content[:2] == b"PK"
        assert client.get("/projects/alder/plan/tailoring/export/").status_code == 400

    def test_its_queries_stay_within_the_budget(self, cast: Cast, sign_in, django_assert_max_num_queries):
        leave_out(acting_user=cast.mara, project=cast.project, targets=targets(cast, "CH.e", "CH.i"), reason="Not ours")
        client = sign_in(cast.mara)
        client.get("/projects/alder/plan/tailoring/")
        with django_assert_max_num_queries(15):
            client.get("/projects/alder/plan/tailoring/?show=all")
