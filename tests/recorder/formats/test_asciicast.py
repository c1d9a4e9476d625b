"""asciicast v2 and v3, whole and broken."""

from __future__ import annotations

import json

import pytest

from recorder.formats.events import Began, Ended, Marked, Sized, Typed, Wrote
from recorder.formats.source import MOST_LINE
from tests.recorder.formats.samples import V2, V3, Parsed, exact, v2, v3, written

BEGAN = Began(columns=100, lines=30, term="xterm", started=1790000000.0)
EVENTS = [
    Wrote(t=0.25, data=b"one\r\n"),
    Typed(t=0.5, data=b"x"),
    Sized(t=1.0, columns=90, lines=20),
    Marked(t=1.5, label="here"),
    Wrote(t=2.0, data="two ä\r\n".encode()),
]


def _with(*lines: str) -> bytes:
    return b"\n".join([V2.split(b"\n")[0], *(line.encode() for line in lines), b""])


def test_v2_counts_from_the_start() -> None:
    events, flaws = v2(V2)
    assert events == [BEGAN, *EVENTS]
    assert flaws.lines() == []


def test_v3_counts_from_the_event_before_and_passes_over_comments() -> None:
    events, flaws = v3(V3)
    assert events == [BEGAN, *EVENTS, Ended(t=2.1, status="3")]
    assert flaws.lines() == []


def test_exact_bytes_of_jumpseat_take_the_place_of_replacements() -> None:
    events, flaws = v3(V3 + f'[1,"o","a\ufffd"]\n[0,"b","{exact(b"a" + bytes([255]))}"]\n'.encode())
    assert events[-1] == Wrote(t=3.1, data=b"a\xff")
    assert flaws.lines() == []


def test_exact_bytes_without_such_an_event_are_told() -> None:
    events, flaws = v3(V3 + f'[1,"o","ab"]\n[0,"b","{exact(b"xy")}"]\n'.encode())
    assert events[-1] == Wrote(t=3.1, data=b"ab")
    assert flaws.lines() == ["file, line 11: exact bytes without an event: left out"]


def test_bytes_that_are_not_utf8_come_through_exactly() -> None:
    events, _ = v2(_with("[1, 'o', 'x']".replace("'", '"')).replace(b'"x"', b'"\xff\xfe"'))
    assert events[1] == Wrote(t=1.0, data=b"\xff\xfe")


def test_halves_of_surrogate_pairs_show_as_replacements() -> None:
    events, _ = v2(_with(r'[1, "o", "a\ud800b"]', r'[1, "m", "\udfff"]'))
    assert events[1] == Wrote(t=1.0, data="a\ufffdb".encode())
    assert events[2] == Marked(t=1.0, label="\ufffd")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[1, 2", "not an event (not JSON)"),
        ('{"a": 1}', "not an event (not a list"),
        ('[1, "o"]', "not an event (not a list"),
        ('["1", "o", "x"]', "the time is not a number"),
        ('[true, "o", "x"]', "the time is not a number"),
        ('[1, "o", 5]', "code and data are not strings"),
        ("[" * 100_000, "not an event (too deep)"),
        ("9" * 5000, "not an event (not JSON)"),
        ('[1, "r", "90"]', "'90' is not a size"),
        ('[1, "r", "0x20"]', "'0x20' is not a size"),
        ('[1, "z", "?"]', "events of code 'z' mean nothing here"),
        ('[1, "o", "a\0"]', "not an event (not JSON)"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_kept(line: str, words: str) -> None:
    events, flaws = v2(_with('[0.5, "o", "a"]', line, '[1, "o", "b"]'))
    assert written(events) == b"ab"
    (told,) = flaws.lines()
    assert told.startswith("file, line 3: ")
    assert words in told


def _times(parsed: Parsed) -> list[float]:
    return [event.t for event in parsed[0] if not isinstance(event, Began)]


@pytest.mark.parametrize("time", ["-1", "NaN", "Infinity", "-Infinity", "1e30", "9" * 400])
def test_impossible_times_count_as_none(time: str) -> None:
    relative = v3(_with('[0.5,"o","a"]', f'[{time},"o","b"]', '[0.5,"o","c"]'))
    absolute = v2(_with('[0.5,"o","a"]', f'[{time},"o","b"]', '[1.0,"o","c"]'))
    for parsed in (relative, absolute):
        times = _times(parsed)
        assert times == sorted(times)
        assert times[-1] <= 2
        assert parsed[1].count >= 1


def test_times_that_go_back_stay_where_they_were() -> None:
    parsed = v2(_with('[5,"o","a"]', '[2,"o","b"]', '[6,"o","c"]'))
    assert _times(parsed) == [5, 5, 6]
    assert "goes back by 3 s" in parsed[1].lines()[0]


def test_behind_a_gap_of_years_the_file_s_seconds_count_on() -> None:
    parsed = v2(_with('[5,"o","a"]', '[1e12,"o","b"]', '[1000000000003,"o","c"]'))
    assert _times(parsed) == [5, 5, 8]


def test_a_night_that_was_slept_through_is_kept() -> None:
    parsed = v2(_with('[5,"o","a"]', '[40000,"o","b"]'))
    assert _times(parsed) == [5, 40000]
    assert parsed[1].count == 0


@pytest.mark.parametrize("size", ["1e300", "1" + "0" * 400, "99999999"])
def test_absurd_sizes_are_cut(size: str) -> None:
    events, _ = v2(b'{"version":2,"width":%s,"height":30}\n' % size.encode())
    assert events == [Began(columns=65535, lines=30)]


@pytest.mark.parametrize("size", ["0", "-5", "NaN", '"80"', "null", "true", "[]"])
def test_a_header_without_a_size_is_told(size: str) -> None:
    events, flaws = v2(b'{"version":2,"width":%s,"height":30}\n' % size.encode())
    assert events == [Began(lines=30)]
    assert flaws.lines() == ["file, line 1: the header tells no size of the terminal"]


def test_a_lost_header_loses_nothing_else() -> None:
    events, flaws = v2(b'[1, "o", "a"]\n[2, "o", "b"]\n')
    assert events == [Began(), Wrote(t=1.0, data=b"a"), Wrote(t=2.0, data=b"b")]
    assert flaws.lines() == ["file, line 1: the header is missing"]


def test_a_line_without_end_is_passed_over() -> None:
    long = json.dumps([1.5, "o", "x" * (MOST_LINE + 10)])
    events, flaws = v2(_with('[1,"o","a"]', long, '[2,"o","b"]'))
    assert written(events) == b"ab"
    assert flaws.lines() == ["file, line 3: longer than 16 MiB: left out"]


def test_flaws_are_told_one_by_one_only_so_far() -> None:
    _, flaws = v2(_with(*["?"] * 500))
    assert len(flaws.lines()) == 11
    assert flaws.lines()[-1] == "and 490 more that could not be read"
    assert len(flaws.found) == 10
