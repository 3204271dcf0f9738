"""The living registers of the demo: interfaces that are agreed bit by bit, a plan of messages, judged competences."""

from collections.abc import Mapping
from datetime import date, timedelta

from accounts.models import User
from common import clock
from documents.choices import Effect, InterfaceState, LineState
from documents.models import CommunicationLine, Interface
from documents.selectors.competence import competence_board
from documents.services.communication import LineFacts, add_line, check_effect, do_line, settle_line, take_lines
from documents.services.competence import Judgement, add_competence, judge, set_need, take_competences
from documents.services.interfaces import (
    InterfaceFacts,
    add_interface,
    agree_on,
    change_interface,
    settle_interface,
    take_interfaces,
)
from projects.models import Project
from smsplan.demo.script import Script, in_week

NOT_HERE = {
    ("BA", "CM"): "Capacity is bought by group IT; we get the price with the yearly budget.",
    ("NC", "SU"): "No new service of ours has brought a new supplier so far.",
}
LEFT_OPEN = 11
"""So many lines of each dozen and a half are not agreed yet."""
HOW = (
    "Ten records of last month read together.",
    "Watched at work for half a day.",
    "Led the exercise in June, with an observer.",
    "Talked through two cases of their own.",
)


def add_registers_story(script: Script, project: Project, users: Mapping[str, User], start: date, today: date) -> None:
    """Put all that belongs to the living registers into the script."""
    manager, weeks = users["manager"], (today - start).days // 7
    script.add(in_week(start, 11, 1, 9), _take_over, project, manager)
    for week in range(13, weeks, 4):
        script.add(in_week(start, week, 2, 14), _agree, project, users["owner"], week)
    script.add(in_week(start, 15, 3, 10), _make_own, project, users["owner"])
    for week in range(12, weeks - 5, 2):
        script.add(in_week(start, week, 4, 11), _tell_people, project, manager)
    for week in range(14, weeks, 6):
        script.add(in_week(start, week, 1, 13), _judge, project, manager, week)
    script.add(in_week(start, weeks - 5, 2, 9), _plan_more, project, manager, today)
    script.add(in_week(start, 36, 1, 13), _judge_manager, project, users["committee"], manager)


def _take_over(project: Project, manager: User) -> None:
    take_interfaces(acting_user=manager, project=project)
    take_lines(acting_user=manager, project=project)
    take_competences(acting_user=manager, project=project)
    own = add_competence(
        acting_user=manager,
        project=project,
        name="Speaks with the people at the Brno site in Czech",
        level_3="Explains a change of shift to the night team without an interpreter.",
    )
    set_need(acting_user=manager, project=project, key=own.key, role="Incident management", level=3, seen=0)


def _agree(project: Project, owner: User, week: int) -> None:
    """What the two sides settled in the last four weeks."""
    lines = [
        (row.key, row.version)
        for place, row in enumerate(Interface.objects.filter(project=project, state=InterfaceState.OPEN))
        if place % 18 < 18 - LEFT_OPEN and (place + week) % 3
    ]
    agree_on(acting_user=owner, project=project, lines=lines[:14])


def _make_own(project: Project, owner: User) -> None:
    """What is different here."""
    for (giver, receiver), why in NOT_HERE.items():
        row = Interface.objects.filter(project=project, giver=giver, receiver=receiver).first()
        if row is not None:
            settle_interface(
                acting_user=owner, project=project, key=row.key, version=row.version, state="dropped", why=why
            )
    row = Interface.objects.filter(project=project, giver="IN", receiver="PR").first()
    if row is not None:
        facts = InterfaceFacts(
            row.giver, row.receiver, row.what, "Every Monday before the operations meeting", "Was monthly until May."
        )
        change_interface(acting_user=owner, project=project, key=row.key, version=row.version, facts=facts)
    facts = InterfaceFacts(
        "CH",
        "IN",
        "Changes of the coming night, with whom to call in Brno",
        "By 16:00 every working day",
        "The desk asked for it after the mail migration.",
    )
    add_interface(acting_user=owner, project=project, facts=facts)


