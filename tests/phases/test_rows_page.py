"""Changing one row: in place, on a page of its own, and what happens when it cannot be."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.services.comments import add_comment
from phases.models import PhaseActivity
from projects.models import Party
from tests.cast import Cast

BOARD = "/projects/alder/phases/1/"


@pytest.fixture
def mara(cast: Cast, sign_in) -> Client:
    return sign_in(cast.mara)


def url(cast: Cast, what: str = "", ref: str = "CH.d") -> str:
    return f"/projects/alder/rows/{cast.row(ref).pk}/{what}"


def htmx(question: str = "", number: int = 1) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver/projects/alder/phases/{number}/{question}"}


def put(cast: Cast, ref: str = "CH.d", **values: object) -> int:
    """Change a row behind the pages' back; its version stays. Returns the version."""
    PhaseActivity.objects.filter(pk=cast.row(ref).pk).update(**values)
    return cast.row(ref).version


# --- what can be changed ---------------------------------------------------------------------------------------


def test_the_status_menu_offers_steps_and_says_why_others_are_refused(cast: Cast, mara: Client) -> None:
    menu = mara.get(url(cast, "?part=status"), headers=htmx()).content.decode()
    assert "data-float" in menu
    assert 'value="in progress" data-menu-key="2"' in menu
    assert "?part=status&amp;to=blocked" in menu
    assert "Set it in progress first: done follows work that somebody began." in menu
    assert "<html" not in menu


def test_the_menu_tells_an_owner_whose_row_it_is(cast: Cast, sign_in) -> None:
    menu = sign_in(cast.tim).get(url(cast, "?part=status"), headers=htmx()).content.decode()
    assert "another&#x27;s" in menu
    assert 'data-menu-key="2"' not in menu


def test_blocking_asks_for_the_reason_first(cast: Cast, mara: Client) -> None:
    form = mara.get(url(cast, "?part=status&to=blocked"), headers=htmx()).content.decode()
    assert "What is missing, and from whom?" in form
    assert 'name="status" value="blocked"' in form


def test_reporting_what_goes_on_asks_since_when(cast: Cast, mara: Client) -> None:
    put(cast, "CH.i", status="in progress")
    form = mara.get(url(cast, "?part=status&to=done", "CH.i"), headers=htmx()).content.decode()
    assert 'name="operating_since"' in form


def test_the_party_menu_lists_active_parties_and_the_role_named(cast: Cast, mara: Client) -> None:
    Party.objects.filter(pk=cast.parties["cora"].pk).update(is_active=False)
    menu = mara.get(url(cast, "?part=party"), headers=htmx()).content.decode()
    assert "Tim Tully" in menu
    assert "Cora Cole" not in menu
    assert "Role named" in menu


def test_without_script_the_same_link_leads_to_a_page_with_the_forms(cast: Cast, mara: Client) -> None:
    page = mara.get(url(cast)).content.decode()
    assert "<html" in page
    for part in ("status", "party", "due"):
        assert f'action="{url(cast, part + "/")}"' in page


def test_a_row_opened_by_htmx_fills_the_drawer_and_the_address(cast: Cast, mara: Client) -> None:
    answer = mara.get(url(cast), headers=htmx("?component=CH"))
    assert "data-drawer-title" in answer.content.decode()
    assert "2 of 5" in answer.content.decode()
    assert answer["HX-Replace-Url"] == f"{BOARD}?component=CH&open=CH.d"


@pytest.mark.parametrize(
    "question", ["part=colour", "to=finished", "colour=red", "part=status&part=due", "next=//evil.example"]
)
def test_a_question_it_cannot_read_is_400(cast: Cast, mara: Client, question: str) -> None:
    assert mara.get(url(cast, f"?{question}")).status_code == 400


@pytest.mark.parametrize("who", ["bruno", "nina"])
def test_the_row_does_not_exist_for_others(cast: Cast, sign_in, who: str) -> None:
    client = sign_in(cast.people[who])
    assert client.get(url(cast)).status_code == 404
    assert client.post(url(cast, "status/"), {"version": 1, "status": "in progress"}).status_code == 404
    foreign = PhaseActivity.objects.filter(project=cast.other).first()
    assert foreign is not None
    assert sign_in(cast.mara).get(f"/projects/alder/rows/{foreign.pk}/").status_code == 404


# --- a change that goes through --------------------------------------------------------------------------------


def test_a_status_set_in_place_answers_with_the_row_and_the_counts(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "status/"), {"version": 1, "status": "in progress"}, headers=htmx("?component=CH"))
    page = answer.content.decode()
    row = cast.row("CH.d")
    assert (row.status, row.version) == ("in progress", 2)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == (f"#r{row.pk}", "outerHTML")
    assert f'id="r{row.pk}" data-row class="is-saved"' in page
    assert f'value="{row.pk}:2"' in page
    assert 'id="group-CH" hx-swap-oob="true"' in page
    assert 'id="board-figures" hx-swap-oob="true"' in page
    assert 'id="said"' in page


