"""Slices of a cast say what its reader says of the whole file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.index.file import UnusableIndexError
from analyzer.index.slices import CastSlices, Step, decode_steps
from recorder.recording.cast import CastHeader, encode_exact, encode_header
from recorder.recording.cast_file import CastFile
from recorder.recording.events import AnyEvent, Output, Resized
from recorder.recording.journal import ChannelOpened

OPENED = ChannelOpened(t=0, connection=1, channel=1, kind="shell", user="u", file="c.cast")

texts = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["80x24", "0x0", "99999999999x1", "•••", "\ufffd", "3", "\ud800"]),
    st.binary(max_size=6).map(encode_exact),
)
intervals = st.one_of(
    st.floats(),
    st.sampled_from([0, 1, -1, 0.25, 2e9, "1", "x", None, True, [], 1e9]),
)
events = st.tuples(intervals, st.sampled_from(["o", "i", "r", "x", "b", "s", "m", "", 5]), texts)
lines = st.one_of(
    events.map(lambda event: json.dumps(event).encode()),
    events.map(lambda event: json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")),
    st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"")),
    st.sampled_from([
        b"# a comment", b"", b"  ", b'"1ob"', b'{"1":0,"o":0,"b":0}', b'[1,"o","a"],[1,"o","b"]',
        b' [0.1,"o","blank before"]', b'[0.1,"o","blank after"] \r', b'[0.1,"o","a"]]', b"[" * 3000,
        b'\xef\xbb\xbf[0.1,"o","a mark before"]', b'[0.1,"o","\xed\xa0\x80"]',
        '[0.1,"o","utf-16"]'.encode("utf-16-le"), b'[0.1,"o","not \xff utf-8"]', b'[NaN,"o","x"]',
    ]),
)  # fmt: skip


def steps_of(event: AnyEvent) -> list[Step]:
    match event:
        case Output(data=data):
            return [data]
        case Resized(columns=columns, lines=rows):
            return [(columns, rows)]
        case _:
            return []


@given(found=st.lists(lines, max_size=20))
@example(found=[b'[0.1,"o","?"]', b'[0.1,"b","/w=="]', b'[0.1,"b","/g=="]'])
@example(found=[b'[0.1,"o","?"]', b'[0.1,"m","x"]', b'[0.1,"b","/w=="]'])
@example(found=[b'[0.1,"o","?"]', b'[0.1,"i","x"]', b'[0.1,"b","/w=="]'])
@settings(deadline=None, max_examples=400)
def test_any_slice_is_what_the_reader_makes_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, found: list[bytes]
) -> None:
    directory = tmp_path_factory.mktemp("c")
    header = encode_header(CastHeader(columns=80, lines=24))
    path = directory / "c.cast"
    path.write_bytes(header + b"".join(line + b"\n" for line in found))
    cast = CastFile(directory, OPENED)
    told: list[AnyEvent] = []
    while (event := cast.next([], None)) is not None:
        told.append(event)
    cast.lines.close()
    whole = path.read_bytes()
    slices = CastSlices(path)
    for number, first in enumerate(told):
        for after, last in enumerate([*told[number + 1 :], None], number + 1):
            end = len(whole) if last is None else last.place.offset
            expected = [step for event in told[number:after] for step in steps_of(event)]
            assert slices.steps(first.place.offset, end) == expected
    slices.close()


def test_a_cast_that_is_shorter_than_it_was_is_no_slice(tmp_path: Path) -> None:
    path = tmp_path / "c.cast"
    path.write_bytes(b'[0.1,"o","a"]\n')
    slices = CastSlices(path)
    assert slices.steps(0, 14) == [b"a"]
    assert slices.bytes_read == 14
    with pytest.raises(UnusableIndexError, match="shorter"):
        slices.steps(0, 15)
    with pytest.raises(UnusableIndexError):
        slices.steps(1 << 70, 1 << 71)
    assert slices.steps(14, 3) == []
    slices.close()
    with pytest.raises(UnusableIndexError):
        CastSlices(tmp_path / "none.cast")


def test_a_line_that_is_torn_is_no_step() -> None:
    assert decode_steps(b'[0.1,"o","a"]\n[0.1,"o","b') == [b"a"]
