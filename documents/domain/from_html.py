"""HTML that a converter of Word files made, as Markdown: headings, lists, tables, emphasis and links.

What a text means is kept, how it looked is not. Every sign that Markdown would read as markup is shown as itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Lists that stand deeper are brought up to this depth.
MOST_NESTED = 6
_VOID = frozenset({"br", "img", "input", "hr"})
_HEADING = re.compile(r"h([1-6])")
_INLINE = frozenset({"a", "strong", "b", "em", "i", "s", "sup", "sub", "span", "u", "br", "img", "input", "code"})
# A mark that a document fills is left as it is; a backslash before a bracket would break it.
_MARK = re.compile(r"\[\[[^\[\]\n]{1,400}\]\]")
_SIGNS = re.compile(r"([\\`*\[\]<>~|])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_BEGINS = re.compile(r"^(\s*)(?:([-+#=:])|(\d{1,9})([.)]))(?=\s|[-+#=:]|$)")
_EDGES = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_AROUND = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~"}


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[_Node | str]" = field(default_factory=list)

    def below(self, *tags: str) -> "list[_Node]":
        return [each for each in self.children if isinstance(each, _Node) and each.tag in tags]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("body")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def html_to_markdown(html: str) -> str:
    """`html` as Markdown whose highest headings are of the second level, and whose lowest of the fourth."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    levels = [int(found[1]) for found in re.finditer(r"<h([1-6])[ >]", html)]
    writer = _Writer(shift=2 - min(levels, default=2))
    blocks = writer.blocks(tree.root)
    return "\n\n".join(blocks) + "\n" if blocks else ""


def escaped(text: str) -> str:
    """`text` as Markdown that shows just these characters; places to fill (`[[...]]`) stay places."""
    pieces, end = [], 0
    for mark in _MARK.finditer(text):
        pieces += [_SIGNS.sub(_escape, text[end : mark.start()]), mark[0]]
        end = mark.end()
    return "".join([*pieces, _SIGNS.sub(_escape, text[end:])])


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _line(text: str) -> str:
    """One paragraph, which begins with nothing that makes it a list, a heading or a rule."""
    lines = [" ".join(each.split()) for each in text.split("\\\n")]
    safe = [_BEGINS.sub(_begin, each) for each in lines]
    return "\\\n".join(safe).strip().removesuffix("\\")