def test_one_change_of_status_takes_at_most_fifteen_queries(cast: Cast, sign_in) -> None:
    for who, ref in (("mara", "CH.d"), ("tim", "CH.b")):
        put(cast, ref, accountable=cast.parties["tim"])
        client = sign_in(cast.people[who])
        client.get(BOARD)
        for headers in (htmx(), {}):
            version = cast.row(ref).version
            status = "in progress" if version == 1 else "done"
            address = url(cast, "status/", ref)
            with CaptureQueriesContext(connection) as counted:
                answer = client.post(address, {"version": version, "status": status}, headers=headers)
            assert answer.status_code in (200, 303)
            # What only a transaction inside a transaction says is no part of the budget.
            said = [query for query in counted.captured_queries if "SAVEPOINT" not in query["sql"]]
            assert len(said) <= 15


def test_without_script_it_goes_back_to_where_it_came_from(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "status/"), {"version": 1, "status": "in progress", "next": f"{BOARD}?component=CH"})
    assert (answer.status_code, answer["Location"]) == (303, f"{BOARD}?component=CH#r{cast.row('CH.d').pk}")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "https://evil.example/",
        "/projects/birch/",
        "/projects/alder",
        "javascript:alert(1)",
        "/\\evil",
    ],
)
def test_it_never_goes_to_another_place(cast: Cast, mara: Client, elsewhere: str) -> None:
    answer = mara.post(url(cast, "due/"), {"version": 1, "due": "2026-05-04", "next": elsewhere})
    assert answer["Location"] == f"{BOARD}#r{cast.row('CH.d').pk}"


def test_a_party_is_given_and_taken_away(cast: Cast, mara: Client) -> None:
    mara.post(url(cast, "party/"), {"version": 1, "party": cast.parties["tim"].pk}, headers=htmx())
    assert cast.row("CH.d").accountable == cast.parties["tim"]
    mara.post(url(cast, "party/"), {"version": 2, "party": ""}, headers=htmx())
    assert cast.row("CH.d").accountable is None


def test_a_change_that_moves_the_row_under_another_heading_reloads_the_board(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "status/"), {"version": 1, "status": "in progress"}, headers=htmx("?group=status"))
    assert answer["HX-Refresh"] == "true"


def test_a_change_made_in_the_drawer_refreshes_the_drawer_and_the_row(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "status/"), {"version": 1, "status": "in progress", "where": "drawer"}, headers=htmx())
    page = answer.content.decode()
    assert answer["HX-Retarget"] == "#drawer"
    assert "data-drawer-title" in page
    assert f'<tr id="r{cast.row("CH.d").pk}"' in page


# --- a change that is refused ----------------------------------------------------------------------------------


def test_two_people_on_one_row_the_later_one_sees_both_and_keeps_what_they_typed(cast: Cast, mara: Client) -> None:
    put(cast, status="in progress", version=2)
    sent = {"version": 1, "status": "blocked", "text": "No licence for the tool"}
    for headers in (htmx(), {}):
        answer = mara.post(url(cast, "status/"), sent, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Changed meanwhile" in page
        assert "In progress" in page
        assert page.count("No licence for the tool") >= 2
        assert 'name="version" value="2"' in page
        assert "Take mine" in page
        assert "Keep theirs" in page
    assert cast.row("CH.d").status == "in progress"


def test_taking_mine_over_theirs_is_one_press(cast: Cast, mara: Client) -> None:
    put(cast, status="in progress", version=2)
    mara.post(url(cast, "status/"), {"version": 2, "status": "blocked", "text": "No licence"}, headers=htmx())
    assert (cast.row("CH.d").status, cast.row("CH.d").reason) == ("blocked", "No licence")


def test_keeping_theirs_shows_the_row_as_it_is(cast: Cast, mara: Client) -> None:
    put(cast, status="in progress", version=2)
    answer = mara.get(url(cast, "?part=row"), headers=htmx())
    assert answer["HX-Retarget"] == f"#r{cast.row('CH.d').pk}"
    assert ":2" in answer.content.decode()
    plain = mara.get(url(cast, "?part=row"))
    assert plain["Location"] == f"{BOARD}#r{cast.row('CH.d').pk}"


def test_a_double_click_is_told_that_it_is_so_already(cast: Cast, mara: Client) -> None:
    sent = {"version": 1, "status": "in progress"}
    assert mara.post(url(cast, "status/"), sent, headers=htmx()).status_code == 200
    again = mara.post(url(cast, "status/"), sent, headers=htmx())
    assert again.status_code == 409
    assert "CH.d stands as you wanted it" in again.content.decode()
    assert cast.row("CH.d").version == 2


@pytest.mark.parametrize("part", ["party", "due"])
def test_stale_parties_and_dates_are_409_too(cast: Cast, mara: Client, part: str) -> None:
    put(cast, version=2)
    sent = {"version": 1, "party": cast.parties["tim"].pk, "due": "2026-05-04"}
    answer = mara.post(url(cast, f"{part}/"), sent, headers=htmx())
    assert answer.status_code == 409
    assert ("Tim Tully" if part == "party" else "2026-05-04") in answer.content.decode()


def test_a_step_that_is_not_in_the_table_is_422_with_the_reason(cast: Cast, mara: Client) -> None:
    for headers in (htmx(), {}):
        answer = mara.post(url(cast, "status/"), {"version": 1, "status": "verified"}, headers=headers)
        assert answer.status_code == 422
        assert "Only what is done can be verified." in answer.content.decode()


def test_a_missing_reason_is_said_at_the_field(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "status/"), {"version": 1, "status": "blocked", "text": " "}, headers=htmx())
    assert answer.status_code == 422
    assert 'id="id_text_error"' in answer.content.decode()


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "04.05.2026", "2025-01-01", "2099-01-01"])
def test_a_due_date_that_cannot_be_is_said_at_the_field_and_kept(cast: Cast, mara: Client, day: str) -> None:
    for headers in (htmx(), {}):
        answer = mara.post(url(cast, "due/"), {"version": 1, "due": day}, headers=headers)
        assert answer.status_code == 422
        assert 'id="id_due_error"' in answer.content.decode()
        assert f'value="{day}"' in answer.content.decode()


