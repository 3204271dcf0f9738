"""What of a pack is read: its index and a page for each clause in HTML, the index as a paper, and how to verify it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import FindingState, Grade
from audits.domain.pack_options import ALL, PackOptions
from audits.domain.pack_state import (
    PackActivity,
    PackAnswer,
    PackClause,
    PackDocument,
    PackFinding,
    PackItem,
    PackState,
)
from audits.pack_plan import CLAUSES, Plan, Planned
from audits.pack_zip import Written
from common.paper.paper import ControlledPaper, Heading
from gapanalysis.choices import AnswerValue
from phases.choices import PHASE_NAMES, Status
from projects.models import Project

#: So many lines a table of the paper takes; index.html and the register hold all of a longer one.
MOST_ON_PAPER = 300


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as a table shows it. `href` leads to it from the page that it stands on."""

    name: str
    title: str
    words: str
    href: str
    size: str
    sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What a pack says of itself on its pages."""

    project: Project
    options: PackOptions
    state: PackState
    plan: Plan
    written: Mapping[str, Written]

    @property
    def scope(self) -> str:
        """What was asked for, in words."""
        return scope_words(self.options)

    @property
    def cut_words(self) -> str:
        """Until when it tells."""
        return _("as of event %(seq)d of the trail, %(day)s") % {
            "seq": self.state.cut.seq,
            "day": date_format(self.state.cut.day, "j F Y"),
        }

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How much of what is in."""
        return (
            (_("Clauses"), len(self.state.clauses)),
            (_("Activities"), len(self.state.activities)),
            (_("Documents"), len(self.state.documents)),
            (_("Evidence"), len(self.state.items)),
            (_("Answers"), len(self.state.answers)),
            (_("Findings"), len(self.state.findings)),
            (_("Decisions"), len(self.state.decisions)),
        )


def scope_words(options: PackOptions) -> str:
    """What of a project a pack takes, in words."""
    said = [_("ISO/IEC 20000-1:%(edition)s") % {"edition": options.edition}]
    if options.clauses:
        said.append(
            ngettext("clause %(names)s", "clauses %(names)s", len(options.clauses))
            % {"names": ", ".join(options.clauses)}
        )
    if options.components:
        said.append(
            ngettext("component %(names)s", "components %(names)s", len(options.components))
            % {"names": ", ".join(options.components)}
        )
    if options.phases:
        said.append(
            ngettext("phase %(names)s", "phases %(names)s", len(options.phases))
            % {"names": ", ".join(str(each) for each in options.phases)}
        )
    if options.is_whole:
        said.append(_("the whole project"))
    if options.since is not None:
        said.append(_("from %(day)s") % {"day": date_format(options.since, "j F Y")})
    if options.until is not None:
        said.append(_("until %(day)s") % {"day": date_format(options.until, "j F Y")})
    said.append(
        {
            "public": _("public documents alone"),
            "internal": _("without what is confidential"),
            "confidential": _("with what is confidential"),
        }[options.classification]
    )
    if options.revisions == ALL:
        said.append(_("with earlier revisions"))
    return ", ".join(said)


def index_html(facts: PackFacts) -> bytes:
    """The first page: what is in, by clause, what is missing, what was left out, how to verify it."""
    context = {
        "facts": facts,
        "clauses": [_clause_line(facts, each) for each in facts.state.clauses],
        "missing": [each for each in facts.state.clauses if each.lacks],
        "documents": [_document_line(facts, each, "") for each in facts.state.documents],
        "others": [line for item in facts.state.items if not item.clauses for line in _item_lines(facts, item, "")],
        "decisions": facts.state.decisions,
        "is_top": True,
        "style": "pack.css",
    }
    return render_to_string("print/audits/pack_index.html", context).encode()


def clause_pages(facts: PackFacts) -> list[tuple[str, bytes]]:
    """The page of each clause, with its path."""
    activities = {each.ref: each for each in facts.state.activities}
    documents = {each.number: each for each in facts.state.documents}
    items = {each.key: each for each in facts.state.items}
    answers = {f"{each.ref} ({each.assessment})": each for each in facts.state.answers}
    findings = {each.ref: each for each in facts.state.findings}
    pages = []
    for clause in facts.state.clauses:
        up = "../../"
        context = {
            "facts": facts,
            "clause": clause,
            "activities": [_activity_line(activities[ref]) for ref in clause.activities],
            "documents": [_document_line(facts, documents[number], up) for number in clause.documents],
            "evidence": [line for key in clause.evidence for line in _item_lines(facts, items[key], up)],
            "answers": [_answer_line(answers[name]) for name in clause.answers],
            "findings": [_finding_line(findings[ref]) for ref in clause.findings],
            "style": f"{up}pack.css",
        }
        path = f"{CLAUSES}/{clause.folder}/index.html"
        pages.append((path, render_to_string("print/audits/pack_clause.html", context).encode()))
    return pages


