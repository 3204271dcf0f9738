"""Content packs under `fixtures/`: each app that has some says how a folder of it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass

from common.registry import Registry


@dataclass(frozen=True, slots=True)
class ContentKind:
    """Packs lie in the folders of `fixtures/<folder>/` that hold the file `marker`.

    `load(folder=...)` gives the pack as loaded and whether it is new; it raises an exception of its own for a pack
    that is not sound.
    """

    folder: str
    marker: str
    load: Callable[..., tuple[object, bool]]


content_kinds: Registry[ContentKind] = Registry("kinds of content")


def register_content(folder: str, marker: str, load: Callable[..., tuple[object, bool]], *, order: int = 100) -> None:
    """Let `load_content` load the packs of `fixtures/<folder>/`."""
    content_kinds.register(folder, ContentKind(folder, marker, load), order=order)


class ContentError(Exception):
    """A content pack cannot be loaded; the message names the file and what is wrong in it."""
