"""The end of a phase as one path: computed from the record, left and resumed, item by item."""

import pytest
from django.test import Client

from common.exceptions import NotPermitted, RuleBroken
from governance.models import CarryOver, Committee, Oversight
from governance.selectors.end import phase_path
from governance.services.end import let_go_on, set_aside
from governance.services.lessons import LessonFacts, capture_lesson, settle_lesson
from phases.models import Phase
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import Cast


def states(cast: Cast, number: int = 0) -> dict[str, str]:
    """Where the steps stand."""
    return {step.key: str(step.state) for step in phase_path(cast.project, number).steps}


def test_the_path_follows_the_record_from_the_lessons_to_the_next_phase(cast: Cast) -> None:
    project, mara = cast.project, cast.mara
    Phase.objects.filter(project=project, number=0, state="planned").update(state="active", started_on="2026-01-12")
    assert states(cast) == {
        "analysis": "skipped",
        "lessons": "now",
        "proposals": "later",
        "gate": "skipped",
        "close": "later",
        "start": "later",
    }
    facts = LessonFacts("Nobody had time in January.", phase=0)
    capture_lesson(acting_user=cast.tim, project=project, facts=facts)
    path = phase_path(project, 0)
    assert path.now is not None
    assert (path.now.key, len(path.now.missing), path.now.who) == ("proposals", 2, "Mara Moss, Olga Alder")
    settle_lesson(acting_user=mara, project=project, ref="L-01", version=1, state="noted", note="It was January.")
    let_go_on(acting_user=mara, project=project, phase=0, refs=[line.going.row.ref for line in path.open_carry])
    assert states(cast)["close"] == "now"
    close_phase(acting_user=mara, project=project, number=0, reason="The sponsor wants to begin.")
    assert states(cast)["start"] == "now"
    start_phase(acting_user=mara, project=project, number=1)
    done = phase_path(project, 0)
    assert (done.now, done.done) == (None, 6)
    assert phase_path(project, 1).now.key == "analysis"


def test_unfinished_work_goes_on_or_is_set_aside_item_by_item(cast: Cast) -> None:
    first, second = (line.going.row for line in phase_path(cast.project, 1).carry[:2])
    act = {"project": cast.project, "phase": 1}
    with pytest.raises(NotPermitted):
        let_go_on(acting_user=cast.petra, refs=[first.ref], **act)
    with pytest.raises(RuleBroken, match="no longer unfinished"):
        let_go_on(acting_user=cast.mara, refs=["NO.such"], **act)
    assert let_go_on(acting_user=cast.mara, refs=[first.ref, first.ref], **act) == 1
    assert let_go_on(acting_user=cast.mara, refs=[first.ref], **act) == 0, "said already"
    assert list(CarryOver.objects.values_list("phase_number", "ref", "decided_by__name")) == [
        (1, first.ref, "Mara Moss")
    ]
    with pytest.raises(RuleBroken) as refused:
        set_aside(acting_user=cast.mara, project=cast.project, target=cast.target(second.ref), why="")
    assert refused.value.field == "why"
    set_aside(acting_user=cast.mara, project=cast.project, target=cast.target(second.ref), why="Nobody releases here.")
    assert cast.row(second.ref).status == "not applicable"
    after = phase_path(cast.project, 1)
    assert second.ref not in [line.going.row.ref for line in after.carry]
    assert first.ref not in [line.going.row.ref for line in after.open_carry]


def test_the_page_decides_and_leads_back(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    here = "/projects/alder/governance/phase-end/1/"
    mara: Client = sign_in(cast.mara)
    with django_assert_max_num_queries(45):
        page = mara.get(here)
    ref = page.context["open_refs"][0]
    assert (
        mara.post(here, {"do": "go on", "ref": ref}).headers["Location"] == f"{here}?part={ref.partition('.')[0]}#carry"
    )
    row = cast.row(ref)
    refused = mara.post(here, {"do": "aside", "ref": ref, "version": str(row.version), "why": ""})
    assert (refused.status_code, refused.context["aside"]) == (422, ref)
    assert (
        mara.post(here, {"do": "aside", "ref": ref, "version": str(row.version), "why": "None here."}).status_code
        == 302
    )
    assert mara.post(here, {"do": "nonsense"}).status_code == 400
    assert mara.get(here.replace("/1/", "/4/")).status_code == 404
    assert here in mara.get("/projects/alder/phases/1/").content.decode()
    assert here in mara.get("/projects/alder/phases/1/end/").content.decode()
    audra = sign_in(cast.audra).get(here)
    assert (audra.context["may_close"], audra.context["may_capture"]) == (False, False)


def test_the_gate_says_which_criteria_are_open_to_those_who_may_see_it(cast: Cast) -> None:
    committee = Committee.objects.create(organization=cast.alder, name="Steering committee")
    Oversight.objects.create(project=cast.project, committee=committee)
    seen, unseen = (
        next(step for step in phase_path(cast.project, 1, sees_gate=sees).steps if step.key == "gate")
        for sees in (True, False)
    )
    assert seen.url == "/projects/alder/governance/gates/1/"
    assert len(seen.missing) > 5
    assert (unseen.url, list(unseen.missing)) == ("", [f"{len(seen.missing)} criteria are open."])


def test_what_is_done_with_a_lesson_leads_back_to_the_path(cast: Cast, sign_in) -> None:
    here = "/projects/alder/governance/phase-end/1/"
    lessons = "/projects/alder/governance/lessons/"
    mara: Client = sign_in(cast.mara)
    told = {"happened": "Nobody had time.", "phase": "1"}
    assert mara.post(f"{lessons}new/", {**told, "next": here}).headers["Location"] == here
    page = mara.get(here).content.decode()
    for act in ("L-01/activity/", "L-01/action/", "L-01/"):
        address = f"{lessons}{act}?next={here}%23proposals"
        assert f'href="{address}' in page
        assert f'name="next" value="{here}#proposals"' in mara.get(address).content.decode()
    settled = {"version": "1", "state": "noted", "note": "It was January.", "next": f"{here}#proposals"}
    refused = mara.post(f"{lessons}L-01/settle/", {**settled, "state": "nonsense"})
    assert (refused.status_code, refused.context["next"]) == (422, f"{here}#proposals")
    assert mara.post(f"{lessons}L-01/settle/", settled).headers["Location"] == f"{here}#proposals"
    astray = {**settled, "version": "2", "next": "//evil.example/"}
    assert mara.post(f"{lessons}L-01/settle/", astray).headers["Location"] == f"{lessons}L-01/"
