"""Lines out of what a command wrote, whatever it did to the cursor."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.commands.output import OutputText


def lines(*chunks: bytes) -> tuple[str, ...]:
    text = OutputText()
    for chunk in chunks:
        text.feed(chunk)
    text.end_line()
    return text.lines


def test_a_line_that_follows_apts_progress_bar_stands_alone() -> None:
    bar = b"\x1b7\x1b[30;0f\x1b[42m\x1b[30mProgress: [ 60%]\x1b[49m\x1b[39m [######....] \x1b8"
    assert "Setting up hello (2.0) ..." in lines(bar + b"Setting up hello (2.0) ...\r\n")


@pytest.mark.parametrize("back", [b"\x1b8", b"\x1b[u", b"\x1b[5;1H", b"\r"])
def test_what_moves_the_cursor_elsewhere_ends_a_line(back: bytes) -> None:
    assert lines(b"one" + back + b"two\r\n") == ("one", "two")


@given(st.binary(max_size=80), st.integers(0, 80))
def test_where_the_bytes_are_cut_does_not_matter(data: bytes, cut: int) -> None:
    assert lines(data[:cut], data[cut:]) == lines(data)


def test_a_sequence_that_never_ends_is_not_waited_for() -> None:
    text = OutputText()
    text.feed(b"\x1b[")
    start = time.process_time()
    for _ in range(8000):
        text.feed(b"0" * 1000)
    # It takes a fiftieth of this; what reads all of it again each time, minutes.
    assert time.process_time() - start < 10
    text.feed(b"\r\nafter\r\n")
    assert text.lines[-1] == "after"
