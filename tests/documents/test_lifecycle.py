"""A document from its first draft to the archive."""

import json
from datetime import date

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.choices import VersionState
from documents.domain.numbers import month_after
from documents.exceptions import DocumentRefused, OwnWork
from documents.library import template_of
from documents.models import Approval, Author, Document, DocumentEvidence, Reading
from documents.selectors import document_of, open_version, seen_by, version_in_force, versions_of
from documents.selectors.talk import COMMENTED, comment_key
from documents.selectors.values import known_for
from documents.services.begin import begin_from_template, begin_version, drop_draft
from documents.services.bodies import MOST_CHARACTERS
from documents.services.drafts import answer_questions, save_draft
from documents.services.publishing import (
    archive_document,
    bring_back,
    confirm_document,
    keep_paper,
    publish_version,
)
from documents.services.reading import ask_to_read, confirm_reading
from documents.services.review import replace_approver, submit_version, withdraw_version
from notifications.services.comments import add_comment
from phases.models import PlanRules
from projects.permissions import access_to
from projects.services.team import end_role
from tests.cast import Cast
from tests.documents.conftest import BODY, approve, begin, draft_of, publish, send, soon
from tests.evidence.conftest import came

pytestmark = pytest.mark.django_db


def actions(cast: Cast, kind: str = "document") -> list[str]:
    """What the trail says was done, in order."""
    return list(
        Event.objects.filter(stream_id=cast.project.uuid, kind=kind).order_by("seq").values_list("action", flat=True)
    )


def test_a_document_goes_from_draft_to_force_and_its_successor_replaces_it(cast: Cast) -> None:
    document = begin(cast)
    assert (document.number, str(draft_of(document).number)) == ("PRC-01", "0.1")
    first = publish(cast, document)
    assert (str(first.number), first.state) == ("1.0", VersionState.PUBLISHED)
    second = begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    save_draft(
        acting_user=cast.petra, project=cast.project, key=document.key, version=second.version, body="## New\n\nb"
    )
    second = publish(cast, document, weight="minor")
    first.refresh_from_db()
    assert (str(second.number), first.state, version_in_force(document)) == ("1.1", VersionState.OBSOLETE, second)
    assert first.text != second.text
    assert actions(cast) == [
        *("begin", "submit", "approve", "publish"),
        *("new version", "edit", "submit", "approve", "publish"),
    ]


def test_what_was_sent_is_frozen_whatever_changes_in_the_project(cast: Cast) -> None:
    document = begin(cast)
    version = send(cast, document)
    cast.project.customers = ["Somebody else"]
    cast.project.save()
    version.refresh_from_db()
    assert "Somebody else" not in version.text
    assert version.values["organization"] == cast.alder.name
    with pytest.raises(RuleBroken, match="lies with its approvers"):
        save_draft(acting_user=cast.petra, project=cast.project, key=document.key, version=version.version, body="x")


def test_publishing_pins_its_record_and_counts_the_next_review(cast: Cast) -> None:
    version = publish(cast, begin(cast, refs=["IN.a"]))
    document = version.document
    record = json.loads(version.record.revision.record)
    assert (record["sha256"], record["text"], record["approvals"][0]["name"]) == (
        version.sha256,
        version.text,
        "Toma Tate",
    )
    assert [link.item_id for link in DocumentEvidence.objects.filter(document=document)] == [version.record_id]
    assert list(version.record.activityevidence_links.values_list("activity__ref", flat=True)) == ["IN.a"]
    assert document.review_on == month_after(version.effective_on, 12)


def test_what_was_pinned_of_an_obsolete_version_no_longer_counts_and_stays(cast: Cast) -> None:
    document = begin(cast, refs=["IN.a"])
    first = publish(cast, document)
    paper = keep_paper(version=first, incoming=came(), name="PRC-01.pdf")
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    second = publish(cast, document)
    for item in (first.record, paper):
        item.refresh_from_db()
        assert (item.state, item.state_reason) == ("withdrawn", "Version 1.0 of PRC-01 How we answer is obsolete.")
        assert item.left_at is not None
    assert second.record.state == "current"
    archive_document(
        acting_user=cast.mara, project=cast.project, key=document.key, version=second.document.version, why="Merged"
    )
    second.record.refresh_from_db()
    assert second.record.state == "withdrawn"


