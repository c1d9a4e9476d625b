"""The newest screen of a terminal whose output comes faster than it can be drawn, by its end alone.

What lies between is not drawn: the screen is what the last output makes of the terminal as it last
was. That is exact for what scrolls; where something far back changed how the rest is drawn, it is
not, until `analyzer.track` has caught up. Reads only.
"""

from __future__ import annotations

from pathlib import Path

from analyzer.cells import Frame
from analyzer.terminal import Terminal
from recorder.errors import RecordingError
from recorder.recording.cast import CastDecoder, parse_size

SKIM_FROM = 512 * 1024
"""Bytes that wait to be drawn from which only the end is."""

TAIL = 48 * 1024
"""Bytes that are drawn then: some screens full."""

_GROUND = b"\x18\x1b\\"
"""Ends whatever sequence the terminal was in."""

Step = bytes | tuple[int, int]


def skimmed(snapshot: bytes, steps: list[Step]) -> Frame:
    """Return what a terminal shows that was as its snapshot says, after output and new sizes."""
    terminal = Terminal(1, 1)
    terminal.restore(snapshot)
    terminal.feed(_GROUND)
    for step in steps:
        if isinstance(step, bytes):
            terminal.feed(step)
        else:
            terminal.resize(*step)
    return terminal.frame()


def tail_of(cast: Path) -> list[Step]:
    """Return the last output and sizes in an asciicast; lines that cannot be read are left out."""
    steps = _steps_in(cast, TAIL)
    # One event may be longer than that.
    return steps if any(isinstance(each, bytes) for each in steps) else _steps_in(cast, 16 * TAIL)


def _steps_in(cast: Path, length: int) -> list[Step]:
    with cast.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - length))
        lines = file.read(length).split(b"\n")[1:-1]
    steps: list[Step] = []
    decoder = CastDecoder(0.0)
    for line in lines:
        try:
            event = decoder.decode(line)
            if event is not None and event.code == "r":
                steps.append(parse_size(event.data))
        except RecordingError:
            continue
        if event is not None and event.code == "o":
            steps.append(event.data.encode("utf-8", "surrogatepass"))
    return steps
