"""The committee of the demo: its gates, decisions, meetings and actions, and what top management says of itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from accounts.models import User
from common import clock
from documents.models import Document
from governance.choices import ActionSource, CriterionKind, MeetingState, Presence
from governance.models import Action, Attendance, Decision, Meeting, Oversight, Seat
from governance.selectors.gates import gate_standing
from governance.services.actions import ActionWish, add_action, drop_action, finish_action
from governance.services.boards import keep_board
from governance.services.commitment import say_commitment
from governance.services.committee import CommitteeFacts, agree_terms, set_up_committee
from governance.services.decisions import Wish, ask_decision, withdraw_decision
from governance.services.gates import attest, plan_gate, set_rule, waive
from governance.services.meeting_packs import send_pack
from governance.services.meetings import (
    MeetingFacts,
    Presented,
    approve_minutes,
    note_attendance,
    plan_meeting,
    write_minutes,
)
from governance.services.recording import Verdict, record_decision
from governance.services.voting import call_members, cast_vote
from projects.choices import ProjectRole
from projects.models import Party, Project
from projects.services.team import grant_role
from smsplan.demo.governance_lessons import add_lessons_story, add_outcomes_story
from smsplan.demo.script import Script, in_week

Told = Mapping[str, Any]
MEETS_AT = 11
TERMS = "steering-committee-terms"


def read_governance() -> dict[str, Any]:
    """The story of the committee, as data."""
    path = Path(settings.CONTENT_DIR, "demo", "governance.yaml")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


class Calendar:
    """Days of the story: in weeks from the start, or so many days ago or ahead."""

    def __init__(self, start: date, today: date) -> None:
        self.start, self.today = start, today

    def day(self, told: Told) -> date:
        """The day that is told."""
        if "ahead" in told:
            return self.today + timedelta(days=told["ahead"])
        if "ago" in told:
            return self.today - timedelta(days=told["ago"])
        return self.start + timedelta(weeks=told["week"], days=told.get("day", 0))

    def at(self, told: Told, hour: int) -> datetime:
        """An hour of that day; `hour` unless another is told."""
        return datetime.combine(self.day(told), time(told.get("hour", hour)), tzinfo=UTC)


class CommitteeStory:
    """Puts the acts of the committee into the script. People and parties are looked up when an act is played."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        parties: Mapping[str, Party],
        days: Calendar,
    ) -> None:
        self.script, self.project, self.users, self.parties, self.days = script, project, users, parties, days
        self.refs: dict[str, str] = {}

    def tell(self, story: Told) -> None:
        """All of it."""
        self._committee(story["committee"])
        self._gates(story)
        for told in story["decisions"]:
            self._decision(told)
        for number, told in enumerate(story["meetings"]):
            self._meeting(number, told)
        coming = story["next_meeting"]
        self.script.add(self.days.at(coming["planned"], 9), self._plan_next, self.days.day({"ahead": coming["ahead"]}))
        for told in story["commitment"]:
            self.script.add(self.days.at(told, 16), self._say, told)

    # --- the committee -------------------------------------------------------------------------------------------
    def _committee(self, told: Told) -> None:
        for seat in told["seats"]:
            # After everybody came, on the second day of a week.
            self.script.add(in_week(self.days.start, seat["week"], 1, 9), self._seat, seat["who"])
        self.script.add(in_week(self.days.start, told["week"], 3, 10), self._set_up, told)
        # The paper is published on the Monday of its fifth week (smsplan/demo/documents.py).
        self.script.add(in_week(self.days.start, told["paper_in_week"], 0, 11), self._put_on_paper)

    def _seat(self, who: str) -> None:
        grant_role(
            acting_user=self.users["manager"], project=self.project, user=self.users[who], role=ProjectRole.COMMITTEE
        )

    def _set_up(self, told: Told) -> None:
        facts = CommitteeFacts(**{name: told[name] for name in CommitteeFacts.__annotations__})
        set_up_committee(
            acting_user=self.users["manager"], project=self.project, facts=facts, agreed_on=clock.now().date()
        )

    def _put_on_paper(self) -> None:
        oversight = Oversight.objects.get(project=self.project)
        agree_terms(
            acting_user=self.users["manager"],
            project=self.project,
            version=oversight.version,
            agreed_on=oversight.agreed_on,
            terms=Document.objects.get(project=self.project, key=TERMS),
        )

    # --- gates ---------------------------------------------------------------------------------------------------
    def _gates(self, story: Told) -> None:
        for told in story["gates"]:
            self.script.add(self.days.at(told, 15), self._plan_gate, told)
        self.script.add(in_week(self.days.start, 9, 4, 10), self._attest_entry, story["entry"])
        for told in story["attested"]:
            self.script.add(self.days.at(told, 11), self._attest, told["gate"], told["key"], told)
        for told in story["rules"]:
            self.script.add(self.days.at(told, 11), self._rule, told)
        for told in story["waivers"]:
            self.script.add(self.days.at(told, 15), self._waive, told)

    def _plan_gate(self, told: Told) -> None:
        plan_gate(
            acting_user=self.users["manager"],
            project=self.project,
            number=told["number"],
            version=0,
            planned_on=self.days.day(told["planned"]),
            note=told.get("note", ""),
        )

    def _attest_entry(self, entry: Sequence[Told]) -> None:
        asked = [
            each.key
            for each in gate_standing(self.project, 0).criteria
            if each.criterion.kind == CriterionKind.ATTESTED
        ]
        for key, told in zip(asked, entry, strict=True):
            self._attest(0, key, told)

    def _attest(self, gate: int, key: str, told: Told) -> None:
        attest(
            acting_user=self.users[told["who"]],
            project=self.project,
            number=gate,
            key=key,
            holds=True,
            note=told["note"],
        )

    def _rule(self, told: Told) -> None:
        set_rule(
            acting_user=self.users["committee"],
            project=self.project,
            number=told["gate"],
            key=told["key"],
            version=0,
            is_used=False,
            why=told["why"],
        )

    def _waive(self, told: Told) -> None:
        waive(
            acting_user=self.users["committee"],
            project=self.project,
            number=told["gate"],
            key=told["key"],
            why=told["why"],
        )

    # --- decisions -----------------------------------------------------------------------------------------------
    def _decision(self, told: Told) -> None:
        key = told["key"]
        self.script.add(self.days.at(told["asked"], 9), self._ask, told)
        if "called" in told:
            self.script.add(self.days.at(told["called"], 9), self._call, key)
        for vote in told.get("votes", ()):
            self.script.add(self.days.at(vote, 16), self._vote, key, vote)
        if "withdrawn" in told:
            self.script.add(self.days.at(told["withdrawn"], 10), self._withdraw, key, told["withdrawn"]["why"])
        if "recorded" in told:
            self.script.add(self.days.at(told["recorded"], 14), self._record, told)
            self._outcomes_of(told.get("conditions", ()))

    def _ask(self, told: Told) -> None:
        wish = Wish(
            title=told["title"],
            decide_by=self.days.day(told["by"]),
            gate=told.get("gate"),
            **{name: told[name] for name in ("background", "without_it", "money", "effect", "advice") if name in told},
        )
        self.refs[told["key"]] = ask_decision(acting_user=self.users["manager"], project=self.project, wish=wish).ref

    def _found(self, key: str) -> Decision:
        decision = Decision.objects.get(project=self.project, ref=self.refs[key])
        decision.project = self.project
        return decision

    def _call(self, key: str) -> None:
        decision = self._found(key)
        call_members(acting_user=self.users["manager"], decision=decision, version=decision.version)

    def _vote(self, key: str, vote: Told) -> None:
        decision, who = self._found(key), self.users[vote["who"]]
        seat = Seat.objects.get(decision=decision, member=who)
        cast_vote(
            acting_user=who,
            decision=decision,
            version=seat.version,
            choice=vote["choice"],
            words=vote.get("words", ""),
        )

    def _withdraw(self, key: str, why: str) -> None:
        decision = self._found(key)
        withdraw_decision(acting_user=self.users["manager"], decision=decision, version=decision.version, why=why)

    def _record(self, told: Told) -> None:
        decision, how = self._found(told["key"]), told["recorded"]
        verdict = Verdict(
            outcome=how["outcome"],
            manner=how["manner"],
            setting=how["setting"],
            words=told.get("words", ""),
            meeting=Meeting.objects.filter(project=self.project, state=MeetingState.HELD).last()
            if how["setting"] == "meeting"
            else None,
            conditions=[self._wish(each) for each in told.get("conditions", ())],
        )
        record_decision(
            acting_user=self.users["committee"], decision=decision, version=decision.version, verdict=verdict
        )

    # --- actions -------------------------------------------------------------------------------------------------
    def _wish(self, told: Told) -> ActionWish:
        return ActionWish(told["text"], self.parties[told["owner"]], self.days.day(told["due"]))

    def _outcomes_of(self, actions: Iterable[Told]) -> None:
        """What became of conditions and actions, in the script."""
        for told in actions:
            if "done" in told:
                self.script.add(self.days.at(told["done"], 15), self._finish, told)
            if "dropped" in told:
                self.script.add(self.days.at(told["dropped"], 15), self._drop, told)

    def _action(self, told: Told) -> Action:
        action = Action.objects.get(project=self.project, text=told["text"])
        action.project = self.project
        return action

    def _finish(self, told: Told) -> None:
        action = self._action(told)
        finish_action(acting_user=self.users[told["by"]], action=action, version=action.version, note=told["note"])

    def _drop(self, told: Told) -> None:
        action = self._action(told)
        drop_action(
            acting_user=self.users["manager"], action=action, version=action.version, why=told["dropped"]["why"]
        )

    # --- meetings ------------------------------------------------------------------------------------------------
    def _meeting(self, number: int, told: Told) -> None:
        begins = self.days.at(told, MEETS_AT)
        self.script.add(begins - timedelta(days=9), self._plan, told, begins)
        self.script.add(begins - timedelta(days=3), self._send_pack, number)
        self.script.add(begins + timedelta(hours=1), self._hold, number, told)
        self.script.add(begins + timedelta(hours=10), self._keep_board)
        self._outcomes_of(told.get("actions", ()))
        if not told.get("unapproved"):
            self.script.add(begins + timedelta(days=6), self._approve, number)

    def _plan(self, told: Told, begins: datetime) -> None:
        facts = MeetingFacts(begins, "Utrecht, room Vecht, and on line", 60, told.get("agenda"))
        plan_meeting(acting_user=self.users["manager"], project=self.project, facts=facts)

    def _plan_next(self, day: date) -> None:
        while day.weekday() > 4:
            day += timedelta(days=1)
        self._plan({}, datetime.combine(day, time(MEETS_AT), tzinfo=UTC))

    def _ref(self, number: int) -> str:
        return f"M-{number + 1:02d}"

    def _send_pack(self, number: int) -> None:
        send_pack(acting_user=self.users["manager"], project=self.project, ref=self._ref(number))

    def _hold(self, number: int, told: Told) -> None:
        manager, ref = self.users["manager"], self._ref(number)
        asked = {row.person_id: row for row in Attendance.objects.filter(project=self.project, meeting__ref=ref)}
        presented = []
        for presence in (Presence.PRESENT, Presence.APOLOGIES, Presence.ABSENT):
            presented += [(who, presence, "") for who in told.get(presence.value, ())]
        presented += [(who, Presence.DEPUTY, name) for who, name in told.get("deputies", {}).items()]
        note_attendance(
            acting_user=manager,
            project=self.project,
            ref=ref,
            presented=[
                Presented(row.person_id, presence, deputy, row.version)
                for who, presence, deputy in presented
                if (row := asked.get(self.users[who].pk)) is not None
            ],
        )
        meeting = Meeting.objects.get(project=self.project, ref=ref)
        write_minutes(
            acting_user=manager, project=self.project, ref=ref, version=meeting.version, minutes=told["minutes"]
        )
        for action in told.get("actions", ()):
            add_action(
                acting_user=manager,
                project=self.project,
                wish=self._wish(action),
                source=ActionSource.MEETING,
                meeting=meeting,
            )

    def _approve(self, number: int) -> None:
        meeting = Meeting.objects.get(project=self.project, ref=self._ref(number))
        approve_minutes(
            acting_user=self.users["committee"], project=self.project, ref=meeting.ref, version=meeting.version
        )

    def _keep_board(self) -> None:
        keep_board(project=self.project)

    # --- top management ------------------------------------------------------------------------------------------
    def _say(self, told: Told) -> None:
        say_commitment(acting_user=self.users["elin"], project=self.project, point=told["point"], words=told["words"])


def add_governance_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put all that belongs to the committee into the script, with lessons and outcomes."""
    story, days = read_governance(), Calendar(start, today)
    CommitteeStory(script, project, users, parties, days).tell(story)
    add_lessons_story(script, project, users, parties, days, story["lessons"])
    add_outcomes_story(script, project, users, days, story["outcomes"])
