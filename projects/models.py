"""Organizations, projects, who belongs to them, and who can be responsible."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, initials_of
from common import clock
from projects.choices import CalendarContent, Edition, OrganizationRole, OtherParties, PartyKind, ProjectRole

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Ways to reach organizations."""

    def visible_to(self, user: "User | AnonymousUser") -> "OrganizationQuerySet":
        """Those in which `user` holds a role today, in the organization itself or in one of its projects."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(Exists(OrganizationMembership.objects.current().filter(organization=OuterRef("pk"), user=user)))
            | Q(Exists(Membership.objects.current().filter(project__organization=OuterRef("pk"), user=user)))
        )

    def that_may_start_projects(self, user: "User | AnonymousUser") -> "OrganizationQuerySet":
        """Those in which `user` is owner or consultant today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Exists(
                OrganizationMembership.objects.current().filter(
                    organization=OuterRef("pk"),
                    user=user,
                    role__in=[OrganizationRole.OWNER, OrganizationRole.CONSULTANT],
                )
            )
        )


def usual_working_days() -> list[int]:
    """Monday (0) to Friday (4)."""
    return [0, 1, 2, 3, 4]


class Organization(models.Model):
    """A client: a service provider, or a consultancy that works for several.

    `working_days` are the days of the week on which it works, Monday being 0.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    working_days = models.JSONField(_("working days"), default=usual_working_days)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials_of(self.name)


class Holiday(models.Model):
    """A day on which an organization does not work, beside the days of the week on which it never does."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class TermQuerySet(models.QuerySet[models.Model]):
    """Memberships with a beginning and an end."""

    def current(self) -> "TermQuerySet":
        """Those that hold at this instant."""
        instant = clock.now()
        return self.filter(
            Q(starts_at__lte=instant), Q(ends_at__isnull=True) | Q(ends_at__gt=instant), user__is_active=True
        )


class Term(models.Model):
    """From and until, as days of the project's time zone, and the instants they stand for."""

    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        """Whether the term holds at this instant."""
        instant = clock.now()
        return self.starts_at <= instant and (self.ends_at is None or self.ends_at > instant)


class OrganizationMembership(Term):
    """A person's role in an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="organization_memberships")
    role = models.CharField(max_length=20, choices=OrganizationRole)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_role_in_organization")]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} in {self.organization}"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Ways to reach projects."""

    def visible_to(self, user: "User | AnonymousUser") -> "ProjectQuerySet":
        """Those in which `user` holds a role today, and all of an organization that `user` owns."""
        if not user.is_authenticated:
            return self.none()
        owns = OrganizationMembership.objects.current().filter(
            organization=OuterRef("organization"), user=user, role=OrganizationRole.OWNER
        )
        belongs = Membership.objects.current().filter(project=OuterRef("pk"), user=user)
        return self.filter(Q(Exists(belongs)) | Q(Exists(owns)))


class Project(models.Model):
    """One implementation of an SMS within one scope."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="projects")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    scope_statement = models.TextField(_("scope statement"), blank=True)
    services = models.JSONField(_("services"), default=list, blank=True)
    delivered_by = models.CharField(_("organization that manages and delivers them"), max_length=200, blank=True)
    locations = models.JSONField(_("locations"), default=list, blank=True)
    customers = models.JSONField(_("customers"), default=list, blank=True)
    left_out = models.JSONField(_("left out"), default=list, blank=True)
    other_parties = models.CharField(_("parts run by others"), max_length=10, choices=OtherParties, blank=True)
    edition = models.CharField(_("edition"), max_length=4, choices=Edition, default=Edition.E2018)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    start_date = models.DateField(_("start"))
    catalogue_pack = models.CharField(max_length=60)
    catalogue_version = models.CharField(max_length=20)
    catalogue_sha256 = models.CharField(max_length=64)
    supplement_pack = models.CharField(max_length=60, blank=True)
    supplement_version = models.CharField(max_length=20, blank=True)
    supplement_sha256 = models.CharField(max_length=64, blank=True)
    supplement_declined = models.TextField(_("why the supplement is not part of the plan"), blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "name"], name="project_by_organization")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials_of(self.name)

    @property
    def scope_is_missing(self) -> bool:
        """Whether the scope still has to be written: the pages say so until it is."""
        return self.scope_statement.strip().lower() in ("", "to be written")


class Membership(Term):
    """A person's role in a project; somebody may hold several."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="project_memberships")
    role = models.CharField(max_length=20, choices=ProjectRole)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user", "role"], name="role_once_in_project")]
        indexes = [models.Index(fields=["user", "project"], name="membership_of_user")]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} in {self.project}"


class Party(models.Model):
    """A person or a group that can be responsible, with or without an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PartyKind, default=PartyKind.PERSON)
    function = models.CharField(_("function"), max_length=120, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="parties")
    is_active = models.BooleanField(_("can be responsible"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="party_name_once"),
            models.UniqueConstraint(
                fields=["project", "user"], condition=Q(user__isnull=False), name="party_of_user_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials_of(self.name)


class GroupMember(models.Model):
    """A person who belongs to a group of the same project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="group_members")
    person = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="group_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="in_a_group_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.group}"


class Invitation(models.Model):
    """An offer, by mail, of a role in a project. Only the hash of its secret is kept."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("mail address"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=ProjectRole)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} as {self.role} in {self.project}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > clock.now()


class WizardDraft(models.Model):
    """What somebody has answered so far in the wizard for a new project."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="wizard_draft")
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Draft of {self.user}"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Ways to reach addresses for calendar programs."""

    def visible_to(self, user: "User | AnonymousUser") -> "CalendarFeedQuerySet":
        """Those of `user` that still hold, in projects that `user` can see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, revoked_at=None, project__in=Project.objects.visible_to(user))


class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads a project's dates as one person sees them.

    Nothing here opens it: the secret is a signature over `uuid` (`projects.calendar_addresses`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="calendar_feeds")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    content = models.CharField(max_length=10, choices=CalendarContent, default=CalendarContent.MINE)
    created_at = models.DateTimeField(default=clock.now)
    last_fetched_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["project__name", "content", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "content"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_address_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.content} of {self.project_id} for {self.user_id}"


class RefCounter(models.Model):
    """How far refs of one kind were given out in a project, so that none is given twice. See `services.refs`."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="ref_counter_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"
