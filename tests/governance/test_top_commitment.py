"""Top management's commitment: what gathers as proof, who may say something of it, and the page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from audittrail.sentences import sentence
from businesscase.models import Risk
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from documents.models import Approval, Document, DocumentVersion
from governance.choices import Choice, DecisionKind, DecisionState, MeetingState, Outcome, Presence
from governance.domain.commitment import Strength
from governance.models import Attendance, CommitmentNote, Decision, Meeting, Seat
from governance.selectors.commitment import commitment_of
from governance.services.commitment import say_commitment
from projects.models import Membership
from projects.permissions import access_to
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/governance/commitment/"


def proofs_of(cast: Cast, key: str, who: str = "mara") -> list[tuple[str, str]]:
    """The proof of a point, as `who` sees it: what, by whom."""
    record = commitment_of(cast.project, access_to(cast.project, cast.people[who]))
    return [(proof.title, proof.by) for point in record.points if point.point.key == key for proof in point.proofs]


def approved(cast: Cast, template: str, kind: str, approver: str, **more) -> Document:
    """A document that `approver` approved a week ago."""
    number = f"D-{Document.objects.count():03d}"
    document = Document.objects.create(
        project=cast.project, key=template, number=number, title=template.title(), kind=kind, template=template, **more
    )
    week_ago = clock.now() - timedelta(days=7)
    version = DocumentVersion.objects.create(
        project=cast.project, document=document, major=1, minor=0, state="published", origin="blank",
        effective_on=week_ago.date(), published_at=week_ago,
    )  # fmt: skip
    Approval.objects.create(
        project=cast.project, document_version=version, approver=cast.people[approver], verdict="approve",
        decided_at=week_ago,
    )  # fmt: skip
    return document


def decided(cast: Cast, *seats: tuple[str, str], chair: str = "chen", **more) -> Decision:
    """A decision of today with what each of `seats` said."""
    decision = Decision.objects.create(
        project=cast.project, ref="D-01", title="Close initiation", decide_by=clock.now().date(),
        state=DecisionState.DECIDED, outcome=Outcome.GO, sha256="x" * 64, decided_at=clock.now(),
        decided_on=clock.now().date(), decided_by=cast.people[chair], **more,
    )  # fmt: skip
    for who, choice in seats:
        Seat.objects.create(project=cast.project, decision=decision, member=cast.people[who], choice=choice)
    return decision


def test_a_policy_counts_where_the_top_approved_it_and_a_procedure_whoever_did(cast: Cast) -> None:
    approved(cast, "service-management-policy", "policy", "toma")
    approved(cast, "service-management-plan", "plan", "mara")
    approved(cast, "incident-management-procedure", "procedure", "petra")
    assert proofs_of(cast, "4.1.1.2-c") == [("Approved: Service-Management-Policy 1.0", "Toma Tate, top management")]
    assert proofs_of(cast, "4.1.1.1-d") == []
    assert proofs_of(cast, "4.1.1.2-d") == [("Approved: Incident-Management-Procedure 1.0", "Petra Pohl")]
    assert [title for title, _by in proofs_of(cast, "4.1.1.2-b")] == [
        "In force: Service-Management-Policy 1.0",
        "In force: Service-Management-Plan 1.0",
    ]


def test_an_act_from_before_the_role_was_given_is_no_proof(cast: Cast) -> None:
    approved(cast, "service-management-policy", "policy", "toma")
    Membership.objects.filter(user=cast.toma).update(starts_at=clock.now() - timedelta(days=1))
    assert proofs_of(cast, "4.1.1.2-c") == []


def test_a_confidential_document_is_proof_only_to_who_may_see_it(cast: Cast) -> None:
    approved(cast, "service-management-policy", "policy", "toma", classification="confidential")
    assert len(proofs_of(cast, "4.1.1.2-c", "audra")) == 1
    assert proofs_of(cast, "4.1.1.2-c", "cora") == proofs_of(cast, "4.1.1.2-b", "cora") == []


def test_decisions_count_where_the_top_took_part(cast: Cast) -> None:
    decided(cast, ("toma", Choice.AGAINST), ("cora", Choice.FOR), kind=DecisionKind.GATE, gate_number=0)
    words = [("D-01 Close initiation: go", "Toma Tate, top management; Chen Chair, committee chair")]
    assert proofs_of(cast, "4.1.1.1-a") == proofs_of(cast, "4.1.1.1-b") == words


def test_a_meeting_counts_for_those_who_came(cast: Cast) -> None:
    held = Meeting.objects.create(
        project=cast.project, ref="M-01", starts_at=clock.now(), state=MeetingState.HELD, pack_sent_at=clock.now()
    )
    for who, presence in (("toma", Presence.PRESENT), ("chen", Presence.APOLOGIES), ("cora", Presence.PRESENT)):
        Attendance.objects.create(project=cast.project, meeting=held, person=cast.people[who], presence=presence)
    assert proofs_of(cast, "4.1.1.2-a") == [("Meeting M-01, minutes not approved yet", "Toma Tate, top management")]
    assert proofs_of(cast, "4.1.1.1-f") == [("Board pack of 2 Mar 2026, read for M-01", "Toma Tate, top management")]


def test_open_risks_count_by_when_they_were_assessed_and_those_of_the_top_by_name(cast: Cast) -> None:
    for number, (owner, days) in enumerate((("toma", 200), ("tim", 1)), start=1):
        Risk.objects.create(
            project=cast.project, ref=f"R-{number:02d}", title="Loss of site", category="implementation",
            probability=2, impact=3, owner=cast.parties[owner], assessed_at=clock.now() - timedelta(days=days),
        )  # fmt: skip
    assert proofs_of(cast, "4.1.1.1-h") == [
        ("1 of 2 open risks assessed in the last three months", ""),
        ("Held by the top: R-01 Loss of site", "Toma Tate"),
    ]


def test_nothing_of_another_client_is_proof(cast: Cast) -> None:
    record = commitment_of(cast.project, access_to(cast.project, cast.mara))
    assert record.count(Strength.NONE) == 12
    assert CANARY not in str(record)


def test_it_takes_the_same_number_of_queries_however_much_there_is(cast: Cast) -> None:
    access = access_to(cast.project, cast.mara)
    with CaptureQueriesContext(connection) as few:
        commitment_of(cast.project, access)
    for template in ("service-management-policy", "service-management-plan", "scope-of-the-sms"):
        approved(cast, template, "policy", "toma")
    decided(cast, ("toma", Choice.FOR))
    with CaptureQueriesContext(connection) as many:
        commitment_of(cast.project, access)
    assert len(few) <= len(many) <= len(few) + 1 <= 18  # seats are read where there are decisions


def test_top_management_says_it_and_what_was_said_before_stays(cast: Cast) -> None:
    for words in ("I chair the monthly review.", "  I chair the monthly review. ", "Twice a month since May."):
        say_commitment(acting_user=cast.toma, project=cast.project, point="4.1.1.2-a", words=words)
    assert list(CommitmentNote.objects.values_list("words", flat=True)) == [
        "I chair the monthly review.",
        "Twice a month since May.",
    ]
    last = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]
    assert sentence(last).text == (
        "Toma Tate said how top management keeps to Meetings that happen, with you in the room"
    )


@pytest.mark.parametrize(
    ("point", "words", "field"),
    [("4.1.1.9-z", "Yes.", "point"), ("4.1.1.1-a", " \n ", "words"), ("4.1.1.1-a", "x" * 2001, "words")],
)
def test_it_refuses_no_point_no_words_and_too_many(cast: Cast, point: str, words: str, field: str) -> None:
    with pytest.raises(RuleBroken) as error:
        say_commitment(acting_user=cast.toma, project=cast.project, point=point, words=words)
    assert error.value.field == field


def test_only_top_management_speaks_for_top_management(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        say_commitment(acting_user=cast.chen, project=cast.project, point="4.1.1.1-a", words="Yes.")


def test_the_page_shows_what_lacks_takes_words_and_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    client = sign_in(cast.toma)
    page = client.get(PAGE).content.decode()
    assert "0 of 12 points have recent proof." in page
    assert page.count("No proof yet") == 12
    answer = client.post(PAGE, {"point": "4.1.1.1-a", "words": "I decide each gate myself."})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#p-4.1.1.1-a")
    assert "I decide each gate myself." in client.get(PAGE).content.decode()
    refused = client.post(PAGE, {"point": "4.1.1.1-b", "words": "y" * 2001})
    assert refused.status_code == 422
    assert "y" * 2001 in refused.content.decode()
    assert client.post(PAGE, {"point": "x", "words": "Yes."}).status_code == 422
    reader = sign_in(cast.audra).get(PAGE).content.decode()
    assert "Say it in your own words" not in reader
    assert "Top management has not said yet how it keeps this." in reader


@pytest.mark.slow
def test_the_record_is_made_as_a_pdf(cast: Cast, sign_in, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(cast.audra).post(f"{PAGE}pdf/")
    job = sign_in(cast.audra).get(answer["Location"]).content.decode()
    assert "alder-commitment-2026-03-02.pdf" in job
