"""The people and clients of all tests: two providers that must never see each other.

Alder (client A): Olga owns the organization, Carl is its consultant; in the project "alder" Mara manages,
Toma is top management, Chen chairs the committee, Cora sits on it, Petra owns processes, Tim is on the team,
Audra audits. Birch (client B): Bruno manages "birch"; every text of Birch carries CANARY.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from accounts.models import User
from common import clock
from phases.models import PhaseActivity
from phases.services.rows import Target
from phases.services.start import ProjectPlan, start_project
from projects.choices import OrganizationRole, ProjectRole
from projects.models import Organization, Party, Project
from projects.services.organizations import create_organization, set_organization_role
from projects.services.team import grant_role

CANARY = "Kanarienvogel-7f3a"
PASSWORD = "quiet-harbour-42"
START = date(2026, 1, 12)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

ROLES = {
    "mara": ProjectRole.MANAGER,
    "toma": ProjectRole.TOP_MANAGEMENT,
    "chen": ProjectRole.CHAIR,
    "cora": ProjectRole.COMMITTEE,
    "petra": ProjectRole.PROCESS_OWNER,
    "tim": ProjectRole.TEAM,
    "audra": ProjectRole.AUDITOR,
}
NAMES = {
    "olga": "Olga Alder",
    "carl": "Carl Consult",
    "mara": "Mara Moss",
    "toma": "Toma Tate",
    "chen": "Chen Chair",
    "cora": "Cora Cole",
    "petra": "Petra Pohl",
    "tim": "Tim Tully",
    "audra": "Audra Ames",
}


@dataclass
class Cast:
    """Everybody, by first name in lower case."""

    people: dict[str, User]
    alder: Organization
    birch: Organization
    project: Project
    other: Project
    parties: dict[str, Party] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def row(self, ref: str = "CH.i", phase: int = 1) -> PhaseActivity:
        """A phase activity of Alder's project, fresh from the database."""
        return PhaseActivity.objects.select_related("activity", "accountable").get(
            project=self.project, activity__ref=ref, phase_number=phase
        )

    def target(self, ref: str = "CH.i", phase: int = 1) -> Target:
        """`row` as a service wants it named."""
        row = self.row(ref, phase)
        return Target(row.pk, row.version)


def make_user(name: str, email: str) -> User:
    """A user with the cast's password."""
    return User.objects.create_user(email, PASSWORD, name=name)


def make_cast() -> Cast:
    """Build both clients through the services. The catalogue must be loaded."""
    with clock.moved_to(datetime(2026, 1, 12, 8, 0, tzinfo=UTC)):
        people = {key: make_user(name, f"{key}@alder.example") for key, name in NAMES.items()}
        people["bruno"] = make_user(f"Bruno {CANARY}", "bruno@birch.example")
        people["nina"] = make_user("Nina Nobody", "nina@nowhere.example")
        alder = create_organization(acting_user=None, name="Alder IT", owner=people["olga"])
        birch = create_organization(acting_user=None, name=f"Birch {CANARY}", owner=None)
        set_organization_role(
            acting_user=None, organization=alder, user=people["carl"], role=OrganizationRole.CONSULTANT
        )
        project = start_project(
            acting_user=None,
            organization=alder,
            slug="alder",
            plan=ProjectPlan(
                name="Alder SMS",
                start=START,
                scope_statement="The SMS of Alder IT supports mail and network for its group, delivered from Graz.",
            ),
        )
        other = start_project(
            acting_user=None,
            organization=birch,
            slug="birch",
            plan=ProjectPlan(name=f"Birch {CANARY}", start=START, scope_statement=f"Scope {CANARY}"),
        )
        for key, role in ROLES.items():
            grant_role(acting_user=None, project=project, user=people[key], role=role)
        grant_role(acting_user=None, project=other, user=people["bruno"], role=ProjectRole.MANAGER)
    return find_cast()


def find_cast() -> Cast:
    """The cast that `make_cast` made, read from the database."""
    users = {user.email.partition("@")[0]: user for user in User.objects.all()}
    project = Project.objects.select_related("organization").get(slug="alder")
    other = Project.objects.select_related("organization").get(slug="birch")
    parties = {
        party.user.email.partition("@")[0]: party
        for party in Party.objects.filter(project=project, user__isnull=False).select_related("user")
        if party.user is not None
    }
    return Cast(users, project.organization, other.organization, project, other, parties)
