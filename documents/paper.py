"""A version as a paper under control: what its page, its preview and its PDF show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.paper.paper import Approval as PaperApproval
from common.paper.paper import Change, ControlledPaper
from common.paper.text import PaperText, markdown_to_paper
from documents.choices import Classification, DocumentKind, Verdict, VersionState
from documents.domain.fill import Mark, example_count, left_open
from documents.models import Approval, DocumentVersion
from documents.selectors import versions_of
from documents.selectors.style import style_of
from documents.selectors.values import known_for

#: Of a long history the newest changes are shown.
SHOWN_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says, the places in it that nothing fills (or filled when it was sent), and how many examples are
    not adapted."""

    text: PaperText
    missing: Sequence[Mark] = ()
    examples: int = 0


def said_by(version: DocumentVersion) -> Said:
    """What `version` says: a draft as the project stands now, any other as it was frozen.

    Raises RuleBroken, in words for the author, for a text that is nested too deeply.
    """
    if not version.is_draft:
        text = markdown_to_paper(version.text, blocks=version.facts.get("charts", {}))
        return Said(text, left_open(version.body, version.text), example_count(version.text))
    known = known_for(version)
    filled = known.filled(version.body)
    return Said(markdown_to_paper(filled.text, blocks=known.charts), filled.missing, example_count(filled.text))


def text_of(version: DocumentVersion) -> PaperText:
    """The same as clean HTML alone, with its headings and warnings. Raises as `said_by`."""
    return said_by(version).text


def paper_of(version: DocumentVersion, *, text: PaperText | None = None) -> ControlledPaper:
    """The paper of `version`; `text` where it was made already. Eight queries at most.

    What is frozen is taken from the version, so that the paper of a published one never changes.
    """
    document, project = version.document, version.document.project
    said = text or text_of(version)
    approvals = list(Approval.objects.filter(document_version=version, round=version.round).select_related("approver"))
    facts = version.facts or {}
    return ControlledPaper(
        title=str(facts.get("title") or document.full_title),
        organization=str(facts.get("organization") or project.organization.name),
        created=_made_at(version),
        body=said.html,
        headings=said.headings,
        number=document.number,
        kind=str(DocumentKind(document.kind).label),
        version=str(version.number),
        state=str(VersionState(version.state).label),
        mark=_mark(version),
        owner=str(facts.get("owner") or document.owner or document.owner_role),
        classification=str(Classification(facts.get("classification") or document.classification).label).partition(":")[
            0
        ],
        serves=_serves(facts or {"edition": project.edition, **_clauses(version)}),
        approvals=tuple(
            PaperApproval(
                name=str(each.approver),
                when=_day(clock.day_of(each.decided_at, project.time_zone)) if each.decided_at else "",
                words=_words(each),
            )
            for each in approvals
        ),
        approvals_label=str(_("Approved by") if version.approved_at else _("To be approved by")),
        approved_on=_day(clock.day_of(version.approved_at, project.time_zone)) if version.approved_at else "",
        in_force=_day(version.effective_on) if version.effective_on else "",
        review=_review(version, facts),
        changes=_changes(version),
        digest=version.sha256,
        authors=(str(facts.get("organization") or project.organization.name),),
        keywords=tuple(str(each) for each in (document.number, *document.refs[:12])),
        style=style_of(project.organization),
    )


def _made_at(version: DocumentVersion) -> datetime:
    """When what it says was settled: publishing, approval, sending, or the last save."""
    return version.published_at or version.approved_at or version.submitted_at or version.saved_at


def _mark(version: DocumentVersion) -> str:
    words = {
        VersionState.DRAFT: _("Draft"),
        VersionState.IN_REVIEW: _("In review"),
        VersionState.SCHEDULED: _("Not yet in force"),
        VersionState.OBSOLETE: _("Obsolete"),
        VersionState.DROPPED: _("Dropped"),
    }
    return str(words.get(VersionState(version.state), ""))


def _clauses(version: DocumentVersion) -> dict[str, object]:
    return {"clauses_2011": version.document.clauses_2011, "clauses_2018": version.document.clauses_2018}


def _serves(facts: dict[str, object]) -> str:
    edition = str(facts.get("edition") or "2018")
    clauses = facts.get(f"clauses_{edition}") or []
    if not isinstance(clauses, list) or not clauses:
        return ""
    return f"ISO/IEC 20000-1:{edition}, {', '.join(str(each) for each in clauses)}"


def _review(version: DocumentVersion, facts: dict[str, object]) -> str:
    months = facts.get("review_months") or version.document.review_months
    return str(_("every %(months)s months") % {"months": months})


def _changes(version: DocumentVersion) -> tuple[Change, ...]:
    """The newest changes up to `version`, with who approved each. Two queries."""
    time_zone = version.document.project.time_zone
    shown = [
        each for each in versions_of(version.document) if each.pk <= version.pk and each.change_note and each.sha256
    ][:SHOWN_CHANGES]
    approved = Approval.objects.filter(
        document_version__in=shown, verdict=Verdict.APPROVE, round=F("document_version__round")
    ).select_related("approver")
    names: dict[int, list[str]] = {}
    for each in approved:
        names.setdefault(each.document_version_id, []).append(str(each.approver))
    return tuple(
        Change(
            version=str(each.number),
            when=_day(clock.day_of(each.approved_at, time_zone)) if each.approved_at else "",
            words=each.change_note,
            changed_by=str(each.submitted_by or ""),
            approved_by=", ".join(names.get(each.pk, ())),
        )
        for each in shown
    )


def _words(approval: Approval) -> str:
    if approval.verdict == Verdict.WAITING:
        return str(_("asked"))
    said = [str(Verdict(approval.verdict).label)]
    if approval.own_work:
        said.append(str(_("own work, as allowed in a very small entity")))
    if approval.reason:
        said.append(approval.reason)
    return "; ".join(said)


def _day(day: date) -> str:
    return date_format(day, "j F Y")
