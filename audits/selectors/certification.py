"""The way to the certificate as its page shows it: what must stand by when, quotes, audits, the certificate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.certification_guide import WayGuide, WayStep, ways
from audits.choices import (
    BodyState,
    ExternalAuditKind,
    ExternalAuditOutcome,
    ExternalAuditState,
    PackState,
    Way,
)
from audits.domain.certifying import DONE, LATE, SOON, STAGE_1, STAGE_2, anchors, standing
from audits.models import AuditFinding, CertificationBody, CertificationPath, EvidencePack, ExternalAudit
from common import clock
from documents.selectors import version_in_force
from governance.models import Gate
from governance.registries import gate_criteria
from phases.models import Phase
from projects.models import Project

PASSED = (ExternalAuditOutcome.PASSED, ExternalAuditOutcome.PASSED_WITH)
ENOUGH_QUOTES = 2
ORDER = {kind: number for number, kind in enumerate(ExternalAuditKind.values)}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the system sees of a step. `met` None: nobody has said yet."""

    met: bool | None
    words: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the way, when it must stand, and whether it does. `state` as `domain.certifying.standing` gives it."""

    step: WayStep
    by: date | None
    state: str
    shown: Shown
    days_left: int | None

    @property
    def is_done(self) -> bool:
        """Whether it stands."""
        return self.state == DONE

    @property
    def days_late(self) -> int | None:
        """How many days ago it should have stood."""
        return -self.days_left if self.state == LATE and self.days_left is not None else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        return self.days_left if self.state == SOON else None


@dataclass(frozen=True, slots=True)
class ExternalLine:
    """An audit by others, with its findings of which `open` are not closed."""

    audit: ExternalAudit
    findings: int
    open: int
    days_left: int

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to come."""
        return self.audit.state in (ExternalAuditState.PLANNED, ExternalAuditState.BOOKED)

    @property
    def days_late(self) -> int | None:
        """How many days ago it should have been held."""
        return -self.days_left if self.is_ahead and self.days_left < 0 else None


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A body and its quote. `three_years` are all days of a round; `per_day` what one of them costs."""

    body: CertificationBody
    is_lowest: bool
    has_ended: bool

    @property
    def three_years(self) -> Decimal | None:
        """The days of a round: both stages, and two years of surveillance."""
        if self.body.stage_days is None:
            return None
        return self.body.stage_days + 2 * (self.body.yearly_days or 0)

    @property
    def per_day(self) -> Decimal | None:
        """What a day costs, over the whole round."""
        days = self.three_years
        return self.body.amount / days if self.body.amount is not None and days else None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on the strip of the way: `state` is "done", "late", "booked" or ""; `word` says it."""

    title: str
    day: date
    state: str
    word: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class WayPage:
    """All of it. `next` is the step to do first."""

    path: CertificationPath
    guide: WayGuide | None
    steps: Sequence[StepLine]
    audits: Sequence[ExternalLine]
    quotes: Sequence[QuoteLine]
    phase_3: date | None
    certificate: ExternalAudit | None
    certificate_days: int | None
    strip: Sequence[Milestone]

    @property
    def done(self) -> int:
        """How many steps stand."""
        return sum(each.is_done for each in self.steps)

    @property
    def late(self) -> int:
        """How many should stand and do not."""
        return sum(each.state == LATE for each in self.steps)

    @property
    def next(self) -> StepLine | None:
        """The step that should stand first and does not yet."""
        return min(
            (each for each in self.steps if not each.is_done), key=lambda each: each.by or date.max, default=None
        )

    @property
    def ahead(self) -> ExternalLine | None:
        """The audit that comes next."""
        return next((each for each in self.audits if each.is_ahead), None)

    @property
    def is_planned(self) -> bool:
        """Whether every audit of a round stands."""
        kinds = {each.audit.kind for each in self.audits}
        return {ExternalAuditKind.STAGE_1, ExternalAuditKind.STAGE_2} <= kinds


def path_of(project: Project) -> CertificationPath:
    """The way of a project; unsaved, of version 0, where nobody said anything. One query."""
    found = CertificationPath.objects.filter(project=project).select_related("statement").first()
    return found or CertificationPath(project=project, edition=project.edition, version=0)


