"""What the page of one clause shows, cut out of the chains of its edition. A constant number of queries."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, DateField, Max, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from audits.choices import FindingState
from audits.models import AuditFinding, AuditRequest
from audits.selectors.clause_chain import ChainActivity, Chains, ClauseChain
from audittrail.selectors import events_of
from audittrail.sentences import Sentence, facts_of, sentence_of
from common import clock
from evidence.domain.freshness import month_of
from evidence.models import ActivityEvidence, EvidenceItem
from evidence.selectors import seen_by
from governance.models import Decision
from phases.choices import PhaseState
from phases.models import Phase
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import Clause, clause_order, clauses_of, is_within
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.permissions import Access

MONTHS = 7
ITEMS = 6
DECISIONS = 6
EVENTS = 8
SETTLED = (FindingState.CLOSED, FindingState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the chain table: a part of the clause with all below it, or (`is_own`) what hangs on it as a whole."""

    number: str
    title: str
    chains: tuple[ClauseChain, ...]
    is_own: bool
    is_leaf: bool

    @property
    def gaps(self) -> int:
        """How many gaps there are in it."""
        return sum(len(chain.gaps) for chain in self.chains)


def rows_of(chains: Chains, clause: str) -> list[Row]:
    """The parts of `clause`, and before them what hangs on it as a whole where something does."""
    own = chains.of[clause]
    if own.is_leaf:
        return [Row(clause, own.title, (own,), True, True)]
    rows = [] if own.is_empty else [Row(clause, own.title, (own,), True, False)]
    for number, chain in chains.of.items():
        if number.startswith(f"{clause}.") and number.count(".") == clause.count(".") + 1:
            rows.append(Row(number, chain.title, tuple(chains.within(number)), False, chain.is_leaf))
    return rows


def other_edition(chains: Chains, clauses: Sequence[ClauseChain]) -> Clause | None:
    """The clause of the other edition that most of the questions and documents on `clauses` name. No query."""
    other = "2011" if chains.edition == "2018" else "2018"
    found: Counter[str] = Counter()
    for chain in clauses:
        for answer in chain.answers:
            found.update(answer.question.clauses[other])
        for row in chain.documents:
            found.update(row.clauses_2011 if other == "2011" else row.clauses_2018)
    if not found:
        return None
    most = max(found.values())
    first = min((number for number, count in found.items() if count == most), key=clause_order)
    return clauses_of(other, [first])[0]


@dataclass(frozen=True, slots=True)
class People:
    """Who a clause concerns: the roles that do its activities, who is accountable, and its components."""

    roles: tuple[str, ...]
    accountable: tuple[str, ...]
    components: tuple[tuple[str, str], ...]


def people_of(project: Project, clauses: Sequence[ClauseChain]) -> People:
    """The commonest first. No query after the first time."""
    texts = texts_for(project)
    roles: Counter[str] = Counter()
    accountable: Counter[str] = Counter()
    components: Counter[str] = Counter()
    for activity in {each.pk: each for chain in clauses for each in chain.activities}.values():
        text = texts.text_of(activity.ref)
        roles.update(text.roles if text is not None else ())
        accountable.update({stand.accountable for stand in activity.phases if stand.accountable})
        components[activity.component] += 1
    return People(
        tuple(name for name, _count in roles.most_common(2)),
        tuple(name for name, _count in accountable.most_common(2)),
        tuple(
            (code, texts.components[code].title if code in texts.components else code)
            for code, _count in components.most_common(2)
        ),
    )


