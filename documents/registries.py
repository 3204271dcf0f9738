"""Tables and charts that documents draw from the living registers of the project."""

from collections.abc import Callable

from common.registry import Registry
from projects.models import Project

Block = Callable[[Project, str], str]

blocks: Registry[Block] = Registry("blocks of documents")


def register_block(name: str, block: Block, *, order: int = 100) -> None:
    """Fill `[[table: NAME ARGUMENT]]` by `block(project, argument)`: Markdown of ours, values put in by `fill.table`.

    A chart (`[[chart: NAME]]`) is HTML of ours instead, made by `format_html`: a picture with a title. "" means that
    the project knows nothing there yet; the place then counts as missing. `name` is the kind and the first word behind
    the colon: "table: roles", "chart: objectives". Few queries: a document may have several of them.
    """
    blocks.register(name, block, order=order)
