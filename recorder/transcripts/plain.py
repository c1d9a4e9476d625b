"""Lines out of plain text: ``Anna: hello``, ``[00:12:34] Anna: hello``, ``Anna (12:34): hello``.

A row without a name goes on with the line above it, unless an empty row stands between. Times that
a file does not give are not made up. Bytes and bounds do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from recorder.errors import TranscriptError
from recorder.transcripts.limits import Placed, check_count
from recorder.transcripts.speakers import NAMED, one_line
from recorder.transcripts.values import Line

_CLOCK = r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?"
_BRACKETED = re.compile(rf"[\[(] ?({_CLOCK}) ?[\])] ?[-\u2013]? ?")
_BARE = re.compile(rf"({_CLOCK})(?: [-\u2013]? ?(?=[^\W\d_][^:]{{0,59}}:(?: |$))|$)")
_BEHIND_NAME = re.compile(rf"(?P<name>[^\W\d_][^:\n<>]{{0,59}}?) ?[\[(] ?({_CLOCK}) ?[\])] ?:?")


@dataclass(slots=True)
class _Said:
    """A line that may go on."""

    row: int
    t: float | None
    speaker: str | None
    words: list[str] = field(default_factory=list)


def read_plain(rows: Sequence[str]) -> list[Placed]:
    """Return what a text says, each line with the row on which it begins.

    Raises:
        TranscriptError: A time in it is none, and the words name the row; or there are too many
            lines.

    """
    found: list[_Said] = []
    goes_on = False
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            # Below a name or a time alone, its words may stand after an empty row.
            goes_on = bool(found) and not found[-1].words
            continue
        said = _begun(row, number)
        if goes_on and found and said.t is None and said.speaker is None:
            found[-1].words += said.words
        elif goes_on and found and not found[-1].words and _is_time_alone(found[-1], said):
            found[-1].speaker, found[-1].words = said.speaker, said.words
        else:
            if found and not found[-1].words:
                # A name or a time alone, of which nothing came.
                found.pop()
            found.append(said)
            # Before a file of millions of rows takes its time.
            check_count(len(found))
        goes_on = True
    return [(each.row, _line(each)) for each in found if each.words]


def _is_time_alone(before: _Said, said: _Said) -> bool:
    """Whether the row above gave only the time of this one."""
    return before.t is not None and before.speaker is None and said.t is None


def _begun(row: str, number: int) -> _Said:
    # With single blanks, so that no row makes the expressions try more than its length.
    t, rest = None, one_line(row)
    match = _BRACKETED.match(rest) or _BARE.match(rest)
    if match is not None:
        t, rest = _seconds(match[1], number), rest[match.end() :]
    behind = _BEHIND_NAME.match(rest) if t is None else None
    if behind is not None:
        t = _seconds(behind[2], number)
        return _Said(number, t, behind["name"], _words(rest[behind.end() :]))
    named = NAMED.match(rest)
    if named is None:
        return _Said(number, t, None, _words(rest))
    return _Said(number, t, named["name"], _words(named["words"]))


def _words(text: str) -> list[str]:
    text = text.strip()
    return [text] if text else []


def _line(said: _Said) -> Line:
    return Line(t=said.t, until=None, speaker=said.speaker, text=" ".join(said.words))


def _seconds(clock: str, number: int) -> float:
    """Return a time in seconds.

    Raises:
        TranscriptError: It has 60 seconds or more, or, below hours, 60 minutes or more.

    """
    *before, last = clock.replace(",", ".").split(":")
    minutes = int(before[-1])
    hours = int(before[0]) if len(before) > 1 else 0
    if float(last) >= 60 or (len(before) > 1 and minutes >= 60):  # noqa: PLR2004 - a clock's
        raise TranscriptError(f"line {number}: {clock} is no time", "write it as 12:34 or 1:02:03")
    return hours * 3600.0 + minutes * 60.0 + float(last)
