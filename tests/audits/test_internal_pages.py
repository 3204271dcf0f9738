"""The pages of internal audits: what they show, and how somebody works through a checklist."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditState, CheckResult
from audits.models import Audit, AuditFinding, AuditTeam, CheckItem, Sample
from audits.panels_internal import audit_things, to_hold
from audits.selectors.impartiality import candidates
from common import clock
from phases.models import PhaseActivity
from phases.selectors.work_projects import work_projects
from tests.audits.auditing import auditing
from tests.cast import NOW, Cast

BASE = "/projects/alder/audits/"


def post(client: Client, path: str, **values: Any) -> Any:
    """Send a form of the audit."""
    return client.post(f"{BASE}IA-01/{path}", values)


@pytest.mark.django_db
def test_the_page_of_audits_says_first_what_nobody_has_looked_at(
    cast: Cast, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    """With the clauses that are in no audit, and who leads what; in few queries. As files too."""
    auditing(cast)
    client = sign_in(cast.mara)
    client.get(BASE)
    with django_assert_max_num_queries(15):
        said = client.get(BASE).content.decode()
    assert "0 of 50 clauses looked at" in said
    assert "49 clauses are in no audit yet." in said
    assert "Audra Ames" in said
    assert "IA-01" in client.get(f"{BASE}export/?format=csv").content.decode()
    assert "Are failed changes looked at?" in client.get(f"{BASE}IA-01/export/?format=csv").content.decode()


@pytest.mark.django_db
def test_a_programme_is_begun_spread_and_agreed_by_pages(cast: Cast, sign_in: Any) -> None:
    """A count that makes no sense is answered with a sentence, and stays in the form."""
    client = sign_in(cast.mara)
    facts = {"title": "Audits", "edition": "2018", "starts_on": "2026-03-02", "ends_on": "2027-02-26", "aims": ""}
    assert client.post(f"{BASE}programmes/new/", facts | {"ends_on": ""}).status_code == 422
    assert client.post(f"{BASE}programmes/new/", facts).status_code == 302
    pk = cast.project.audit_programmes.get().pk
    refused = client.post(f"{BASE}programmes/{pk}/propose/", {"count": "99", "version": 1})
    assert refused.status_code == 422
    assert "between 1 and 24" in refused.content.decode()
    assert client.post(f"{BASE}programmes/{pk}/propose/", {"count": "3", "version": 1}).status_code == 302
    assert client.post(f"{BASE}programmes/{pk}/agree/", {"version": 1}).status_code == 409
    assert sign_in(cast.toma).post(f"{BASE}programmes/{pk}/agree/", {"version": 2}).status_code == 302
    assert cast.project.audit_programmes.get().agreed_by == cast.toma


@pytest.mark.django_db
def test_the_page_of_auditors_says_who_cannot_audit_and_why(cast: Cast, sign_in: Any) -> None:
    """Petra answers for changes; named all the same, she is refused with the reason, and nothing changes."""
    auditing(cast)
    PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.i").update(accountable=cast.parties["petra"])
    client = sign_in(cast.mara)
    assert "is responsible for CH.i (clause 8.5.1)" in client.get(f"{BASE}IA-01/team/").content.decode()
    key = next(each.key for each in candidates(cast.project) if each.user == cast.petra)
    version = Audit.objects.get().version
    answer = post(client, "team/", version=version, auditor=[key], lead=key)
    assert answer.status_code == 422
    assert "Petra Pohl cannot audit here, because nobody audits their own work" in answer.content.decode()
    assert not AuditTeam.objects.filter(party=cast.parties["petra"]).exists()


@pytest.mark.django_db
def test_an_auditor_works_through_the_checklist_and_reports(
    cast: Cast, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    """Save leads to the next point; a finding is raised where it was seen; the report ends it."""
    audit = auditing(cast)
    first, second = CheckItem.objects.filter(audit=audit)
    client = sign_in(cast.audra)
    with django_assert_max_num_queries(40):
        assert "Ten changes of the last month" in client.get(f"{BASE}IA-01/points/1/").content.decode()
    empty = post(client, "points/1/", version=1, result="no case", notes="")
    assert empty.status_code == 422
    assert "Say in words what you saw." in empty.content.decode()
    saved = post(client, "points/1/", version=1, result="conforms", notes="Ten of ten.")
    assert saved.headers["Location"] == reverse("audit_point", args=["alder", "IA-01", second.pk])
    clash = post(client, "points/1/", version=1, result="left", notes="Not today")
    assert clash.status_code == 409
    assert "Not today" in clash.content.decode()
    assert post(client, "points/1/sample/", words="", evidence="", document="", activity="CH.i").status_code == 302
    assert post(client, "points/1/sample/", words="").status_code == 422
    assert post(client, "points/1/sample/1/drop/").status_code == 302
    assert [each.activity.ref for each in Sample.objects.select_related("activity") if each.activity] == ["CH.i"]
    raised = {"grade": "minor", "title": "Failed changes", "found": "Nobody looks at them.", "proof": ""}
    assert post(client, f"points/{second.pk}/finding/", version=second.version, **raised).status_code == 302
    second.refresh_from_db()
    assert (second.result, second.notes) == (CheckResult.FINDING, "Nobody looks at them.")
    assert AuditFinding.objects.get().ref == "F-01"
    said = {"summary": "Fine.", "conclusion": "It conforms."}
    assert post(client, "report/", version=99, **said).status_code == 409
    assert post(client, "report/", version=Audit.objects.get().version, **said).status_code == 302
    assert Audit.objects.get().state == AuditState.REPORTED
    assert first.pk == 1
    page = client.get(f"{BASE}IA-01/").content.decode()
    assert "REC-01" in page
    assert "Failed changes" in page


@pytest.mark.django_db
def test_a_team_member_who_audits_sees_that_audit_and_no_other(cast: Cast, sign_in: Any) -> None:
    """What Tim's role does not show, his part in one audit does."""
    audit = auditing(cast)
    client = sign_in(cast.tim)
    assert client.get(f"{BASE}IA-01/").status_code == 403
    AuditTeam.objects.create(project=cast.project, audit=audit, party=cast.parties["tim"])
    assert client.get(f"{BASE}IA-01/").status_code == 200
    assert client.get(BASE).status_code == 403


@pytest.mark.django_db
def test_who_holds_an_audit_finds_it_in_their_work_and_calendar(cast: Cast) -> None:
    """Audra and Mara do, Petra does not; a calendar of the plan has it for all who see audits."""
    auditing(cast)
    with clock.moved_to(NOW):
        work = to_hold(cast.audra, work_projects(cast.audra))
        assert work is not None
        assert [(line.row.ref, line.leads, line.days_left) for line in work["audits"]] == [("IA-01", True, 10)]
        assert to_hold(cast.petra, work_projects(cast.petra)) is None
    assert [each.key for each in audit_things(cast.project, cast.mara, "mine")] == ["IA-01"]
    assert list(audit_things(cast.project, cast.petra, "mine")) == []
    assert [each.key for each in audit_things(cast.project, cast.petra, "plan")] == ["IA-01"]
    assert list(audit_things(cast.project, cast.tim, "plan")) == []
