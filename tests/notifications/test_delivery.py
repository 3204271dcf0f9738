"""What is noted reaches people: once, in one mail, as long as it is true and theirs to see."""

import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from common import clock
from common.exceptions import StaleWrite
from notifications.choices import MailState, NoticeState
from notifications.models import Mail, Notice, Occasion
from notifications.services import delivery
from notifications.services.comments import add_comment, edit_comment, withdraw_comment
from notifications.services.delivery import Delivered, deliver_due_mail, forget_old_mail, settle_restored_mail
from notifications.services.mail_settings import save_mail_settings
from notifications.services.notices import nobody_is_told, note_occasions
from notifications.services.questions import answer_question, mark_answered
from phases.services.reminders import note_reminders
from phases.services.rows import Target, assign_party, change_status, set_due
from projects.services.team import end_role
from tests.cast import NOW, Cast

MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _empty_outbox(cast: Cast) -> None:
    """What the making of the cast told nobody, the test tells."""
    assert not Notice.objects.exists()
    assert not Occasion.objects.exists()


def say(cast: Cast, body: str, *, by: str = "petra", asks: str = "", key: str = "CH.i"):
    return add_comment(
        acting_user=cast.people[by],
        project=cast.project,
        kind="activity",
        key=key,
        body=body,
        asked_id=cast.people[asks].pk if asks else None,
    )


def give(cast: Cast, who: str, *refs: str) -> None:
    targets = [cast.target(ref) for ref in refs]
    assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties[who])


def sent_to(cast: Cast, who: str) -> list[Any]:
    return [one for one in mail.outbox if one.to == [cast.people[who].email]]


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def test_a_question_reaches_who_is_asked_at_once(cast: Cast) -> None:
    comment = say(cast, "Who holds the register?", asks="tim")
    assert deliver_due_mail() == Delivered(sent=1)
    (message,) = mail.outbox
    assert message.to == ["tim@alder.example"]
    assert message.subject.startswith("Petra Pohl asks you: CH.i ")
    link = f"http://127.0.0.1:8000/projects/alder/activities/CH.i/#comment-{comment.pk}"
    assert link in message.body
    assert f'href="{link}"' in html_of(message)
    assert "> Who holds the register?" in message.body
    assert Mail.objects.get().state == MailState.SENT
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_mention_and_an_answer_reach_people_too(cast: Cast) -> None:
    question = say(cast, "Is this @Cora Cole's?", asks="tim")
    deliver_due_mail()
    answer_question(
        acting_user=cast.tim, project=cast.project, question_id=question.pk, version=question.version, body="Mine."
    )
    deliver_due_mail()
    assert {(one.to[0].partition("@")[0], one.subject.partition(":")[0]) for one in mail.outbox} == {
        ("tim", "Petra Pohl asks you"),
        ("cora", "Petra Pohl mentions you"),
        ("petra", "Tim Tully answered your question"),
    }


def test_who_asked_is_told_that_a_question_was_marked_as_answered(cast: Cast) -> None:
    question = say(cast, "Who?", asks="tim")
    deliver_due_mail()
    question.refresh_from_db()
    mark_answered(acting_user=cast.tim, project=cast.project, question_id=question.pk, version=question.version)
    deliver_due_mail()
    assert [one.subject.partition(":")[0] for one in sent_to(cast, "petra")] == [
        "Tim Tully marked your question as answered"
    ]


def test_what_was_told_is_not_told_again(cast: Cast) -> None:
    comment = say(cast, "Look, @Tim Tully")
    deliver_due_mail()
    edit_comment(
        acting_user=cast.petra, project=cast.project, comment_id=comment.pk, version=1, body="Look here, @Tim Tully"
    )
    assert deliver_due_mail() == Delivered()
    assert len(mail.outbox) == 1


def test_a_comment_that_was_withdrawn_is_not_told(cast: Cast) -> None:
    comment = say(cast, "Look, @Tim Tully")
    note_occasions()
    withdraw_comment(acting_user=cast.petra, project=cast.project, comment_id=comment.pk, version=1)
    assert deliver_due_mail() == Delivered(dropped=1)
    assert mail.outbox == []
    assert Notice.objects.get().dropped_why == "no longer true"
    assert not Mail.objects.exists()


def test_two_notices_at_one_moment_are_one_mail(cast: Cast) -> None:
    say(cast, "First, @Tim Tully")
    say(cast, "Second?", asks="tim", key="RE.a")
    assert deliver_due_mail() == Delivered(sent=1)
    (message,) = mail.outbox
    assert message.subject == "Alder SMS: 2 comments for you"


