"""The capabilities of this app, registered when it is ready."""

from django.utils.translation import gettext_lazy as _

from projects.capabilities import EVERYBODY, MANAGER, WRITERS, register_capability
from projects.choices import ProjectRole

READERS = frozenset(EVERYBODY - {ProjectRole.TEAM})
LEADERS = frozenset({ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR})


def register() -> None:
    """Put this app's rows into the table role x capability."""
    register_capability(
        "clauses.view", _("Walk from a clause to its activities, documents and proof"), READERS, order=110
    )
    register_capability("requests.ask", _("Ask for proof as an auditor"), {ProjectRole.AUDITOR}, order=111)
    register_capability("requests.answer", _("Answer requests of auditors"), WRITERS, order=112)
    register_capability("findings.view", _("See findings and what is done about them"), EVERYBODY, order=113)
    register_capability(
        "findings.raise", _("Raise findings"), {MANAGER, ProjectRole.PROCESS_OWNER, ProjectRole.AUDITOR}, order=114
    )
    register_capability(
        "findings.handle",
        _("Correct findings, name causes and actions"),
        {MANAGER, ProjectRole.PROCESS_OWNER},
        order=115,
    )
    register_capability(
        "findings.verify",
        _("Verify that corrective actions work"),
        {MANAGER, ProjectRole.PROCESS_OWNER, ProjectRole.TOP_MANAGEMENT, ProjectRole.AUDITOR},
        order=116,
    )
    register_capability("audits.view", _("See internal audits and their reports"), READERS, order=120)
    register_capability("audits.manage", _("Plan internal audits"), {MANAGER}, order=121)
    register_capability(
        "audits.conduct",
        _("Work on the checklist of an audit one is named for"),
        {MANAGER, ProjectRole.PROCESS_OWNER, ProjectRole.TEAM, ProjectRole.AUDITOR},
        order=122,
    )
    register_capability(
        "review.view", _("See management reviews, improvements and risks to the SMS"), EVERYBODY, order=130
    )
    register_capability("review.prepare", _("Prepare and hold management reviews"), {MANAGER}, order=131)
    register_capability("review.approve", _("Approve minutes of management reviews"), LEADERS, order=132)
    register_capability("improvements.propose", _("Propose improvements"), WRITERS, order=133)
    register_capability("improvements.decide", _("Decide on improvements"), {MANAGER, *LEADERS}, order=134)
    register_capability(
        "smsrisks.manage", _("Keep risks to the SMS and its services"), {MANAGER, ProjectRole.PROCESS_OWNER}, order=135
    )
    register_capability("smsrisks.accept", _("Accept risks to the SMS and its services"), LEADERS, order=136)
    register_capability("certification.view", _("See the way to the certificate"), READERS, order=140)
    register_capability("certification.manage", _("Plan the way to the certificate"), {MANAGER}, order=141)
    register_capability(
        "services.change",
        _("Keep new and changed services, and what comes round in operation"),
        {MANAGER, ProjectRole.PROCESS_OWNER},
        order=142,
    )
    register_capability("packs.view", _("See evidence packs and check them"), READERS, order=150)
    register_capability(
        "packs.build",
        _("Build and fetch evidence packs"),
        {MANAGER, *LEADERS, ProjectRole.AUDITOR},
        order=151,
    )
    register_capability("auditors.watch", _("See what auditors from outside looked at"), {MANAGER}, order=152)
