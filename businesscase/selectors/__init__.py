"""Reads of business cases."""

from businesscase.choices import APPROVED_STATES, CaseKind, VersionState
from businesscase.models import BusinessCase, CaseVersion
from projects.models import Project


def case_of(project: Project, kind: str = CaseKind.IMPLEMENTATION) -> BusinessCase | None:
    """One of the two cases of `project`; None where it was not begun."""
    case = BusinessCase.objects.filter(project=project, kind=kind).first()
    if case is not None:
        case.project = project
    return case


def cases_of(project: Project) -> dict[str, BusinessCase]:
    """The cases that were begun, by kind. One query."""
    found = {case.kind: case for case in BusinessCase.objects.filter(project=project)}
    for case in found.values():
        case.project = project
    return found


def versions_of(case: BusinessCase) -> list[CaseVersion]:
    """All versions of a case, the oldest first. One query."""
    versions = list(CaseVersion.objects.filter(case=case).select_related("submitted_by"))
    for version in versions:
        version.case, version.project = case, case.project
    return versions


def approved_version(case: BusinessCase) -> CaseVersion | None:
    """The version that is in force: the latest approved one that no other superseded."""
    return CaseVersion.objects.filter(case=case, state__in=APPROVED_STATES).order_by("-number").first()


def submitted_version(case: BusinessCase) -> CaseVersion | None:
    """The version that lies with its approvers; there is one at most."""
    return CaseVersion.objects.filter(case=case, state=VersionState.SUBMITTED).first()


def version_of(project: Project, kind: str, number: int) -> CaseVersion | None:
    """One version of a case of `project`, by its number."""
    found = (
        CaseVersion.objects.filter(project=project, case__kind=kind, number=number)
        .select_related("case", "submitted_by")
        .first()
    )
    if found is not None:
        found.project = found.case.project = project
    return found
