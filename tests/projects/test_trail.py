"""The trail page of a project, and its export."""

import csv
import json
import re
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audittrail import triggers
from audittrail.models import Event
from audittrail.services import Draft, record_events
from audittrail.verification import check_stream
from common import clock
from phases.services.rows import change_status, set_due
from projects.models import Project
from tests.cast import CANARY, NOW, Cast

URL = "/projects/alder/trail/"
READERS = ["olga", "mara", "toma", "chen", "cora", "petra", "audra"]


def entries(response) -> list[str]:
    """The sentences of the page, in its order."""
    return [entry.sentence.text for day in response.context["page"].days for entry in day.entries]


def seqs(response) -> list[int]:
    """The numbers of the events on the page."""
    return [entry.seq for day in response.context["page"].days for entry in day.entries]


@pytest.fixture
def acts(cast: Cast) -> Cast:
    """Mara blocks a row and Petra's due date moves, after the eight or so events of the beginning."""
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status="blocked",
        text="Licence is missing",
    )
    set_due(acting_user=cast.olga, project=cast.project, targets=[cast.target("IN.b", 2)], due=date(2026, 9, 1))
    return cast


@pytest.mark.parametrize("who", READERS)
def test_it_shows_the_newest_event_first_to_who_may_read_it(acts: Cast, sign_in, who: str) -> None:
    response = sign_in(acts.people[who]).get(URL)
    assert response.status_code == 200
    said = entries(response)
    assert said[0].startswith("Olga Alder moved the due date of IN.b in phase 2 from ")
    assert said[1] == "Mara Moss set CH.i in phase 2 from not started to blocked"
    assert said[-1] == "system started the project Alder SMS with 479 phase activities"
    assert seqs(response) == sorted(seqs(response), reverse=True)


def test_a_team_member_may_not_read_it(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}export/").status_code == 403


def test_another_clients_trail_is_not_there(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).get("/projects/birch/trail/").status_code == 404
    assert sign_in(cast.bruno).get(URL).status_code == 404
    assert CANARY not in sign_in(cast.mara).get(URL).content.decode()
    assert CANARY not in sign_in(cast.mara).get(f"{URL}export/").content.decode()


def test_an_event_opens_to_what_was_recorded(acts: Cast, sign_in) -> None:
    body = sign_in(acts.mara).get(f"{URL}?q=CH.i@2").content.decode()
    event = Event.objects.get(stream_id=acts.project.uuid, key="CH.i@2")
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
    assert "status not started blocked" in plain
    assert "Reason Licence is missing" in plain
    assert "Came by command" in plain
    assert event.content["correlation_id"] in plain
    for proof in (event.hash, event.prev_hash, event.payload_sha256):
        assert proof in plain


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=phase+activity", 2),
        ("action=reschedule", 1),
        ("q=CH.i", 1),
        ("q=licence+missing", 1),
        ("q=licence+IN.b", 0),
        ("kind=phase+activity&action=reschedule", 1),
        ("kind=phase", 0),
        ("mine=1", 1),
        ("from=2026-03-02", 2),
        ("until=2026-03-01&kind=phase+activity", 0),
        ("from=2026-03-02&until=2026-03-02&mine=1", 1),
        ("q=%25", 0),
        ("q=_x_", 0),
    ],
)
def test_filters_leave_what_fits(acts: Cast, sign_in, query: str, expected: int) -> None:
    response = sign_in(acts.mara).get(f"{URL}?{query}")
    assert response.context["page"].total == expected
    assert len(entries(response)) == expected


def test_it_filters_by_person_and_by_the_system(acts: Cast, sign_in) -> None:
    client = sign_in(acts.mara)
    assert entries(client.get(f"{URL}?person={acts.olga.pk}"))[0].startswith("Olga Alder moved")
    assert {text.split(" ")[0] for text in entries(client.get(f"{URL}?person=system"))} == {"system"}


def test_filters_offer_only_what_stands_in_this_trail(acts: Cast, sign_in) -> None:
    choices = sign_in(acts.mara).get(URL).context["choices"]
    assert [person.label for person in choices.people] == ["Mara Moss", "Olga Alder", "The system"]
    assert "Phase activity" in [kind.label for kind in choices.kinds]
    assert "Change status" in [action.label for action in choices.actions]


def test_days_are_those_of_the_project(acts: Cast, sign_in) -> None:
    Project.objects.filter(pk=acts.project.pk).update(time_zone="Pacific/Kiritimati")
    with clock.moved_to(NOW.replace(hour=11)):
        set_due(acting_user=acts.mara, project=acts.project, targets=[acts.target("CH.i", 2)], due=date(2026, 9, 1))
    client = sign_in(acts.mara)
    assert client.get(f"{URL}?from=2026-03-03").context["page"].total == 1
    assert client.get(f"{URL}?from=2026-03-02&until=2026-03-02").context["page"].total == 2


def test_days_in_the_wrong_order_are_said_and_nothing_typed_is_lost(acts: Cast, sign_in) -> None:
    response = sign_in(acts.mara).get(f"{URL}?from=2026-03-02&until=2026-03-01&q=CH.i")
    body = response.content.decode()
    assert "The last day lies before the first" in body
    assert 'value="2026-03-02"' in body
    assert 'value="2026-03-01"' in body
    assert 'value="CH.i"' in body
    assert entries(response) == []


