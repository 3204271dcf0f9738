"""What comes round in operation, and new and changed services."""

from datetime import date, timedelta
from typing import Any

import pytest

from audits.certification_guide import cycle, steps, steps_for
from audits.models import CycleEntry, CycleRound, ExternalAudit, ServiceChange, ServiceChangeStep
from audits.panels_certification import cycle_things
from audits.selectors.cycle_told import certificate_lines, cycle_lines
from audits.services.cycle import EntryFacts, change_entry, do_entry, seed_cycle
from audits.services.cycle_reminders import CERTIFICATE, CYCLE, note_cycle_reminders
from audits.services.service_changes import note_step, settle_service_change, show_as_case
from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from notifications.models import Notice
from phases.models import Phase
from projects.choices import CalendarContent
from tests.audits.certifying import new_service, on_the_way
from tests.cast import Cast


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def seeded(cast: Cast) -> dict[str, CycleEntry]:
    """What practice lets come round, from 31 January 2025 on."""
    Phase.objects.filter(project=cast.project, number=3).update(end=date(2025, 1, 31))
    seed_cycle(acting_user=cast.petra, project=cast.project)
    return {each.key: each for each in CycleEntry.objects.filter(project=cast.project)}


def test_practice_is_taken_over_once_from_the_end_of_phase_3_on(cast: Cast) -> None:
    entries = seeded(cast)
    assert len(entries) == len(cycle())
    assert said(cast) == f"Petra Pohl took over {len(entries)} entries into the calendar of operation"
    assert (entries["objectives"].next_on, entries["objectives"].clauses) == (date(2025, 2, 28), ["6.2.1", "6.2.2"])
    assert seed_cycle(acting_user=cast.petra, project=cast.project) == 0
    with pytest.raises(NotPermitted):
        seed_cycle(acting_user=cast.audra, project=cast.project)


def test_its_owner_says_that_it_was_done_and_it_comes_again_in_its_rhythm(cast: Cast) -> None:
    entry = seeded(cast)["reports"]
    facts = EntryFacts(entry.title, entry.part, 3, entry.next_on, cast.parties["tim"], ("9.4",))
    entry = change_entry(acting_user=cast.petra, entry=entry, version=1, facts=facts)
    with pytest.raises(RuleBroken, match="what came of it"):
        do_entry(acting_user=cast.tim, entry=entry, version=2, note=" ", done_on=date(2025, 3, 10))
    with pytest.raises(RuleBroken, match="lies ahead"):
        do_entry(acting_user=cast.tim, entry=entry, version=2, note="Done", done_on=date(2090, 1, 1))
    with pytest.raises(RuleBroken, match="E-0999"):
        do_entry(acting_user=cast.tim, entry=entry, version=2, note="Done", evidence="e-0999")
    do_entry(acting_user=cast.tim, entry=entry, version=2, note="One target changed.", done_on=date(2025, 3, 10))
    entry.refresh_from_db()
    assert entry.next_on == date(2025, 5, 28)
    assert "comes again on 28 May 2025" in said(cast)
    with pytest.raises(StaleWrite):
        do_entry(acting_user=cast.tim, entry=entry, version=2, note="Twice", done_on=date(2025, 3, 10))
    assert CycleRound.objects.filter(entry=entry).count() == 1
    with pytest.raises(NotPermitted):
        do_entry(acting_user=cast.cora, entry=entry, version=3, note="Not mine")
    own = cycle_things(cast.project, cast.tim, CalendarContent.MINE)
    assert [each.title for each in own] == [entry.title]


def test_its_page_is_for_who_sees_the_calendar_and_for_its_owner(cast: Cast, sign_in) -> None:
    on_the_way(cast)
    page = "/projects/alder/audits/calendar/1/"
    assert sign_in(cast.tim).get(page).status_code == 404
    owner = sign_in(cast.petra)
    assert "Comes round" in owner.get("/work/").content.decode()
    stale = owner.post(f"{page}done/", {"version": "9", "note": "We called two."})
    assert (stale.status_code, "We called two." in stale.content.decode()) == (409, True)
    shown = sign_in(cast.audra).get("/projects/alder/audits/calendar/").content.decode()
    assert "<b>1</b> is late." in shown
    assert "Take them over" not in shown


