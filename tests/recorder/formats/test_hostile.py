"""No bytes whatever make a parser raise, and what stands before a broken place is kept."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.formats.detect import sniff
from recorder.formats.events import Began, Foreign, Sized, Typed, Wrote
from tests.recorder.formats.samples import (
    CLASSIC_OUT,
    CLASSIC_TIMING,
    STREAM_IN,
    STREAM_OUT,
    STREAM_TIMING,
    TTYREC,
    V1,
    V2,
    V3,
    Parsed,
    script,
    ttyrec,
    v1,
    v2,
    v3,
    written,
)

Parse = Callable[[bytes], Parsed]


def _timing(data: bytes) -> Parsed:
    return script(data, STREAM_OUT, STREAM_IN)


def _classic(data: bytes) -> Parsed:
    return script(data, CLASSIC_OUT)


def _out(data: bytes) -> Parsed:
    return script(STREAM_TIMING, data, STREAM_IN)


def _typed(data: bytes) -> Parsed:
    return script(STREAM_TIMING, STREAM_OUT, data)


FORMATS: dict[str, tuple[Parse, bytes]] = {
    "v1": (v1, V1),
    "v2": (v2, V2),
    "v3": (v3, V3),
    "ttyrec": (ttyrec, TTYREC),
    "classic": (_classic, CLASSIC_TIMING),
    "timing": (_timing, STREAM_TIMING),
    "out": (_out, STREAM_OUT),
    "in": (_typed, STREAM_IN),
}
every_format = pytest.mark.parametrize("name", FORMATS)


def _check(parsed: Parsed) -> None:
    """A parser's promise: one `Began` first, times that never go back, sizes that can be."""
    events, flaws = parsed
    later = [event for event in events if not isinstance(event, Began)]
    assert [event for event in events[1:] if isinstance(event, Began)] == []
    assert not events or isinstance(events[0], Began)
    times = [event.t for event in later]
    assert times == sorted(times)
    assert all(isfinite(t) and t >= 0 for t in times)
    for event in later:
        if isinstance(event, Sized):
            assert 1 <= event.columns <= 65535
            assert 1 <= event.lines <= 65535
    assert len(flaws.lines()) <= 11


@every_format
@given(data=st.binary(max_size=400))
def test_random_bytes(name: str, data: bytes) -> None:
    _check(FORMATS[name][0](data))
    sniff(data)


@every_format
@given(data=st.data())
def test_real_files_with_broken_places(name: str, data: st.DataObject) -> None:
    parse, whole = FORMATS[name]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        cut = data.draw(st.integers(0, 12))
        whole = whole[:at] + data.draw(st.binary(max_size=12)) + whole[at + cut :]
    _check(parse(whole))
    sniff(whole)


@every_format
def test_cut_off_at_any_byte_the_prefix_is_kept(name: str) -> None:
    parse, whole = FORMATS[name]
    shown, typed = written(parse(whole)[0]), _keys(parse(whole)[0])
    longest = 0
    for end in range(len(whole) + 1):
        parsed = parse(whole[:end])
        _check(parsed)
        now = written(parsed[0]).removesuffix(_tail(whole[:end]))
        assert shown.startswith(now) or now.startswith(shown)
        assert typed.startswith(_keys(parsed[0])[: len(typed)])
        # What was whole once is never lost again.
        assert len(now) >= longest
        longest = max(longest, len(now) if name in {"v1", "v2", "v3", "ttyrec"} else 0)
    assert written(parse(whole)[0]) == shown


def _tail(data: bytes) -> bytes:
    """Return the beginning of a line of `script`'s own that was cut off: nobody can know it."""
    return data[data.rindex(b"\nScript") :] if b"\nScript" in data else b""


def _keys(events: list[Foreign]) -> bytes:
    return b"".join(event.data for event in events if isinstance(event, Typed))


@pytest.mark.parametrize("name", ["v2", "v3"])
def test_each_whole_line_before_a_cut_is_an_event(name: str) -> None:
    parse, whole = FORMATS[name]
    every = parse(whole)[0]
    for end in range(len(whole)):
        events = parse(whole[:end])[0]
        whole_lines = parse(whole[: whole[:end].rfind(b"\n") + 1])[0]
        assert every[: len(whole_lines)] == whole_lines
        assert events[: len(whole_lines)] == whole_lines


@given(data=st.binary(max_size=300), size=st.integers(1, 7))
def test_pieces_of_any_size_make_the_same_lines(data: bytes, size: int) -> None:
    from recorder.formats.flaws import Complaints, Flaws  # noqa: PLC0415 - nothing else needs it
    from recorder.formats.source import Lines  # noqa: PLC0415

    class Slow:
        def __init__(self) -> None:
            self.at = 0

        def read(self, _most: int) -> bytes:
            self.at += size
            return data[self.at - size : self.at]

    lines = [line for _, line in Lines(Slow(), Complaints(Flaws(), "file"))]
    whole = data.split(b"\n")
    assert lines == (whole if whole[-1] else whole[:-1])


def test_the_samples_are_known_by_what_they_hold() -> None:
    assert [sniff(data) for data in (V1, V2, V3, TTYREC, CLASSIC_TIMING, STREAM_TIMING)] == [
        "asciicast v1", "asciicast v2", "asciicast v3", "ttyrec", "script", "script",
    ]  # fmt: skip
    assert sniff(CLASSIC_OUT) == "script"
    assert written(v2(V2)[0]) == b"".join(
        event.data for event in v3(V3)[0] if isinstance(event, Wrote)
    )
