"""The risk register of a project, alive from the first case to the end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from businesscase.choices import Impact, Probability, RiskCategory, RiskResponse, RiskState
from businesscase.models import Risk
from businesscase.permissions import can_work_on
from businesscase.risk_words import FIELD_TITLES, value_words
from businesscase.services import checks
from businesscase.services.rows import plain
from common import clock
from common.exceptions import RuleBroken
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability, write_versioned
from projects.services.refs import next_ref

MOST_RISKS = 500
LAST_REVIEW = date(2100, 12, 31)


@transaction.atomic
def report_risk(*, acting_user: User | None, project: Project, values: Mapping[str, Any]) -> Risk:
    """Put a risk into the register. One trail event.

    Everybody who works in the project may; only who manages risks settles response, owner and residual risk, others'
    values for these are passed over. Raises NotPermitted, RuleBroken, Party.DoesNotExist.
    """
    require_capability(acting_user, "risks.report", project)
    stored = _checked(project, values)
    if not access_to(project, acting_user).can("risks.manage"):
        stored = {name: value for name, value in stored.items() if name in REPORTED}
    if Risk.objects.filter(project=project).count() >= MOST_RISKS:
        raise RuleBroken(_("The register holds at most %(most)d risks.") % {"most": MOST_RISKS})
    risk = Risk.objects.create(
        project=project,
        ref=next_ref(project, "R"),
        reported_by=acting_user,
        reported_at=clock.now(),
        assessed_at=clock.now(),
        **stored,
    )
    said = {name: _plain(value) for name, value in stored.items() if value}
    _record(acting_user, risk, "report", said)
    return risk


@transaction.atomic
def change_risk(
    *, acting_user: User | None, project: Project, ref: str, version: int, values: Mapping[str, Any]
) -> Risk:
    """Change a risk that is open: its words, its assessment, its response. One trail event, or none.

    Who manages risks may, and who owns it. Raises NotPermitted, RuleBroken, StaleWrite, Risk.DoesNotExist.
    """
    require_capability(acting_user, "risks.report", project)
    risk = _own(project, ref)
    require(can_work_on(access_to(project, acting_user), acting_user, risk))
    if risk.state == RiskState.CLOSED:
        raise RuleBroken(_("This risk is closed. Open it again first."))
    stored = _checked(project, values)
    changes = {name: [_plain(getattr(risk, name)), _plain(value)] for name, value in stored.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and risk.version == version:
        return risk
    if {"probability", "impact"} & set(changes):
        stored |= {
            "was_probability": risk.probability,
            "was_impact": risk.impact,
            "assessed_at": clock.now(),
        }
    write_versioned(
        risk,
        version=version,
        values=stored,
        shown={str(FIELD_TITLES[name]): value_words(name, pair[0]) for name, pair in changes.items()},
        sent={str(FIELD_TITLES[name]): value_words(name, pair[1]) for name, pair in changes.items()},
    )
    _record(acting_user, risk, "change", changes)
    return risk


@transaction.atomic
def review_risk(*, acting_user: User | None, project: Project, ref: str, version: int, review_on: date | None) -> Risk:
    """Say that somebody looked at an open risk and that it stands as it is. `review_on` is the day of the next look.

    One trail event, also where the day stays. Raises NotPermitted, RuleBroken, StaleWrite, Risk.DoesNotExist.
    """
    require_capability(acting_user, "risks.report", project)
    risk = _own(project, ref)
    require(can_work_on(access_to(project, acting_user), acting_user, risk))
    if risk.state != RiskState.OPEN:
        raise RuleBroken(_("Only open risks are looked at again. Open it again first."))
    if review_on is None:
        raise RuleBroken(_("Give the day of the next look."), field="review_on")
    if review_on <= clock.today(project.time_zone):
        raise RuleBroken(_("The next look lies in the future."), field="review_on")
    _refuse_far(review_on)
    before = _plain(risk.review_on)
    write_versioned(
        risk,
        version=version,
        values={"review_on": review_on},
        shown={str(FIELD_TITLES["review_on"]): value_words("review_on", before)},
        sent={str(FIELD_TITLES["review_on"]): value_words("review_on", _plain(review_on))},
    )
    _record(acting_user, risk, "review", {"review_on": [before, _plain(review_on)]})
    return risk


@transaction.atomic
def settle_risk(
    *, acting_user: User | None, project: Project, ref: str, version: int, state: str, outcome: str = ""
) -> Risk:
    """Say that a risk happened, is closed, or is open again. `outcome` says what came of it; needed unless open.

    Raises NotPermitted, RuleBroken, StaleWrite, Risk.DoesNotExist.
    """
    require_capability(acting_user, "risks.report", project)
    risk = _own(project, ref)
    require(can_work_on(access_to(project, acting_user), acting_user, risk))
    if state not in RiskState.values:
        raise RuleBroken(_("There is no such state."), field="state")
    needed = "" if state == RiskState.OPEN else _("Say what came of it: people learn from it.")
    said = checks.text({"outcome": outcome}, "outcome", needed=needed)
    if state == risk.state and said == risk.outcome:
        return risk
    before = RiskState(risk.state)
    write_versioned(
        risk,
        version=version,
        values={"state": state, "outcome": said},
        shown={_("State"): before.label},
        sent={_("State"): RiskState(state).label},
    )
    _record(acting_user, risk, "settle", {"state": [before.value, state], "outcome": [None, said]})
    return risk


REPORTED = {"title", "category", "cause", "event", "effect", "probability", "impact", "challenge"}


def _own(project: Project, ref: str) -> Risk:
    risk = Risk.objects.select_related("owner").get(project=project, ref=ref)
    risk.project = project
    return risk


def _plain(value: Any) -> Any:
    """A value as the trail keeps it; days whole, where `plain` keeps the month alone."""
    return value.isoformat() if isinstance(value, date) else plain(value)


def _refuse_far(review_on: date) -> None:
    if review_on > LAST_REVIEW:
        raise RuleBroken(_("This is too far off."), field="review_on")


def _step(values: Mapping[str, Any], name: str, steps: Any, *, needed: bool) -> int | None:
    found = values.get(name)
    if found in (None, "") and not needed:
        return None
    if not isinstance(found, int) or found not in steps.values:
        raise RuleBroken(_("Choose one of the four steps."), field=name)
    return found


def _checked(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    response = str(values.get("response") or "")
    if response and response not in RiskResponse.values:
        raise RuleBroken(_("Choose one of the list."), field="response")
    review = values.get("review_on")
    if isinstance(review, date):
        _refuse_far(review)
    left = _step(values, "residual_probability", Probability, needed=False)
    harm = _step(values, "residual_impact", Impact, needed=False)
    if (left is None) != (harm is None):
        raise RuleBroken(
            _("Give both: how likely it stays and how much it would hurt."),
            field="residual_impact" if harm is None else "residual_probability",
        )
    return {
        "title": checks.line(values, "title", 160, needed=_("Say in a few words what may happen.")),
        "category": checks.choice(values, "category", RiskCategory),
        "cause": checks.text(values, "cause", 1000),
        "event": checks.text(values, "event", 1000),
        "effect": checks.text(values, "effect", 1000),
        "probability": _step(values, "probability", Probability, needed=True),
        "impact": _step(values, "impact", Impact, needed=True),
        "response": response,
        "response_text": checks.text(values, "response_text", 2000),
        "response_cost": checks.amount(values, "response_cost"),
        "residual_probability": left,
        "residual_impact": harm,
        "owner": checks.party(project, values, "owner"),
        "review_on": review if isinstance(review, date) else None,
        "challenge": checks.line(values, "challenge", 20),
    }


def _record(acting_user: User | None, risk: Risk, action: str, changes: Mapping[str, Any]) -> None:
    record_event(
        stream_id=risk.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "risk", risk.ref, risk.title, changes),
    )