def end_of_phase_3(project: Project) -> date | None:
    """The day that phase 3 ended or will end: when it closed, the day of its gate, its planned end. Two queries."""
    phase = Phase.objects.filter(project=project, number=3).first()
    if phase is not None and phase.closed_on is not None:
        return phase.closed_on
    gate = Gate.objects.filter(project=project, number=3).first()
    if gate is not None and gate.planned_on is not None:
        return gate.planned_on
    return phase.end if phase is not None else None


def way_page(project: Project) -> WayPage:
    """Everything about the way of a project, and what the system sees of each step."""
    today = clock.today(project.time_zone)
    path = path_of(project)
    phase_3 = end_of_phase_3(project)
    audits = external_lines(project)
    bodies = list(CertificationBody.objects.filter(project=project).select_related("quote"))
    guide = ways().get(path.way)
    days = anchors(
        phase_3,
        {each.audit.kind: each.audit.starts_on for each in audits if each.audit.kind in (STAGE_1, STAGE_2)},
        path.wished_by if path.way != Way.CERTIFICATE else None,
    )
    view = _View(project, path, [each.audit for each in audits], bodies, today)
    certificate = standing_certificate([each.audit for each in audits])
    until = certificate.certificate_until if certificate is not None else None
    return WayPage(
        path=path,
        guide=guide,
        steps=tuple(view.line(step, days) for step in guide.steps) if guide is not None else (),
        audits=audits,
        quotes=_quotes(bodies, today),
        phase_3=phase_3,
        certificate=certificate,
        certificate_days=(until - today).days if until is not None else None,
        strip=_strip(project, audits, {_("Phase 3 ends"): phase_3, _("Certificate ends"): until}, today),
    )


def standing_certificate(audits: Sequence[ExternalAudit]) -> ExternalAudit | None:
    """The audit that gave the certificate which holds longest."""
    given = [each for each in audits if each.certificate_until is not None and each.state == ExternalAuditState.HELD]
    return max(given, key=lambda each: each.certificate_until or date.min, default=None)


def external_lines(project: Project) -> list[ExternalLine]:
    """The audits by others that take or took place, by their day. Two queries."""
    today = clock.today(project.time_zone)
    rows = list(
        ExternalAudit.objects.filter(project=project)
        .exclude(state=ExternalAuditState.CANCELLED)
        .select_related("body", "report")
        .order_by("starts_on", "pk")
    )
    found: dict[int, list[bool]] = {}
    for audit, state in AuditFinding.objects.filter(project=project, external_audit__isnull=False).values_list(
        "external_audit_id", "state"
    ):
        if audit is not None:
            found.setdefault(audit, []).append(state not in ("closed", "withdrawn"))
    lines = []
    for row in rows:
        row.project = project
        of = found.get(row.pk, [])
        lines.append(ExternalLine(row, len(of), sum(of), (row.ends_on - today).days))
    return lines


def external_of(project: Project, ref: str) -> ExternalAudit | None:
    """The audit by others that `ref` names. One query."""
    row = ExternalAudit.objects.filter(project=project, ref=ref).select_related("body", "report").first()
    if row is not None:
        row.project = project
    return row


def _strip(
    project: Project, audits: Sequence[ExternalLine], days: Mapping[str, date | None], today: date
) -> tuple[Milestone, ...]:
    """The days of a way in their order."""
    found = [Milestone(title, day, "done" if day <= today else "") for title, day in days.items() if day is not None]
    for line in audits:
        row = line.audit
        state = "late" if line.days_late else "" if row.state == ExternalAuditState.PLANNED else "booked"
        word = _("overdue") if line.days_late else row.get_outcome_display() if row.outcome else row.get_state_display()
        place = reverse("external_audit", args=[project.slug, row.ref])
        found.append(
            Milestone(row.get_kind_display(), row.starts_on, state if line.is_ahead else "done", str(word), place)
        )
    return tuple(sorted(found, key=lambda each: each.day))


def _quotes(bodies: Sequence[CertificationBody], today: date) -> tuple[QuoteLine, ...]:
    amounts = [each.amount for each in bodies if each.amount is not None and each.state != BodyState.DECLINED]
    lowest = min(amounts, default=None)
    order = {BodyState.CHOSEN: 0, BodyState.QUOTED: 1, BodyState.ASKED: 2, BodyState.DECLINED: 3}
    return tuple(
        QuoteLine(
            body,
            is_lowest=len(amounts) > 1 and body.amount is not None and body.amount == lowest,
            has_ended=body.valid_until is not None and body.valid_until < today and body.state != BodyState.CHOSEN,
        )
        for body in sorted(bodies, key=lambda each: (order[BodyState(each.state)], each.pk))
    )


