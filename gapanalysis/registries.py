"""Places of this app that higher apps fill, in their `AppConfig.ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from common.registry import Registry
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    """Something that was made from a challenge: its ref and title, where it stands, and a word on its state."""

    ref: str
    title: str
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ChallengePart:
    """What a higher app shows with each challenge, to whoever holds `capability`.

    `lines(project)` gives them by the ref of the challenge, in one query. `act(project, access, ref)` is the address
    at which one more is made, "" for who may not; `act_title` says so in words.
    """

    title: str | Promise
    capability: str
    lines: Callable[[Project], Mapping[str, Sequence[ChallengeLine]]]
    act_title: str | Promise
    act: Callable[[Project, Access, str], str]


challenge_parts: Registry[ChallengePart] = Registry("parts of challenges")


def register_challenge_part(key: str, part: ChallengePart, *, order: int = 100) -> None:
    """Show `part` with every challenge."""
    challenge_parts.register(key, part, order=order)


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part as the page of challenges shows it with one of them."""

    title: str | Promise
    lines: Sequence[ChallengeLine]
    act_title: str | Promise
    act_url: str


def parts_by_challenge(project: Project, access: Access, refs: Sequence[str]) -> Mapping[str, list[PartShown]]:
    """What higher apps show with the challenges `refs`, by ref."""
    shown: dict[str, list[PartShown]] = {ref: [] for ref in refs}
    for part in challenge_parts:
        if not access.can(part.capability):
            continue
        lines = part.lines(project)
        for ref in refs:
            act_url = part.act(project, access, ref)
            if lines.get(ref) or act_url:
                shown[ref].append(PartShown(part.title, lines.get(ref, ()), part.act_title, act_url))
    return shown
