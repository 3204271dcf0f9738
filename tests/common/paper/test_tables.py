"""Columns get the width that their words ask for."""

from hypothesis import given
from hypothesis import strategies as st

from common.paper.tables import column_widths
from common.paper.text import markdown_to_paper

CELLS = st.sampled_from(["", "a", "1,200", "Jun 2027", "a sentence of some length", "word" * 20, "words " * 12])


def test_long_text_gets_the_room_and_short_figures_little() -> None:
    number, words, date = column_widths(
        [["No", "What we do about it", "By"], ["1", "a sentence of some length " * 3, "Jun 2027"]]
    )
    assert words > 2 * date > 2 * number - 1


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=8)))
def test_widths_make_a_hundred_and_none_is_nothing(rows: list[list[str]]) -> None:
    widths = column_widths(rows)
    assert len(widths) == len(rows[0])
    assert sum(widths) == 100
    assert all(width >= 2 and width % 2 == 0 for width in widths)


def test_many_columns_lie_across_and_a_long_row_may_break() -> None:
    wide = "|" + " a |" * 10 + "\n|" + "---|" * 10 + "\n|" + " b |" * 10
    assert '<div class="wide">\n<table class="data full fixed dense">' in markdown_to_paper(wide).html.replace(
        "><table", ">\n<table"
    )
    assert '<tr class="tall">' in markdown_to_paper(f"| a |\n|---|\n| {'word ' * 200} |").html
