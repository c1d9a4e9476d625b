"""What a reader of a recording delivers: one frozen value an event, in the session's own time.

Only values, with the place in the recording that each comes from; how they are read is
`recorder.recording.reader`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.recording.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event stands: file name and byte offset of its line. Stays the same for ever."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has; ``t`` is seconds since the session's start."""

    t: float
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Event):
    """A line of the journal."""

    entry: JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal(Event):
    """What every event of a terminal channel has."""

    connection: int
    channel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Terminal):
    """Bytes that the target sent to the terminal, exactly."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Terminal):
    """What the candidate sent; ``masked`` counts the characters that were hidden in it."""

    data: bytes
    masked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized(Terminal):
    """The terminal changed its size, in cells."""

    columns: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exited(Terminal):
    """The shell or program on the channel ended; status as a string, as asciicast has it."""

    status: str


AnyEvent = Logged | Output | Input | Resized | Exited


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read, and where."""

    place: Place
    words: str