def test_eighty_rows_given_at_once_are_one_mail_with_one_line(cast: Cast) -> None:
    rows = cast.project.phase_activities.filter(phase_number=2)[:80]
    targets = [Target(row.pk, row.version) for row in rows]
    assign_party(acting_user=cast.mara, project=cast.project, targets=targets, party=cast.parties["tim"])
    with clock.moved_to(MONDAY):
        assert deliver_due_mail() == Delivered(sent=1)
    (message,) = mail.outbox
    assert message.subject == "Alder SMS: 80 activities are yours to do"


def test_a_digest_waits_for_monday_seven_oclock(cast: Cast) -> None:
    give(cast, "tim", "CH.i", "CH.d")
    with clock.moved_to(MONDAY - timedelta(seconds=1)):
        assert deliver_due_mail() == Delivered()
    with clock.moved_to(MONDAY):
        assert deliver_due_mail() == Delivered(sent=1)
    assert mail.outbox[0].subject == "Alder SMS: 2 given to you"


def test_what_is_done_or_given_on_meanwhile_is_left_out(cast: Cast) -> None:
    give(cast, "tim", "CH.i", "CH.d", "CH.e")
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], status="in progress")
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], status="done")
    give(cast, "petra", "CH.d")
    with clock.moved_to(MONDAY):
        deliver_due_mail()
    (message,) = sent_to(cast, "tim")
    assert message.subject.startswith("Yours now: CH.e ")


def test_an_occasion_that_nobody_can_read_stays_for_a_day_and_keeps_no_other_back(cast: Cast, monkeypatch) -> None:
    Occasion.objects.create(kind="mention", project=cast.project, facts={"comment": 0}, at=NOW)
    say(cast, "Who?", asks="tim")
    assert deliver_due_mail() == Delivered(sent=1)
    assert Occasion.objects.count() == 1
    with clock.moved_to(NOW + timedelta(days=1, seconds=1)):
        deliver_due_mail()
    assert not Occasion.objects.exists()


def test_an_act_that_fails_tells_nobody(cast: Cast) -> None:
    with pytest.raises(StaleWrite):
        assign_party(
            acting_user=cast.mara,
            project=cast.project,
            targets=[cast.target("CH.d"), Target(cast.row().pk, 99)],
            party=cast.parties["tim"],
        )
    assert not Occasion.objects.exists()


def test_nobody_is_told_of_their_own_acts(cast: Cast) -> None:
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["mara"])
    say(cast, "Note to @Petra Pohl", by="petra")
    note_occasions()
    assert not Notice.objects.exists()


def test_whoever_has_left_or_is_closed_out_gets_nothing(cast: Cast) -> None:
    say(cast, "Well, @Tim Tully and @Cora Cole?")
    note_occasions()
    end_role(acting_user=cast.mara, project=cast.project, membership_id=cast.project.memberships.get(user=cast.tim).pk)
    cast.cora.is_active = False
    cast.cora.save()
    with clock.moved_to(NOW + timedelta(minutes=1)):
        assert deliver_due_mail() == Delivered(dropped=2)
    assert mail.outbox == []


def test_a_done_row_asks_the_manager_to_verify_it(cast: Cast) -> None:
    give(cast, "tim", "CH.i")
    for status in ("in progress", "done"):
        change_status(acting_user=cast.tim, project=cast.project, targets=[cast.target()], status=status)
    assert deliver_due_mail() == Delivered(sent=1)
    (message,) = mail.outbox
    assert message.to == ["mara@alder.example"]
    assert message.subject.startswith("Verify: CH.i ")
    assert "Tim Tully reported it done" in message.body


def test_what_was_verified_before_the_mail_went_is_not_asked_for(cast: Cast) -> None:
    for status in ("in progress", "done"):
        change_status(acting_user=cast.olga, project=cast.project, targets=[cast.target()], status=status)
    note_occasions()
    change_status(acting_user=cast.petra, project=cast.project, targets=[cast.target()], status="verified")
    assert deliver_due_mail() == Delivered(dropped=1)


@pytest.fixture
def due_rows(cast: Cast) -> Cast:
    """Tim has three rows: one overdue, one due tomorrow, one in a week. Nobody was told that they are his."""
    with nobody_is_told():
        give(cast, "tim", "CH.i", "CH.d", "CH.e")
        for ref, days in (("CH.i", -1), ("CH.d", 1), ("CH.e", 7)):
            due = NOW.date() + timedelta(days=days)
            set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref)], due=due)
    return cast


def daily(cast: Cast, who: str = "tim", zone: str = "UTC") -> None:
    kinds = ("overdue", "due soon", "assignment", "mention", "verification")
    save_mail_settings(acting_user=cast.people[who], paces=dict.fromkeys(kinds, "daily"), time_zone=zone)


def tims(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind, person__email="tim@alder.example").values_list("key", flat=True))


