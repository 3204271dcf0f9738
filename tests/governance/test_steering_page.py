"""The committee's page, and the board pack that is made of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from governance.board_pack import BOARD_PACK
from governance.board_paper import pack_html
from governance.selectors.steering import board_of
from governance.services.boards import keep_board
from jobs.models import Job
from phases.selectors.figures import contract_of, figures_of
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import CANARY, NOW, Cast
from tests.governance.rows import action, asked, decide, lesson, meeting
from tests.governance.test_steering import a_risk

pytestmark = pytest.mark.django_db
URL = "/projects/alder/governance/"


def test_the_page_shows_decisions_first_and_then_where_it_stands(cast: Cast, sign_in):
    asked(cast, "D-07", title="Release the reserve <b>", money="24,000")
    action(cast, "A-03", due=NOW.date() - timedelta(days=2))
    lesson(cast, "L-02")
    a_risk(cast, "R-01")
    page = sign_in(cast.cora).get(URL).content.decode()
    assert "One decision asked of you" in page
    assert "Release the reserve &lt;b&gt;" in page
    places = [page.index(words) for words in ("D-07", "Phases and their outcomes", "A-03", "It happened: L-02")]
    assert places == sorted(places)
    assert "Risk R-01" in page
    assert "2 d late" in page
    assert "No meeting is planned" in page
    assert CANARY not in page


def test_a_past_day_says_so_and_a_wrong_one_gets_an_answer(cast: Cast, sign_in):
    client = sign_in(cast.audra)
    with clock.moved_to(NOW + timedelta(days=3)):
        past = client.get(f"{URL}?day=2026-03-02").content.decode()
        assert "As it stood at the end of Monday, 2 March 2026" in past
        assert "Money and risks of that time were not kept" in past
        early = client.get(f"{URL}?day=2025-01-01")
    assert early.status_code == 400
    assert "The project began on 12 Jan 2026" in early.content.decode()
    assert 'value="2025-01-01"' in early.content.decode()


def test_the_number_of_queries_depends_on_no_row(cast: Cast, sign_in):
    client = sign_in(cast.mara)
    meeting(cast, "M-01", -5, state="held")
    asked(cast, "D-99")
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(4):
        asked(cast, f"D-0{number}")
        decide(asked(cast, f"D-1{number}"))
        action(cast, f"A-0{number}", owner=cast.parties["tim"])
        lesson(cast, f"L-0{number}")
        a_risk(cast, f"R-0{number}")
        meeting(cast, f"M-1{number}", number)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)
    assert len(many) <= 30


def test_the_pack_prints_the_figures_of_show_figures_for_its_day(cast: Cast):
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="All is there")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    with clock.moved_to(NOW + timedelta(days=60)):
        for day in (None, NOW.date() + timedelta(days=30)):
            counts = contract_of(figures_of(cast.project, day=day))["phases"]["1"]
            html = pack_html(cast.project, board_of(cast.project, day), made_at=clock.now())
            row = html[html.index("1 React</th><td>Active") :].partition("</tr>")[0]
            cells = [part.partition("</td>")[0] for part in row.split('<td class="n">')[2:]]
            names = ("applicable", "done", "verified", "blocked", "overdue", "unassigned")
            assert cells == [str(counts[name]) for name in names]


def test_the_pack_has_agenda_minutes_and_the_register(cast: Cast):
    meeting(cast, "M-01", -20, state="held", minutes="We *met*.")
    meeting(cast, "M-02", 4, agenda="1. Where we stand", place="Room Alster")
    decide(asked(cast, "D-01", title="Go on", kind="gate", gate_number=0), "go")
    html = pack_html(cast.project, board_of(cast.project), made_at=clock.now())
    for words in ("Where we stand</li>", "<em>met</em>", "Not approved yet", "Room Alster", "D-01", "SHA-256"):
        assert words in html


@pytest.mark.slow
def test_one_click_makes_the_pdf_and_the_command_does_too(cast: Cast, sign_in, tmp_path: Path, settings):
    client = sign_in(cast.cora)
    nonce = "8a1b6f0e-6d4c-4c55-9b46-0e2f4a1f7a11"
    first = client.post(f"{URL}board-pack/", {"nonce": nonce})
    assert client.post(f"{URL}board-pack/", {"nonce": nonce}).url == first.url
    assert Job.objects.filter(kind=BOARD_PACK).count() == 1
    target = tmp_path / "pack.pdf"
    call_command("export_board_pack", "alder", "--output", str(target), "--as-of", "2026-02-20")
    assert target.read_bytes().startswith(b"%PDF-")


def test_no_pack_is_made_of_a_day_that_has_none(cast: Cast, sign_in):
    for day, words in (("2020-01-01", "lies before the project"), ("2030-01-01", "has not come yet")):
        with pytest.raises(CommandError, match=words):
            call_command("export_board_pack", "alder", "--output", "x.pdf", "--as-of", day)
    answer = sign_in(cast.mara).post(f"{URL}board-pack/", {"day": "2030-01-01"})
    assert answer.status_code == 400
    with pytest.raises(CommandError, match="no project"):
        call_command("export_board_pack", "nowhere", "--output", "x.pdf")


def test_a_pack_of_a_kept_day_says_nothing_of_other_days(cast: Cast):
    keep_board(project=cast.project)
    with clock.moved_to(NOW + timedelta(days=2)):
        board = board_of(cast.project, NOW.date())
        html = pack_html(cast.project, board, made_at=clock.now())
    assert "Figures of 2 March 2026" in html
    assert "were not kept" not in html
