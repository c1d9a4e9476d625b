"""`script` with timing: classic and multi-stream, whole and broken."""

from __future__ import annotations

import io

import pytest

from recorder.formats.events import Began, Ended, Sized, Typed, Wrote
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.script import ScriptStreams, parse_script
from recorder.formats.script_log import ScriptLog
from tests.recorder.formats.samples import (
    CLASSIC_OUT,
    CLASSIC_TIMING,
    STREAM_IN,
    STREAM_OUT,
    STREAM_TIMING,
    script,
    written,
)

STARTED = 1789984800.0


def test_classic_takes_its_size_from_the_first_line() -> None:
    events, flaws = script(CLASSIC_TIMING, CLASSIC_OUT)
    assert events == [
        Began(columns=100, lines=30, term="xterm", started=STARTED),
        Wrote(t=0.25, data=b"one\r\n"),
        Wrote(t=1.25, data=b"two\r\n"),
        Wrote(t=1.75, data=b"three\r\n"),
    ]
    assert flaws.lines() == []


def test_multi_stream_has_input_resizes_and_the_exit_status() -> None:
    events, flaws = script(STREAM_TIMING, STREAM_OUT, STREAM_IN)
    assert events == [
        Began(columns=100, lines=30, term="xterm", started=STARTED, command="bash"),
        Wrote(t=0.25, data=b"one\r\n"),
        Typed(t=0.5, data=b"q"),
        Sized(t=1.0, columns=90, lines=20),
        Wrote(t=2.0, data=b"two\r\n"),
        Ended(t=2.5, status="3"),
    ]
    assert flaws.lines() == []


def test_one_file_may_hold_both_streams() -> None:

    flaws = Flaws()
    log = ScriptLog(io.BytesIO(STREAM_OUT.replace(b"two", b"qtwo")), Complaints(flaws, "io"))
    streams = ScriptStreams(timing=io.BytesIO(STREAM_TIMING), output=log, input=log)
    events = list(parse_script(streams, Complaints(flaws, "timing")))
    assert written(events) == b"one\r\ntwo\r\n"
    assert Typed(t=0.5, data=b"q") in events
    assert flaws.lines() == []


def test_an_old_file_without_a_first_line_loses_nothing() -> None:
    events, _ = script(CLASSIC_TIMING, b"one\r\ntwo\r\nthree\r\n")
    assert written(events) == b"one\r\ntwo\r\nthree\r\n"


def test_a_first_line_in_another_language_is_known_by_its_brackets() -> None:
    events, _ = script(CLASSIC_TIMING, CLASSIC_OUT.replace(b"Script started on", b"Skript ab"))
    assert written(events) == b"one\r\ntwo\r\nthree\r\n"
    assert events[0] == Began(columns=100, lines=30, term="xterm")


def test_output_that_ends_early_is_named_and_the_rest_goes_on() -> None:
    events, flaws = script(STREAM_TIMING, STREAM_OUT[: STREAM_OUT.index(b"two") + 1], STREAM_IN)
    assert written(events) == b"one\r\nt"
    assert events[-1] == Ended(t=2.5, status="3")
    assert flaws.lines() == [
        f"out, byte {STREAM_OUT.index(b'two') + 1}: ends here, before the timing does"
    ]


def test_timing_that_ends_early_leaves_the_rest_for_the_end() -> None:
    events, flaws = script(b"0.25 5\n", CLASSIC_OUT)
    assert events[1:] == [
        Wrote(t=0.25, data=b"one\r\n"),
        Wrote(t=0.25, data=b"two\r\nthree\r\n"),
    ]
    assert flaws.lines() == ["out: the timing ends 12 bytes early: they come at the end"]


def test_input_whose_file_is_missing_is_told_once() -> None:
    events, flaws = script(STREAM_TIMING + b"I 0.1 1\nI 0.1 1\n", STREAM_OUT)
    assert written(events) == b"one\r\ntwo\r\n"
    assert flaws.lines() == ["timing, line 7: no file of the input is there: left out"]


@pytest.mark.parametrize(
    "line",
    [
        "garbage",
        "O x 5",
        "O 0.1",
        "O 0.1 -5",
        "O 0.1 " + "9" * 40,
        "X 0.1 5",
        "\0",
        "\x1b[2J",
    ],
)
def test_a_line_that_is_none_is_named(line: str) -> None:
    events, flaws = script(STREAM_TIMING + line.encode() + b"\n", STREAM_OUT, STREAM_IN)
    assert events == script(STREAM_TIMING, STREAM_OUT, STREAM_IN)[0]
    (told,) = flaws.lines()
    assert told.startswith("timing, line 12: not a line of timing")
    assert "\x1b" not in told


def test_absurd_numbers_of_bytes_take_what_is_there() -> None:
    events, flaws = script(b"0.5 999999999999999999\n", CLASSIC_OUT)
    assert written(events).startswith(b"one\r\ntwo\r\nthree\r\n")
    assert flaws.count == 1


@pytest.mark.parametrize("gap", ["-5.0", "1" + "0" * 300, "99999999999.5"])
def test_gaps_that_are_not_believed_count_as_none(gap: str) -> None:
    events, flaws = script(f"0.5 5\n{gap} 5\n0.5 7\n".encode(), CLASSIC_OUT)
    assert [event.t for event in events if isinstance(event, Wrote)] == [0.5, 0.5, 1.0]
    assert flaws.count == 1


def test_decimal_commas_are_read() -> None:
    events, _ = script(CLASSIC_TIMING.replace(b".", b","), CLASSIC_OUT)
    assert events == script(CLASSIC_TIMING, CLASSIC_OUT)[0]


@pytest.mark.parametrize("words", ["", "ROWS=20", "ROWS=0 COLS=5", "ROWS=-1 COLS=5"])
def test_a_resize_without_a_size_is_named(words: str) -> None:
    events, flaws = script(f"S 0.5 SIGWINCH {words}\n".encode(), STREAM_OUT, STREAM_IN)
    assert not any(isinstance(event, Sized) for event in events)
    assert "timing, line 1: a resize without a size: left out" in flaws.lines()
