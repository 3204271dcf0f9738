"""What a newer version of its catalogue or supplement means for one project, item by item."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q

from common.canonical import sha256_of
from phases.choices import PhaseState, Status
from phases.domain.transitions import transition
from phases.domain.versions import Asked, plan_change, version_key
from phases.models import Catalogue, Phase, PhaseActivity, ProjectActivity
from phases.selectors.catalogue import ActivityText, CatalogueTexts, texts_of
from phases.selectors.catalogue_versions import ChangeView, change_view, compare_texts
from phases.selectors.dashboard import current_phase
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Step:
    """A pack of a project that has something new: the version the plan stands on and the one it could move to.

    Both are the same where the plan is up to date but left activities of it out.
    """

    pinned: Catalogue
    target: Catalogue
    is_supplement: bool

    @property
    def is_newer(self) -> bool:
        """Whether it leads to another version."""
        return self.pinned.pk != self.target.pk


@dataclass(frozen=True, slots=True)
class Held:
    """A phase activity of the plan, as far as a move touches it; `can_drop` where it may become not applicable."""

    pk: int
    version: int
    phase: int
    status: str
    can_drop: bool


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity that the plan lacks. `phases` are those it would come into; none where all phases are closed.

    `elsewhere`: it is marked only in closed phases, so it would come into the current one. `own` is the id of an
    activity of the plan's own with the same reference, which would become the catalogue's again.
    """

    text: ActivityText
    phases: tuple[int, ...]
    elsewhere: bool
    own: int | None = None


@dataclass(frozen=True, slots=True)
class GoneActivity:
    """An activity of the plan that the newer version no longer has."""

    pk: int
    text: ActivityText
    rows: tuple[Held, ...]

    @property
    def droppable(self) -> tuple[Held, ...]:
        """The rows that may become not applicable: none of closed phases, nor what is done."""
        return tuple(row for row in self.rows if row.can_drop)


@dataclass(frozen=True, slots=True)
class NewMark:
    """A phase in which the newer version asks for an activity that the plan has; `is_closed` and it stays out."""

    activity: int
    text: ActivityText
    phase: int
    is_closed: bool

    @property
    def note(self) -> str:
        """What is asked there."""
        return self.text.phase_notes.get(self.phase, "")


@dataclass(frozen=True, slots=True)
class GoneMark:
    """A phase in which the newer version no longer asks for an activity."""

    text: ActivityText
    row: Held


@dataclass(frozen=True, slots=True)
class Move:
    """Everything that a move to `step.target` asks or brings. `digest` stands for all of it, and for who changed it."""

    step: Step
    added: tuple[NewActivity, ...]
    removed: tuple[GoneActivity, ...]
    marks_added: tuple[NewMark, ...]
    marks_removed: tuple[GoneMark, ...]
    changed: tuple[ChangeView, ...]
    other_changes: int
    unchanged: int
    digest: str

    @property
    def is_empty(self) -> bool:
        """Whether there is neither another version nor anything to take."""
        return not self.step.is_newer and not self.added


def _newest(versions: Iterable[Catalogue]) -> Catalogue:
    return max(versions, key=lambda each: (version_key(each.version), each.pk))


def versions_of(project: Project) -> list[Step]:
    """For the main pack and the supplement of `project`: where it stands, and the newest version loaded. One query."""
    packs = [(project.catalogue_pack, project.catalogue_version, False)]
    if project.supplement_pack:
        packs.append((project.supplement_pack, project.supplement_version, True))
    loaded: dict[str, list[Catalogue]] = defaultdict(list)
    for catalogue in Catalogue.objects.filter(pack__in=[pack for pack, _version, _is in packs]):
        loaded[catalogue.pack].append(catalogue)
    steps = []
    for pack, version, is_supplement in packs:
        pinned = next(each for each in loaded[pack] if each.version == version)
        newest = _newest(loaded[pack])
        if version_key(newest.version) <= version_key(version):
            newest = pinned
        steps.append(Step(pinned, newest, is_supplement))
    return steps


