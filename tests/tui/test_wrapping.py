"""Words on lines: none is lost, no line is too wide, and thousands of them are quick."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.wrapping import indented, wrapped


@given(st.text(max_size=200), st.integers(1, 40))
@example("一二三四五六七八", 3)
@example("e\u0301" * 30, 7)
@example("\U0001f469\u200d\U0001f4bb" * 10, 5)
def test_wrapping_loses_no_words_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    # A character may be two cells wide.
    assert all(cell_len(line) <= max(width, 2) for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one\n two", 20, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 6, ["one", "two", "three"]),
        ("a abcdefgh b", 4, ["a", "abcd", "efgh", "b"]),
        ("a abcdef b", 4, ["a", "abcd", "ef b"]),
        ("ä äöüäöü b", 4, ["ä", "äöüä", "öü b"]),
        ("a 一二三四 b", 4, ["a", "一二", "三四", "b"]),
        ("a 一二三 b", 4, ["a", "一二", "三 b"]),
    ],
)
def test_lines_are_as_full_as_their_words_allow(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_wide_characters_wrap_as_narrow_ones_do() -> None:
    narrow = "ab cdef g hijklmnop " * 9
    for width in range(2, 30):
        with_one_wide = wrapped(f"{narrow}一", width)
        assert wrapped(f"{narrow}xx", width)[:-1] == with_one_wide[:-1]


@given(st.text(max_size=200), st.integers(24, 80), st.sampled_from(["", "*", "* ", "a label:  "]))
def test_an_indent_stands_before_each_line_and_counts(text: str, width: int, lead: str) -> None:
    first, *rest = indented(text, width, first=lead, rest="  ")
    assert first.startswith(lead)
    assert all(line.startswith("  ") for line in rest)
    assert all(cell_len(line) <= width for line in (first, *rest))
    whole = first.removeprefix(lead) + "".join(rest)
    assert "".join(whole.split()) == "".join(text.split())


def test_a_wide_indent_costs_only_the_first_line_room() -> None:
    lines = indented("one two three four five six", 20, first="4 superb  ", rest="  ")
    assert lines == ["4 superb  one two", "  three four five", "  six"]


def test_a_long_transcript_is_wrapped_while_nobody_waits() -> None:
    lines = [
        f"{number} " + "so we looked at what listens on port 80 " * 5 for number in range(5000)
    ]
    began = time.process_time()
    for each in lines:
        wrapped(each, 34)
    # A tenth of that is usual; with each word measured by itself it is ten times as much.
    assert time.process_time() - began < 0.5
