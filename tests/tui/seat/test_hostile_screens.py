"""Whatever a candidate's program writes, in whatever order: the viewer draws cells and no more."""

from __future__ import annotations

import unicodedata
from functools import reduce
from operator import iadd

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from analyzer.terminal import Terminal
from tests.end_to_end.support.hostile import EIGHT_BIT, MARKUP, SEVEN_BIT, UNSEEN
from tui.seat.drawing import draw_frame

COLUMNS, LINES = 80, 24

NASTIES = (
    SEVEN_BIT.encode(),
    EIGHT_BIT.encode(),
    EIGHT_BIT.encode("latin-1"),
    UNSEEN.encode(),
    MARKUP.encode(),
    b"\x1b]0;" + b"T" * 1_000_000 + b"\x07",
    b"\x1b]2;" + b"T" * 1_000_000,  # never ends
    b"x" * 10_000,
    b"\x1b[10000C\x1b[10000@\x1b[10000b\x1b[10000X\x1b[10000;10000H",
    b"\x1bPq" + b"#0;2;0;0;0~~@@vv" * 2_000 + b"\x1b\\",
    b"\x1b_G" + b"A" * 50_000 + b"\x1b\\",
    b"\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b[?1$p\x1b[14t\x1b[>0q",
    b"\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x1b\\\x1b]4;0;?;1;?\x07",
    ("e" + "\u0301" * 3_000).encode(),
    ("\u200b\u200d\ufeff\u2060" * 500).encode(),
    "\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f".encode(),
    "\u0085\u008d\u0090\u009b\u009d\u009f".encode(),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50).encode(),
    b"\xf0\x9f\x91\xc3(\xed\xa0\x80\xf8\x88\x80\x80\x80\xff\xfe",
    b"\x1b[?1049h\x1b[?1000;1002;1003;1006;2004h\x1b[2 q\x1b[?12;25l",
    b"\x1bc\x1b[!p\x1b#8\x18\x1a\x1b",
    b"\r\n" * 40,
)

corpus = st.lists(st.one_of(st.sampled_from(NASTIES), st.binary(max_size=60)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(corpus, st.integers(1, 7))
def test_only_cells_are_drawn_each_row_as_wide_as_the_screen(
    pieces: list[bytes], split: int
) -> None:
    data = bytes(reduce(iadd, pieces, bytearray()))
    terminal = Terminal(COLUMNS, LINES)
    for start in range(0, len(data), max(1, len(data) // split)):
        terminal.feed(data[start : start + max(1, len(data) // split)])
    frame = terminal.frame()
    strips = draw_frame(frame)
    assert len(strips) == frame.lines
    for strip in strips:
        text = strip.text
        assert strip.cell_length == frame.columns == cell_len(text)
        kinds = {unicodedata.category(each) for each in text}
        assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
        assert not set(text) & set(
            "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )
        assert all(part.style is None or part.style.link is None for part in strip)
    assert len(frame.title) <= 10_000
