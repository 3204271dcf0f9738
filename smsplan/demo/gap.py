"""The gap analyses of the demo: three looks at the same provider, answered through the services."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings

from accounts.models import User
from gapanalysis.choices import AnswerValue, AssessmentState, Instrument
from gapanalysis.models import Answer, Assessment
from gapanalysis.selectors.talk import COMMENTED
from gapanalysis.selectors.targets import aims_of
from gapanalysis.services.answers import AnswerChange, confirm_earlier, give_answers, write_finding
from gapanalysis.services.assessments import AssessmentPlan, move_assessment, set_assessors, start_assessment
from gapanalysis.services.targets import TargetWish, set_targets
from notifications.selectors import open_questions_in
from notifications.services.comments import add_comment
from notifications.services.questions import answer_question
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week

T = TypeVar("T")
DRAWN = (AnswerValue.CONFORMS, AnswerValue.NO_CASE, AnswerValue.MINOR, AnswerValue.MAJOR)
BETTER = {
    AnswerValue.MAJOR: AnswerValue.MINOR,
    AnswerValue.MINOR: AnswerValue.CONFORMS,
    AnswerValue.NO_CASE: AnswerValue.CONFORMS,
}


def read_gap_story() -> dict[str, Any]:
    """The answers of the demo, as data."""
    path = Path(settings.CONTENT_DIR, "demo", "gap.yaml")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


def add_gap_analyses(
    script: Script, project: Project, users: Mapping[str, User], parties: Mapping[str, Party], start: date
) -> None:
    """Put all that belongs to the gap analyses into the script."""
    story = read_gap_story()
    for told in story["assessments"]:
        _Look(script, project, users, parties, start, story["mix"], told).add()
    for entry in story["targets"]:
        script.add(in_week(start, entry["week"], 2, 10), _aim, users["manager"], project, entry)


def _number(text: str) -> int:
    """A number that is the same for the same text, whatever the machine."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _of_clause(table: Mapping[str, T], question: Any, default: T) -> T:
    """What `table` says for the clause of a question, or for the closest one above it; for others by section."""
    place = question.clauses_2018[0] if question.clauses_2018 else question.section
    while place and place not in table:
        place = place.rpartition(".")[0]
    return table.get(place, default)


