"""What other pages show of risks: the overview of a project, My work, the library of challenges; and the matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from businesscase.choices import Impact, Probability, RiskState
from businesscase.domain.risks import Cell, level_of
from businesscase.models import Risk
from businesscase.risk_words import LEVEL_TONES, LEVEL_WORDS
from businesscase.selectors.risks import Line, Register, line_of, looks_of, register_of, risks_by_challenge
from common import clock
from gapanalysis.registries import ChallengeLine, ChallengePart
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, SeenProject, WorkPanel, register_panel, register_work_panel

TOP = 3
SHOWN_IN_CELL = 1
WORK_DAYS = 7
"""A look waits in My work from so many days before its day."""


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell as the picture has it: how many, the ref of one that is named below, where a click leads."""

    cell: Cell
    named: str
    url: str
    words: str
    chosen: bool


def matrix_values(
    register: Register, url: str, *, after: bool = False, chosen: tuple[int | None, int | None] = (None, None)
) -> dict[str, Any]:
    """The values of `_risk_matrix.html` for the open risks of `register`; `url` is that of the register."""
    top = register.open[:TOP]
    named = {line.risk.ref for line in top}
    return {
        "matrix": matrix_rows(register.matrix(after=after), named, url, after=after, chosen=chosen),
        "matrix_impacts": [str(label) for label in Impact.labels],
        "top": top,
        "categories": ", ".join(
            _("%(kind)s %(n)d") % {"kind": name if not place else name.lower(), "n": count}
            for place, (name, count) in enumerate(register.categories())
        ),
    }


def matrix_rows(
    matrix: Sequence[Sequence[Cell]],
    named: set[str],
    url: str,
    *,
    after: bool = False,
    chosen: tuple[int | None, int | None] = (None, None),
) -> list[tuple[str, list[CellShown]]]:
    """The rows of the picture, each with the word of its probability. A cell shows the ref of one in `named`."""
    rows = []
    for row in matrix:
        label = str(Probability(row[0].probability).label)
        rows.append((label, [_shown(cell, label, named, url, after=after, chosen=chosen) for cell in row]))
    return rows


def _shown(
    cell: Cell, label: str, named: set[str], url: str, *, after: bool, chosen: tuple[int | None, int | None]
) -> CellShown:
    place = {"probability": cell.probability, "impact": cell.impact, **({"view": "after"} if after else {})}
    impact = str(Impact(cell.impact).label)
    words = ngettext(
        "%(n)d risk, %(probability)s and %(impact)s", "%(n)d risks, %(probability)s and %(impact)s", cell.count
    ) % {"n": cell.count, "probability": label.lower(), "impact": impact.lower()}
    return CellShown(
        cell,
        named=next((ref for ref in cell.refs if ref in named), ""),
        url=f"{url}?{urlencode(place)}#register" if cell.count else "",
        words=words,
        chosen=chosen == (cell.probability, cell.impact),
    )


def top_risks(project: Project, _access: Access) -> Mapping[str, Any] | None:
    """What needs somebody, then the most serious; None without a risk. Two queries."""
    register = register_of(project)
    if not register.open:
        return None
    first = list(register.attention)
    first += [line for line in register.open if line not in first]
    return {
        "project": project,
        "register": register,
        "lines": first[: TOP + 1],
        "needing": len(register.attention),
        **matrix_values(register, reverse("risks", args=[project.slug])),
    }


@dataclass(frozen=True, slots=True)
class LookLine:
    """A risk that its owner shall look at, with its project."""

    line: Line
    project: Project
    days_late: int | None
    days_left: int | None


def looks(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The risks of `user` whose look is due within a week, or overdue; None where there is none. One query."""
    may = [pk for pk, seen in projects.items() if seen.access.can("risks.view")]
    lines = []
    for risk in looks_of(user, may):
        project = projects[risk.project_id].project
        left = (risk.review_on - clock.today(project.time_zone)).days if risk.review_on else WORK_DAYS + 1
        if left <= WORK_DAYS:
            lines.append(
                LookLine(
                    line_of(risk, project.time_zone),
                    project,
                    days_late=-left if left < 0 else None,
                    days_left=left if left >= 0 else None,
                )
            )
    if not lines:
        return None
    waits = sum(not line.days_left for line in lines)
    return {
        "lines": lines,
        "named": len(projects) > 1,
        "waits": waits,
        "waits_word": ngettext("risk to look at", "risks to look at", waits),
    }


def _challenge_lines(project: Project) -> Mapping[str, list[ChallengeLine]]:
    """The risks made from each challenge, with how serious they are or what became of them. One query."""
    return {
        challenge: [_challenge_line(project, risk) for risk in found]
        for challenge, found in risks_by_challenge(project).items()
    }


def _challenge_line(project: Project, risk: Risk) -> ChallengeLine:
    level = level_of(risk.probability, risk.impact)
    is_open = risk.state == RiskState.OPEN
    return ChallengeLine(
        risk.ref,
        risk.title,
        reverse("risk", args=[project.slug, risk.ref]),
        note=str(LEVEL_WORDS[level]) if is_open else risk.get_state_display(),
        tone=LEVEL_TONES[level] if is_open else "faint",
    )


def _challenge_act(project: Project, access: Access, ref: str) -> str:
    if not access.can("risks.report"):
        return ""
    return f"{reverse('risk_new', args=[project.slug])}?{urlencode({'challenge': ref})}"


CHALLENGE_PART = ChallengePart(
    gettext_lazy("Risks"), "risks.view", _challenge_lines, gettext_lazy("Make a risk of it"), _challenge_act
)


def register() -> None:
    """Put the panels where they belong."""
    register_panel("dashboard", "risks", Panel("businesscase/_risks_panel.html", top_risks, "risks.view"), order=55)
    register_work_panel("risks", WorkPanel("businesscase/_risks_work_panel.html", looks), order=30)
