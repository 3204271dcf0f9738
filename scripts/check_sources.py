"""Check what no linter checks: a reason at every suppression, and nothing in the files about a machine of ours.

Standard library only.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from scripts.source_files import ROOT, source_files

_REASON = r"\s*(?:#|-|:|\()\s*\S+ \S+.*"
_SUPPRESSIONS = {
    "noqa": re.compile(r"#\s*noqa:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*" + _REASON),
    "type: ignore": re.compile(r"#\s*type:\s*ignore\[[\w-]+(?:,\s*[\w-]+)*\]" + _REASON),
    "mypy: ": re.compile(r"#\s*mypy:\s*\S+" + _REASON),
    "fmt: off": re.compile(r"#\s*fmt:\s*off" + _REASON),
    "pragma: no cover": re.compile(r"#\s*pragma:\s*no cover" + _REASON),
}
_SUPPRESSES = {name: re.compile(r"#\s*" + name.replace(" ", r"\s*")) for name in _SUPPRESSIONS}

# A file that names a registry ties everybody to it; one that names a folder of one machine works there only.
_FORBIDDEN = {
    "a package registry's host": re.compile(
        r"[\w.-]*\b(?:pypi|pythonhosted|npmjs|yarnpkg)\.(?:org|com|io)\b|\b(?:deb|security|ftp)\.debian\.",
        re.IGNORECASE,
    ),
    "a path of one machine": re.compile(
        r"(?<![\w./-])/(?:root|home/\w+)/|(?<![\w.-])/work/(?:main|shared|briefs|\.\w+)\b|(?<![\w.-])/opt/(?:pypi|wheels)\b"
    ),
}
_TEXT_LIMIT = 2_000_000


def unexplained_suppressions(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and comment of each suppression in a Python file that gives no reason."""
    with tokenize.open(path) as handle:
        source = handle.read()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        for name, explained in _SUPPRESSIONS.items():
            if _SUPPRESSES[name].search(token.string) and not explained.search(token.string):
                yield token.start[0], token.string


def forbidden_words(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and kind of each forbidden mention in a text file; a binary file has none."""
    if path.stat().st_size > _TEXT_LIMIT:
        return
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        return
    for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
        for kind, pattern in _FORBIDDEN.items():
            found = pattern.search(line)
            if found:
                yield number, f"{kind}: {found.group()}"


def main() -> int:
    problems: list[str] = []
    for path in source_files():
        name = path.relative_to(ROOT)
        problems.extend(f"{name}:{number}: {what}" for number, what in forbidden_words(path))
        if path.suffix == ".py":
            problems.extend(f"{name}:{line}: no reason given: {what}" for line, what in unexplained_suppressions(path))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
