"""New and changed services, from the wish to live use, and the one that is shown to auditors."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.certification_guide import steps, steps_for
from audits.choices import ServiceChangeKind, ServiceChangeState
from audits.domain.certifying import StepDone, lacking_for_live
from audits.models import ServiceChange, ServiceChangeEvidence, ServiceChangeStep
from audits.services.certification_checks import any_day, day_gone, owner_in, proof_of
from audits.services.certification_telling import differences, tell
from audittrail.services import Draft
from common import clock
from common.exceptions import RuleBroken
from governance.services.texts import line, lines
from projects.models import Party, Project
from projects.services.guards import lock_project, require_capability, write_versioned
from projects.services.refs import next_ref

KIND = "service change"


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What becomes of which service, who sees to it, and by when it is wanted."""

    kind: str
    service: str
    description: str = ""
    owner: Party | None = None
    wanted_by: date | None = None


@transaction.atomic
def begin_service_change(*, acting_user: User | None, project: Project, facts: ChangeFacts) -> ServiceChange:
    """Begin with a new or changed service; its steps are those of its kind. One trail event.

    Raises NotPermitted, RuleBroken at the field that is wrong, DoesNotExist for an owner of another project.
    """
    require_capability(acting_user, "services.change", project)
    values = _checked(project, facts)
    change = ServiceChange.objects.create(
        project=project, ref=next_ref(project, "S", series="service"), created_at=clock.now(), **values
    )
    ServiceChangeStep.objects.bulk_create(
        [ServiceChangeStep(project=project, change=change, key=step.key) for step in steps_for(change.kind)]
    )
    tell(acting_user, project, Draft("begin", KIND, change.ref, change.service, {"kind": [None, change.kind]}))
    return change


@transaction.atomic
def change_service_change(
    *, acting_user: User | None, change: ServiceChange, version: int, facts: ChangeFacts
) -> ServiceChange:
    """Change what is said of it; its kind stays, for the steps hang on it. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = _own(change)
    require_capability(acting_user, "services.change", fresh.project)
    if facts.kind != fresh.kind:
        raise RuleBroken(_("Its steps belong to its kind. Stop this one and begin another."), field="kind")
    values = _checked(fresh.project, facts)
    changes = differences(fresh, values)
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("Service"): fresh.service, _("What is wanted"): fresh.description},
        sent={_("Service"): values["service"], _("What is wanted"): values["description"]},
    )
    tell(acting_user, fresh.project, Draft("change", KIND, fresh.ref, fresh.service, changes))
    return fresh


@transaction.atomic
def note_step(
    *,
    acting_user: User | None,
    change: ServiceChange,
    key: str,
    version: int,
    words: str,
    done_on: date | None = None,
    evidence: str = "",
) -> ServiceChangeStep:
    """Say that a step was done, when (today) and how, with an item of evidence where there is one. One trail event.

    Said again, the new words and day take the place of the old. Raises NotPermitted, StaleWrite, RuleBroken without
    words, for a day to come, or where the service is stopped.
    """
    fresh = _own(change)
    project = fresh.project
    require_capability(acting_user, "services.change", project)
    step = ServiceChangeStep.objects.filter(change=fresh, key=key).first()
    if step is None:
        raise ServiceChangeStep.DoesNotExist
    if fresh.state == ServiceChangeState.STOPPED:
        raise RuleBroken(_("It was stopped."))
    said = lines(words, "words", 2000, needed=_("Say what was done, and by whom."))
    day = day_gone(done_on, "done_on", project)
    item = proof_of(acting_user, project, evidence, "evidence")
    write_versioned(
        step,
        version=version,
        values={"done_on": day, "words": said, "done_by": acting_user},
        shown={_("What was done"): step.words, _("Done on"): step.done_on or ""},
        sent={_("What was done"): said, _("Done on"): day},
    )
    changes: dict[str, object] = {"step": [None, steps()[key].title], "done on": [None, day.isoformat()]}
    if item is not None:
        ServiceChangeEvidence.objects.get_or_create(
            item=item,
            step=step,
            defaults={"project": project, "added_by": acting_user, "added_at": clock.now()},
        )
        changes["item"] = [None, item.key]
    tell(acting_user, project, Draft("step", KIND, fresh.ref, fresh.service, changes))
    return step


@transaction.atomic
def settle_service_change(
    *, acting_user: User | None, change: ServiceChange, version: int, state: str, words: str = ""
) -> ServiceChange:
    """Let a service go live once what must come before is done; or stop it, with words; or take it up again.

    One trail event. Raises NotPermitted, StaleWrite, RuleBroken that names the steps that lack.
    """
    fresh = _own(change)
    require_capability(acting_user, "services.change", fresh.project)
    if state not in ServiceChangeState.values or state == fresh.state:
        raise RuleBroken(_("It stands so already."), field="state")
    if state == ServiceChangeState.LIVE:
        said = line(words, "words", 300)
        if lacking := lacking_steps(fresh):
            names = ", ".join(steps()[key].title for key in lacking)
            raise RuleBroken(_("Before it goes live, this must be done: %(names)s.") % {"names": names}, field="state")
    else:
        said = line(words, "words", 300, needed=_("Say why: it stays on the list with your words."))
    before = fresh.state
    write_versioned(
        fresh,
        version=version,
        values={"state": state, "state_reason": said},
        shown={_("State"): ServiceChangeState(before).label},
        sent={_("State"): ServiceChangeState(state).label},
    )
    action = {"live": "go live", "stopped": "stop", "open": "take up"}[state]
    tell(acting_user, fresh.project, Draft(action, KIND, fresh.ref, fresh.service, {"state": [before, state]}, said))
    return fresh


@transaction.atomic
def show_as_case(*, acting_user: User | None, change: ServiceChange, version: int) -> ServiceChange:
    """Make it the one that is shown to auditors, in place of another. One trail event, or none.

    Raises NotPermitted, StaleWrite.
    """
    fresh = _own(change)
    project = fresh.project
    require_capability(acting_user, "services.change", project)
    if fresh.is_case:
        return fresh
    for other in ServiceChange.objects.filter(project=project, is_case=True):
        write_versioned(other, version=other.version, values={"is_case": False}, shown={}, sent={})
    write_versioned(
        fresh,
        version=version,
        values={"is_case": True},
        shown={_("Case"): _("no")},
        sent={_("Case"): _("yes")},
    )
    tell(acting_user, project, Draft("show", KIND, fresh.ref, fresh.service, {}))
    return fresh


def lacking_steps(change: ServiceChange) -> list[str]:
    """The keys of steps without which it cannot go live. One query."""
    guide = steps()
    return lacking_for_live(
        [
            StepDone(step.key, guide[step.key].is_before_live, step.done_on is not None)
            for step in sorted(change.steps.all(), key=lambda each: list(guide).index(each.key))
        ]
    )


def _own(change: ServiceChange) -> ServiceChange:
    """The row as it stands now, its project locked for the rest of the transaction."""
    project = change.project
    lock_project(project)
    fresh = ServiceChange.objects.select_related("owner").get(pk=change.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def _checked(project: Project, facts: ChangeFacts) -> dict[str, object]:
    if facts.kind not in ServiceChangeKind.values:
        raise RuleBroken(_("Choose what becomes of the service."), field="kind")
    return {
        "kind": facts.kind,
        "service": line(facts.service, "service", 160, needed=_("Name the service.")),
        "description": lines(facts.description, "description", 4000),
        "owner": owner_in(project, facts.owner),
        "wanted_by": any_day(facts.wanted_by, "wanted_by"),
    }
