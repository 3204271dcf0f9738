"""The register of interfaces: taking our model over, making it one's own, agreeing, and the three views of it."""

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.charts.hand_overs import HandOver, hand_overs
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.models import Interface
from documents.registers_library import model_interfaces
from documents.selectors.interfaces import InterfaceQuery, interfaces_of, matrix_of
from documents.services.interfaces import (
    InterfaceFacts,
    add_interface,
    agree_on,
    change_interface,
    settle_interface,
    take_interfaces,
)
from phases.selectors.catalogue import texts_for
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/documents/interfaces/"
FACTS = InterfaceFacts("IN", "CH", "Requests for change that a repair needs", "The same day")


def add(cast: Cast, who: str = "petra", facts: InterfaceFacts = FACTS) -> Interface:
    return add_interface(acting_user=cast.people[who], project=cast.project, facts=facts)


def change(cast: Cast, row: Interface, what: str, version: int | None = None) -> Interface:
    facts = InterfaceFacts(row.giver, row.receiver, what, row.when)
    return change_interface(
        acting_user=cast.tim, project=cast.project, key=row.key, version=version or row.version, facts=facts
    )


def settle(cast: Cast, row: Interface, state: str, why: str = "") -> Interface:
    return settle_interface(
        acting_user=cast.petra, project=cast.project, key=row.key, version=row.version, state=state, why=why
    )


def said(cast: Cast) -> str:
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).latest("seq")).text


def test_every_line_of_our_model_lies_between_two_processes_of_the_catalogue(cast: Cast) -> None:
    components = texts_for(cast.project).components
    lines = model_interfaces()
    assert len({each.key for each in lines}) == len(lines) >= 100
    assert {each.giver for each in lines} | {each.receiver for each in lines} <= set(components)
    assert all(each.giver != each.receiver and each.what and each.when for each in lines)


def test_the_model_is_taken_over_once_and_what_is_there_stays(cast: Cast) -> None:
    count = len(model_interfaces())
    assert take_interfaces(acting_user=cast.mara, project=cast.project) == count
    assert said(cast) == f"Mara Moss took {count} interfaces over from our model"
    row = Interface.objects.get(project=cast.project, key="X-001")
    settle(cast, row, "dropped", "Nobody here does this.")
    assert take_interfaces(acting_user=cast.mara, project=cast.project) == 0
    assert Interface.objects.get(pk=row.pk).state == "dropped"
    with pytest.raises(NotPermitted):
        take_interfaces(acting_user=cast.petra, project=cast.project)


def test_what_is_agreed_is_open_again_once_it_says_something_else(cast: Cast) -> None:
    row = settle(cast, add(cast), "agreed")
    assert (
        said(cast)
        == "Petra Pohl noted that the interface X-001 IN to CH: Requests for change that a repair needs is agreed"
    )
    assert change(cast, row, row.what).state == "agreed"
    assert change(cast, row, "Requests for change, with the incident they come from").state == "open"


