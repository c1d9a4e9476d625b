"""Where a transcript lies in its session's time, as somebody says it on the command line.

Three ways, as people know one of them: the session's moment at the file's zero, the wall clock's
time of that zero, or the session's moment of something that was said. Storing it, and reading
files, is `recorder.transcripts`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from recorder.errors import UsageError
from recorder.transcripts.values import Line
from tui.cli.times import TIME_WORDS, parse_time
from tui.cli.verbs import Decorator, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What was given; at most one of ``offset``, ``began`` and ``at``, ``line`` only with the last.

    ``line`` counts from 1.
    """

    offset: str | None
    began: str | None
    at: str | None
    line: int | None

    @property
    def is_given(self) -> bool:
        """Whether anything was said."""
        return any(each is not None for each in (self.offset, self.began, self.at))


def placing_options() -> Decorator:
    """Return the decorator that adds the options that say where a transcript lies."""
    return together(
        click.option(
            "--offset",
            metavar="[-]TIME",
            help=f"The session's moment at the file's 0:00: {TIME_WORDS}; - is before its start.",
        ),
        click.option(
            "--began",
            metavar="WHEN",
            help="Date and time of the file's 0:00, such as 2026-11-22T09:58:00Z; without a zone,"
            " this machine's.",
        ),
        click.option(
            "--at", metavar="TIME", help="The session's moment of the first line that has a time."
        ),
        click.option(
            "--line", metavar="L", type=click.IntRange(min=1), help="With --at: of line L instead."
        ),
    )


def offset_of(placing: Placing, lines: Sequence[Line], started: datetime) -> float:
    """Return the session's moment, in seconds, at a file's zero.

    Args:
        placing: What was given; nothing is the session's start.
        lines: The file's, on its own clock.
        started: When the session started.

    Raises:
        UsageError: Two ways were given at once, or what was given is no time, or no line's.

    """
    ways = [each for each in (placing.offset, placing.began, placing.at) if each is not None]
    if len(ways) > 1:
        raise UsageError("the place in time is said twice", "give --offset, --began or --at")
    if placing.line is not None and placing.at is None:
        raise UsageError("--line without --at", "say when it was spoken: --line 12 --at 14:05")
    if placing.offset is not None:
        return _signed(placing.offset)
    if placing.began is not None:
        return (_wall_clock(placing.began) - started).total_seconds()
    if placing.at is not None:
        return _signed(placing.at) - _spoken_at(lines, placing.line)
    return 0.0


def _signed(words: str) -> float:
    words = words.strip()
    if words.startswith("-"):
        return -parse_time(words[1:])
    return parse_time(words.removeprefix("+"))


def _wall_clock(words: str) -> datetime:
    try:
        # What has no zone is this machine's time; years out of reach cannot be told in any.
        return datetime.fromisoformat(words.strip()).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"not a date and time: {words!r}", "write it as 2026-11-22T09:58:00Z"
        ) from error


def _spoken_at(lines: Sequence[Line], number: int | None) -> float:
    """Return when a line was spoken on its file's clock; without a number, the first with a time.

    Raises:
        UsageError: There is no such line, or it has no time.

    """
    if number is None:
        found = next((each.t for each in lines if each.t is not None), None)
        if found is None:
            raise UsageError("the transcript has no times", "attach it without --at")
        return found
    if number > len(lines):
        raise UsageError(f"the transcript has no line {number}", f"it has {len(lines)}")
    t = lines[number - 1].t
    if t is None:
        raise UsageError(f"line {number} has no time", "name one that has")
    return t
