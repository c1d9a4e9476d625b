"""Terminals as a page plays them: asciicasts of what was shown alone, packed into text.

gzip, which browsers unpack themselves, and base64. What was typed is left out: the player shows
none of it, and what does not go into a file cannot be read out of it.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.casts import copy_cast
from analyzer.recorded import Advance, RecordedTerminal, read_recorded
from recorder.errors import RecordingError
from recorder.recording.cast import CastEncoder, CastEvent, encode_header

MOST_BYTES = 128 << 20
"""Of a recording's terminals in one page: browsers keep all of it in memory."""

_SHOWN = frozenset("or")
_LEVEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedCast:
    """One terminal, opened so many seconds after the session's start; its cast begins with that."""

    name: str
    opened: float
    columns: int
    lines: int
    packed: str


def packed_casts(
    directory: Path, duration: float, advance: Advance, say: Callable[[str], None]
) -> Iterator[PackedCast]:
    """Yield a recording's terminals, in the order in which they were opened.

    One whose file cannot be read, or for which there is no room, is left out.

    Args:
        directory: The recording.
        duration: Of the session, in seconds. Each cast lasts as long: the player would go to a
            cast's last event for any later time, and play it from its beginning.
        advance: Told how many bytes were read.
        say: Told what is left out, and why.

    Raises:
        SessionNotFoundError: There is no recording in the directory.

    """
    room = MOST_BYTES
    for terminal in read_recorded(directory).terminals:
        if terminal.size > room:
            say(f"terminal {terminal.name} is too large to be played in a page: left out")
            continue
        room -= terminal.size
        try:
            yield _packed(terminal, duration, advance)
        except RecordingError as error:
            say(f"terminal {terminal.name} is left out: {error.cause}")


def cast_bytes(directory: Path) -> int:
    """Return how many bytes `packed_casts` reads."""
    return sum(each.size for each in read_recorded(directory).terminals)


def _packed(terminal: RecordedTerminal, duration: float, advance: Advance) -> PackedCast:
    copied = copy_cast(terminal.lines(advance))
    # Names of people may stand in it, and the page has its own.
    header = replace(copied.header, title=None)
    encoder = CastEncoder()
    lines = [encode_header(header)]
    # On the session's clock, so that the player's own tells the same as the page.
    shown = (each for each in copied.events if each.code in _SHOWN)
    lines += [encoder.encode(replace(each, t=each.t + terminal.opened.t)) for each in shown]
    lines.append(encoder.encode(CastEvent(t=duration, code="o", data="")))
    packed = gzip.compress(b"".join(lines), _LEVEL, mtime=0)
    return PackedCast(
        name=terminal.name,
        opened=terminal.opened.t,
        columns=header.columns,
        lines=header.lines,
        packed=base64.b64encode(packed).decode("ascii"),
    )
