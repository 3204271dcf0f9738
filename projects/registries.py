"""Places that higher apps fill: navigation, panels, checks before a phase closes.

Each entry is registered in the `AppConfig.ready()` of the app that owns it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from accounts.models import User
from audittrail.sentences import Facts
from common.registry import Registry
from projects.models import Organization, Project
from projects.permissions import Access

PANEL_SLOTS = ("dashboard", "activity", "board component", "my work", "work card", "wizard")


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the project's sidebar. `entries` gives the lines (label, url, phase state, note) for a project."""

    section: str | Promise
    capability: str
    icon: str
    entries: Callable[[Project], list["NavEntry"]]


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One link of the sidebar. `state` is a phase state, for links to phases; `key` is a one-letter shortcut."""

    label: str | Promise
    url: str
    state: str = ""
    note: str = ""
    key: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that another app fills: a template and the values for it, two queries at most."""

    template: str
    prepare: Callable[..., Mapping[str, Any] | None]
    capability: str


class SeenProject(Protocol):
    """A project and what the reader may do in it."""

    @property
    def project(self) -> Project: ...
    @property
    def access(self) -> Access: ...


@dataclass(frozen=True, slots=True)
class WorkPanel:
    """A part of My work that another app fills: `prepare(user, projects)` gives the values of its template, or None.

    It takes two queries at most, however many projects there are (by id), and asks each project's `access` itself.
    Among the values, `waits` counts what waits for the person and `waits_word` says what it is.
    """

    template: str
    prepare: Callable[[User, Mapping[int, SeenProject]], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class RowLink:
    """A way from a row of My work to where another app does something for it.

    `address(slug, ref)` leads there; it asks the database nothing.
    """

    label: str | Promise
    icon: str
    capability: str
    address: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """Something that must hold before a phase closes. `run` gives a sentence for what does not, or "".

    Where `yields_to_reason`, a phase may close without it for a reason that is given and kept in the trail. `address`
    leads to where it is done.
    """

    title: str | Promise
    run: Callable[[Project, int], str]
    yields_to_reason: bool = False
    address: Callable[[Project], str] | None = None


@dataclass(frozen=True, slots=True)
class TrailUndo:
    """Where an act that stands in the trail can be undone. `address` gives "" for an event that is no such act."""

    capability: str
    address: Callable[[Project, Facts], str]


@dataclass(frozen=True, slots=True)
class Load:
    """How much work a party has: what is open, and what of it is late."""

    open: int = 0
    late: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.open + other.open, self.late + other.late)


nav_items: Registry[NavItem] = Registry("navigation")
panels: dict[str, Registry[Panel]] = {slot: Registry(f"panels of {slot}") for slot in PANEL_SLOTS}
work_panels: Registry[WorkPanel] = Registry("panels of My work")
row_links: Registry[RowLink] = Registry("links of rows of My work")
closing_checks: Registry[ClosingCheck] = Registry("closing checks")
trail_undos: Registry[TrailUndo] = Registry("undoing from the trail")
party_loads: Registry[Callable[[Project], Mapping[int, Load]]] = Registry("party loads")


def register_nav(key: str, item: NavItem, *, order: int = 100) -> None:
    """Add a line to the sidebar of every project."""
    nav_items.register(key, item, order=order)


def register_panel(slot: str, key: str, panel: Panel, *, order: int = 100) -> None:
    """Add a panel to `slot`. `prepare(project, access, **subject)` returns its values, or None to stay away."""
    panels[slot].register(key, panel, order=order)


def register_work_panel(key: str, panel: WorkPanel, *, order: int = 100) -> None:
    """Add a panel to My work; `key` is its place on the page (`#key`)."""
    work_panels.register(key, panel, order=order)


def register_row_link(key: str, link: RowLink, *, order: int = 100) -> None:
    """Add a link to each row of My work that its reader reports on."""
    row_links.register(key, link, order=order)


def register_closing_check(key: str, check: ClosingCheck, *, order: int = 100) -> None:
    """Add a check that every way of closing a phase goes through."""
    closing_checks.register(key, check, order=order)


def register_trail_undo(kind: str, action: str, undo: TrailUndo) -> None:
    """Let the trail lead from events of `action` on objects of `kind` to the page that undoes them."""
    trail_undos.register(f"{kind}/{action}", undo)


def undo_address(project: Project, access: Access, facts: Facts) -> str:
    """Where what `facts` say can be undone by this person, or "". No query."""
    key = f"{facts.kind}/{facts.action}"
    if key not in trail_undos or facts.disposed:
        return ""
    undo = trail_undos[key]
    return undo.address(project, facts) if access.can(undo.capability) else ""


def register_party_load(key: str, count: Callable[[Project], Mapping[int, Load]], *, order: int = 100) -> None:
    """Add to what parties have open. `count(project)` maps the ids of parties to their load; one query."""
    party_loads.register(key, count, order=order)


def prepare_work_panels(user: User, projects: Mapping[int, SeenProject]) -> list[dict[str, Any]]:
    """The panels of My work that have something to say: `{"key": ..., "template": ..., "values": ...}` each."""
    found = ((key, work_panels[key], work_panels[key].prepare(user, projects)) for key in work_panels.keys())  # noqa: SIM118 (a registry gives its entries when it is walked through)
    return [
        {"key": key, "template": panel.template, "values": values} for key, panel, values in found if values is not None
    ]


def prepare_panels(slot: str, project: Project, access: Access, **subject: Any) -> list[dict[str, Any]]:
    """The panels of `slot` that this person may see: `{"key": ..., "template": ..., "values": ...}` each."""
    prepared = []
    for key in panels[slot].keys():  # noqa: SIM118 (a registry gives its entries when it is walked through)
        panel = panels[slot][key]
        if access.can(panel.capability):
            values = panel.prepare(project, access, **subject)
            if values is not None:
                prepared.append({"key": key, "template": panel.template, "values": values})
    return prepared


def prepare_wizard_panels(user: User, organization: Organization) -> list[dict[str, Any]]:
    """The panels of the wizard, before there is a project. `prepare(user, organization)` judges who sees what."""
    found = ((key, panel, panel.prepare(user, organization)) for key, panel in panels["wizard"].items())
    return [
        {"key": key, "template": panel.template, "values": values} for key, panel, values in found if values is not None
    ]
