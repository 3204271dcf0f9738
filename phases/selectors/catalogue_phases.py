"""What the catalogue asks phase by phase, nature by nature, and before phase 1."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phases.choices import PHASE_NAMES, Nature
from phases.domain.schedule import SHARES
from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText
from phases.selectors.catalogue_components import PHASES, components_of, per_phase

INITIATION = "A"

# What each phase is for, in our words: the sense of the phases is the technical report's, the sentences are ours.
PURPOSES: dict[int, tuple[str | Promise, str | Promise, str | Promise]] = {
    1: (
        _(
            "Answer fast and well when something breaks or is asked for. A few processes start in their simplest form, "
            "policies and a first plan stand behind them, and everybody knows to whom they turn."
        ),
        _("Customers notice: one place to call, an answer on the same day, and news while they wait."),
        _("Not yet: analysis of causes, targets agreed with each customer, reports that compare months."),
    ),
    2: (
        _(
            "See trouble coming and become dependable. Causes are sought, capacity and continuity are planned, targets "
            "are agreed with customers and suppliers, and releases stop being a surprise."
        ),
        _("Customers notice: promises in writing, and fewer of the same incidents."),
        _("Not yet: processes that correct each other, audits of all parts, improvement as a habit."),
    ),
    3: (
        _(
            "Join all processes up and keep getting better. What one process learns reaches the others, audits and the "
            "management review cover everything, and improvements are judged by what they changed."
        ),
        _("Customers notice: a provider that comes with proposals of its own."),
        _("After it: the group that takes over is named, and the SMS goes on without a project."),
    ),
}

NATURES: dict[str, str | Promise] = {
    Nature.DEFINE: _(
        "Settles something: a policy, a rule, a role, a target. It is finished when whoever must agree has agreed and "
        "the people concerned can say what it means for them."
    ),
    Nature.ESTABLISH: _(
        "Makes something that was not there: a process in use, a register with its first entries, trained people. It "
        "is finished when it works without the project."
    ),
    Nature.OPERATE: _(
        "Goes on. It is done when it runs, with a date since when, and it stays true only as long as records keep "
        "coming."
    ),
    Nature.REVIEW: _(
        "Looks back: measures, tests, audits, compares. It needs some months of records first, so it comes late in a "
        "phase, and it counts once its findings have led to something."
    ),
}


@dataclass(frozen=True, slots=True)
class Package:
    """A component in one phase: the unit in which plans are made."""

    component: ComponentText
    activities: int
    key: int
    outcome: str


@dataclass(frozen=True, slots=True)
class PhasePage:
    """A phase as the catalogue sees it."""

    number: int
    name: str | Promise
    purpose: tuple[str | Promise, str | Promise, str | Promise]
    activities: int
    carried: int
    begun: int
    packages: tuple[Package, ...]
    key: tuple[ActivityText, ...]
    natures: tuple[tuple[str, str | Promise, int], ...]


@dataclass(frozen=True, slots=True)
class NatureView:
    """One kind of work: what it is, by when in its phase it is due, how much of it there is."""

    nature: str
    label: str | Promise
    meaning: str | Promise
    due_percent: int
    activities: int
    by_phase: tuple[tuple[int, int], ...]
    key: tuple[ActivityText, ...]


@dataclass(frozen=True, slots=True)
class Initiation:
    """What comes before phase 1."""

    activities: tuple[ActivityText, ...]
    criteria: tuple[dict[str, Any], ...]
    case: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClauseOutcome:
    """What is true of a clause of 2011 when a phase's work is done; `check` where our reading may be wrong."""

    clause: str
    title: str
    phases: tuple[tuple[int, str], ...]
    check: bool


def _rows(texts: CatalogueTexts) -> list[ActivityText]:
    return [row for row in texts.activities.values() if not row.is_heading and 0 not in row.phases]


def phase_page(texts: CatalogueTexts, number: int) -> PhasePage:
    """What phase `number` (1 to 3) is for and asks."""
    rows = [row for row in _rows(texts) if number in row.phases]
    counts = Counter(row.component for row in rows)
    key = Counter(row.component for row in rows if row.is_key)
    natures = Counter(row.nature for row in rows)
    carried = sum(1 for row in rows if min(row.phases) < number)
    return PhasePage(
        number=number,
        name=PHASE_NAMES[number],
        purpose=PURPOSES[number],
        activities=len(rows),
        carried=carried,
        begun=len(rows) - carried,
        packages=tuple(
            Package(
                component,
                counts[component.code],
                key[component.code],
                per_phase(component.texts.get("outcomes_2010") or {}).get(number, ""),
            )
            for component in components_of(texts)
            if counts[component.code]
        ),
        key=tuple(row for row in rows if row.is_key),
        natures=tuple((nature.value, nature.label, natures[nature.value]) for nature in Nature),
    )


def nature_views(texts: CatalogueTexts) -> list[NatureView]:
    """The four kinds of work, in the order in which a phase comes to them."""
    rows = _rows(texts)
    views = []
    for nature in Nature:
        own = [row for row in rows if row.nature == nature]
        counts = Counter(number for row in own for number in row.phases)
        views.append(
            NatureView(
                nature=nature.value,
                label=nature.label,
                meaning=NATURES[nature],
                due_percent=SHARES[nature.value],
                activities=len(own),
                by_phase=tuple((number, counts[number]) for number in PHASES),
                key=tuple(row for row in own if row.is_key),
            )
        )
    return views


def initiation_of(texts: CatalogueTexts) -> Initiation | None:
    """What this version says of the time before phase 1; None where it says nothing."""
    rows = tuple(row for row in texts.of_component(INITIATION) if not row.is_heading)
    if not rows:
        return None
    return Initiation(rows, texts.entry_criteria, texts.texts.get("first_business_case") or {})


def outcomes_of(texts: CatalogueTexts) -> list[ClauseOutcome]:
    """The outcomes by clause of 2011, as far as the technical report of 2013 could be read."""
    return [
        ClauseOutcome(
            clause=row["clause"],
            title=row["title"],
            phases=tuple((number, per_phase(row["outcomes"]).get(number, "")) for number in PHASES),
            check=bool(row.get("check")),
        )
        for row in texts.texts.get("outcomes_2013") or []
    ]
