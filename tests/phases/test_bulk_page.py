"""Many rows at once: all or none, with reasons, and nothing lost."""

from datetime import date

import pytest
from django.test import Client

from phases.models import PhaseActivity
from tests.cast import Cast

BULK = "/projects/alder/phases/1/bulk/"
BOARD = "/projects/alder/phases/1/"
REFS = ("CH.b", "CH.d", "CH.e")


@pytest.fixture
def mara(cast: Cast, sign_in) -> Client:
    return sign_in(cast.mara)


def ticked(cast: Cast, *refs: str) -> list[str]:
    return [f"{cast.row(ref).pk}:{cast.row(ref).version}" for ref in refs or REFS]


def test_all_ticked_rows_get_the_status_and_the_board_comes_back_as_it_was(cast: Cast, mara: Client) -> None:
    sent = {"action": "status", "status": "in progress", "row": ticked(cast), "next": f"{BOARD}?component=CH"}
    answer = mara.post(BULK, sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{BOARD}?component=CH")
    assert {cast.row(ref).status for ref in REFS} == {"in progress"}
    assert "3 activities are changed." in mara.get(BOARD).content.decode()


def test_all_ticked_rows_get_the_party_and_the_date(cast: Cast, mara: Client) -> None:
    mara.post(BULK, {"action": "party", "party": cast.parties["tim"].pk, "row": ticked(cast)})
    assert {cast.row(ref).accountable for ref in REFS} == {cast.parties["tim"]}
    mara.post(BULK, {"action": "due", "due": "2026-05-04", "row": ticked(cast)})
    assert {cast.row(ref).due for ref in REFS} == {date(2026, 5, 4)}


def test_one_forbidden_row_refuses_all_with_its_reason_and_keeps_selection_and_words(cast: Cast, mara: Client) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.d").pk).update(status="done")
    rows = ticked(cast)
    sent = {"action": "status", "status": "blocked", "text": "No licence for it", "row": rows, "next": BOARD}
    answer = mara.post(BULK, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was changed: 1 of 3 rows do not allow it." in page
    assert "Set it back in progress first if something still blocks it." in page
    for row in rows:
        assert f'value="{row}" aria-label="Select {cast_ref(cast, row)}" checked' in page
    assert sum(1 for line in page.splitlines() if 'name="row"' in line and " checked>" in line) == 3
    assert "No licence for it</textarea>" in page
    assert '<option value="blocked" selected>' in page
    assert {cast.row(ref).status for ref in ("CH.b", "CH.e")} == {"not started"}


def cast_ref(cast: Cast, row: str) -> str:
    return PhaseActivity.objects.get(pk=int(row.split(":")[0])).activity.ref


def test_a_stale_row_is_409_names_it_and_keeps_the_selection_with_what_stands_now(cast: Cast, mara: Client) -> None:
    rows = ticked(cast)
    PhaseActivity.objects.filter(pk=cast.row("CH.d").pk).update(status="in progress", version=2)
    answer = mara.post(BULK, {"action": "due", "due": "2026-05-04", "row": rows, "next": BOARD})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "now in progress, nobody&#x27;s" in page
    assert "You sent Due: 2026-05-04." in page
    assert f'value="{cast.row("CH.d").pk}:2" aria-label="Select CH.d" checked' in page
    assert 'name="due" value="2026-05-04"' in page
    assert cast.row("CH.b").due != date(2026, 5, 4)


def test_a_double_click_changes_nothing_the_second_time(cast: Cast, mara: Client) -> None:
    sent = {"action": "status", "status": "in progress", "row": ticked(cast), "next": BOARD}
    assert mara.post(BULK, sent).status_code == 303
    again = mara.post(BULK, sent)
    assert again.status_code == 409
    assert {cast.row(ref).version for ref in REFS} == {2}


def test_nothing_ticked_says_so(cast: Cast, mara: Client) -> None:
    answer = mara.post(BULK, {"action": "status", "status": "done", "next": BOARD})
    assert answer.status_code == 422
    assert "Choose at least one row." in answer.content.decode()


@pytest.mark.parametrize("day", ["2026-02-30", "2025-01-01"])
def test_a_date_that_cannot_be_is_refused_and_kept(cast: Cast, mara: Client, day: str) -> None:
    answer = mara.post(BULK, {"action": "due", "due": day, "row": ticked(cast), "next": BOARD})
    assert answer.status_code == 422
    assert f'name="due" value="{day}"' in answer.content.decode()


@pytest.mark.parametrize("row", ["", "x:1", "1", "1:2:3", "9" * 30 + ":1", "²:1"])
def test_a_row_named_as_no_page_names_it_is_400(cast: Cast, mara: Client, row: str) -> None:
    assert mara.post(BULK, {"action": "due", "due": "2026-05-04", "row": row}).status_code == 400
    assert mara.post(BULK, {"action": "paint", "row": ticked(cast)}).status_code == 400


def test_the_row_of_another_client_is_404_and_nothing_changes(cast: Cast, mara: Client) -> None:
    foreign = PhaseActivity.objects.filter(project=cast.other).first()
    assert foreign is not None
    rows = [*ticked(cast), f"{foreign.pk}:{foreign.version}"]
    answer = mara.post(BULK, {"action": "status", "status": "in progress", "row": rows})
    assert answer.status_code == 404
    assert {cast.row(ref).status for ref in REFS} == {"not started"}


def test_an_owner_changes_own_rows_together_and_not_others(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    PhaseActivity.objects.filter(pk__in=[cast.row(ref).pk for ref in REFS[:2]]).update(accountable=cast.parties["tim"])
    sent = {"action": "status", "status": "in progress", "next": BOARD}
    refused = client.post(BULK, {**sent, "row": ticked(cast)})
    assert refused.status_code == 422
    assert "another&#x27;s" in refused.content.decode()
    assert client.post(BULK, {**sent, "row": ticked(cast, *REFS[:2])}).status_code == 303
    assert client.post(BULK, {"action": "party", "party": "", "row": ticked(cast)}).status_code == 403


def test_the_auditor_changes_nothing(cast: Cast, sign_in) -> None:
    sent = {"action": "status", "status": "in progress", "row": ticked(cast)}
    assert sign_in(cast.audra).post(BULK, sent).status_code == 403


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "/projects/alder/phases/2/", "https://evil.example/projects/"]
)
def test_it_comes_back_to_its_own_board_alone(cast: Cast, mara: Client, elsewhere: str) -> None:
    sent = {"action": "due", "due": "2026-05-04", "row": ticked(cast), "next": elsewhere}
    assert mara.post(BULK, sent)["Location"] == BOARD