def test_nobody_approves_what_they_wrote(cast: Cast) -> None:
    document = begin(cast, who="petra")
    with pytest.raises(OwnWork):
        send(cast, document, to=("petra",))
    draft = draft_of(document)
    save_draft(acting_user=cast.mara, project=cast.project, key=document.key, version=draft.version, body=BODY + "x")
    with pytest.raises(OwnWork, match="Mara"):
        send(cast, document, to=("mara",))
    version = send(cast, document)
    Author.objects.create(project=cast.project, document_version=version, user=cast.toma)
    with pytest.raises(OwnWork):
        approve(cast, version)


def test_a_very_small_entity_may_and_it_is_logged(cast: Cast) -> None:
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    version = approve(cast, send(cast, begin(cast), to=("petra",)), who="petra")
    assert version.state == VersionState.APPROVED
    assert Approval.objects.get(document_version=version).own_work is True


def test_who_sends_it_back_says_why_and_it_can_be_changed_and_sent_again(cast: Cast) -> None:
    document = begin(cast)
    version = send(cast, document, to=("toma", "chen"))
    with pytest.raises(RuleBroken, match="Say why"):
        approve(cast, version, verdict="return")
    approve(cast, version, who="chen")
    approve(cast, version, verdict="return", reason="No figure.")
    draft = draft_of(document)
    assert (draft.state, draft.text) == (VersionState.DRAFT, "")
    again = send(cast, document)
    assert (again.round, str(again.number)) == (2, "1.0")
    assert Approval.objects.filter(document_version=again).count() == 3
    assert approve(cast, again).state == VersionState.APPROVED


def test_a_decision_holds_for_what_was_seen(cast: Cast) -> None:
    version = send(cast, begin(cast))
    with pytest.raises(StaleWrite, match="not the version that you saw"):
        approve(cast, version, seen_sha256="0" * 64)
    with pytest.raises(RuleBroken, match="not asked"):
        approve(cast, version, who="chen")
    with pytest.raises(NotPermitted):
        approve(cast, version, who="audra")
    approve(cast, version)
    with pytest.raises(StaleWrite, match="no longer waits"):
        approve(cast, version)


def test_an_approver_who_lost_the_role_is_refused_and_can_be_replaced(cast: Cast) -> None:
    version = send(cast, begin(cast))
    membership = cast.toma.project_memberships.get(project=cast.project)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    with pytest.raises(NotPermitted):
        approve(cast, version)
    replace_approver(acting_user=cast.petra, version=version, gone=cast.toma, instead=cast.chen)
    assert approve(cast, version, who="chen").state == VersionState.APPROVED


def test_of_two_who_publish_at_once_one_does(cast: Cast) -> None:
    version = approve(cast, send(cast, begin(cast)))
    lock = version.version
    publish_version(acting_user=cast.mara, version=version, lock=lock)
    with pytest.raises(StaleWrite, match="published already"):
        publish_version(acting_user=cast.mara, version=version, lock=lock)
    with pytest.raises(NotPermitted):
        publish_version(acting_user=cast.tim, version=version, lock=lock)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"approvers": []}, "at least one person"),
        ({"decide_by": date(2020, 1, 1)}, "gone by"),
        ({"decide_by": None}, "by when"),
        ({"although_incomplete": False}, "still empty"),
        ({"weight": "huge"}, "one of the list"),
    ],
)
def test_what_cannot_be_sent_says_why_and_stays_a_draft(cast: Cast, change: dict, said: str) -> None:
    document = begin(cast)
    with pytest.raises(RuleBroken, match=said):
        send(cast, document, **change)
    assert draft_of(document).state == VersionState.DRAFT


