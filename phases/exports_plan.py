"""The whole plan of a project as a table: the command and the job write the same one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from common.marked_rows import MARK, owner_mark
from common.spreadsheet import to_csv
from phases.domain.plan_file import PLAN
from phases.models import Contributor, Phase, PhaseActivity
from phases.selectors.catalogue import texts_for
from projects.models import Project

COLUMNS = (
    "ref",
    "phase",
    "component",
    "title",
    "nature",
    "key",
    "status",
    "reason",
    "responsible_roles",
    "responsible_party",
    "contributors",
    "start",
    "due",
    "operating_since",
    "note",
    "part",
    MARK,
)
PHASE, PART = COLUMNS.index("phase"), COLUMNS.index("part")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """A text as it can stand in a file of any kind and come back: no control characters, no space around it."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plan_rows(project: Project, *, with_initiation: bool = False, current: bool = False) -> list[tuple[Any, ...]]:
    """A row per phase activity from phase 1 on (0 on `with_initiation`), by phase, then as the catalogue has them.

    A closed phase gives its rows as it closed, unless `current`. The rows of the supplement come after all others;
    `part` is catalogue or supplement; `check` is the mark by which an import knows what changed (empty in a closed
    phase). Dates are YYYY-MM-DD, `key` is yes or no, the roles are those that the catalogue
    names, separated by "; ", and so are the contributors. Three queries.
    """
    frozen = {} if current else frozen_rows(project)
    first = 0 if with_initiation else 1
    live = [row for row in _live_rows(project) if row[PHASE] >= first and row[PHASE] not in frozen]
    kept = [row for number, rows in frozen.items() if number >= first for row in rows]
    # Both are in catalogue order within a phase, and sorting keeps it.
    return sorted([*live, *kept], key=lambda row: (row[PART] != "catalogue", row[PHASE]))


def frozen_rows(project: Project) -> dict[int, list[tuple[Any, ...]]]:
    """The rows of closed phases as they stood then, by phase. One query."""
    closed = Phase.objects.filter(project=project, frozen__isnull=False).values_list("number", "frozen")
    found = {}
    for number, stored in closed:
        content = stored or {"columns": [], "export": []}
        places = {name: place for place, name in enumerate(content["columns"])}
        found[number] = [
            tuple(row[places[name]] if name in places else "" for name in COLUMNS) for row in content["export"]
        ]
    return found


def _live_rows(project: Project) -> Iterator[tuple[Any, ...]]:
    texts = texts_for(project)
    values = (
        PhaseActivity.objects.filter(project=project)
        .order_by("activity__is_supplement", "phase_number", "activity__position", "activity__ref")
        .values_list(
            "pk",
            "version",
            "activity__ref",
            "phase_number",
            "activity__component",
            "activity__title",
            "activity__nature",
            "activity__is_key",
            "status",
            "reason",
            "accountable__name",
            "planned_start",
            "due",
            "operating_since",
            "note",
            "activity__is_supplement",
            "activity__roles",
        )
    )
    project_is = owner_mark(str(project.uuid))
    helpers: dict[int, list[str]] = {}
    helping = Contributor.objects.filter(project=project).order_by("party__name")
    for pk, name in helping.values_list("phase_activity_id", "party__name"):
        helpers.setdefault(pk, []).append(plain(name))
    for pk, version, *fields in values:
        cells_of_row: list[Any] = fields
        ref, phase, component, title, nature, is_key, status, reason, party, start, due, since, note, apart, own = (
            cells_of_row
        )
        text = texts.text_of(ref)
        row = (
            ref,
            phase,
            component,
            title or (text.title if text else ref),
            nature,
            "yes" if is_key else "no",
            status,
            plain(reason),
            "; ".join(text.roles if text else own),
            plain(party or ""),
            "; ".join(helpers.get(pk, ())),
            start.isoformat() if start else "",
            due.isoformat() if due else "",
            since.isoformat() if since else "",
            plain(note),
            "supplement" if apart else "catalogue",
        )
        cells = dict(zip(COLUMNS, row, strict=False))
        yield (*row, PLAN.make_mark(project_is, version, {name: str(value) for name, value in cells.items()}))


def plan_csv(
    project: Project,
    *,
    with_initiation: bool = False,
    wordings: Mapping[str, str] | None = None,
    current: bool = False,
) -> str:
    """The plan as CSV, with every cell safe for a spreadsheet program. `current` as in `plan_rows`.

    `wordings` (by ref) adds a last column with the organization's own copy of the standard's wording.
    """
    rows = plan_rows(project, with_initiation=with_initiation, current=current)
    if wordings is None:
        return to_csv(COLUMNS, rows)
    # A ref of the project's own, or of the supplement, is none of the standard's.
    standard = texts_for(project)
    return to_csv(
        (*COLUMNS, "wording"),
        (
            (*row, wordings.get(row[0], "") if row[PART] == "catalogue" and row[0] in standard.activities else "")
            for row in rows
        ),
    )