@pytest.mark.parametrize(
    "query",
    [
        "person=abc",
        "person=999999",
        "person=1;drop",
        "mine=yes",
        "from=2026-02-31",
        "until=yesterday",
        "before=-1",
        "before=x",
        "before=2&after=1",
        "page=2",
        "kind=a&kind=b",
        "actor__email=x",
        "q=" + "x" * 201,
    ],
)
def test_it_refuses_an_address_that_no_page_writes(cast: Cast, sign_in, query: str) -> None:
    client = sign_in(cast.mara)
    assert client.get(f"{URL}?{query}").status_code == 400
    assert client.get(f"{URL}export/?{query}").status_code == 400


def test_another_projects_people_are_no_choice(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).get(f"{URL}?person={cast.bruno.pk}").status_code == 400


@pytest.fixture
def long_trail(cast: Cast) -> Cast:
    """120 events more."""
    record_events(
        stream_id=cast.project.uuid,
        acting_user=cast.mara,
        drafts=[Draft("change", "thing", f"T{number}", "", {"size": [0, number]}) for number in range(120)],
    )
    return cast


def test_pages_go_by_sequence_and_lead_on_and_back(long_trail: Cast, sign_in) -> None:
    client = sign_in(long_trail.mara)
    first = client.get(f"{URL}?kind=thing")
    page = first.context["page"]
    assert (page.count, page.total, page.newer) == (50, 120, None)
    second = client.get(f"{URL}?kind=thing&before={page.older}")
    third = client.get(f"{URL}?kind=thing&before={second.context['page'].older}")
    assert len(seqs(third)) == 20
    assert third.context["page"].older is None
    assert seqs(first) + seqs(second) + seqs(third) == sorted({*seqs(first), *seqs(second), *seqs(third)}, reverse=True)
    assert seqs(client.get(f"{URL}?kind=thing&after={third.context['page'].newer}")) == seqs(second)
    back = client.get(f"{URL}?kind=thing&after={second.context['page'].newer}")
    assert seqs(back) == seqs(first)
    assert back.context["page"].newer is None
    assert f"kind=thing&amp;before={page.older}" in first.content.decode()


def test_a_page_behind_the_end_is_empty_and_says_the_way_back(cast: Cast, sign_in) -> None:
    response = sign_in(cast.mara).get(f"{URL}?before=1")
    assert entries(response) == []
    assert "Show all events" in response.content.decode()


def test_it_takes_as_many_queries_for_many_events_as_for_few(acts: Cast, sign_in) -> None:
    client, cast = sign_in(acts.mara), acts
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for user in (cast.mara, cast.petra, cast.toma):
        record_events(
            stream_id=cast.project.uuid,
            acting_user=user,
            drafts=[Draft("change", "thing", f"T{number}") for number in range(100)],
        )
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(few) == len(many) <= 15


def test_content_that_was_disposed_of_is_said(acts: Cast, sign_in) -> None:
    with triggers.lifted(connection):
        Event.objects.filter(stream_id=acts.project.uuid, key="CH.i@2").update(payload=None)
    response = sign_in(acts.mara).get(f"{URL}?kind=phase+activity")
    assert "Mara Moss acted on CH.i in phase 2; what was recorded has been disposed of" in entries(response)
    assert "Its place in the chain still holds" in response.content.decode()
    assert "Licence" not in response.content.decode()


def test_it_says_how_to_check_the_chain_and_when_that_was_done(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "It has not been checked yet." in client.get(URL).content.decode()
    chain = client.get(URL).context["chain"]
    stream = Event.objects.filter(stream_id=cast.project.uuid).latest("seq").stream
    assert list(check_stream(stream)) == []
    body = client.get(URL).content.decode()
    assert f"It was last found whole on 2 Mar 2026 09:00, up to event {chain.head_seq}." in body
    assert chain.head_hash in body


def test_texts_of_people_are_escaped(cast: Cast, sign_in) -> None:
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status="blocked",
        text="<script>alert(1)</script> {{ 7|add:7 }}",
    )
    body = sign_in(cast.mara).get(URL).content.decode()
    assert "<script>alert" not in body
    assert "{{ 7|add:7 }}" in body


def exported(response) -> list[dict[str, str]]:
    """The rows of the CSV."""
    return list(csv.DictReader(StringIO(response.content.decode())))


def test_the_export_holds_what_the_filters_leave_on_all_pages(long_trail: Cast, sign_in) -> None:
    response = sign_in(long_trail.audra).get(f"{URL}export/?kind=thing")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="trail-alder-2026-03-02.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert len(exported(response)) == 120


def test_a_row_of_the_export_says_all_that_the_page_says(acts: Cast, sign_in) -> None:
    (row,) = exported(sign_in(acts.mara).get(f"{URL}export/?q=CH.i@2"))
    event = Event.objects.get(stream_id=acts.project.uuid, key="CH.i@2")
    assert row == {
        "seq": str(event.seq),
        "at": NOW.isoformat(),
        "actor": "Mara Moss",
        "via": "command",
        "action": "change status",
        "kind": "phase activity",
        "key": "CH.i@2",
        "sentence": "Mara Moss set CH.i in phase 2 from not started to blocked",
        "changes": json.dumps({"status": ["not started", "blocked"]}),
        "reason": "Licence is missing",
        "correlation_id": event.content["correlation_id"],
        "payload_sha256": event.payload_sha256,
        "hash": event.hash,
    }


def test_the_export_runs_no_formula(cast: Cast, sign_in) -> None:
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status="blocked",
        text='=HYPERLINK("//evil")',
    )
    (row,) = exported(sign_in(cast.mara).get(f"{URL}export/?q=CH.i@2"))
    assert row["reason"] == '\'=HYPERLINK("//evil")'


def test_it_can_only_be_read(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(URL).status_code == 405
