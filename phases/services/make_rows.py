"""From texts of a catalogue to rows of a plan: the one way in which both a new and a running project get them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from common import clock
from phases.domain.planning import Ground as DatingGround
from phases.domain.planning import Row, Rules, due_days
from phases.domain.responsibility import Answer, People, Place, answer_for
from phases.domain.schedule import Window
from phases.domain.working_days import WorkingDays
from phases.models import (
    ActivityLink,
    Catalogue,
    CatalogueActivity,
    Contributor,
    Package,
    PhaseActivity,
    ProjectActivity,
)
from phases.selectors.catalogue import ActivityText, CatalogueTexts
from projects.models import Party, Project


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity, and the phases in which the plan shall have it."""

    text: ActivityText
    phases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Why a phase activity stands where the catalogue has none: `origin`, from which phase, and a justification."""

    origin: str
    from_phase: int | None = None
    why: str = ""


# By ref and phase.
Placing = Mapping[tuple[str, int], Placed]
AS_IN_CATALOGUE = Placed("")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows are put into: windows of phases, days that are given away, who is named, and how the plan dates.

    `busy` are due dates by who has them: the id of a party, or a role that nobody has. `role_map` says who takes a role
    in a component (or "", all), `parts` how further parties (by id) take part, `owners` who owns a package (component,
    phase). `packages` are the windows of packages with dates of their own. A row of a phase without a window, or one
    that is over by `today`, gets no due date; `today` None dates a plan as from its beginning.
    """

    windows: Mapping[int, Window]
    busy: Mapping[int | str, Iterable[date]] = field(default_factory=dict)
    role_map: Mapping[Place, Party] = field(default_factory=dict)
    parts: Mapping[Place, Mapping[int, str]] = field(default_factory=dict)
    owners: Mapping[tuple[str, int], Party] = field(default_factory=dict)
    packages: Mapping[tuple[str, int], Window] = field(default_factory=dict)
    calendar: WorkingDays = field(default_factory=WorkingDays)
    rules: Rules = field(default_factory=Rules)
    today: date | None = None

    def answers(self, pairs: Iterable[tuple[ActivityText, int]]) -> list[Answer]:
        """Who answers for each of `pairs` (an activity, a phase) that nobody has given out by hand."""
        people = People({place: party.pk for place, party in self.role_map.items()}, self.parts)
        owners = {place: party.pk for place, party in self.owners.items()}
        return [
            answer_for(people, text.roles, text.component, package_owner=owners.get((text.component, number)))
            for text, number in pairs
        ]

    def dates(self, rows: Sequence[Row]) -> dict[int, date]:
        """A due date for each of `rows` (keys from 0 on), beside what is given away already."""
        if not self.windows:
            return {}
        given = [
            # Of a day that is given away only whose it is counts.
            Row(-1 - number, min(self.windows), "define", bearer, fixed=day)
            for number, (bearer, day) in enumerate((b, day) for b, days in self.busy.items() for day in days)
        ]
        ground = DatingGround(self.windows, self.packages, self.calendar, self.rules, today=self.today)
        return due_days([*given, *rows], ground)


def make_rows(
    project: Project,
    planned: Sequence[Planned],
    texts: CatalogueTexts,
    catalogues: Iterable[Catalogue],
    ground: Ground,
    placing: Placing | None = None,
) -> list[PhaseActivity]:
    """Make the activities of `planned` and their phase activities, all dated together.

    `texts` are those of the project, `catalogues` the versions in which the activities stand; `placing` says why rows
    stand where the catalogue has none. Returns the phase activities in the order of `planned`.
    """
    ids = dict(CatalogueActivity.objects.filter(catalogue__in=list(catalogues)).values_list("ref", "pk"))
    activities = ProjectActivity.objects.bulk_create(
        ProjectActivity(
            project=project,
            catalogue_activity_id=ids[row.text.ref],
            ref=row.text.ref,
            component=row.text.component,
            position=row.text.position,
            nature=row.text.nature,
            is_key=row.text.is_key,
            is_supplement=texts.is_supplement(row.text.ref),
        )
        for row in planned
    )
    _link(project, activities, planned)
    pairs = [
        (activity, row.text, number) for activity, row in zip(activities, planned, strict=True) for number in row.phases
    ]
    return add_phases(project, pairs, ground, placing)


def _link(project: Project, activities: Sequence[ProjectActivity], planned: Sequence[Planned]) -> None:
    """Let each activity wait for the one that it succeeds in the catalogue, where the plan gets both."""
    by_ref = {activity.ref: activity for activity in activities}
    ActivityLink.objects.bulk_create(
        ActivityLink(project=project, before=by_ref[row.text.succeeds], after=by_ref[row.text.ref], from_catalogue=True)
        for row in planned
        if row.text.succeeds in by_ref
    )


def make_packages(project: Project, places: Iterable[tuple[str, int]]) -> None:
    """Make the packages of `places` (component, phase) that the plan lacks. They follow their phases."""
    Package.objects.bulk_create(
        [
            Package(project=project, component=component, phase_number=number)
            for component, number in dict.fromkeys(places)
        ],
        ignore_conflicts=True,
    )


def add_phases(
    project: Project,
    pairs: Sequence[tuple[ProjectActivity, ActivityText, int]],
    ground: Ground,
    placing: Placing | None = None,
) -> list[PhaseActivity]:
    """Make a phase activity for each of `pairs` (an activity, its text, the phase), all dated together, in order."""
    parties = {party.pk: party for party in (*ground.role_map.values(), *ground.owners.values())}
    answers = ground.answers((text, number) for _activity, text, number in pairs)
    placed = [(placing or {}).get((activity.ref, number), AS_IN_CATALOGUE) for activity, _text, number in pairs]
    due = ground.dates(
        [
            Row(key, number, text.nature, answer.accountable or next(iter(text.roles), ""), text.component)
            for key, ((_activity, text, number), answer) in enumerate(zip(pairs, answers, strict=True))
        ]
    )
    make_packages(project, ((activity.component, number) for activity, _text, number in pairs))
    instant = clock.now()
    made = PhaseActivity.objects.bulk_create(
        PhaseActivity(
            project=project,
            activity=activity,
            phase_number=number,
            due=due.get(key),
            status_since=instant,
            accountable=parties[answer.accountable] if answer.accountable is not None else None,
            assigned_by=answer.assigned_by,
            origin=placed[key].origin,
            origin_phase=placed[key].from_phase,
            tailored_why=placed[key].why,
        )
        for key, ((activity, _text, number), answer) in enumerate(zip(pairs, answers, strict=True))
    )
    Contributor.objects.bulk_create(
        Contributor(project=project, phase_activity=row, party_id=helper)
        for row, answer in zip(made, answers, strict=True)
        for helper in answer.contributors
    )
    return made
