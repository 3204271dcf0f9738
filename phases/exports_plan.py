"""The whole plan of a project as a table: the command and the job write the same one."""

from collections.abc import Iterator, Mapping
from typing import Any

from common.spreadsheet import to_csv
from phases.models import Phase, PhaseActivity
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
    "due",
    "operating_since",
    "note",
    "part",
)
PHASE, PART = COLUMNS.index("phase"), COLUMNS.index("part")


def plan_rows(project: Project, *, with_initiation: bool = False, current: bool = False) -> list[tuple[Any, ...]]:
    """A row per phase activity from phase 1 on (0 on `with_initiation`), by phase, then as the catalogue has them.

    A closed phase gives its rows as it closed, unless `current`. The rows of the supplement come after all others;
    `part` is catalogue or supplement. Dates are YYYY-MM-DD, `key` is yes or no, the roles are those that the catalogue
    names, separated by "; ". Two queries.
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
            "activity__ref",
            "phase_number",
            "activity__component",
            "activity__title",
            "activity__nature",
            "activity__is_key",
            "status",
            "reason",
            "accountable__name",
            "due",
            "operating_since",
            "note",
            "activity__is_supplement",
        )
    )
    for ref, phase, component, title, nature, is_key, status, reason, party, due, since, note, apart in values:
        text = texts.text_of(ref)
        yield (
            ref,
            phase,
            component,
            title or (text.title if text else ref),
            nature,
            "yes" if is_key else "no",
            status,
            reason,
            "; ".join(text.roles) if text else "",
            party or "",
            due.isoformat() if due else "",
            since.isoformat() if since else "",
            note,
            "supplement" if apart else "catalogue",
        )


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
