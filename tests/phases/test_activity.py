"""The page of one activity."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from common import clock
from notifications.models import Comment
from notifications.services.comments import add_comment
from phases.choices import Status
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity import LATEST_CHANGES, activity_view, changes_of
from phases.services.lifecycle import close_phase, start_phase
from phases.services.role_map import set_role_map
from phases.services.rows import assign_party, change_status, set_due, write_note
from projects.permissions import access_to
from projects.registries import Panel, panels, register_panel
from tests.cast import CANARY, NOW, Cast


def url(ref: str = "CH.i", slug: str = "alder") -> str:
    return reverse("activity", args=[slug, ref])


def look(cast: Cast, ref: str = "CH.i", who: str = "mara"):
    user = cast.people[who]
    view = activity_view(cast.project, access_to(cast.project, user), user, ref)
    assert view is not None
    return view


def test_it_shows_the_activity_in_its_three_phases(cast: Cast) -> None:
    view = look(cast)
    assert (view.title, [column.number for column in view.columns]) == ("Plan how a failed change is undone", [1, 2, 3])
    assert [column.row is not None for column in view.columns] == [True, True, True]
    assert len({column.asked for column in view.columns}) == 3


def test_it_leaves_a_gap_where_a_phase_does_not_ask_for_it(cast: Cast, sign_in) -> None:
    assert [column.row is not None for column in look(cast, "CH.e").columns] == [True, False, False]
    assert "Not asked for in phase 2." in sign_in(cast.mara).get(url("CH.e")).content.decode()


def test_it_shows_an_activity_of_the_initiation_alone(cast: Cast) -> None:
    assert [column.number for column in look(cast, "A.a").columns] == [0]


def test_it_says_how_late_or_how_near_a_due_date_is(cast: Cast) -> None:
    for phase, due in ((1, date(2026, 2, 27)), (2, date(2026, 3, 16)), (3, date(2026, 3, 17))):
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", phase)], due=due)
    assert [(column.days_late, column.days_left) for column in look(cast).columns] == [
        (3, None),
        (None, 14),
        (None, None),
    ]


def test_it_measures_by_the_projects_day(cast: Cast) -> None:
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target()], due=date(2026, 3, 2))
    cast.project.time_zone = "Pacific/Auckland"
    with clock.moved_to(NOW.replace(hour=12)):
        assert look(cast).columns[0].days_late == 1


def test_it_names_who_is_responsible_and_who_helps(cast: Cast, sign_in) -> None:
    set_role_map(
        acting_user=cast.mara,
        project=cast.project,
        entries={
            ("Project (or team member)", ""): cast.parties["tim"],
            ("Release management", ""): cast.parties["petra"],
        },
    )
    column = look(cast, "RE.i").columns[1]
    assert column.row is not None
    assert (column.row.accountable, column.helpers) == (cast.parties["tim"], (cast.parties["petra"],))
    page = sign_in(cast.audra).get(url("RE.i")).content.decode()
    assert "Tim Tully" in page
    assert "Petra Pohl" in page


def test_it_says_since_when_it_operates_and_who_saw_the_proof(cast: Cast, sign_in) -> None:
    for who, status in (("mara", Status.IN_PROGRESS), ("mara", Status.DONE), ("petra", Status.VERIFIED)):
        change_status(
            acting_user=cast.people[who],
            project=cast.project,
            targets=[cast.target()],
            status=status,
        )
    page = sign_in(cast.audra).get(url()).content.decode()
    assert "done by Mara Moss, 2 Mar 2026" in page
    assert "verified by Petra Pohl, 2 Mar 2026" in page


def test_it_shows_guidance_evidence_clauses_and_source(cast: Cast, sign_in) -> None:
    page = sign_in(cast.tim).get(url()).content.decode()
    view = look(cast)
    assert view.texts is not None
    assert view.texts.text.guidance[:40] in page
    assert view.texts.text.evidence[0] in page
    assert "Change management activities" in page
    assert (
        reverse("catalogue", args=["tr20000-5-2010", cast.project.catalogue_version]) + "?clause=2018:8.5.1.3" in page
    )
    assert "superseded" in page


def test_it_links_what_follows_and_what_comes_next(cast: Cast, sign_in) -> None:
    page = sign_in(cast.tim).get(url("CH.f")).content.decode()
    assert url("CH.e") in page
    assert 'rel="prev"' in page
    assert url("CH.g") in page
    assert url("CH.f") in sign_in(cast.tim).get(url("CH.e")).content.decode()


def test_the_first_has_no_previous_and_the_last_no_next(cast: Cast) -> None:
    refs = list(ProjectActivity.objects.filter(project=cast.project).order_by("position").values_list("ref", flat=True))
    assert look(cast, refs[0]).previous is None
    assert look(cast, refs[-1]).following is None


def test_it_warns_where_the_printed_table_makes_auditors_responsible(cast: Cast, sign_in) -> None:
    assert "names Audit here" in sign_in(cast.mara).get(url("MR.h.3")).content.decode()
    assert "names Audit here" not in sign_in(cast.mara).get(url()).content.decode()


def test_it_shows_an_activity_of_ones_own_without_a_catalogue(cast: Cast, sign_in) -> None:
    own = ProjectActivity.objects.create(
        project=cast.project, ref="X.1", component="CH", position=999, title="Tell the night shift", nature="define"
    )
    PhaseActivity.objects.create(project=cast.project, activity=own, phase_number=2)
    page = sign_in(cast.mara).get(url("X.1")).content.decode()
    assert "Tell the night shift" in page
    assert "This activity is your own" in page


def test_it_renders_notes_as_safe_markdown(cast: Cast, sign_in) -> None:
    write_note(
        acting_user=cast.mara, project=cast.project, target=cast.target(), note="**bold** <script>alert(1)</script>"
    )
    page = sign_in(cast.tim).get(url()).content.decode()
    assert "<strong>bold</strong> &lt;script&gt;" in page
    assert "<script>alert" not in page


def test_the_note_form_goes_to_the_row_with_its_version_and_comes_back(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    row = cast.row()
    page = client.get(url()).content.decode()
    assert f'action="{reverse("row_note", args=["alder", row.pk])}"' in page
    sent = {"version": row.version, "note": "It works", "next": f"{url()}#phase-1"}
    answer = client.post(reverse("row_note", args=["alder", row.pk]), sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{url()}#phase-1")
    assert cast.row().note == "It works"


def test_a_stale_note_shows_both_texts(cast: Cast, sign_in) -> None:
    target = cast.target()
    write_note(acting_user=cast.mara, project=cast.project, target=target, note="Theirs stands")
    answer = sign_in(cast.mara).post(
        reverse("row_note", args=["alder", target.pk]), {"version": target.version, "note": "Mine waits"}
    )
    assert answer.status_code == 409
    assert "Theirs stands" in answer.content.decode()
    assert "Mine waits" in answer.content.decode()
    assert cast.row().note == "Theirs stands"


def test_only_who_reports_on_a_row_gets_its_note_form(cast: Cast) -> None:
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], party=cast.parties["tim"]
    )
    assert [bool(column.note_decision) for column in look(cast, who="mara").columns] == [True, True, True]
    assert [bool(column.note_decision) for column in look(cast, who="tim").columns] == [False, True, False]
    assert [bool(column.note_decision) for column in look(cast, who="audra").columns] == [False, False, False]


def test_a_closed_phase_takes_no_note(cast: Cast) -> None:
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Agreed")
    assert [bool(column.note_decision) for column in look(cast).columns] == [False, True, True]


def test_it_offers_the_row_editor_to_who_may_write_and_not_to_the_auditor(cast: Cast, sign_in) -> None:
    editor = reverse("row", args=["alder", cast.row().pk])
    assert editor in sign_in(cast.tim).get(url()).content.decode()
    assert editor not in sign_in(cast.audra).get(url()).content.decode()


def test_it_tells_the_history_newest_first(cast: Cast, sign_in) -> None:
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["tim"])
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status=Status.BLOCKED,
        text="No tool",
    )
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.d")], party=cast.parties["tim"])
    changes, more = changes_of(cast.project, "CH.i")
    assert [change.text for change in changes] == [
        "Mara Moss set CH.i in phase 2 from not started to blocked",
        "Mara Moss gave CH.i in phase 1 to Tim Tully (was nobody)",
    ]
    assert (changes[0].reason, more) == ("No tool", False)


def test_it_shows_the_latest_changes_and_says_that_there_are_more(cast: Cast) -> None:
    for number in range(LATEST_CHANGES + 1):
        write_note(acting_user=cast.mara, project=cast.project, target=cast.target(), note=f"Note {number}")
    changes, more = changes_of(cast.project, "CH.i")
    assert (len(changes), more) == (LATEST_CHANGES, True)


def test_who_may_not_read_the_trail_sees_no_history(cast: Cast, sign_in) -> None:
    assert 'id="history"' in sign_in(cast.audra).get(url()).content.decode()
    assert 'id="history"' not in sign_in(cast.tim).get(url()).content.decode()


def test_panels_of_higher_apps_appear_with_their_values(cast: Cast, sign_in) -> None:
    def prepare(project, access, activity):
        return {"label": "Proof", "value": activity.ref}

    register_panel("activity", "test", Panel("components/kpi_tile.html", prepare, "phases.view"))
    try:
        answer = sign_in(cast.mara).get(url())
        shown = {"key": "test", "template": "components/kpi_tile.html", "values": {"label": "Proof", "value": "CH.i"}}
        assert shown in answer.context["panels"]
    finally:
        panels["activity"].remove("test")


@pytest.mark.parametrize("ref", ["ZZ.z", "MR.b", "ch.i"])
def test_it_answers_404_for_what_the_project_does_not_have(cast: Cast, sign_in, ref: str) -> None:
    client = sign_in(cast.mara)
    assert client.get(url(ref)).status_code == 404
    assert (
        client.post(reverse("activity_comment", args=["alder", ref]), {"body": "x", "nonce": uuid4()}).status_code
        == 404
    )


def test_it_refuses_parameters_that_it_does_not_know(cast: Cast, sign_in) -> None:
    assert sign_in(cast.mara).get(f"{url()}?phase=2").status_code == 400


def test_it_is_hidden_from_other_clients(cast: Cast, sign_in) -> None:
    assert sign_in(cast.bruno).get(url()).status_code == 404


def test_it_asks_the_database_as_often_with_much_as_with_little(
    cast: Cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    client.get(url())
    # Eighteen of its own, two for tailoring, one each for what waits for what, what the gap analysis says, proof, and
    # who is asked for it, what was learnt about its component, and since when it operates (one more for the months of
    # its records, once it does).
    with django_assert_max_num_queries(26) as few:
        client.get(url())
    for phase in (1, 2, 3):
        assign_party(
            acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", phase)], party=cast.parties["tim"]
        )
    for number in range(8):
        who = cast.tim if number % 2 else cast.petra
        add_comment(acting_user=who, project=cast.project, kind="activity", key="CH.i", body=f"Number {number}")
    with django_assert_num_queries(len(few)):
        client.get(url())


# --- comments -------------------------------------------------------------------------------------------------


def send(client, body: str = "Done?", nonce=None, **headers: str):
    sent = {"body": body, "nonce": nonce or uuid4()}
    return client.post(reverse("activity_comment", args=["alder", "CH.i"]), sent, headers=headers)


def test_a_comment_appears_on_the_page(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    answer = send(client, "Ten records are **ready**.")
    assert (answer.status_code, answer["Location"]) == (302, f"{url()}#comment-{Comment.objects.get().pk}")
    page = client.get(url()).content.decode()
    assert "Ten records are <strong>ready</strong>." in page
    assert "2 Mar 2026, 09:00" in page


def test_htmx_gets_the_comments_alone(cast: Cast, sign_in) -> None:
    answer = send(sign_in(cast.tim), "Hello", **{"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Hello" in page
    assert "<html" not in page


def test_a_double_click_makes_one_comment(cast: Cast, sign_in) -> None:
    client, nonce = sign_in(cast.tim), uuid4()
    assert [send(client, nonce=nonce).status_code for _click in range(2)] == [302, 302]
    assert Comment.objects.filter(project=cast.project).count() == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_refused_comment_keeps_what_was_typed(cast: Cast, sign_in, headers: dict[str, str]) -> None:
    typed = "y" * 10_001
    answer = send(sign_in(cast.tim), typed, **headers)
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert "10000 characters at most" in answer.content.decode()
    assert not Comment.objects.filter(project=cast.project).exists()


def test_an_empty_comment_is_asked_for_words(cast: Cast, sign_in) -> None:
    answer = send(sign_in(cast.tim), "   ")
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_a_form_without_a_nonce_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.tim).post(
        reverse("activity_comment", args=["alder", "CH.i"]), {"body": "Keep me", "nonce": "x"}
    )
    assert answer.status_code == 422
    assert "Keep me" in answer.content.decode()


def test_the_auditor_reads_comments_and_writes_none(cast: Cast, sign_in) -> None:
    add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="For all to read")
    client = sign_in(cast.audra)
    page = client.get(url()).content.decode()
    assert "For all to read" in page
    assert "comment-form" not in page
    assert send(client).status_code == 403


def test_comments_of_another_client_do_not_show(cast: Cast, sign_in) -> None:
    add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body=CANARY)
    assert CANARY not in sign_in(cast.mara).get(url()).content.decode()
