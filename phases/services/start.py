"""Starting a project: the catalogue becomes a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, open_stream, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from phases.choices import PhaseState
from phases.domain.schedule import DEFAULT_WEEKS, phase_windows
from phases.models import Catalogue, Phase, PlanRules
from phases.selectors.catalogue import SUPPLEMENT_PACK, newest_catalogue, texts_of, with_supplement
from phases.selectors.plan_state import calendar_of, dating_rules
from phases.services.make_rows import Ground, make_rows
from phases.services.placing import Method, WayOfWorking, about_way, check_way, planned_by
from phases.services.reasons import check_reason
from projects.choices import Edition, PartyKind, ProjectRole
from projects.models import Membership, Organization, Party, Project
from projects.permissions import can_start_project
from projects.services.guards import require, term_fields
from projects.services.scope import check_left_out
from projects.slugs import free_slug

NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What is asked before a project starts. `weeks` is the length of phases 0 to 3.

    `supplement_declined` is the reason why a plan for 2018 goes without the supplement; "" takes it.
    """

    name: str
    start: date
    scope_statement: str = ""
    services: Sequence[str] = ()
    delivered_by: str = ""
    locations: Sequence[str] = ()
    customers: Sequence[str] = ()
    left_out: Sequence[str] = ()
    other_parties: str = ""
    edition: str = Edition.E2018
    time_zone: str = "UTC"
    currency: str = "EUR"
    supplement_declined: str = ""
    weeks: Mapping[int, int] = field(default_factory=lambda: dict(DEFAULT_WEEKS))
    way: WayOfWorking = field(default_factory=WayOfWorking)


def _check(plan: ProjectPlan) -> None:
    if not clean_line(plan.name):
        raise RuleBroken(_("Give the project a name."), field="name")
    if len(clean_line(plan.name)) > NAME_LENGTH:
        raise RuleBroken(_("A name has %(most)d characters at most.") % {"most": NAME_LENGTH}, field="name")
    if not clean_text(plan.scope_statement):
        raise RuleBroken(_("Say what the SMS covers. A project without a scope cannot be planned."), field="scope")
    if plan.edition not in Edition.values:
        raise RuleBroken(_("There is no such edition."), field="edition")
    if plan.time_zone not in available_timezones():
        raise RuleBroken(_("There is no such time zone."), field="time_zone")
    if not date(2000, 1, 1) <= plan.start <= date(2100, 1, 1):
        raise RuleBroken(_("The start lies outside the years 2000 to 2100."), field="start")
    check_left_out(plan.left_out)
    if plan.supplement_declined:
        check_reason(plan.supplement_declined)


def _supplement(plan: ProjectPlan) -> Catalogue | None:
    if plan.edition != Edition.E2018 or plan.supplement_declined:
        return None
    return newest_catalogue(SUPPLEMENT_PACK)


def _about_supplement(project: Project, count: int) -> dict[str, Any]:
    """What the event says of the supplement: nothing where the plan has none and nobody declined it."""
    if project.supplement_pack:
        return {
            "supplement": count,
            "supplement pack": f"{project.supplement_pack} {project.supplement_version}",
            "supplement_sha256": project.supplement_sha256,
        }
    return {"supplement declined": project.supplement_declined} if project.supplement_declined else {}


