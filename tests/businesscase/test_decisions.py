"""Who is told of decisions, and what waits on My work."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from businesscase.models import BusinessCase
from businesscase.selectors.decisions import waiting_decisions
from businesscase.services.approval import ConditionWish, replace_approver, withdraw_version
from businesscase.services.cases import start_case
from notifications.models import Notice
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note_occasions
from projects.models import Membership
from tests.businesscase.conftest import COST, add, say, submit
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told() -> set[tuple[str, str]]:
    """Who is told of what, by first name and kind."""
    note_occasions()
    return {(each.person.email.partition("@")[0], each.kind) for each in Notice.objects.select_related("person")}


def test_approvers_are_told_at_once_and_who_submitted_when_it_is_decided(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case, "toma", "chen", note="Decide at your meeting.")
    assert told() == {("toma", "case approval"), ("chen", "case approval")}
    say(cast, version, "toma")
    assert ("mara", "case decided") not in told()
    say(cast, version, "chen", "conditions", conditions=[ConditionWish("A report in July")])
    assert ("mara", "case decided") in told()


def test_the_mail_says_what_is_asked_and_until_when(cast: Cast, case: BusinessCase) -> None:
    submit(cast, case, note="Decide at your meeting.")
    note_occasions()
    deliver_due_mail()
    (sent,) = mail.outbox
    assert sent.to == [cast.toma.email]
    assert "Decide by Fri 20 Mar 2026: Business case, version 1" in sent.subject
    said = "Mara Moss asks you to decide by Fri 20 Mar 2026 about 42 000 EUR."
    assert said in " ".join(sent.body.split())
    assert "Decide at your meeting." in sent.body
    assert "/projects/alder/business-case/versions/1/" in sent.body


def test_the_mail_to_who_submitted_says_what_became_of_it(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case)
    say(cast, version, verdict="conditions", conditions=[ConditionWish("A report in July")])
    note_occasions()
    deliver_due_mail()
    (sent,) = mail.outbox
    assert sent.to == [cast.mara.email]
    assert "Approved with conditions: 1 condition" in sent.body


def test_nobody_is_mailed_of_what_no_longer_waits_for_them(cast: Cast, case: BusinessCase) -> None:
    withdraw_version(acting_user=cast.mara, version=submit(cast, case))
    note_occasions()
    deliver_due_mail()
    assert mail.outbox == []


def test_who_is_asked_instead_is_told_and_who_is_not_asked_any_more_is_not(cast: Cast, case: BusinessCase) -> None:
    version = submit(cast, case)
    replace_approver(acting_user=cast.mara, version=version, gone=cast.toma, instead=cast.chen)
    note_occasions()
    deliver_due_mail()
    assert [each.to for each in mail.outbox] == [[cast.chen.email]]


def test_who_lost_the_role_is_not_mailed(cast: Cast, case: BusinessCase) -> None:
    submit(cast, case)
    Membership.objects.filter(user=cast.toma).update(role="committee member")
    note_occasions()
    deliver_due_mail()
    assert mail.outbox == []


def test_my_work_shows_the_decisions_that_wait_until_they_are_made(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case)
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    add(cast, small, "cost", COST)
    submit(cast, small)
    client = sign_in(cast.toma)
    page = " ".join(client.get("/work/").content.decode().split())
    assert "Decisions that wait for you" in page
    assert "Business case, version 1" in page
    assert "Case for the gap analysis, version 1" in page
    assert "42 000 EUR, asked by Mara Moss" in page
    say(cast, version)
    page = client.get("/work/").content.decode()
    assert "Business case, version 1" not in page
    assert "Case for the gap analysis, version 1" in page
    assert "Decisions that wait for you" not in sign_in(cast.chen).get("/work/").content.decode()


@pytest.mark.db
def test_the_panel_asks_the_database_once_however_many_wait(cast: Cast, case: BusinessCase) -> None:
    submit(cast, case)
    with CaptureQueriesContext(connection) as counted:
        (found,) = waiting_decisions(cast.toma, [cast.project.pk])
    assert len(counted) == 1
    assert found.cost == 42000
