"""The table role x capability as a whole: a change of it is a decision, so it changes here too."""

from projects.capabilities import capabilities
from projects.choices import ProjectRole

ALL = {"manager", "top management", "committee chair", "committee member", "process owner", "team member", "auditor"}
WRITERS = ALL - {"auditor"}
TABLE = {
    "project.view": ALL,
    "project.change": {"manager"},
    "team.view": ALL,
    "team.manage": {"manager"},
    "trail.view": ALL - {"team member"},
    "phases.view": ALL,
    "phases.report": WRITERS,
    "phases.report_any": {"manager"},
    "phases.verify": {"manager", "top management", "committee chair", "process owner"},
    "phases.assign": {"manager"},
    "phases.schedule": {"manager"},
    "phases.tailor": {"manager"},
    "phases.close": {"manager"},
    "phases.export": ALL,
    "evidence.view": ALL,
    "evidence.add": WRITERS,
    "evidence.manage": {"manager"},
    "evidence.ask": {"manager"},
    "evidence.dispose": {"manager"},
    "documents.view": ALL,
    "documents.write": WRITERS,
    "documents.approve": {"manager", "top management", "committee chair", "committee member", "process owner"},
    "documents.publish": {"manager"},
    "documents.measure": WRITERS,
    "comments.view": ALL,
    "comments.write": WRITERS,
    "comments.settle": {"manager"},
    "gap.view": ALL,
    "gap.answer": WRITERS,
    "gap.manage": {"manager"},
    "gap.lock": {"manager", "committee chair"},
    "case.view": ALL - {"team member"},
    "case.edit": {"manager"},
    "case.approve": {"top management", "committee chair"},
    "case.release": {"top management", "committee chair"},
    "case.actuals": {"manager"},
    "case.confirm": {"manager", "top management", "committee chair", "process owner"},
    "risks.view": ALL,
    "risks.report": WRITERS,
    "risks.manage": {"manager"},
    "governance.view": ALL - {"team member"},
    "governance.prepare": {"manager", "committee chair"},
    "governance.attest": {"manager", "top management", "committee chair", "process owner"},
    "governance.vote": {"committee chair", "committee member"},
    "governance.decide": {"committee chair"},
    "governance.commit": {"top management"},
    "lessons.view": ALL,
    "lessons.capture": WRITERS,
    "lessons.manage": {"manager"},
    "outcomes.attest": {"manager", "process owner"},
    "outcomes.confirm": {"manager", "top management", "committee chair"},
}


def test_the_table_is_what_was_decided() -> None:
    assert {entry.key: {str(role) for role in entry.roles} for entry in capabilities} == TABLE


def test_an_auditor_holds_no_capability_that_writes() -> None:
    held = {entry.key for entry in capabilities if ProjectRole.AUDITOR in entry.roles}
    assert held == {
        "project.view",
        "team.view",
        "trail.view",
        "phases.view",
        "phases.export",
        "evidence.view",
        "documents.view",
        "comments.view",
        "gap.view",
        "case.view",
        "risks.view",
        "governance.view",
        "lessons.view",
    }
