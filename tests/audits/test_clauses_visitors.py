"""Auditors from outside: invited until a day, and what they looked at is written down."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core import mail
from openpyxl import load_workbook

from audits.models import Visit
from audits.notices_visitors import ending_lines
from audits.selectors.visitors import auditors_of
from audits.services.visitor_reminders import note_ending_auditors
from audits.services.visitors import invite_auditor, move_end
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.models import Notice
from projects.models import Invitation, Membership
from projects.selectors.team import terms_digest
from projects.services.invitations import accept_invitation
from tests.cast import Cast

pytestmark = pytest.mark.django_db
VISITORS = "/projects/alder/audits/visitors/"


def role_of_audra(cast: Cast) -> Membership:
    return Membership.objects.get(project=cast.project, user=cast.audra)


def test_an_auditor_is_invited_until_a_day_and_for_one_address_alone(
    cast: Cast, sign_in, django_capture_on_commit_callbacks
) -> None:
    client = sign_in(cast.mara)
    form = {"name": "Otto Outside", "email": "otto@body.example", "projects": ["alder"]}
    assert client.post(f"{VISITORS}invite/", form).status_code == 422
    late = client.post(f"{VISITORS}invite/", form | {"valid_until": "2026-03-01"})
    assert late.status_code == 422
    assert "otto@body.example" in late.content.decode()
    assert client.post(f"{VISITORS}invite/", form | {"valid_until": "2028-03-01"}).status_code == 422
    assert not Invitation.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{VISITORS}invite/", form | {"valid_until": "2026-03-20"})
    assert (done.status_code, done["Location"]) == (302, VISITORS)
    page = client.get(VISITORS).content.decode()
    assert "Otto Outside" in page
    assert "invited, until" in page
    token = str(mail.outbox[-1].body).split("/invitations/")[1].split("/")[0]
    with pytest.raises(RuleBroken, match=r"otto@body\.example"):
        accept_invitation(token=token, user=cast.nina)
    otto = accept_invitation(token=token, password="nine-quiet-harbours")
    held = Membership.objects.get(user=otto)
    assert (held.project, held.role, held.valid_until) == (cast.project, "auditor", date(2026, 3, 20))
    with clock.moved_to(datetime(2026, 3, 21, 9, 0, tzinfo=UTC)):
        assert not Membership.objects.current().filter(user=otto).exists()


def test_only_projects_that_one_manages_can_be_ticked(cast: Cast, sign_in) -> None:
    form = {"name": "Otto", "email": "otto@body.example", "projects": ["birch"], "valid_until": "2026-03-20"}
    assert sign_in(cast.mara).post(f"{VISITORS}invite/", form).status_code == 422
    with pytest.raises(NotPermitted):
        invite_auditor(
            acting_user=cast.petra,
            projects=[cast.project],
            email="otto@body.example",
            name="Otto",
            valid_until=date(2026, 3, 20),
        )
    assert not Invitation.objects.exists()


def test_the_last_day_is_moved_and_access_is_ended_at_once(cast: Cast, sign_in) -> None:
    membership = role_of_audra(cast)
    seen = terms_digest(cast.project, cast.audra)
    client = sign_in(cast.mara)
    assert client.get(f"{VISITORS}{membership.pk}/end/").status_code == 200
    moved = client.post(f"{VISITORS}{membership.pk}/end/", {"valid_until": "2026-03-10", "seen": seen})
    assert moved.status_code == 302
    assert role_of_audra(cast).valid_until == date(2026, 3, 10)
    stale = client.post(f"{VISITORS}{membership.pk}/end/", {"valid_until": "2026-03-15", "seen": seen})
    assert stale.status_code == 409
    with pytest.raises(StaleWrite):
        move_end(
            acting_user=cast.mara,
            project=cast.project,
            membership=role_of_audra(cast),
            seen=seen,
            valid_until=date(2026, 3, 15),
        )
    assert client.post(f"{VISITORS}{membership.pk}/end/", {"at_once": "1"}).status_code == 302
    assert not role_of_audra(cast).is_current
    assert sign_in(cast.audra).get("/projects/alder/clauses/").status_code == 404
    of_mara = Membership.objects.get(project=cast.project, user=cast.mara)
    assert client.post(f"{VISITORS}{of_mara.pk}/end/", {"at_once": "1"}).status_code == 404


def test_what_an_auditor_looks_at_is_written_down_once_a_page_and_day(cast: Cast, sign_in) -> None:
    auditor = sign_in(cast.audra)
    for _time in range(2):
        auditor.get("/projects/alder/clauses/2018/9.2/?part=9.2")
    auditor.get("/projects/alder/evidence/", headers={"HX-Request": "true"})
    auditor.get(VISITORS)
    auditor.get("/projects/alder/clauses/2018/77/")
    sign_in(cast.petra).get("/projects/alder/clauses/2018/9.2/")
    rows = Visit.objects.values_list("user__email", "address", "times", "on")
    assert list(rows) == [("audra@alder.example", "/projects/alder/clauses/2018/9.2/", 2, date(2026, 3, 2))]
    page = sign_in(cast.mara).get(f"{VISITORS}?who={cast.audra.pk}").content.decode()
    assert "Clause 9.2" in page
    assert "1 page</a>" in page
    export = sign_in(cast.mara).get(f"{VISITORS}export/").content.decode()
    assert "/projects/alder/clauses/2018/9.2/,2,2026-03-02T09:00+00:00" in export
    book = load_workbook(BytesIO(sign_in(cast.mara).get(f"{VISITORS}export/?format=xlsx").content))
    assert [cell.value for cell in book.active[2]][4:] == [
        "/projects/alder/clauses/2018/9.2/",
        2,
        "2026-03-02T09:00+00:00",
    ]
    assert [row.pages for row in auditors_of(cast.project)] == [1]


def test_managers_are_told_once_that_an_auditor_leaves(cast: Cast) -> None:
    Membership.objects.filter(pk=role_of_audra(cast).pk).update(valid_until=date(2026, 3, 6))
    note_ending_auditors()
    note_ending_auditors()
    notice = Notice.objects.get(kind="auditor ends")
    assert notice.person_id == cast.mara.pk
    line = ending_lines(cast.mara, [notice])[notice.pk]
    assert "Audra Ames" in line.subject
    assert "6 Mar 2026" in line.subject
    Membership.objects.filter(pk=role_of_audra(cast).pk).update(valid_until=date(2026, 4, 6))
    assert ending_lines(cast.mara, [notice]) == {}


def test_an_auditor_finds_on_the_overview_what_they_come_for(cast: Cast, sign_in) -> None:
    Membership.objects.filter(pk=role_of_audra(cast).pk).update(valid_until=date(2026, 3, 6))
    page = sign_in(cast.audra).get("/projects/alder/").content.decode()
    assert "Your audit" in page
    assert "read only until 6 Mar 2026" in page
    assert "4 days left" in page
    assert "Your audit" not in sign_in(cast.mara).get("/projects/alder/").content.decode()