def test_reminders_are_noted_once(due_rows: Cast) -> None:
    note_reminders()
    note_reminders()
    rows = {ref: due_rows.row(ref) for ref in ("CH.i", "CH.d", "CH.e")}
    assert tims("overdue") == [f"row {rows['CH.i'].pk} 2026-03-01"]
    assert tims("due soon") == sorted([f"1 row {rows['CH.d'].pk} 2026-03-03", f"7 row {rows['CH.e'].pk} 2026-03-09"])


def test_a_date_that_moved_is_told_anew_and_the_old_one_is_dropped(due_rows: Cast) -> None:
    daily(due_rows)
    note_reminders()
    set_due(
        acting_user=due_rows.mara, project=due_rows.project, targets=[due_rows.target("CH.e")], due=date(2026, 3, 8)
    )
    note_reminders()
    with clock.moved_to(NOW + timedelta(days=1)):
        deliver_due_mail()
    assert mail.outbox[0].body.count("CH.e ") == 1
    assert "Due on Sun 8 Mar 2026, in 5 days" in mail.outbox[0].body


def test_the_most_urgent_comes_first_and_each_row_once(due_rows: Cast) -> None:
    daily(due_rows)
    note_reminders()
    give(due_rows, "petra", "CH.i")
    give(due_rows, "tim", "CH.i")
    with clock.moved_to(NOW + timedelta(days=1)):
        assert deliver_due_mail().sent == 1
    body = mail.outbox[0].body
    assert body.index("CH.i ") < body.index("CH.d ") < body.index("CH.e ")
    assert body.count("* CH.i ") == 1
    assert "2 days late, it was due on Sun 1 Mar 2026" in body
    assert "In all, 1 of your 3 open activities here is overdue." in body
    assert mail.outbox[0].subject == "Alder SMS: 1 overdue, 2 due soon"


def test_a_row_is_overdue_once_not_every_day(due_rows: Cast) -> None:
    daily(due_rows)
    subjects = []
    for day in range(6):
        with clock.moved_to(NOW + timedelta(days=day)):
            note_reminders()
            deliver_due_mail()
    subjects = [one.subject for one in sent_to(due_rows, "tim")]
    assert subjects == [
        "Alder SMS: 1 overdue, 2 due soon",
        f"Overdue: {subjects[1].removeprefix('Overdue: ')}",
    ]


class _Server(EmailBackend):
    """A mail server that answers as the test says."""

    answer: Callable[[], None] | None = None

    def send_messages(self, messages):
        if _Server.answer is not None:
            _Server.answer()
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}._Server"
    yield _Server
    _Server.answer = None


def _raise(error: BaseException) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def test_what_the_server_refuses_is_sent_later_once(cast: Cast, server) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(smtplib.SMTPDataError(451, b"try again"))
    assert deliver_due_mail() == Delivered(refused=1)
    assert deliver_due_mail() == Delivered()
    server.answer = None
    with clock.moved_to(NOW + timedelta(minutes=2)):
        assert deliver_due_mail() == Delivered(sent=1)
        assert deliver_due_mail() == Delivered()
    assert len(mail.outbox) == 1
    assert [one.state for one in Mail.objects.order_by("pk")] == [MailState.FAILED, MailState.SENT]


def test_a_refused_digest_is_still_the_digest_of_its_day(cast: Cast, server) -> None:
    give(cast, "tim", "CH.i")
    server.answer = _raise(smtplib.SMTPRecipientsRefused({}))
    with clock.moved_to(MONDAY):
        assert deliver_due_mail() == Delivered(refused=1)
    server.answer = None
    with clock.moved_to(MONDAY + timedelta(minutes=2)):
        assert deliver_due_mail() == Delivered(sent=1)


def test_what_is_refused_too_often_is_given_up_and_says_so(cast: Cast, server) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(smtplib.SMTPSenderRefused(550, b"no", "x"))
    for day in range(8):
        with clock.moved_to(NOW + timedelta(days=2 * day)):
            deliver_due_mail()
    notice = Notice.objects.get()
    assert (notice.state, notice.dropped_why, notice.attempts) == (NoticeState.DROPPED, "refused too often", 6)


def test_what_may_have_been_taken_is_not_sent_again(cast: Cast, server) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(TimeoutError("no answer"))
    assert deliver_due_mail() == Delivered(unknown=1)
    server.answer = None
    with clock.moved_to(NOW + timedelta(days=3)):
        assert deliver_due_mail() == Delivered()
    assert mail.outbox == []
    assert Mail.objects.get().state == MailState.UNKNOWN