class _View:
    """Looks at what each step asks for."""

    def __init__(
        self,
        project: Project,
        path: CertificationPath,
        audits: Sequence[ExternalAudit],
        bodies: Sequence[CertificationBody],
        today: date,
    ) -> None:
        self.project, self.path, self.audits, self.bodies, self.today = project, path, audits, bodies, today
        self.own: Mapping[str, Callable[[], Shown]] = {
            "scope-said": self._scope,
            "quotes-compared": self._compared,
            "body-chosen": self._chosen,
            "stage-1-held": lambda: self._held(ExternalAuditKind.STAGE_1),
            "stage-2-passed": lambda: self._held(ExternalAuditKind.STAGE_2),
            "statement-in-force": self._statement,
            "pack-ready": self._pack,
        }

    def line(self, step: WayStep, days: Mapping[str, date]) -> StepLine:
        """A step, with the day by which it must stand."""
        anchor = days.get(step.anchor)
        by = date.fromordinal(anchor.toordinal() - 7 * step.weeks_before) if anchor is not None else None
        shown = self.own[step.check]() if step.check in self.own else self._criterion(step.check)
        state = standing(met=bool(shown.met), by=by, today=self.today)
        return StepLine(step, by, state, shown, (by - self.today).days if by is not None else None)

    def _criterion(self, key: str) -> Shown:
        """What a criterion of a gate says; the last gate that asks for it."""
        if key not in gate_criteria:
            return Shown(None, _("Nothing here can see it yet."))
        criterion = gate_criteria[key]
        gate = max(criterion.gates)
        place = reverse("gate", args=[self.project.slug, gate])
        if criterion.compute is None:
            return Shown(None, _("Somebody says so at gate %(n)d.") % {"n": gate}, place, _("Gate"))
        reading = criterion.compute(self.project, gate, criterion.threshold, self.today)
        words = "; ".join(each for each in (reading.value, reading.detail) if each and each != "–")
        return Shown(reading.met, words, reading.url or place, reading.source)

    def _scope(self) -> Shown:
        return Shown(bool(self.path.scope_statement), Truncator(self.path.scope_statement).chars(120))

    def _compared(self) -> Shown:
        count = sum(each.amount is not None for each in self.bodies)
        words = ngettext("%(n)d quote", "%(n)d quotes", count) % {"n": count} if count else _("no quote yet")
        return Shown(count >= ENOUGH_QUOTES, words, "#quotes", _("Quotes"))

    def _chosen(self) -> Shown:
        body = next((each for each in self.bodies if each.state == BodyState.CHOSEN), None)
        return Shown(body is not None, body.name if body is not None else "", "#quotes", _("Quotes"))

    def _held(self, kind: str) -> Shown:
        rows = [each for each in self.audits if each.kind in (kind, ExternalAuditKind.FOLLOW_UP)]
        first = next((each for each in rows if each.kind == kind), None)
        if first is None:
            return Shown(False, _("not planned yet"), "#audits", _("Audits"))
        place = reverse("external_audit", args=[self.project.slug, first.ref])
        if first.state != ExternalAuditState.HELD:
            return Shown(False, str(ExternalAuditState(first.state).label).lower(), place, first.ref)
        follow_up = kind == ExternalAuditKind.STAGE_2 and any(
            each.kind == ExternalAuditKind.FOLLOW_UP and each.outcome in PASSED for each in rows
        )
        words = str(ExternalAuditOutcome(first.outcome).label).lower()
        return Shown(first.outcome in PASSED or follow_up, words, place, first.ref)

    def _statement(self) -> Shown:
        document = self.path.statement
        if document is None:
            return Shown(False, _("not begun yet"))
        document.project = self.project
        version = version_in_force(document)
        place = reverse("document", args=[self.project.slug, document.key])
        if version is None:
            return Shown(False, _("begun, not in force yet"), place, document.title)
        return Shown(True, f"{version.major}.{version.minor}", place, document.title)

    def _pack(self) -> Shown:
        count = EvidencePack.objects.filter(project=self.project, state=PackState.READY).count()
        return Shown(count > 0, ngettext("%(n)d pack", "%(n)d packs", count) % {"n": count} if count else _("none yet"))
