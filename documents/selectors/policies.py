"""Reads of the guided page of policies: which are needed, where each stands, and what does not fit between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from documents.choices import FROZEN_STATES, OPEN_STATES, DocumentKind, VersionState
from documents.domain.fill import fill
from documents.domain.policy_checks import Check, Finding, Policy, Problem, Scope, check_policies
from documents.library import template_of
from documents.models import Document, DocumentVersion
from documents.policies_library import FIRST, ModelPolicy, model_policies
from documents.selectors import seen_by
from documents.selectors.register import Standing
from documents.selectors.values import MANAGEMENT_ROLE
from phases.models import Phase
from phases.selectors.role_map import entries_of
from projects.choices import ProjectRole
from projects.models import Membership, Party, Project
from projects.permissions import Access

_NAMES: Mapping[Check, object] = {
    Check.COMPLETE: gettext_lazy("All there"),
    Check.SCOPE: gettext_lazy("Same scope"),
    Check.OWNER: gettext_lazy("One owner, who holds the role"),
    Check.REVIEW: gettext_lazy("Reviewed together, once a year"),
    Check.EDITION: gettext_lazy("Same edition of the standard"),
}
_WORDS: Mapping[Problem, object] = {
    Problem.NOT_BEGUN: gettext_lazy("It is required and not begun. Draft it from its questions."),
    Problem.NOT_IN_FORCE: gettext_lazy("Phase 1 is over and it is not in force. Have it approved and published."),
    Problem.NO_SCOPE: gettext_lazy("It does not say what it covers. Let the text draw the services from the project."),
    Problem.LEAVES_OUT: gettext_lazy("It leaves out %(named)s. Say why under its scope, or widen it."),
    Problem.BEYOND_SCOPE: gettext_lazy("It names %(named)s, which the scope leaves out."),
    Problem.NO_OWNER: gettext_lazy("It has no owner. Name one; until then whoever approves it owns it."),
    Problem.OWNER_LEFT: gettext_lazy("%(named)s has left the project. Name a successor."),
    Problem.ROLE_OPEN: gettext_lazy("Nobody holds the role “%(named)s” in the role map."),
    Problem.OTHER_ROLE: gettext_lazy(
        "Its owner does not hold the role it names; %(named)s does. Change one of the two."
    ),
    Problem.REVIEW_LATE: gettext_lazy("Its review is overdue. Review it, even if nothing changes, and confirm it."),
    Problem.REVIEW_FAR: gettext_lazy("It has no review within a year of its publication."),
    Problem.OTHER_QUARTER: gettext_lazy("The others are reviewed in %(named)s. Move it there once, or say why not."),
    Problem.OLDER_THAN_FIRST: gettext_lazy("The service management policy is newer. Read this one against it."),
    Problem.OTHER_EDITION: gettext_lazy("It names the edition of %(named)s, the project another one."),
}


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy that is needed, and the document that became of it."""

    model: ModelPolicy
    title: str
    document: Document | None
    in_force: DocumentVersion | None
    on_way: DocumentVersion | None
    is_hidden: bool

    @property
    def standing(self) -> str:
        """Where it stands, as the register says it."""
        if self.in_force is not None:
            return Standing.PUBLISHED
        if self.on_way is None:
            return Standing.MISSING
        return {VersionState.IN_REVIEW: Standing.IN_REVIEW, VersionState.APPROVED: Standing.APPROVED}.get(
            VersionState(self.on_way.state), Standing.DRAFTED
        )

    @property
    def is_asking(self) -> bool:
        """Whether its questions can be answered now: not begun, or a draft."""
        return not self.is_hidden and (self.document is None or (self.on_way is not None and self.on_way.is_draft))


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One comparison with what it found: title of the policy, its key in addresses ("" where not begun), words."""

    name: str
    findings: Sequence[tuple[str, str, str]]


def policy_rows(project: Project, access: Access) -> list[PolicyRow]:
    """The policies that are needed, with what stands. Three queries."""
    models = model_policies()
    keys = [each.key for each in models]
    there = Document.objects.filter(project=project, template__in=keys).current()
    begun = set(there.values_list("template", flat=True))
    seen = seen_by(project, access).current().filter(template__in=keys).select_related("owner")
    documents = {each.template: each for each in seen}
    versions: dict[int, dict[str, DocumentVersion]] = {}
    wanted = (*OPEN_STATES, VersionState.PUBLISHED)
    for version in DocumentVersion.objects.filter(project=project, document__in=documents.values(), state__in=wanted):
        versions.setdefault(version.document_id, {})[version.state] = version
    rows = []
    for model in models:
        document = documents.get(model.key)
        template = template_of(model.key)
        found = versions.get(document.pk, {}) if document is not None else {}
        rows.append(
            PolicyRow(
                model,
                document.full_title if document is not None else template.title if template else model.key,
                document,
                found.get(VersionState.PUBLISHED),
                next((found[state] for state in OPEN_STATES if state in found), None),
                document is None and model.key in begun,
            )
        )
    return rows


def checks_of(project: Project, rows: Sequence[PolicyRow]) -> list[CheckRow]:
    """Each comparison in its order. Four queries."""
    today = clock.today(project.time_zone)
    end = Phase.objects.filter(project=project, number=1).values_list("end", flat=True).first()
    scope = Scope(
        project.scope_statement,
        tuple(project.services),
        tuple(project.left_out),
        str(project.edition),
        first_phase_is_over=end is not None and end < today,
    )
    holders = _holders(project)
    shown = {row.model.key: row for row in rows if not row.is_hidden}
    findings = check_policies([_policy(project, row, holders) for row in shown.values()], scope, today, first=FIRST)
    return [
        CheckRow(str(name), [_said(shown[each.policy], each) for each in findings if each.check == check])
        for check, name in _NAMES.items()
    ]


def _said(row: PolicyRow, finding: Finding) -> tuple[str, str, str]:
    words = str(_WORDS[finding.problem])
    return row.title, row.document.key if row.document else "", words % {"named": finding.named}


def _policy(project: Project, row: PolicyRow, holders: Mapping[str, frozenset[str]]) -> Policy:
    document, version = row.document, row.in_force or row.on_way
    if document is None or version is None:
        return Policy(row.model.key, row.model.is_required)
    owner = document.owner
    published = row.in_force.published_at if row.in_force is not None else None
    return Policy(
        row.model.key,
        row.model.is_required,
        is_begun=True,
        text=_text(project, version),
        owner=str(owner) if owner is not None else "",
        owner_is_here=owner is None or owner.is_active,
        owner_role=document.owner_role,
        holders=holders.get(document.owner_role, frozenset()),
        in_force_since=published.date() if published is not None else None,
        review_on=document.review_on,
        is_policy=document.kind == DocumentKind.POLICY,
    )


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


def _holders(project: Project) -> dict[str, frozenset[str]]:
    """Who holds each role of the role map, by its name. Three queries."""
    names = {party.pk: str(party) for party in Party.objects.filter(project=project)}
    found: dict[str, set[str]] = {}
    for (role, _component), party in entries_of(project).items():
        if party in names:
            found.setdefault(role, set()).add(names[party])
    members = Membership.objects.current().filter(project=project, role=ProjectRole.TOP_MANAGEMENT)
    found.setdefault(MANAGEMENT_ROLE, set()).update(members.values_list("user__name", flat=True))
    return {role: frozenset(each) for role, each in found.items()}


def counts_words(rows: Sequence[PolicyRow]) -> str:
    """How many of the required ones are in force."""
    required = [row for row in rows if row.model.is_required and not row.is_hidden]
    held = sum(row.in_force is not None for row in required)
    return _("%(held)d of %(all)d required policies are in force.") % {"held": held, "all": len(required)}
