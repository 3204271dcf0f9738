"""The dates of a project as one person's calendar program shows them: days, and hours only of meetings.

A due date is a day in the project's time zone, and is given as that day: no program moves it by its own zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.models import Event
from common.mail import absolute_url
from phases.calendar_parts import CalendarThing, calendar_parts
from phases.choices import PHASE_NAMES, PhaseState, Status
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Package, Phase, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.my_work import own_parties
from projects.choices import CalendarContent
from projects.models import Project


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One day of the calendar. `uid` stays the same for the same thing; `sequence` grows when it changes.

    What takes hours of that day has `starts_at` and `ends_at`.
    """

    uid: str
    day: date
    title: str
    lines: tuple[str, ...]
    url: str
    sequence: int
    changed_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectCalendar:
    """What an address gives. `changed_at` is when anything in the project changed last."""

    name: str
    description: str
    time_zone: str
    changed_at: datetime
    entries: tuple[CalendarEntry, ...] = field(default=())


def project_calendar(project: Project, user: User, content: str) -> ProjectCalendar:
    """The open due dates of `user` in `project`, or the open packages of the plan; in both the ends of phases.

    Without what closed phases hold: what they left goes on in later rows. Four queries for one's own, five for the
    plan, however many rows there are, and those of the parts of higher apps.
    """
    phases = [phase for phase in Phase.objects.filter(project=project) if phase.state != PhaseState.CLOSED]
    ended = {phase.number: phase.end for phase in phases}
    if content == CalendarContent.PLAN:
        name = _("%(project)s: plan")
        description = _("Last days of the open packages, and of the phases, of %(project)s.")
        found = _packages(project, ended)
    else:
        name = _("%(project)s: my due dates")
        description = _("Your open due dates, and the last days of the phases, of %(project)s.")
        found = _own_rows(project, user, ended)
    for things in calendar_parts:
        found += things(project, user, content)
    changed = _changes(project, found)
    latest = Event.objects.filter(stream_id=project.uuid).order_by("-seq").values_list("at", flat=True)[:1]
    entries = [_entry(project, item, changed) for item in [*found, *_gates(project, phases)]]
    return ProjectCalendar(
        name=name % {"project": project.name},
        description=description % {"project": project.name},
        time_zone=project.time_zone,
        changed_at=next(iter(latest), project.created_at),
        entries=tuple(sorted(entries, key=lambda entry: (entry.day, entry.uid))),
    )


def _own_rows(project: Project, user: User, phases: Mapping[int, date | None]) -> list[CalendarThing]:
    texts = texts_for(project)
    rows = (
        PhaseActivity.objects.filter(
            project=project,
            status__in=OPEN_STATUSES,
            due__isnull=False,
            phase_number__in=list(phases),
            accountable__in=own_parties(user),
        )
        .select_related("activity", "accountable")
        .order_by("due", "activity__position", "pk")
    )
    found = []
    for row in rows:
        activity, party = row.activity, row.accountable
        title = activity.title or effective_text(texts, activity).title
        lines = [_status(row.status), _phase(row.phase_number)]
        if party is not None and party.user_id != user.pk:
            lines.append(_("Accountable: %(name)s") % {"name": party.name})
        found.append(
            CalendarThing(
                kind="phase activity",
                key=f"{activity.ref}@{row.phase_number}",
                uid=f"activity-{row.pk}",
                day=row.due,  # type: ignore[arg-type]  # rows without are filtered out
                title=f"{activity.ref} {title}",
                lines=tuple(lines),
                path=reverse("activity", args=[project.slug, activity.ref]),
                version=row.version,
                since=row.added_at,
            )
        )
    return found


def _packages(project: Project, phases: Mapping[int, date | None]) -> list[CalendarThing]:
    """Packages with open work. Their day is their own end, or that of their phase."""
    texts = texts_for(project)
    has_open = (
        PhaseActivity.objects.filter(project=project, status__in=OPEN_STATUSES, phase_number__in=list(phases))
        .order_by()
        .values_list("activity__component", "phase_number")
        .distinct()
    )
    keys = set(has_open)
    found = []
    for package in Package.objects.filter(project=project, phase_number__in=list(phases)).select_related("owner"):
        component, phase = package.component, package.phase_number
        day = package.end or phases[phase]
        if day is None or (component, phase) not in keys:
            continue
        known = texts.components.get(component)
        lines = [_phase(phase)]
        if package.owner is not None:
            lines.append(_("Owner: %(name)s") % {"name": package.owner.name})
        found.append(
            CalendarThing(
                kind="package",
                key=f"{component}@{phase}",
                uid=f"package-{package.pk}",
                day=day,
                title=_("%(package)s ends: %(title)s")
                % {"package": f"{component}.{phase}", "title": known.title if known else component},
                lines=tuple(lines),
                path=reverse("plan_package", args=[project.slug, component, phase]),
                version=package.version,
                since=project.created_at,
            )
        )
    return found


def _gates(project: Project, phases: Iterable[Phase]) -> list[CalendarThing]:
    return [
        CalendarThing(
            kind="phase",
            key=str(phase.number),
            uid=f"phase-{phase.pk}",
            day=phase.end,
            title=_("Gate %(number)d: %(name)s ends") % {"number": phase.number, "name": PHASE_NAMES[phase.number]},
            lines=(_("Phase: %(state)s") % {"state": PhaseState(phase.state).label.lower()},),
            path=reverse("board", args=[project.slug, phase.number]),
            version=phase.version,
            since=project.created_at,
        )
        for phase in phases
        if phase.end is not None
    ]


def _changes(project: Project, found: Iterable[CalendarThing]) -> Mapping[tuple[str, str], datetime]:
    """When each was last changed, after the trail. One query."""
    keys: dict[str, list[str]] = {}
    for item in found:
        keys.setdefault(item.kind, []).append(item.key)
    wanted = Q(kind="phase")
    for kind, names in keys.items():
        wanted |= Q(kind=kind, key__in=names)
    latest = Event.objects.filter(wanted, stream_id=project.uuid).order_by().values("kind", "key")
    return {(row["kind"], row["key"]): row["latest"] for row in latest.annotate(latest=Max(F("at")))}


def _entry(project: Project, item: CalendarThing, changed: Mapping[tuple[str, str], datetime]) -> CalendarEntry:
    url = absolute_url(item.path)
    return CalendarEntry(
        uid=f"{item.uid}@{project.uuid}",
        day=item.day,
        title=item.title,
        lines=(*item.lines, project.name, url),
        url=url,
        sequence=item.version - 1,
        changed_at=changed.get((item.kind, item.key), item.since),
        starts_at=item.starts_at,
        ends_at=item.ends_at,
    )


def _status(status: str) -> str:
    return _("Status: %(status)s") % {"status": Status(status).label.lower()}


def _phase(number: int) -> str:
    return _("Phase %(number)d, %(name)s") % {"number": number, "name": PHASE_NAMES[number]}
