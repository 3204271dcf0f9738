"""What another approach would do to a plan: which rows move, go and come, and which stay."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.canonical import sha256_of
from notifications.models import Comment
from phases.choices import BY_HAND, Approach, AssignedBy, Origin, PhaseState, Status
from phases.domain.approaches import PHASES, Standing, Step, out_of_order, phases_for, step_of
from phases.models import Phase, PhaseActivity, PlanRules
from phases.selectors.activity import COMMENTED
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import ActivityText, texts_for
from projects.models import Project

HELD: Mapping[str, str | Promise] = {
    "begun": _("Work has begun."),
    "left out": _("It is left out, with a justification."),
    "tailored": _("It was moved, added or split by hand."),
    "closed": _("A phase concerned is closed."),
    "noted": _("A row that would go has a note."),
    "dated": _("A row that would go has a due date of its own."),
    "assigned": _("A row that would go was given to its responsible party by hand."),
    "helped": _("A row that would go has contributors chosen by hand."),
    "discussed": _("A row would go, and there are comments on the activity."),
}


@dataclass(frozen=True, slots=True)
class ActivityStep:
    """An activity, the phases that it stands in and those that it would stand in. Of a part, `text` has its own ref."""

    activity: int
    text: ActivityText
    before: tuple[int, ...]
    after: tuple[int, ...]
    step: Step

    @property
    def why_held(self) -> str | Promise:
        """Why it stays where it is; "" where it does not."""
        return HELD.get(self.step.held, "")


@dataclass(frozen=True, slots=True)
class ComponentSteps:
    """What happens in one component."""

    code: str
    title: str
    changed: tuple[ActivityStep, ...]
    held: tuple[ActivityStep, ...]


@dataclass(frozen=True, slots=True)
class ApproachChange:
    """The whole change. `counts` are the phase activities of phases 1 to 3, before and after. `seen` stands for it."""

    components: tuple[ComponentSteps, ...]
    counts: tuple[tuple[int, int, int], ...]
    moved: int
    gone: int
    new: int
    warnings: tuple[tuple[str, str, int, int], ...]
    seen: str

    @property
    def changes(self) -> int:
        """How many rows move, go or come."""
        return self.moved + self.gone + self.new

    @property
    def steps(self) -> list[ActivityStep]:
        """The activities that change, in catalogue order."""
        return [step for component in self.components for step in component.changed]

    @property
    def held(self) -> int:
        """How many activities stay though the approach would place them elsewhere."""
        return sum(len(component.held) for component in self.components)

    @property
    def before(self) -> int:
        """The phase activities of the three phases as they stand."""
        return sum(count[1] for count in self.counts)

    @property
    def after(self) -> int:
        """The phase activities of the three phases as they would stand."""
        return sum(count[2] for count in self.counts)


def rules_of(project: Project) -> PlanRules:
    """How a project plans. One query."""
    return PlanRules.objects.select_related("made_from").get(project=project)


def _why_held(row: PhaseActivity, closed: set[int]) -> str:
    if row.phase_number in closed:
        return "closed"
    if row.status == Status.NOT_APPLICABLE:
        return "left out"
    if row.status != Status.NOT_STARTED:
        return "begun"
    if row.origin not in (Origin.CATALOGUE, Origin.APPROACH) or row.activity.part_of_id is not None:
        return "tailored"
    return ""


def _why_kept(row: PhaseActivity, discussed: Collection[str]) -> str:
    """What somebody gave a row that would be lost with it; "" where nothing would."""
    if row.note:
        return "noted"
    if row.due_is_own:
        return "dated"
    if row.assigned_by == AssignedBy.HAND:
        return "assigned"
    if row.contributors_by_hand:
        return "helped"
    return "discussed" if row.activity.ref in discussed else ""


def approach_change(
    project: Project,
    approach: str,
    component_phases: Mapping[str, int],
    order: list[list[str]],
) -> ApproachChange:
    """What happens to the plan when it goes by `approach`. Activities of the plan's own stay. Three queries.

    A row placed by hand holds its activity in whichever phase it stands, initiation and operation too. So does what
    somebody gave a row that would go: a note, a date, a party, contributors, comments.
    """
    texts = texts_for(project)
    closed = set(Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True))
    rows: dict[int, list[PhaseActivity]] = defaultdict(list)
    for row in (
        PhaseActivity.objects.filter(Q(phase_number__in=PHASES) | Q(origin__in=BY_HAND), project=project)
        .select_related("activity")
        .order_by("activity__position", "activity__ref", "phase_number")
    ):
        rows[row.activity_id].append(row)
    said = Comment.objects.filter(project=project, kind=COMMENTED, withdrawn_at=None).order_by()
    discussed = frozenset(said.values_list("key", flat=True))
    split = {group[0].activity.part_of_id for group in rows.values() if group[0].activity.part_of_id is not None}
    before: Counter[int] = Counter(row.phase_number for group in rows.values() for row in group)
    after = before.copy()
    changed: dict[str, list[ActivityStep]] = defaultdict(list)
    held: dict[str, list[ActivityStep]] = defaultdict(list)
    for key, group in rows.items():
        activity = group[0].activity
        if activity.catalogue_activity_id is None or texts.text_of(activity.ref) is None:
            continue
        text = effective_text(texts, activity)
        wanted = phases_for(approach, text.component, text.nature, text.phases, component_phases)
        standing = [
            Standing(row.pk, row.phase_number, "tailored" if key in split else _why_held(row, closed)) for row in group
        ]
        step = step_of(standing, wanted, closed)
        kept = next((why for row in group if row.pk in step.gone and (why := _why_kept(row, discussed))), "")
        if kept:
            step = Step(held=kept)
        found = ActivityStep(key, text, tuple(row.phase_number for row in group), wanted, step)
        if step.held:
            held[text.component].append(found)
        elif step.changes:
            changed[text.component].append(found)
            after.subtract(found.before)
            after.update(wanted)
    steps = [step for group_of in changed.values() for step in group_of]
    return ApproachChange(
        components=tuple(
            ComponentSteps(code, component.title, tuple(changed[code]), tuple(held[code]))
            for code, component in texts.components.items()
            if code in changed or code in held
        ),
        counts=tuple((number, before[number], after[number]) for number in PHASES),
        moved=sum(len(step.step.moves) for step in steps),
        gone=sum(len(step.step.gone) for step in steps),
        new=sum(len(step.step.new) for step in steps),
        warnings=tuple(
            (texts.components[first].title, texts.components[second].title, early, late)
            for first, second, late, early in (
                out_of_order(component_phases, order) if approach == Approach.SUBSETS else []
            )
            if first in texts.components and second in texts.components
        ),
        seen=sha256_of([[step.activity, step.step.moves, step.step.gone, step.step.new] for step in steps]),
    )
