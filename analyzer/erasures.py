"""Where in a terminal's output a whole screen may vanish, so that it can be read just before.

A program that leaves the alternate screen, or erases everything, takes along what was seen without
a line scrolling off. Output is cut there; whether anything does vanish, the emulator tells. A false
alarm costs a look at the screen, nothing else. Sequences are found however they are written, with
control characters inside them (ECMA-48 leaves those to act at once) or cut by a packet's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SUSPECTS = re.compile(
    rb"(?:\x1b[\x00-\x17\x19\x1c-\x1f]*\[|\xc2\x9b)([\x00-\x17\x19\x1c-\x3f]*)([hlJ])"
    rb"|\x1b[\x00-\x17\x19\x1c-\x1f]*c"
)
"""CSI h, l and J with whatever they carry, and RIS; CAN, SUB and ESC would end a sequence."""

_CONTROLS = re.compile(rb"[\x00-\x1f]")
_SCREEN = re.compile(rb"(?:^\?|;)0*(?:47|1047|1049)(?:;|$)|[:]")


def cut_at_erasures(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield output in pieces, each with whether it is one sequence that may erase a screen.

    Joined, the pieces are the same output. It begins where no sequence is open.
    """
    start = 0
    for match in _SUSPECTS.finditer(data):
        if not _may_erase(match):
            continue
        if match.start() > start:
            yield data[start : match.start()], False
        yield match[0], True
        start = match.end()
    if start < len(data):
        yield data[start:], False


def _may_erase(match: re.Match[bytes]) -> bool:
    final = match[2]
    if final is None or final == b"J":
        return True
    return _SCREEN.search(_CONTROLS.sub(b"", match[1])) is not None
