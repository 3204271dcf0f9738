"""Who can decide about a version, what they said, and what stands in its way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from documents.choices import Verdict, VersionState
from documents.models import Approval, Author, Document, DocumentVersion
from documents.paper import said_by
from documents.selectors import is_very_small
from documents.selectors.standing import Standing, standing_of
from documents.selectors.talk import talk_of
from phases.models import ProjectActivity
from phases.selectors.role_map import entries_of
from phases.selectors.whom import users_of
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.selectors.holders import holders_of, roles_of_holders

APPROVE = "documents.approve"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may approve documents. `why_not` says why they cannot be named for this version, or is empty.

    `is_suggested`: they take the role that approves it. `own_work`: they wrote it, and may approve it all the same.
    """

    user: User
    role: str
    why_not: str = ""
    is_suggested: bool = False
    own_work: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """What one approver said. `has_left` marks one who has not decided and may not any more."""

    approval: Approval
    has_left: bool

    @property
    def waits(self) -> bool:
        """Whether nothing was said yet."""
        return self.approval.verdict == Verdict.WAITING


def candidates_for(version: DocumentVersion, sender: User) -> list[Candidate]:
    """Everybody who may approve in the project, who is suggested first. Eight queries at most."""
    document, project = version.document, version.document.project
    roles = roles_of_holders(project, APPROVE)
    authors = set(Author.objects.filter(document_version=version).values_list("user_id", flat=True))
    suggested = suggested_approvers(document)
    may_own = is_very_small(project)
    found = []
    for each in holders_of(project, APPROVE):
        why_not, own = "", each.pk in authors or each.pk == sender.pk
        if own and not may_own:
            why_not = _("wrote a part of it") if each.pk in authors else _("sends it")
        found.append(
            Candidate(
                each,
                roles.get(each.pk, _("Owner of the organization")),
                why_not,
                is_suggested=each.pk in suggested and not why_not,
                own_work=own and may_own,
            )
        )
    return sorted(found, key=lambda each: (bool(each.why_not), not each.is_suggested))


def suggested_approvers(document: Document) -> set[int]:
    """The ids of the people who take the role that approves `document`, by the role map, else by the team.

    Of a role that differs by component, those of the components that the document serves. Four queries at most.
    """
    role, project = document.approver_role, document.project
    if not role:
        return set()
    taken = {component: party for (name, component), party in entries_of(project).items() if name == role}
    serves = ProjectActivity.objects.filter(project=project, ref__in=document.refs)
    components = set(serves.values_list("component", flat=True)) if len(taken) > 1 else set()
    parties = {taken[each] for each in components if each in taken} or ({taken[""]} if "" in taken else set())
    people = {user for users in users_of(parties).values() for user in users} if parties else set()
    if people:
        return people
    same = [each.value for each in ProjectRole if each.label.lower() == role.lower() or each.value == role.lower()]
    members = Membership.objects.current().filter(project=project, role__in=same)
    return set(members.values_list("user_id", flat=True)) if same else set()


def standing_before_sending(version: DocumentVersion) -> tuple[Standing, Sequence[str]]:
    """What is left to do on a draft, and what in it will not look as meant. Raises RuleBroken as `said_by`."""
    said, talk = said_by(version), talk_of(version.document)
    titles = {each.anchor: each.text for each in said.text.headings}
    waiting = {titles.get(anchor) or _("the document"): count for anchor, count in talk.waiting.items() if count}
    return standing_of(version, said, waiting), said.text.warnings


def words_of(version: DocumentVersion, may_approve: Collection[User]) -> list[Word]:
    """What each approver of this round said, in the order in which they were asked. One query."""
    may = {user.pk for user in may_approve}
    return [
        Word(
            each,
            has_left=version.state == VersionState.IN_REVIEW
            and each.verdict == Verdict.WAITING
            and each.approver_id not in may,
        )
        for each in Approval.objects.filter(document_version=version, round=version.round).select_related("approver")
    ]


def returned_words(version: DocumentVersion) -> list[Approval]:
    """Why a version was sent back, the newest first; nothing for one that never was sent. One query at most."""
    if not version.round:
        return []
    returned = Approval.objects.filter(document_version=version, verdict=Verdict.RETURN)
    return list(returned.select_related("approver").order_by("-round", "pk"))


def approvers_of(project: Project) -> list[User]:
    """Everybody who may approve documents in `project` today, by name. One query."""
    return holders_of(project, APPROVE)
