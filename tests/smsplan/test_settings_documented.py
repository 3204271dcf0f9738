"""docs/operations.md names every setting there is, and none that there is not."""

import ast
import re
from collections.abc import Iterator

from scripts.source_files import ROOT
from tests.architecture.parsed import product_files, tree

_READERS = {"secret", "required_secret"}
_TABLE_ROW = re.compile(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| ", re.MULTILINE)


def names_read() -> Iterator[str]:
    """The names of settings that the code asks the environment for."""
    for name in product_files():
        for node in ast.walk(tree(name)):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            asked = ast.unparse(node.func)
            first = str(node.args[0].value)
            if asked in _READERS:
                yield from (first, f"{first}_FILE")
            elif asked == "whole" or asked == "os.environ.get" or asked.startswith("env."):
                yield first


def names_told() -> list[str]:
    """The names in the table."""
    section = (
        (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("\n## Settings\n")[1].split("\n## ")[0]
    )
    return [name for row in _TABLE_ROW.findall(section) for name in re.findall(r"[A-Z_]+", row)]


def test_every_setting_is_in_the_table_and_each_in_the_table_is_read() -> None:
    assert sorted(names_told()) == sorted(set(names_read()))


def test_the_test_sees_what_is_read() -> None:
    assert {"DATA_DIR", "SECRET_KEY_FILE", "DATABASE_URL", "LOG_LEVEL", "NIGHTLY_AT"} <= set(names_read())
