"""A transcript as values: what was spoken, by whom, when; and how a line of it is quoted.

Two clocks meet here and are kept apart: a file's own, and the session's, which a transcript's
offset leads to. The database, which takes long to import, and the formats are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

Format = Literal["plain", "webvtt", "srt"]
"""``Speaker: text`` with or without times; WebVTT; SubRip."""

FORMATS: tuple[Format, ...] = ("plain", "webvtt", "srt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What somebody said without a break.

    Attributes:
        t: When it began, in seconds; None where the file does not say.
        until: When it ended, in seconds; None where the file does not say.
        speaker: Who said it, None where the file does not say.
        text: The words, on one line.

    """

    t: float | None
    until: float | None
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file that was read: its lines in its order, times on its own clock.

    ``warnings`` are sentences about what looks wrong in it and was kept all the same.
    """

    format: Format
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One that was attached to a session, as ``number`` of that session's, from 1.

    ``offset`` is the session's ``t``, in seconds, at the time zero of the file; ``who`` attached
    it, and ``said`` (UTC) when. One that was ``withdrawn`` has neither name nor lines any more.
    """

    number: int
    name: str
    format: Format
    offset: float
    who: str
    said: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine(Line):
    """A line of a session's transcripts; ``t`` and ``until`` in seconds since the session's start.

    They are negative where it was said before the session began. ``transcript`` is the number of
    its transcript and ``number`` its own in there, from 1; both stay whatever is shifted.
    """

    transcript: int
    number: int

    @property
    def id(self) -> str:
        """How it is named from elsewhere: ``1:12`` is line 12 of transcript 1."""
        return f"{self.transcript}:{self.number}"


class Quote(TypedDict):
    """A line as evidence, in the fields of `recorder.cards.card.Evidence`.

    ``t`` and ``until`` are seconds since the session's start.
    """

    kind: Literal["quote"]
    t: float
    until: float | None
    subject: str
    text: str


def quote_of(line: SpokenLine, moment: float) -> Quote:
    """Return a line as a piece of evidence.

    What was said before the session began points at its beginning: there is no moment before.

    Args:
        line: The line.
        moment: Where whoever quotes it stands, in seconds; it is pointed at where the line has no
            time of its own.

    """
    words = line.text if line.speaker is None else f"{line.speaker}: {line.text}"
    t = max(moment if line.t is None else line.t, 0.0)
    until = None if line.t is None or line.until is None else max(line.until, t)
    return Quote(kind="quote", t=t, until=until, subject=line.id, text=words)


def in_order(lines: Iterable[SpokenLine]) -> tuple[SpokenLine, ...]:
    """Return lines by time; one without a time stays behind the one that its file has before it.

    So what has no times at all comes first, in its file's order.
    """
    placed: list[tuple[float, SpokenLine]] = []
    before, transcript = float("-inf"), 0
    for line in sorted(lines, key=lambda each: (each.transcript, each.number)):
        if line.transcript != transcript:
            before, transcript = float("-inf"), line.transcript
        before = before if line.t is None else line.t
        placed.append((before, line))
    placed.sort(key=lambda pair: (pair[0], pair[1].transcript, pair[1].number))
    return tuple(line for _, line in placed)
