"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole

MEMBERS = {ProjectRole.CHAIR, ProjectRole.COMMITTEE}
READERS = frozenset(EVERYBODY - {ProjectRole.TEAM})


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability("governance.view", _("See the steering page, gates, decisions and meetings"), READERS, order=90)
    register_capability(
        "governance.prepare",
        _("Prepare gates and meetings, ask for decisions, keep actions"),
        {MANAGER, ProjectRole.CHAIR},
        order=91,
    )
    register_capability(
        "governance.attest",
        _("Attest criteria of gates"),
        {MANAGER, ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR, ProjectRole.PROCESS_OWNER},
        order=92,
    )
    register_capability("governance.vote", _("Say yes or no when the committee is called"), MEMBERS, order=93)
    register_capability(
        "governance.decide",
        _("Record decisions of the committee, waive criteria, approve minutes"),
        {ProjectRole.CHAIR},
        order=94,
    )
    register_capability(
        "governance.commit", _("Say how top management keeps its commitment"), {ProjectRole.TOP_MANAGEMENT}, order=95
    )
    register_capability("lessons.view", _("See lessons learnt and outcomes of phases"), EVERYBODY, order=96)
    register_capability("lessons.capture", _("Capture lessons learnt"), WRITERS, order=97)
    register_capability("lessons.manage", _("Settle what becomes of lessons"), {MANAGER}, order=98)
    register_capability(
        "outcomes.attest", _("Attest outcomes of phases"), {MANAGER, ProjectRole.PROCESS_OWNER}, order=99
    )
    register_capability(
        "outcomes.confirm",
        _("Confirm outcomes that somebody else attested"),
        {MANAGER, ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR},
        order=100,
    )
