"""What everybody in a project did or answers for, by clause, and what keeps whom from auditing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState
from audits.domain.impartial import Conflict, Tie, TieKind, conflicts_of
from audits.models import AuditTeam
from documents.choices import DocumentKind
from documents.models import Author, Document
from phases.choices import Status
from phases.models import Contributor, Package, PhaseActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.choices import PartyKind, ProjectRole
from projects.models import GroupMember, Membership, Party, Project

AUDIT_CLAUSE = {"2018": "9.2", "2011": "4.5.4.2"}
"""The clause that asks for internal audits: who audits it has audited nothing of it."""


@dataclass(frozen=True, slots=True)
class Ties:
    """All ties of a project in one edition, by the id of the person they belong to."""

    of: dict[int, tuple[Tie, ...]]

    def conflicts(self, person: int, clauses: Iterable[str]) -> tuple[Conflict, ...]:
        """What keeps the party `person` from auditing `clauses`."""
        return conflicts_of(person, clauses, self.of.get(person, ()))


def ties_of(project: Project, edition: str, *, but: int | None = None) -> Ties:
    """Who did what, or answers for it, by clause. `but` leaves out the audit of that id. Nine queries, however much.

    What a group answers for, each of its people does. An account is the same person as the party that it belongs to.
    """
    texts = texts_for(project)
    people_of = _people(project)
    party_of_user: dict[int | None, int] = {
        user: pk for pk, user in Party.objects.filter(project=project, user__isnull=False).values_list("pk", "user_id")
    }
    found: dict[int, set[Tie]] = {}

    def tie(people: Iterable[int], kind: TieKind, clauses: Iterable[str], what: str) -> None:
        for person in people:
            found.setdefault(person, set()).update(Tie(person, kind, clause, what) for clause in clauses)

    rows = list(
        PhaseActivity.objects.filter(project=project).exclude(status=Status.NOT_APPLICABLE).select_related("activity")
    )
    clauses_of_row: dict[int, tuple[str, tuple[str, ...]]] = {}
    component_clauses: dict[str, set[str]] = {}
    for row in rows:
        text = effective_text(texts, row.activity)
        clauses = text.clauses_2018 if edition == "2018" else text.clauses_2011
        clauses_of_row[row.pk] = (row.activity.ref, clauses)
        component_clauses.setdefault(row.activity.component, set()).update(clauses)
        if row.accountable_id is not None:
            tie(people_of.get(row.accountable_id, ()), TieKind.ACCOUNTABLE, clauses, row.activity.ref)
        if row.done_by_id in party_of_user:
            tie((party_of_user[row.done_by_id],), TieKind.CONTRIBUTES, clauses, row.activity.ref)
    for row_id, party_id in Contributor.objects.filter(project=project).values_list("phase_activity_id", "party_id"):
        if row_id in clauses_of_row:
            ref, clauses = clauses_of_row[row_id]
            tie(people_of.get(party_id, ()), TieKind.CONTRIBUTES, clauses, ref)
    owners = Package.objects.filter(project=project, owner__isnull=False).values_list("component", "owner_id")
    for component, owner in owners.distinct():
        code = texts.components.get(component)
        name = code.title if code is not None else component
        tie(people_of.get(owner, ()), TieKind.OWNS_PROCESS, component_clauses.get(component, ()), name)
    field = "clauses_2018" if edition == "2018" else "clauses_2011"
    documents = Document.objects.filter(project=project).exclude(kind=DocumentKind.RECORD)
    for number, owner, clauses in documents.values_list("number", "owner_id", field):
        if owner is not None:
            tie(people_of.get(owner, ()), TieKind.OWNS_DOCUMENT, clauses, number)
    authors = Author.objects.filter(project=project, document_version__document__in=documents)
    for user, number, clauses in authors.values_list(
        "user_id", "document_version__document__number", f"document_version__document__{field}"
    ):
        if user in party_of_user:
            tie((party_of_user[user],), TieKind.WROTE_DOCUMENT, clauses, number)
    teams = AuditTeam.objects.filter(project=project, audit__state=AuditState.REPORTED)
    for audit_id, party_id, ref in teams.values_list("audit_id", "party_id", "audit__ref"):
        if audit_id != but:
            tie((party_id,), TieKind.AUDITED, (AUDIT_CLAUSE[edition],), ref)
    return Ties({person: tuple(of) for person, of in found.items()})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be named as an auditor. Who only audits has no party until they are named (`party` None)."""

    name: str
    function: str
    party: Party | None
    user: User | None

    @property
    def key(self) -> str:
        """How forms name them."""
        if self.party is not None:
            return f"p{self.party.pk}"
        return f"u{self.user.pk}" if self.user is not None else ""


