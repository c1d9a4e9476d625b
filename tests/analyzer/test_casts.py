from __future__ import annotations

import fcntl
import json
import os
import pty
import shutil
import subprocess
import termios
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.casts import to_v2, write_v2
from recorder.errors import RecordingError
from recorder.recording.cast import CastEncoder, CastEvent, CastHeader, encode_header

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
HEADER = CastHeader(columns=100, lines=30, term="xterm-256color", timestamp=1700000000, title="t")


def cast(events: list[tuple[float, str, str]]) -> list[bytes]:
    encoder = CastEncoder()
    lines = [encode_header(HEADER)]
    for t, code, data in events:
        lines.append(encoder.encode(CastEvent(t=t, code=code, data=data)))  # type: ignore[arg-type]
    return lines


def told(lines: list[bytes]) -> list[Any]:
    return [json.loads(line) for line in to_v2(lines)]


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
    events = [(t, data.draw(st.sampled_from("oirxmbs")), data.draw(words)) for t in times]
    kept = told(cast(events))[1:]
    assert [each[1:] for each in kept] == [[c, d] for _, c, d in events if c in "oir"]
    for each, t in zip(kept, [t for t, c, _ in events if c in "oir"], strict=True):
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


def test_what_is_no_cast_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        list(to_v2([]))
    with pytest.raises(RecordingError):
        list(to_v2([b'{"version": 2, "width": 80, "height": 24}\n']))
    with pytest.raises(RecordingError, match="cannot convert"):
        write_v2(tmp_path / "none.cast", BytesIO())


@pytest.mark.end_to_end
@pytest.mark.parametrize("verb", ["cat", "play"])
def test_stock_asciinema_prints_what_was_sent(tmp_path: Path, verb: str) -> None:
    asciinema = shutil.which("asciinema")
    if asciinema is None:
        pytest.skip("asciinema is not installed")
    sent = "\x1b[1;31mcolour\x1b[0m caf\u00e9 \u6f22\u5b57\r\n"
    sent += "\x1b]0;title\x07$ ls\x08\x1b[K\t\x00end\r\n"
    events = [(0.01 * n, "o", character) for n, character in enumerate(sent)]
    events[10:10] = [(0.1, "i", "ls\r"), (0.1, "r", "90x20"), (0.1, "s", "4"), (0.1, "b", "AAA=")]
    source, target = tmp_path / "ours.cast", tmp_path / "v2.cast"
    source.write_bytes(b"".join(cast(events)))
    with target.open("wb") as out:
        write_v2(source, out)
    options = ["-s", "1000"] if verb == "play" else []
    keyboard, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [asciinema, verb, *options, str(target)],
            capture_output=True,
            timeout=60,
            check=False,
            stdin=terminal,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            # `asciinema cat` insists on a controlling terminal.
            preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert done.returncode == 0, done.stderr
    assert done.stdout == sent.encode()
