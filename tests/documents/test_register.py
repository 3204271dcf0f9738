"""The register: what is there, what is missing, what it covers, and its files."""

import csv
import io

import pytest
from django.test import Client

from documents.closing import not_in_force
from documents.models import Document
from documents.selectors.coverage import coverage_of
from documents.selectors.register import RegisterQuery, Standing, chosen, counts_of, register_rows, standing_of
from documents.selectors.search import find_documents
from documents.selectors.values import known_for
from documents.services.begin import begin_from_template
from projects.permissions import access_to
from tests.cast import Cast
from tests.documents.conftest import begin, draft_of, publish, send

pytestmark = pytest.mark.django_db


def rows_of(cast: Cast, who: str = "mara", query: RegisterQuery | None = None):
    """What a person sees of the register."""
    rows = register_rows(cast.project, access_to(cast.project, cast.people[who]))
    return chosen(rows, query or RegisterQuery())


def address(cast: Cast, rest: str = "") -> str:
    """A page of documents."""
    return f"/projects/{cast.project.slug}/documents/{rest}"


def signed_in(client: Client, cast: Cast, who: str = "mara") -> Client:
    """The browser of a person."""
    client.force_login(cast.people[who])
    return client


def test_what_is_required_and_not_begun_stands_below_what_is_there(cast: Cast) -> None:
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    rows = rows_of(cast)
    assert (rows[0].document, rows[0].standing) == (document, Standing.DRAFTED)
    missing = {row.template.key for row in rows if row.standing == Standing.MISSING}
    assert "information-security-policy" in missing
    assert "service-management-policy" not in missing
    assert not any(key.startswith("record-") or key == "availability-plan" for key in missing)


def test_a_confidential_document_is_neither_shown_nor_called_missing(cast: Cast) -> None:
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    Document.objects.filter(pk=document.pk).update(classification="confidential")
    rows = rows_of(cast, "tim")
    assert all(row.document is None for row in rows)
    assert "service-management-policy" not in {row.template.key for row in rows}


def test_a_row_has_the_worst_of_what_is_true_of_it(cast: Cast) -> None:
    document = publish(cast, begin(cast, title="Late one")).document
    Document.objects.filter(pk=document.pk).update(review_on="2020-01-01")
    send(cast, begin(cast, title="Sent one"))
    assert [row.standing for row in rows_of(cast, query=RegisterQuery(sort="standing"))[-2:]] == [
        Standing.OVERDUE,
        Standing.IN_REVIEW,
    ]
    assert [row.title for row in rows_of(cast, query=RegisterQuery(standing="overdue"))] == ["Late one"]


def test_the_panel_counts_what_the_register_counts(cast: Cast) -> None:
    assert standing_of(cast.project, access_to(cast.project, cast.mara)) is None
    begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    publish(cast, begin(cast, title="One", obligation="required"))
    send(cast, begin(cast, title="Two"))
    late = publish(cast, begin(cast, title="Three")).document
    Document.objects.filter(pk=late.pk).update(review_on="2020-01-01")
    access = access_to(cast.project, cast.mara)
    assert standing_of(cast.project, access) == counts_of(register_rows(cast.project, access))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"q": "second"}, ["Second"]),
        ({"kind": "policy"}, ["First"]),
        ({"clause": "8.6"}, ["Second"]),
        ({"component": "IN"}, ["Second"]),
    ],
)
def test_the_register_is_filtered_and_its_file_is_as_seen(cast: Cast, client: Client, query, titles) -> None:
    begin(cast, title="First", kind="policy")
    begin(cast, title="Second", clauses_2018=["8.6.1"], refs=["IN.a"])
    file = signed_in(client, cast).get(address(cast, "export/"), {**query, "format": "csv"})
    found = [row for row in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))) if row["number"]]
    assert [row["title"] for row in found] == titles


def test_the_register_takes_as_many_queries_for_many_as_for_few(
    cast: Cast, client: Client, django_assert_max_num_queries
) -> None:
    signed_in(client, cast)
    for number in range(12):
        begin(cast, title=f"Document {number}")
    with django_assert_max_num_queries(15):
        page = client.get(address(cast))
    assert page.content.count(b"data-row>") >= 12


@pytest.mark.parametrize("query", ["?kind=x", "?state=x", "?owner=x", "?sort=x", "?q=1&q=2", "?phase=9", "?nope=1"])
def test_an_address_that_means_nothing_is_refused(cast: Cast, client: Client, query: str) -> None:
    assert signed_in(client, cast).get(address(cast) + query).status_code == 400


