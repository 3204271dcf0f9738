"""The page of a version: what is asked, what it costs, what changed, what happens if not; then the decision.

Each act around a version has an address of its own and shows this page again where it is refused.
"""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.models import User
from businesscase.addresses import case_address
from businesscase.change_words import FigureChange, figure_changes, heaviest, said_changes
from businesscase.choices import VersionState
from businesscase.domain.content import CaseContent, content_from_plain
from businesscase.domain.money import total
from businesscase.domain.parts import by_phase
from businesscase.domain.summary import summaries_of, summary_of
from businesscase.forms.approval import DecideForm, MetForm, ReplaceForm
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors import approved_version, case_of, submitted_version
from businesscase.selectors.approval import Word, approved_before, approvers_of, open_conditions, version_of, words_of
from businesscase.selectors.reading import benefits_read, costs_by_category, points_read, risks_by_weight
from businesscase.selectors.releases import funds_of, whole_funds
from businesscase.services.approval_checks import is_very_small
from businesscase.views.case_pages import title_of
from common import clock
from projects.access import ProjectRequest
from projects.models import Project

MOST_CHANGES = 6
MOST_RISKS = 3
SOON = 14
SENT_BACK = (VersionState.CHANGES, VersionState.REJECTED, VersionState.WITHDRAWN)


@dataclass
class Typed:
    """What a person typed in one of the forms of the page, kept where it was refused."""

    decide: DecideForm | None = None
    replace: ReplaceForm | None = None
    met: dict[int, MetForm] = field(default_factory=dict)
    withdraw_note: str = ""


def found_case(project: Project, kind: str) -> BusinessCase:
    """The case of `kind`; raises Http404 where nobody began it."""
    case = case_of(project, kind)
    if case is None:
        raise Http404
    return case


def found_version(project: Project, kind: str, number: int) -> CaseVersion:
    """The version with this number; raises Http404."""
    version = version_of(found_case(project, kind), number)
    if version is None:
        raise Http404
    return version


