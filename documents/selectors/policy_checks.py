"""Reads of what does not fit between the policies of a project, and of what was said about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy

from common import clock
from common.canonical import sha256_of
from documents.choices import FROZEN_STATES, DocumentKind, Verdict
from documents.domain.fill import MarkKind, fill, marks_in
from documents.domain.policy_checks import Finding, Policy, Problem, Scope, check_policies
from documents.models import Approval, Author, DocumentAnswer, DocumentVersion, PolicyExplanation
from documents.policies_library import FIRST, model_checks
from documents.selectors.policies import PolicyRow
from documents.selectors.values import MANAGEMENT_ROLE, owners_of
from phases.models import Phase
from phases.selectors.catalogue import texts_for
from phases.selectors.role_map import entries_of
from projects.choices import ProjectRole
from projects.models import Membership, Party, Project

_MANAGEMENT_SIGNS = "top-management-signs"
_WORDS: Mapping[Problem, object] = {
    Problem.NOT_BEGUN: gettext_lazy("It is required and not begun. Draft it from its questions."),
    Problem.NOT_IN_FORCE: gettext_lazy("Phase 1 is over and it is not in force. Have it approved and published."),
    Problem.NO_SCOPE: gettext_lazy("It does not say what it covers. Let the text draw the services from the project."),
    Problem.LEAVES_OUT: gettext_lazy("It leaves out %(named)s. Say why, or widen it."),
    Problem.BEYOND_SCOPE: gettext_lazy("It names %(named)s, which the scope leaves out."),
    Problem.NO_OWNER: gettext_lazy("It has no owner. Name one; until then whoever approves it owns it."),
    Problem.OWNER_LEFT: gettext_lazy("%(named)s has left the project. Name a successor."),
    Problem.ROLE_OPEN: gettext_lazy("Nobody holds the role “%(named)s” in the role map."),
    Problem.OTHER_ROLE: gettext_lazy(
        "Its owner does not hold the role it names (held by %(named)s). Change one of the two."
    ),
    Problem.OWN_WORK: gettext_lazy("%(named)s wrote it and approved it. Have the next version approved by others."),
    Problem.OTHER_PROCESS_OWNER: gettext_lazy("The plan says that %(named)s answers for %(process)s."),
    Problem.NOT_SIGNED: gettext_lazy("Nobody of top management approved it. Name one of them for the next version."),
    Problem.REVIEW_LATE: gettext_lazy("Its review is overdue. Review it, even if nothing changes, and confirm it."),
    Problem.REVIEW_FAR: gettext_lazy("It has no review within a year of its publication."),
    Problem.OTHER_QUARTER: gettext_lazy("The others are reviewed in %(named)s. Move it there once, or say why not."),
    Problem.OLDER_THAN_FIRST: gettext_lazy(
        "The service management policy is newer. Read this one against it, and say that it still fits."
    ),
    Problem.OTHER_EDITION: gettext_lazy("It names the edition of %(named)s, the project another one."),
    Problem.OTHER_ANSWER: gettext_lazy(
        "“%(named)s” It says %(own)s, and “%(title)s” says %(other)s. Answer it once, or say why both are right."
    ),
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What does not fit in one policy, in words; with `explanation` it stays as it is.

    `key` is that of the policy, `document` that of what became of it ("" where not begun). `about` names what an
    explanation is given for, "" where none can be.
    """

    policy: PolicyRow
    problem: str
    words: str
    about: str
    explanation: PolicyExplanation | None

    @property
    def key(self) -> str:
        """The key of the policy."""
        return self.policy.model.key

    @property
    def document(self) -> str:
        """The key of its document, "" where it is not begun."""
        return self.policy.document.key if self.policy.document is not None else ""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One comparison, what it holds policies to, and what it found."""

    key: str
    name: str
    rule: str
    mend: str
    findings: Sequence[FindingRow]

    @property
    def open(self) -> Sequence[FindingRow]:
        """What is to be mended: nobody has explained it."""
        return [each for each in self.findings if each.explanation is None]


def checks_of(project: Project, rows: Sequence[PolicyRow]) -> list[CheckRow]:
    """Each comparison in its order. At most ten queries, however many policies there are."""
    today = clock.today(project.time_zone)
    end = Phase.objects.filter(project=project, number=1).values_list("end", flat=True).first()
    scope = Scope(
        project.scope_statement,
        tuple(project.services),
        tuple(project.left_out),
        str(project.edition),
        first_phase_is_over=end is not None and end < today,
    )
    shown = {row.model.key: row for row in rows if not row.is_hidden}
    findings = check_policies(_policies(project, list(shown.values())), scope, today, first=FIRST)
    said = _explanations(project, findings)
    made = [_said(shown[each.policy], each, said) for each in findings]
    return [
        CheckRow(
            check.key,
            check.title,
            check.rule,
            check.mend,
            [row for row, finding in zip(made, findings, strict=True) if finding.check == check.key],
        )
        for check in model_checks().values()
    ]


def _explanations(project: Project, findings: Sequence[Finding]) -> dict[tuple[int, str, str], PolicyExplanation]:
    if not any(each.is_explainable for each in findings):
        return {}
    rows = PolicyExplanation.objects.filter(project=project).select_related("said_by")
    return {(each.document_id, each.problem, each.about): each for each in rows}


def _said(row: PolicyRow, finding: Finding, said: Mapping[tuple[int, str, str], PolicyExplanation]) -> FindingRow:
    about = sha256_of({"about": finding.about}) if finding.is_explainable else ""
    words = str(_WORDS[finding.problem]) % {"named": finding.named, **finding.more}
    document = row.document.pk if row.document is not None else 0
    return FindingRow(row, str(finding.problem), words, about, said.get((document, str(finding.problem), about)))


def _policies(project: Project, rows: Sequence[PolicyRow]) -> list[Policy]:
    terms = list(Membership.objects.filter(project=project, role=ProjectRole.TOP_MANAGEMENT).select_related("user"))
    holders = _holders(project, terms)
    in_force = [row.in_force for row in rows if row.in_force is not None]
    approvals = _approvals(in_force)
    processes = {row.model.key: code for row in rows if (code := _process(row))}
    owners = owners_of(project, sorted(set(processes.values()))) if processes else {}
    components = texts_for(project).components
    answers = _answers(project, rows)
    signers = model_checks()[_MANAGEMENT_SIGNS].policies
    made = []
    for row in rows:
        document, version = row.document, row.in_force or row.on_way
        if document is None or version is None:
            made.append(Policy(row.model.key, row.model.is_required))
            continue
        said = approvals.get(version.pk, []) if row.in_force is not None else []
        code = processes.get(row.model.key, "")
        published = row.in_force.published_at if row.in_force is not None else None
        made.append(
            Policy(
                row.model.key,
                row.model.is_required,
                is_begun=True,
                text=_text(project, version),
                owner=str(document.owner) if document.owner is not None else "",
                owner_is_here=document.owner is None or document.owner.is_active,
                owner_role=document.owner_role,
                holders=holders.get(document.owner_role, frozenset()),
                in_force_since=published.date() if published is not None else None,
                review_on=document.review_on,
                is_policy=document.kind == DocumentKind.POLICY,
                title=document.full_title,
                own_work=tuple(str(each.approver) for each in said if _is_own_work(each, version)),
                is_signed=any(_is_of_management(each, terms, holders) for each in said)
                if said and row.model.key in signers
                else None,
                process=components[code].title if code in components else code,
                process_owner=owners.get(code, "") if code else "",
                answers=answers.get(row.model.key, {}),
            )
        )
    return made


def _holders(project: Project, terms: Sequence[Membership]) -> dict[str, frozenset[str]]:
    """Who holds each role of the role map, by its name. Two queries."""
    names = {party.pk: str(party) for party in Party.objects.filter(project=project)}
    found: dict[str, set[str]] = {}
    for (role, _component), party in entries_of(project).items():
        if party in names:
            found.setdefault(role, set()).add(names[party])
    managing = {str(each.user) for each in terms if each.is_current and each.user.is_active}
    found.setdefault(MANAGEMENT_ROLE, set()).update(managing)
    return {role: frozenset(each) for role, each in found.items()}


def _approvals(versions: Sequence[DocumentVersion]) -> dict[int, list[Approval]]:
    """Who approved each version, with whether they wrote a part of it. One query at most."""
    if not versions:
        return {}
    wrote = Author.objects.filter(document_version=OuterRef("document_version"), user=OuterRef("approver"))
    rows = Approval.objects.filter(
        document_version__in=[each.pk for each in versions],
        verdict=Verdict.APPROVE,
        round=F("document_version__round"),
    )
    found: dict[int, list[Approval]] = {}
    for row in rows.annotate(wrote=Exists(wrote)).select_related("approver"):
        found.setdefault(row.document_version_id, []).append(row)
    return found


def _is_own_work(approval: Approval, version: DocumentVersion) -> bool:
    """Whether somebody approved what they wrote without being free to: what a very small entity may is recorded."""
    wrote = bool(getattr(approval, "wrote", False)) or approval.approver_id == version.submitted_by_id
    return wrote and not approval.own_work


def _is_of_management(approval: Approval, terms: Sequence[Membership], holders: Mapping[str, frozenset[str]]) -> bool:
    """Whether who approved belonged to top management then, or takes its role in the role map."""
    at = approval.decided_at
    held = any(
        term.user_id == approval.approver_id
        and at is not None
        and term.starts_at <= at
        and (term.ends_at is None or term.ends_at > at)
        for term in terms
    )
    return held or str(approval.approver) in holders.get(MANAGEMENT_ROLE, frozenset())


def _process(row: PolicyRow) -> str:
    """The code of the process that a policy is about: that of at least half of what it serves; "" for none.

    The policy that all others follow from is about no process.
    """
    if row.document is None or row.model.key == FIRST or not row.document.refs:
        return ""
    code, count = Counter(ref.partition(".")[0] for ref in row.document.refs).most_common(1)[0]
    return code if 2 * count >= len(row.document.refs) else ""


def _answers(project: Project, rows: Sequence[PolicyRow]) -> dict[str, dict[str, str]]:
    """What each policy answers to the questions that its text asks: as frozen, or as it stands. One query at most."""
    begun = [(row, version) for row in rows if (version := row.in_force or row.on_way) is not None]
    if len(begun) < 2:
        return {}
    shared: dict[str, str] = {}
    own: dict[int, dict[str, str]] = {}
    for answer in DocumentAnswer.objects.filter(project=project):
        kept = shared if answer.document_id is None else own.setdefault(answer.document_id, {})
        kept[answer.question] = answer.answer
    found = {}
    for row, version in begun:
        asked = {mark.key for mark in marks_in(version.body) if mark.kind == MarkKind.ASK}
        is_frozen = version.state in FROZEN_STATES
        said = version.values if is_frozen else shared | own.get(version.document_id, {})
        found[row.model.key] = {question: str(said[question]) for question in asked if said.get(question)}
    return found


def _text(project: Project, version: DocumentVersion) -> str:
    """What it says of the scope: as frozen, or with what the project says put in."""
    if version.state in FROZEN_STATES:
        return version.text
    values = {
        "scope": project.scope_statement,
        "services": ", ".join(project.services),
        "edition": str(project.edition),
    }
    return fill(version.body, values=values, blocks={"table: services": "\n".join(project.services)}).text
