"""What the trail says happened to a plan, in sentences, from real acts."""

from datetime import date

import pytest

from audittrail.models import Event
from audittrail.recent import recent_acts
from audittrail.sentences import sentence
from notifications.services.comments import add_comment
from phases.models import PhaseActivity
from phases.services.lifecycle import close_phase, start_phase
from phases.services.role_map import set_role_map
from phases.services.rows import Target, assign_party, change_status, set_due, write_note
from projects.services.invitations import invite
from projects.services.team import create_party, end_role, grant_role
from tests.cast import Cast


def said(cast: Cast, back: int = 0) -> str:
    """The sentence of the last event of Alder's project, or one `back` from it."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[back]).text


def status(cast: Cast, after: str, ref: str = "CH.i", **values) -> None:
    """Mara sets a row of phase 2."""
    change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, 2)], status=after, **values)


def row_by_nature(cast: Cast, nature: str) -> str:
    """The ref of a row of phase 2 of a nature."""
    return (
        PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__nature=nature)
        .values_list("activity__ref", flat=True)
        .order_by("activity__position")[0]
    )


def test_a_status_is_said_from_and_to(cast: Cast) -> None:
    ref = row_by_nature(cast, "define")
    status(cast, "in progress", ref)
    status(cast, "done", ref)
    assert said(cast) == f"Mara Moss set {ref} in phase 2 from in progress to done"


def test_a_row_that_goes_on_says_since_when(cast: Cast) -> None:
    ref = row_by_nature(cast, "operate")
    status(cast, "in progress", ref)
    status(cast, "done", ref, operating_since=date(2026, 2, 16))
    assert said(cast) == f"Mara Moss set {ref} in phase 2 from in progress to done, operating since 16 Feb 2026"


def test_the_reason_of_a_block_stands_beside_the_sentence(cast: Cast) -> None:
    status(cast, "blocked", text="no licence yet")
    event = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]
    assert sentence(event).text == "Mara Moss set CH.i in phase 2 from not started to blocked"
    assert sentence(event).reason == "no licence yet"


def test_a_party_is_said_with_who_it_was_before(cast: Cast) -> None:
    def give(party: str | None) -> None:
        assign_party(
            acting_user=cast.mara,
            project=cast.project,
            targets=[cast.target("CH.i", 2)],
            party=cast.parties[party] if party else None,
        )

    give("tim")
    assert said(cast) == "Mara Moss gave CH.i in phase 2 to Tim Tully (was nobody)"
    give("petra")
    assert said(cast) == "Mara Moss gave CH.i in phase 2 to Petra Pohl (was Tim Tully)"
    give(None)
    assert said(cast) == "Mara Moss took CH.i in phase 2 from Petra Pohl; nobody is responsible for it now"


def test_a_due_date_says_the_year_once(cast: Cast) -> None:
    def due(day: date | None) -> None:
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=day)

    due(date(2027, 1, 8))
    due(date(2027, 1, 22))
    assert said(cast) == "Mara Moss moved the due date of CH.i in phase 2 from 8 Jan to 22 Jan 2027"
    due(date(2028, 1, 3))
    assert said(cast) == "Mara Moss moved the due date of CH.i in phase 2 from 22 Jan 2027 to 3 Jan 2028"
    due(None)
    assert said(cast).startswith("Mara Moss moved the due date of CH.i in phase 2 from 3 Jan 2028 to ")


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        (["First."], "wrote a note on"),
        (["First.", "Second."], "changed the note on"),
        (["First.", ""], "removed the note on"),
    ],
)
def test_a_note_is_said_without_its_text(cast: Cast, notes: list[str], words: str) -> None:
    for note in notes:
        write_note(acting_user=cast.mara, project=cast.project, target=cast.target("CH.i", 2), note=note)
    assert said(cast) == f"Mara Moss {words} CH.i in phase 2"


def test_the_role_map_says_role_place_and_party(cast: Cast) -> None:
    def entry(party: str | None, component: str) -> str:
        set_role_map(
            acting_user=cast.mara,
            project=cast.project,
            entries={("Change management", component): cast.parties[party] if party else None},
        )
        event = Event.objects.filter(stream_id=cast.project.uuid, kind="role map").order_by("-seq")[0]
        return sentence(event).text

    assert entry("tim", "CH") == "Mara Moss gave the role Change management in component CH to Tim Tully (was nobody)"
    assert entry("petra", "") == (
        "Mara Moss gave the role Change management in all components to Petra Pohl (was nobody)"
    )
    assert entry(None, "CH") == "Mara Moss took the role Change management in component CH from Tim Tully"


def test_a_phase_is_started_and_closed(cast: Cast) -> None:
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    without = "for the reason given, without: A committee oversees the project"
    assert said(cast) == f"Mara Moss closed phase 0 {without}"
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    assert said(cast) == "Mara Moss started phase 1"


def test_a_comment_is_quoted(cast: Cast) -> None:
    add_comment(acting_user=cast.petra, project=cast.project, kind="activity", key="CH.i", body="Who\nhas the list?")
    assert said(cast) == "Petra Pohl commented on CH.i: “Who has the list?”"


def test_people_and_roles_are_said(cast: Cast) -> None:
    membership = grant_role(
        acting_user=cast.mara, project=cast.project, user=cast.nina, role="auditor", valid_until=date(2026, 6, 30)
    )
    assert said(cast) == "Mara Moss made Nina Nobody auditor until 30 Jun 2026"
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    assert said(cast) == "Mara Moss ended the role of Nina Nobody as auditor"
    create_party(acting_user=cast.mara, project=cast.project, name="Service desk", kind="group")
    assert said(cast) == "Mara Moss added the group Service desk"
    create_party(acting_user=cast.mara, project=cast.project, name="Rita Rae")
    assert said(cast) == "Mara Moss added Rita Rae to those who can be responsible"
    invite(acting_user=cast.mara, project=cast.project, email="rita@alder.example", name="Rita Rae", role="team member")
    assert said(cast) == "Mara Moss invited Rita Rae as team member"


def test_the_first_event_says_how_big_the_plan_is(cast: Cast) -> None:
    first = Event.objects.get(stream_id=cast.project.uuid, seq=1)
    assert sentence(first).text == "system started the project Alder SMS with 479 phase activities"


def test_a_bulk_edit_is_one_sentence_among_recent_changes(cast: Cast) -> None:
    rows = list(PhaseActivity.objects.filter(project=cast.project, phase_number=2).order_by("pk")[:12])

    def targets() -> list[Target]:
        return [Target(row.pk, row.version) for row in PhaseActivity.objects.filter(pk__in=[row.pk for row in rows])]

    everything = {"acting_user": cast.mara, "project": cast.project}
    assign_party(**everything, targets=targets(), party=cast.parties["tim"])
    assert latest(cast) == "Mara Moss gave 12 activities to Tim Tully"
    assign_party(**everything, targets=targets(), party=None)
    assert latest(cast) == "Mara Moss left 12 activities without anybody responsible"
    set_due(**everything, targets=targets(), due=date(2027, 1, 8))
    assert latest(cast) == "Mara Moss set the due date of 12 activities to 8 Jan 2027"
    set_due(**everything, targets=targets(), due=None)
    assert latest(cast) == "Mara Moss moved 12 activities along with the plan"
    change_status(**everything, targets=targets(), status="in progress")
    assert latest(cast) == "Mara Moss set 12 activities to in progress"


def latest(cast: Cast) -> str:
    """The newest line among recent changes."""
    return recent_acts(cast.project.uuid, 1)[0].sentence.text


def test_the_role_map_gives_many_rows_to_many_parties(cast: Cast) -> None:
    set_role_map(
        acting_user=cast.mara,
        project=cast.project,
        entries={("Change management", ""): cast.parties["tim"], ("Problem management", ""): cast.parties["petra"]},
    )
    texts = [act.sentence.text for act in recent_acts(cast.project.uuid, 3)]
    assert any(text.startswith("Mara Moss named who contributes to ") for text in texts)
    assert "Mara Moss set 2 roles in the role map" in texts
    assert any(text.startswith("Mara Moss gave out ") and text.endswith(" by the role map") for text in texts)