def test_a_stale_draft_is_not_written_over(cast: Cast) -> None:
    document = begin(cast)
    seen = draft_of(document).version
    save_draft(acting_user=cast.petra, project=cast.project, key=document.key, version=seen, body="mine")
    with pytest.raises(StaleWrite) as raised:
        save_draft(acting_user=cast.mara, project=cast.project, key=document.key, version=seen, body="theirs")
    assert (raised.value.current, raised.value.sent) == ({"Text": "mine\n"}, {"Text": "theirs\n"})
    with pytest.raises(StaleWrite):
        submit_version(
            acting_user=cast.petra,
            project=cast.project,
            key=document.key,
            version=seen,
            approvers=[cast.toma],
            decide_by=soon(),
            change_note="",
            although_incomplete=True,
        )


def test_autosaves_of_one_sitting_are_one_event_per_person(cast: Cast) -> None:
    document = begin(cast)
    for who, body in (("petra", "a"), ("petra", "b"), ("mara", "c"), ("mara", "d")):
        save_draft(
            acting_user=cast.people[who],
            project=cast.project,
            key=document.key,
            version=draft_of(document).version,
            body=body,
            autosave=True,
        )
    assert actions(cast) == ["begin", "edit"]


def test_a_text_that_is_too_long_is_refused(cast: Cast) -> None:
    with pytest.raises(DocumentRefused, match="Split it"):
        begin(cast, body="x" * (MOST_CHARACTERS + 1))
    assert not Document.objects.exists()


def test_a_question_is_answered_once_for_all_documents_and_a_choice_for_one(cast: Cast) -> None:
    body = "[[ask: How fast? | 15]] [[choice: daily | weekly]] [[suppliers]]"
    one, two = begin(cast, body, title="One"), begin(cast, body, title="Two")
    answer_questions(
        acting_user=cast.petra,
        project=cast.project,
        key=one.key,
        answers={"How fast?": "10", "daily | weekly": "weekly", "suppliers": "Nord GmbH"},
    )
    assert known_for(draft_of(one)).filled(body).text == "10 weekly Nord GmbH"
    assert [mark.key for mark in known_for(draft_of(two)).filled(body).missing] == ["daily | weekly"]
    for question, answer in (("How slow?", "1"), ("daily | weekly", "never")):
        with pytest.raises(RuleBroken):
            answer_questions(acting_user=cast.petra, project=cast.project, key=one.key, answers={question: answer})


def test_a_confidential_document_is_absent_for_who_has_no_part_in_it(cast: Cast) -> None:
    document = begin(cast, who="petra", classification="confidential")

    def sees(name: str) -> bool:
        access = access_to(cast.project, cast.people[name])
        return document_of(cast.project, access, document.key) is not None

    assert {name for name in ("mara", "toma", "audra", "petra", "cora", "tim") if sees(name)} == {
        *("mara", "toma", "audra", "petra")
    }
    send(cast, document, to=("cora",))
    assert sees("cora")
    assert list(seen_by(cast.project, access_to(cast.project, cast.tim))) == []


def test_a_draft_that_is_given_up_leaves_what_is_in_force(cast: Cast) -> None:
    document = begin(cast)
    first = publish(cast, document)
    draft = begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    with pytest.raises(RuleBroken, match="on its way already"):
        begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    drop_draft(acting_user=cast.petra, project=cast.project, key=document.key, version=draft.version, why="Not now")
    assert open_version(document) is None
    assert versions_of(document) == [first]
    again = begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    assert str(again.number) == "1.1"


def test_who_has_no_part_in_a_document_does_not_write_it(cast: Cast) -> None:
    document = begin(cast, who="petra")
    with pytest.raises(NotPermitted):
        save_draft(acting_user=cast.tim, project=cast.project, key=document.key, version=1, body="x")
    with pytest.raises(NotPermitted):
        begin(cast, who="audra")


def test_only_who_sent_it_or_a_manager_takes_it_back(cast: Cast) -> None:
    document = begin(cast)
    version = send(cast, document)
    with pytest.raises(RuleBroken, match="Who sent it"):
        withdraw_version(acting_user=cast.tim, version=version)
    withdraw_version(acting_user=cast.petra, version=version, why="A slip")
    assert draft_of(document).state == VersionState.DRAFT


