"""ttyrec, whole and broken."""

from __future__ import annotations

from recorder.formats.events import Began, Wrote
from recorder.formats.ttyrec import HEADER, MOST_FRAME, looks_like
from tests.recorder.formats.samples import TTYREC, ttyrec, written


def _frame(seconds: int, data: bytes, micro: int = 0) -> bytes:
    return HEADER.pack(seconds, micro, len(data)) + data


def test_frames_come_at_their_times() -> None:
    events, flaws = ttyrec(TTYREC)
    assert events == [
        Began(started=1790000000.25),
        Wrote(t=0.0, data=b"one\r\n"),
        Wrote(t=1.0, data=b"two\r\n"),
        Wrote(t=2.0, data=b"\xff\x00three\r\n"),
    ]
    assert flaws.lines() == []


def test_the_size_that_termrec_writes_is_taken() -> None:
    events, _ = ttyrec(_frame(5, b"\x1b%G\x1b[8;30;100t") + _frame(6, b"x"))
    assert events[0] == Began(columns=100, lines=30, started=5.0)


def test_a_broken_frame_is_passed_over() -> None:
    broken = TTYREC[:17] + HEADER.pack(1, 0xFFFFFFFF, 0xFFFFFFFF) + b"junk" + TTYREC[17:]
    events, flaws = ttyrec(broken)
    assert written(events) == written(ttyrec(TTYREC)[0])
    assert flaws.lines() == ["file, byte 17: not a frame: 16 bytes left out"]


def test_a_broken_beginning_is_passed_over() -> None:
    events, flaws = ttyrec(b"\xff" * 30 + TTYREC)
    assert written(events).endswith(b"three\r\n")
    assert b"two" in written(events)
    assert flaws.count >= 1


def test_frames_that_are_cut_off_keep_what_is_there() -> None:
    events, flaws = ttyrec(TTYREC[:-3])
    assert written(events) == b"one\r\ntwo\r\n\xff\x00thre"
    (told,) = flaws.lines()
    assert told == f"file, byte {len(TTYREC) - 3}: cut off: 3 of 9 bytes of a frame are missing"


def test_a_header_that_is_cut_off_is_named() -> None:
    events, flaws = ttyrec(TTYREC + b"\0\0\0")
    assert events == ttyrec(TTYREC)[0]
    assert flaws.lines() == [f"file, byte {len(TTYREC)}: cut off within a header: left out"]


def test_nothing_but_garbage_ends_soon() -> None:
    events, flaws = ttyrec(b"\xff" * 3_000_000)
    assert written(events) == b""
    assert "the rest is left out" in flaws.lines()[0]


def test_many_broken_places_end_soon() -> None:
    broken = HEADER.pack(1790000000, 0xFFFFFFFF, 5) + b"?????"
    events, flaws = ttyrec((broken + TTYREC) * 3000)
    assert written(events).startswith(b"one")
    assert len(flaws.lines()) == 11


def test_a_clock_that_was_put_back_keeps_the_order() -> None:
    events, flaws = ttyrec(_frame(100, b"a") + _frame(50, b"b") + _frame(101, b"c"))
    assert [event.t for event in events if isinstance(event, Wrote)] == [0, 0, 1]
    assert "goes back by 50 s" in flaws.lines()[0]


def test_text_and_noughts_do_not_look_like_one() -> None:
    assert looks_like(TTYREC)
    assert not looks_like(b"#!/bin/sh\necho this is no recording\n" * 10)
    assert not looks_like(b"\0" * 100)
    assert not looks_like(HEADER.pack(1, 1, MOST_FRAME + 1))
    assert not looks_like(b"")