def version_page(
    request: ProjectRequest, version: CaseVersion, *, typed: Typed | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page, with `problem` on top where something was refused."""
    typed = typed or Typed()
    content = content_from_plain(version.content)
    waits = version.state == VersionState.SUBMITTED
    people = approvers_of(version.project) if waits else []
    very_small = waits and is_very_small(version.project)
    words = words_of(version, people)
    mine = next((each for each in words if each.approval.approver_id == request.user.pk), None)
    own = version.submitted_by_id == request.user.pk
    may_edit = bool(request.access.can("case.edit"))
    may_decide = waits and mine is not None and mine.waits and bool(request.access.can("case.approve"))
    may_own = may_decide and own and very_small
    context = {
        "project": version.project,
        "version": version,
        "case": version.case,
        "small": version.case.is_small,
        "case_title": title_of(version.case.kind),
        "address": _addresses(version),
        "content": content,
        "problem": problem,
        "words": words,
        "mine": mine,
        "waits": waits,
        "waiting_elsewhere": None if waits else submitted_version(version.case),
        "decided": sum(not each.waits for each in words),
        "may_decide": may_decide and (may_own or not own),
        "own_work": may_own,
        "may_edit": may_edit,
        "may_submit": may_edit and version.state in SENT_BACK and not _has_later(version),
        "decide_form": typed.decide or DecideForm(initial={"seen": version.sha256}),
        "replace_forms": _replace_forms(words, others_to_ask(version, words, people, very_small=very_small), typed)
        if may_edit and waits
        else {},
        "met_forms": _met_forms(version, words, typed) if may_edit else {},
        "withdraw_note": typed.withdraw_note,
        **_times(version),
        **_asked(content),
        "released": whole_funds(funds_of(version.case, content)),
        **_changed(version, content),
        "scenarios": summaries_of(version.figures),
        "likely": summary_of(version.figures),
        "top_risks": risks_by_weight(content)[:MOST_RISKS],
        "points": points_read(content),
        "cost_categories": costs_by_category(content),
        "benefit_lines": benefits_read(content),
        "sorted_risks": risks_by_weight(content),
    }
    context["incomplete"] = [each for each in context["points"] if each.missing]
    return render(request, "businesscase/version.html", context, status=status)


def _has_later(version: CaseVersion) -> bool:
    return CaseVersion.objects.filter(case=version.case, number__gt=version.number).exists()


def _addresses(version: CaseVersion) -> dict[str, str]:
    slug, kind = version.project.slug, version.case.kind
    names = ("version", "compare", "decide", "withdraw", "replace")
    found = {name: case_address(slug, kind, name, version.number) for name in names}
    return found | {name: case_address(slug, kind, name) for name in ("versions", "submit", "release")}


def _times(version: CaseVersion) -> dict[str, Any]:
    left = (version.decide_by - clock.today(version.project.time_zone)).days
    return {"days_late": -left if left < 0 else None, "days_left": left if 0 <= left <= SOON else None}


def _asked(content: CaseContent) -> dict[str, Any]:
    """The money by phase, and what its benefits bring in a full year."""
    names = {fact.number: fact for fact in content.known.phases}
    phases = [(each, names.get(each.phase)) for each in by_phase(content) if each.cost or each.benefit]
    return {
        "phases": phases,
        "whole_year": total(each.a_year for each, _fact in phases),
        "last_month": content.last_month,
    }


def _changed(version: CaseVersion, content: CaseContent) -> dict[str, Any]:
    """What differs from the version approved before, and which stays in force if this one is not approved."""
    in_force = approved_version(version.case)
    before_it = in_force is not None and in_force.number < version.number
    earlier = in_force if before_it else approved_before(version)
    found: dict[str, Any] = {"earlier": earlier, "in_force": in_force if in_force != version else None}
    if found["in_force"] is not None:
        found["in_force"].project = version.project
        found["still_open"] = open_conditions(found["in_force"]) if version.state == VersionState.SUBMITTED else []
    if earlier is None:
        return found
    before = content_from_plain(earlier.content)
    areas = said_changes(before, content)
    lines = heaviest(areas, MOST_CHANGES)
    extra = summary_of(version.figures).cost - summary_of(earlier.figures).cost
    return found | {
        "extra": extra,
        "less": -extra,
        "figure_changes": changed_figures(earlier, version, before, content),
        "changes": lines,
        "more_changes": sum(len(area.lines) for area in areas) - len(lines),
    }


def changed_figures(
    earlier: CaseVersion, later: CaseVersion, before: CaseContent, after: CaseContent
) -> list[FigureChange]:
    """The figures of two versions side by side."""
    return figure_changes(
        summary_of(earlier.figures), summary_of(later.figures), (before.first_month, after.first_month)
    )


def _replace_forms(words: list[Word], people: list[User], typed: Typed) -> dict[int, ReplaceForm]:
    """A form for each approver who has not decided, offering `people`."""
    found = {}
    for each in words:
        gone = each.approval.approver_id
        if not each.waits:
            continue
        if typed.replace is not None and typed.replace.data.get("gone") == str(gone):
            found[gone] = typed.replace
        elif people:
            found[gone] = ReplaceForm(people=people, initial={"gone": gone}, auto_id=f"id_{gone}_%s")
    return found


def others_to_ask(version: CaseVersion, words: list[Word], people: list[User], *, very_small: bool) -> list[User]:
    """Who of `people` could decide about a version and is not asked yet."""
    asked = {each.approval.approver_id for each in words}
    own = None if very_small else version.submitted_by_id
    return [each for each in people if each.pk not in asked and each.pk != own]


def _met_forms(version: CaseVersion, words: list[Word], typed: Typed) -> dict[int, MetForm]:
    forms = {}
    for word in words:
        for line in word.conditions:
            key = line.condition.pk
            forms[key] = typed.met.get(key) or MetForm(
                initial={
                    "version": line.condition.version,
                    "met_on": clock.today(version.project.time_zone),
                },
                auto_id=f"id_{key}_%s",
            )
    return forms