class _Look:
    """One assessment of the story, put into the script step by step."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        parties: Mapping[str, Party],
        start: date,
        mix: Mapping[str, Sequence[int]],
        told: Mapping[str, Any],
    ) -> None:
        self.script, self.project, self.users, self.parties = script, project, users, parties
        self.start, self.mix, self.told = start, mix, told
        self.said = {entry["ref"]: entry for entry in told["answers"]}

    def add(self) -> None:
        """All its steps, each at its instant."""
        told, steps = self.told, [("opened", AssessmentState.OPEN), ("review", AssessmentState.REVIEW)]
        self.script.add(self._at(told["started"], 9), self._begin)
        for name, state in [*steps, ("locked", AssessmentState.LOCKED)]:
            if name in told:
                self.script.add(self._at(told[name], 15), self._move, told[name].get("by", "manager"), state)
        for who, day in self._days():
            self.script.add(
                datetime.combine(day, time(13), tzinfo=self._at(told["opened"], 9).tzinfo), self._answer, who
            )

        for entry in told.get("comments", ()):
            self.script.add(self._at(entry, 14), self._comment, entry)

    def _at(self, when: Mapping[str, Any], hour: int) -> datetime:
        return in_week(self.start, when["week"], when["day"], hour)

    def _days(self) -> list[tuple[str, date]]:
        """The day on which each assessor answers: spread over the working days between opening and review."""
        first = self._at(self.told["opened"], 9).date()
        last = self._at(self.told.get("review", {"week": self.told["dates"]["until_week"] - 1, "day": 0}), 9).date()
        days = [first + timedelta(days=n) for n in range(1, (last - first).days)]
        working = [day for day in days if day.weekday() < 5]
        keys = list(self.told["assessors"])
        return [(key, working[(place * len(working)) // len(keys)]) for place, key in enumerate(keys)]

    def _found(self) -> Assessment:
        return Assessment.objects.select_related("questionnaire").get(project=self.project, key=self.told["key"])

    def _begin(self) -> None:
        told, dates = self.told, self.told["dates"]
        earlier = told.get("started_from")
        manager = self.users["manager"]
        assessment = start_assessment(
            acting_user=manager,
            project=self.project,
            plan=AssessmentPlan(
                kind=told["kind"],
                title=told["title"],
                scope=told["scope"],
                method=told["method"],
                starts_on=in_week(self.start, dates["from_week"]).date(),
                ends_on=in_week(self.start, dates["until_week"], 4).date(),
            ),
            started_from=Assessment.objects.get(project=self.project, key=earlier) if earlier else None,
        )
        sections = set(Answer.objects.filter(assessment=assessment).values_list("question__section", flat=True))
        # Who comes later in the story is given sections when they are there.
        given = {
            self.parties[who]: [
                section for section in sections if section in names or section.partition(" ")[0] in names
            ]
            for who, names in told["assessors"].items()
            if who in self.parties
        }
        set_assessors(acting_user=manager, project=self.project, assessment=assessment, given=given)

    def _move(self, who: str, state: AssessmentState) -> None:
        assessment = self._found()
        move_assessment(
            acting_user=self.users[who],
            project=self.project,
            assessment=assessment,
            version=assessment.version,
            state=state,
        )

    def _comment(self, entry: Mapping[str, Any]) -> None:
        who, key = self.users[entry["who"]], f"{self.told['key']} {entry['ref']}"
        act: dict[str, Any] = {"acting_user": who, "project": self.project, "body": entry["text"]}
        if entry.get("answers"):
            question = open_questions_in(self.project).filter(kind=COMMENTED, key=key).latest("at")
            answer_question(**act, question_id=question.pk, version=question.version)
        else:
            asked = self.users[entry["asks"]].pk if "asks" in entry else None
            add_comment(**act, kind=COMMENTED, key=key, asked_id=asked)

    def _answer(self, who: str) -> None:
        """Let one assessor say all that is theirs."""
        assessment = self._found()
        names = self.told["assessors"][who]
        rows = Answer.objects.filter(assessment=assessment).select_related("question", "before", "assessment")
        mine = [row for row in rows.order_by("question__position") if self._is_theirs(who, names, row)]
        changes, confirmed = [], {}
        for row in self._looked_at(mine):
            change = self._change(row)
            if change is not None:
                changes.append(change)
            elif row.before is not None:
                confirmed[row.pk] = row.version
        act: dict[str, Any] = {"acting_user": self.users[who], "project": self.project, "assessment": assessment}
        give_answers(**act, changes=changes)
        confirm_earlier(**act, versions=confirmed)
        for row in mine:
            finding = self.said.get(row.question.ref, {}).get("finding")
            if finding:
                owner = self.parties[finding["owner"]]
                write_finding(
                    acting_user=self.users[who],
                    project=self.project,
                    answer=row,
                    version=0,
                    **{**finding, "owner": owner},
                )

    def _is_theirs(self, who: str, names: Sequence[str], row: Answer) -> bool:
        section = row.question.section
        if section not in names and section.partition(" ")[0] not in names:
            return False
        sharing = [key for key, other in self.told["assessors"].items() if section in other]
        first: str = sharing[0] if sharing else who
        return _of_clause(self.told["share"], row.question, first) == who

    def _looked_at(self, rows: Sequence[Answer]) -> list[Answer]:
        """Those that were looked at so far: what the story names, and a share of each section, from its beginning."""
        shares = self.told.get("looked_at")
        if shares is None:
            return list(rows)
        found, seen = [], dict.fromkeys((row.question.section for row in rows), 0)
        many = {section: sum(row.question.section == section for row in rows) for section in seen}
        for row in rows:
            section = row.question.section
            seen[section] += 1
            named = row.question.ref in self.said or row.question.ref in self.told.get("ladders", {})
            if named or 100 * seen[section] <= shares.get(section, 0) * many[section]:
                found.append(row)
        return found

    def _change(self, row: Answer) -> AnswerChange | None:
        """What is said anew; None where the earlier answer holds."""
        read: dict[str, Callable[[Answer], AnswerChange | None]] = {
            Instrument.REQUIREMENT: self._requirement,
            Instrument.LADDER: self._ladder,
            Instrument.SURVEY: self._survey,
            Instrument.READINESS: self._readiness,
        }
        return read[row.question.instrument](row)

    def _requirement(self, row: Answer) -> AnswerChange | None:
        ref = row.question.ref
        later = ref in self.told.get("later", ())
        if ref in self.said:
            entry = self.said[ref]
            return AnswerChange(
                row.pk,
                row.version,
                value=entry["value"],
                note=entry["note"],
                evidence_note=entry.get("evidence", ""),
                is_for_later=later,
            )
        if later or ref in self.told.get("unanswered", ()):
            return AnswerChange(row.pk, row.version, is_for_later=later)
        if row.before is not None:
            share = _of_clause(self.told["better"], row.question, 0)
            step = BETTER.get(AnswerValue(row.before.value))
            better = step is not None and _number(f"{self.told['key']} {ref}") % 100 < share
            return AnswerChange(row.pk, row.version, value=step.value) if better and step else None
        if self.told["key"] != "baseline":
            return AnswerChange(row.pk, row.version)
        weights = _of_clause(self.mix, row.question, (1, 1, 4, 4))
        lot = _number(ref) % sum(weights)
        for value, weight in zip(DRAWN, weights, strict=True):
            if lot < weight:
                return AnswerChange(row.pk, row.version, value=value.value)
            lot -= weight
        raise AssertionError("the lot lies below the sum of the weights")

    def _ladder(self, row: Answer) -> AnswerChange | None:
        ref = row.question.ref
        if ref not in self.told.get("ladders", {}):
            return None
        note = {"note": self.told["ladder_notes"][ref]} if ref in self.told.get("ladder_notes", {}) else {}
        return AnswerChange(row.pk, row.version, rungs=self.told["ladders"][ref], **note)

    def _survey(self, row: Answer) -> AnswerChange | None:
        note = self.told.get("survey", {}).get(row.question.ref)
        return AnswerChange(row.pk, row.version, note=note) if note else None

    def _readiness(self, row: Answer) -> AnswerChange | None:
        ref = row.question.ref
        if ref not in self.told.get("readiness", {}):
            return None
        note = {"note": self.told["readiness_notes"][ref]} if ref in self.told.get("readiness_notes", {}) else {}
        return AnswerChange(row.pk, row.version, rating=self.told["readiness"][ref], **note)


def _aim(manager: User, project: Project, entry: Mapping[str, Any]) -> None:
    """Let the manager set the targets of an entry."""
    wanted = {("clause", key): value for key, value in entry["clauses"].items()}
    wanted |= {("process", title): value for title, value in entry["processes"].items()}
    wishes = []
    for aim in aims_of(project):
        value = wanted.get((aim.of, aim.key if aim.of == "clause" else aim.title))
        if value is not None:
            wishes.append(TargetWish(aim.of, aim.key, aim.version, value))
    set_targets(acting_user=manager, project=project, wishes=wishes)
