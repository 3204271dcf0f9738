"""The report of an internal audit as Markdown, from plain values.

What people wrote is text and never markup: whatever Markdown or the places of a document would read as a sign is made
harmless.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!])")


@dataclass(frozen=True, slots=True)
class ReportPoint:
    """A point of the checklist: `result` as it is said, `key` as it is kept."""

    clause: str
    text: str
    result: str
    key: str
    notes: str
    samples: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report says. `findings` are (ref, grade, clauses, title)."""

    ref: str
    title: str
    standard: str
    days: str
    scope: str
    criteria: str
    methods: str
    summary: str
    conclusion: str
    auditors: Sequence[str]
    clauses: Sequence[str]
    findings: Sequence[tuple[str, str, str, str]]
    points: Sequence[ReportPoint]
    sha256: str


def plain(text: str) -> str:
    """`text` of people as Markdown that says just that, on one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """`text` of several lines as paragraphs; a line that begins like a list or a number stays words."""
    blocks = [plain(block) for block in text.splitlines() if block.strip()]
    return "\n\n".join(re.sub(r"^([-+]|\d+[.)])(?= )", r"\\\1", block) for block in blocks)


def as_markdown(facts: ReportFacts) -> str:
    """The whole report: what it came to first, then the findings, then what was looked at."""
    parts = [
        f"## {_('What the audit came to')}",
        paragraphs(facts.summary),
        f"## {_('Conclusion')}",
        paragraphs(facts.conclusion),
        f"## {_('Findings')}",
        _findings(facts),
        f"## {_('The audit')}",
        _table(
            (_("Audit"), plain(f"{facts.ref} {facts.title}")),
            [
                (_("Held"), facts.days),
                (_("Scope"), facts.scope or "–"),
                (_("Criteria"), facts.criteria or facts.standard),
                (_("Methods"), facts.methods or "–"),
                (_("Auditors"), "; ".join(facts.auditors)),
            ],
        ),
        _(
            "None of the auditors did, or answers for, what they looked at; the system checked this when they were "
            "named and when the audit began."
        ),
        f"## {_('Clauses')}",
        _by_clause(facts),
    ]
    rest = [point for point in facts.points if point.key in ("no case", "left")]
    if rest:
        parts += [
            f"## {_('Not judged')}",
            _table(
                (_("Clause"), _("Point"), _("Why")),
                [(point.clause, point.text, f"{point.result}: {point.notes}") for point in rest],
            ),
        ]
    shown = [point for point in facts.points if point.samples]
    if shown:
        parts += [
            f"## {_('Samples')}",
            _("What was drawn at random can be drawn again with the same seed."),
            _table(
                (_("Clause"), _("Point"), _("Looked at")),
                [(point.clause, point.text, "; ".join(point.samples)) for point in shown],
            ),
        ]
    parts.append(_("The record of every point is kept as evidence, SHA-256 %(hash)s.") % {"hash": facts.sha256})
    return "\n\n".join(parts) + "\n"


def _findings(facts: ReportFacts) -> str:
    if not facts.findings:
        return _("The audit raised no finding.")
    return _table((_("Finding"), _("Grade"), _("Clauses"), _("What")), facts.findings)


def _by_clause(facts: ReportFacts) -> str:
    rows = []
    for clause in facts.clauses:
        number = clause.split(" ")[0]
        keys = [each.key for each in facts.points if each.clause == number or each.clause.startswith(f"{number}.")]
        said = ngettext("one point", "%(n)d points", len(keys)) % {"n": len(keys)} if keys else _("no point")
        found = keys.count("finding")
        parts = [
            said,
            _("%(n)d conform") % {"n": keys.count("conforms")} if keys else "",
            ngettext("one with a finding", "%(n)d with a finding", found) % {"n": found} if found else "",
        ]
        rows.append((clause, ", ".join(part for part in parts if part)))
    return _table((_("Clause"), _("Looked at")), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([plain(cell) or "–" for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