def candidates(project: Project) -> list[Candidate]:
    """The people that can be named as auditors, those who only audit first. Two queries."""
    roles = Membership.objects.current().filter(project=project, role=ProjectRole.AUDITOR)
    auditors = {user.pk: user for user in User.objects.filter(pk__in=roles.values("user"))}
    word = str(ProjectRole.AUDITOR.label)
    found, others = [], []
    for party in Party.objects.filter(project=project, kind=PartyKind.PERSON).select_related("user").order_by("name"):
        if party.user_id is not None and party.user_id in auditors:
            del auditors[party.user_id]
            found.append(Candidate(party.name, party.function or word, party, party.user))
        elif party.is_active:
            others.append(Candidate(party.name, party.function, party, party.user))
    found += [Candidate(user.name or user.email, word, None, user) for user in auditors.values()]
    return [*sorted(found, key=lambda each: each.name), *others]


def why_refused(name: str, conflicts: Sequence[Conflict]) -> str:
    """A sentence that says why `name` cannot audit, and for which clauses; "" where nothing keeps them from it."""
    if not conflicts:
        return ""
    return _("%(name)s cannot audit here, because nobody audits their own work: %(reasons)s.") % {
        "name": name,
        "reasons": "; ".join(conflict_words(conflict) for conflict in conflicts),
    }


def conflict_words(conflict: Conflict) -> str:
    """One reason: what they did, of what, at which clauses."""
    templates = {
        TieKind.OWNS_PROCESS: _("owns %(what)s (%(clauses)s)"),
        TieKind.ACCOUNTABLE: _("is responsible for %(what)s (%(clauses)s)"),
        TieKind.CONTRIBUTES: _("worked on %(what)s (%(clauses)s)"),
        TieKind.OWNS_DOCUMENT: _("owns document %(what)s (%(clauses)s)"),
        TieKind.WROTE_DOCUMENT: _("wrote document %(what)s (%(clauses)s)"),
        TieKind.AUDITED: _("did audit %(what)s themselves (%(clauses)s)"),
    }
    return templates[conflict.kind] % {
        "what": _few(conflict.what),
        "clauses": _few(conflict.clauses, _("clause %(names)s"), _("clauses %(names)s")),
    }


def _few(names: Sequence[str], one: str = "%(names)s", several: str = "%(names)s", most: int = 6) -> str:
    shown = ", ".join(names[:most])
    if len(names) > most:
        shown = _("%(names)s and %(n)d more") % {"names": shown, "n": len(names) - most}
    return (one if len(names) == 1 else several) % {"names": shown}


def _people(project: Project) -> dict[int, tuple[int, ...]]:
    """The people that each party stands for: itself, or those of a group. Two queries."""
    groups: dict[int, list[int]] = {}
    for group, person in GroupMember.objects.filter(project=project).values_list("group_id", "person_id"):
        groups.setdefault(group, []).append(person)
    return {
        pk: (pk,) if kind == PartyKind.PERSON else tuple(groups.get(pk, ()))
        for pk, kind in Party.objects.filter(project=project).values_list("pk", "kind")
    }
