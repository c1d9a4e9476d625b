"""What is seen after the window got another size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.terminal import Terminal


def screen(data: str, columns: int, lines: int) -> Terminal:
    terminal = Terminal(columns, lines)
    terminal.feed(data.encode())
    return terminal


def rows(terminal: Terminal) -> list[str]:
    return [row.rstrip() for row in terminal.display]


def test_a_long_line_wraps_anew_and_comes_back() -> None:
    terminal = screen("$ echo 0123456789\r\nout", 20, 4)
    terminal.resize(10, 4)
    assert rows(terminal) == ["$ echo 012", "3456789", "out", ""]
    assert [terminal.wrapped(y) for y in range(4)] == [True, False, False, False]
    terminal.resize(6, 6)
    assert rows(terminal) == ["$ echo", " 01234", "56789", "out", "", ""]
    terminal.resize(20, 4)
    assert rows(terminal) == ["$ echo 0123456789", "out", "", ""]
    assert (terminal.cursor.x, terminal.cursor.y) == (3, 1)


def test_the_cursor_stays_at_its_text() -> None:
    terminal = screen("$ echo 0123456789\x1b[5D", 20, 4)
    terminal.resize(10, 4)
    assert (terminal.cursor.x, terminal.cursor.y) == (2, 1)
    terminal.feed(b"X")
    assert rows(terminal)[:2] == ["$ echo 012", "34X6789"]
    terminal.resize(20, 4)
    assert rows(terminal)[0] == "$ echo 01234X6789"


def test_a_wide_character_is_never_cut() -> None:
    terminal = screen("12345678漢字", 12, 3)
    terminal.resize(9, 3)
    assert rows(terminal) == ["12345678", "漢字", ""]
    terminal.resize(12, 3)
    assert rows(terminal) == ["12345678漢字", "", ""]


def test_what_does_not_fit_scrolls_off_only_when_no_blank_line_is_left() -> None:
    terminal = screen("0123456789\r\nabcdefghij\r\n$ ", 10, 6)
    terminal.resize(5, 6)
    assert rows(terminal) == ["01234", "56789", "abcde", "fghij", "$", ""]
    assert terminal.scrolled == 0
    terminal.resize(5, 4)
    assert rows(terminal) == ["56789", "abcde", "fghij", "$"]
    assert terminal.scrolled == 1
    line = terminal.history_line(0)
    assert line is not None
    assert (line.text, line.wrapped) == ("01234", True)


def test_text_below_the_cursor_is_kept_while_there_is_room_above() -> None:
    terminal = screen("1\r\n2\r\n3\r\n4\r\n5\r\n6\x1b[3A", 10, 6)
    terminal.resize(10, 4)
    assert rows(terminal) == ["3", "4", "5", "6"]
    assert terminal.cursor.y == 0


def test_a_coloured_background_to_the_edge_is_no_text() -> None:
    terminal = screen("\x1b[44mblue\x1b[K\x1b[m\r\nend", 20, 4)
    terminal.resize(10, 4)
    assert rows(terminal)[:2] == ["blue", "end"]
    (run,) = terminal.frame().rows[0]
    assert run.style.background == 4


def test_a_full_screen_program_is_cut_and_the_shell_behind_it_wraps() -> None:
    terminal = screen("0123456789\r\n$ vi\x1b[?1049h\x1b[2J\x1b[Hfull screen", 20, 4)
    terminal.resize(5, 4)
    assert rows(terminal)[0] == "full"
    terminal.feed(b"\x1b[?1049l")
    assert rows(terminal) == ["01234", "56789", "$ vi", ""]
    assert (terminal.cursor.x, terminal.cursor.y) == (4, 2)


texts = st.lists(st.text("ab 漢é", max_size=30).map(str.rstrip), min_size=1, max_size=5)
widths = st.lists(st.integers(2, 40), min_size=1, max_size=5)


def logical(terminal: Terminal) -> list[str]:
    lines, line = [], ""
    for y, row in enumerate(terminal.display):
        line += row
        if not terminal.wrapped(y):
            lines.append(line.rstrip())
            line = ""
    return [each.replace(" ", "") for each in lines if each]


@given(texts=texts, widths=widths)
def test_no_text_is_lost_at_any_width(texts: list[str], widths: list[int]) -> None:
    terminal = screen("\r\n".join(texts), 20, 100)
    before = logical(terminal)
    place = terminal.cursor
    for width in widths:
        terminal.resize(width, 100)
        assert logical(terminal) == before
        assert max(map(len, terminal.display)) <= width
    terminal.resize(20, 100)
    assert logical(terminal) == before
    assert terminal.scrolled == 0
    assert terminal.cursor == place


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 1), (2000, 1000)])
def test_extreme_sizes_keep_the_cursor_on_the_screen(size: tuple[int, int]) -> None:
    terminal = screen("漢字" * 30 + "\r\nx" * 9, 10, 6)
    terminal.resize(*size)
    assert terminal.cursor.x < terminal.columns
    assert terminal.cursor.y < terminal.lines
    terminal.feed("漢字\r\n".encode() * 3)
    assert terminal.faults == 0