@transaction.atomic
def start_project(
    *,
    acting_user: User | None,
    organization: Organization,
    plan: ProjectPlan,
    catalogue: Catalogue | None = None,
    slug: str = "",
    method: Method | None = None,
) -> Project:
    """Make a project with its whole plan: phases, activities, phase activities with due dates.

    A plan for the edition of 2018 gets the supplement too, where one is loaded and the plan does not decline it. Who
    acts becomes its manager. `method` is what an earlier plan gives (see `phases.services.reuse`). The trail gets one
    event, with the hash of each catalogue. Raises NotPermitted for who may not start projects there, RuleBroken for a
    plan that is not sound or when no catalogue is loaded.
    """
    require(can_start_project(acting_user, organization))
    _check(plan)
    chosen = catalogue or newest_catalogue()
    if chosen is None:
        raise RuleBroken(_("No catalogue is loaded. Run manage.py load_content first."))
    try:
        windows = phase_windows(plan.start, plan.weeks)
    except ValueError as error:
        raise RuleBroken(str(error), field="weeks") from error
    added = _supplement(plan)
    texts = texts_of(chosen)
    if added is not None:
        texts = with_supplement(texts, texts_of(added))
    way = check_way(plan.way, texts)
    project = Project.objects.create(
        organization=organization,
        slug=free_slug(Project, slug or slugify(plan.name)),
        name=clean_line(plan.name),
        scope_statement=clean_text(plan.scope_statement),
        services=[clean_line(text) for text in plan.services],
        delivered_by=clean_line(plan.delivered_by),
        locations=[clean_line(text) for text in plan.locations],
        customers=[clean_line(text) for text in plan.customers],
        left_out=[clean_line(text) for text in plan.left_out],
        other_parties=plan.other_parties,
        edition=plan.edition,
        time_zone=plan.time_zone,
        currency=plan.currency,
        start_date=plan.start,
        catalogue_pack=chosen.pack,
        catalogue_version=chosen.version,
        catalogue_sha256=chosen.sha256,
        supplement_pack=added.pack if added else "",
        supplement_version=added.version if added else "",
        supplement_sha256=added.sha256 if added else "",
        supplement_declined=clean_text(plan.supplement_declined) if plan.edition == Edition.E2018 else "",
        created_at=clock.now(),
    )
    if acting_user is not None:
        today = min(plan.start, clock.today(plan.time_zone))
        Membership.objects.create(
            project=project,
            user=acting_user,
            role=ProjectRole.MANAGER,
            **term_fields(today, None, plan.time_zone),
        )
        Party.objects.create(
            project=project,
            name=acting_user.name or acting_user.email,
            kind=PartyKind.PERSON,
            email=acting_user.email,
            user=acting_user,
        )
    rules = PlanRules.objects.create(project=project, **_rules(way, method))
    Phase.objects.bulk_create(
        [
            Phase(project=project, number=number, start=window.start, end=window.end)
            for number, window in windows.items()
        ]
        + [Phase(project=project, number=4, start=None, end=None)]
    )
    if plan.start <= clock.today(plan.time_zone):
        Phase.objects.filter(project=project, number=0).update(state=PhaseState.ACTIVE, started_on=plan.start)
    planned, placing = planned_by(texts, way, method)
    ground = Ground(windows, calendar=calendar_of(project), rules=dating_rules(rules))
    rows = make_rows(project, planned, texts, filter(None, (chosen, added)), ground, placing)
    extra = sum(row.activity.is_supplement for row in rows)
    open_stream(stream_id=project.uuid, kind="project", label=project.name)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "create",
            "project",
            project.slug,
            project.name,
            {
                "name": project.name,
                "organization": organization.name,
                "scope": project.scope_statement,
                "services": project.services,
                "delivered by": project.delivered_by,
                "locations": project.locations,
                "customers": project.customers,
                "left out": project.left_out,
                "edition": project.edition,
                "time zone": project.time_zone,
                "currency": project.currency,
                "catalogue": f"{chosen.pack} {chosen.version}",
                "catalogue_sha256": chosen.sha256,
                "start": plan.start,
                "weeks": {str(number): weeks for number, weeks in plan.weeks.items()},
                "phase activities": len(rows) - extra,
                **_about_supplement(project, extra),
                **about_way(way),
                **_about_method(method),
                "manager": acting_user.email if acting_user else None,
            },
        ),
    )
    return project


def _rules(way: WayOfWorking, method: Method | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "approach": way.approach,
        "component_phases": dict(way.component_phases),
        "very_small": way.very_small,
    }
    if method is not None:
        values |= {**method.rules, "made_from": method.source, "made_as": method.made_as}
    return values


def _about_method(method: Method | None) -> dict[str, Any]:
    """What the event says of an earlier project: its name only within the organization."""
    if method is None:
        return {}
    return {"made as": method.made_as, "made from": method.source.slug if method.source else None}
