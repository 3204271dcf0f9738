"""Evidence on answers: on the page of the question, in the register, and once the assessment is locked."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audittrail.models import Event
from common.exceptions import NotPermitted
from evidence.choices import Classification
from evidence.models import EvidenceItem
from evidence.selectors.listing import RegisterQuery, counts_of, filtered
from evidence.selectors.panels import wrong_in
from evidence.selectors.register import register_rows
from evidence.services.items import withdraw_item
from gapanalysis.models import AnswerEvidence, Assessment
from gapanalysis.selectors import content_sha256
from gapanalysis.selectors.results import results_of
from gapanalysis.selectors.said import texts_behind
from gapanalysis.services.proof import link_answer, pin_answer, unlink_answer
from gapanalysis.verification import check_locked
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import PDF, add
from tests.gapanalysis.conftest import answer_of, give, move

REF = "Q-8.5.1.3-01"
PAGE = f"/projects/alder/gap/baseline/answer/{REF}/"
PROOF = f"{PAGE}proof/"
HTMX = {"HTTP_HX_REQUEST": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def link(cast: Cast, assessment: Assessment, *items: EvidenceItem, ref: str = REF, who: str = "mara") -> int:
    answer = answer_of(assessment, ref)
    return link_answer(acting_user=cast.people[who], project=cast.project, answer=answer, items=items)


def test_an_item_is_put_on_an_answer_once_and_the_trail_says_so(cast: Cast, baseline: Assessment) -> None:
    item = add(cast, title="Change policy")
    assert link(cast, baseline, item) == 1
    assert link(cast, baseline, item) == 0
    event = Event.objects.filter(action="prove").get()
    assert event.key == item.key
    assert f"{REF} (baseline)" in str(event.payload)


def test_the_page_finds_links_and_takes_off(cast: Cast, baseline: Assessment, sign_in) -> None:
    item, other = add(cast, title="Change policy"), add(cast, PDF + b"%2", title="Minutes of May")
    client = sign_in(cast.mara)
    assert "Nothing shows this answer yet." in client.get(PAGE).content.decode()
    found = client.get(PROOF, {"find": "change pol"}).content.decode()
    assert item.key in found
    assert other.key not in found
    assert client.post(PROOF, {"item": [item.key]}).url == f"{PAGE}#proof"
    assert [each.item for each in AnswerEvidence.objects.all()] == [item]
    part = client.post(f"{PROOF}remove/", {"item": item.key}, **HTMX)
    assert "Nothing shows this answer yet." in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not AnswerEvidence.objects.exists()


def test_nothing_found_nothing_chosen_and_a_bad_link_keep_what_was_typed(
    cast: Cast, baseline: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)
    assert "holds “nowhere”" in client.get(PROOF, {"find": "nowhere"}).content.decode()
    none = client.post(PROOF, {})
    assert (none.status_code, "Choose at least one item." in none.content.decode()) == (422, True)
    bad = client.post(f"{PROOF}add/", {"url": "ftp://x", "seen_note": "A list", "title": "The wiki"})
    page = bad.content.decode()
    assert bad.status_code == 422
    assert "https:// or http://" in page
    assert 'value="The wiki"' in page
    assert 'value="A list"' in page
    assert client.post(f"{PROOF}add/", {}).status_code == 422


def test_a_file_is_added_without_leaving_and_what_is_kept_already_is_offered(
    cast: Cast, baseline: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)

    def send() -> dict[str, object]:
        return {"file": SimpleUploadedFile("change.pdf", PDF), "shows": "Ten changes of May"}

    assert client.post(f"{PROOF}add/", send()).status_code == 302
    (line,) = AnswerEvidence.objects.all()
    assert (line.item.title, line.item.shows) == ("change.pdf", "Ten changes of May")
    again = client.post("/projects/alder/gap/baseline/answer/Q-5.2.1-01/proof/add/", send())
    assert again.status_code == 422
    assert "This very content is kept already." in again.content.decode()
    assert f'value="{line.item.key}"' in again.content.decode()
    assert EvidenceItem.objects.count() == 1


def test_what_the_activities_have_is_suggested(cast: Cast, baseline: Assessment, sign_in) -> None:
    item = add(cast, title="Ten change records", refs=("CH.i",))
    page = sign_in(cast.mara).get(PAGE).content.decode()
    assert "Kept already for the activities that serve this question" in page
    assert "Ten change records" in page
    link(cast, baseline, item)
    assert "Kept already" not in sign_in(cast.mara).get(PAGE).content.decode()


def test_confidential_items_are_absent_for_who_may_not_see_them(cast: Cast, baseline: Assessment, sign_in) -> None:
    item = add(cast, title="Salaries", classification=Classification.CONFIDENTIAL)
    link(cast, baseline, item)
    tim = sign_in(cast.tim)
    assert "Salaries" not in tim.get(PAGE).content.decode()
    assert "Salaries" not in tim.get(PROOF, {"find": "Salaries"}).content.decode()
    assert tim.post(PROOF, {"item": [item.key]}).status_code == 422
    with pytest.raises(EvidenceItem.DoesNotExist):
        # Tim would have to answer the whole assessment; Olga's is not in the way of what counts here.
        link(cast, baseline, EvidenceItem(pk=item.pk + 1000, key="E-9999"))


def test_only_who_may_answer_puts_evidence_on_it(cast: Cast, baseline: Assessment) -> None:
    item = add(cast)
    for who in ("tim", "audra"):
        with pytest.raises(NotPermitted):
            link(cast, baseline, item, who=who)


def test_once_locked_its_proof_stays_and_verify_notices_a_change(cast: Cast, baseline: Assessment, sign_in) -> None:
    item, late = add(cast, title="Change policy"), add(cast, PDF + b"%2")
    give(cast, baseline, REF, "conforms")
    link(cast, baseline, item)
    locked = move(cast, baseline, "in review", "locked")
    with pytest.raises(NotPermitted):
        link(cast, locked, late)
    with pytest.raises(NotPermitted):
        unlink_answer(acting_user=cast.mara, project=cast.project, item=item, key=f"baseline {REF}")
    client = sign_in(cast.mara)
    page = client.get(f"/projects/alder/evidence/{item.key}/").content.decode()
    assert f"{REF} (baseline)" in page
    assert "The assessment is locked; its proof stays." in page
    withdraw_item(acting_user=cast.mara, project=cast.project, key=item.key, version=item.version, why="Wrong year")
    assert "No longer counts" in client.get(PAGE).content.decode()
    assert list(check_locked(False)) == []
    AnswerEvidence.objects.all().delete()
    assert list(check_locked(False)) == ["baseline of alder was changed after it was locked"]


def test_what_was_locked_before_answers_had_evidence_keeps_its_hash(locked: Assessment) -> None:
    assert content_sha256(locked) == locked.frozen_sha256


def test_the_register_knows_that_it_proves_an_answer(
    cast: Cast, baseline: Assessment, sign_in, django_assert_num_queries
) -> None:
    item = add(cast, title="Change policy")
    access = access_to(cast.project, cast.mara)
    unlinked = RegisterQuery(unlinked=True)
    assert (counts_of(cast.project, access).unlinked, wrong_in(cast.project, access).for_nothing) == (1, 1)
    link(cast, baseline, item)
    assert (counts_of(cast.project, access).unlinked, wrong_in(cast.project, access).for_nothing) == (0, 0)
    assert not filtered(cast.project, access, unlinked).exists()
    (row,) = register_rows(cast.project, access)
    assert row.also_counted == ("1 answer",)
    assert row.clauses_2018 == ("8.5.1.3",)
    client = sign_in(cast.mara)
    assert "1 answer" in client.get("/projects/alder/evidence/").content.decode()
    line = client.get("/projects/alder/evidence/export/").content.decode().splitlines()[1]
    assert line.endswith(f"{REF} (baseline)")


def test_it_is_taken_off_on_the_page_of_the_item(cast: Cast, baseline: Assessment, sign_in) -> None:
    item = add(cast)
    link(cast, baseline, item)
    client, path = sign_in(cast.mara), f"/projects/alder/evidence/{item.key}/unprove/"
    assert client.post(path, {"kind": "none", "ref": "x"}).status_code == 404
    assert client.post(path, {"kind": "answer", "ref": "baseline Q-0"}).status_code == 422
    assert client.post(path, {"kind": "answer", "ref": f"baseline {REF}"}).status_code == 302
    assert not AnswerEvidence.objects.exists()


def test_an_answer_is_kept_as_a_record_that_later_changes_leave_alone(
    cast: Cast, baseline: Assessment, sign_in
) -> None:
    client = sign_in(cast.mara)
    nothing = client.post(f"{PROOF}pin/", {})
    assert nothing.status_code == 422
    assert "Nothing was answered yet" in nothing.content.decode()
    give(cast, baseline, REF, "minor gap", note="No way back.")
    assert client.post(f"{PROOF}pin/", {"ref": ["CH.i"]}).status_code == 302
    item = EvidenceItem.objects.get()
    give(cast, baseline, REF, "conforms", note="Mended.")
    record = json.loads(item.revision.record)
    assert (record["answer"]["value"], record["answer"]["note"]) == ("minor gap", "No way back.")
    assert item.title == f"{REF} in Baseline: minor gap"
    assert [each.activity.ref for each in item.activityevidence_links.all()] == ["CH.i"]
    assert "Kept as a record:" in client.get(PAGE).content.decode()
    assert client.post(f"{PROOF}pin/", {"ref": ["XX.z"]}).status_code == 422


def test_a_locked_answer_can_be_kept_as_a_record(cast: Cast, locked: Assessment) -> None:
    item = pin_answer(acting_user=cast.mara, project=cast.project, answer=answer_of(locked, REF), refs=())
    assert json.loads(item.revision.record)["assessment"]["state"] == "locked"
    assert list(check_locked(False)) == []


def test_the_results_name_the_items_on_an_answer_of_what_one_may_see(cast: Cast, baseline: Assessment) -> None:
    give(cast, baseline, REF, "conforms")
    item = add(cast)
    secret = add(cast, PDF + b"%2", classification=Classification.CONFIDENTIAL)
    link(cast, baseline, item, secret)
    found = results_of(cast.project, edition="2018")
    assert found is not None
    told = {
        who: texts_behind(found, found.now, [REF], access_to(cast.project, cast.people[who]))[REF].items
        for who in ("mara", "tim")
    }
    assert told == {"mara": f"{item.key} {secret.key}", "tim": item.key}
