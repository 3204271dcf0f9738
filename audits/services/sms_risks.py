"""Risks and opportunities of the SMS and its services: kept, treated, accepted, looked at again, settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import RiskKind, SmsRiskState, Treatment
from audits.models import SmsRisk
from audits.review_permissions import may_keep_sms_risk
from audittrail.services import Draft, record_event
from businesscase.choices import RiskResponse, RiskState
from businesscase.domain.risks import Level, level_of
from businesscase.models import Risk
from common import clock
from common.exceptions import RuleBroken
from governance.services.texts import line, lines
from phases.selectors.clauses import clause_titles
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY, lock_project, require, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "sms risk"
STEPS = (1, 2, 3, 4)
#: What can be done about each kind. Accepting an opportunity is letting it pass.
TREATMENTS: Mapping[str, frozenset[str]] = {
    RiskKind.RISK: frozenset({Treatment.AVOID, Treatment.REDUCE, Treatment.SHARE, Treatment.ACCEPT}),
    RiskKind.OPPORTUNITY: frozenset({Treatment.PURSUE, Treatment.SHARE, Treatment.ACCEPT}),
}
#: What somebody accepted; where one of these changes, the acceptance ends.
ASSESSED = ("probability", "impact", "treatment", "treatment_words", "residual_probability", "residual_impact")
RESPONSES: Mapping[str, str] = {
    RiskResponse.AVOID: Treatment.AVOID,
    RiskResponse.REDUCE: Treatment.REDUCE,
    RiskResponse.SHARE: Treatment.SHARE,
    RiskResponse.ACCEPT: Treatment.ACCEPT,
}


@dataclass(frozen=True, slots=True)
class SmsRiskFacts:
    """What somebody says of a risk. `probability` and `impact` go from 1 to 4, as the residual ones do."""

    title: str
    probability: int
    impact: int
    kind: str = RiskKind.RISK
    clause: str = ""
    service: str = ""
    cause: str = ""
    effect: str = ""
    treatment: str = Treatment.UNDECIDED
    treatment_words: str = ""
    residual_probability: int | None = None
    residual_impact: int | None = None
    owner: Party | None = None
    review_on: date | None = None


@transaction.atomic
def keep_sms_risk(
    *, acting_user: User | None, project: Project, facts: SmsRiskFacts, taken_from: Risk | None = None
) -> SmsRisk:
    """Put a risk on the register of the SMS; `taken_from` names the risk of the project that it goes on from.

    One trail event. Raises NotPermitted, RuleBroken at the field that is wrong, Risk.DoesNotExist.
    """
    require_capability(acting_user, "smsrisks.manage", project)
    if taken_from is not None and taken_from.project_id != project.pk:
        raise Risk.DoesNotExist
    values = _checked(project, facts)
    row = SmsRisk.objects.create(project=project, ref=next_ref(project, "SR"), created_at=clock.now(), **values)
    said = {name: _plain(value) for name, value in values.items() if value not in ("", None)}
    _record(acting_user, row, "keep", said | ({"from": taken_from.ref} if taken_from is not None else {}))
    return row


@transaction.atomic
def change_sms_risk(
    *, acting_user: User | None, project: Project, ref: str, version: int, facts: SmsRiskFacts
) -> SmsRisk:
    """Change a risk that is open. Where its assessment or treatment changes, an acceptance ends. One trail event.

    Who keeps risks may, and its owner. Raises NotPermitted, RuleBroken, StaleWrite, SmsRisk.DoesNotExist.
    """
    row = _own(project, ref)
    require(may_keep_sms_risk(row, access_to(project, acting_user)))
    if row.version == version and row.state == SmsRiskState.CLOSED:
        raise RuleBroken(_("It is closed. Open it again first."))
    values = _checked(project, facts, was=row)
    changes = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and row.version == version:
        return row
    stored = dict(values)
    if {"probability", "impact"} & set(changes):
        stored |= {"was_probability": row.probability, "was_impact": row.impact}
    ends = row.accepted_at is not None and bool(set(ASSESSED) & set(changes))
    if ends:
        stored |= {"accepted_by": None, "accepted_at": None}
    labels = field_labels()
    write_versioned(
        row,
        version=version,
        values=stored,
        shown={labels[name]: "" if pair[0] is None else pair[0] for name, pair in changes.items()},
        sent={labels[name]: "" if pair[1] is None else pair[1] for name, pair in changes.items()},
    )
    _record(acting_user, row, "change", changes | ({"acceptance ended": True} if ends else {}))
    return row


@transaction.atomic
def accept_sms_risk(*, acting_user: User | None, project: Project, ref: str, version: int, words: str = "") -> SmsRisk:
    """Accept what is left of a risk once it is treated; words are needed where that is high. One trail event.

    Raises NotPermitted, StaleWrite, SmsRisk.DoesNotExist; RuleBroken without a treatment, or for one that is settled.
    """
    require_capability(acting_user, "smsrisks.accept", project)
    row = _own(project, ref)
    _refuse_settled(row, version)
    if row.treatment == Treatment.UNDECIDED:
        raise RuleBroken(_("Nothing is decided about it yet: say first how it is treated."))
    level = level_of(*left_of(row))
    needed = _("What is left is high. Say why it can be borne.") if level is Level.HIGH else ""
    said = line(words, "words", 300, needed=needed)
    at = clock.now()
    write_versioned(
        row,
        version=version,
        values={"accepted_by": acting_user, "accepted_at": at},
        shown={_("Accepted by"): row.accepted_by or ""},
        sent={_("Accepted by"): acting_user or ""},
    )
    _record(acting_user, row, "accept", {"left": level.value}, said)
    return row


@transaction.atomic
def look_at_sms_risk(
    *, acting_user: User | None, project: Project, ref: str, version: int, review_on: date | None
) -> SmsRisk:
    """Say that a risk stands as it is, and when somebody looks again. One trail event.

    Raises NotPermitted, RuleBroken, StaleWrite, SmsRisk.DoesNotExist.
    """
    row = _own(project, ref)
    require(may_keep_sms_risk(row, access_to(project, acting_user)))
    _refuse_settled(row, version)
    if review_on is None:
        raise RuleBroken(_("Give the day of the next look."), field="review_on")
    if review_on <= clock.today(project.time_zone):
        raise RuleBroken(_("The next look lies in the future."), field="review_on")
    if review_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="review_on")
    before = _plain(row.review_on)
    write_versioned(
        row,
        version=version,
        values={"review_on": review_on},
        shown={_("Next look"): before or ""},
        sent={_("Next look"): _plain(review_on)},
    )
    _record(acting_user, row, "look", {"review_on": [before, _plain(review_on)]})
    return row


@transaction.atomic
def settle_sms_risk(
    *, acting_user: User | None, project: Project, ref: str, version: int, state: str, outcome: str = ""
) -> SmsRisk:
    """Say that a risk happened, is closed, or is open again. Words are needed unless it opens. One trail event.

    Raises NotPermitted, RuleBroken, StaleWrite, SmsRisk.DoesNotExist.
    """
    row = _own(project, ref)
    require(may_keep_sms_risk(row, access_to(project, acting_user)))
    if state not in SmsRiskState.values:
        raise RuleBroken(_("There is no such state."), field="state")
    needed = "" if state == SmsRiskState.OPEN else _("Say what came of it: the next review asks.")
    said = lines(outcome, "outcome", 2000, needed=needed)
    before = SmsRiskState(row.state)
    write_versioned(
        row,
        version=version,
        values={"state": state, "outcome": said},
        shown={_("State"): before.label},
        sent={_("State"): SmsRiskState(state).label},
    )
    _record(acting_user, row, "settle", {"state": [before.value, state]}, said[:300])
    return row


def facts_from(risk: Risk) -> SmsRiskFacts:
    """A risk of the project as one of the SMS begins, where it is taken over."""
    words = risk.cause if not risk.event else f"{risk.cause}\n{risk.event}".strip()
    return SmsRiskFacts(
        title=risk.title,
        probability=risk.probability,
        impact=risk.impact,
        cause=words,
        effect=risk.effect,
        treatment=RESPONSES.get(risk.response, Treatment.UNDECIDED),
        treatment_words=risk.response_text,
        residual_probability=risk.residual_probability,
        residual_impact=risk.residual_impact,
        owner=risk.owner if risk.owner is not None and risk.owner.is_active else None,
        review_on=risk.review_on,
    )


def open_risks_of_project(project: Project) -> list[Risk]:
    """The risks of the project that could go on as risks of the SMS. One query."""
    return list(Risk.objects.filter(project=project, state=RiskState.OPEN).select_related("owner"))


def left_of(row: SmsRisk) -> tuple[int, int]:
    """Probability and impact once it is treated; as it is now where nobody assessed that."""
    if row.residual_probability and row.residual_impact:
        return row.residual_probability, row.residual_impact
    return row.probability, row.impact


def field_labels() -> Mapping[str, str]:
    """What the fields of a risk are called."""
    return {
        "kind": _("Kind"),
        "title": _("What may happen"),
        "clause": _("Clause"),
        "service": _("Service"),
        "cause": _("Cause"),
        "effect": _("Effect"),
        "probability": _("How likely it is"),
        "impact": _("How much it would hurt"),
        "treatment": _("Treatment"),
        "treatment_words": _("What is done"),
        "residual_probability": _("How likely it stays"),
        "residual_impact": _("How much it would hurt then"),
        "owner": _("Owner"),
        "review_on": _("Next look"),
    }


def _own(project: Project, ref: str) -> SmsRisk:
    """The risk as it stands now, its project locked for the rest of the transaction."""
    lock_project(project)
    row = SmsRisk.objects.select_related("owner", "accepted_by").get(project=project, ref=ref)
    row.project = project
    return row


def _refuse_settled(row: SmsRisk, version: int) -> None:
    if row.version == version and row.state != SmsRiskState.OPEN:
        raise RuleBroken(_("Only what is open can be looked at and accepted. Open it again first."))


def _checked(project: Project, facts: SmsRiskFacts, was: SmsRisk | None = None) -> dict[str, Any]:
    if facts.kind not in RiskKind.values:
        raise RuleBroken(_("Choose one of the list."), field="kind")
    for name in ("probability", "impact", "residual_probability", "residual_impact"):
        value = getattr(facts, name)
        if value not in STEPS and not (value is None and name.startswith("residual")):
            raise RuleBroken(_("Choose one of the four steps."), field=name)
    if (facts.residual_probability is None) != (facts.residual_impact is None):
        missing = "residual_impact" if facts.residual_impact is None else "residual_probability"
        raise RuleBroken(_("Give both: how likely it stays and how much it would hurt."), field=missing)
    if facts.treatment and facts.treatment not in TREATMENTS[facts.kind]:
        raise RuleBroken(
            _("An opportunity is pursued, shared, or let pass.")
            if facts.kind == RiskKind.OPPORTUNITY
            else _("A risk is avoided, reduced, shared or accepted."),
            field="treatment",
        )
    if facts.clause and facts.clause not in clause_titles()[project.edition]:
        raise RuleBroken(_("There is no such clause in this edition."), field="clause")
    owner = facts.owner
    if owner is not None and owner.project_id != project.pk:
        raise Party.DoesNotExist
    if owner is not None and not owner.is_active and (was is None or was.owner_id != owner.pk):
        raise RuleBroken(_("Choose a party of this project."), field="owner")
    if facts.review_on is not None and facts.review_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="review_on")
    needed = _("Say what is done about it.") if facts.treatment else ""
    return {
        "kind": facts.kind,
        "title": line(facts.title, "title", 160, needed=_("Say in a few words what may happen.")),
        "clause": facts.clause,
        "service": line(facts.service, "service", 120),
        "cause": lines(facts.cause, "cause", 2000),
        "effect": lines(facts.effect, "effect", 2000),
        "probability": facts.probability,
        "impact": facts.impact,
        "treatment": facts.treatment,
        "treatment_words": lines(facts.treatment_words, "treatment_words", 2000, needed=needed),
        "residual_probability": facts.residual_probability,
        "residual_impact": facts.residual_impact,
        "owner": owner,
        "review_on": facts.review_on,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Party) else value


def _record(acting_user: User | None, row: SmsRisk, action: str, changes: Mapping[str, Any], reason: str = "") -> None:
    record_event(
        stream_id=row.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, row.ref, row.title[:120], dict(changes), reason),
    )
