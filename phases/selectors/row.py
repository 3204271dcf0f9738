"""One row of a board: what may be done with it, and its activity at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from notifications.models import Comment
from notifications.selectors import comments_on
from phases.choices import Nature, PhaseState, Status
from phases.domain import transitions
from phases.models import Contributor, Phase, PhaseActivity
from phases.permissions import can_step, contributes_to, own_party_ids, sends_back, with_size
from phases.selectors.board import COMMENT_KIND, BoardRow
from phases.selectors.catalogue import ActivityText, ComponentText, texts_for
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """A status in a row's menu: the one it has, one it can take, or one it cannot, and why not.

    `needs` says what has to be told with the step: "reason", "justification", "since", or nothing.
    """

    status: str
    is_current: bool = False
    why_not: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class RungOfPhase:
    """The same activity in one of its phases."""

    pk: int
    phase: int
    status: str
    nature: str
    operating_since: date | None
    status_since: datetime
    due: date | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class ActivityGlance:
    """An activity beside the list: its phases, what the catalogue says, what people said last."""

    title: str
    text: ActivityText | None
    component: ComponentText | None
    source: str
    clauses: Sequence[str]
    rungs: Sequence[RungOfPhase]
    comments: Sequence[Comment]
    comment_count: int

    @property
    def phase_note(self) -> str:
        """What the catalogue says of the activity in this phase."""
        this = next((rung.phase for rung in self.rungs if rung.is_this), None)
        return self.text.phase_notes.get(this, "") if self.text is not None and this is not None else ""


def row_of(project: Project, pk: int) -> PhaseActivity:
    """A phase activity of `project`. Raises PhaseActivity.DoesNotExist for one of another. One query."""
    rows = with_size(PhaseActivity.objects.select_related("activity", "accountable", "done_by", "verified_by"))
    return rows.get(project=project, pk=pk)


def contributors_of(row: PhaseActivity) -> set[int]:
    """The ids of the parties that contribute to `row`. One query."""
    return set(Contributor.objects.filter(phase_activity=row).values_list("party_id", flat=True))


def title_of(project: Project, row: PhaseActivity) -> str:
    """The title of an activity: the project's own, else the catalogue's."""
    text = texts_for(project).text_of(row.activity.ref)
    return row.activity.title or (text.title if text else row.activity.ref)


def status_choices(project: Project, access: Access, user: User, row: PhaseActivity) -> list[StatusChoice]:
    """Every status, as the menu of `row` shows it to `user`. Four queries at most."""
    closed = Phase.objects.filter(project=project, number=row.phase_number, state=PhaseState.CLOSED).exists()
    own: frozenset[int] = frozenset()
    contributed: frozenset[int] = frozenset()
    if not access.can("phases.report_any"):
        own = own_party_ids(project, user)
        contributed = contributes_to([row], own)
    choices = []
    for status in Status.values:
        if status == row.status:
            choices.append(StatusChoice(status, is_current=True))
            continue
        if closed:
            choices.append(StatusChoice(status, why_not=_("The phase is closed.")))
            continue
        step = transitions.transition(row.status, status)
        if step is None:
            choices.append(StatusChoice(status, why_not=transitions.refusal(row.status, status)))
            continue
        decision = can_step(access, row, status, step, own, contributed)
        needs = step.needs_text
        if status == Status.DONE and row.activity.nature == Nature.OPERATE:
            needs = "since"
        elif sends_back(access, row, status, own, contributed):
            needs = "reason"
        choices.append(StatusChoice(status, why_not=decision.reason, needs=needs))
    return choices


def glance_at(project: Project, row: BoardRow, *, comments: int = 3) -> ActivityGlance:
    """What the drawer shows of the activity of `row`, with its last `comments`. Two queries."""
    texts = texts_for(project)
    text = texts.text_of(row.ref)
    said = [comment for comment in comments_on(project, COMMENT_KIND, row.ref) if not comment.is_withdrawn]
    rungs = PhaseActivity.objects.filter(project=project, activity__ref=row.ref).order_by("phase_number")
    clauses: Sequence[str] = ()
    if text is not None:
        clauses = text.clauses_2018 if project.edition == "2018" else text.clauses_2011
    return ActivityGlance(
        title=row.title,
        text=text,
        component=texts.components.get(row.component),
        source=f"{texts.source_of(row.ref).title}, {texts.source_of(row.ref).version}",
        clauses=clauses,
        rungs=[
            RungOfPhase(
                pk=rung.pk,
                phase=rung.phase_number,
                status=rung.status,
                nature=row.nature,
                operating_since=rung.operating_since,
                status_since=rung.status_since,
                due=rung.due,
                is_this=rung.pk == row.pk,
            )
            for rung in rungs
        ],
        comments=said[-comments:],
        comment_count=len(said),
    )
