"""Small recordings in each foreign format, and what a parser makes of bytes."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable

from recorder.formats.asciicast import parse_asciicast
from recorder.formats.asciicast1 import parse_asciicast1
from recorder.formats.events import Foreign, Wrote
from recorder.formats.flaws import Complaints, Flaws
from recorder.formats.script import ScriptStreams, parse_script
from recorder.formats.script_log import ScriptLog
from recorder.formats.ttyrec import HEADER, parse_ttyrec

Parsed = tuple[list[Foreign], Flaws]

V2 = b"""{"version":2,"width":100,"height":30,"timestamp":1790000000,"env":{"TERM":"xterm"}}
[0.25, "o", "one\\r\\n"]
[0.5, "i", "x"]
[1.0, "r", "90x20"]
[1.5, "m", "here"]
[2.0, "o", "two \\u00e4\\r\\n"]
"""
V3 = b"""# a comment
{"version": 3, "term": {"cols": 100, "rows": 30, "type": "xterm"}, "timestamp": 1790000000}
[0.25, "o", "one\\r\\n"]
[0.25, "i", "x"]
# another
[0.5, "r", "90x20"]
[0.5, "m", "here"]
[0.5, "o", "two \\u00e4\\r\\n"]
[0.1, "x", "3"]
"""
V1 = json.dumps(
    {
        "version": 1,
        "width": 100,
        "height": 30,
        "duration": 2.0,
        "command": "/bin/bash",
        "title": "",
        "env": {"TERM": "xterm"},
        "stdout": [[0.25, "one\r\n"], [0.75, "two ä\r\n"], [1.0, "three\r\n"]],
    }
).encode()
TTYREC = b"".join(
    HEADER.pack(1790000000 + n, 250000, len(text)) + text
    for n, text in enumerate([b"one\r\n", b"two\r\n", b"\xff\x00three\r\n"])
)
CLASSIC_TIMING = b"0.250000 5\n1.000000 5\n0.500000 7\n"
CLASSIC_OUT = (
    b'Script started on 2026-09-21 10:00:00+00:00 [TERM="xterm" TTY="/dev/pts/1" COLUMNS="100"'
    b' LINES="30"]\n'
    b"one\r\ntwo\r\nthree\r\n"
    b'\nScript done on 2026-09-21 10:00:02+00:00 [COMMAND_EXIT_CODE="0"]\n'
)
STREAM_TIMING = b"""H 0.000000 START_TIME 2026-09-21 10:00:00+00:00
H 0.000000 TERM xterm
H 0.000000 COLUMNS 100
H 0.000000 LINES 30
H 0.000000 COMMAND bash
O 0.250000 5
I 0.250000 1
S 0.500000 SIGWINCH ROWS=20 COLS=90
O 1.000000 5
H 0.000000 DURATION 2.500000
H 0.000000 EXIT_CODE 3
"""
STREAM_OUT = CLASSIC_OUT.replace(b"three\r\n", b"")
STREAM_IN = b"Script started on x\nq\nScript done on x\n"


def v1(data: bytes) -> Parsed:
    return _parsed(lambda c: list(parse_asciicast1(io.BytesIO(data), c)))


def v2(data: bytes) -> Parsed:
    return _parsed(lambda c: list(parse_asciicast(io.BytesIO(data), c, version=2)))


def v3(data: bytes) -> Parsed:
    return _parsed(lambda c: list(parse_asciicast(io.BytesIO(data), c, version=3)))


def ttyrec(data: bytes) -> Parsed:
    return _parsed(lambda c: list(parse_ttyrec(io.BytesIO(data), c)))


def script(timing: bytes, out: bytes | None, typed: bytes | None = None) -> Parsed:
    flaws = Flaws()
    output = None if out is None else ScriptLog(io.BytesIO(out), Complaints(flaws, "out"))
    source = None if typed is None else ScriptLog(io.BytesIO(typed), Complaints(flaws, "in"))
    streams = ScriptStreams(timing=io.BytesIO(timing), output=output, input=source)
    return list(parse_script(streams, Complaints(flaws, "timing"))), flaws


def _parsed(parse: Callable[[Complaints], list[Foreign]]) -> Parsed:
    flaws = Flaws()
    return parse(Complaints(flaws, "file")), flaws


def written(events: list[Foreign]) -> bytes:
    """Return all output of a recording, joined."""
    return b"".join(event.data for event in events if isinstance(event, Wrote))


def exact(data: bytes) -> str:
    return base64.b64encode(data).decode()