def _begin(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"


class _Writer:
    def __init__(self, *, shift: int) -> None:
        self.shift = shift

    def blocks(self, node: _Node, depth: int = 0) -> list[str]:
        """The blocks of `node`; text that stands in it directly is a paragraph."""
        made: list[str] = []
        loose: list[_Node | str] = []

        def settle() -> None:
            if text := _line(self.inline(loose)):
                made.append(text)
            loose.clear()

        for child in node.children:
            if isinstance(child, str) or child.tag in _INLINE:
                loose.append(child)
                continue
            settle()
            made.extend(self._block(child, depth))
        settle()
        return made

    def _block(self, node: _Node, depth: int) -> list[str]:
        if found := _HEADING.fullmatch(node.tag):
            level = max(2, min(4, int(found[1]) + self.shift))
            words = " ".join(self.inline(node.children, plain=True).replace("\\\n", " ").split())
            return [f"{'#' * level} {words}"] if words else []
        if node.tag in ("ul", "ol"):
            return ["\n".join(self._list(node, depth))]
        if node.tag == "table":
            table = self._table(node)
            return [table] if table else []
        if node.tag == "hr":
            return ["***"]
        return self.blocks(node, depth)

    def _list(self, node: _Node, depth: int) -> list[str]:
        lines: list[str] = []
        for number, item in enumerate(node.below("li"), 1):
            sign = f"{number}." if node.tag == "ol" else "-"
            own = _Node("li", children=[each for each in item.children if not _is_list(each)])
            said = self.blocks(own, depth + 1) or [""]
            pad = " " * (len(sign) + 1)
            lines.append(f"{sign} {_indented(said[0], pad)}".rstrip())
            for each in said[1:]:
                lines += ["", f"{pad}{_indented(each, pad)}", ""]
            for inner in (each for each in item.children if _is_list(each)):
                below = self._list(inner, depth + 1)  # type: ignore[arg-type]  # a list is a node
                deep = depth + 1 >= MOST_NESTED
                lines += below if deep else [f"{pad}{each}" if each else "" for each in below]
        return lines

    def _table(self, node: _Node) -> str:
        head: list[_Node] = []
        rows: list[_Node] = []
        for part in [node, *node.below("thead", "tbody", "tfoot")]:
            for row in part.below("tr"):
                (head if part.tag == "thead" and not rows else rows).append(row)
        grid = self._grid([*head, *rows])
        width = max((len(row) for row in grid), default=0)
        if not width:
            return ""
        if width == 1 and len(grid) == 1:
            # A frame around a paragraph, as Word is often used for.
            return f"> {grid[0][0]}" if grid[0][0] else ""
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in grid]
        return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])

    def _grid(self, rows: Sequence[_Node]) -> list[list[str]]:
        """The cells of a table; what one spans further is empty."""
        made: list[list[str]] = []
        taken: dict[int, int] = {}
        for row in rows:
            cells: list[str] = []
            for cell in row.below("td", "th"):
                while taken.get(len(cells), 0):
                    taken[len(cells)] -= 1
                    cells.append("")
                across, down = (_span(cell.attributes.get(name, "")) for name in ("colspan", "rowspan"))
                for place in range(across):
                    if down > 1:
                        taken[len(cells)] = down - 1
                    cells.append(self._cell(cell) if not place else "")
            while taken.get(len(cells), 0):
                taken[len(cells)] -= 1
                cells.append("")
            made.append(cells)
        return made

    def _cell(self, node: _Node) -> str:
        """All that a cell holds, on one line."""
        parts = [part for part in self._texts(node) if part]
        return " · ".join(" ".join(part.replace("\\\n", " ").split()) for part in parts)

    def _texts(self, node: _Node) -> list[str]:
        loose = [each for each in node.children if isinstance(each, str) or each.tag in _INLINE]
        texts = [self.inline(loose).strip()] if loose else []
        for child in node.children:
            if isinstance(child, _Node) and child.tag not in _INLINE:
                texts.extend(self._texts(child))
        return texts

    def inline(self, children: "Sequence[_Node | str]", *, plain: bool = False) -> str:
        """Text with emphasis and links; without them where `plain`."""
        return "".join(
            escaped(child) if isinstance(child, str) else self._inline_node(child, plain=plain) for child in children
        )

    def _inline_node(self, node: _Node, *, plain: bool) -> str:
        if node.tag == "br":
            return "\\\n"
        if node.tag == "input":
            return "☑" if "checked" in node.attributes else "☐"
        href = node.attributes.get("href", "")
        if node.tag == "a" and re.match(r"#(foot|end)note-ref", href):
            return ""
        inner = self.inline(node.children, plain=plain)
        if plain or not inner.strip():
            return inner
        if node.tag == "a" and re.match(r"(https?|mailto):", href):
            return f"[{inner}](<{href.replace('<', '%3C').replace('>', '%3E')}>)" if "\n" not in href else inner
        sign = _AROUND.get(node.tag)
        if sign is None:
            return inner
        if all(isinstance(each, str) for each in node.children):
            # Signs at the edge would keep the emphasis from ending there.
            before, core, after = _EDGES.match(inner).groups()  # type: ignore[union-attr]  # it matches everything
        else:
            core = inner.strip()
            before, _core, after = inner.partition(core)
        return f"{before}{sign}{core}{sign}{after}" if core and not _MARK.search(inner) else inner


def _is_list(node: "_Node | str") -> bool:
    return isinstance(node, _Node) and node.tag in ("ul", "ol")


def _indented(text: str, pad: str) -> str:
    return text.replace("\n", f"\n{pad}")


def _span(text: str) -> int:
    return min(int(text), 50) if text.isascii() and text.isdigit() and int(text) else 1
