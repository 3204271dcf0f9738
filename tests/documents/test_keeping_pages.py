"""The pages after publishing: reading, readers, the review, the archive; and what My work and mail say of documents."""

from datetime import timedelta

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from documents.choices import DocumentState
from documents.models import Document, Reading
from documents.selectors import open_version, version_in_force
from documents.selectors.waiting import waiting_for
from documents.services.begin import begin_version
from documents.services.publishing import archive_document, publish_version
from documents.services.reading import ask_to_read, confirm_reading
from documents.services.reminders import note_document_reminders
from documents.services.telling import ASKED, DECIDED, READ_LATE, REVIEW_DUE, REVIEW_LATE, TO_READ
from notifications.models import Notice
from notifications.registry import notice_kinds
from notifications.services.notices import note_occasions
from phases.models import RoleAssignment
from phases.selectors.work_projects import work_projects
from projects.models import GroupMember, Party
from projects.services.team import end_role
from tests.cast import Cast
from tests.documents.conftest import approve, begin, publish, send, soon

pytestmark = pytest.mark.django_db
D = "/projects/alder/documents/how-we-answer/"


def text(response) -> str:
    """The words of a page on one line."""
    return " ".join(response.content.decode().split())


def ask(cast: Cast, document: Document, *who: str, days: int = 14) -> None:
    """Ask people to read what is in force."""
    ask_to_read(
        acting_user=cast.mara,
        version=version_in_force(document),
        readers=[cast.parties[each] for each in who],
        due=soon(days),
    )


def waits(cast: Cast, who: str) -> list[tuple[str, str]]:
    """What documents ask of somebody, as kind and version."""
    person = cast.people[who]
    accesses = {pk: seen.access for pk, seen in work_projects(person).items()}
    return [(each.kind, each.number) for each in waiting_for(person, accesses)]


def told(cast: Cast, who: str) -> list[tuple[str, str]]:
    """What somebody would be mailed now: kind and words."""
    person = cast.people[who]
    note_occasions()
    found = []
    for kind in (ASKED, READ_LATE, REVIEW_LATE, DECIDED, TO_READ, REVIEW_DUE):
        notices = list(Notice.objects.filter(person=person, kind=kind).order_by("pk"))
        found += [(kind, line.said) for line in notice_kinds[kind].lines(person, notices).values()]
    return found


# Reading


