"""What the pages of a case share: which case, what of it is missing, whether it can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.choices import CaseKind
from businesscase.completeness_words import state_words
from businesscase.domain.completeness import PointState, states_of
from businesscase.domain.content import CaseContent
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors import case_of, submitted_version
from businesscase.selectors.outline import outline_of
from projects.access import ProjectRequest
from projects.models import Project

_ROUTES: Mapping[str, Mapping[str, str]] = {
    CaseKind.IMPLEMENTATION: {
        "points": "case_points",
        "point": "case_point",
        "line_new": "case_line_new",
        "line": "case_line",
        "settings": "case_settings",
        "start": "case_start",
        "submit": "case_submit",
        "versions": "case_versions",
    },
    CaseKind.GAP: {
        "points": "small_case",
        "point": "small_point",
        "line_new": "small_line_new",
        "line": "small_line",
        "settings": "small_settings",
        "start": "small_start",
        "submit": "small_submit",
        "versions": "small_versions",
    },
}


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point of a draft: its guide, what it lacks, and that in words."""

    guide: guide.Point
    state: PointState
    words: str
    url: str

    @property
    def shape(self) -> str:
        """The mark of its state."""
        if self.state.complete:
            return "check-circle-fill"
        return "circle-half" if self.state.started else "st-not-started"

    @property
    def tone(self) -> str:
        """How the mark sounds."""
        if self.state.complete:
            return "ok"
        return "warn" if self.state.started else "t3"

    @property
    def word(self) -> str:
        """The state for those who do not see the mark."""
        if self.state.complete:
            return _("complete")
        return _("begun") if self.state.started else _("not begun")


@dataclass
class CasePage:
    """The draft of one case as its pages show it."""

    project: Project
    case: BusinessCase
    may_edit: bool

    @property
    def is_small(self) -> bool:
        """Whether it is the case for the gap analysis."""
        return self.case.is_small

    @property
    def title(self) -> str:
        """The name of the case."""
        return title_of(self.case.kind)

    @cached_property
    def outline(self) -> CaseContent:
        """What completeness looks at."""
        return outline_of(self.case)

    @cached_property
    def submitted(self) -> CaseVersion | None:
        """The version that lies with its approvers, which locks the draft."""
        return submitted_version(self.case)

    @property
    def open(self) -> bool:
        """Whether the reader can change the draft now."""
        return self.may_edit and self.submitted is None

    def url(self, page: str, *args: object) -> str:
        """The address of a page of this case."""
        return case_url(self.project, self.case.kind, page, *args)

    @property
    def points_title(self) -> str:
        """What the index is called where a page leads back to it."""
        return self.title if self.is_small else _("Points of the business case")

    @property
    def points_url(self) -> str:
        """The index of its points."""
        return self.url("points")

    @property
    def overview_url(self) -> str:
        """What comes before it: the overview of the case."""
        return case_overview_url(self.project)

    @property
    def settings_url(self) -> str:
        """Its horizon and discount rate."""
        return self.url("settings")

    @property
    def submit_url(self) -> str:
        """Where it is submitted."""
        return self.url("submit")

    @property
    def versions_url(self) -> str:
        """What was submitted."""
        return self.url("versions")

    @cached_property
    def lines(self) -> list[PointLine]:
        """The points, in order."""
        points = points_of(self.case.kind)
        return [
            PointLine(points[state.point], state, state_words(state), self.url("point", state.point))
            for state in states_of(self.outline)
        ]

    @property
    def complete(self) -> int:
        """How many points are complete."""
        return sum(line.state.complete for line in self.lines)

    @property
    def next_line(self) -> PointLine | None:
        """The first point that is not complete."""
        return next((line for line in self.lines if not line.state.complete), None)

    def phase_choices(self) -> list[tuple[int, str]]:
        """Phases 0 to 4 with their names."""
        names = {each.number: each.name for each in self.outline.known.phases}
        return [(number, names.get(number, "")) for number in range(5)]


def title_of(kind: str) -> str:
    """What a case is called on its pages."""
    return _("Case for the gap analysis") if kind == CaseKind.GAP else _("Business case")


def case_url(project: Project, kind: str, page: str, *args: object) -> str:
    """The address of a page of the case of `kind`."""
    return reverse(_ROUTES[kind][page], args=[project.slug, *args])


def case_overview_url(project: Project) -> str:
    """The overview of the case for the implementation."""
    return reverse("case", args=[project.slug])


def points_of(kind: str) -> Mapping[str, guide.Point]:
    """The guide to the points of a case, by key."""
    return {each.key: each for each in guide.small_case().points} if kind == CaseKind.GAP else guide.points()


def case_page(request: ProjectRequest, project: Project, kind: str) -> CasePage | None:
    """The case of `kind`; None where nobody began it."""
    case = case_of(project, kind)
    if case is None:
        return None
    return CasePage(project, case, bool(request.access.can("case.edit")))


def begun_page(request: ProjectRequest, project: Project, kind: str) -> CasePage:
    """The case of `kind`. Raises Http404 where nobody began it."""
    page = case_page(request, project, kind)
    if page is None:
        raise Http404
    return page
