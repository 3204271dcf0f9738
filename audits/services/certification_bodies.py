"""The bodies that were asked for a quote, and the one that is chosen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import BodyState
from audits.models import CertificationBody
from audits.services.certification_checks import amount, any_day, proof_of
from audits.services.certification_telling import differences, tell
from audittrail.services import Draft
from common.exceptions import RuleBroken
from governance.services.texts import line, lines
from projects.models import Project
from projects.services.guards import lock_project, require_capability, write_versioned

KIND = "certification body"


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What is known of a body. With an amount it has quoted; `quote` is the key of the item that holds it."""

    name: str
    accredited_by: str = ""
    contact: str = ""
    stage_days: Decimal | None = None
    yearly_days: Decimal | None = None
    amount: Decimal | None = None
    quoted_on: date | None = None
    valid_until: date | None = None
    notes: str = ""
    quote: str = ""


@transaction.atomic
def add_body(*, acting_user: User | None, project: Project, facts: BodyFacts) -> CertificationBody:
    """Put a body on the list. One trail event. Raises NotPermitted, RuleBroken at the field that is wrong."""
    require_capability(acting_user, "certification.manage", project)
    values = _checked(acting_user, project, facts)
    _refuse_twice(project, str(values["name"]))
    state = BodyState.QUOTED if values["amount"] is not None else BodyState.ASKED
    body = CertificationBody.objects.create(project=project, state=state, **values)
    tell(acting_user, project, Draft("ask", KIND, str(body.pk), body.name, {"state": [None, body.state]}))
    return body


@transaction.atomic
def change_body(
    *, acting_user: User | None, body: CertificationBody, version: int, facts: BodyFacts
) -> CertificationBody:
    """Change what is known of a body; one that names an amount has quoted. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = _own(body)
    require_capability(acting_user, "certification.manage", fresh.project)
    values = _checked(acting_user, fresh.project, facts)
    _refuse_twice(fresh.project, str(values["name"]), fresh.pk)
    if fresh.state == BodyState.ASKED and values["amount"] is not None:
        values["state"] = BodyState.QUOTED
    changes = differences(fresh, values)
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("Name"): fresh.name, _("Amount"): fresh.amount or "", _("Notes"): fresh.notes},
        sent={_("Name"): values["name"], _("Amount"): values["amount"] or "", _("Notes"): values["notes"]},
    )
    tell(acting_user, fresh.project, Draft("change", KIND, str(fresh.pk), fresh.name, changes))
    return fresh


@transaction.atomic
def settle_body(
    *, acting_user: User | None, body: CertificationBody, version: int, state: str, why: str
) -> CertificationBody:
    """Choose a body, or let it go, with words. The one chosen before stays on the list as quoted. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without words, or for a body that never quoted.
    """
    fresh = _own(body)
    project = fresh.project
    require_capability(acting_user, "certification.manage", project)
    if state not in (BodyState.CHOSEN, BodyState.DECLINED):
        raise RuleBroken(_("Choose it, or let it go."), field="state")
    if state == fresh.state:
        raise RuleBroken(_("It stands so already."))
    if state == BodyState.CHOSEN and fresh.amount is None:
        raise RuleBroken(_("It has not quoted yet. Enter what it costs first."), field="state")
    said = line(why, "why", 300, needed=_("Say why: who pays will ask."))
    if state == BodyState.CHOSEN:
        for other in CertificationBody.objects.filter(project=project, state=BodyState.CHOSEN).exclude(pk=fresh.pk):
            write_versioned(
                other,
                version=other.version,
                values={"state": BodyState.QUOTED, "state_reason": ""},
                shown={},
                sent={},
            )
    before = fresh.state
    write_versioned(
        fresh,
        version=version,
        values={"state": state, "state_reason": said},
        shown={_("State"): BodyState(before).label},
        sent={_("State"): BodyState(state).label},
    )
    action = "choose" if state == BodyState.CHOSEN else "decline"
    tell(acting_user, project, Draft(action, KIND, str(fresh.pk), fresh.name, {"state": [before, state]}, said))
    return fresh


def _own(body: CertificationBody) -> CertificationBody:
    """The body as it stands now, its project locked for the rest of the transaction."""
    project = body.project
    lock_project(project)
    fresh = CertificationBody.objects.get(pk=body.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def _refuse_twice(project: Project, name: str, but: int = 0) -> None:
    if CertificationBody.objects.filter(project=project, name__iexact=name).exclude(pk=but).exists():
        raise RuleBroken(_("This body is on the list already."), field="name")


def _checked(acting_user: User | None, project: Project, facts: BodyFacts) -> dict[str, object]:
    quoted_on, valid_until = any_day(facts.quoted_on, "quoted_on"), any_day(facts.valid_until, "valid_until")
    if quoted_on is not None and valid_until is not None and valid_until < quoted_on:
        raise RuleBroken(_("The quote would end before it was made."), field="valid_until")
    return {
        "name": line(facts.name, "name", 120, needed=_("Name the body.")),
        "accredited_by": line(facts.accredited_by, "accredited_by", 120),
        "contact": line(facts.contact, "contact", 160),
        "stage_days": _days(facts.stage_days, "stage_days"),
        "yearly_days": _days(facts.yearly_days, "yearly_days"),
        "amount": amount(facts.amount, "amount"),
        "quoted_on": quoted_on,
        "valid_until": valid_until,
        "notes": lines(facts.notes, "notes", 2000),
        "quote": proof_of(acting_user, project, facts.quote, "quote"),
    }


def _days(value: Decimal | None, field: str) -> Decimal | None:
    if value is not None and not 0 < value < 1000:
        raise RuleBroken(_("Give days between 0 and 1000."), field=field)
    return value
