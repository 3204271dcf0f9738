"""Two people save the same row at the same time, over HTTP: one wins, the other is shown both texts."""

import threading

import pytest

from tests.faults.browser import Browser
from tests.faults.installation import Installation

ROUNDS_IN_SHORT = 6
ROUNDS = 50


def race(where: Installation, rounds: int) -> None:
    """Let Mara and Olga save a note on the same row, `rounds` times, each from the version that both saw."""
    site = where.serve("--web-only")
    editors = [site.enter("mara"), site.enter("olga")]
    row = where.inside("rows_of_plan")[0]
    events = "SELECT count(*) FROM audittrail_event"
    before = where.inside("read", events)[0][0]
    outcomes: list[tuple[int, ...]] = []
    for number in range(rounds):
        version, _note = where.inside("note_of", row)
        said: dict[str, int] = {}
        start = threading.Barrier(len(editors))

        def save(editor: Browser, text: str, version: int = version, said: dict[str, int] = said) -> None:
            start.wait()  # noqa: B023 (all of a round end within it)
            said[text] = editor.post(f"/projects/alder/rows/{row}/note/", version=version, note=text).status

        texts = [f"round {number} of editor {place}" for place in range(len(editors))]
        threads = [threading.Thread(target=save, args=pair) for pair in zip(editors, texts, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outcomes.append(tuple(sorted(said.values())))
        winner = [text for text, status in said.items() if status == 303]
        assert [where.inside("note_of", row)] == [[version + 1, text] for text in winner]
    assert outcomes == [(303, 409)] * rounds
    assert where.inside("read", events)[0][0] == before + rounds
    where.verify()


@pytest.mark.processes
def test_of_two_editors_exactly_one_wins(installation: Installation) -> None:
    race(installation, ROUNDS_IN_SHORT)


@pytest.mark.faults
@pytest.mark.parametrize("place", ["installation", "on_postgresql"])
def test_of_two_editors_exactly_one_wins_fifty_times(place: str, request: pytest.FixtureRequest) -> None:
    race(request.getfixturevalue(place), ROUNDS)
