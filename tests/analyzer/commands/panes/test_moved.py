"""What was redrawn in a pane, told again: the mirror shows what the pane shows, whatever it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.panes import moved
from analyzer.commands.panes.typed import Owed
from analyzer.terminal import Terminal

COLUMNS, LINES = 12, 6

_rows = st.lists(
    st.text(st.sampled_from("ab $\u00e9"), max_size=COLUMNS).map(lambda text: text.ljust(COLUMNS)),
    min_size=LINES,
    max_size=LINES,
)
_places = st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, LINES - 1))


def shown(rows: list[str], cursor: tuple[int, int]) -> Terminal:
    """Return a terminal that shows rows."""
    terminal = Terminal(COLUMNS, LINES)
    terminal.feed(moved.drawn(terminal.display, rows, cursor))
    return terminal


@given(before=_rows, now=_rows, start=_places, cursor=_places)
def test_rows_are_drawn_over_any_others(
    before: list[str], now: list[str], start: tuple[int, int], cursor: tuple[int, int]
) -> None:
    terminal = shown(before, start)
    assert terminal.display == before
    terminal.feed(moved.drawn(before, now, cursor))
    assert terminal.display == now
    assert (terminal.cursor.x, terminal.cursor.y) == cursor


@given(before=_rows, added=_rows, count=st.integers(0, LINES), start=_places)
def test_rows_that_were_added_below_are_written_below(
    before: list[str], added: list[str], count: int, start: tuple[int, int]
) -> None:
    terminal = shown(before, start)
    now = [*before[count:], *added[:count]]
    cursor = (0, LINES - 1)
    terminal.feed(moved.written(before, now, start, cursor, count))
    assert [row.rstrip() for row in terminal.display] == [row.rstrip() for row in now]


def test_rows_are_found_again_where_they_moved_to() -> None:
    before = ["one", "two", "three", "four"]
    assert moved.shift(before, ["three", "four", "five", "six"]) == (2, 2)
    assert moved.shift(before, ["a", "b", "c", "d"], fallback=4) == (4, 0)


@given(st.text(st.sampled_from("ab \u6f22"), max_size=60))
def test_a_line_is_cut_into_rows_without_loss(text: str) -> None:
    rows = moved.rows_of(text, COLUMNS)
    assert all(moved.width(row) == COLUMNS for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_letters_without_echo_are_owed_until_they_are_seen() -> None:
    owed = Owed()
    owed.seen("$ ech")
    owed.typed(b"o")
    owed.typed(b" a")
    assert owed.missing == "o a"
    owed.seen("$ echo ")
    assert owed.missing == "a"
    owed.seen("$ echo a")
    assert owed.missing == ""
    owed.typed(b"\t")
    owed.typed(b"b")
    assert owed.missing == ""
