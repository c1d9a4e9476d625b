from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.casts import NOTE, copy_cast, to_v2, to_v3
from recorder.errors import RecordingError
from recorder.recording.cast import CastEncoder, CastEvent, CastHeader, encode_header
from tests.support.asciinema import run_asciinema

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
HEADER = CastHeader(columns=100, lines=30, term="xterm-256color", timestamp=1700000000, title="t")


def cast(events: list[tuple[float, str, str]]) -> list[bytes]:
    encoder = CastEncoder()
    lines = [encode_header(HEADER)]
    for t, code, data in events:
        lines.append(encoder.encode(CastEvent(t=t, code=code, data=data)))  # type: ignore[arg-type]
    return lines


def told(lines: list[bytes]) -> list[Any]:
    return [json.loads(line) for line in to_v2(copy_cast(lines))]


def in_v3(lines: list[bytes], title: str | None = None) -> list[Any]:
    header, note, *rest = to_v3(copy_cast(lines, title))
    assert note == f"# {NOTE}\n".encode()
    return [json.loads(header), *map(json.loads, rest)]


def test_the_header_tells_the_size_in_version_2_words() -> None:
    assert told(cast([])) == [
        {
            "version": 2,
            "width": 100,
            "height": 30,
            "timestamp": 1700000000,
            "title": "t",
            "env": {"TERM": "xterm-256color"},
        }
    ]


@given(
    times=st.lists(st.floats(0, 1e5), max_size=12).map(sorted),
    data=st.data(),
)
def test_kept_events_come_with_absolute_times(times: list[float], data: st.DataObject) -> None:
    events = [(t, data.draw(st.sampled_from("oiqxmbs")), data.draw(words)) for t in times]
    kept = told(cast(events))[1:]
    assert [each[1:] for each in kept] == [[c, d] for _, c, d in events if c in "oim"]
    for each, t in zip(kept, [t for t, c, _ in events if c in "oim"], strict=True):
        assert each[0] == pytest.approx(max(t, 1e-6), abs=1e-6)
    assert all(a[0] <= b[0] for a, b in pairwise(kept))


@given(cut=st.integers(1, 40))
def test_a_torn_last_line_is_left_out(cut: int) -> None:
    lines = cast([(1, "o", "whole"), (2, "o", "torn " * 10)])
    lines[-1] = lines[-1][:-cut]
    kept = told(lines)
    assert kept[1][1:] == ["o", "whole"]
    assert len(kept) == (3 if cut == 1 else 2)


def test_text_that_utf8_cannot_hold_is_still_written() -> None:
    lines = [*cast([]), b'[1,"o","a\\ud800b"]\n']
    assert told(lines)[1] == [1.0, "o", "a?b"]
    assert in_v3(lines)[1] == [1.0, "o", "a?b"]


@given(times=st.lists(st.floats(0, 1e5), max_size=12).map(sorted), data=st.data())
def test_version_3_keeps_times_and_all_codes_that_are_known(
    times: list[float], data: st.DataObject
) -> None:
    events = [(t, data.draw(st.sampled_from("oiqxmbs")), data.draw(words)) for t in times]
    copied = in_v3(cast(events))[1:]
    assert [each[1:] for each in copied] == [[c, d] for _, c, d in events if c != "q"]
    elapsed = 0.0
    for each, t in zip(copied, [t for t, c, _ in events if c != "q"], strict=True):
        elapsed += each[0]
        assert elapsed == pytest.approx(max(t, 1e-6), abs=2e-6)


@pytest.mark.parametrize("copy", [told, in_v3])
def test_sizes_that_would_break_a_player_are_cut(copy: Callable[[list[bytes]], list[Any]]) -> None:
    header = encode_header(CastHeader(columns=10**9, lines=10**9))
    lines = [header, b'[1,"r","4294967295x4294967295"]\n', b'[1,"r","wide"]\n', b'[1,"r","9x8"]\n']
    first, *resizes = copy(lines)
    size = first.get("term") or {"cols": first["width"], "rows": first["height"]}
    assert (size["cols"], size["rows"]) == (2000, 1000)
    assert [each[2] for each in resizes] == ["2000x1000", "9x8"]


def test_a_title_names_the_copy() -> None:
    assert in_v3(cast([]), "a \ud800 copy")[0]["title"] == "a ? copy"
    assert in_v3(cast([]))[0]["title"] == "t"


@given(st.binary(max_size=200))
def test_nothing_but_a_recording_error_comes_of_garbage(data: bytes) -> None:
    lines = [encode_header(HEADER), *data.splitlines(keepends=True)]
    assert told(lines)[0]["version"] == 2
    assert in_v3(lines)[0]["version"] == 3
    with pytest.raises(RecordingError):
        copy_cast(data.splitlines(keepends=True))


def test_what_is_no_cast_is_refused() -> None:
    with pytest.raises(RecordingError):
        copy_cast([])
    with pytest.raises(RecordingError):
        copy_cast([b'{"version": 2, "width": 80, "height": 24}\n'])


@pytest.mark.end_to_end
@pytest.mark.parametrize("verb", ["cat", "play"])
def test_stock_asciinema_prints_what_was_sent(tmp_path: Path, verb: str) -> None:
    sent = "\x1b[1;31mcolour\x1b[0m caf\u00e9 \u6f22\u5b57\r\n"
    sent += "\x1b]0;title\x07$ ls\x08\x1b[K\t\x00end\r\n"
    events = [(0.01 * n, "o", character) for n, character in enumerate(sent)]
    events[10:10] = [(0.1, "i", "ls\r"), (0.1, "r", "90x20"), (0.1, "s", "4"), (0.1, "b", "AAA=")]
    source, target = tmp_path / "ours.cast", tmp_path / "v2.cast"
    source.write_bytes(b"".join(cast(events)))
    with source.open("rb") as lines, target.open("wb") as out:
        out.writelines(to_v2(copy_cast(lines)))
    options = ["-s", "1000"] if verb == "play" else []
    assert run_asciinema(tmp_path, verb, *options, str(target)) == sent.encode()