def index_paper(facts: PackFacts) -> ControlledPaper:
    """The index on paper: short tables whole, long ones up to `MOST_ON_PAPER` lines."""
    headings = {
        "missing": Heading(2, _("What is missing"), "missing"),
        "clauses": Heading(2, _("From the clause to its records"), "clauses"),
        "documents": Heading(2, _("Documents in force"), "documents"),
        "evidence": Heading(2, _("Evidence"), "evidence"),
        "left_out": Heading(2, _("Left out"), "left-out"),
        "verify": Heading(2, _("How to verify this pack"), "verify"),
    }
    state = facts.state
    evidence = [line for item in state.items[:MOST_ON_PAPER] for line in _item_lines(facts, item, "")]
    context = {
        "facts": facts,
        "at": headings,
        "missing": [each for each in state.clauses if each.lacks][:MOST_ON_PAPER],
        "clauses": [_clause_line(facts, each) for each in state.clauses[:MOST_ON_PAPER]],
        "documents": [_document_line(facts, each, "") for each in state.documents[:MOST_ON_PAPER]],
        "evidence": evidence[:MOST_ON_PAPER],
        "more": max(0, len(state.items) - MOST_ON_PAPER),
        "left_out": state.left_out[:MOST_ON_PAPER],
        "more_left_out": max(0, len(state.left_out) - MOST_ON_PAPER),
    }
    there = {
        "missing": bool(context["missing"]),
        "documents": bool(state.documents),
        "evidence": bool(state.items),
        "left_out": bool(state.left_out),
    }
    return ControlledPaper(
        title=_("Evidence pack"),
        kind=_("Index"),
        lede=f"{facts.scope}. {facts.cut_words[:1].upper()}{facts.cut_words[1:]}.",
        organization=facts.project.organization.name,
        created=state.cut.at,
        body=render_to_string("print/audits/pack_paper.html", context),
        headings=tuple(each for name, each in headings.items() if there.get(name, True)),
        facts=(
            (_("Project"), facts.project.name),
            (_("Cut at event"), str(state.cut.seq)),
            (_("Evidence"), str(len(state.items))),
            (_("Documents in force"), str(len(state.documents))),
        ),
        running=facts.project.name,
        digest=state.cut.hash,
        digest_label=_("Hash of the last event"),
        title_page=False,
        numbered=False,
    )


def verify_text(facts: PackFacts) -> bytes:
    """VERIFY.txt."""
    return render_to_string("print/audits/pack_verify.txt", {"facts": facts}).encode()


def _clause_line(facts: PackFacts, clause: PackClause) -> dict[str, Any]:
    return {
        "clause": clause,
        "href": f"{CLAUSES}/{clause.folder}/index.html",
        "activities": len(clause.activities),
        "documents": len(clause.documents),
        "evidence": len(clause.evidence),
        "answers": len(clause.answers),
        "findings": len(clause.findings),
        "lacks": "; ".join(clause.lacks),
    }


def _activity_line(activity: PackActivity) -> dict[str, Any]:
    return {
        "activity": activity,
        "rows": [
            {
                "name": _("Phase %(number)d, %(name)s") % {"number": row.phase, "name": PHASE_NAMES[row.phase]},
                "status": Status(row.status).label,
                "party": row.party,
                "since": date_format(row.since, "j M Y") if row.since is not None else "",
            }
            for row in activity.rows
        ],
    }


def _answer_line(answer: PackAnswer) -> dict[str, Any]:
    return {"answer": answer, "value": AnswerValue(answer.value).label}


def _finding_line(finding: PackFinding) -> dict[str, Any]:
    return {
        "finding": finding,
        "grade": Grade(finding.grade).label,
        "state": FindingState(finding.state).label,
    }


def _document_line(facts: PackFacts, document: PackDocument, up: str) -> dict[str, Any]:
    planned = facts.plan.of_document[document.number]
    return {
        "document": document,
        "file": _file_line(facts, planned, up, document.title),
        "approvals": ", ".join(
            f"{each.name}, {date_format(each.at, 'j M Y')}" if each.at is not None else each.name
            for each in document.approvals
        ),
    }


def _item_lines(facts: PackFacts, item: PackItem, up: str) -> list[dict[str, Any]]:
    """A line for each revision that is in; for an item of which nothing is left, one that says so."""
    planned = facts.plan.of_item.get(item.key, ())
    lines: list[dict[str, Any]] = []
    for each in planned:
        note = _("withdrawn") if item.state == "withdrawn" else ""
        number = each.revision.number if each.revision is not None else 0
        lines.append({"item": item, "number": number, "file": _file_line(facts, each, up, item.title, note)})
    if not planned:
        revision = item.counted
        gone = FileLine(item.key, item.title, "", "", "", revision.sha256, _("disposed of, its hash stays"))
        lines.append({"item": item, "number": revision.number, "file": gone})
    return lines


def _file_line(facts: PackFacts, planned: Planned, up: str, title: str, note: str = "") -> FileLine:
    written = facts.written.get(planned.path)
    return FileLine(
        name=planned.path.rpartition("/")[2],
        title=title,
        words=" ".join(planned.links.get("activities", ())),
        href=f"{up}{planned.path}",
        size=filesizeformat(written.size).replace("\xa0", " ") if written is not None else "",
        sha256=written.sha256 if written is not None else "",
        note=note,
    )