def test_a_line_is_dropped_only_with_a_reason_and_a_stale_one_not_changed(cast: Cast) -> None:
    row = add(cast)
    with pytest.raises(RuleBroken, match="Say why"):
        settle(cast, row, "dropped")
    change(cast, row, "Something new")
    with pytest.raises(StaleWrite) as caught:
        change(cast, row, "Something else", version=1)
    assert caught.value.current == {"What": "Something new"}
    with pytest.raises(NotPermitted):
        add(cast, "audra")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (InterfaceFacts("IN", "IN", "x"), "receiver"),
        (InterfaceFacts("ZZ", "IN", "x"), "giver"),
        (InterfaceFacts("IN", "CH", "  "), "what"),
        (InterfaceFacts("IN", "CH", "x" * 301), "what"),
    ],
)
def test_a_line_that_says_nothing_is_refused(cast: Cast, facts: InterfaceFacts, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        add(cast, facts=facts)
    assert caught.value.field == field


def test_many_are_agreed_at_once_or_none(cast: Cast) -> None:
    first, second = add(cast), add(cast, facts=InterfaceFacts("CH", "RE", "Approved changes"))
    settle(cast, second, "agreed")
    with pytest.raises(StaleWrite):
        agree_on(acting_user=cast.petra, project=cast.project, lines=[(first.key, 1), (second.key, 1)])
    assert Interface.objects.get(pk=first.pk).state == "open"
    assert agree_on(acting_user=cast.petra, project=cast.project, lines=[(first.key, 1), (second.key, 2)]) == 1


def test_the_list_is_filtered_and_the_matrix_counts_from_and_to(cast: Cast) -> None:
    for giver, receiver, what in (("IN", "CH", "a"), ("IN", "CH", "b"), ("CH", "RE", "c")):
        add(cast, facts=InterfaceFacts(giver, receiver, what))
    settle(cast, Interface.objects.get(what="a"), "agreed")
    rows = interfaces_of(cast.project)
    codes, lines = matrix_of(cast.project, rows)
    assert set(codes) == {"IN", "CH", "RE"}
    cells = {line.code: {code: (count, still) for code, count, still in line.cells} for line in lines}
    assert cells["IN"]["CH"] == (2, 1)
    assert cells["CH"]["IN"] == (0, 0)
    assert [row.what for row in interfaces_of(cast.project, InterfaceQuery(process="RE"))] == ["c"]
    assert [row.what for row in interfaces_of(cast.project, InterfaceQuery(text="B", state="open"))] == ["b"]


def test_the_picture_stays_readable_with_twenty_lines_and_says_all_in_its_table() -> None:
    gets = [HandOver(f"Process {place // 3}", f"Thing {place} " * 6, "monthly", place % 2 == 0) for place in range(20)]
    chart = hand_overs("Incidents & requests", gets, gets[:2], title="What it gets and gives")
    assert len(chart.table.rows) == 22
    assert chart.svg.count("<circle") == 22
    assert "Incidents &amp;" in chart.svg
    assert "<title>What it gets and gives</title>" in chart.svg
    heights = [float(part.split('"')[0]) for part in chart.svg.split(' y="')[1:]]
    assert all(0 <= height <= float(chart.svg.split("viewBox")[1].split()[3].rstrip('">')) for height in heights)


def test_the_pages_begin_with_our_model_and_end_in_a_file(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    client = sign_in(cast.mara)
    assert b"Take our model over" in client.get(PAGE).content
    assert client.post(f"{PAGE}take/")["Location"] == PAGE
    with django_assert_max_num_queries(15):
        page = client.get(PAGE).content.decode()
    count = len(model_interfaces())
    assert f"{count} lines wait for both sides to agree." in page
    assert client.post(f"{PAGE}agree/", {"line": ["X-001.1", "X-002.1"]}).status_code == 302
    assert client.post(f"{PAGE}agree/", {"line": ["X-003.7"]}).status_code == 409
    assert client.post(f"{PAGE}agree/").status_code == 422
    assert f"2 of {count} are agreed." in client.get(f"{PAGE}matrix/").content.decode()
    assert "<title>What Incidents" in client.get(f"{PAGE}process/?process=IN").content.decode()
    text = client.get(f"{PAGE}export/?state=agreed&format=csv").content.decode()
    assert [line.split(",")[0] for line in text.splitlines()] == ["key", "X-001", "X-002"]
    assert client.get(f"{PAGE}?from=ZZ").status_code == 400


def test_a_line_is_written_on_its_page_and_a_conflict_shows_both_texts(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    form = {"giver": "IN", "receiver": "CH", "what": "Requests", "when": "", "note": ""}
    assert client.post(f"{PAGE}new/", form)["Location"] == f"{PAGE}X-001/"
    refused = client.post(f"{PAGE}new/", {**form, "receiver": "IN", "note": "Typed words"})
    assert (refused.status_code, b"Typed words" in refused.content) == (422, True)
    assert client.post(f"{PAGE}X-001/", {**form, "what": "First", "version": 1}).status_code == 302
    stale = client.post(f"{PAGE}X-001/", {**form, "what": "Second", "version": 1})
    assert stale.status_code == 409
    assert b"First" in stale.content
    assert client.post(f"{PAGE}X-001/settle/", {"state": "dropped", "version": 2}).status_code == 422
    assert (
        client.post(f"{PAGE}X-001/settle/", {"state": "dropped", "why": "Other way", "version": 2}).status_code == 302
    )
    assert b"Other way" in client.get(f"{PAGE}X-001/").content
