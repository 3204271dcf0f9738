"""Tables and charts that documents draw from the living registers, as the project stands now."""

from collections import defaultdict
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.charts.paper import Readings, readings_picture
from documents.choices import (
    Classification,
    Direction,
    DocumentState,
    InterfaceState,
    LineKind,
    LineState,
    ObjectiveState,
    VersionState,
)
from documents.domain.fill import table
from documents.domain.months import months_to
from documents.models import CommunicationLine, Document, DocumentAnswer, Objective
from documents.registries import register_block
from documents.selectors.competence import Standing, gaps_of_roles
from documents.selectors.in_force import stands_on
from documents.selectors.interfaces import InterfaceQuery, interfaces_of, names_of
from documents.selectors.values import SUPPLIERS, owners_of
from phases.choices import PHASE_NAMES
from phases.models import Phase, RoleAssignment, RoleParticipant
from phases.selectors.catalogue import texts_for
from projects.models import Party, Project

#: A longer unit stands beside the reading alone, and not again beside the target.
SHORT_UNIT = 8
#: The component that prepares the project; no process.
INITIATION = "A"
#: So many months of readings a chart shows.
SHOWN_MONTHS = 12
_OPEN_WORDS = {
    Standing.SHORT: gettext_lazy("gap"),
    Standing.UNJUDGED: gettext_lazy("to be judged"),
}


def services(project: Project, _argument: str) -> str:
    """The services in scope, numbered as people refer to them."""
    return table([_("No."), _("Service")], _numbered(project.services))


def customers(project: Project, _argument: str) -> str:
    """The customers in scope."""
    return table([_("No."), _("Customer")], _numbered(project.customers))


def suppliers(project: Project, _argument: str) -> str:
    """The suppliers, as the question about them was answered for all documents. One query."""
    said = DocumentAnswer.objects.filter(project=project, document=None, question=SUPPLIERS).values_list("answer")
    names = [name for (answer,) in said for line in answer.splitlines() for name in line.replace(";", ",").split(",")]
    return table([_("No."), _("Supplier")], _numbered([name.strip() for name in names]))


def roles(project: Project, _argument: str) -> str:
    """The roles that somebody holds, in the order of the catalogue. Two queries."""
    held: dict[str, list[str]] = defaultdict(list)
    assigned = RoleAssignment.objects.filter(project=project).select_related("party").order_by("component")
    for row in assigned:
        held[row.role].append(f"{row.party} ({row.component})" if row.component else str(row.party))
    further: dict[str, list[str]] = defaultdict(list)
    for part in RoleParticipant.objects.filter(project=project).select_related("party").order_by("pk"):
        further[part.role].append(str(part.party))
    order = [str(each["name"]) for each in texts_for(project).roles]
    known = [role for role in order if role in held] + sorted(set(held) - set(order))
    return table(
        [_("Role"), _("Held by"), _("With")],
        [[role, ", ".join(dict.fromkeys(held[role])), ", ".join(dict.fromkeys(further[role]))] for role in known],
    )


def processes(project: Project, _argument: str) -> str:
    """The components of the plan with who answers for each. Two queries."""
    components = texts_for(project).components
    owners = owners_of(project, list(components))
    return table(
        [_("Process"), _("Code"), _("Who answers for it")],
        [[each.title, code, owners.get(code, "")] for code, each in components.items() if code != INITIATION],
    )


def phases(project: Project, _argument: str) -> str:
    """The phases with their days. One query."""
    return table(
        [_("Phase"), _("From"), _("Until"), _("State")],
        [
            [f"{row.number} {PHASE_NAMES[row.number]}", _day(row.start), _day(row.end), row.get_state_display()]
            for row in Phase.objects.filter(project=project).order_by("number")
        ],
    )


def objectives(project: Project, _argument: str) -> str:
    """The objectives that are pursued. One query."""
    rows = Objective.objects.filter(project=project, state=ObjectiveState.ACTIVE).select_related("owner")
    return table(
        [_("Objective"), _("Measure"), _("At the start"), _("Target"), _("Until"), _("Owner")],
        [
            [
                row.title,
                row.measure,
                _value(row.baseline, row.unit) if row.baseline is not None else "",
                _("%(least)s %(value)s")
                % {
                    "least": _("at most") if row.direction == Direction.LOWER else _("at least"),
                    "value": _value(row.target, row.unit),
                },
                row.target_on.isoformat(),
                str(row.owner or ""),
            ]
            for row in rows
        ],
    )


