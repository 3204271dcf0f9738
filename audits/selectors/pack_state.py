"""What a project was at a cut of its trail, narrowed down to what was asked for and what the asker may see.

Rows that never change are read up to the instant of the cut; of those that do, the trail says what stood then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audits.domain.pack_names import folder_name
from audits.domain.pack_options import ALL, PackOptions
from audits.domain.pack_state import (
    Cut,
    LeftOut,
    PackActivity,
    PackAnswer,
    PackClause,
    PackDecision,
    PackFinding,
    PackItem,
    PackRevision,
    PackRow,
    PackState,
)
from audits.models import AuditFinding
from audits.selectors.pack_cut import FINDING_KIND, Since, since_cut
from audits.selectors.pack_papers import PastDocuments, documents_at
from common import clock
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem, Revision
from evidence.selectors import seen_by
from gapanalysis.choices import AnswerValue
from gapanalysis.models import Answer, AnswerEvidence, Finding
from governance.models import Decision
from phases.models import ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.as_of import rows_at_event
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Party, Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class _Proves:
    """What one item proves, and whether some of it was asked for."""

    refs: tuple[str, ...]
    clauses: tuple[str, ...]
    documents: tuple[str, ...]
    answers: tuple[str, ...]
    is_asked_for: bool


def state_at(project: Project, access: Access, cut: Cut, options: PackOptions) -> PackState:
    """All that a pack with these options shows. As many queries, whatever there is."""
    since = since_cut(project, cut)
    everything = _activities(project, cut, since, options)
    asked_for = {each.ref: each for each in everything.values() if _takes(options, each)}
    documents = documents_at(project, access, cut, since, options, set(asked_for))
    answers = _answers(project, cut, options) if access.can("gap.view") else []
    findings = _findings(project, cut, since, options) if access.can("findings.view") else []
    items, left_out = _items(project, access, cut, since, options, everything, documents, answers)
    shown = [_narrowed(each, options) for each in asked_for.values()]
    return PackState(
        cut=cut,
        activities=tuple(shown),
        items=tuple(items),
        documents=tuple(documents.in_force),
        answers=tuple(answers),
        findings=tuple(findings),
        decisions=tuple(_decisions(project, cut, options) if access.can("governance.view") else ()),
        clauses=tuple(_clauses(options, shown, items, documents, answers, findings)),
        left_out=tuple(sorted([*left_out, *documents.left_out], key=lambda each: (each.what, each.name))),
    )


def _takes(options: PackOptions, activity: PackActivity) -> bool:
    return (
        options.takes_clauses(activity.clauses)
        and (not options.components or activity.component in options.components)
        and options.takes_phase(None, [row.phase for row in activity.rows])
    )


def _narrowed(activity: PackActivity, options: PackOptions) -> PackActivity:
    rows = tuple(row for row in activity.rows if options.takes_phase(row.phase))
    return PackActivity(activity.ref, activity.title, activity.component, activity.is_key, activity.clauses, rows)


def _activities(project: Project, cut: Cut, since: Since, options: PackOptions) -> dict[str, PackActivity]:
    """The activities that had rows at the cut, in the order of the plan."""
    parties = {
        pk: str(since.then("party", str(uuid), "name", name))
        for pk, uuid, name in Party.objects.filter(project=project).values_list("pk", "uuid", "name")
    }
    rows: dict[str, list[PackRow]] = {}
    for row in rows_at_event(project, cut.seq, cut.at):
        rows.setdefault(row.ref, []).append(
            PackRow(
                row.phase,
                row.status,
                row.due,
                parties.get(row.party_id, "") if row.party_id is not None else "",
                row.since,
                row.operating_since,
            )
        )
    texts, found = texts_for(project), {}
    for activity in ProjectActivity.objects.filter(project=project).order_by("position", "ref"):
        if activity.ref not in rows:
            continue
        text = effective_text(texts, activity)
        clauses = text.clauses_2018 if options.edition == "2018" else text.clauses_2011
        found[activity.ref] = PackActivity(
            ref=activity.ref,
            title=str(since.then("activity", activity.ref, "title", text.title)),
            component=str(since.then("activity", activity.ref, "component", text.component)),
            is_key=bool(since.then("activity", activity.ref, "key", activity.is_key)),
            clauses=_sorted(clauses),
            rows=tuple(sorted(rows[activity.ref], key=lambda row: row.phase)),
        )
    return found


def _answers(project: Project, cut: Cut, options: PackOptions) -> list[PackAnswer]:
    """What assessments say that were locked by the cut: they never change again."""
    if options.phases:
        return []
    found = Answer.objects.filter(project=project, assessment__locked_at__lte=cut.at).exclude(
        value=AnswerValue.UNANSWERED
    )
    gaps = dict(Finding.objects.filter(answer__in=found).values_list("answer_id", "gap"))
    lines = []
    for row in found.select_related("assessment", "question").order_by(
        "assessment__locked_at", "assessment__key", "question__position", "question__ref"
    ):
        clauses = row.question.clauses_2018 if options.edition == "2018" else row.question.clauses_2011
        if not options.takes_clauses(clauses):
            continue
        if options.components and not set(options.components) & set(row.question.components):
            continue
        locked = row.assessment.locked_at or cut.at
        lines.append(
            PackAnswer(
                assessment=row.assessment.key,
                locked_on=clock.day_of(locked, project.time_zone),
                ref=row.question.ref,
                question=row.question.text,
                value=row.value,
                note=row.note,
                gap=gaps.get(row.pk, ""),
                clauses=_sorted(clauses),
            )
        )
    return lines


def _decisions(project: Project, cut: Cut, options: PackOptions) -> list[PackDecision]:
    """What the committee had decided: of the whole project, or at the gates of phases that were asked for."""
    if options.clauses or options.components:
        return []
    found = Decision.objects.filter(project=project, decided_at__lte=cut.at).order_by("decided_at", "pk")
    if options.phases:
        found = found.filter(gate_number__in=options.phases)
    return [
        PackDecision(row.ref, row.title, row.outcome, row.decided_on, row.words, row.sha256)
        for row in found
        if row.decided_on is None or options.takes_days(row.decided_on, row.decided_on)
    ]


def _findings(project: Project, cut: Cut, since: Since, options: PackOptions) -> list[PackFinding]:
    """What was found by the cut, as it stood then."""
    if options.phases:
        return []
    found = []
    rows = AuditFinding.objects.filter(project=project, raised_at__lte=cut.at).select_related("owner")
    for row in rows.order_by("pk"):

        def then(name: str, row: AuditFinding = row) -> Any:
            return since.then(FINDING_KIND, row.ref, name, getattr(row, name))

        clauses = _sorted(str(each) for each in then("clauses")) if then("edition") == options.edition else ()
        if not options.takes_clauses(clauses) or (options.components and then("component") not in options.components):
            continue
        found.append(
            PackFinding(
                ref=row.ref,
                grade=str(then("grade")),
                title=str(then("title")),
                found=str(then("found")),
                seen_on=_day(then("seen_on")) or row.seen_on,
                owner=str(then("owner") or ""),
                state=str(then("state")),
                clauses=clauses,
            )
        )
    return found


def _items(
    project: Project,
    access: Access,
    cut: Cut,
    since: Since,
    options: PackOptions,
    activities: Mapping[str, PackActivity],
    documents: PastDocuments,
    answers: Sequence[PackAnswer],
) -> tuple[list[PackItem], list[LeftOut]]:
    revisions = _revisions(project, cut)
    proves = _what_items_prove(project, cut, since, options, activities, documents, answers)
    seen = set(seen_by(project, access).values_list("pk", flat=True))
    found, left_out = [], []
    nothing = _Proves((), (), (), (), is_asked_for=False)
    rows = EvidenceItem.objects.filter(project=project, added_at__lte=cut.at).select_related("owner").order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        said = proves.get(row.pk, nothing)
        if row.key in since.added or not (options.is_whole or said.is_asked_for):
            continue
        item = _item(row, since, options, said, revisions.get(row.pk, []))
        start = item.covers_from or item.collected_on
        if not item.revisions or not options.takes_days(start, item.covers_until or item.collected_on):
            continue
        why = ""
        if row.pk not in seen:
            why = _("It is confidential, and who asked for the pack may not see it.")
        elif not options.takes_class(item.classification):
            why = _("It is confidential, and the pack was asked for without.")
        if why:
            left_out.append(LeftOut("evidence", item.key, why))
            continue
        found.append(item)
        if any(each.is_gone for each in item.revisions):
            why = _("It was disposed of. Its hash and its trail stay.")
            if item.key in since.disposed:
                why = _("It was disposed of after the cut. Its hash and its trail stay.")
            left_out.append(LeftOut("evidence", item.key, why))
    return found, left_out


def _item(
    row: EvidenceItem, since: Since, options: PackOptions, said: _Proves, revisions: Sequence[PackRevision]
) -> PackItem:
    def then(name: str, now: object) -> object:
        return since.then("evidence", row.key, name, now)

    def day(name: str) -> date | None:
        return _day(then(name, getattr(row, name)))

    newest = then("revision", None)
    kept = [each for each in revisions if not isinstance(newest, int) or each.number <= newest]
    return PackItem(
        key=row.key,
        title=str(then("title", row.title)),
        shows=str(then("shows", row.shows)),
        kind=row.kind,
        classification=str(then("classification", row.classification)),
        state=str(then("state", row.state)),
        collected_on=day("collected_on") or row.collected_on,
        covers_from=day("covers_from"),
        covers_until=day("covers_until"),
        valid_until=day("valid_until"),
        owner=str(then("owner", row.owner) or ""),
        refs=said.refs,
        clauses=said.clauses,
        documents=said.documents,
        answers=said.answers,
        revisions=tuple(kept if options.revisions == ALL else kept[-1:]),
    )


def _revisions(project: Project, cut: Cut) -> dict[int, list[PackRevision]]:
    """The revisions that were there at the cut, by item."""
    found: dict[int, list[PackRevision]] = {}
    rows = Revision.objects.filter(project=project, added_at__lte=cut.at).select_related("added_by")
    for row in rows.order_by("item_id", "number").iterator(chunk_size=2000):
        found.setdefault(row.item_id, []).append(
            PackRevision(
                pk=row.pk,
                number=row.number,
                sha256=row.sha256,
                size=row.size,
                stored=row.stored,
                file_name=row.file_name,
                url=row.url,
                seen_note=row.seen_note,
                seen_on=row.seen_on,
                record=row.record,
                why=row.why,
                added_at=row.added_at,
                added_by=str(row.added_by or ""),
                is_gone=row.disposed_at is not None,
            )
        )
    return found


def _what_items_prove(
    project: Project,
    cut: Cut,
    since: Since,
    options: PackOptions,
    activities: Mapping[str, PackActivity],
    documents: PastDocuments,
    answers: Sequence[PackAnswer],
) -> dict[int, _Proves]:
    """What each item proved at the cut. Of links that were taken off since, the trail says so."""
    links = _links(project, cut, since, activities)
    told = {f"{each.ref} ({each.assessment})": each for each in answers}
    found = {}
    for item in {*links.activities, *links.clauses, *documents.proven, *links.answers}:
        refs = {ref: phase for ref, phase in links.activities.get(item, ()) if ref in activities}
        own = {clause for edition, clause in links.clauses.get(item, ()) if edition == options.edition}
        papers = [documents.by_pk[pk] for pk in documents.proven.get(item, ()) if pk in documents.by_pk]
        said = [name for name in links.answers.get(item, ()) if name in told]
        served = {clause for ref in refs for clause in activities[ref].clauses} | own
        served |= {clause for each in papers for clause in each.clauses}
        served |= {clause for name in said for clause in told[name].clauses}
        wanted = [
            ref
            for ref, phase in refs.items()
            if _takes(options, activities[ref])
            and options.takes_phase(phase, [row.phase for row in activities[ref].rows])
        ]
        by_clause = bool(own) and not (options.components or options.phases) and options.takes_clauses(own)
        found[item] = _Proves(
            refs=tuple(ref for ref in activities if ref in refs),
            clauses=_sorted(clause for clause in served if options.takes_clause(clause)),
            documents=tuple(sorted(each.number for each in papers)),
            answers=tuple(sorted(said)),
            is_asked_for=bool(wanted or by_clause or papers or said),
        )
    return found


@dataclass(frozen=True, slots=True)
class _Links:
    activities: dict[int, list[tuple[str, int | None]]]
    clauses: dict[int, list[tuple[str, str]]]
    answers: dict[int, list[str]]


def _links(project: Project, cut: Cut, since: Since, known: Mapping[str, PackActivity]) -> _Links:
    before = Q(project=project, added_at__lte=cut.at)
    links = _Links({}, {}, {})
    for item, ref, phase in (
        ActivityEvidence.objects.filter(before).order_by("pk").values_list("item_id", "activity__ref", "phase_number")
    ):
        links.activities.setdefault(item, []).append((ref, phase))
    for item, edition, clause in (
        ClauseEvidence.objects.filter(before).order_by("pk").values_list("item_id", "edition", "clause")
    ):
        links.clauses.setdefault(item, []).append((edition, clause))
    for item, ref, assessment in (
        AnswerEvidence.objects.filter(before)
        .order_by("pk")
        .values_list("item_id", "answer__question__ref", "answer__assessment__key")
    ):
        links.answers.setdefault(item, []).append(f"{ref} ({assessment})")
    if since.unlinked:
        keys = dict(EvidenceItem.objects.filter(project=project, key__in=since.unlinked).values_list("key", "pk"))
        for key, names in since.unlinked.items():
            for name in names:
                if name in known:
                    links.activities.setdefault(keys[key], []).append((name, None))
                else:
                    links.answers.setdefault(keys[key], []).append(name)
    return links


def _clauses(
    options: PackOptions,
    activities: Iterable[PackActivity],
    items: Sequence[PackItem],
    documents: PastDocuments,
    answers: Iterable[PackAnswer],
    findings: Iterable[PackFinding],
) -> list[PackClause]:
    """The clauses that were asked for, with what is there for each and what is missing."""
    titles = clause_titles().get(options.edition, {})
    served: dict[str, tuple[list[str], ...]] = {}

    def put(place: int, name: str, clauses: Iterable[str]) -> None:
        for clause in clauses:
            served.setdefault(clause, ([], [], [], [], []))[place].append(name)

    for activity in activities:
        put(0, activity.ref, activity.clauses)
    for document in documents.in_force:
        put(1, document.number, document.clauses)
    for item in items:
        put(2, item.key, item.clauses)
    for answer in answers:
        put(3, f"{answer.ref} ({answer.assessment})", answer.clauses)
    for finding in findings:
        put(4, finding.ref, finding.clauses)
    bare: tuple[list[str], ...] = ([], [], [], [], [])
    found = []
    for number in sorted({*titles, *served}, key=clause_order):
        if not options.takes_clause(number):
            continue
        there = served.get(number, bare)
        is_leaf = not any(other.startswith(f"{number}.") for other in titles)
        narrowed = bool(options.components or options.phases)
        if not any(there) and (narrowed or not is_leaf):
            continue
        lacks = []
        if not there[0] and is_leaf and not narrowed:
            lacks.append(_("no activity serves it"))
        lacks += [
            _("%(document)s is not in force") % {"document": name} for name in documents.not_in_force.get(number, ())
        ]
        if not there[2] and (there[0] or is_leaf):
            lacks.append(_("no evidence proves it"))
        title = titles.get(number, "")
        found.append(
            PackClause(
                number=number,
                title=title,
                folder=folder_name(number, title),
                activities=tuple(there[0]),
                documents=tuple(there[1]),
                evidence=tuple(there[2]),
                answers=tuple(there[3]),
                findings=tuple(there[4]),
                lacks=tuple(lacks),
            )
        )
    return found


def _day(value: object) -> date | None:
    """A day, or what the trail says of one."""
    if isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def _sorted(clauses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(clauses), key=lambda each: (clause_order(each), each)))
