"""What management commands share."""

from datetime import date

import pytest
from django.core.management import CommandError

from audittrail import context
from common.exceptions import NotPermitted
from projects.commands import acting_user_of, command_act, day_of, project_of
from tests.cast import Cast


def test_without_a_mail_address_the_application_itself_acts(db) -> None:
    assert acting_user_of("") is None
    assert acting_user_of(None) is None


def test_it_finds_a_user_however_the_address_is_spelled(cast: Cast) -> None:
    assert acting_user_of("Mara@Alder.Example") == cast.mara


def test_somebody_who_may_no_longer_sign_in_cannot_act(cast: Cast) -> None:
    cast.tim.is_active = False
    cast.tim.save()
    with pytest.raises(CommandError, match="tim@alder"):
        acting_user_of("tim@alder.example")


def test_a_user_finds_only_projects_that_they_can_see(cast: Cast) -> None:
    assert project_of("birch", None) == cast.other
    with pytest.raises(CommandError, match="no project 'birch'"):
        project_of("birch", cast.mara)


def test_it_reads_a_day_in_one_spelling_only() -> None:
    assert day_of("--start", "2026-09-01") == date(2026, 9, 1)
    for wrong in ("2026-9-1", "20260901", "1 Sep 2026", "2026-02-30"):
        with pytest.raises(CommandError, match="--start"):
            day_of("--start", wrong)


def test_an_act_comes_in_by_command_and_a_refusal_ends_it() -> None:
    seen = []

    def act() -> None:
        with command_act():
            seen.append(context.current().via)
            raise NotPermitted("Not you.")

    with pytest.raises(CommandError, match="Not you"):
        act()
    assert seen == ["command"]
