"""The committee of a project, and its members over all projects that it oversees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User, initials_of
from documents.choices import DocumentState
from documents.models import Document
from documents.selectors import seen_by
from governance.models import Committee, CommitteeQuerySet, Oversight
from projects.choices import ProjectRole
from projects.models import Membership, Project
from projects.permissions import Access

SEATS = (ProjectRole.CHAIR, ProjectRole.COMMITTEE)
TERMS_TEMPLATE = "steering-committee-terms"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member sits in one of the projects: `role` is "" where their seat is missing."""

    project: Project
    role: str

    @property
    def is_missing(self) -> bool:
        """Whether they sit on the committee elsewhere, but not there."""
        return not self.role

    @property
    def is_chair(self) -> bool:
        """Whether they chair it there."""
        return self.role == ProjectRole.CHAIR


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the committee, and where: `here` in the project whose page is read."""

    user: User
    here: str
    places: tuple[Place, ...]

    @property
    def is_chair(self) -> bool:
        """Whether they chair it in this project."""
        return self.here == ProjectRole.CHAIR

    @property
    def missing(self) -> tuple[Place, ...]:
        """The projects in which they have no seat yet."""
        return tuple(place for place in self.places if place.is_missing)

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(str(self.user))


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """What the page of a committee shows. `projects` are those it oversees that the reader can see, this one first."""

    oversight: Oversight | None
    members: tuple[Member, ...]
    projects: tuple[Project, ...]

    @property
    def committee(self) -> Committee | None:
        """The committee, where there is one."""
        return self.oversight.committee if self.oversight is not None else None

    @property
    def others(self) -> tuple[Project, ...]:
        """The other projects that it oversees."""
        return self.projects[1:]

    @property
    def chairs(self) -> tuple[Member, ...]:
        """Who chairs it here."""
        return tuple(each for each in self.members if each.is_chair)

    @property
    def seated(self) -> tuple[Member, ...]:
        """Who sits on it here."""
        return tuple(each for each in self.members if each.here)

    @property
    def quorum_is_out_of_reach(self) -> bool:
        """Whether more people are asked for than sit on it."""
        committee = self.committee
        return committee is not None and committee.quorum is not None and committee.quorum > len(self.seated)


def committee_page(project: Project, user: User) -> CommitteePage:
    """The committee of `project` with its members in all its projects that `user` can see. Three queries."""
    oversight = Oversight.objects.select_related("committee", "terms").filter(project=project).first()
    projects = [project]
    if oversight is not None:
        projects += list(
            Project.objects.visible_to(user)
            .filter(oversight__committee=oversight.committee_id)
            .exclude(pk=project.pk)
            .order_by("name", "pk")
        )
    return CommitteePage(oversight, tuple(_members(projects)), tuple(projects))


def _members(projects: Sequence[Project]) -> list[Member]:
    """Everybody with a seat in one of `projects`: chairs of the first before its members, then those it lacks."""
    current = Membership.objects.current().filter(project__in=projects, role__in=SEATS)
    rows = Membership.objects.filter(pk__in=current.values("pk"), user__is_active=True).select_related("user")
    people: dict[int, User] = {}
    roles: dict[tuple[int, int], str] = {}
    for row in rows:
        people[row.user_id] = row.user
        place = (row.user_id, row.project_id)
        if roles.get(place) != ProjectRole.CHAIR:
            roles[place] = row.role
    members = [
        Member(
            user,
            roles.get((pk, projects[0].pk), ""),
            tuple(Place(each, roles.get((pk, each.pk), "")) for each in projects),
        )
        for pk, user in people.items()
    ]
    rank = {ProjectRole.CHAIR.value: 0, ProjectRole.COMMITTEE.value: 1}
    return sorted(members, key=lambda each: (rank.get(each.here, 2), str(each.user).casefold(), each.user.pk))


def joinable(project: Project, user: User | None) -> CommitteeQuerySet:
    """The committees of the same organization that could oversee `project`: those of projects that `user` can see."""
    found = Committee.objects.filter(organization=project.organization_id)
    # The application itself (user None) sees all of them.
    return found if user is None else found.filter(pk__in=Committee.objects.visible_to(user).values("pk"))


def terms_choices(project: Project, access: Access) -> list[Document]:
    """The documents that could hold the terms, those made of our template first. One query."""
    documents = seen_by(project, access).filter(state=DocumentState.CURRENT).order_by("number")
    return sorted(documents, key=lambda each: each.template != TERMS_TEMPLATE)


def seen_terms(oversight: Oversight, project: Project, access: Access) -> Document | None:
    """The document of the terms, where this person may see it. One query, none without terms."""
    if oversight.terms_id is None:
        return None
    return seen_by(project, access).filter(pk=oversight.terms_id).first()


def committee_plain(oversight: Oversight) -> dict[str, Any]:
    """A committee as records keep it."""
    committee = oversight.committee
    return {
        "name": committee.name,
        "quorum": committee.quorum,
        "agreed_on": _iso(oversight.agreed_on),
        "successor": oversight.successor,
        "successor_from": _iso(oversight.successor_from),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
