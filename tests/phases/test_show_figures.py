"""`manage.py show_figures`."""

import json

import pytest
from django.core.management import CommandError, call_command

from phases.models import PhaseActivity
from tests.cast import NOW, Cast


def printed(capsys, *arguments: str) -> dict:
    """What the command prints, read back."""
    call_command("show_figures", *arguments)
    return json.loads(capsys.readouterr().out)


def test_it_prints_the_figures_of_phases_one_to_three(cast: Cast, capsys) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__component="CH").update(status="done")
    said = printed(capsys, "alder", "--format", "json")
    assert {number: phase["applicable"] for number, phase in said["phases"].items()} == {"1": 76, "2": 172, "3": 223}
    assert said["phases"]["1"]["done"] == said["components"]["CH"]["1"]["done"] > 0
    assert set(said["phases"]["1"]) == {"applicable", "done", "verified", "blocked", "overdue", "unassigned"}
    assert len(said["components"]) == 21
    assert "supplement" not in said


def test_it_takes_today_as_a_day(cast: Cast, capsys) -> None:
    assert printed(capsys, "alder", "--as-of", NOW.date().isoformat()) == printed(capsys, "alder")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is no project 'nowhere'"),
        (["alder", "--as-of", "2026-02-31"], "'2026-02-31' is not a date"),
        (["alder", "--as-of", "2026-01-11"], "lies before the project: it starts on 2026-01-12"),
        (["alder", "--as-of", "2026-03-03"], "has not come yet; today is 2026-03-02"),
    ],
)
def test_it_refuses_what_it_cannot_answer(cast: Cast, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("show_figures", *arguments)


@pytest.mark.usefixtures("cast")
def test_it_writes_only_json_to_standard_output(capsys) -> None:
    assert isinstance(printed(capsys, "birch"), dict)