def test_a_process_that_died_between_claim_and_send_leaves_a_mail_that_is_shown_as_unknown(
    cast: Cast, server, sign_in
) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(KeyboardInterrupt())  # as a killed process: nothing catches it
    with pytest.raises(KeyboardInterrupt):
        deliver_due_mail()
    server.answer = None
    assert Mail.objects.get().state == MailState.SENDING
    assert deliver_due_mail() == Delivered()
    with clock.moved_to(NOW + timedelta(minutes=16)):
        assert deliver_due_mail() == Delivered(unknown=1)
        assert deliver_due_mail() == Delivered()
        page = sign_in(cast.tim).get("/account/notifications/").content.decode()
    assert mail.outbox == []
    assert "Perhaps not arrived" in page


def test_one_mail_that_cannot_be_written_keeps_no_other_back(cast: Cast, monkeypatch) -> None:
    say(cast, "Well, @Tim Tully and @Cora Cole?")
    real = delivery.letter_to

    def broken(person, notices, *, is_digest):
        if person == cast.cora:
            raise ZeroDivisionError
        return real(person, notices, is_digest=is_digest)

    monkeypatch.setattr(delivery, "letter_to", broken)
    assert deliver_due_mail() == Delivered(sent=1, refused=1)
    assert Notice.objects.get(person=cast.cora).state == NoticeState.WAITING


def test_a_subject_is_one_line_and_texts_are_escaped(cast: Cast) -> None:
    cast.petra.name = "Petra <b>\r\nBcc: x@evil.example"
    cast.petra.save()
    say(cast, "<script>alert(1)</script> <img src=x onerror=1> & more", asks="tim")
    deliver_due_mail()
    (message,) = mail.outbox
    raw: Message = message.message()
    assert raw["Bcc"] is None
    assert "\n" not in message.subject
    assert message.subject.startswith("Petra <b> Bcc: x@evil.example asks you")
    assert "<b>\r" not in html_of(message)
    assert "Petra &lt;b&gt;" in html_of(message)
    assert "<script" not in html_of(message)
    assert "<img" not in html_of(message)


def test_a_mail_can_be_turned_off_where_it_is_read(cast: Cast) -> None:
    say(cast, "Who?", asks="tim")
    deliver_due_mail()
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip("<>").replace("\n ", "")
    assert link.startswith("http://127.0.0.1:8000/mail/stop/")
    assert link in mail.outbox[0].body
    assert link in html_of(mail.outbox[0])


def test_the_same_things_have_the_same_message_id(cast: Cast, server) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(smtplib.SMTPDataError(451, b"try again"))
    deliver_due_mail()
    server.answer = None
    with clock.moved_to(NOW + timedelta(minutes=5)):
        deliver_due_mail()
    first, second = Mail.objects.order_by("pk")
    assert first.message_id == second.message_id == mail.outbox[0].message()["Message-ID"]


def test_after_a_restore_what_may_have_gone_since_is_not_sent_again(cast: Cast) -> None:
    give(cast, "tim", "CH.i")
    say(cast, "Who?", asks="tim")
    with clock.moved_to(NOW + timedelta(days=1)):
        assert settle_restored_mail() == 1
        assert deliver_due_mail() == Delivered()
    assert dict(Notice.objects.values_list("kind", "state")) == {"mention": "unknown", "assignment": "waiting"}
    with clock.moved_to(MONDAY):
        assert deliver_due_mail() == Delivered(sent=1)


def test_old_mail_is_forgotten_and_what_waits_is_not(cast: Cast) -> None:
    say(cast, "Who?", asks="tim")
    deliver_due_mail()
    with clock.moved_to(NOW + timedelta(days=399)):
        assert forget_old_mail() == 0
        give(cast, "tim", "CH.i")
        note_occasions()
    with clock.moved_to(NOW + timedelta(days=401)):
        assert forget_old_mail() == 1
    assert not Mail.objects.exists()
    assert Notice.objects.get().kind == "assignment"


def test_an_operator_sees_what_did_not_go_well_and_no_text_of_a_client(cast: Cast, server) -> None:
    say(cast, "Who?", asks="tim")
    server.answer = _raise(smtplib.SMTPDataError(451, b"try again"))
    deliver_due_mail()
    server.answer = _raise(TimeoutError("no answer"))
    say(cast, "You?", asks="cora", by="tim")
    deliver_due_mail()
    out = StringIO()
    call_command("show_mail", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "1 thing(s) wait to be told, the first goes at 2026-03-02 09:02 UTC"
    assert lines[1:5] == ["0 mail(s) sending", "0 mail(s) sent", "1 mail(s) failed", "1 mail(s) unknown"]
    assert lines[5].startswith("2026-03-02 09:00 UTC unknown to cora@alder.example <")
    assert lines[6].endswith("(451, b'try again')")
    assert "CH.i" not in out.getvalue()
