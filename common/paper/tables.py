"""Tables of Markdown for paper: widths from what stands in them, figures to the right, rows that break well."""

from collections.abc import Iterator
from itertools import zip_longest

from markdown_it.token import Token

#: A row with a cell of more characters than this may break over two pages; others are kept whole.
_TALL = 700
_DENSE_FROM, _WIDE_FROM = 6, 9
_STEP = 2
#: Dates and numbers up to this length stand on one line.
_DATE = 12
_LEAST, _LONGEST_WORD, _WIDEST = 5, 18, 42


def set_tables(tokens: list[Token]) -> list[Token]:
    """`tokens` with a class at each table, `<colgroup>` with widths, and `scope` at each head of a column."""
    found: list[Token] = []
    begun = -1
    for token in tokens:
        if token.type == "table_open":
            begun = len(found)
        found.append(token)
        if token.type == "table_close":
            found[begun:] = _set_table(found[begun:])
            begun = -1
    return found


def _set_table(table: list[Token]) -> Iterator[Token]:
    """The tokens of one table."""
    rows = list(_rows(table))
    columns = max((len(row) for row in rows), default=1)
    kind = "data full fixed" + (" dense" if columns >= _DENSE_FROM else "")
    if is_wide := columns >= _WIDE_FROM:
        yield _raw('<div class="wide">')
    lengths = iter([max((len(cell) for cell in row), default=0) for row in rows])
    for token in table:
        if token.type == "table_open":
            token.attrSet("class", kind)
        elif token.type == "tr_open" and next(lengths) > _TALL:
            token.attrSet("class", "tall")
        elif token.type in ("th_open", "td_open"):
            side = str(token.attrs.pop("style", "")).rpartition(":")[2]
            if side in ("right", "center"):
                token.attrSet("class", {"right": "n", "center": "c"}[side])
            if token.type == "th_open":
                token.attrSet("scope", "col")
        yield token
        if token.type == "table_open":
            yield _raw(
                "<colgroup>" + "".join(f'<col class="p{width}">' for width in column_widths(rows)) + "</colgroup>"
            )
    if is_wide:
        yield _raw("</div>")


def column_widths(rows: list[list[str]]) -> list[int]:
    """The share of each column in percent, in even steps, that its words ask for. They make 100 in all."""
    wants = [_want([cell or "" for cell in column]) for column in zip_longest(*rows, fillvalue="")]
    if not wants:
        return []
    total = sum(wants)
    shares = [max(_STEP, round(want / total * 100 / _STEP) * _STEP) for want in wants]
    # What rounding gave or took goes to the widest ones, which notice least.
    while (over := sum(shares) - 100) and len(shares) * _STEP <= 100:
        widest = shares.index(max(shares))
        shares[widest] -= _STEP if over > 0 else -_STEP
    return shares


def _want(cells: list[str]) -> float:
    """How wide a column wants to be, in characters: its longest words whole, most of its cells in a few lines."""
    word = max((len(each) for cell in cells for each in cell.split()), default=0)
    lengths = sorted(len(cell) for cell in cells)
    if lengths and lengths[-1] <= _DATE:
        return max(_LEAST, lengths[-1] + 3)
    most = lengths[len(lengths) * 9 // 10] if lengths else 0
    return max(_LEAST, min(word + 2, _LONGEST_WORD), min(most, _WIDEST))


def _rows(table: list[Token]) -> Iterator[list[str]]:
    """The texts of the cells, row by row."""
    row: list[str] = []
    for token in table:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append("".join(child.content for child in token.children or []))
        elif token.type == "tr_close":
            yield row


def _raw(content: str) -> Token:
    return Token("html_block", "", 0, content=content)