def test_coverage_shows_documents_where_they_count(cast: Cast) -> None:
    begin(cast, title="Answering", clauses_2018=["8.6.1"], refs=["IN.a"])
    rows = register_rows(cast.project, access_to(cast.project, cast.mara))
    by_clause = {line.key: line for line in coverage_of(cast.project, rows, "clause", "2018")}
    assert [row.title for row in by_clause["8.6.1"].rows] == ["Major incident definition and procedure", "Answering"]
    assert by_clause["8.6.1"].missing == 1
    by_component = {line.key: line for line in coverage_of(cast.project, rows, "component", "2018")}
    assert "Answering" in {row.title for row in by_component["IN"].rows}
    assert [line.key for line in coverage_of(cast.project, rows, "phase", "2018")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "page", ["coverage/", "coverage/?by=component&edition=2011", "coverage/?by=phase", "templates/"]
)
def test_the_other_views_answer(cast: Cast, client: Client, page: str) -> None:
    assert signed_in(client, cast, "audra").get(address(cast, page)).status_code == 200


def test_a_document_is_begun_from_its_template_and_once(cast: Cast, client: Client) -> None:
    place = address(cast, "templates/service-management-policy/")
    signed_in(client, cast)
    assert client.post(place, {"owner": ""}).status_code == 302
    again = client.post(place, {"owner": ""}, follow=True)
    assert again.redirect_chain == [(address(cast, "service-management-policy/"), 302)]
    assert "The project has it already, as POL-01." in again.content.decode()
    assert Document.objects.count() == 1
    Document.objects.update(state="archived")
    assert "as POL-01, in the archive" in client.post(place, {"owner": ""}, follow=True).content.decode()
    assert client.get(address(cast, "templates/none/")).status_code == 404


def test_one_for_each_process_asks_which(cast: Cast, client: Client) -> None:
    place = address(cast, "templates/process-description/")
    signed_in(client, cast)
    assert client.post(place, {"owner": "", "subject": " "}).status_code == 422
    assert client.post(place, {"owner": "", "subject": "Incident management"}).status_code == 302
    assert client.post(place, {"owner": "", "subject": "Problem management"}).status_code == 302
    assert [each.subject for each in Document.objects.all()] == ["Incident management", "Problem management"]


def test_a_document_of_ones_own_keeps_what_was_typed_when_it_is_wrong(cast: Cast, client: Client) -> None:
    signed_in(client, cast)
    sent = {"title": "Ours", "kind": "procedure", "classification": "internal", "review_months": "12", "refs": "XX.z"}
    refused = client.post(address(cast, "new/"), sent)
    assert refused.status_code == 422
    assert 'value="Ours"' in refused.content.decode()
    assert client.post(address(cast, "new/"), {**sent, "refs": "IN.a"}).status_code == 302
    assert Document.objects.get().refs == ["IN.a"]
    twice = client.post(address(cast, "new/"), {**sent, "title": "ours", "refs": ""})
    assert (twice.status_code, "PRC-01 bears this title" in twice.content.decode()) == (422, True)


def test_a_phase_closes_with_its_required_documents_in_force_once_any_are_kept_here(cast: Cast) -> None:
    assert not_in_force(cast.project, 1) == ""
    publish(cast, begin(cast))
    said = not_in_force(cast.project, 1)
    assert "required documents are not in force" in said
    assert said.startswith(str(len([row for row in rows_of(cast) if row.is_required and row.phase == 1])))


def test_the_master_list_is_made_by_a_job(cast: Cast, client: Client, django_capture_on_commit_callbacks) -> None:
    publish(cast, begin(cast, title="Kept up"))
    signed_in(client, cast, "audra")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(cast, "master-list/"), {})
    page = client.get(answer["Location"])
    assert "Master list of documents as PDF" in page.content.decode()
    assert "alder-documents-" in page.content.decode()


def test_the_search_finds_documents_by_title_and_by_what_they_say(cast: Cast) -> None:
    publish(cast, begin(cast, body="## A\n\nWe wear yellow helmets.", title="How we climb"))
    begin(cast, title="Helmets in stock", who="mara", classification="confidential")

    def found(who: str, *words: str) -> list[str]:
        hits = find_documents(cast.project, access_to(cast.project, cast.people[who]), words, 10)
        return [hit.ref for hit in hits]

    assert found("mara", "helmets") == ["PRC-01", "PRC-02"]
    assert found("tim", "helmets") == ["PRC-01"]
    assert found("tim", "yellow", "climb") == []


def test_a_confidential_document_is_named_neither_by_the_templates_nor_by_other_texts(
    cast: Cast, client: Client
) -> None:
    secret = begin_from_template(
        acting_user=cast.mara, project=cast.project, key="process-description", subject="Canary"
    )
    policy = begin_from_template(acting_user=cast.mara, project=cast.project, key="information-security-policy")
    Document.objects.update(classification="confidential")
    Document.objects.filter(pk=policy.pk).update(title="Canary rules")
    signed_in(client, cast, "tim")
    for page in ("", "coverage/", "templates/", "templates/process-description/", "policies/"):
        html = client.get(address(cast, page)).content.decode()
        assert "Canary" not in html, page
        assert secret.number not in html, page
    begun = begin(cast, body="[[document: information-security-policy]]")
    assert known_for(draft_of(begun)).filled(draft_of(begun).body).text.strip() == "Information security policy"
