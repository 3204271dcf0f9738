"""The Python files of the product, parsed once for all tests of this folder."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from scripts.source_files import ROOT, source_files

_NOT_PRODUCT = {"tests", "scripts"}


@cache
def product_files() -> tuple[Path, ...]:
    """Python files of the apps, relative to the repository, without migrations."""
    names = (path.relative_to(ROOT) for path in source_files(".py"))
    return tuple(name for name in names if name.parts[0] not in _NOT_PRODUCT and "migrations" not in name.parts)


@cache
def tree(name: Path) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=str(name))


def calls(name: Path) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(tree(name)) if isinstance(node, ast.Call))


def imported_names(name: Path) -> dict[str, str]:
    """What each imported name of a file stands for: local name to dotted path."""
    names: dict[str, str] = {}
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.partition(".")[0]
                names[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def dotted(node: ast.expr) -> str:
    """`a.b.c` for such an expression, "" for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def resolved(node: ast.expr, names: dict[str, str]) -> str:
    """The dotted path that an expression stands for, with the file's imports applied."""
    head, dot, rest = dotted(node).partition(".")
    return f"{names.get(head, head)}{dot}{rest}"
