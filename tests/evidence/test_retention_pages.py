"""Rules, legal hold and disposal through their pages."""

from datetime import timedelta

import pytest

from common import clock
from evidence.models import Disposal, EvidenceItem, EvidenceRules
from evidence.selectors.retention import rules_of
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add
from tests.evidence.test_retention import hold, keep, nothing_kept, withdrawn

pytestmark = pytest.mark.django_db
EVIDENCE = "/projects/alder/evidence/"
RULES, DISPOSAL = f"{EVIDENCE}rules/", f"{EVIDENCE}disposal/"
CONFIRM, RECORD = f"{DISPOSAL}confirm/", f"{DISPOSAL}record/"
FORM = {"version": 1, "proof_needed": "key", "keep_file": 24, "keep_link": 12, "keep_record": 36}


def test_managers_set_the_rules_and_everybody_reads_them(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).post(RULES, FORM).status_code == 302
    assert rules_of(cast.project).keep_months == {"file": 24, "link": 12, "record": 36}
    page = sign_in(cast.audra).get(RULES).content.decode()
    assert "Key activities need evidence to be verified" in page
    assert '<td class="n">36</td>' in page
    assert "Save" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"keep_file": "-1"}, "greater than or equal to 0"),
        ({"keep_file": "601"}, "less than or equal to 600"),
        ({"keep_file": "two years"}, "Enter a whole number."),
        ({"proof_needed": "some"}, "Select a valid choice"),
    ],
)
def test_rules_that_make_no_sense_are_refused_and_stay_on_the_page(
    cast: Cast, sign_in, values: dict, words: str
) -> None:
    answer = sign_in(cast.mara).post(RULES, {**FORM, **values})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="36"' in answer.content.decode()
    assert not EvidenceRules.objects.exists()


def test_two_managers_who_change_the_rules_see_both(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    client.post(RULES, FORM)
    answer = client.post(RULES, {**FORM, "keep_file": 48})
    assert answer.status_code == 409
    assert "months for a file" in answer.content.decode()
    assert client.post(RULES, {**FORM, "keep_file": 48, "version": 2}).status_code == 302


def test_the_confirmation_names_count_and_rule_and_a_second_click_is_told(cast: Cast, sign_in) -> None:
    keep(cast, file=12)
    withdrawn(cast, title="Plan of 2024")
    withdrawn(cast, PDF + b"%2", title="Plan of 2025")
    client = sign_in(cast.mara)
    assert "the next until" in client.get(DISPOSAL).content.decode()
    with clock.moved_to(NOW + timedelta(days=400)):
        client = sign_in(cast.mara)
        assert "File: 12 months after it no longer counts" in client.get(DISPOSAL).content.decode()
        asked = client.get(f"{CONFIRM}?item=E-0001&item=E-0002").content.decode()
        assert "Dispose of 2 items?" in asked
        assert "File: 12 months after it no longer counts" in asked
        form = {"item": ["E-0001 2", "E-0002 2"], "why": "Agreed with the board"}
        first = client.post(CONFIRM, form, follow=True).content.decode()
        assert "2 items were disposed of" in first
        assert "Agreed with the board" in first
        assert client.post(CONFIRM, form).status_code == 409
        item = client.get(f"{EVIDENCE}E-0001/").content.decode()
    assert "Its content is gone. Hashes and trail stay." in item
    assert Disposal.objects.count() == 2


def test_what_may_not_go_is_left_out_of_the_confirmation_and_refused_when_sent(cast: Cast, sign_in) -> None:
    nothing_kept(cast)
    withdrawn(cast)
    add(cast, PDF + b"%2")
    client = sign_in(cast.mara)
    assert "left out" in client.get(f"{CONFIRM}?item=E-0001&item=E-0002").content.decode()
    for path in (CONFIRM, f"{CONFIRM}?item=E-0002", f"{CONFIRM}?item=E-9999"):
        answer = client.get(path)
        assert answer.status_code == 422, path
        assert "Choose at least one item." in answer.content.decode()
    refused = client.post(CONFIRM, {"item": ["E-0001 2", "E-0002 1"], "why": "Typed words"})
    assert refused.status_code == 422
    assert "E-0002 still counts" in refused.content.decode()
    assert "Typed words" in refused.content.decode()
    assert client.post(CONFIRM, {"item": "E-0001"}).status_code == 428
    assert client.post(CONFIRM, {"item": "E-9999 1"}).status_code == 404
    assert not Disposal.objects.exists()


def test_a_hold_is_put_on_and_lifted_with_a_reason(cast: Cast, sign_in) -> None:
    nothing_kept(cast)
    withdrawn(cast)
    client = sign_in(cast.mara)
    where = f"{EVIDENCE}E-0001/hold/"
    assert client.post(where, {"version": 2, "hold": "on", "why": " "}).status_code == 422
    assert client.post(where, {"version": 2, "hold": "maybe", "why": "Court"}).status_code == 400
    assert client.post(where, {"version": 2, "hold": "on", "why": "Claim of a customer"}).status_code == 302
    assert client.post(where, {"version": 2, "hold": "off", "why": "Late"}).status_code == 409
    assert "Claim of a customer" in sign_in(cast.audra).get(f"{DISPOSAL}holds/").content.decode()
    assert "Claim of a customer" in client.get(f"{EVIDENCE}E-0001/").content.decode()
    assert "Nothing may go" in client.get(DISPOSAL).content.decode()
    trail = client.get("/projects/alder/trail/").content.decode()
    assert "under legal hold" in trail
    assert "Claim of a customer" in trail
    client.post(where, {"version": 3, "hold": "off", "why": "Settled"})
    assert not EvidenceItem.objects.get().legal_hold


def test_who_may_not_dispose_sees_what_may_go_and_no_way_to_do_it(cast: Cast, sign_in) -> None:
    nothing_kept(cast)
    withdrawn(cast, title="Plan of 2024")
    page = sign_in(cast.audra).get(DISPOSAL).content.decode()
    assert "Plan of 2024" in page
    assert "Dispose of the chosen" not in page


def test_the_record_is_exported_with_hashes_and_without_what_one_may_not_see(cast: Cast, sign_in) -> None:
    nothing_kept(cast)
    item = withdrawn(cast, title="Warning letter", classification="confidential")
    client = sign_in(cast.mara)
    client.post(CONFIRM, {"item": "E-0001 2"})
    lines = client.get(f"{RECORD}export/?format=csv").content.decode().splitlines()
    assert lines[0].startswith("key,title,kind,revision,sha256,bytes,file_name,rule,reason,")
    assert lines[1].startswith(
        f"E-0001,Warning letter,file,1,{item.revision.sha256},{len(PDF)},report.pdf,File: as soon"
    )
    assert client.get(f"{RECORD}export/?format=xlsx").content.startswith(b"PK")
    assert client.get(f"{RECORD}export/?format=pdf").status_code == 400
    tim = sign_in(cast.tim)
    for path in (RECORD, f"{RECORD}export/", DISPOSAL):
        assert b"Warning letter" not in tim.get(path).content


def test_the_pages_take_the_same_queries_whatever_their_length(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    nothing_kept(cast)
    for number in range(6):
        withdrawn(cast, PDF + b"%%%d" % number)
    hold(cast, 2, key="E-0006")
    client = sign_in(cast.mara)
    client.post(CONFIRM, {"item": ["E-0001 2", "E-0002 2"]})
    for path in (DISPOSAL, f"{DISPOSAL}holds/", RECORD, f"{CONFIRM}?item=E-0003&item=E-0004", RULES):
        client.get(path)
        with django_assert_max_num_queries(15):
            client.get(path)