def test_a_look_that_confirms_moves_the_next_review(cast: Cast) -> None:
    document = publish(cast, begin(cast)).document
    with pytest.raises(RuleBroken, match="Say what you looked at"):
        confirm_document(
            acting_user=cast.mara, project=cast.project, key=document.key, version=document.version, words=" "
        )
    confirmed = confirm_document(
        acting_user=cast.mara,
        project=cast.project,
        key=document.key,
        version=document.version,
        words="Read with two teams.",
    )
    assert confirmed.review_on is not None
    assert actions(cast)[-1] == "confirm"


def test_what_is_archived_stays_readable_and_can_be_brought_back(cast: Cast) -> None:
    version = publish(cast, begin(cast))
    document = version.document
    archive_document(
        acting_user=cast.mara, project=cast.project, key=document.key, version=document.version, why="Merged"
    )
    version.refresh_from_db()
    assert version.state == VersionState.OBSOLETE
    with pytest.raises(RuleBroken, match="archived"):
        begin_version(acting_user=cast.mara, project=cast.project, key=document.key)
    document.refresh_from_db()
    bring_back(acting_user=cast.mara, project=cast.project, key=document.key, version=document.version)
    begin_version(acting_user=cast.mara, project=cast.project, key=document.key)
    assert draft_of(document).body == version.body
    assert str(send(cast, document).number) == "2.0"


def test_who_is_asked_to_read_says_so_once(cast: Cast) -> None:
    version = publish(cast, begin(cast))
    tim = cast.parties["tim"]
    assert ask_to_read(acting_user=cast.mara, version=version, readers=[tim, tim], due=soon()) == 1
    assert ask_to_read(acting_user=cast.mara, version=version, readers=[tim], due=soon()) == 0
    reading = Reading.objects.get()
    with pytest.raises(NotPermitted):
        confirm_reading(acting_user=cast.petra, reading=reading)
    confirm_reading(acting_user=cast.tim, reading=reading)
    with pytest.raises(StaleWrite):
        confirm_reading(acting_user=cast.tim, reading=reading)


def test_the_paper_is_kept_once(cast: Cast) -> None:
    version = publish(cast, begin(cast))
    item = keep_paper(version=version, incoming=came(), name="PRC-01.pdf")
    assert keep_paper(version=version, incoming=came(b"%PDF-1.4 other"), name="PRC-01.pdf") == item
    assert DocumentEvidence.objects.filter(document=version.document).count() == 2


def test_a_template_of_the_library_becomes_a_document_and_only_once(cast: Cast) -> None:
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    assert (document.number, document.title, document.obligation) == ("POL-01", "Service management policy", "required")
    assert "[[organization]]" in draft_of(document).body
    with pytest.raises(RuleBroken, match="there already"):
        begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    with pytest.raises(RuleBroken, match="no such template"):
        begin_from_template(acting_user=cast.mara, project=cast.project, key="none")


def test_a_very_small_entity_gets_the_shorter_form(cast: Cast) -> None:
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key="service-management-policy")
    short = template_of("service-management-policy").small
    assert draft_of(document).body == short.body
    assert draft_of(document).template_sha256 == short.sha256


def test_the_trail_holds_no_words_of_a_confidential_document(cast: Cast) -> None:
    document = begin(cast, title="Who leaves next year", classification="confidential")
    version = publish(cast, document, change_note="Canary words")
    key = comment_key(document, "what-we-do")
    add_comment(acting_user=cast.toma, project=cast.project, kind=COMMENTED, key=key, body="Canary words")
    told = Event.objects.filter(stream_id=cast.project.uuid, kind__in=("document", "evidence"))
    assert told.filter(action="comment").count() == 1
    payloads = " ".join(str(each.payload) for each in told)
    assert version.sha256 in payloads
    assert "Who leaves" not in payloads
    assert "who-leaves" not in payloads
    assert "Canary words" not in payloads
    assert {each.key for each in told.filter(kind="document")} == {document.number}
