"""The pages of requests and findings: what is refused stays on the page, and what waits is told where people look."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audits.choices import FindingState, Grade
from audits.closing_asking import majors_missing, no_major
from audits.models import AuditFinding, AuditRequest, AuditRequestEvidence, Improvement
from audits.panels_asking import late_for_committee, waiting
from audits.proof_asking import proven_findings
from audits.selectors.findings import FindingQuery, finding_counts, findings_of
from audits.services.asking_reminders import note_asking_reminders
from audits.services.findings import link_to_finding, withdraw_finding
from common import clock
from evidence.models import EvidenceItem
from governance.board_paper import pack_html
from governance.domain.board import LateFinding
from governance.registries import gate_criteria
from governance.selectors.steering import board_of
from governance.services.boards import keep_board
from notifications.models import Notice
from notifications.registry import notice_kinds
from phases.selectors.work_projects import work_projects
from projects.permissions import access_to
from tests.audits.asking_cast import asked, asking, found
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF
from tests.evidence.conftest import add as add_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
AUDITS = "/projects/alder/audits"


def test_an_auditor_asks_from_the_page_of_a_clause(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.audra)
    form = client.get(f"{AUDITS}/requests/new/?edition=2018&clause=9.2").content.decode()
    assert 'value="9.2"' in form
    sent = {"text": "", "edition": "2018", "clause": "9.2", "due": "2026-03-20", "asked_of": "", "ref": "XX.i"}
    refused = client.post(f"{AUDITS}/requests/new/", sent)
    assert refused.status_code == 422
    assert "Say what you want to see." in refused.content.decode()
    assert "The plan has no activity XX.i." in refused.content.decode()
    done = client.post(f"{AUDITS}/requests/new/", sent | {"text": "The programme.", "ref": "CH.i"})
    assert (done.status_code, done["Location"]) == (302, f"{AUDITS}/requests/AR-01/")
    assert AuditRequest.objects.get().activity == cast.row("CH.i").activity


def test_an_answer_that_comes_too_late_keeps_its_words(cast: Cast, sign_in) -> None:
    asked(cast)
    client: Client = sign_in(cast.tim)
    sent = {"version": "1", "keys": "", "words": "It is in the wiki."}
    assert client.post(f"{AUDITS}/requests/AR-01/give/", sent).status_code == 302
    again = client.post(f"{AUDITS}/requests/AR-01/give/", sent | {"words": "On page 3 of it."})
    assert again.status_code == 409
    assert "On page 3 of it." in again.content.decode()
    assert "It is in the wiki." in again.content.decode()
    unknown = client.post(f"{AUDITS}/requests/AR-01/give/", {"version": "2", "keys": "E-0404", "words": "This"})
    assert unknown.status_code == 422
    assert "There is no item E-0404." in unknown.content.decode()


def test_a_member_of_the_team_sees_the_request_that_is_theirs_alone(cast: Cast, sign_in) -> None:
    asked(cast)
    asked(cast, "petra")
    client: Client = sign_in(cast.tim)
    assert client.get(f"{AUDITS}/requests/AR-01/").status_code == 200
    assert client.get(f"{AUDITS}/requests/AR-02/").status_code == 404
    assert client.get(f"{AUDITS}/requests/").status_code == 403


def test_a_finding_is_corrected_on_its_page(cast: Cast, sign_in) -> None:
    asking(cast)
    client: Client = sign_in(cast.petra)
    page = client.get(f"{AUDITS}/findings/F-01/").content.decode()
    assert "Still to do for Petra Pohl: say why it came about, finish the actions that are open." in page
    version = AuditFinding.objects.get().version
    wrong = {"version": version, "owner": str(cast.parties["petra"].pk), "cause": "Haste", "due": "2026-01-01"}
    refused = client.post(f"{AUDITS}/findings/F-01/treat/", wrong)
    assert refused.status_code == 422
    assert "Haste" in refused.content.decode()
    assert client.post(f"{AUDITS}/findings/F-01/treat/", wrong | {"due": "2026-04-01"}).status_code == 302
    finish = f"{AUDITS}/findings/F-01/actions/1/finish/"
    assert client.post(finish, {"version": "1", "note": ""}).status_code == 422
    assert client.post(finish, {"version": "1", "note": "Named.", "done_on": "2026-03-02"}).status_code == 302
    version = AuditFinding.objects.get().version
    assert client.post(f"{AUDITS}/findings/F-01/ready/", {"version": version}).status_code == 302
    verifying = AuditFinding.objects.get()
    assert (verifying.state, verifying.cause) == (FindingState.VERIFYING, "Haste")
    assert "somebody else says whether they work" in client.get(f"{AUDITS}/findings/F-01/").content.decode()


def test_an_observation_becomes_an_improvement_once(cast: Cast, sign_in) -> None:
    found(cast, Grade.OPPORTUNITY)
    client: Client = sign_in(cast.petra)
    for _time in range(2):
        assert client.post(f"{AUDITS}/findings/F-01/improve/")["Location"] == f"{AUDITS}/improvements/I-01/"
    assert Improvement.objects.get().finding == AuditFinding.objects.get()


def test_the_register_costs_the_same_however_long_it_is(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    for grade in Grade.values:
        found(cast, grade)
    client: Client = sign_in(cast.mara)
    with django_assert_max_num_queries(15):
        page = client.get(f"{AUDITS}/findings/?view=all").content.decode()
    assert page.index("F-01") < page.index("F-02") < page.index("F-04")
    file = client.get(f"{AUDITS}/findings/export/?format=csv").content.decode("utf-8-sig")
    assert [row.split(",")[0] for row in file.splitlines()] == ["ref", "F-01", "F-02", "F-03", "F-04"]
    assert client.get(f"{AUDITS}/findings/?view=nowhere").status_code == 400


def test_late_nonconformities_reach_the_committee_and_hold_phase_3_and_the_last_gate(cast: Cast, sign_in) -> None:
    major = found(cast, due=NOW.date() + timedelta(2))
    found(cast, Grade.MINOR, due=NOW.date() + timedelta(2))
    found(cast, Grade.OBSERVATION, due=NOW.date() + timedelta(2))
    with clock.moved_to(NOW + timedelta(days=3)):
        (row,) = late_for_committee(board_of(cast.project))["rows"]
        assert (row.line.ref, row.days_late) == (major.ref, 1)
        page = sign_in(cast.chen).get("/projects/alder/governance/").content.decode()
        assert "Nonconformities that are late" in page
        note_asking_reminders()
        note_asking_reminders()
    told = Notice.objects.filter(kind="nonconformity late").values_list("person__name", flat=True)
    assert sorted(told) == ["Chen Chair", "Cora Cole"]
    with clock.moved_to(NOW + timedelta(days=17)):
        assert late_for_committee(board_of(cast.project))["count"] == 2
    assert majors_missing(cast.project, 3) == "1 major nonconformity is not settled: F-01."
    assert majors_missing(cast.project, 2) == ""
    assert gate_criteria["no-major-nonconformity"].compute is no_major
    assert no_major(cast.project, 4, None, NOW.date()).met is False
    withdraw_finding(acting_user=cast.audra, finding=major, version=1, reason="An error of mine")
    assert no_major(cast.project, 4, None, NOW.date()).met is True


def test_the_board_pack_names_nonconformities_that_were_late_on_its_day(cast: Cast) -> None:
    finding = found(cast, due=NOW.date() + timedelta(2))
    late = NOW + timedelta(days=3)
    day = late.date()
    with clock.moved_to(late):
        board = board_of(cast.project)
        assert board.findings == (
            LateFinding("F-01", finding.title, "Major nonconformity", finding.due, str(finding.owner)),
        )
        html = pack_html(cast.project, board, made_at=late)
        assert "1 nonconformity is so late that it is yours" in html
        assert f"<td>{finding.title}</td>" in html
        keep_board(project=cast.project, day=day)
    AuditFinding.objects.filter(pk=finding.pk).update(state=FindingState.VERIFYING)
    with clock.moved_to(late + timedelta(days=2)):
        assert board_of(cast.project).findings == ()
        # What was kept of the day holds, and of the day after it the newest before.
        kept = board_of(cast.project, day).findings
        assert kept is not None
        assert [each.ref for each in kept] == ["F-01"]
        assert board_of(cast.project, day + timedelta(1)).findings == kept
        # Of a day that nobody kept nothing is made up.
        before = board_of(cast.project, day - timedelta(1))
        assert before.findings is None
        assert "was not kept" in pack_html(cast.project, before, made_at=late)


def test_my_work_shows_what_waits_and_mails_say_it_while_it_is_true(cast: Cast) -> None:
    request, _finding = asking(cast)
    values = waiting(cast.tim, work_projects(cast.tim))
    assert values is not None
    assert [line.row.ref for line in values["requests"]] == ["AR-01"]
    assert [line.row.number for line in values["steps"]] == [1]
    with clock.moved_to(NOW + timedelta(days=3)):
        note_asking_reminders()
        notices = list(Notice.objects.filter(person=cast.tim, kind="audit due"))
        (said,) = notice_kinds["audit due"].lines(cast.tim, notices).values()
        assert said.path == "/projects/alder/audits/requests/AR-01/"
        AuditRequest.objects.filter(pk=request.pk).update(state="given")
        assert notice_kinds["audit due"].lines(cast.tim, notices) == {}


def test_evidence_of_a_finding_is_named_on_its_page_and_counts_for_no_clause(cast: Cast) -> None:
    item, finding = add_item(cast), found(cast)
    link_to_finding(acting_user=cast.petra, finding=finding, keys=[item.key])
    (proven,) = proven_findings(cast.project, access_to(cast.project, cast.petra), [item.pk])
    assert (proven.key, proven.clauses) == ("F-01", {})


def test_an_activity_shows_what_auditors_ask_about_it_and_the_search_finds_findings(cast: Cast, sign_in) -> None:
    asked(cast, activity=cast.row("CH.i").activity)
    found(cast)
    page = sign_in(cast.audra).get("/projects/alder/activities/CH.i/").content.decode()
    assert "Asked by auditors" in page
    assert "/projects/alder/audits/requests/new/?activity=CH.i" in page
    searched = sign_in(cast.tim).get("/projects/alder/search/?q=february+approval").content.decode()
    assert "/projects/alder/audits/findings/F-01/" in searched


def test_counts_and_lists_agree(cast: Cast) -> None:
    found(cast, due=NOW.date())
    found(cast, Grade.MINOR, owner=None)
    with clock.moved_to(NOW + timedelta(days=2)):
        counts = finding_counts(cast.project)
        access = access_to(cast.project, cast.petra)
        for view in ("open", "late", "verify", "settled", "all"):
            assert len(findings_of(cast.project, access, FindingQuery(view))) == counts[view]
        mine = findings_of(cast.project, access, FindingQuery("open", mine=True))
    assert [line.finding.ref for line in mine] == ["F-01"]
    assert (counts["major"], counts["minor"], counts["late"]) == (1, 1, 1)


NEW = "/projects/alder/evidence/new/"


def test_what_is_added_for_an_auditor_is_given_as_it_is_kept(cast: Cast, sign_in) -> None:
    asked(cast)
    client: Client = sign_in(cast.tim)
    assert f"{NEW}?request=AR-01" in client.get(f"{AUDITS}/requests/AR-01/").content.decode()
    form = client.get(f"{NEW}?request=AR-01").content.decode()
    assert "Keep and give it" in form
    assert f'href="{AUDITS}/requests/AR-01/"' in form
    sent = {"classification": "internal", "request": "AR-01", "file": SimpleUploadedFile("one.pdf", PDF)}
    answer = client.post(NEW, sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"{AUDITS}/requests/AR-01/"
    assert f"Given. {cast.audra.name} looks at it now." in answer.content.decode()
    request = AuditRequest.objects.get()
    assert request.state == "given"
    assert [link.item.key for link in request.evidence_links.select_related("item")] == ["E-0001"]


def test_a_file_in_pieces_is_given_to_the_auditor_too(cast: Cast, sign_in) -> None:
    asked(cast)
    client: Client = sign_in(cast.tim)
    begun = client.post("/projects/alder/evidence/uploads/", {"name": "big.pdf", "size": len(PDF)}).json()
    client.generic("POST", begun["url"], PDF, content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="0")
    assert client.post(f"{begun['url']}done/", {"classification": "internal", "request": "AR-01"}).status_code == 201
    assert (AuditRequest.objects.get().state, AuditRequestEvidence.objects.count()) == ("given", 1)


def test_what_was_added_stays_where_somebody_else_was_asked_or_nobody(cast: Cast, sign_in) -> None:
    asked(cast, "petra")
    client: Client = sign_in(cast.tim)
    for key in ("AR-01", "AR-77", "XX-01"):
        assert "given for no request" in client.get(f"{NEW}?request={key}").content.decode()
    sent = {"classification": "internal", "request": "AR-01", "file": SimpleUploadedFile("one.pdf", PDF)}
    page = client.post(NEW, sent, follow=True).content.decode()
    assert "What you added is kept, but not given for AR-01: nothing of it waits for you." in page
    assert "Petra Pohl" not in page
    assert AuditRequest.objects.get().state == "asked"
    assert EvidenceItem.objects.count() == 1
