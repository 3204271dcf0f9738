"""What fills the places of a document: facts of the project, people, and what was answered once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from documents.choices import Classification
from documents.domain.fill import Filled, Mark, MarkKind, fill, marks_in, without_notes
from documents.domain.numbers import month_after
from documents.library import template_of
from documents.models import Document, DocumentAnswer, DocumentVersion
from documents.registries import blocks
from phases.models import Package, Phase, PhaseActivity
from phases.selectors.role_map import entries_of
from projects.choices import Edition, ProjectRole
from projects.models import Membership, Party, Project

MANAGEMENT_ROLE = "Top management"
#: A field that no other page of the project asks for: it is answered like a question.
SUPPLIERS = "suppliers"


@dataclass(frozen=True, slots=True)
class Known:
    """What a document can draw on. `values` by the key of a field, `answers` by question, `tables` by block.

    `charts` are pictures by block, as HTML of ours: in the filled text each stays a place, which
    `markdown_to_paper(text, blocks=charts)` fills.
    """

    values: Mapping[str, str]
    answers: Mapping[str, str]
    tables: Mapping[str, str]
    charts: Mapping[str, str] = field(default_factory=dict)

    def filled(self, body: str) -> Filled:
        """`body` with its places filled, without the notes to its author."""
        places = {key: f"[[{key}]]" for key in self.charts}
        return fill(without_notes(body), values=self.values, blocks={**self.tables, **places}, answers=self.answers)


def known_for(version: DocumentVersion, *, approvers: Sequence[str] = ()) -> Known:
    """What `version` can be filled with, as the project stands now. `approvers` are names of who is asked."""
    document = version.document
    project = document.project
    marks = marks_in(version.body)
    answers = answers_for(document)
    values = _values(project, document, version, marks, approvers) | {SUPPLIERS: answers.get(SUPPLIERS, "")}
    return Known(
        values=values,
        answers=answers,
        tables=_made(project, marks, "table"),
        charts=_made(project, marks, "chart"),
    )


def answers_for(document: Document) -> dict[str, str]:
    """What was answered for all documents of the project, and for this one on top. One query."""
    found: dict[str, str] = {}
    own: dict[str, str] = {}
    rows = DocumentAnswer.objects.filter(project_id=document.project_id)
    for row in rows.filter(Q(document=None) | Q(document=document)):
        (own if row.document_id else found)[row.question] = row.answer
    return found | own


def _values(
    project: Project, document: Document, version: DocumentVersion, marks: Sequence[Mark], approvers: Sequence[str]
) -> dict[str, str]:
    wanted = {mark.name for mark in marks if mark.kind == MarkKind.FIELD}
    values = {
        "organization": project.organization.name,
        "project": project.name,
        "scope": project.scope_statement,
        "services": _listed(project.services),
        "customers": _listed(project.customers),
        "locations": _listed(project.locations),
        "delivered_by": project.delivered_by or project.organization.name,
        "left_out": _listed(project.left_out),
        "edition": Edition(project.edition).value,
        "currency": project.currency,
        "start": _day(project.start_date),
        "subject": document.subject,
        "owner": str(document.owner or document.owner_role),
        "approvers": _listed(approvers) or document.approver_role,
        "number": document.number,
        "version": str(version.number),
        "review_months": str(document.review_months),
        # What is written now is counted from now, whatever an earlier version said.
        "next_review": _day(month_after(clock.today(project.time_zone), document.review_months)),
    }
    builders: dict[str, Callable[[], dict[str, str]]] = {
        "owner_of": lambda: {
            f"owner_of: {code}": name
            for code, name in owners_of(project, [mark.argument for mark in marks if mark.name == "owner_of"]).items()
        },
        "document": lambda: _documents(project, [mark.argument for mark in marks if mark.name == "document"]),
        "phase_end": lambda: _phase_ends(project),
    }
    for name, build in builders.items():
        if name in wanted:
            values |= build()
    if wanted & {"project_manager", "top_management"}:
        values |= _people(project)
    return values


def _people(project: Project) -> dict[str, str]:
    """Who holds the two roles that every document may name: by the role map, else by the team."""
    takes = entries_of(project)
    parties = {party.pk: party.name for party in Party.objects.filter(project=project)}
    members = list(
        Membership.objects.current()
        .filter(project=project, role__in=(ProjectRole.MANAGER, ProjectRole.TOP_MANAGEMENT))
        .order_by("pk")
        .values_list("role", "user__name")
    )

    def members_as(role: ProjectRole) -> str:
        return _listed([name for held, name in members if held == role])

    management = parties.get(takes.get((MANAGEMENT_ROLE, ""), 0), "")
    return {
        "project_manager": members_as(ProjectRole.MANAGER),
        "top_management": management or members_as(ProjectRole.TOP_MANAGEMENT),
    }


def owners_of(project: Project, components: Sequence[str]) -> dict[str, str]:
    """Who answers for components, by code: the owner of the package, of the latest phase that names one, else whom
    most of its activities name. Two queries."""
    found: dict[str, str] = {}
    named = Counter(
        PhaseActivity.objects.filter(
            project=project, activity__component__in=components, accountable__isnull=False
        ).values_list("activity__component", "accountable__name")
    )
    for (component, name), _count in sorted(named.items(), key=lambda pair: (pair[1], pair[0])):
        found[component] = name or ""
    owners = Package.objects.filter(project=project, component__in=components, owner__isnull=False)
    for component, name in owners.order_by("phase_number").values_list("component", "owner__name"):
        found[component] = name or ""
    return found


def _documents(project: Project, keys: Sequence[str]) -> dict[str, str]:
    """Titles of other documents: with their number where the project has them, else as the library names them."""
    # A text that everybody reads must not give away what a confidential document is called.
    open_ones = Document.objects.filter(project=project).current().exclude(classification=Classification.CONFIDENTIAL)
    there = {each.key: each for each in open_ones.filter(key__in=keys)}
    found = {}
    for key in keys:
        template = template_of(key)
        if key in there:
            found[f"document: {key}"] = f"{there[key].full_title} ({there[key].number})"
        elif template is not None:
            found[f"document: {key}"] = template.title
    return found


def _phase_ends(project: Project) -> dict[str, str]:
    rows = Phase.objects.filter(project=project, end__isnull=False).values_list("number", "end")
    return {f"phase_end: {number}": _day(end) for number, end in rows if end is not None}


def _made(project: Project, marks: Sequence[Mark], kind: str) -> dict[str, str]:
    """The tables or charts that the marks ask for and the project has something for."""
    found = {}
    for mark in marks:
        if mark.kind != MarkKind.BLOCK or mark.name != kind:
            continue
        name, _space, argument = mark.argument.partition(" ")
        if f"{mark.name}: {name}" in blocks:
            made = blocks[f"{mark.name}: {name}"](project, argument)
            if made:
                found[mark.key] = made
    return found


def _day(day: date) -> str:
    """A day as a sentence has it: 3 March 2026."""
    return date_format(day, "j F Y")


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    kept = [str(each) for each in names if str(each).strip()]
    if len(kept) < 2:
        return "".join(kept)
    return _("%(others)s and %(last)s") % {"others": ", ".join(kept[:-1]), "last": kept[-1]}