def test_a_service_goes_live_only_once_what_must_come_before_is_done(cast: Cast) -> None:
    change = new_service(cast)
    assert [each.key for each in change.steps.all()] == [each.key for each in steps_for("new")]

    def settle(version: int, state: str, words: str = "") -> ServiceChange:
        return settle_service_change(acting_user=cast.petra, change=change, version=version, state=state, words=words)

    with pytest.raises(RuleBroken, match="Write down what the customer needs"):
        settle(1, "live")
    for step in ServiceChangeStep.objects.filter(change=change):
        if steps()[step.key].is_before_live:
            note_step(acting_user=cast.petra, change=change, key=step.key, version=1, words="Done.")
    settle(1, "live")
    assert said(cast) == "Petra Pohl recorded that the service S-01 Backup for branches is live"
    with pytest.raises(RuleBroken, match="Say why"):
        settle(2, "stopped")


def test_one_service_is_the_case_that_is_shown_and_a_stopped_one_takes_no_step(cast: Cast) -> None:
    first, second = new_service(cast), new_service(cast, "removed")
    assert "design" not in {each.key for each in second.steps.all()}
    for change in (first, second):
        show_as_case(acting_user=cast.mara, change=change, version=1)
    assert [each.ref for each in ServiceChange.objects.filter(project=cast.project, is_case=True)] == ["S-02"]
    settle_service_change(acting_user=cast.mara, change=first, version=3, state="stopped", words="Nobody pays.")
    with pytest.raises(RuleBroken, match="stopped"):
        note_step(acting_user=cast.mara, change=first, key="wish", version=1, words="Late")
    with pytest.raises(NotPermitted):
        show_as_case(acting_user=cast.audra, change=first, version=4)


def test_its_page_leads_step_by_step_and_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    new_service(cast)
    client = sign_in(cast.petra)
    page = "/projects/alder/audits/services/S-01/"
    assert "9 steps are missing before it can go live." not in client.get(page).content.decode()
    typed: dict[str, Any] = {"version": "1", "words": "Asked by the branches.", "evidence": "E-0999"}
    refused = client.post(f"{page}steps/wish/", typed)
    assert (refused.status_code, "Asked by the branches." in refused.content.decode()) == (422, True)
    assert client.post(f"{page}steps/wish/", {**typed, "evidence": ""}).status_code == 302
    assert client.post(f"{page}steps/nothing/", typed).status_code == 404
    shown = sign_in(cast.audra).get(page).content.decode()
    assert "Asked by the branches." in shown
    assert "Save the step" not in shown


def test_owners_hear_once_of_each_round_and_managers_of_the_end_of_a_certificate(cast: Cast) -> None:
    on_the_way(cast)
    today = clock.today(cast.project.time_zone)
    CycleEntry.objects.update(next_on=today + timedelta(days=14))
    ExternalAudit.objects.update(state="held", certificate_number="4711", certificate_until=today + timedelta(days=120))
    note_cycle_reminders()
    note_cycle_reminders()
    told = {notice.kind: notice for notice in Notice.objects.filter(kind__in=(CYCLE, CERTIFICATE))}
    assert Notice.objects.filter(kind__in=(CYCLE, CERTIFICATE)).count() == 2
    assert (told[CYCLE].person, told[CERTIFICATE].person) == (cast.petra, cast.mara)
    [round_line] = cycle_lines(cast.petra, [told[CYCLE]]).values()
    [end_line] = certificate_lines(cast.mara, [told[CERTIFICATE]]).values()
    assert (round_line.title, end_line.title) == ("Ask customers", "Certificate 4711")
    # A later certificate took its place, and the round was done: nothing is said any more.
    ExternalAudit.objects.update(certificate_until=today + timedelta(days=999))
    CycleEntry.objects.update(next_on=today + timedelta(days=99))
    assert (len(cycle_lines(cast.petra, [told[CYCLE]])), len(certificate_lines(cast.mara, [told[CERTIFICATE]]))) == (
        0,
        0,
    )
