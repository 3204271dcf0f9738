"""What follows audits in the demo: improvements, risks to the SMS, the way to the certificate, operation, services."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from audits.choices import BodyState, ServiceChangeState
from audits.models import (
    AuditFinding,
    CertificationBody,
    CycleEntry,
    ExternalAudit,
    Improvement,
    ServiceChange,
    ServiceChangeStep,
    SmsRisk,
)
from audits.services.certification import WayFacts, choose_way
from audits.services.certification_bodies import BodyFacts, add_body, settle_body
from audits.services.cycle import EntryFacts, change_entry, do_entry, seed_cycle
from audits.services.external_audits import (
    ExternalFacts,
    Held,
    add_external_audit,
    hold_external_audit,
    plan_external_audits,
)
from audits.services.improvements import (
    ImprovementFacts,
    measure_improvement,
    move_improvement,
    propose_improvement,
)
from audits.services.service_changes import (
    ChangeFacts,
    begin_service_change,
    note_step,
    settle_service_change,
    show_as_case,
)
from audits.services.sms_risks import SmsRiskFacts, accept_sms_risk, keep_sms_risk
from evidence.choices import ItemState
from evidence.models import ActivityEvidence
from projects.models import Party, Project
from smsplan.demo.governance import Calendar
from smsplan.demo.script import Script

Told = Mapping[str, Any]


class AfterStory:
    """Puts the acts that follow audits into the script. `finding` gives one of the story by its key."""

    def __init__(
        self,
        script: Script,
        project: Project,
        users: Mapping[str, User],
        parties: Mapping[str, Party],
        days: Calendar,
        finding: Callable[[str], AuditFinding],
    ) -> None:
        self.script, self.project, self.users, self.parties = script, project, users, parties
        self.days, self.finding = days, finding

    def tell(self, story: Told) -> None:
        """All of it."""
        for told in story["improvements"]:
            self._improvement(told)
        for told in story["risks"]:
            self.script.add(self.days.at(told["at"], 10), self._risk, told)
            if "accepted" in told:
                self.script.add(self.days.at(told["accepted"], 10), self._accept, told)
        self._certification(story["certification"])
        told = story["cycle"]
        self.script.add(self.days.at(told["seeded"], 9), self._seed)
        for each in told["moved"]:
            self.script.add(self.days.at(told["seeded"], 10), self._move_entry, each)
            if "done" in each:
                self.script.add(self.days.at(each["done"], 15), self._do_entry, each)
        for told in story["services"]:
            self._service(told)

    def day(self, told: Told | None) -> date | None:
        """The day that is told, if one is."""
        return self.days.day(told) if told is not None else None

    # --- improvements and risks ----------------------------------------------------------------------------------
    def _improvement(self, told: Told) -> None:
        self.script.add(self.days.at(told["at"], 11), self._propose, told)
        for move in told["moves"]:
            self.script.add(self.days.at(move["at"], 13), self._move, told, move)
        if "measured" in told:
            self.script.add(self.days.at(told["measured"]["at"], 14), self._measure, told)

    def _propose(self, told: Told) -> None:
        figures: dict[str, Any] = {name: Decimal(told[name]) for name in ("before", "target") if name in told}
        plain = {
            name: told[name]
            for name in ("title", "source", "benefit", "priority", "component", "measure", "unit")
            if name in told
        }
        propose_improvement(
            acting_user=self.users[told["who"]],
            project=self.project,
            facts=ImprovementFacts(owner=self.parties[told["owner"]], **plain, **figures),
            finding=self.finding(told["finding"]) if "finding" in told else None,
        )

    def _improved(self, told: Told) -> Improvement:
        return Improvement.objects.get(project=self.project, title=told["title"])

    def _move(self, told: Told, move: Told) -> None:
        row = self._improved(told)
        move_improvement(
            acting_user=self.users[move.get("who", told["owner"])],
            project=self.project,
            ref=row.ref,
            version=row.version,
            state=move["to"],
            words=move.get("words", ""),
        )

    def _measure(self, told: Told) -> None:
        row, said = self._improved(told), told["measured"]
        measure_improvement(
            acting_user=self.users[told["owner"]],
            project=self.project,
            ref=row.ref,
            version=row.version,
            effect=said["words"],
            after=Decimal(said["after"]),
        )

    def _risk(self, told: Told) -> None:
        plain = {
            name: told[name]
            for name in ("title", "kind", "clause", "service", "cause", "effect", "probability", "impact", "treatment")
            if name in told
        }
        left = told.get("left", (None, None))
        facts = SmsRiskFacts(
            treatment_words=told["words"],
            residual_probability=left[0],
            residual_impact=left[1],
            owner=self.parties[told["owner"]],
            review_on=self.day(told["review"]),
            **plain,
        )
        keep_sms_risk(acting_user=self.users[told["who"]], project=self.project, facts=facts)

    def _accept(self, told: Told) -> None:
        row, said = SmsRisk.objects.get(project=self.project, title=told["title"]), told["accepted"]
        accept_sms_risk(
            acting_user=self.users[said["who"]],
            project=self.project,
            ref=row.ref,
            version=row.version,
            words=said["words"],
        )

    # --- the way to the certificate ------------------------------------------------------------------------------
    def _certification(self, told: Told) -> None:
        self.script.add(self.days.at(told["way"]["at"], 10), self._way, told["way"])
        for body in told["bodies"]:
            self.script.add(self.days.at(body.get("quoted", body["at"]), 11), self._body, body)
            for key, state in (("choose", BodyState.CHOSEN), ("decline", BodyState.DECLINED)):
                if key in body:
                    self.script.add(self.days.at(body[key]["at"], 12), self._settle_body, body, state, body[key]["why"])
        self.script.add(self.days.at(told["planned"], 13), self._plan_round)
        self.script.add(self.days.at(told["customer"]["at"], 9), self._plan_customer, told["customer"])
        self.script.add(self.days.at(told["customer"]["from"], 17), self._hold_customer, told["customer"])

    def _way(self, told: Told) -> None:
        facts = WayFacts(told["way"], told["edition"], told["why"], told["scope"], self.day(told["wished"]))
        choose_way(acting_user=self.users["manager"], project=self.project, version=0, facts=facts)

    def _body(self, told: Told) -> None:
        figures: dict[str, Any] = {
            name: Decimal(told[key])
            for name, key in (("amount", "amount"), ("stage_days", "stages"), ("yearly_days", "yearly"))
            if key in told
        }
        facts = BodyFacts(
            told["name"],
            told.get("accredited", ""),
            told["contact"],
            quoted_on=self.day(told.get("quoted")),
            valid_until=self.day(told.get("until")),
            notes=told["notes"],
            **figures,
        )
        add_body(acting_user=self.users["manager"], project=self.project, facts=facts)

    def _settle_body(self, told: Told, state: str, why: str) -> None:
        body = CertificationBody.objects.get(project=self.project, name=told["name"])
        body.project = self.project
        settle_body(acting_user=self.users["manager"], body=body, version=body.version, state=state, why=why)

    def _plan_round(self) -> None:
        plan_external_audits(acting_user=self.users["manager"], project=self.project)

    def _plan_customer(self, told: Told) -> None:
        facts = ExternalFacts("customer", self.day(told["from"]), None, auditors=told["who"], booked=True)
        add_external_audit(acting_user=self.users["manager"], project=self.project, facts=facts)

    def _hold_customer(self, told: Told) -> None:
        audit = ExternalAudit.objects.get(project=self.project, kind="customer")
        audit.project = self.project
        hold_external_audit(
            acting_user=self.users["manager"],
            audit=audit,
            version=audit.version,
            held=Held("passed", told["words"]),
        )

    # --- operation -----------------------------------------------------------------------------------------------
    def _seed(self) -> None:
        seed_cycle(acting_user=self.users["manager"], project=self.project)

    def _entry(self, key: str) -> CycleEntry:
        entry = CycleEntry.objects.get(project=self.project, key=key)
        entry.project = self.project
        return entry

    def _move_entry(self, told: Told) -> None:
        entry = self._entry(told["key"])
        facts = EntryFacts(
            entry.title,
            entry.part,
            entry.months,
            self.day(told["next"]),
            self.parties[told["owner"]],
            entry.clauses,
        )
        change_entry(acting_user=self.users["manager"], entry=entry, version=entry.version, facts=facts)

    def _do_entry(self, told: Told) -> None:
        entry, done = self._entry(told["key"]), told["done"]
        do_entry(acting_user=self.users[done["who"]], entry=entry, version=entry.version, note=done["note"])

    # --- services ------------------------------------------------------------------------------------------------
    def _service(self, told: Told) -> None:
        self.script.add(self.days.at(told["at"], 10), self._begin, told)
        first = told["at"]["ago"]
        last = told["live"]["ago"] if "live" in told else max(3, first - 12 * len(told["steps"]))
        steps = list(told["steps"].items())
        for number, (key, words) in enumerate(steps, start=1):
            ago = first - (first - last) * number // (len(steps) + 1)
            self.script.add(self.days.at({"ago": ago}, 14), self._step, told, key, words)
        for key, state in (("live", ServiceChangeState.LIVE), ("stopped", ServiceChangeState.STOPPED)):
            if key in told:
                self.script.add(self.days.at(told[key], 16), self._settle, told, state, told[key]["words"])
        if told.get("case"):
            self.script.add(self.days.at({"ago": last - 1}, 9), self._show, told)

    def _begin(self, told: Told) -> None:
        facts = ChangeFacts(
            told["kind"], told["service"], told["description"], self.parties[told["owner"]], self.day(told["wanted"])
        )
        begin_service_change(acting_user=self.users[told["who"]], project=self.project, facts=facts)

    def _changed(self, told: Told) -> ServiceChange:
        change = ServiceChange.objects.get(project=self.project, service=told["service"])
        change.project = self.project
        return change

    def _step(self, told: Told, key: str, words: str) -> None:
        change = self._changed(told)
        ref = told.get("evidence", {}).get(key, "")
        items = (
            ActivityEvidence.objects.filter(project=self.project, activity__ref=ref, item__state=ItemState.CURRENT)
            .order_by("-item__pk")
            .values_list("item__key", flat=True)
        )
        note_step(
            acting_user=self.users[told["who"]],
            change=change,
            key=key,
            version=ServiceChangeStep.objects.get(change=change, key=key).version,
            words=words,
            evidence=items.first() or "" if ref else "",
        )

    def _settle(self, told: Told, state: str, words: str) -> None:
        change = self._changed(told)
        settle_service_change(
            acting_user=self.users[told["who"]], change=change, version=change.version, state=state, words=words
        )

    def _show(self, told: Told) -> None:
        change = self._changed(told)
        show_as_case(acting_user=self.users["manager"], change=change, version=change.version)