def step_to(project: Project, pack: str, version: str) -> Step | None:
    """The step of `project` to a loaded version of one of its packs, older ones too; None for any other. One query."""
    is_supplement = bool(project.supplement_pack) and pack == project.supplement_pack
    if not is_supplement and pack != project.catalogue_pack:
        return None
    now = project.supplement_version if is_supplement else project.catalogue_version
    found = {each.version: each for each in Catalogue.objects.filter(pack=pack, version__in={now, version})}
    if version not in found:
        return None
    return Step(found[now], found[version], is_supplement)


def _held(project: Project, closed: frozenset[int], *, is_supplement: bool) -> dict[int, dict[int, Held]]:
    rows: dict[int, dict[int, Held]] = defaultdict(dict)
    for pk, version, activity, number, status in PhaseActivity.objects.filter(
        project=project, activity__is_supplement=is_supplement
    ).values_list("pk", "version", "activity_id", "phase_number", "status"):
        can_drop = number not in closed and transition(status, Status.NOT_APPLICABLE) is not None
        rows[activity][number] = Held(pk, version, number, status, can_drop)
    return rows


def _asked(texts: CatalogueTexts) -> list[Asked]:
    return [Asked(row.ref, row.phases) for row in texts.activities.values() if not row.is_heading]


def move_of(project: Project, step: Step) -> Move:
    """What `step` means for the plan of `project`. Three queries."""
    old, new = texts_of(step.pinned), texts_of(step.target)
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    closed = frozenset(phase.number for phase in phases if phase.state == PhaseState.CLOSED)
    current = current_phase(phases)
    ids: dict[str, int] = {}
    own: dict[str, int] = {}
    for pk, ref, is_own in (
        # Parts go with the whole that they are parts of.
        ProjectActivity.objects.filter(project=project, is_supplement=step.is_supplement, part_of__isnull=True)
        .annotate(is_own=ExpressionWrapper(Q(catalogue_activity__isnull=True), output_field=BooleanField()))
        .values_list("pk", "ref", "is_own")
    ):
        (own if is_own else ids)[ref] = pk
    held = _held(project, closed, is_supplement=step.is_supplement)
    change = plan_change(_asked(old), _asked(new), {ref: frozenset(held[pk]) for ref, pk in ids.items()})
    comparison = compare_texts(old, new)
    in_plan = [each for each in comparison.changed if each.item.section == "activity" and each.item.key in ids]

    def arrival(ref: str) -> NewActivity:
        text = new.activities[ref]
        wanted = tuple(number for number in text.phases if number not in closed)
        instead = () if current.number in closed else (current.number,)
        return NewActivity(text, wanted or instead, not wanted and bool(instead), own.get(ref))

    added = tuple(arrival(ref) for ref in change.added)
    removed = tuple(
        GoneActivity(ids[ref], old.activities[ref], tuple(held[ids[ref]][n] for n in sorted(held[ids[ref]])))
        for ref in change.removed
    )
    marks_added = tuple(NewMark(ids[ref], new.activities[ref], n, n in closed) for ref, n in change.marks_added)
    marks_removed = tuple(GoneMark(new.activities[ref], held[ids[ref]][n]) for ref, n in change.marks_removed)
    rows = [row for gone in removed for row in gone.rows] + [mark.row for mark in marks_removed]
    return Move(
        step=step,
        added=added,
        removed=removed,
        marks_added=marks_added,
        marks_removed=marks_removed,
        changed=tuple(change_view(each) for each in in_plan),
        other_changes=len(comparison.changed) - len(in_plan),
        unchanged=comparison.unchanged,
        digest=_digest(project, step, change.added, rows, closed),
    )


def _digest(project: Project, step: Step, added: Iterable[str], rows: Iterable[Held], closed: Iterable[int]) -> str:
    said: Mapping[str, object] = {
        "project": [project.pk, project.version],
        "from": step.pinned.sha256,
        "to": step.target.sha256,
        "added": sorted(added),
        "rows": sorted([row.pk, row.version] for row in rows),
        "closed": sorted(closed),
    }
    return sha256_of(said)
