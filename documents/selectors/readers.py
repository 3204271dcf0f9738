"""Who can be asked to read a document, and who of those asked has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from documents.models import Document, DocumentVersion, Reading
from phases.models import RoleAssignment
from projects.choices import OrganizationRole, PartyKind, ProjectRole
from projects.models import GroupMember, Membership, OrganizationMembership, Party, Project

EVERYBODY, AGAIN = "everybody", "again"


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """Some people who can be asked together. `role` is what they are asked as, "" for people chosen by name."""

    key: str
    label: str
    role: str
    parties: tuple[Party, ...]

    @property
    def is_mapped(self) -> bool:
        """Whether it stands for a role of the role map."""
        return self.key.startswith("map ")


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One who was asked. `days_late` above 0 is overdue; `has_left`: they cannot open the project any more."""

    reading: Reading
    days_late: int | None
    days_left: int | None
    has_left: bool


def people_of(project: Project) -> list[Party]:
    """The people of `project` who can open it today and so can say that they have read something, by name."""
    members = Membership.objects.current().filter(project=project)
    owners = OrganizationMembership.objects.current().filter(
        organization=project.organization_id, role=OrganizationRole.OWNER
    )
    found = Party.objects.filter(project=project, kind=PartyKind.PERSON, user__is_active=True)
    found = found.filter(Q(user__in=members.values("user")) | Q(user__in=owners.values("user")))
    return list(found.select_related("user").order_by("name", "pk"))


def reader_groups(document: Document, earlier: DocumentVersion | None, people: Sequence[Party]) -> list[ReaderGroup]:
    """Whom `people` can be asked as: again (who was asked about `earlier`), by role in the project, by the role map.

    A role that is given to a group stands for the people in it. Four queries.
    """
    project = document.project
    by_party = {each.pk: each for each in people}
    by_user = {each.user_id: each for each in people}
    groups: list[tuple[str, str, str, set[int]]] = []
    if earlier is not None:
        asked = set(Reading.objects.filter(document_version=earlier).values_list("reader_id", flat=True))
        label = _("Those who were asked about version %(number)s") % {"number": earlier.number}
        groups.append((AGAIN, label, "", asked))
    groups.append((EVERYBODY, _("Everybody in the project"), _("Everybody"), set(by_party)))
    members: dict[str, set[int]] = defaultdict(set)
    held = Membership.objects.current().filter(project=project)
    for user, role in held.values_list("user_id", "role"):
        if user in by_user:
            members[role].add(by_user[user].pk)
    groups += [(f"role {role.value}", str(role.label), str(role.label), members[role.value]) for role in ProjectRole]
    in_group: dict[int, set[int]] = defaultdict(set)
    for group, person in GroupMember.objects.filter(project=project).values_list("group_id", "person_id"):
        in_group[group].add(person)
    taken: dict[str, set[int]] = defaultdict(set)
    for name, party in RoleAssignment.objects.filter(project=project).values_list("role", "party_id"):
        taken[name] |= in_group.get(party, {party})
    names = {str(role.label) for role in ProjectRole}
    for name, parties in sorted(taken.items()):
        label = _("%(role)s (role map)") % {"role": name} if name in names else name
        groups.append((f"map {name}", label, name, parties))
    return [
        ReaderGroup(key, label, role, found)
        for key, label, role, parties in groups
        if (found := tuple(each for each in people if each.pk in parties))
    ]


def group_words(group: ReaderGroup) -> str:
    """A group as it is offered: its name, and who it is where they are few."""
    count = len(group.parties)
    who = (
        ", ".join(each.name for each in group.parties)
        if count <= 3
        else ngettext("%(n)d person", "%(n)d people", count) % {"n": count}
    )
    return f"{group.label}: {who}"


def group_offers(groups: Sequence[ReaderGroup]) -> dict[str, list[tuple[str, str]]]:
    """The groups as a form offers them: `readers` by role in the project, `mapped` by the role map."""
    return {
        "readers": [(each.key, group_words(each)) for each in groups if not each.is_mapped],
        "mapped": [(each.key, group_words(each)) for each in groups if each.is_mapped],
    }


def chosen_groups(groups: Sequence[ReaderGroup], *keys: Sequence[str]) -> list[tuple[str, tuple[Party, ...]]]:
    """Those of `groups` that were chosen, as services take them."""
    wanted = {key for some in keys for key in some}
    return [(each.role, each.parties) for each in groups if each.key in wanted]


def readings_of(version: DocumentVersion) -> list[ReadingLine]:
    """Who was asked to read `version`: who has not first, the most overdue on top. Two queries."""
    project = version.document.project
    today = clock.today(project.time_zone)
    there = {each.pk for each in people_of(project)}
    lines = []
    for reading in Reading.objects.filter(document_version=version).select_related("reader", "asked_by"):
        left = (reading.due - today).days
        waits = reading.read_at is None
        lines.append(
            ReadingLine(
                reading,
                days_late=-left if waits and left < 0 else None,
                days_left=left if waits and left >= 0 else None,
                has_left=waits and reading.reader_id not in there,
            )
        )
    return sorted(lines, key=_place)


def _place(line: ReadingLine) -> tuple[int, date, str]:
    return (2 if line.reading.read_at else 1 if line.has_left else 0, line.reading.due, line.reading.reader.name)


def reading_counts(document: Document) -> dict[int, tuple[int, int]]:
    """By version, how many were asked to read it and how many have. One query."""
    counted = (
        Reading.objects.filter(document_version__document=document)
        .values_list("document_version_id")
        .annotate(asked=Count("pk"), done=Count("read_at"))
    )
    return {version: (asked, done) for version, asked, done in counted}


def own_reading(version: DocumentVersion, person: User, *, waiting: bool = False) -> Reading | None:
    """That `person` was asked to read `version`; with `waiting` only where they have not said yet. One query."""
    asked = Reading.objects.filter(document_version=version, reader__user=person)
    found = (asked.filter(read_at=None) if waiting else asked).select_related("reader").first()
    if found is not None:
        found.document_version = version
    return found


def reading_of(document: Document, pk: int) -> Reading | None:
    """That somebody was asked to read a version of `document`. One query."""
    found = Reading.objects.filter(pk=pk, document_version__document=document)
    reading = found.select_related("reader", "document_version").first()
    if reading is not None:
        reading.document_version.document = document
    return reading
