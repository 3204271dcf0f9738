"""Everything the page of one activity shows: the activity over its phases, its texts, its neighbours, its history."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.selectors import history_of
from audittrail.sentences import Sentence, sentence
from common import clock
from common.decisions import Decision, denied
from common.markdown import render_markdown
from phases.choices import PHASE_NAMES, PhaseState
from phases.domain.figures import SOON_DAYS, is_overdue
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Contributor, Phase, PhaseActivity, ProjectActivity
from phases.permissions import can_report, own_party_ids
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText, texts_for
from phases.selectors.clauses import Clause, clauses_of
from phases.selectors.tailoring import clauses_in
from projects.models import Party, Project
from projects.permissions import Access

COMMENTED = "activity"  # the kind under which comments on an activity, over all its phases, are kept
ROW_KIND = "phase activity"
LATEST_CHANGES = 20
NO_ROW = Decision(False)


@dataclass(frozen=True, slots=True)
class PhaseColumn:
    """An activity in one phase. `row` is None where the plan does not ask for it there.

    `days_late` is None unless overdue, `days_left` unless due soon. `note_decision` says whether the person may
    write the note, with the reason where not.
    """

    number: int
    name: str | Promise
    state: str
    asked: str
    row: PhaseActivity | None = None
    helpers: tuple[Party, ...] = ()
    days_late: int | None = None
    days_left: int | None = None
    note_html: SafeString = field(default_factory=SafeString)
    note_decision: Decision = NO_ROW

    @property
    def is_now(self) -> bool:
        """Whether the phase is under way."""
        return self.state in (PhaseState.ACTIVE, PhaseState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another activity, to go to."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class TextView:
    """What the catalogue says of an activity, ready to be shown."""

    text: ActivityText
    component: ComponentText | None
    clauses_2018: list[Clause]
    clauses_2011: list[Clause]
    follows: Neighbour | None
    followed_by: tuple[Neighbour, ...]
    heading: Neighbour | None

    @property
    def audits_itself(self) -> bool:
        """Whether the printed table makes auditors responsible for what they would audit later."""
        return "Audit" in self.text.roles


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One activity of a project."""

    activity: ProjectActivity
    title: str
    component: ComponentText | None
    columns: list[PhaseColumn]
    text: ActivityText
    texts: TextView | None
    own_clauses: list[Clause]
    description: SafeString
    previous: Neighbour | None
    following: Neighbour | None

    @property
    def ref(self) -> str:
        """The short name, such as CH.i."""
        return self.activity.ref


def text_view(texts: CatalogueTexts, text: ActivityText) -> TextView:
    """`text` with the titles of its clauses and with the activities it is tied to."""
    before = texts.activities.get(text.succeeds)
    heading = texts.activities.get(text.ref.rpartition(".")[0])
    return TextView(
        text=text,
        component=texts.components.get(text.component),
        clauses_2018=clauses_of("2018", text.clauses_2018),
        clauses_2011=clauses_of("2011", text.clauses_2011),
        follows=Neighbour(before.ref, before.title) if before else None,
        followed_by=tuple(
            Neighbour(row.ref, row.title) for row in texts.activities.values() if row.succeeds == text.ref
        ),
        heading=Neighbour(heading.ref, heading.title) if heading is not None and heading.is_heading else None,
    )


def activity_view(project: Project, access: Access, user: User, ref: str) -> ActivityView | None:
    """The activity `ref` of `project` as `user` may see it; None where there is none. Eight queries."""
    activity = ProjectActivity.objects.filter(project=project, ref=ref).first()
    if activity is None:
        return None
    texts = texts_for(project)
    text = texts.text_of(ref) if activity.catalogue_activity_id is not None else None
    effective = effective_text(texts, activity)
    return ActivityView(
        activity=activity,
        title=_title(texts, activity.ref, activity.title),
        component=texts.components.get(activity.component),
        columns=_columns(project, access, user, activity, text),
        text=effective,
        texts=text_view(texts, text) if text else None,
        own_clauses=[] if text else clauses_of(project.edition, clauses_in(project, effective)),
        description=render_markdown(activity.description) if text is None else SafeString(),
        previous=_neighbour(project, texts, activity, forward=False),
        following=_neighbour(project, texts, activity, forward=True),
    )


