"""The decisions that wait for one person, and what mails say of decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from businesscase.addresses import case_address
from businesscase.choices import CaseKind, Verdict, VersionState
from businesscase.models import Approval, CaseVersion
from businesscase.templatetags.case_ui import money
from notifications.models import Notice
from notifications.registry import Line
from phases.selectors.work_projects import work_projects


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """A version that waits for a person's word."""

    project_id: int
    title: str
    path: str
    decide_by: date
    cost: Decimal
    submitted_by: str


def waiting_decisions(user: User, projects: Collection[int]) -> list[WaitingDecision]:
    """The versions in `projects` about which `user` is asked and has not decided, the earliest day first. One query."""
    rows: Any = (
        CaseVersion.objects.filter(
            project__in=projects,
            state=VersionState.SUBMITTED,
            approvals__approver=user,
            approvals__verdict=Verdict.WAITING,
        )
        .select_related("case", "project", "submitted_by")
        .defer("content", "figures")
        .annotate(cost=KeyTextTransform("cost", "figures"))
        .order_by("decide_by", "pk")
    )
    return [
        WaitingDecision(
            project_id=row.project_id,
            title=version_title(row),
            path=_path(row),
            decide_by=row.decide_by,
            cost=Decimal(row.cost),
            submitted_by=str(row.submitted_by) if row.submitted_by else "",
        )
        for row in rows
    ]


def version_title(version: CaseVersion) -> str:
    """What a version is called outside its project's pages."""
    kind = CaseKind(version.case.kind)
    case = _("Case for the gap analysis") if kind == CaseKind.GAP else _("Business case")
    return _("%(case)s, version %(number)d") % {"case": case, "number": version.number}


def asked_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Versions that still wait for the person, who still may decide about them. Four queries."""
    versions = _versions(notices)
    asked = set(
        Approval.objects.filter(
            case_version__in=versions,
            approver=person,
            verdict=Verdict.WAITING,
            case_version__state=VersionState.SUBMITTED,
        ).values_list("case_version_id", flat=True)
    )
    projects = work_projects(person)
    lines = {}
    for notice in notices:
        version = versions.get(notice.subject)
        seen = projects.get(notice.project_id)
        if version is None or version.pk not in asked or seen is None or not seen.access.can("case.approve"):
            continue
        who = str(version.submitted_by) if version.submitted_by else _("Somebody")
        day = date_format(version.decide_by, "D j M Y")
        lines[notice.pk] = Line(
            thing=f"case version {version.pk}",
            title=version_title(version),
            said=_("%(who)s asks you to decide by %(day)s about %(amount)s %(currency)s.")
            % {
                "who": who,
                "day": day,
                "amount": money(Decimal(version.cost)),
                "currency": version.project.currency,
            },
            path=_path(version),
            subject=_("Decide by %(day)s: %(what)s") % {"day": day, "what": version_title(version)},
            quote=version.note,
            place=(version.decide_by.isoformat(), version.pk),
        )
    return lines


def decided_lines(_person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """What became of versions that the person submitted. One query."""
    lines = {}
    for pk, version in _by_notice(notices).items():
        state = VersionState(version.state)
        if state in (VersionState.SUBMITTED, VersionState.WITHDRAWN):
            continue
        word = str(state.label)
        said = word
        if version.conditions:
            count = ngettext("%(n)d condition", "%(n)d conditions", version.conditions) % {"n": version.conditions}
            said = _("%(state)s: %(count)s") % {"state": word, "count": count}
        lines[pk] = Line(
            thing=f"case version {version.pk}",
            title=version_title(version),
            said=said,
            path=_path(version),
            subject=_("%(state)s: %(what)s") % {"state": word, "what": version_title(version)},
            place=(version.pk,),
        )
    return lines


def _by_notice(notices: Sequence[Notice]) -> dict[int, Any]:
    versions = _versions(notices)
    return {
        notice.pk: versions[notice.subject]
        for notice in notices
        if notice.subject in versions and versions[notice.subject].project_id == notice.project_id
    }


def _versions(notices: Sequence[Notice]) -> dict[int, Any]:
    """The versions that notices are about, without what they say. One query."""
    rows = (
        CaseVersion.objects.filter(
            pk__in={notice.subject for notice in notices}, project__in={notice.project_id for notice in notices}
        )
        .select_related("case", "project", "submitted_by")
        .defer("content", "figures")
        .annotate(
            cost=KeyTextTransform("cost", "figures"),
            conditions=Count("approvals__conditions", filter=Q(approvals__verdict=Verdict.CONDITIONS)),
        )
    )
    return {row.pk: row for row in rows}


def _path(version: CaseVersion) -> str:
    return case_address(version.project.slug, version.case.kind, "version", version.number)
