"""Audits of the demo: a programme, two internal audits, findings in all states, requests of the auditor."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from audits.choices import CheckResult
from audits.domain.certifying import weekday
from audits.models import Audit, AuditFinding, AuditRequest, CheckItem, Programme
from audits.selectors.impartiality import candidates
from audits.services.asking import Wanted, ask, give, settle
from audits.services.audit_findings import raise_at_point
from audits.services.audits import AuditFacts, Auditor, begin_audit, name_auditors, plan_audit
from audits.services.checklists import Picked, fill_checklist, save_point, take_sample
from audits.services.finding_steps import StepWish, add_step, await_effect, check_effect, close_finding, finish_step
from audits.services.findings import FindingFacts, Treatment, raise_finding, treat_finding, withdraw_finding
from audits.services.programmes import ProgrammeFacts, agree_programme, begin_programme, propose_audits
from audits.services.reporting import report_audit
from audits.visits import write_visit
from evidence.choices import ItemState
from evidence.models import ActivityEvidence
from projects.models import Party, Project
from smsplan.demo.audits_after import AfterStory
from smsplan.demo.governance import Calendar
from smsplan.demo.packs import ask_for_demo_pack
from smsplan.demo.reviews import ReviewStory
from smsplan.demo.script import Script

Told = Mapping[str, Any]
EDITION = "2018"


def read_audits() -> dict[str, Any]:
    """The story of audits, as data."""
    path = Path(settings.CONTENT_DIR, "demo", "audits.yaml")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


def proof_of(project: Project, ref: str) -> list[str]:
    """The key of the newest item that proves an activity, open to everybody in the project, if there is one."""
    found = (
        ActivityEvidence.objects.filter(
            project=project, activity__ref=ref, item__state=ItemState.CURRENT, item__classification="internal"
        )
        .order_by("-item__pk")
        .values_list("item__key", flat=True)
    )
    return list(found[:1])


class AuditStory:
    """Puts the acts of auditors into the script. People and rows are looked up when an act is played."""

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
        told = story["programme"]
        self.script.add(self.at(told["planned"], 9), self._programme, told)
        for audit in story["audits"]:
            self._audit(audit)
        self.script.add(self.at(told["agreed"], 10), self._agree, told)
        for each in story["raised"]:
            self.script.add(self.at(each["at"], 11), self._raise, each)
            if "withdrawn" in each:
                self.script.add(self.at(each["withdrawn"], 9), self._withdraw, each)
        for each in story["treated"]:
            self._treated(each)
        for each in story["closed"]:
            self.script.add(self.at(each["at"], 15), self._close, each)
        for each in story["requests"]:
            self._request(each)
        pack = story["pack"]
        auditor, as_of = self.users["auditor"], self.day(pack["as_of"])
        self.script.add(self.at(pack["at"], 16), ask_for_demo_pack, self.project, auditor, as_of, pack)

    def at(self, told: Told, hour: int) -> datetime:
        """An hour of the day that is told."""
        return self.days.at(told, hour)

    def day(self, told: Told | None) -> date | None:
        """The day that is told, if one is."""
        return self.days.day(told) if told is not None else None

    # --- internal audits -----------------------------------------------------------------------------------------
    def _programme(self, told: Told) -> None:
        facts = ProgrammeFacts(
            told["title"], EDITION, self.day(told["from"]), self.day(told["until"]), aims=told["aims"]
        )
        begin_programme(acting_user=self.users["manager"], project=self.project, facts=facts)

    def _agree(self, told: Told) -> None:
        programme = Programme.objects.get(project=self.project)
        manager = self.users["manager"]
        propose_audits(
            acting_user=manager,
            project=self.project,
            programme=programme,
            count=told["further"],
            version=programme.version,
        )
        programme.refresh_from_db()
        agree_programme(
            acting_user=self.users["elin"], project=self.project, programme=programme, version=programme.version
        )

    def _audit(self, told: Told) -> None:
        # Those that are planned later than the programme was agreed to look again at what it looks at anyway.
        self.script.add(self.at(told["planned"], 14), self._plan, told)
        self.script.add(self.at(told["from"], 8), self._begin, told)
        self.script.add(self.at(told.get("reported", {"ago": 1}), 6), self._look, told)
        for each in told.get("findings", ()):
            self.script.add(self.at(told["until"], 15), self._find, told["key"], each)
        if "reported" in told:
            self.script.add(self.at(told["reported"], 16), self._report, told)

    def _plan(self, told: Told) -> None:
        manager = self.users["manager"]
        begins, ends = weekday(self.days.day(told["from"])), weekday(self.days.day(told["until"]))
        facts = AuditFacts(
            told["title"],
            EDITION,
            begins,
            ends,
            told["clauses"],
            scope=told["scope"],
            programme=Programme.objects.get(project=self.project),
        )
        audit = plan_audit(acting_user=manager, project=self.project, facts=facts)
        self.refs[told["key"]] = audit.ref
        lead = next(each for each in candidates(self.project) if each.user == self.users["auditor"])
        name_auditors(
            acting_user=manager,
            project=self.project,
            ref=audit.ref,
            version=audit.version,
            auditors=[Auditor(lead, is_lead=True, competence=told["competence"])],
        )
        fill_checklist(acting_user=manager, project=self.project, ref=audit.ref, short=True)

    def _own(self, key: str) -> Audit:
        return Audit.objects.get(project=self.project, ref=self.refs[key])

    def _begin(self, told: Told) -> None:
        audit = self._own(told["key"])
        begin_audit(acting_user=self.users["auditor"], project=self.project, ref=audit.ref, version=audit.version)

    def _point(self, key: str, clause: str) -> CheckItem:
        rows = CheckItem.objects.filter(audit=self._own(key), clause__startswith=clause)
        return rows.exclude(result=CheckResult.FINDING).order_by("position")[0]

    def _look(self, told: Told) -> None:
        """Go through the points: all that have no finding, or the first few of an audit that is under way."""
        audit, auditor = self._own(told["key"]), self.users["auditor"]
        rows = CheckItem.objects.filter(audit=audit, result=CheckResult.OPEN).order_by("position", "pk")
        for row in rows[: told.get("looked_at")]:
            save_point(
                acting_user=auditor,
                project=self.project,
                ref=audit.ref,
                point=row.pk,
                version=row.version,
                result=CheckResult.CONFORMS,
                notes="",
            )
        for sample in told.get("samples", ()):
            point = CheckItem.objects.filter(audit=audit, clause__startswith=sample["clause"]).order_by("position")[0]
            take_sample(
                acting_user=auditor,
                project=self.project,
                ref=audit.ref,
                point=point.pk,
                picked=Picked(words=sample["words"]),
            )

    def _find(self, key: str, told: Told) -> None:
        point = self._point(key, told["clause"])
        finding = raise_at_point(
            acting_user=self.users["auditor"],
            project=self.project,
            ref=self.refs[key],
            point=point.pk,
            version=point.version,
            facts=self._facts(told),
        )
        self.refs[told["key"]] = finding.ref

    def _report(self, told: Told) -> None:
        audit = self._own(told["key"])
        report_audit(
            acting_user=self.users["auditor"],
            project=self.project,
            ref=audit.ref,
            version=audit.version,
            summary=told["summary"],
            conclusion=told["conclusion"],
        )

    # --- findings ------------------------------------------------------------------------------------------------
    def _facts(self, told: Told) -> FindingFacts:
        more: dict[str, Any] = {"source": told["source"]} if "source" in told else {}
        return FindingFacts(
            title=told["title"],
            found=told["found"],
            grade=told["grade"],
            clauses=told.get("clauses", ()),
            edition=EDITION,
            owner=self.parties[told["owner"]],
            due=self.day(told.get("due")),
            **more,
        )

    def _raise(self, told: Told) -> None:
        finding = raise_finding(acting_user=self.users[told["who"]], project=self.project, facts=self._facts(told))
        self.refs[told["key"]] = finding.ref

    def _withdraw(self, told: Told) -> None:
        finding = self.finding(told["key"])
        withdraw_finding(
            acting_user=self.users[told["who"]],
            finding=finding,
            version=finding.version,
            reason=told["withdrawn"]["why"],
        )

    def finding(self, key: str) -> AuditFinding:
        """The finding of the story that `key` names, as it stands."""
        finding = AuditFinding.objects.get(project=self.project, ref=self.refs[key])
        finding.project = self.project
        return finding

    def _treated(self, told: Told) -> None:
        self.script.add(self.at(told["treat"], 10), self._treat, told)
        for number, step in enumerate(told["steps"], start=1):
            if "done" in step:
                self.script.add(self.at(step["done"], 14), self._finish, told["key"], number, step)
        if "awaited" in told:
            self.script.add(self.at(told["awaited"], 16), self._await, told)
        if "checked" in told:
            self.script.add(self.at(told["checked"], 11), self._check, told["key"], told["checked"])

    def _treat(self, told: Told) -> None:
        who, finding = self.users[told["who"]], self.finding(told["key"])
        # What was put right at once is told when the cause is known: the days of the story lie close together.
        said = Treatment(
            owner=finding.owner,
            correction=told["correction"],
            cause=told["cause"],
            due=finding.due,
            verify_on=self.day(told.get("verify")),
        )
        treat_finding(acting_user=who, finding=finding, version=finding.version, said=said)
        for step in told["steps"]:
            wish = StepWish(step["text"], self.parties[step["owner"]], self.day(step["due"]))
            add_step(acting_user=who, finding=self.finding(told["key"]), wish=wish)

    def _finish(self, key: str, number: int, step: Told) -> None:
        finding = self.finding(key)
        version = finding.corrective_actions.get(number=number).version
        who = self.users[step["owner"]]
        finish_step(acting_user=who, finding=finding, number=number, version=version, note=step["note"])

    def _await(self, told: Told) -> None:
        finding = self.finding(told["key"])
        await_effect(acting_user=self.users[told["who"]], finding=finding, version=finding.version)

    def _check(self, key: str, told: Told) -> None:
        finding = self.finding(key)
        check_effect(
            acting_user=self.users["auditor"],
            finding=finding,
            version=finding.version,
            holds=told["holds"],
            words=told["words"],
        )

    def _close(self, told: Told) -> None:
        finding = self.finding(told["key"])
        close_finding(
            acting_user=self.users[told["who"]], finding=finding, version=finding.version, words=told["words"]
        )

    # --- requests ------------------------------------------------------------------------------------------------
    def _request(self, told: Told) -> None:
        self.script.add(self.at(told["asked"], 9), self._ask, told)
        if "given" in told:
            self.script.add(self.at(told["given"], 12), self._give, told)
        if "settled" in told:
            self.script.add(self.at(told["settled"], 15), self._settle, told)

    def _ask(self, told: Told) -> None:
        due = self.day(told["due"])
        assert due is not None  # noqa: S101 (for the type checker)
        wanted = Wanted(told["text"], due, self.parties[told["of"]], edition=EDITION, clause=told["clause"])
        self._looks("clauses")
        self._looks("clause", EDITION, told["clause"])
        request = ask(acting_user=self.users["auditor"], project=self.project, wanted=wanted)
        self.refs[f"request {told['key']}"] = request.ref

    def _asked(self, key: str) -> AuditRequest:
        request = AuditRequest.objects.get(project=self.project, ref=self.refs[f"request {key}"])
        request.project = self.project
        return request

    def _give(self, told: Told) -> None:
        given, request = told["given"], self._asked(told["key"])
        keys = proof_of(self.project, given["evidence"]) if "evidence" in given else []
        give(
            acting_user=self.users[told["of"]],
            request=request,
            version=request.version,
            keys=keys,
            words=given["words"],
        )

    def _looks(self, page: str, *place: str) -> None:
        """The auditor opens a page, which is written down as it is when a browser does."""
        write_visit(self.project, self.users["auditor"], reverse(page, args=[self.project.slug, *place]))

    def _settle(self, told: Told) -> None:
        settled, request = told["settled"], self._asked(told["key"])
        self._looks("audit_request", request.ref)
        for link in request.evidence_links.select_related("item"):
            self._looks("evidence_item", link.item.key)
        settle(
            acting_user=self.users["auditor"],
            request=request,
            version=request.version,
            state=settled["state"],
            words=settled.get("words", ""),
        )


def add_audits_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put all that belongs to audits into the script, and what comes of them."""
    story = read_audits()
    audits = AuditStory(script, project, users, parties, Calendar(start, today))
    audits.tell(story)
    AfterStory(script, project, users, parties, audits.days, audits.finding).tell(story)
    ReviewStory(script, project, users, parties, audits.days).tell(story)