def test_who_is_asked_confirms_from_the_page_with_the_text_and_from_my_work(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    ask(cast, document, "tim", "cora")
    tim = sign_in(cast.tim)
    page = text(tim.get(f"{D}read/"))
    assert "We answer." in page
    assert "I have read and understood it" in page
    sent = {"seen": version_in_force(document).sha256}
    assert tim.post(f"{D}read/", sent)["Location"] == f"{D}read/"
    assert tim.post(f"{D}read/", sent).status_code == 302
    assert "read and understood by you on" in text(tim.get(f"{D}read/"))
    cora = sign_in(cast.cora)
    assert f'action="{D}read/"' in text(cora.get("/work/"))
    assert cora.post(f"{D}read/", {**sent, "from": "work"})["Location"] == "/work/"
    assert Reading.objects.filter(read_at=None).count() == 0
    assert "I have read and understood it" not in text(sign_in(cast.audra).get(f"{D}read/"))
    assert sign_in(cast.petra).post(f"{D}read/", sent).status_code == 422


def test_a_word_about_an_older_version_is_not_taken(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    ask(cast, document, "tim")
    seen = version_in_force(document).sha256
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    publish(cast, document)
    late = sign_in(cast.tim).post(f"{D}read/", {"seen": seen})
    assert (late.status_code, "Version 2.0 is in force by now." in text(late)) == (409, True)


def test_managers_ask_roles_and_people_and_see_who_has_and_has_not(cast: Cast, sign_in) -> None:
    publish(cast, begin(cast))
    group = Party.objects.create(project=cast.project, name="Service desk", kind="group")
    for name in ("tim", "cora"):
        GroupMember.objects.create(project=cast.project, group=group, person=cast.parties[name])
    RoleAssignment.objects.create(project=cast.project, role="Incident management", component="", party=group)
    client = sign_in(cast.mara)
    page = text(client.get(f"{D}readers/"))
    assert "Incident management: Cora Cole, Tim Tully" in page
    refused = client.post(f"{D}readers/", {"due": soon().isoformat()})
    assert (refused.status_code, "Name at least one person" in text(refused)) == (422, True)
    sent = {
        "mapped": ["map Incident management"],
        "people": [cast.parties["petra"].pk],
        "due": soon().isoformat(),
    }
    assert client.post(f"{D}readers/", sent).status_code == 302
    confirm_reading(acting_user=cast.tim, reading=Reading.objects.get(reader=cast.parties["tim"]))
    end_role(
        acting_user=cast.mara,
        project=cast.project,
        membership_id=cast.cora.project_memberships.get(project=cast.project).pk,
    )
    page = text(sign_in(cast.audra).get(f"{D}readers/"))
    assert '<b class="num">1</b> of 3 have read' in page
    assert "has left the project" in page
    assert "Ask people to read it" not in page
    stop = {"reading": Reading.objects.get(reader=cast.parties["petra"]).pk}
    assert client.post(f"{D}readers/stop/", stop).status_code == 302
    assert client.post(f"{D}readers/stop/", stop).status_code == 409
    done = {"reading": Reading.objects.get(reader=cast.parties["tim"]).pk}
    assert client.post(f"{D}readers/stop/", done).status_code == 409
    last = Event.objects.filter(stream_id=cast.project.uuid, action="stop asking").get()
    assert sentence(last).text == "Mara Moss asks Petra Pohl no longer to read PRC-01 How we answer"


def test_those_asked_about_the_version_before_are_offered_when_its_successor_is_published(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    ask(cast, document, "tim")
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    approve(cast, send(cast, document))
    page = text(sign_in(cast.mara).get(f"{D}publish/"))
    assert "Those who were asked about version 1.0: Tim Tully" in page
    assert "Version 1.0 holds until then, and becomes obsolete on that day." in page


# The review and the archive


def test_its_owner_confirms_that_it_still_holds(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast, owner=cast.parties["cora"])).document
    client = sign_in(cast.cora)
    assert "Does it still hold?" in text(client.get(f"{D}confirm/"))
    sent = {"version": document.version, "words": ""}
    refused = client.post(f"{D}confirm/", sent)
    assert (refused.status_code, "an auditor will ask" in text(refused)) == (422, True)
    assert client.post(f"{D}confirm/", {**sent, "words": "Read with two teams."}).status_code == 302
    twice = client.post(f"{D}confirm/", {**sent, "words": "Read with two teams."})
    assert (twice.status_code, "Read with two teams." in text(twice)) == (409, True)
    assert sign_in(cast.petra).get(f"{D}confirm/").status_code == 403
    assert Event.objects.filter(stream_id=cast.project.uuid, action="confirm").count() == 1


def test_a_manager_puts_a_document_away_and_brings_it_back(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    ask(cast, document, "tim")
    client = sign_in(cast.mara)
    page = text(client.get(f"{D}archive/"))
    assert "Version 1.0 is no longer in force." in page
    assert "1 person is not asked to read it any more." in page
    sent = {"version": document.version, "words": "Merged"}
    assert client.post(f"{D}archive/", {**sent, "words": ""}).status_code == 422
    assert client.post(f"{D}archive/", {**sent, "version": 1}).status_code == 409
    assert client.post(f"{D}archive/", sent).status_code == 302
    assert client.post(f"{D}archive/", sent).status_code == 302
    assert "Why it was put away:</b> Merged" in text(client.get(f"{D}archive/"))
    document.refresh_from_db()
    assert document.state == DocumentState.ARCHIVED
    assert waits(cast, "tim") == []
    assert client.post(f"{D}bring-back/", {"version": document.version}).status_code == 302
    assert client.post(f"{D}bring-back/", {"version": document.version}).status_code == 302
    document.refresh_from_db()
    assert document.state == DocumentState.CURRENT


def test_what_lies_with_approvers_is_not_put_away(cast: Cast, sign_in) -> None:
    document = begin(cast)
    send(cast, document)
    client = sign_in(cast.mara)
    assert "Version 1.0 is on its way (In review)." in text(client.get(f"{D}archive/"))
    refused = client.post(f"{D}archive/", {"version": document.version, "words": "x"})
    assert (refused.status_code, "Take it back first." in text(refused)) == (422, True)


# My work and mail


def test_my_work_shows_what_documents_ask_of_each(cast: Cast, sign_in) -> None:
    document = begin(cast, owner=cast.parties["petra"], review_months=1)
    version = send(cast, document)
    assert (waits(cast, "toma"), waits(cast, "petra"), waits(cast, "chen")) == ([("decide", "1.0")], [], [])
    approve(cast, version, verdict="return", reason="No figure.")
    assert waits(cast, "petra") == [("mend", "1.0")]
    assert "No figure." in text(sign_in(cast.petra).get("/work/"))
    approve(cast, send(cast, document))
    assert (waits(cast, "mara"), waits(cast, "petra")) == ([("publish", "1.0")], [])
    sign_in(cast.mara).post(
        f"{D}publish/",
        {
            "version": open_version(document).version,
            "effective_on": soon(0).isoformat(),
            "readers": ["role team member"],
            "due": soon().isoformat(),
        },
    )
    assert waits(cast, "tim") == [("read", "1.0")]
    assert waits(cast, "petra") == []
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert waits(cast, "petra") == [("review", "1.0")]


def test_an_approver_who_lost_the_role_is_asked_nothing(cast: Cast) -> None:
    send(cast, begin(cast))
    assert told(cast, "toma")[0][0] == ASKED
    end_role(
        acting_user=cast.mara,
        project=cast.project,
        membership_id=cast.toma.project_memberships.get(project=cast.project).pk,
    )
    assert (waits(cast, "toma"), told(cast, "toma")) == ([], [])


def test_people_are_told_what_is_asked_and_what_became_of_it(cast: Cast) -> None:
    document = begin(cast)
    version = send(cast, document)
    assert told(cast, "toma") == [(ASKED, "Petra Pohl asks you to decide by Mon 16 Mar 2026.")]
    approve(cast, version, verdict="return", reason="No figure.")
    assert told(cast, "petra") == [(DECIDED, "Toma Tate sent it back.")]
    publish(cast, document)
    ask(cast, document, "tim", days=3)
    assert told(cast, "tim") == [
        (TO_READ, "You are asked to read it by Thu 5 Mar 2026, and to say that you understood it.")
    ]
    with clock.moved_to(clock.now() + timedelta(days=4)):
        note_document_reminders()
        note_document_reminders()
        assert told(cast, "tim")[0] == (READ_LATE, "You were asked to read it by Thu 5 Mar 2026.")
        assert Notice.objects.filter(kind=READ_LATE).count() == 1
        confirm_reading(acting_user=cast.tim, reading=Reading.objects.get())
        assert told(cast, "tim") == []


def test_the_owner_is_told_once_thirty_days_before_a_review_and_once_when_it_is_overdue(cast: Cast) -> None:
    document = publish(cast, begin(cast, owner=cast.parties["cora"], review_months=2)).document
    publish(cast, begin(cast, title="Nobody's", review_months=2))
    due = document.review_on
    for day, kinds in ((-31, []), (-30, [REVIEW_DUE]), (-29, [REVIEW_DUE]), (1, [REVIEW_DUE, REVIEW_LATE])):
        with clock.moved_to(clock.now() + (due + timedelta(days=day) - clock.today("UTC"))):
            note_document_reminders()
            found = Notice.objects.filter(person=cast.cora).order_by("pk").values_list("kind", flat=True)
            assert list(found) == kinds
    # Nobody owns the other: the project manager hears of it.
    assert Notice.objects.filter(person=cast.mara, kind=REVIEW_DUE).count() == 1
    with clock.moved_to(clock.now() + (due + timedelta(days=1) - clock.today("UTC"))):
        assert (
            REVIEW_LATE,
            f"Its review was due on {due:%-d %b %Y}. Say that it still holds, or begin a new version.",
        ) in (told(cast, "cora"))


def test_on_the_day_a_newer_version_holds_the_one_before_asks_nothing_though_no_work_has_run(cast: Cast) -> None:
    document = publish(cast, begin(cast, owner=cast.parties["cora"], review_months=1)).document
    ask(cast, document, "tim", days=40)
    review_on = document.review_on
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    version = approve(cast, send(cast, document))
    day = review_on - timedelta(days=5)
    publish_version(acting_user=cast.mara, version=version, lock=version.version, effective_on=day)
    eve = clock.now() + (day - timedelta(days=1) - clock.today("UTC"))
    with clock.moved_to(eve):
        assert (waits(cast, "cora"), waits(cast, "tim")) == ([("review", "1.0")], [("read", "1.0")])
        note_document_reminders()
        assert REVIEW_DUE in {kind for kind, _words in told(cast, "cora")}
        Notice.objects.filter(kind=REVIEW_DUE).update(kind="kept")
    with clock.moved_to(eve + timedelta(days=1)):
        note_document_reminders()
        assert not Notice.objects.filter(kind=REVIEW_DUE).exists()
        Notice.objects.filter(kind="kept").update(kind=REVIEW_DUE)
        assert REVIEW_DUE not in {kind for kind, _words in told(cast, "cora")}
        assert (waits(cast, "cora"), waits(cast, "tim")) == ([], [])


def test_a_document_that_is_put_away_asks_nothing(cast: Cast) -> None:
    document = publish(cast, begin(cast, owner=cast.parties["cora"], review_months=1)).document
    ask(cast, document, "tim", days=1)
    archive_document(
        acting_user=cast.mara, project=cast.project, key=document.key, version=document.version, why="Merged"
    )
    with clock.moved_to(clock.now() + timedelta(days=3)):
        note_document_reminders()
    assert set(Notice.objects.values_list("kind", flat=True)) <= {TO_READ, ASKED, DECIDED}
    assert told(cast, "tim") == []
