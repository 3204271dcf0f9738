"""The page on which a plan moves to a newer version of its catalogue."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from phases.choices import Status
from phases.models import Catalogue, PhaseActivity, ProjectActivity
from phases.services.rows import change_status
from projects.models import Project
from tests.cast import Cast
from tests.phases.packs import change_much, load_version

URL = "/projects/alder/catalogue/"


@pytest.fixture
def newer(cast: Cast, tmp_path: Path) -> Catalogue:
    return load_version(tmp_path, change_much)


@pytest.fixture
def mara(cast: Cast, sign_in) -> Client:
    return sign_in(cast.mara)


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the first form that moves."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("pack", "to", "digest")}


def form(client: Client, **answers: str) -> dict[str, str]:
    return {**hidden(client.get(URL).content.decode()), **answers}


def version(cast: Cast) -> str:
    return Project.objects.get(pk=cast.project.pk).catalogue_version


def test_without_a_newer_version_it_says_so(cast: Cast, mara: Client) -> None:
    text = mara.get(URL).content.decode()
    assert "Version 1.0. No newer one is loaded here." in text
    assert "Move to version" not in text


def test_it_lists_what_is_new_item_by_item(mara: Client, newer: Catalogue) -> None:
    text = mara.get(URL).content.decode()
    for said in (
        "What is new in version 1.1, compared with 1.0",
        "Ask a customer before each freeze",
        "It comes into phases 1, 2",
        "Now in phase 2 too",
        "Send the first large one through design.",
        "No longer in phase 3",
        "Keep it as an activity of our own",
        "<ins> Try it once a quarter.</ins>",
        "362 items read as before.",
        "Move to version 1.1",
    ):
        assert said in text


def test_a_manager_moves_the_plan_with_the_choices(cast: Cast, mara: Client, newer: Catalogue) -> None:
    answers = {
        "take:CH.r": "take",
        "mark:CH.a:2": "leave",
        "ended:CH.d:3": "drop",
        "gone:CH.q": "out",
        "why:CH.q": "Trends are read elsewhere.",
        "gone:CH.p": "keep",
    }
    answer = mara.post(URL, form(mara, **answers), follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert "The plan stands on version 1.1 of the catalogue now." in answer.content.decode()
    rows = {
        (ref, number): status
        for ref, number, status in PhaseActivity.objects.filter(
            project=cast.project, activity__ref__in=["CH.r", "CH.a", "CH.d", "CH.q", "CH.p"]
        ).values_list("activity__ref", "phase_number", "status")
    }
    assert version(cast) == "1.1"
    assert {key for key in rows if key[0] in ("CH.r", "CH.a")} == {("CH.r", 1), ("CH.r", 2), ("CH.a", 3)}
    assert rows["CH.d", 3] == rows["CH.q", 3] == Status.NOT_APPLICABLE
    assert rows["CH.p", 3] == Status.NOT_STARTED
    assert ProjectActivity.objects.get(project=cast.project, ref="CH.p").catalogue_activity is None


@pytest.mark.slow
def test_the_plan_can_still_be_looked_at_from_all_sides_afterwards(cast: Cast, mara: Client, newer: Catalogue) -> None:
    mara.post(URL, form(mara, **{"take:CH.r": "take"}))
    for path in ("", "phases/1/", "phases/3/", "activities/CH.q/", "activities/CH.r/", "role-map/", "trail/"):
        assert mara.get(f"/projects/alder/{path}").status_code == 200, path
    assert "Turn change trends into decisions" in mara.get("/projects/alder/activities/CH.q/").content.decode()


def test_a_missing_reason_is_asked_for_and_nothing_typed_is_lost(cast: Cast, mara: Client, newer: Catalogue) -> None:
    answers = {"take:CH.r": "leave", "gone:CH.q": "out", "why:CH.q": "!", "gone:CH.p": "out", "why:CH.p": "We said no."}
    answer = mara.post(URL, form(mara, **answers))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why in a line. An auditor will read it." in text
    assert "We said no." in text
    assert re.search(r'name="take:CH.r" value="leave" checked', text)
    assert re.search(r'name="gone:CH.q" value="out" checked', text)
    assert version(cast) == "1.0"


def test_a_form_from_before_gets_409_with_what_was_written(cast: Cast, mara: Client, newer: Catalogue) -> None:
    sent = form(mara, **{"gone:CH.q": "out", "why:CH.q": "Nobody reads trends here."})
    for status in (Status.IN_PROGRESS, Status.DONE):
        change_status(
            acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.q", 3)], status=status, text=""
        )
    answer = mara.post(URL, sent)
    assert answer.status_code == 409
    assert "Nobody reads trends here." in answer.content.decode()
    assert version(cast) == "1.0"


def test_a_form_without_its_digest_is_refused(mara: Client, newer: Catalogue, cast: Cast) -> None:
    assert mara.post(URL, form(mara) | {"digest": ""}).status_code == 428
    assert version(cast) == "1.0"


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"take:CH.r": "perhaps"}, 400),
        ({"gone:CH.q": "burn"}, 400),
        ({"to": "9.9"}, 422),
        ({"pack": "another"}, 422),
        ({"why:CH.q": "a\x00b"}, 400),
    ],
)
def test_what_it_does_not_offer_is_refused(
    cast: Cast, mara: Client, newer: Catalogue, answers: dict[str, str], status: int
) -> None:
    assert mara.post(URL, form(mara) | answers).status_code == status
    assert version(cast) == "1.0"


def test_it_does_not_go_back(cast: Cast, mara: Client, newer: Catalogue) -> None:
    mara.post(URL, form(mara))
    answer = mara.post(URL, {"pack": "tr20000-5-2010", "to": "1.0", "digest": "0" * 64})
    assert answer.status_code == 422
    assert "never goes back to an older one" in answer.content.decode()
    assert version(cast) == "1.1"


def test_what_was_left_can_be_taken_on_the_same_page(cast: Cast, mara: Client, newer: Catalogue) -> None:
    mara.post(URL, form(mara, **{"take:CH.r": "leave"}))
    text = mara.get(URL).content.decode()
    assert "leaves activities of it out" in text
    mara.post(URL, form(mara, **{"take:CH.r": "take"}))
    assert PhaseActivity.objects.filter(project=cast.project, activity__ref="CH.r").count() == 2


def test_others_read_it_and_are_told_who_decides(cast: Cast, sign_in, newer: Catalogue) -> None:
    text = sign_in(cast.audra).get(URL).content.decode()
    assert "Ask a customer before each freeze" in text
    assert "Move to version" not in text
    assert "Your role in this project does not allow this" in text


def test_the_overview_hints_at_a_newer_version_only(cast: Cast, mara: Client, tmp_path: Path) -> None:
    assert URL not in mara.get("/projects/alder/").content.decode()
    load_version(tmp_path, change_much)
    text = mara.get("/projects/alder/").content.decode()
    assert "Version 1.1 of “Three-phase plan after ISO/IEC TR 20000-5:2010” is loaded here." in text
    assert URL in text


def test_the_settings_lead_here(mara: Client) -> None:
    assert URL in mara.get("/projects/alder/settings/").content.decode()


def test_it_takes_the_same_queries_whatever_is_new(cast: Cast, mara: Client, tmp_path: Path) -> None:
    load_version(tmp_path, lambda rows: rows["CH.i"].update(guidance="Another text of some length for this row."))
    mara.get(URL)
    with CaptureQueriesContext(connection) as few:
        mara.get(URL)
    load_version(tmp_path, change_much, version="1.2")
    mara.get(URL)
    with CaptureQueriesContext(connection) as many:
        mara.get(URL)
    assert len(many) == len(few) <= 12
