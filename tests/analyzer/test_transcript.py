from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.erasures import cut_at_erasures
from analyzer.transcript import Seen, SeenLine, SeenView, Transcript, Unseen

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
LINES = st.lists(
    st.text("ab\u6f22\u00e9", max_size=30) | st.text("ab ", max_size=70).map(str.rstrip),
    max_size=40,
)
PIECES = st.sampled_from(
    [
        b"one\r\n", b"\r\ntwo", b"\x1b[2J", b"\x1b[H\x1b[J", ENTER, LEAVE, b"\x1bc", b"\x1b[3A",
        b"\xff", b"\x1b[999S", b"\x1b[?47h", b"\x1b[?1047;25l", b"x" * 70, b"\x1b]0;t", b"\x07",
        b"\x1b[", b"\x18", "\u6f22".encode() * 25,
    ]
)  # fmt: skip


def seen(*events: bytes | tuple[int, int], size: tuple[int, int] = (20, 5)) -> list[Seen]:
    """Return what is seen of output, or of resizes, each a second after the other."""
    transcript, found = Transcript(*size), list[Seen]()
    for t, event in enumerate(events):
        if isinstance(event, bytes):
            found += transcript.output(t, event)
        else:
            found += transcript.resize(t, *event)
    return [*found, *transcript.finish(len(events))]


def texts(found: list[Seen]) -> list[str]:
    return [each.text for each in found if isinstance(each, SeenLine)]


@given(LINES)
def test_lines_come_once_in_order_however_many_scroll_off(lines: list[str]) -> None:
    wanted = lines[: max((n + 1 for n, line in enumerate(lines) if line), default=0)]
    assert texts(seen(b"".join(f"{line}\r\n".encode() for line in lines)))[: len(wanted)] == wanted


@given(st.lists(PIECES, max_size=30), st.data())
def test_chunking_changes_nothing_but_times(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    transcript, found = Transcript(20, 5), list[Seen]()
    for part in parts:
        found += transcript.output(0.0, part)
    found += transcript.finish(0.0)
    transcript = Transcript(20, 5)
    assert found == [*transcript.output(0.0, whole), *transcript.finish(0.0)]


@given(st.binary(max_size=300), st.integers(1, 30), st.integers(1, 10))
def test_no_bytes_make_it_raise(data: bytes, columns: int, lines: int) -> None:
    for each in seen(data, (columns, lines), data[::-1], (200, 3), data):
        if isinstance(each, SeenLine):
            assert "\n" not in each.text


def test_a_long_line_is_one_line_wherever_it_was_broken() -> None:
    text = "x" * 47 + "\u6f22" * 30 + "end"
    assert texts(seen(f"{text}\r\nnext\r\n".encode())) == [text, "next"]


def test_what_is_rewritten_in_place_comes_as_it_last_stood() -> None:
    assert texts(seen(b"10%\r", b"55%\r", b"100%\r\ndone")) == ["100%", "done"]


def test_an_erased_screen_is_not_lost() -> None:
    found = seen(b"$ clear\r\n", b"\x1b[H\x1b[2J\x1b[3J", b"$ ls\r\nfile\r\n", b"\x1b[H\x1b[J$ ")
    assert texts(found) == ["$ clear", "$ ls", "file", "$"]


def test_erasing_below_the_cursor_is_editing() -> None:
    assert texts(seen(b"$ ls\r\nmenu\x1b[A\r\x1b[4C", b"\x1b[J", b" -l\r\n")) == ["$ ls -l"]


@pytest.mark.parametrize(
    "leave", [LEAVE, b"\x1b[?47l", b"\x1b[?25;1049l", b"\x1b[?10\x0049l", b"\x1bc"]
)
def test_a_full_screen_program_leaves_its_last_view(leave: bytes) -> None:
    found = seen(b"$ vi\r\n", ENTER + b"\x1b[Htext\r\n~", b"\x1b[5;1H:wq", leave + b"$ ")
    assert found[:2] == [SeenLine(0.0, "$ vi"), SeenView(1.0, 3.0, ("text", "~", "", "", ":wq"))]
    assert [text.strip() for text in texts(found)[1:] if text] == ["$"]


def test_the_view_is_the_one_that_stood_and_not_the_way_out() -> None:
    view = ("top line", "", "", "", "last")
    start = ENTER + b"\x1b[Htop line\x1b[5;1Hlast"
    assert seen(b"", start, b"\r\r\n" + LEAVE) == [SeenView(1.0, 2.0, view)]
    assert seen(b"", start, b"\x1b[H\x1b[2J" + LEAVE) == [SeenView(1.0, 2.0, view)]
    assert seen(b"", start + b"\x1b[H\x1b[2J" + LEAVE) == [SeenView(1.0, 1.0, view)]


def test_lines_before_a_full_screen_program_come_before_it_and_not_again() -> None:
    found = seen(b"a\r\nb\r\n", ENTER + b"view", LEAVE, b"c\r\n" * 9)
    assert [each.text if isinstance(each, SeenLine) else "VIEW" for each in found] == [
        "a", "b", "VIEW", *"ccccccccc",
    ]  # fmt: skip


def test_a_program_that_never_leaves_is_seen_after_what_was_before_it() -> None:
    assert seen(b"a\r\n", ENTER + b"\x1b[Hview") == [
        SeenLine(0.0, "a"),
        SeenView(1.0, 2.0, ("view",)),
    ]


def test_a_resize_loses_no_line() -> None:
    rows = [f"line {n}" for n in range(12)]
    found = texts(seen("\r\n".join(rows).encode(), (20, 3), (12, 9), b"\r\nmore"))
    assert [row for row in rows if row not in found] == []
    assert found[-1] == "more"


def test_times_are_when_a_line_was_last_reached() -> None:
    found = seen(b"$ l", b"s\r\n", b"file\r\n", b"\r\n" * 9)
    assert found[:2] == [SeenLine(1, "$ ls"), SeenLine(2, "file")]


def test_lines_that_nobody_could_see_are_counted() -> None:
    found = seen(b"\x1b[999S" * 2000, size=(10, 50))
    assert any(isinstance(each, Unseen) for each in found)
    kept = sum(each.count if isinstance(each, Unseen) else 1 for each in found)
    assert kept == 2000 * 50


@given(st.lists(PIECES | st.binary(max_size=9), max_size=20).map(b"".join))
def test_cut_output_is_the_same_output(data: bytes) -> None:
    pieces = list(cut_at_erasures(data))
    assert b"".join(piece for piece, _ in pieces) == data
    assert all(piece for piece, _ in pieces)
