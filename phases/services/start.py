"""Starting a project: the catalogue becomes a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, open_stream, record_event
from common import clock
from common.exceptions import RuleBroken
from phases.choices import PhaseState
from phases.domain.schedule import DEFAULT_WEEKS, Row, Window, phase_windows, spread
from phases.models import Catalogue, CatalogueActivity, Phase, PhaseActivity, ProjectActivity
from phases.selectors.catalogue import CatalogueTexts, newest_catalogue, texts_of
from projects.choices import Edition, PartyKind, ProjectRole
from projects.models import Membership, Organization, Party, Project
from projects.permissions import can_start_project
from projects.services.guards import require, term_fields
from projects.services.scope import check_left_out
from projects.slugs import free_slug


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What is asked before a project starts. `weeks` is the length of phases 0 to 3."""

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
    weeks: Mapping[int, int] = field(default_factory=lambda: dict(DEFAULT_WEEKS))


def _check(plan: ProjectPlan) -> None:
    if not plan.name.strip():
        raise RuleBroken(_("Give the project a name."), field="name")
    if not plan.scope_statement.strip():
        raise RuleBroken(_("Say what the SMS covers. A project without a scope cannot be planned."), field="scope")
    if plan.edition not in Edition.values:
        raise RuleBroken(_("There is no such edition."), field="edition")
    if plan.time_zone not in available_timezones():
        raise RuleBroken(_("There is no such time zone."), field="time_zone")
    if not date(2000, 1, 1) <= plan.start <= date(2100, 1, 1):
        raise RuleBroken(_("The start lies outside the years 2000 to 2100."), field="start")
    check_left_out(plan.left_out)


@transaction.atomic
def start_project(
    *,
    acting_user: User | None,
    organization: Organization,
    plan: ProjectPlan,
    catalogue: Catalogue | None = None,
    slug: str = "",
) -> Project:
    """Make a project with its whole plan: phases, activities, phase activities with due dates.

    Who acts becomes its manager. The trail gets one event, with the hash of the catalogue. Raises NotPermitted
    for who may not start projects there, RuleBroken for a plan that is not sound or when no catalogue is loaded.
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
    texts = texts_of(chosen)
    project = Project.objects.create(
        organization=organization,
        slug=free_slug(Project, slug or slugify(plan.name)),
        name=plan.name.strip()[:120],
        scope_statement=plan.scope_statement.strip(),
        services=list(plan.services),
        delivered_by=plan.delivered_by.strip(),
        locations=list(plan.locations),
        customers=list(plan.customers),
        left_out=list(plan.left_out),
        other_parties=plan.other_parties,
        edition=plan.edition,
        time_zone=plan.time_zone,
        currency=plan.currency,
        start_date=plan.start,
        catalogue_pack=chosen.pack,
        catalogue_version=chosen.version,
        catalogue_sha256=chosen.sha256,
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
    Phase.objects.bulk_create(
        [
            Phase(project=project, number=number, start=window.start, end=window.end)
            for number, window in windows.items()
        ]
        + [Phase(project=project, number=4, start=None, end=None)]
    )
    if plan.start <= clock.today(plan.time_zone):
        Phase.objects.filter(project=project, number=0).update(state=PhaseState.ACTIVE, started_on=plan.start)
    count = _make_rows(project, chosen, texts, windows)
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
                "edition": project.edition,
                "time zone": project.time_zone,
                "currency": project.currency,
                "catalogue": f"{chosen.pack} {chosen.version}",
                "catalogue_sha256": chosen.sha256,
                "start": plan.start,
                "weeks": {str(number): weeks for number, weeks in plan.weeks.items()},
                "phase activities": count,
                "manager": acting_user.email if acting_user else None,
            },
        ),
    )
    return project


def _make_rows(project: Project, catalogue: Catalogue, texts: CatalogueTexts, windows: Mapping[int, Window]) -> int:
    ids = dict(CatalogueActivity.objects.filter(catalogue=catalogue).values_list("ref", "pk"))
    planned = [row for row in texts.activities.values() if not row.is_heading]
    activities = ProjectActivity.objects.bulk_create(
        ProjectActivity(
            project=project,
            catalogue_activity_id=ids[row.ref],
            ref=row.ref,
            component=row.component,
            position=row.position,
            nature=row.nature,
            is_key=row.is_key,
        )
        for row in planned
    )
    pairs = [
        (activity, row, number) for activity, row in zip(activities, planned, strict=True) for number in row.phases
    ]
    due = spread(
        (Row(key, number, row.nature, row.roles[0]) for key, (_activity, row, number) in enumerate(pairs)),
        windows,
    )
    instant = clock.now()
    PhaseActivity.objects.bulk_create(
        PhaseActivity(project=project, activity=activity, phase_number=number, due=due[key], status_since=instant)
        for key, (activity, _row, number) in enumerate(pairs)
    )
    return len(pairs)
