"""Places of this app that higher apps fill, in their `AppConfig.ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from accounts.models import User
from common.registry import Registry
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something of a higher app that holds the words. `found` is where they stand, None where in ref or title."""

    ref: str
    title: SafeString
    url: str
    found: SafeString | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchPart:
    """A kind of thing that the search of a project finds, for whoever holds `capability`.

    `find(project, access, words, most)` gives at most `most` hits, the best first, of what the person may see, in one
    query.
    """

    title: str | Promise
    capability: str
    find: Callable[[Project, Access, Sequence[str], int], Sequence[SearchHit]]


@dataclass(frozen=True, slots=True)
class PortfolioCell:
    """What a column says of one project; `note` stands small below it, `why` explains it. Without `text`: a dash."""

    text: str = ""
    note: str = ""
    url: str = ""
    tone: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PortfolioSaid:
    """The cells of one project, one for each column, and their values in the file, one for each name there."""

    cells: tuple[PortfolioCell, ...]
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PortfolioColumn:
    """A column: its label, and whether it holds numbers.

    `sort` is what the address calls it where it can be sorted by. `by(user)` is then an expression over Project, which
    the database sorts by; it is empty for a project of which `user` may not know it, else the order would tell.
    """

    label: str | Promise
    is_number: bool = False
    sort: str = ""
    by: Callable[[User], Combinable] | None = None


@dataclass(frozen=True, slots=True)
class PortfolioPart:
    """Columns of the portfolio that another app fills.

    `read(user, projects)` gives what it says by the project's id, for those of which `user` may know it, in two queries
    at most, however many projects there are.
    """

    columns: tuple[PortfolioColumn, ...]
    names: tuple[str, ...]
    read: Callable[[User, Sequence[Project]], Mapping[int, PortfolioSaid]]


portfolio_parts: Registry[PortfolioPart] = Registry("parts of the portfolio")


def portfolio_sorts() -> dict[str, Callable[[User], Combinable]]:
    """What the columns of other apps sort by, by the name that the address has for it."""
    return {
        column.sort: column.by
        for part in portfolio_parts
        for column in part.columns
        if column.sort and column.by is not None
    }


search_parts: Registry[SearchPart] = Registry("parts of the search")


def register_search_part(key: str, part: SearchPart, *, order: int = 100) -> None:
    """Let the search of a project find things of another kind."""
    search_parts.register(key, part, order=order)


@dataclass(frozen=True, slots=True)
class PhaseWay:
    """A way from the board and the end of a phase to what a higher app does there, for whoever holds `capability`.

    `address(slug, number)` gives "" for a phase that has none; it asks the database nothing.
    """

    label: str | Promise
    icon: str
    capability: str
    address: Callable[[str, int], str]


phase_ways: Registry[PhaseWay] = Registry("ways from phases")


def register_phase_way(key: str, way: PhaseWay, *, order: int = 100) -> None:
    """Lead from each phase to what is done about it elsewhere."""
    phase_ways.register(key, way, order=order)


def way_from(project: Project, access: Access, key: str, number: int) -> dict[str, str] | None:
    """The way `key` from phase `number`, as `ways_from` has it; None where there is none or it is closed to the person.

    No query.
    """
    if key not in phase_ways:
        return None
    way = phase_ways[key]
    url = way.address(project.slug, number) if access.can(way.capability) else ""
    return {"label": str(way.label), "icon": way.icon, "url": url} if url else None


def ways_from(project: Project, access: Access, number: int) -> list[dict[str, str]]:
    """The ways from phase `number` that this person may go: label, icon and url each. No query."""
    return [way for key, _way in phase_ways.items() if (way := way_from(project, access, key, number))]


def register_portfolio_part(key: str, part: PortfolioPart, *, order: int = 100) -> None:
    """Let the portfolio show more of each project."""
    portfolio_parts.register(key, part, order=order)
