"""Asking for evidence: what the services let people do, and whom they tell."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence.models import ActivityEvidence, EvidenceRequest
from evidence.selectors.requests import my_requests, request_lines
from evidence.services.items import withdraw_item
from evidence.services.reminders import note_evidence_reminders
from evidence.services.requests import give_evidence, settle_request
from notifications.models import Notice
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note_occasions
from phases.selectors.work_projects import work_projects
from projects.choices import PartyKind
from projects.models import GroupMember, Party
from projects.permissions import access_to
from projects.services.team import end_role
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, ask_for
from tests.evidence.test_items import said

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    """Who is told something of `kind`, by first name."""
    note_occasions()
    return {each.person.email.partition("@")[0] for each in Notice.objects.filter(kind=kind).select_related("person")}


def test_proof_is_asked_for_given_sent_back_and_accepted(cast: Cast) -> None:
    request = ask_for(cast)
    assert said(cast) == "Mara Moss asked Petra Pohl for evidence by 20 Mar 2026: Q-0001 Ten change records"
    add(cast, who="petra")
    with pytest.raises(NotPermitted):
        give_evidence(acting_user=cast.tim, request=request, version=1, item_keys=["E-0001"])
    give_evidence(acting_user=cast.petra, request=request, version=1, item_keys=["E-0001"])
    with pytest.raises(RuleBroken, match="what is missing"):
        settle_request(acting_user=cast.mara, request=request, version=2, state="sent back")
    settle_request(acting_user=cast.mara, request=request, version=2, state="sent back", words="Only nine")
    add(cast, PDF + b"%10", who="petra")
    give_evidence(acting_user=cast.petra, request=request, version=3, item_keys=["E-0002"])
    settle_request(acting_user=cast.mara, request=request, version=4, state="accepted")
    assert said(cast) == "Mara Moss accepted E-0001, E-0002 for Q-0001 Ten change records"


def test_what_is_given_proves_the_activity_it_was_asked_for(cast: Cast) -> None:
    request = ask_for(cast, activity=cast.row().activity)
    add(cast, who="petra")
    before = Event.objects.count()
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0001"])
    assert ActivityEvidence.objects.get().activity.ref == "CH.i"
    assert Event.objects.count() == before + 1


def test_asked_twice_in_the_same_words_it_is_one_request(cast: Cast) -> None:
    assert ask_for(cast).pk == ask_for(cast).pk
    assert EvidenceRequest.objects.count() == 1
    assert ask_for(cast, due=date(2026, 3, 21)).key == "Q-0002"


def test_given_and_settled_twice_it_is_done_once(cast: Cast) -> None:
    request = ask_for(cast)
    add(cast, who="petra")
    for _again in range(2):
        give_evidence(acting_user=cast.petra, request=request, version=1, item_keys=["E-0001"])
    for _again in range(2):
        settle_request(acting_user=cast.mara, request=request, version=2, state="accepted")
    request.refresh_from_db()
    assert (request.state, request.version) == ("accepted", 3)


def test_who_settles_what_moved_on_is_told(cast: Cast) -> None:
    request = ask_for(cast)
    add(cast, who="petra")
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0001"])
    add(cast, PDF + b"%2", who="petra")
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0002"])
    with pytest.raises(StaleWrite):
        settle_request(acting_user=cast.mara, request=request, version=2, state="accepted")
    settle_request(acting_user=cast.mara, request=request, version=3, state="accepted")
    with pytest.raises(RuleBroken, match="no longer waits"):
        give_evidence(acting_user=cast.mara, request=request, item_keys=["E-0001"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due": date(2026, 3, 1)}, "from today on"),
        ({"due": date(2101, 1, 1)}, "from today on"),
        ({"text": "  "}, "Say what is to be shown"),
        ({"text": "x" * 2001}, "longer than 2000"),
    ],
)
def test_what_cannot_be_asked(cast: Cast, values: dict, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        ask_for(cast, **values)


def test_who_left_or_only_reads_is_not_asked(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="may read here"):
        ask_for(cast, asked_of=Party.objects.create(project=cast.project, name="Audra Ames", user=cast.audra))
    membership = cast.project.memberships.get(user=cast.tim)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    with pytest.raises(RuleBroken, match="no longer with the project"):
        ask_for(cast, "tim")
    Party.objects.filter(pk=cast.parties["petra"].pk).update(is_active=False)
    with pytest.raises(RuleBroken, match="no longer with the project"):
        ask_for(cast, asked_of=Party.objects.get(pk=cast.parties["petra"].pk))


def test_what_one_may_not_see_or_no_longer_counts_is_not_given(cast: Cast) -> None:
    request = ask_for(cast)
    add(cast, who="tim", classification="confidential")
    for key in ("E-0001", "E-0099"):
        with pytest.raises(RuleBroken, match=f"There is no item {key}"):
            give_evidence(acting_user=cast.petra, request=request, item_keys=[key])
    add(cast, PDF + b"%2", who="petra")
    withdraw_item(acting_user=cast.petra, project=cast.project, key="E-0002", version=1, why="Old")
    with pytest.raises(RuleBroken, match="no longer counts"):
        give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0002"])
    with pytest.raises(RuleBroken, match="Choose what you give"):
        give_evidence(acting_user=cast.petra, request=request, item_keys=[])


def test_somebody_of_the_group_that_was_asked_gives_it(cast: Cast) -> None:
    group = Party.objects.create(project=cast.project, name="Desk", kind=PartyKind.GROUP)
    GroupMember.objects.create(project=cast.project, group=group, person=cast.parties["tim"])
    request = ask_for(cast, asked_of=group)
    assert told("evidence asked") == {"tim"}
    add(cast, who="tim")
    give_evidence(acting_user=cast.tim, request=request, item_keys=["E-0001"])
    assert told("evidence given") == {"mara"}


def test_a_confidential_item_shows_in_a_request_to_those_alone_who_may_see_it(cast: Cast) -> None:
    request = ask_for(cast)
    add(cast, who="petra", classification="confidential")
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0001"])
    seen = {}
    for who in ("petra", "audra", "tim"):
        (line,) = request_lines(cast.project, access_to(cast.project, cast.people[who]), [request])
        seen[who] = (len(line.items), line.hidden)
    assert seen == {"petra": (1, 0), "audra": (1, 0), "tim": (0, 1)}


def test_my_work_has_what_is_asked_of_me_and_what_waits_for_my_word(cast: Cast, django_assert_num_queries) -> None:
    late = ask_for(cast, due=date(2026, 3, 10), text="Late")
    ask_for(cast, text="Later")
    add(cast, who="petra")
    give_evidence(acting_user=cast.petra, request=ask_for(cast, text="Given"), item_keys=["E-0001"])
    with clock.moved_to(NOW + timedelta(days=10)):
        projects = work_projects(cast.petra)
        with django_assert_num_queries(1):
            asked = my_requests(cast.petra, projects).asked
        assert [(line.request.text, line.days_late) for line in asked] == [("Late", 2), ("Later", None)]
        assert my_requests(cast.tim, work_projects(cast.tim)).asked == ()
        mine = my_requests(cast.mara, work_projects(cast.mara))
        assert [line.request.text for line in mine.given] == ["Given"]
        settle_request(acting_user=cast.mara, request=late, version=1, state="cancelled")
        assert len(my_requests(cast.petra, projects).asked) == 1


# --- mail -----------------------------------------------------------------------------------------------------


def mailed() -> list[tuple[str, str]]:
    """What goes out now: to whom, by first name, and its subject."""
    note_occasions()
    mail.outbox.clear()
    deliver_due_mail()
    return [(each.to[0].partition("@")[0], str(each.subject)) for each in mail.outbox]


def test_each_step_is_mailed_to_whom_it_concerns(cast: Cast) -> None:
    request = ask_for(cast)
    ((who, subject),) = mailed()
    assert (who, subject.endswith("Evidence asked: Ten change records")) == ("petra", True)
    assert "Mara Moss asks you for evidence by Fri 20 Mar 2026." in mail.outbox[0].body
    assert "/projects/alder/evidence/requests/Q-0001/" in mail.outbox[0].body
    add(cast, who="petra")
    add(cast, PDF + b"%2", who="petra")
    for key in ("E-0001", "E-0002"):
        give_evidence(acting_user=cast.petra, request=request, item_keys=[key])
    ((who, subject),) = mailed()
    assert (who, subject.endswith("Evidence given: Ten change records")) == ("mara", True)
    settle_request(acting_user=cast.mara, request=request, version=3, state="sent back", words="Only nine")
    ((who, subject),) = mailed()
    assert (who, subject.endswith("Sent back: Ten change records")) == ("petra", True)
    assert "Only nine" in mail.outbox[0].body


def test_what_was_taken_back_before_the_mail_went_is_not_mailed_as_asked(cast: Cast) -> None:
    settle_request(acting_user=cast.mara, request=ask_for(cast), version=1, state="cancelled")
    assert mailed() == []


def test_who_asked_and_left_is_not_told_but_the_managers_are(cast: Cast) -> None:
    request = ask_for(cast)
    EvidenceRequest.objects.update(asked_by=cast.tim)
    add(cast, who="petra")
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0001"])
    assert told("evidence given") == {"mara"}


def told_at(*instants: datetime) -> list[tuple[str, str]]:
    """What the hourly look tells at these instants: kind and key."""
    for instant in instants:
        with clock.moved_to(instant):
            note_evidence_reminders()
    return list(Notice.objects.order_by("pk").values_list("kind", "key"))


def test_a_request_is_told_seven_days_and_one_day_before_and_once_when_overdue(cast: Cast) -> None:
    pk = ask_for(cast).pk
    days = [datetime(2026, 3, day, hour, tzinfo=ZoneInfo("UTC")) for day in range(10, 26) for hour in (0, 12)]
    assert told_at(*days) == [
        ("evidence due", f"7 request {pk} 2026-03-20"),
        ("evidence due", f"1 request {pk} 2026-03-20"),
        ("evidence overdue", f"request {pk} 2026-03-20"),
    ]


def test_the_owner_is_reminded_thirty_days_before_an_item_expires_and_when_it_has(cast: Cast) -> None:
    item = add(cast, owner=cast.parties["petra"], valid_until=date(2026, 5, 1), title="Policy")
    days = [NOW + timedelta(days=day) for day in range(80)]
    assert told_at(*days) == [
        ("evidence expires", f"expires item {item.pk} 2026-05-01"),
        ("evidence expires", f"expired item {item.pk} 2026-05-01"),
    ]
    assert told("evidence expires") == {"petra"}


def test_the_mail_about_freshness_says_what_is_true_when_it_goes(cast: Cast) -> None:
    add(cast, owner=cast.parties["petra"], valid_until=date(2026, 3, 20), title="Policy")
    add(cast, PDF + b"%2", owner=cast.parties["petra"], valid_until=date(2026, 3, 21), title="Withdrawn")
    note_evidence_reminders()
    withdraw_item(acting_user=cast.mara, project=cast.project, key="E-0002", version=1, why="Old")
    with clock.moved_to(datetime(2026, 3, 9, 8, tzinfo=ZoneInfo("UTC"))):
        ((who, subject),) = mailed()
    assert (who, subject.endswith("Expires soon: E-0001 Policy")) == ("petra", True)
    assert "It is valid until Fri 20 Mar 2026." in mail.outbox[0].body


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(st.integers(-3, 60), min_size=5, max_size=30),
    zone=st.sampled_from(["UTC", "Europe/Vienna", "America/New_York"]),
)
def test_whatever_the_clock_does_nothing_is_told_twice(cast: Cast, zone: str, hours: list[int]) -> None:
    cast.project.time_zone = zone
    cast.project.save(update_fields=["time_zone"])
    # Over the end of summer time in Vienna, and in New York a week later.
    instant = datetime(2026, 10, 22, 4, tzinfo=ZoneInfo("UTC"))
    Notice.objects.all().delete()
    item = add(cast, owner=cast.parties["petra"], valid_until=date(2026, 10, 25), title="Policy")
    days = set()
    for step in hours:
        instant += timedelta(hours=step)
        told_at(instant)
        days.add(clock.day_of(instant, zone))
    keys = list(Notice.objects.filter(subject=item.pk, kind="evidence expires").values_list("key", flat=True))
    expected = [f"expires item {item.pk} 2026-10-25"]
    if max(days) > date(2026, 10, 25):
        expected.append(f"expired item {item.pk} 2026-10-25")
    assert sorted(keys) == sorted(expected)
