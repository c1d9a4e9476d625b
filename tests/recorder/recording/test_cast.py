from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recorder.errors import RecordingError
from recorder.recording.cast import (
    CastDecoder,
    CastEncoder,
    CastEvent,
    CastHeader,
    Utf8Splitter,
    decode_exact,
    decode_header,
    encode_exact,
    encode_header,
    parse_size,
)

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
moments = st.lists(st.floats(0, 1e6), max_size=20).map(sorted)


@given(
    columns=st.integers(1, 500),
    lines=st.integers(1, 500),
    term=words,
    title=words,
    timestamp=st.none() | st.integers(0, 2**40),
)
def test_header_round_trip(
    columns: int, lines: int, term: str, title: str, timestamp: int | None
) -> None:
    header = CastHeader(
        columns=columns, lines=lines, term=term or None, title=title or None, timestamp=timestamp
    )
    assert decode_header(encode_header(header)) == header


@given(times=moments, data=st.data())
def test_events_round_trip_at_rising_times_to_the_microsecond(
    times: list[float], data: st.DataObject
) -> None:
    encoder, decoder = CastEncoder(), CastDecoder()
    for t in times:
        event = CastEvent(t=t, code=data.draw(st.sampled_from("oirxmbs")), data=data.draw(words))
        line = encoder.encode(event)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        back = decoder.decode(line)
        assert back is not None
        assert (back.code, back.data) == (event.code, event.data)
        assert back.t == pytest.approx(max(t, 1e-6), abs=1e-6)


def test_rounding_does_not_add_up_over_a_long_recording() -> None:
    encoder, decoder = CastEncoder(), CastDecoder()
    event = None
    for step in range(1, 20001):
        event = decoder.decode(encoder.encode(CastEvent(t=step / 3e4, code="o", data="")))
    assert event is not None
    assert event.t == pytest.approx(20000 / 3e4, abs=1e-6)


@given(line=st.binary(max_size=60))
def test_only_recording_errors_escape_from_any_line(line: bytes) -> None:
    for read in (decode_header, CastDecoder().decode):
        with suppress(RecordingError):
            read(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(value=json_values, cols=json_values, term=json_values)
def test_only_recording_errors_escape_from_any_json(
    value: object, cols: object, term: object
) -> None:
    tries = [
        value,
        [value, "o", "x"],
        [1, "o", value],
        {"version": 3, "term": value},
        {"version": 3, "term": {"cols": cols, "rows": 3, "type": term}, "timestamp": value},
    ]
    for each in tries:
        line = json.dumps(each).encode()
        try:
            header = decode_header(line)
            assert isinstance(header.columns, int)
            assert header.term is None or isinstance(header.term, str)
        except RecordingError:
            pass
        try:
            event = CastDecoder().decode(line)
            assert event is None or 0 <= event.t < 1e10
        except RecordingError:
            pass


@pytest.mark.parametrize(
    "line",
    [
        b"[1e999,'o','x']",
        b'[1e999,"o","x"]',
        b'[-1,"o","x"]',
        b'[NaN,"o","x"]',
        b'[1,"o"]',
        b"{}",
        b"[1" + b"0" * 400 + b',"o","x"]',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(RecordingError):
        CastDecoder().decode(line)


@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 300), max_size=8))
def test_any_bytes_cut_anywhere_come_back_exactly(data: bytes, cuts: list[int]) -> None:
    splitter, back = Utf8Splitter(), b""
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    parts = [data[a:b] for a, b in pairwise(places)] or [b""]
    for number, part in enumerate(parts):
        text, exact = splitter.feed(part, final=number == len(parts) - 1)
        back += text.encode() if exact is None else decode_exact(encode_exact(exact))
        if exact is not None:
            assert "\N{REPLACEMENT CHARACTER}" in text
    assert back == data


@given(text=words, cut=st.integers(0, 160))
def test_valid_utf8_never_needs_its_exact_bytes(text: str, cut: int) -> None:
    data = text.encode()
    splitter = Utf8Splitter()
    first, second = splitter.feed(data[:cut]), splitter.feed(data[cut:], final=True)
    assert first[1] is None
    assert second[1] is None
    assert first[0] + second[0] == text


def test_a_size_is_read_and_is_never_empty() -> None:
    assert parse_size("90x30") == (90, 30)
    assert parse_size("0x0") == (1, 1)


@given(columns=st.integers(1, 2**32 - 1), lines=st.integers(1, 2**32 - 1))
@example(columns=2**32 - 1, lines=2**32 - 1)
def test_any_size_that_ssh_can_carry_is_read(columns: int, lines: int) -> None:
    assert parse_size(f"{columns}x{lines}") == (columns, lines)


@pytest.mark.parametrize(
    "data", ["", "x", "90x", "x30", "90", "90x30x2", "-1x5", "9²x30", "9" * 5000 + "x1"]
)
def test_what_is_no_size_is_refused(data: str) -> None:
    with pytest.raises(RecordingError):
        parse_size(data)


@given(data=st.text(max_size=20))
def test_only_recording_errors_escape_from_exact_bytes(data: str) -> None:
    with suppress(RecordingError):
        decode_exact(data)


def test_an_interval_beyond_all_floats_is_refused() -> None:
    with pytest.raises(RecordingError):
        CastDecoder().decode(b"[1" + b"0" * 400 + b',"o","x"]')
