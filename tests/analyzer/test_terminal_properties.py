"""What holds for any bytes at all."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.terminal import Terminal
from tests.support import chance

finals = "@ABCDEFGHIJKLMPSTXZ`abcdefghjklmnpqrstuvxz{}~^"
parameters = st.lists(
    st.sampled_from(
        ["", "0", "1", "2", "3", "5", "7", "9", "22", "9999", "99999999999", "4:3", "²"]
    ),
    max_size=5,
).map(";".join)
modes = st.sampled_from(
    ["1", "4", "5", "6", "7", "20", "25", "45", "47", "69", "1045", "1047", "1048", "1049", "2004"]
)
sequences = st.one_of(
    st.builds(
        "\x1b[{}{}{}{}".format,
        st.sampled_from(["", "?", ">", "<", "=", "!"]),
        parameters,
        st.sampled_from(["", " ", "$", "!", "'", '"']),
        st.sampled_from(finals),
    ),
    st.builds("\x1b[?{}{}".format, modes, st.sampled_from("hl")),
    st.builds("\x1b{}".format, st.sampled_from("6789DEHMVWcNOZ=>no|}~\\")),
    st.builds("\x1b[?69h\x1b[{};{}s".format, st.integers(1, 4), st.integers(2, 12)),
    st.builds("\x1b[{};{}r".format, st.integers(1, 3), st.integers(2, 6)),
    st.builds("\x1b{}{}".format, st.sampled_from("()*+-./#% "), st.sampled_from("0AB8G@")),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["\x1b]0;", "\x1b]", "\x1bP", "\x1bX", "\x1b^", "\x1b_", "\x1bk"]),
        st.text("ab;0\x07\r\n", max_size=5),
        st.sampled_from(["\x07", "\x1b\\", "\x18", "\x1a", "\x1b", ""]),
    ),
    st.text(
        "\x00\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x18\x1a\x1b\x7f\x84\x85\x8d\x90\x9b\x9c\x9d", max_size=4
    ),
    st.text("abc xyz~", max_size=30),
    st.text("漢字か\U0001f600e\u0301\u200d\ufe0f\u0e33กำ한\uffff", max_size=10),
).map(lambda text: text.encode("utf-8", "surrogatepass"))
streams = st.lists(sequences | st.binary(max_size=12), max_size=25).map(b"".join)
sizes = st.tuples(st.integers(1, 12), st.integers(1, 6))


def seen(terminal: Terminal) -> tuple[object, ...]:
    wrapped = [terminal.wrapped(y) for y in range(terminal.lines)]
    return (
        terminal.frame(),
        terminal.display,
        terminal.cursor,
        wrapped,
        terminal.alternate,
        terminal.bracketed_paste,
        terminal.scrolled,
    )


def check(terminal: Terminal) -> None:
    columns, lines = terminal.columns, terminal.lines
    assert terminal.faults == 0
    assert 0 <= terminal.cursor.x < columns
    assert 0 <= terminal.cursor.y < lines
    assert len(terminal.display) == lines
    rows = terminal._screen.rows
    assert len(rows) == len(terminal._screen.others) == lines
    for row in (*rows, *terminal._screen.others):
        assert len(row.cells) == len(row.pens) == columns
        for x, cell in enumerate(row.cells):
            if cell == "":
                assert x > 0
                assert row.cells[x - 1] != ""


@given(data=streams, size=sizes, resized=sizes)
@settings(max_examples=400, deadline=None)
@example(
    data=b"\x1b[?4m\x1b[?1;2m\x1b[?6n\x1b[?1049r\x1b[1;2A\x1b[5K\x1b[22J",
    size=(9, 3),
    resized=(3, 9),
)
def test_any_bytes_leave_a_consistent_screen(
    data: bytes, size: tuple[int, int], resized: tuple[int, int]
) -> None:
    terminal = Terminal(*size)
    terminal.feed(data)
    check(terminal)
    terminal.resize(*resized)
    check(terminal)
    terminal.feed(data)
    check(terminal)


@given(data=streams, size=sizes, cuts=st.lists(st.integers(0, 400), max_size=6))
@settings(max_examples=400, deadline=None)
def test_bytes_split_anywhere_give_the_same_screen(
    data: bytes, size: tuple[int, int], cuts: list[int]
) -> None:
    whole, parts = Terminal(*size), Terminal(*size)
    whole.feed(data)
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(places):
        parts.feed(data[start:end])
    assert seen(parts) == seen(whole)


@given(data=streams, size=sizes)
@settings(max_examples=100, deadline=None)
def test_bytes_one_by_one_give_the_same_screen(data: bytes, size: tuple[int, int]) -> None:
    whole, parts = Terminal(*size), Terminal(*size)
    whole.feed(data)
    for place in range(len(data)):
        parts.feed(data[place : place + 1])
    assert seen(parts) == seen(whole)


@given(before=streams, after=streams, size=sizes, other=sizes, resized=st.none() | sizes)
@settings(max_examples=400, deadline=None)
def test_a_restored_terminal_goes_on_as_the_one_that_was_kept(
    before: bytes,
    after: bytes,
    size: tuple[int, int],
    other: tuple[int, int],
    resized: tuple[int, int] | None,
) -> None:
    kept, restored = Terminal(*size), Terminal(*other)
    restored.feed(after)
    kept.feed(before)
    if resized:
        kept.resize(*resized)
    restored.restore(kept.snapshot())
    assert seen(restored) == seen(kept)
    assert restored.at_ground == kept.at_ground
    kept.feed(after)
    restored.feed(after)
    assert seen(restored) == seen(kept)
    kept.resize(*other)
    restored.resize(*other)
    assert seen(restored) == seen(kept)
    check(restored)


@pytest.mark.parametrize("length", [510, 511, 512, 513, 600])
@pytest.mark.parametrize(
    ("start", "filling"), [(b"\x1b[", b"1;"), (b"\x1b", b"( "), (b"\x1b]0;", b"1;")]
)
def test_an_endless_sequence_is_cut_at_the_same_place_however_it_is_split(
    start: bytes, filling: bytes, length: int
) -> None:
    data = start + filling * length + b"mtext\x07\r\nmore"
    whole, parts = Terminal(40, 3), Terminal(40, 3)
    whole.feed(data)
    for place in range(len(data)):
        parts.feed(data[place : place + 1])
    assert seen(parts) == seen(whole)
    assert "more" in "".join(whole.display)


@given(data=st.binary(max_size=200))
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Terminal(4, 2).restore(data)


def test_a_snapshot_of_another_version_is_refused() -> None:
    told = Terminal(4, 2).snapshot().replace(b'"version":', b'"version":99')
    with pytest.raises(ValueError, match="version 99"):
        Terminal(4, 2).restore(told)


def test_any_number_of_colours_is_forgotten_again() -> None:
    terminal = Terminal(10, 2)
    for red in range(200):
        for green in range(100):
            terminal.feed(b"\x1b[38;2;%d;%d;7mx" % (red, green))
    assert len(terminal._screen.pens._known) <= 5000
    assert len(terminal._stream._calls) <= 10_000
    run = terminal.frame().rows[terminal.cursor.y][-1]
    assert terminal.faults == 0
    assert run.style.foreground in {None, (199, 99, 7)}


def test_endless_parameters_are_not_remembered() -> None:
    terminal = Terminal(10, 2)
    for number in range(300):
        terminal.feed(b"\x1b[%dm\x1b[%dCx" % (number, number) + b"\x1b[" + b"1;" * 5000 + b"mx")
    held = (*terminal._stream._calls, *terminal._screen.pens.plain.next)
    assert max(map(len, held)) < 1000


@pytest.mark.parametrize(
    "alphabet", [bytes(range(256)), b"\x1b\x1b[[]?;;0123456789HJKmrhlLMPX\r\n\xe6ab"]
)
def test_a_million_random_bytes_raise_nothing(alphabet: bytes) -> None:
    seed = chance.seed()
    source = random.Random(seed)
    terminal = Terminal(80, 24)
    for _ in range(100):
        terminal.feed(bytes(source.choices(alphabet, k=10_000)))
        assert terminal.faults == 0, f"seed {seed}"
        check(terminal)
        if source.random() < 0.1:
            terminal.resize(source.randrange(1, 200), source.randrange(1, 60))


def test_a_monstrous_size_is_cut() -> None:
    terminal = Terminal(2**31, 2**31)
    assert (terminal.columns, terminal.lines) == (2000, 1000)
    terminal.resize(0, -1)
    assert (terminal.columns, terminal.lines) == (1, 1)


@given(st.lists(streams | sizes, max_size=6))
def test_rows_say_what_they_show_however_often_they_were_asked_before(
    happenings: list[bytes | tuple[int, int]],
) -> None:
    asked, unasked = Terminal(9, 4), Terminal(9, 4)
    for each in happenings:
        for terminal in (asked, unasked):
            if isinstance(each, bytes):
                terminal.feed(each)
            else:
                terminal.resize(*each)
        asked.parts(0, 1, 3, asked.lines)
        assert asked.display == [asked.row(y) for y in range(asked.lines)]

    assert asked.display == unasked.display
    assert asked.hidden_display == unasked.hidden_display
    assert asked.parts(0, 1, 3, asked.lines) == unasked.parts(0, 1, 3, asked.lines)


def test_colours_behind_a_saved_cursor_do_not_pile_up() -> None:
    terminal = Terminal(20, 2)
    terminal.feed(b"\x1b[1;38;2;9;9;9m\x1b7")
    for number in range(20_000):
        terminal.feed(b"\x1b8\x1b[38;2;%d;%d;0m" % divmod(number, 256))
    terminal.feed(b"\x1b8")
    assert len(terminal._screen.pen.next) <= 4096


@pytest.mark.parametrize("before", ["\u6f22", "\u2500", "\x1b[4hx", "\x1b[?69h\x1b[2;90sx"])
def test_a_character_that_is_repeated_without_end_costs_little(before: str) -> None:
    terminal = Terminal(200, 50)
    start = time.process_time()
    terminal.feed((before + "\x1b[9999b").encode() * 2000)
    # It takes a tenth of this; a screenful each time, most of a minute.
    assert time.process_time() - start < 15
