"""The end of an internal audit: its report becomes a document under control, and what was looked at stays as it was."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState, CheckResult
from audits.models import Audit, AuditFinding, CheckItem, Sample
from audits.selectors.impartiality import AUDIT_CLAUSE
from audits.services.audit_report_text import ReportFacts, ReportPoint, as_markdown
from audits.services.audit_telling import tell_reported
from audits.services.audits import clauses_of, own_audit, record, require_auditor, team_of
from common import clock
from common.canonical import sha256_of
from common.exceptions import RuleBroken
from documents.choices import DocumentKind
from documents.selectors import open_version
from documents.services.begin import DocumentFacts, FirstText, begin_document, note_author
from evidence.services.links import link_clause
from evidence.services.records import pin_record
from governance.services.texts import lines
from phases.selectors.clauses import clause_titles
from projects.choices import ProjectRole
from projects.models import Membership, Party, Project
from projects.services.guards import require_capability, write_versioned

FORM = 1


@transaction.atomic
def report_audit(
    *, acting_user: User | None, project: Project, ref: str, version: int, summary: str, conclusion: str
) -> Audit:
    """Say what an audit came to, which ends it: every point has a result, and its lead speaks.

    The report becomes the first draft of a document, to be approved and handed out as any other, and what was looked at
    is kept as evidence for the clause on internal audits. Those who answer for the audited clauses are told. Trail
    events of the document, the evidence and the audit. Raises NotPermitted, RuleBroken, StaleWrite, Audit.DoesNotExist.
    """
    require_capability(acting_user, "audits.conduct", project)
    audit = own_audit(project, ref)
    require_auditor(audit, acting_user, lead=True)
    if audit.state == AuditState.PLANNED:
        raise RuleBroken(_("Begin the audit first."))
    if audit.state != AuditState.UNDERWAY:
        raise RuleBroken(_("This audit is over."))
    items = list(CheckItem.objects.filter(audit=audit))
    open_points = [item for item in items if item.result == CheckResult.OPEN]
    if open_points:
        raise RuleBroken(
            _("%(n)d points have no result yet, the first at clause %(clause)s. Say of each what you saw, or leave it.")
            % {"n": len(open_points), "clause": open_points[0].clause}
        )
    without = _findings_missing(items)
    if without:
        raise RuleBroken(
            _("Clause %(clause)s has a point marked as a finding, and no finding is on the register for it. Raise it.")
            % {"clause": without[0].clause}
        )
    said = {
        "summary": lines(summary, "summary", needed=_("Say in a few sentences what the audit came to.")),
        "conclusion": lines(conclusion, "conclusion", needed=_("Say whether the system conforms, and is effective.")),
    }
    write_versioned(
        audit,
        version=version,
        values={**said, "state": AuditState.REPORTED, "reported_by": acting_user, "reported_at": clock.now()},
        shown={_("State"): audit.get_state_display(), _("Summary"): audit.summary},
        sent={_("State"): AuditState.REPORTED.label, _("Summary"): said["summary"]},
    )
    moment = frozen_audit(audit)
    sha256 = sha256_of(moment)
    # Auditors add neither documents nor evidence by their role: the application does, in the act that is theirs.
    document = begin_document(
        acting_user=None,
        project=project,
        facts=_document_facts(audit),
        text=FirstText(as_markdown(_report_facts(audit, sha256)), note=audit.ref),
    )
    draft = open_version(document)
    if draft is not None:
        note_author(acting_user, draft)
    kept = pin_record(
        acting_user=None,
        project=project,
        kind="audit",
        key=audit.ref,
        content=moment,
        title=_("Internal audit %(ref)s: what was looked at") % {"ref": audit.ref},
        shows=_("Clauses, auditors, points with their results, samples and findings, as reported."),
    )
    link_clause(acting_user=None, project=project, item=kept, edition=audit.edition, clause=AUDIT_CLAUSE[audit.edition])
    audit.report = document
    Audit.objects.filter(pk=audit.pk).update(report=document)
    tell_reported(acting_user, audit)
    record(
        acting_user,
        audit,
        "report",
        {"document": document.number, "evidence": kept.key, "sha256": sha256, "points": len(items)},
    )
    return audit


def frozen_audit(audit: Audit) -> dict[str, Any]:
    """All that an audit looked at, as plain values. Five queries."""
    samples = _samples(audit)
    return {
        "form": FORM,
        "project": audit.project.slug,
        "ref": audit.ref,
        "title": audit.title,
        "edition": audit.edition,
        "scope": audit.scope,
        "criteria": audit.criteria,
        "methods": audit.methods,
        "starts_on": audit.starts_on,
        "ends_on": audit.ends_on,
        "clauses": clauses_of(audit),
        "auditors": [
            {"name": each.party.name, "lead": each.is_lead, "competence": each.competence} for each in team_of(audit)
        ],
        "points": [
            {
                "clause": item.clause,
                "question": item.question,
                "text": item.text,
                "result": item.result,
                "notes": item.notes,
                "checked_by": str(item.checked_by) if item.checked_by is not None else "",
                "checked_at": item.checked_at,
                "samples": samples.get(item.pk, []),
            }
            for item in CheckItem.objects.filter(audit=audit).select_related("checked_by")
        ],
        "findings": [
            {"ref": each.ref, "grade": each.grade, "clauses": each.clauses, "title": each.title}
            for each in AuditFinding.objects.filter(audit=audit)
        ],
        "summary": audit.summary,
        "conclusion": audit.conclusion,
        "reported_by": str(audit.reported_by) if audit.reported_by is not None else "",
        "reported_at": audit.reported_at,
    }


def _findings_missing(items: list[CheckItem]) -> list[CheckItem]:
    """Points marked as a finding for which none was raised. One query."""
    marked = [item for item in items if item.result == CheckResult.FINDING]
    raised = set(AuditFinding.objects.filter(check_item__in=marked).values_list("check_item_id", flat=True))
    return [item for item in marked if item.pk not in raised]


def _samples(audit: Audit) -> Mapping[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    rows = Sample.objects.filter(check_item__audit=audit).select_related("evidence__revision", "document", "activity")
    for row in rows:
        named = {"words": row.words}
        if row.evidence is not None:
            named["evidence"] = row.evidence.key
            named["sha256"] = row.evidence.revision.sha256 if row.evidence.revision is not None else ""
        if row.document is not None:
            named["document"] = row.document.number
        if row.activity is not None:
            named["activity"] = row.activity.ref
        found.setdefault(row.check_item_id, []).append(named)
    return found


def _document_facts(audit: Audit) -> DocumentFacts:
    return DocumentFacts(
        title=_("Internal audit report %(ref)s") % {"ref": audit.ref},
        subject=audit.title[:120],
        kind=DocumentKind.RECORD,
        owner=_manager(audit.project),
        owner_role=_("Audit"),
        approver_role=_("Top management"),
        review_months=36,
        phase_number=3,
        clauses_2011=(AUDIT_CLAUSE["2011"],),
        clauses_2018=(AUDIT_CLAUSE["2018"],),
    )


def _manager(project: Project) -> Party | None:
    """Who keeps the report up: the first of the managers. One query."""
    managers = Membership.objects.current().filter(project=project, role=ProjectRole.MANAGER)
    return Party.objects.filter(project=project, user__in=managers.values("user")).order_by("pk").first()


def _report_facts(audit: Audit, sha256: str) -> ReportFacts:
    samples = _samples(audit)
    titles = clause_titles()[audit.edition]
    return ReportFacts(
        ref=audit.ref,
        title=audit.title,
        standard=f"ISO/IEC 20000-1:{audit.edition}",
        days=_days(audit),
        scope=audit.scope,
        criteria=audit.criteria,
        methods=audit.methods,
        summary=audit.summary,
        conclusion=audit.conclusion,
        auditors=[
            "".join((each.party.name, f", {_('lead')}" * each.is_lead, f": {each.competence}" * bool(each.competence)))
            for each in team_of(audit)
        ],
        clauses=[f"{clause} {titles.get(clause, '')}".strip() for clause in clauses_of(audit)],
        findings=[
            (each.ref, each.get_grade_display(), ", ".join(each.clauses), each.title)
            for each in AuditFinding.objects.filter(audit=audit).exclude(state="withdrawn")
        ],
        points=[
            ReportPoint(
                item.clause,
                item.text,
                item.get_result_display(),
                item.result,
                item.notes,
                [_sample_words(each) for each in samples.get(item.pk, [])],
            )
            for item in CheckItem.objects.filter(audit=audit)
        ],
        sha256=sha256,
    )


def _sample_words(sample: Mapping[str, str]) -> str:
    name = sample.get("evidence") or sample.get("document") or sample.get("activity") or ""
    return f"{name} ({sample['words']})" if name and sample["words"] else name or sample["words"]


def _days(audit: Audit) -> str:
    if audit.starts_on == audit.ends_on:
        return audit.starts_on.isoformat()
    return f"{audit.starts_on.isoformat()} – {audit.ends_on.isoformat()}"