def _title(texts: CatalogueTexts, ref: str, own: str) -> str:
    text = texts.text_of(ref)
    return own or (text.title if text else ref)


def _neighbour(
    project: Project, texts: CatalogueTexts, activity: ProjectActivity, *, forward: bool
) -> Neighbour | None:
    others = ProjectActivity.objects.filter(project=project)
    if forward:
        behind = Q(position__gt=activity.position) | Q(position=activity.position, ref__gt=activity.ref)
        others = others.filter(behind).order_by("position", "ref")
    else:
        before = Q(position__lt=activity.position) | Q(position=activity.position, ref__lt=activity.ref)
        others = others.filter(before).order_by("-position", "-ref")
    found = others.values_list("ref", "title").first()
    return Neighbour(found[0], _title(texts, *found)) if found else None


def _columns(
    project: Project, access: Access, user: User, activity: ProjectActivity, text: ActivityText | None
) -> list[PhaseColumn]:
    rows = {
        row.phase_number: row
        for row in PhaseActivity.objects.filter(project=project, activity=activity).select_related(
            "accountable", "done_by", "verified_by"
        )
    }
    for row in rows.values():
        row.activity = activity
    helpers: dict[int, list[Party]] = defaultdict(list)
    for contributor in (
        Contributor.objects.filter(project=project, phase_activity__in=list(rows.values()))
        .select_related("party")
        .order_by("party__name")
    ):
        helpers[contributor.phase_activity_id].append(contributor.party)
    own = own_party_ids(project, user)
    states = dict(Phase.objects.filter(project=project).values_list("number", "state"))
    today = clock.today(project.time_zone)
    numbers = sorted(rows) if 0 in rows else sorted({1, 2, 3} | set(rows))
    columns = []
    for number in numbers:
        asked = text.phase_notes.get(number, "") if text else ""
        state = states.get(number, PhaseState.PLANNED)
        found = rows.get(number)
        if found is None:
            columns.append(PhaseColumn(number, PHASE_NAMES[number], state, asked))
            continue
        helping = helpers[found.pk]
        columns.append(
            PhaseColumn(
                number,
                PHASE_NAMES[number],
                state,
                asked,
                row=found,
                helpers=tuple(helping),
                days_late=_days_late(found, today),
                days_left=_days_left(found, today),
                note_html=render_markdown(found.note),
                note_decision=_may_note(access, found, own, helping, state),
            )
        )
    return columns


def _may_note(
    access: Access, row: PhaseActivity, own: Collection[int], helpers: Collection[Party], state: str
) -> Decision:
    if state == PhaseState.CLOSED:
        return denied(_("The phase is closed; its rows stay as they were."))
    contributed = {row.pk} if any(party.pk in own for party in helpers) else set()
    return can_report(access, row, own, contributed)


def _days_late(row: PhaseActivity, today: date) -> int | None:
    if row.due is None or not is_overdue(row.status, row.due, today):
        return None
    return (today - row.due).days


def _days_left(row: PhaseActivity, today: date) -> int | None:
    if row.due is None or row.status not in OPEN_STATUSES or not today <= row.due <= today + timedelta(days=SOON_DAYS):
        return None
    return (row.due - today).days


def changes_of(project: Project, ref: str) -> tuple[list[Sentence], bool]:
    """The latest changes of an activity in all its phases, newest first, and whether there are more. One query."""
    # Where a row once stood its history lies too.
    keys = [f"{ref}@{number}" for number in PHASE_NAMES]
    events = list(history_of(project.uuid, ROW_KIND, keys)[: LATEST_CHANGES + 1])
    return [sentence(event) for event in events[:LATEST_CHANGES]], len(events) > LATEST_CHANGES
