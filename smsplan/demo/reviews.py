"""Management reviews of the demo: one that was held and approved, and the next one, which is being prepared."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from audits.models import Review, ReviewAttendance, ReviewInput
from audits.services.review_outputs import OutputFacts, add_output
from audits.services.reviews import (
    ReviewFacts,
    approve_review,
    conclude_review,
    gather_facts,
    note_presence,
    plan_review,
    treat_input,
)
from projects.models import Party, Project
from smsplan.demo.governance import Calendar
from smsplan.demo.script import Script

Told = Mapping[str, Any]


class ReviewStory:
    """Puts the acts of management reviews into the script."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        parties: Mapping[str, Party],
        days: Calendar,
    ) -> None:
        self.script, self.project, self.users, self.parties, self.days = script, project, users, parties, days

    def tell(self, story: Told) -> None:
        """All of it."""
        for number, told in enumerate(story["reviews"], start=1):
            ref = f"MR-{number:02d}"
            self.script.add(self.days.at(told["planned"], 10), self._plan, told)
            if "words" in told:
                self.script.add(self.days.at(told["held"], 16), self._hold, ref, told)
                self.script.add(self.days.at(told["approved"]["at"], 9), self._approve, ref, told)

    def _plan(self, told: Told) -> None:
        facts = ReviewFacts(
            held_on=self.days.day(told["held"]),
            covers_from=self.days.day(told["from"]),
            covers_until=self.days.day(told["until"]),
            place=told["place"],
            chair=self.parties[told["chair"]],
            people=[self.parties[who] for who in told["people"]],
        )
        plan_review(acting_user=self.users["manager"], project=self.project, facts=facts)

    def _review(self, ref: str) -> Review:
        return Review.objects.get(project=self.project, ref=ref)

    def _hold(self, ref: str, told: Told) -> None:
        manager = self.users["manager"]
        gather_facts(acting_user=manager, project=self.project, ref=ref, version=self._review(ref).version)
        review = self._review(ref)
        absent = {self.parties[who].pk for who in told["absent"]}
        asked = ReviewAttendance.objects.filter(review=review).values_list("party_id", flat=True)
        note_presence(
            acting_user=manager, project=self.project, ref=ref, version=review.version, there=set(asked) - absent
        )
        for row in ReviewInput.objects.filter(review=review):
            treat_input(
                acting_user=manager,
                project=self.project,
                ref=ref,
                key=row.key,
                version=row.version,
                words=told["words"][row.key],
                is_treated=True,
            )
        for output in told["outputs"]:
            facts = OutputFacts(
                output["kind"],
                output["text"],
                output["input"],
                owner=self.parties[output["owner"]] if "owner" in output else None,
                due=self.days.day(output["due"]) if "due" in output else None,
            )
            add_output(acting_user=manager, project=self.project, ref=ref, facts=facts)
        conclude_review(
            acting_user=manager,
            project=self.project,
            ref=ref,
            version=self._review(ref).version,
            conclusion=told["conclusion"],
        )

    def _approve(self, ref: str, told: Told) -> None:
        approve_review(
            acting_user=self.users[told["approved"]["who"]],
            project=self.project,
            ref=ref,
            version=self._review(ref).version,
        )
