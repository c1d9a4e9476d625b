"""What signals are held against: everything that can be seen in a session, as frozen values.

Commands, greetings and file edits are the values of those who find them; the rest is here. No
pattern and no signal belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.commands.run import Greeting, Run
from analyzer.edits.record import FileEdit
from analyzer.records import Tag
from analyzer.signals.logins import Login
from recorder.recording.journal import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that a terminal showed.

    Attributes:
        t: When it was complete, in seconds since the session's start.
        place: Where it stands in the recording; stays the same for ever.
        connection: The terminal's connection.
        channel: The terminal's channel.
        text: Without control sequences and blanks at its end.
        command: Id of the command that ran then; None at a prompt, or where nobody knows.
        screen: It is a row of a full-screen program.

    """

    t: float
    place: str
    connection: int
    channel: int
    text: str
    command: str | None = None
    screen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The lines that were printed at one moment; each is a `Line` only where it matters.

    Attributes:
        t: When they were complete, in seconds since the session's start.
        place: Where that stands in the recording.
        lines: Of each the connection and channel, the command that ran then, and the text.

    """

    t: float
    place: str
    lines: Sequence[tuple[tuple[int, int], str | None, str]]

    def line(self, number: int) -> Line:
        """Return one of them."""
        (connection, channel), command, text = self.lines[number]
        return Line(
            t=self.t,
            place=f"{self.place}.{number:03d}",
            connection=connection,
            channel=channel,
            text=text,
            command=command,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """Lines that were pasted at once; ``text`` is their beginning."""

    t: float
    place: str
    connection: int
    channel: int
    lines: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """No key was pressed since ``start``; ``until`` is when one was again, once that is known."""

    t: float
    place: str
    start: float
    until: float | None
    length: float
    """How long it had to last, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginTried:
    """A login as far as it went.

    Attributes:
        t: When this became known, in seconds since the session's start.
        login: The connection that it came by.
        ended: Nothing more comes of it.
        alone: No other connection has a channel open.
        inferred: Only the client that printed it saw it.

    """

    t: float
    login: Login
    ended: bool
    alone: bool
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """A look at the target from outside."""

    t: float
    place: str
    entry: Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A signal was established; ``place`` is its tag's, without the signal's name."""

    t: float
    place: str
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The recording ended; ``complete``: it was closed, not cut off."""

    t: float
    place: str
    complete: bool


Fact = Run | Greeting | FileEdit | Line | Pasted | Quiet | LoginTried | Probed | Noticed | Ended