def _tell_people(project: Project, manager: User) -> None:
    """What was due is done, most of it; what was done a month ago is looked at."""
    today = clock.today(project.time_zone)
    rows = CommunicationLine.objects.filter(project=project).exclude(state=LineState.DROPPED)
    for row in rows.filter(check_on__lte=today, effect="").order_by("check_on")[:3]:
        number = int(row.key[2:])
        # Some looks are forgotten: the page has something to ask.
        if number % 7 == 0:
            continue
        effect, note = (
            (Effect.PARTLY, "Three of five could say it. Once more in the team meetings.")
            if number % 5 == 0
            else (Effect.YES, "Nine of ten could say it in their own words.")
        )
        check_effect(acting_user=manager, project=project, key=row.key, version=row.version, effect=effect, note=note)
    soon = today + timedelta(days=75)
    for row in rows.filter(state=LineState.PLANNED, due__lte=soon).order_by("due")[:2]:
        if int(row.key[2:]) % 11 == 0:
            continue
        note = "All four sites at once; 31 of 36 were there, the rest were told by their team leads."
        do_line(acting_user=manager, project=project, key=row.key, version=row.version, done_on=today, note=note)
    if not CommunicationLine.objects.filter(project=project, model_key="").exists():
        facts = LineFacts(
            audience="Night team in Brno",
            message="What the desk does at night, and whom it may wake",
            channel="Visit of the desk lead, in Czech",
            sender_role="Incident management",
            phase_number=2,
            due=today + timedelta(days=240),
            check_how="Calls to the wrong person at night, counted for a month",
        )
        add_line(acting_user=manager, project=project, facts=facts)
        told = rows.filter(audience="Lead suppliers", state=LineState.PLANNED).first()
        if told is not None:
            why = "Both carriers read the same two pages with the contract; a meeting brings nothing new."
            settle_line(
                acting_user=manager, project=project, key=told.key, version=told.version, state="dropped", why=why
            )


def _plan_more(project: Project, manager: User, today: date) -> None:
    """What comes up for the end of the year: one is late, two are near."""
    for days, audience, message, check in (
        (-6, "On-call engineers", "Way back of the mail migration, who decides at night", "One trial call at night"),
        (9, "Contacts at the four companies", "What the catalogue offers from January on", "Wrong orders in January"),
        (23, "Service desk", "Answers to the ten usual questions about the new sign-in", "Calls closed at once"),
    ):
        facts = LineFacts(
            audience=audience,
            message=message,
            channel="Thirty minutes on site, with a page to keep",
            sender_role="Change management",
            phase_number=2,
            due=today + timedelta(days=days),
            check_how=check,
        )
        add_line(acting_user=manager, project=project, facts=facts)


def _judge(project: Project, manager: User, week: int) -> None:
    """A few people at a time, each in what their roles need."""
    board = competence_board(project)
    waiting = [
        need
        for need in board.role_needs
        if need.people and need.best is None and need.role != "Availability management"
    ]
    for place, need in enumerate(waiting[:9]):
        for party, _level in need.people:
            if party.user_id == manager.pk or board.held.get((need.competence.pk, party.pk)):
                continue
            short = (place + week) % 7 == 3
            judgement = Judgement(
                level=max(0, need.needed - (1 if short else 0)),
                how=HOW[(place + week) % len(HOW)],
                plan="Beside a colleague for four weeks, then judged again." if short else "",
            )
            key = need.competence.key
            seen = 0
            judge(acting_user=manager, project=project, key=key, party=party, judgement=judgement, seen=seen)
            board = competence_board(project)


def _judge_manager(project: Project, chair: User, manager: User) -> None:
    """Nobody judges their own level: the chair judges the project manager."""
    board = competence_board(project)
    party = next((each for each in board.people if each.user_id == manager.pk), None)
    if party is None:
        return
    for need in board.role_needs:
        if party in [each for each, _level in need.people] and (need.competence.pk, party.pk) not in board.held:
            judgement = Judgement(level=need.needed, how="Three gates and the review of phase 1.")
            judge(
                acting_user=chair,
                project=project,
                key=need.competence.key,
                party=party,
                judgement=judgement,
                seen=0,
            )
            board = competence_board(project)
