"""What is too much for a transcript, and what in one looks wrong though it can be kept.

A day of talk fits many times. Which bytes make a line is said by the formats.
"""

from __future__ import annotations

from collections.abc import Sequence

from recorder.errors import TranscriptError
from recorder.transcripts.values import Line

MOST_BYTES = 8 << 20
"""Bytes of a file."""

MOST_LINES = 10_000
"""Lines of one transcript: an hour's has about 1,000."""

MOST_TEXT = 20_000
"""Characters of one line: a quarter of an hour without a break."""

MOST_SPEAKER = 120
"""Characters of a speaker's name."""

MOST_SECONDS = 7 * 24 * 3600.0
"""Seconds of the latest time: a clock that runs longer is none of a talk's."""

_LONG = 600.0
"""Seconds of a line that are worth a word: most likely its end is wrong."""

_NAMED = 3
"""Places that one warning names."""

Placed = tuple[int, Line]
"""A line, and the row of the file, from 1, on which it begins."""


def checked(placed: Sequence[Placed]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return a file's lines as they are kept, and sentences about what looks wrong in them.

    Raises:
        TranscriptError: There are none, too many, or one is too long or too late.

    """
    if not placed:
        raise TranscriptError("the transcript says nothing", "is it the right file?")
    check_count(len(placed))
    for row, line in placed:
        _check(row, line)
    backwards = [row for row, line in placed if _ends_early(line)]
    long = [row for row, line in placed if _length(line) > _LONG]
    warnings = [
        _warning(backwards, "ends before it begins: its end was left out"),
        _warning(long, f"lasts more than {_LONG / 60:.0f} minutes"),
        _warning(_early(placed), "begins before the one above it"),
    ]
    return tuple(_mended(line) for _, line in placed), tuple(each for each in warnings if each)


def check_count(lines: int) -> None:
    """Refuse more lines than are kept; a format may ask before it has read them all.

    Raises:
        TranscriptError: There are more.

    """
    if lines > MOST_LINES:
        raise TranscriptError(
            f"the transcript has more than {MOST_LINES} lines", "split it, and attach each part"
        )


def _check(row: int, line: Line) -> None:
    if len(line.text) > MOST_TEXT:
        raise TranscriptError(
            f"line {row}: {len(line.text)} characters without a break",
            f"{MOST_TEXT} are kept of one; break it up",
        )
    if line.speaker is not None and len(line.speaker) > MOST_SPEAKER:
        raise TranscriptError(
            f"line {row}: the speaker's name has {len(line.speaker)} characters",
            f"{MOST_SPEAKER} are kept",
        )
    latest = max(line.t or 0.0, line.until or 0.0)
    if latest > MOST_SECONDS:
        raise TranscriptError(
            f"line {row}: {latest / 3600:.0f} hours after the beginning",
            "a transcript's times are those of one talk",
        )


def _ends_early(line: Line) -> bool:
    return line.t is not None and line.until is not None and line.until < line.t


def _length(line: Line) -> float:
    return 0.0 if line.t is None or line.until is None else line.until - line.t


def _early(placed: Sequence[Placed]) -> list[int]:
    found, before = [], 0.0
    for row, line in placed:
        if line.t is not None:
            if line.t < before:
                found.append(row)
            before = line.t
    return found


def _mended(line: Line) -> Line:
    if not _ends_early(line):
        return line
    return Line(t=line.t, until=None, speaker=line.speaker, text=line.text)


def _warning(rows: Sequence[int], words: str) -> str:
    if not rows:
        return ""
    named = ", ".join(str(each) for each in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return f"line {named}{more} {words}" if len(rows) == 1 else f"lines {named}{more}: each {words}"