def test_an_operation_from_tomorrow_is_said_at_the_field(cast: Cast, mara: Client) -> None:
    put(cast, "CH.i", status="in progress")
    sent = {"version": 1, "status": "done", "operating_since": "2026-03-03"}
    answer = mara.post(url(cast, "status/", "CH.i"), sent, headers=htmx())
    assert answer.status_code == 422
    assert "It cannot operate since a day that has not come yet." in answer.content.decode()
    assert 'value="2026-03-03"' in answer.content.decode()


def test_a_party_of_another_client_is_refused_like_an_unknown_one(cast: Cast, mara: Client) -> None:
    foreign = Party.objects.filter(project=cast.other).first()
    assert foreign is not None
    answers = [
        mara.post(url(cast, "party/"), {"version": 1, "party": pk}, headers=htmx()) for pk in (foreign.pk, 999_999)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Choose a party of this project." in answer.content.decode() for answer in answers)


def test_a_write_without_its_version_is_428(cast: Cast, mara: Client) -> None:
    assert mara.post(url(cast, "status/"), {"status": "in progress"}).status_code == 428
    assert mara.post(url(cast, "due/"), {"version": "new", "due": "2026-05-04"}, headers=htmx()).status_code == 428


@pytest.mark.parametrize(
    ("who", "part", "status"),
    [
        ("petra", "party", 403),
        ("tim", "due", 403),
        ("audra", "status", 403),
        ("audra", "note", 403),
        ("tim", "status", 422),
    ],
)
def test_rights_hold_whatever_the_page_offers(cast: Cast, sign_in, who: str, part: str, status: int) -> None:
    sent = {"version": 1, "status": "in progress", "party": "", "due": "", "note": "x"}
    assert sign_in(cast.people[who]).post(url(cast, f"{part}/"), sent).status_code == status
    assert cast.row("CH.d").version == 1


# --- notes -----------------------------------------------------------------------------------------------------


def test_a_note_is_saved_and_leads_back_to_the_activity(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "note/"), {"version": 1, "note": "One\r\nTwo"})
    assert (answer.status_code, answer["Location"]) == (303, "/projects/alder/activities/CH.d/")
    assert cast.row("CH.d").note == "One\nTwo"


def test_a_stale_note_comes_back_with_both_texts_and_the_new_version(cast: Cast, mara: Client) -> None:
    put(cast, note="Theirs stands", version=2)
    answer = mara.post(url(cast, "note/"), {"version": 1, "note": "Mine is typed"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs stands" in page
    assert "Mine is typed</textarea>" in page.replace("\n", "")
    assert 'name="version" value="2"' in page


def test_a_note_that_is_too_long_is_kept(cast: Cast, mara: Client) -> None:
    answer = mara.post(url(cast, "note/"), {"version": 1, "note": "y" * 20_001})
    assert answer.status_code == 422
    assert "y" * 20_001 in answer.content.decode()


def test_the_drawer_shows_the_last_comments(cast: Cast, mara: Client) -> None:
    for number in range(5):
        add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.d", body=f"Remark {number}")
    page = mara.get(url(cast), headers=htmx()).content.decode()
    assert "Remark 4" in page
    assert "Remark 0" not in page