def phase_reached(project: Project) -> int:
    """The last phase that has begun. One query."""
    begun = Phase.objects.filter(project=project).exclude(state=PhaseState.PLANNED)
    return begun.aggregate(last=Max("number"))["last"] or 0


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What operates, and how many items show each of the months; a month that is missing has -1."""

    activity: ChainActivity
    months: tuple[tuple[date, int], ...]


def months_shown(today: date) -> tuple[date, ...]:
    """The months of the table, up to this one."""
    found = [month_of(today)]
    while len(found) < MONTHS:
        first = found[0]
        found.insert(0, date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1))
    return tuple(found)


def record_lines(project: Project, access: Access, clauses: Sequence[ClauseChain]) -> list[RecordLine]:
    """Each activity that operates with the number of items that show each of the last months. One query."""
    operating = {each.pk: each for chain in clauses for each in chain.activities if each.operates}
    months = months_shown(clock.today(project.time_zone))
    counts: Counter[tuple[int, date]] = Counter()
    if any(each.strip is not None for each in operating.values()):
        start, end = (
            Coalesce("item__covers_from", "item__collected_on"),
            Coalesce("item__covers_until", "item__collected_on"),
        )
        rows = (
            ActivityEvidence.objects.filter(
                project=project, activity__in=operating, item__in=seen_by(project, access).current()
            )
            .annotate(first=TruncMonth(start, output_field=DateField()), last=TruncMonth(end, output_field=DateField()))
            .values_list("activity_id", "first", "last")
            .annotate(n=Count("pk"))
            .order_by()
        )
        for pk, first, last, count in rows:
            for month in months:
                if first <= month <= last:
                    counts[pk, month] += count
    lines = []
    for activity in operating.values():
        missing = set(activity.strip.missing) if activity.strip is not None else set()
        lines.append(
            RecordLine(
                activity, tuple((month, -1 if month in missing else counts[activity.pk, month]) for month in months)
            )
        )
    return sorted(lines, key=lambda line: (line.activity.strip is None, line.activity.ref))


def operating_since(lines: Iterable[RecordLine]) -> date | None:
    """The first month of what operates longest."""
    return min((line.activity.strip.months[0][0] for line in lines if line.activity.strip is not None), default=None)


def newest_items(project: Project, access: Access, items: Collection[int]) -> list[EvidenceItem]:
    """The newest of `items`, with what they hold. One query."""
    found = seen_by(project, access).filter(pk__in=items).select_related("revision")
    return list(found.order_by("-collected_on", "-pk")[:ITEMS])


def files_of(project: Project, access: Access, items: Collection[int]) -> tuple[int, int]:
    """How many files `items` hold, and how many bytes. One query."""
    found = seen_by(project, access).filter(pk__in=items).exclude(revision__stored="")
    told = found.aggregate(n=Count("pk"), size=Sum("revision__size"))
    return told["n"] or 0, told["size"] or 0


def decisions_on(project: Project, clauses: Sequence[ClauseChain]) -> list[Decision]:
    """Decisions that a document or an item of these clauses was laid before, the newest first. One query."""
    documents = {row.document.pk for chain in clauses for row in chain.documents if row.document is not None}
    items = frozenset[int]().union(*(chain.items for chain in clauses))
    if not documents and not items:
        return []
    laid = Q(attachments__document__in=documents) | Q(attachments__item__in=items)
    found = Decision.objects.filter(laid, project=project).distinct()
    return list(found.order_by("-asked_at", "-pk")[:DECISIONS])


def requests_on(project: Project, edition: str, clause: str, clauses: Sequence[ClauseChain]) -> list[AuditRequest]:
    """What auditors asked for on this clause or what is below it, the one due first before the others. One query."""
    activities = {each.pk for chain in clauses for each in chain.activities}
    below = Q(clause=clause) | Q(clause__startswith=f"{clause}.")
    on_it = Q(below, edition=edition) | Q(activity__in=activities)
    found = AuditRequest.objects.filter(on_it, project=project).select_related("asked_of")
    return list(found.order_by("settled_at", "due", "pk")[:20])


def findings_on(project: Project, edition: str, clause: str) -> list[AuditFinding]:
    """Findings on this clause or what is below it: those that are open first, then the newest. One query."""
    found = AuditFinding.objects.filter(project=project, edition=edition).select_related("owner").order_by("-pk")
    on_it = [each for each in found if any(is_within(number, clause) for number in each.clauses)]
    return sorted(on_it, key=lambda each: each.state in SETTLED)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the trail in words."""

    seq: int
    at: datetime
    sentence: Sentence


def trail_on(project: Project, clauses: Sequence[ClauseChain], keys_of_items: Collection[str]) -> list[Told]:
    """The newest events on what hangs on these clauses. One query."""
    rows = {f"{each.ref}@{stand.number}" for chain in clauses for each in chain.activities for stand in each.phases}
    refs = {each.ref for chain in clauses for each in chain.activities}
    documents = {row.document.key for chain in clauses for row in chain.documents if row.document is not None}
    answers = {
        f"{key} {each.question.ref}" for chain in clauses for each in chain.answers for key, _t, _v in each.history
    }
    wanted = Q()
    for kind, keys in (
        ("phase activity", rows),
        ("activity", refs),
        ("document", documents),
        ("answer", answers),
        ("evidence", set(keys_of_items)),
    ):
        if keys:
            wanted |= Q(kind=kind, key__in=keys)
    if not wanted:
        return []
    return [
        Told(event.seq, event.at, sentence_of(facts_of(event)))
        for event in events_of(project.uuid).filter(wanted)[:EVENTS]
    ]


def read_only_until(project: Project, access: Access) -> tuple[bool, date | None]:
    """Whether this person is here as an auditor alone, and until when. One query, none for others."""
    if access.roles != {ProjectRole.AUDITOR} or access.organization_owner:
        return False, None
    held = Membership.objects.current().filter(project=project, user=access.user_id, role=ProjectRole.AUDITOR)
    return True, held.values_list("valid_until", flat=True).first()


def has_hole(line: RecordLine) -> bool:
    """Whether a month of those shown is missing."""
    return any(count < 0 for _month, count in line.months)


def keys_of(project: Project, access: Access, items: Collection[int]) -> list[str]:
    """The keys of `items`, of those that this person may see. One query."""
    return list(seen_by(project, access).filter(pk__in=items).values_list("key", flat=True))