def objectives_chart(project: Project, _argument: str) -> str:
    """The readings of the last months against the targets. Two queries; "" without a reading."""
    rows = list(Objective.objects.filter(project=project, state=ObjectiveState.ACTIVE).prefetch_related("values"))
    read = {row.pk: {value.month: value.value for value in row.values.all()} for row in rows}
    last = max((month for each in read.values() for month in each), default=None)
    if last is None:
        return ""
    months = months_to(last, SHOWN_MONTHS)
    first = next(month for month in months if any(month in each for each in read.values()))
    months = months[months.index(first) :]
    shown = []
    for row in rows:
        values = [read[row.pk].get(month) for month in months]
        now = next((value for value in reversed(values) if value is not None), None)
        is_lower = row.direction == Direction.LOWER
        shown.append(
            Readings(
                label=row.title,
                note=row.measure,
                values=[None if value is None else float(value) for value in values],
                target=float(row.target),
                now_word=_("not measured") if now is None else _value(now, row.unit),
                target_word=_("target %(value)s")
                % {"value": _value(row.target, row.unit if len(row.unit) <= SHORT_UNIT else "")},
                is_reached=now is not None and (now <= row.target if is_lower else now >= row.target),
            )
        )
    message = _("Readings from %(first)s to %(last)s against the targets") % {
        "first": f"{months[0]:%Y-%m}",
        "last": f"{months[-1]:%Y-%m}",
    }
    return format_html('<figure class="full">{}</figure>', readings_picture(message, shown))


def interfaces(project: Project, argument: str) -> str:
    """What a process gets and gives, or all of the register. One query."""
    names = names_of(project)
    rows = interfaces_of(project, InterfaceQuery(process=argument.strip()))
    return table(
        [_("From"), _("To"), _("What"), _("When"), _("State")],
        [
            [
                names.get(row.giver, row.giver),
                names.get(row.receiver, row.receiver),
                row.what,
                row.when,
                str(InterfaceState(row.state).label),
            ]
            for row in sorted(rows, key=lambda row: row.receiver != argument.strip())
        ],
    )


def communication(project: Project, _argument: str) -> str:
    """Messages and trainings that are planned or done, the next first. One query."""
    rows = CommunicationLine.objects.filter(project=project).exclude(state=LineState.DROPPED).select_related("sender")
    return table(
        [_("For whom"), _("What"), _("How"), _("From"), _("When"), _("How we know")],
        [
            [
                row.audience,
                row.message if row.kind == LineKind.MESSAGE else _("Training: %(what)s") % {"what": row.message},
                row.channel,
                row.from_whom,
                ", ".join(filter(None, [_day(row.due or row.done_on), row.timing])),
                row.check_how,
            ]
            for row in sorted(rows, key=lambda row: (row.due is None, row.due or date.max, row.pk))
        ],
    )


def competence(project: Project, _argument: str) -> str:
    """What each role needs, who holds the role, and who has it at which level; gaps first. Five queries."""
    return table(
        [_("Role"), _("Competence"), _("Needed"), _("Who, at which level"), _("Open")],
        [
            [
                gap.role,
                gap.competence.name,
                str(gap.needed),
                ", ".join(gap.words),
                str(_OPEN_WORDS.get(gap.standing, "")),
            ]
            for gap in gaps_of_roles(project)
        ],
    )


def parties(project: Project, _argument: str) -> str:
    """The people and groups that can be responsible. One query."""
    rows = Party.objects.filter(project=project, is_active=True).order_by("kind", "name")
    return table(
        [_("Name"), _("Function"), _("Kind")], [[row.name, row.function, row.get_kind_display()] for row in rows]
    )


def documents(project: Project, _argument: str) -> str:
    """The documents that everybody may see, with what is in force. Two queries."""
    rows = (
        Document.objects.filter(project=project, state=DocumentState.CURRENT)
        .exclude(classification=Classification.CONFIDENTIAL)
        .select_related("owner")
        .prefetch_related("versions")
    )
    today = clock.today(project.time_zone)
    found = []
    for row in rows:
        versions = stands_on(today, row.versions.all())
        in_force = next((each for each in versions if each.state == VersionState.PUBLISHED), None)
        found.append(
            [
                row.number,
                row.full_title,
                str(in_force.number) if in_force else "",
                _day(in_force.effective_on) if in_force else _("not in force"),
                str(row.owner or row.owner_role),
                _day(row.review_on),
            ]
        )
    return table([_("Number"), _("Document"), _("Version"), _("In force since"), _("Owner"), _("Next review")], found)


def register() -> None:
    """Let documents draw on them."""
    for block in (
        services,
        customers,
        suppliers,
        roles,
        processes,
        phases,
        objectives,
        interfaces,
        communication,
        competence,
        parties,
        documents,
    ):
        register_block(f"table: {block.__name__}", block)
    register_block("chart: objectives", objectives_chart)


def _numbered(names: list[str]) -> list[list[str]]:
    return [[str(place), name] for place, name in enumerate((name for name in names if name.strip()), start=1)]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _value(value: object, unit: str) -> str:
    words = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return f"{words} {unit}".strip()
