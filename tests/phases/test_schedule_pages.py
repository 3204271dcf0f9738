"""The pages on which dates of a plan change: each shows what would move, then saves just that."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from audittrail.models import Event
from phases.models import ActivityLink, Phase, PhaseActivity, PlanRules, ProjectActivity
from phases.services.rows import set_due
from tests.cast import Cast


@pytest.fixture
def mara(client, cast: Cast):
    client.force_login(cast.mara)
    return client


def hidden(page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, name
    return found[1]


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


def test_a_plan_in_order_has_nothing_to_move(mara, cast: Cast) -> None:
    page = mara.get(reverse("plan_recompute", args=["alder"]))
    assert page.status_code == 200
    assert "Nothing moves: all" in text_of(page)
    assert b'name="seen"' not in page.content


def test_recomputing_moves_what_was_shown_and_nothing_else(mara, cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, activity__component="CH", phase_number=2).update(
        due=date(2026, 12, 24)
    )
    page = mara.get(reverse("plan_recompute", args=["alder"]))
    count = len(page.context["what"].moves)
    assert count > 5
    answer = mara.post(reverse("plan_recompute", args=["alder"]), {"seen": hidden(page, "seen")}, follow=True)
    assert f"Saved. {count} activities moved." in text_of(answer)
    assert "Nothing moves: all" in text_of(answer)


def test_a_preview_that_is_out_of_date_is_shown_again(mara, cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=2).update(due=date(2026, 12, 24))
    page = mara.get(reverse("plan_recompute", args=["alder"]))
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=date(2026, 9, 1))
    events = Event.objects.count()
    answer = mara.post(reverse("plan_recompute", args=["alder"]), {"seen": hidden(page, "seen")})
    assert answer.status_code == 409
    assert "The plan changed since you looked at this." in text_of(answer)
    assert Event.objects.count() == events


def test_nothing_is_recomputed_without_a_preview(mara, cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=2).update(due=date(2026, 12, 24))
    assert mara.post(reverse("plan_recompute", args=["alder"])).status_code == 409


@pytest.mark.parametrize("query", ["?late=2", "?early=1", "?late=1&late=1"])
def test_an_address_that_it_does_not_know_is_a_bad_request(mara, cast: Cast, query: str) -> None:
    assert mara.get(reverse("plan_recompute", args=["alder"]) + query).status_code == 400


def test_a_phase_is_moved_after_a_look_at_what_moves(mara, cast: Cast) -> None:
    phase = Phase.objects.get(project=cast.project, number=2)
    end = phase.end + timedelta(days=14)
    url = reverse("plan_phases", args=["alder"])
    page = mara.get(url, {"phase": 2, "start": phase.start.isoformat(), "end": end.isoformat(), "shift": "on"})
    assert [move.number for move in page.context["what"].phases] == [2, 3]
    fields = {name: hidden(page, name) for name in ("phase", "version", "seen", "start", "end", "shift")}
    answer = mara.post(url, {**fields, "reason": "The tool comes later."}, follow=True)
    assert answer.status_code == 200
    assert Phase.objects.get(project=cast.project, number=2).end == end
    event = Event.objects.filter(stream_id=cast.project.uuid, action="move phase").first()
    assert event.content["reason"] == "The tool comes later."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end": "2026-01-01"}, "The end must lie after the start."),
        ({"end": ""}, "Give a day"),
        ({"start": "2026-02-30"}, "There is no such day"),
        ({"start": "2026-03-02"}, "Start after it."),
    ],
)
def test_dates_that_cannot_be_stay_on_the_page_with_what_is_wrong(mara, cast: Cast, change, said) -> None:
    phase = Phase.objects.get(project=cast.project, number=2)
    asked = {"phase": 2, "start": phase.start.isoformat(), "end": phase.end.isoformat(), "shift": "on", **change}
    page = mara.get(reverse("plan_phases", args=["alder"]), asked)
    assert page.status_code == 422
    assert said in text_of(page)
    answer = mara.post(reverse("plan_phases", args=["alder"]), {**asked, "version": phase.version, "seen": "x"})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_phase_that_somebody_moved_meanwhile_is_not_moved_again(mara, cast: Cast) -> None:
    phase = Phase.objects.get(project=cast.project, number=2)
    sent = {"phase": 2, "start": phase.start.isoformat(), "end": "2027-02-01", "version": 99, "seen": "x"}
    assert mara.post(reverse("plan_phases", args=["alder"]), {**sent, "shift": "on"}).status_code == 409


def test_a_phase_that_is_not_there_is_not_found(mara, cast: Cast) -> None:
    assert mara.get(reverse("plan_phases", args=["alder"]), {"phase": 4}).status_code == 404


def test_one_activity_moves_with_what_waits_for_it(mara, cast: Cast) -> None:
    row = cast.row("CH.i", 2)
    url = reverse("plan_move", args=["alder", row.pk])
    page = mara.get(url, {"due": "2026-12-01"})
    assert "CH.i" in {move.ref for move in page.context["what"].moves}
    sent = {name: hidden(page, name) for name in ("version", "seen", "due")}
    assert mara.post(url, sent).status_code == 302
    row = cast.row("CH.i", 2)
    assert (row.due, row.due_is_own) == (date(2026, 12, 1), True)
    page = mara.get(url, {"due": ""})
    mara.post(url, {name: hidden(page, name) for name in ("version", "seen", "due")})
    assert not cast.row("CH.i", 2).due_is_own


def test_an_activity_does_not_move_out_of_the_project(mara, cast: Cast) -> None:
    url = reverse("plan_move", args=["alder", cast.row("CH.i", 2).pk])
    sent = {"due": "2025-01-01", "version": cast.row("CH.i", 2).version, "seen": "x"}
    answer = mara.post(url, sent)
    assert answer.status_code == 422
    assert "The project starts on" in text_of(answer)
    preview = mara.get(url, {"due": "2025-01-01"})
    assert "The project starts on" in text_of(preview)
    assert preview.context["what"] is None


def test_rows_of_another_client_are_not_found(mara, cast: Cast) -> None:
    other = PhaseActivity.objects.filter(project=cast.other).first()
    assert mara.get(reverse("plan_move", args=["alder", other.pk])).status_code == 404


RULES = {
    "share_define": "20",
    "share_establish": "50",
    "share_operate": "80",
    "share_review": "90",
    "per_week": "3",
    "order": "SL > SR\nch > re",
}


def test_rules_change_and_lead_to_what_they_would_move(mara, cast: Cast) -> None:
    rules = PlanRules.objects.get(project=cast.project)
    answer = mara.post(reverse("plan_rules", args=["alder"]), {**RULES, "version": rules.version}, follow=True)
    assert answer.redirect_chain == [(reverse("plan_recompute", args=["alder"]), 302)]
    assert answer.context["what"].moves
    rules.refresh_from_db()
    assert (rules.shares["define"], rules.per_week) == (20, 3)
    assert rules.component_order == [["SL", "SR"], ["CH", "RE"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share_define": "60"}, "Each kind of work must be due after the one before"),
        ({"share_define": "0"}, "greater than or equal to 1"),
        ({"per_week": "none"}, "Give a whole number."),
        ({"order": "SL SR"}, "Line 1: write two components"),
        ({"order": "SL > XX"}, "The plan has no component XX."),
        ({"order": "SL > SR\nSR > IN\nIN > SL"}, "would wait for each other"),
        ({"order": "SL > SL"}, "SL cannot come before itself."),
    ],
)
def test_rules_that_cannot_be_stay_on_the_page(mara, cast: Cast, change, said) -> None:
    rules = PlanRules.objects.get(project=cast.project)
    answer = mara.post(reverse("plan_rules", args=["alder"]), {**RULES, **change, "version": rules.version})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert PlanRules.objects.get(project=cast.project).version == rules.version


def test_stale_rules_are_not_saved_over_newer_ones(mara, cast: Cast) -> None:
    assert mara.post(reverse("plan_rules", args=["alder"]), {**RULES, "version": 99}).status_code == 409
    assert mara.post(reverse("plan_rules", args=["alder"]), RULES).status_code == 428


def test_a_link_is_added_shown_as_broken_and_removed(mara, cast: Cast) -> None:
    url = reverse("plan_links", args=["alder"])
    early, late = (
        PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__nature=nature)
        .select_related("activity")
        .order_by("due")
        .last()
        .activity.ref
        for nature in ("define", "review")
    )
    answer = mara.post(url, {"do": "add", "after": early.lower(), "before": late}, follow=True)
    assert f"{early} now waits for {late}." in text_of(answer)
    assert [line.after.ref for line in mara.get(url, {"show": "broken"}).context["found"].lines] == [early]
    link = ActivityLink.objects.get(project=cast.project, from_catalogue=False)
    mara.post(url, {"do": "remove", "link": link.pk})
    assert not ActivityLink.objects.filter(pk=link.pk).exists()


def test_the_page_of_an_activity_says_what_it_waits_for(mara, cast: Cast) -> None:
    mara.post(reverse("plan_links", args=["alder"]), {"do": "add", "after": "CH.i", "before": "CF.a"})
    waits, leads = (mara.get(reverse("activity", args=["alder", ref])) for ref in ("CH.i", "CF.a"))
    orders = [
        next(panel["values"] for panel in page.context["panels"] if panel["key"] == "order") for page in (waits, leads)
    ]
    assert [end.ref for end in orders[0]["waits_for"]] == ["CF.a"]
    assert [end.ref for end in orders[1]["leads_to"]] == ["CH.i"]
    assert "Comes before" in text_of(leads)


def test_a_circle_is_explained(mara, cast: Cast) -> None:
    url = reverse("plan_links", args=["alder"])
    for after, before in (("CH.i", "CH.j"), ("CH.j", "CH.k")):
        mara.post(url, {"do": "add", "after": after, "before": before})
    answer = mara.post(url, {"do": "add", "after": "CH.k", "before": "CH.i"})
    assert answer.status_code == 422
    assert "CH.k cannot wait for CH.i: CH.i waits for CH.k already (CH.k → CH.j → CH.i)." in text_of(answer)


@pytest.mark.parametrize(
    ("after", "before", "said"),
    [
        ("CH.i", "CH.i", "CH.i cannot wait for itself."),
        ("CH.i", "ZZ.9", "The plan has no activity ZZ.9."),
        ("", "CH.i", "This field is required."),
    ],
)
def test_links_that_cannot_be_are_refused(mara, cast: Cast, after, before, said) -> None:
    answer = mara.post(reverse("plan_links", args=["alder"]), {"do": "add", "after": after, "before": before})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_link_of_another_client_is_not_found(mara, cast: Cast) -> None:
    first, second = ProjectActivity.objects.filter(project=cast.other)[:2]
    link = ActivityLink.objects.create(project=cast.other, before=first, after=second)
    answer = mara.post(reverse("plan_links", args=["alder"]), {"do": "remove", "link": link.pk})
    assert answer.status_code == 404
    assert ActivityLink.objects.filter(pk=link.pk).exists()


@pytest.mark.parametrize("name", ["plan_recompute", "plan_phases", "plan_rules", "plan_links"])
def test_who_does_not_schedule_reads_and_finds_nothing_to_save(client, cast: Cast, name: str) -> None:
    client.force_login(cast.audra)
    page = client.get(reverse(name, args=["alder"]))
    assert page.status_code == 200
    assert b"btn-primary" not in page.content


def test_the_pages_take_few_queries(mara, cast: Cast, django_assert_max_num_queries) -> None:
    for name in ("plan_recompute", "plan_phases", "plan_rules", "plan_links"):
        with django_assert_max_num_queries(15):
            mara.get(reverse(name, args=["alder"]))
