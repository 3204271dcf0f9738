"""Words that projects are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationRole(models.TextChoices):
    """What a person is in an organization."""

    OWNER = "owner", _("Owner")
    CONSULTANT = "consultant", _("Consultant")
    MEMBER = "member", _("Member")


class ProjectRole(models.TextChoices):
    """What a person is in a project."""

    MANAGER = "manager", _("Project manager")
    TOP_MANAGEMENT = "top management", _("Top management")
    CHAIR = "committee chair", _("Committee chair")
    COMMITTEE = "committee member", _("Committee member")
    PROCESS_OWNER = "process owner", _("Process owner")
    TEAM = "team member", _("Team member")
    AUDITOR = "auditor", _("Auditor")


class Edition(models.TextChoices):
    """Which edition of ISO/IEC 20000-1 a project works to."""

    E2018 = "2018", _("ISO/IEC 20000-1:2018")
    E2011 = "2011", _("ISO/IEC 20000-1:2011 (superseded)")


class PartyKind(models.TextChoices):
    """Who can be responsible: one person, or a group."""

    PERSON = "person", _("Person")
    GROUP = "group", _("Group")


class OtherParties(models.TextChoices):
    """Whether others run part of the services or processes (Part 2, 1.2)."""

    UNSAID = "", _("Not said yet")
    NONE = "none", _("Nobody else runs a process or a part of a service")
    SOME = "some", _("Suppliers, internal suppliers or customers run some of it")


class CalendarContent(models.TextChoices):
    """What an address for calendar programs gives: one's own due dates, or those of the whole plan."""

    MINE = "mine", _("My due dates")
    PLAN = "plan", _("The plan")
