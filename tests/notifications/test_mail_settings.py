"""The page on which people choose their mails, and the link that turns them off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from common import clock
from common.exceptions import RuleBroken
from notifications.choices import NoticeState, Pace
from notifications.models import MailSettings, Notice
from notifications.registry import notice_kinds, register_notice_kind
from notifications.selectors.recipients import recipients
from notifications.services.comments import add_comment
from notifications.services.delivery import Delivered, deliver_due_mail
from notifications.services.mail_settings import save_mail_settings, stop_mail
from notifications.services.notices import note_occasions
from notifications.tokens import unsubscribe_token
from phases.services.rows import assign_party
from tests.cast import NOW, PASSWORD, Cast

PAGE = "/account/notifications/"
USUAL = {
    "kind_overdue": "weekly",
    "kind_mention": "at once",
    "kind_verification": "at once",
    "kind_due_soon": "weekly",
    "kind_assignment": "weekly",
    # Those of apps above, as they come.
    **{
        f"kind_{key.replace(' ', '_')}": str(kind.pace)
        for key, kind in notice_kinds.items()
        if key not in ("overdue", "mention", "verification", "due soon", "assignment")
    },
    "time_zone": "",
}


def ask_tim(cast: Cast) -> None:
    add_comment(
        acting_user=cast.petra,
        project=cast.project,
        kind="activity",
        key="CH.i",
        body="Who?",
        asked_id=cast.tim.pk,
    )


def paces_of(cast: Cast, who: str = "tim") -> dict[str, str]:
    person = recipients([cast.people[who].pk])[cast.people[who].pk]
    return {kind: person.pace(kind) for kind in ("overdue", "mention", "verification", "due soon", "assignment")}


def test_the_usual_paces_are_those_of_the_kinds(cast: Cast) -> None:
    assert paces_of(cast) == {
        "overdue": Pace.WEEKLY,
        "mention": Pace.AT_ONCE,
        "verification": Pace.AT_ONCE,
        "due soon": Pace.WEEKLY,
        "assignment": Pace.WEEKLY,
    }


def test_the_page_shows_them_and_when_the_next_digest_goes(cast: Cast, sign_in) -> None:
    page = sign_in(cast.tim).get(PAGE).content.decode()
    assert "Monday 9 Mar 2026, 07:00" in page
    assert "Nothing yet." in page
    assert page.count("<select") == len(notice_kinds.keys()) + 1


def test_choices_are_saved_and_shown_again(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.tim)
    sent = {**USUAL, "kind_overdue": "daily", "kind_mention": "never", "time_zone": "Asia/Tokyo"}
    response = client.post(PAGE, sent)
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    page = client.get(PAGE).content.decode()
    assert '<option value="Asia/Tokyo" selected>' in page
    assert "Tuesday 3 Mar 2026, 07:00" in page
    assert paces_of(cast)["overdue"] == Pace.DAILY
    assert MailSettings.objects.get().paces == {"overdue": "daily", "mention": "never"}


def test_what_cannot_be_chosen_is_said_and_the_rest_stays(cast: Cast, sign_in) -> None:
    response = sign_in(cast.tim).post(PAGE, {**USUAL, "kind_overdue": "daily", "time_zone": "Mars/Olympus"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no such time zone." in page
    assert '<option value="daily" selected>' in page
    assert not MailSettings.objects.exists()


def test_a_value_given_twice_is_a_bad_request(cast: Cast, sign_in) -> None:
    assert sign_in(cast.tim).post(PAGE, {**USUAL, "time_zone": ["UTC", "Asia/Tokyo"]}).status_code == 400


def test_the_page_lists_the_last_mails(cast: Cast, sign_in) -> None:
    ask_tim(cast)
    deliver_due_mail()
    page = sign_in(cast.tim).get(PAGE).content.decode()
    assert "Petra Pohl asks you: CH.i" in page
    assert "2 Mar 2026, 09:00" in page
    assert "Petra Pohl asks you" not in sign_in(cast.cora).get(PAGE).content.decode()


def test_a_mail_about_a_project_that_was_left_shows_no_subject(cast: Cast, sign_in) -> None:
    ask_tim(cast)
    deliver_due_mail()
    cast.project.memberships.filter(user=cast.tim).delete()
    page = sign_in(cast.tim).get(PAGE).content.decode()
    assert "About a project that you no longer see" in page
    assert "CH.i" not in page


def test_the_page_needs_few_queries(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    client = sign_in(cast.tim)
    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_the_menu_leads_there(cast: Cast, sign_in) -> None:
    assert f'href="{PAGE}"' in sign_in(cast.tim).get("/work/").content.decode()


def test_unknown_kinds_and_paces_are_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        save_mail_settings(acting_user=cast.tim, paces={"overdue": "hourly"}, time_zone="")
    with pytest.raises(RuleBroken):
        save_mail_settings(acting_user=cast.tim, paces={"spam": "daily"}, time_zone="")


def test_what_waits_follows_the_choice(cast: Cast) -> None:
    ask_tim(cast)
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["tim"])
    note_occasions()
    save_mail_settings(acting_user=cast.tim, paces={"mention": "never", "assignment": "daily"}, time_zone="Asia/Tokyo")
    dropped, waits = Notice.objects.get(kind="mention"), Notice.objects.get(kind="assignment")
    assert (dropped.state, dropped.dropped_why) == (NoticeState.DROPPED, "the person does not want it")
    assert (waits.state, waits.goes_at) == (NoticeState.WAITING, datetime(2026, 3, 2, 22, 0, tzinfo=UTC))


def test_what_is_not_wanted_is_not_noted(cast: Cast) -> None:
    save_mail_settings(acting_user=cast.tim, paces={"mention": "never"}, time_zone="")
    ask_tim(cast)
    note_occasions()
    assert not Notice.objects.exists()


@pytest.fixture
def link(cast: Cast) -> str:
    ask_tim(cast)
    deliver_due_mail()
    header = mail.outbox[0].message()["List-Unsubscribe"]
    return "".join(header.split()).strip("<>").removeprefix("http://127.0.0.1:8000")


def test_the_link_asks_first_and_a_button_stops_the_kind(cast: Cast, link: str) -> None:
    anybody = Client(enforce_csrf_checks=True)
    page = anybody.get(link)
    assert page.status_code == 200
    assert "Stop mails about “Asked, named or answered”?" in page.content.decode()
    assert paces_of(cast)["mention"] == Pace.AT_ONCE
    done = anybody.post(link, follow=True)
    assert done.redirect_chain == [(link, 302)]
    assert "These mails have stopped" in done.content.decode()
    assert paces_of(cast)["mention"] == Pace.NEVER
    assert paces_of(cast)["overdue"] == Pace.WEEKLY


def test_a_mail_program_stops_it_in_one_click_twice_if_it_likes(cast: Cast, link: str) -> None:
    program = Client(enforce_csrf_checks=True)
    for _time in range(2):
        response = program.post(link, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert paces_of(cast)["mention"] == Pace.NEVER
    ask_tim(cast)
    assert deliver_due_mail() == Delivered()


def test_the_link_shows_nothing_of_the_person(cast: Cast, link: str) -> None:
    page = Client().get(link).content.decode()
    assert "tim@" not in page
    assert "Tim" not in page
    assert "Alder" not in page


def test_a_link_that_was_changed_is_none(cast: Cast, link: str) -> None:
    assert Client().get(link.rstrip("/") + "x/").status_code == 404
    assert Client().post("/mail/stop/WzEsImFsbCJd:forged/").status_code == 404
    assert Client().get(f"/mail/stop/{unsubscribe_token(cast.tim.pk, 'spam')}/").status_code == 404
    assert Client().get(f"/mail/stop/{unsubscribe_token(0, 'all')}/").status_code == 404


def test_all_stops_all(cast: Cast) -> None:
    stop_mail(person=cast.tim, kind="all")
    assert set(paces_of(cast).values()) == {Pace.NEVER}
    assert recipients([cast.tim.pk])[cast.tim.pk].next_digest() is None
    page = Client().get(f"/mail/stop/{unsubscribe_token(cast.tim.pk, 'all')}/").content.decode()
    assert "You get no more mails about your projects." in page


def test_all_holds_for_kinds_to_come_until_something_is_chosen_again(cast: Cast, sign_in) -> None:
    stop_mail(person=cast.tim, kind="overdue")
    stop_mail(person=cast.tim, kind="all")
    register_notice_kind("later", notice_kinds["overdue"], order=99)
    try:
        assert recipients([cast.tim.pk])[cast.tim.pk].pace("later") == Pace.NEVER
        client = sign_in(cast.tim)
        assert client.get(PAGE).content.decode().count('<option value="never" selected>') == len(notice_kinds.keys())
        client.post(PAGE, {**USUAL, "kind_later": "daily"})
        assert recipients([cast.tim.pk])[cast.tim.pk].pace("later") == Pace.DAILY
        assert paces_of(cast)["overdue"] == Pace.WEEKLY
    finally:
        notice_kinds.remove("later")


def test_the_link_of_a_mail_opens_the_thing_after_signing_in(cast: Cast) -> None:
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["tim"])
    with clock.moved_to(NOW + timedelta(days=7)):
        deliver_due_mail()
    lines = [line.strip() for line in str(mail.outbox[0].body).splitlines()]
    path = next(line for line in lines if "/projects/" in line).removeprefix("http://127.0.0.1:8000")
    assert path == f"/projects/alder/work/{cast.row().pk}/"
    reader = Client()
    asked = reader.get(path)
    assert asked.status_code == 302
    signed_in = reader.post(asked.headers["Location"], {"login": "tim@alder.example", "password": PASSWORD})
    assert signed_in.headers["Location"] == path
    assert "CH.i" in reader.get(path).content.decode()


def test_links_never_follow_the_host_header(cast: Cast, settings) -> None:
    settings.BASE_URL = "https://sms.alder.example"
    ask_tim(cast)
    deliver_due_mail()
    body = str(mail.outbox[0].body)
    assert "https://sms.alder.example/projects/alder/activities/CH.i/" in body
    assert "127.0.0.1" not in body
    assert mail.outbox[0].message()["Message-ID"].endswith("@sms.alder.example>")
